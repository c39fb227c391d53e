/** Keeps what a configuration file names inside the folder that it may name things in. */
import { realpathSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';

/** A name that leads out of its folder, or to nothing. The message holds no absolute path. */
export class ConfinementError extends Error {
  constructor(
    readonly expected: string,
    readonly got: string,
    options?: { cause?: unknown },
  ) {
    super(`expected ${expected}, but got: ${got}`, options);
    this.name = 'ConfinementError';
  }
}

/**
 * The real, absolute path of a file or folder that exists within the folder, links followed.
 *
 * @param name relative, with `/` between folders; not absolute, without `..`
 * @throws ConfinementError when the name leads out of the folder, by itself or through a link, or when nothing is there
 */
export function confine(folder: string, name: string): string {
  if (!isInnerName(name)) throw new ConfinementError('a name within the folder, without a leading / and without ..', JSON.stringify(name.slice(0, 80)));
  let home: string;
  let real: string;
  try {
    home = realpathSync(folder);
    real = realpathSync(join(home, name));
  } catch (error) {
    throw new ConfinementError(`a file that exists and can be read: ${name}`, 'none', { cause: error });
  }
  if (!isWithin(home, real)) throw new ConfinementError(`a file within the folder: ${name}`, 'a link that leads out of it');
  return real;
}

/** Whether a name stays within its folder as far as its text tells, on any system: relative, no `..`, no backslash, no drive. */
export function isInnerName(name: string): boolean {
  return name !== '' && !/[\0\\]/.test(name) && !isAbsolute(name) && !/^[A-Za-z]:/.test(name) && !name.split('/').includes('..');
}

function isWithin(home: string, path: string): boolean {
  const way = relative(home, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
