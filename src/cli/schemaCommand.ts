/** `parkhub schema`: the schema as the code emits it. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { CommandFailure } from './failure.js';
import { projectFolder } from './project.js';
import type { Terminal } from './terminal.js';

/** The options of `parkhub schema`. */
export interface SchemaOptions {
  readonly out?: string;
  readonly check?: boolean;
}

/**
 * Prints the schema, writes it to a file, or compares it with one.
 * @throws CommandFailure schemaDiffers, when the file is missing or differs under --check.
 */
export async function schemaCommand({ out, check }: SchemaOptions, terminal: Terminal): Promise<void> {
  const { emitSchema } = await import('../schema/emit.js');
  const emitted = await emitSchema();
  if (check) return compare(emitted, out ?? path.join(projectFolder(), 'schema.graphql'), terminal);
  if (out === undefined) return terminal.print(emitted.trimEnd());
  await fs.writeFile(out, emitted).catch((error: NodeJS.ErrnoException) => {
    throw new CommandFailure('wrongUse', `Expected --out to be a file that can be written, but got: ${out} (${error.code}).`, { cause: error });
  });
  terminal.note(`Wrote ${out}.`);
}

async function compare(emitted: string, file: string, terminal: Terminal): Promise<void> {
  const name = path.relative(process.cwd(), file);
  const committed = await fs.readFile(file, 'utf8').catch(() => undefined);
  if (committed === emitted) return terminal.note(`${name} is what the code emits.`);
  const where = committed === undefined ? 'it cannot be read' : describeDifference(committed, emitted);
  throw new CommandFailure(
    'schemaDiffers',
    `Expected ${name} to be what the code emits, but got: ${where}. Write it anew: npm run parkhub -- schema --out ${name}`,
  );
}

/** The first line in which two texts differ: "line 12 is `a: Int`, where the code emits `a: Int!`". */
export function describeDifference(committed: string, emitted: string): string {
  const [ours, theirs] = [emitted.split('\n'), committed.split('\n')];
  const index = ours.findIndex((line, at) => line !== theirs[at]);
  const at = index === -1 ? ours.length : index;
  const quote = (line: string | undefined): string => (line === undefined ? 'the end of the file' : `\`${line.trim()}\``);
  return `line ${at + 1} is ${quote(theirs[at])}, where the code emits ${quote(ours[at])}`;
}
