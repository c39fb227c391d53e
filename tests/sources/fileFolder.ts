import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { RawRecord } from '../../src/sources/raw.js';
import { SourceError } from '../../src/sources/source.js';

/** A folder of the test file's own, emptied after each test. */
export function testFolder(): { path(): string; write(name: string, content: string | Buffer): string } {
  let folder: string | undefined;
  afterEach(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    folder = undefined;
  });
  const path = (): string => (folder ??= mkdtempSync(join(tmpdir(), 'parkhub-drop-')));
  return {
    path,
    write(name, content) {
      const file = join(path(), name);
      writeFileSync(file, content);
      return file;
    },
  };
}

/** All that an iterable gives. */
export async function collect<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const result: T[] = [];
  for await (const row of rows) result.push(row);
  return result;
}

/** The cells of records, as ordinary objects. */
export function cells(records: readonly RawRecord[]): Record<string, unknown>[] {
  return records.map((record) => ({ ...record.cells }));
}

/** The SourceError that the work fails with; fails the test when it does not, or when the message tells of a folder. */
export async function refusal(work: Promise<unknown>): Promise<SourceError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof SourceError)) throw new Error(`expected a SourceError, but got: ${String(error)}`, { cause: error });
  if (error.message.includes(tmpdir())) throw new Error(`the message tells of a folder: ${error.message}`);
  return error;
}
