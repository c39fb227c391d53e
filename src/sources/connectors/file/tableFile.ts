/** A file of a drop, before its rows mean anything: opened with care, and the rows that a reader gives of it. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { RawValue } from '../../raw.js';
import { SourceError } from '../../source.js';

/** Most bytes of a file, by its format. */
export const MOST_BYTES = { csv: 512 * 1024 * 1024, tsv: 512 * 1024 * 1024, jsonl: 512 * 1024 * 1024, xlsx: 64 * 1024 * 1024 };

/** One row of a file: title, header or data alike. */
export interface TableRow {
  /** From 1: counts rows as people do, blank ones included. */
  readonly row: number;
  /** "line 17", "sheet 投资明细 row 9". */
  readonly place: string;
  /** From 1; of a sheet its row. */
  readonly line: number;
  readonly sheet?: string;
  readonly cells: readonly RawValue[];
}

/** Which file is read, and for which source: named in errors. */
export interface TableFile {
  readonly path: string;
  /** The file's name, without its folder. */
  readonly name: string;
  readonly source: string;
}

/** Names a file for its readers. */
export function tableFile(path: string, source: string): TableFile {
  return { path, name: basename(path), source };
}

/** A SourceError about a file. */
export function malformed(file: TableFile, message: string, cause?: unknown): SourceError {
  return new SourceError(file.source, 'MALFORMED', `${file.name}: ${message}`, { cause });
}

/**
 * Opens an ordinary file of at most so many bytes, gives it to the reader, and refuses what was read when the file
 * changed meanwhile: half an old drop and half a new one is no book.
 */
export async function* readOpened<T>(file: TableFile, maximumBytes: number, read: (handle: FileHandle, size: number) => AsyncIterable<T>): AsyncGenerator<T> {
  let handle: FileHandle;
  try {
    handle = await openWithoutWaiting(file.path);
  } catch (error) {
    throw new SourceError(file.source, 'UNREACHABLE', `${file.name} cannot be opened (${codeOf(error)}). Is it there, and may the hub read it?`, {
      cause: error,
    });
  }
  try {
    const before = await handle.stat();
    if (!before.isFile()) throw malformed(file, 'expected an ordinary file, but got: a folder, a pipe or a device.');
    if (before.size > maximumBytes) {
      throw malformed(file, `expected at most ${mebibytes(maximumBytes)}, but got: ${mebibytes(before.size)}. Ask the partner to split it.`);
    }
    yield* read(handle, before.size);
    const after = await handle.stat();
    if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) {
      throw malformed(file, 'the file was changed while it was being read. Read it again when the drop is complete.');
    }
  } finally {
    await handle.close();
  }
}

/** Opens a file for reading. A named pipe that nobody writes to would else be waited for, by a thread that all files share. */
export function openWithoutWaiting(path: string): Promise<FileHandle> {
  // Windows has no such flag, and no such files.
  return open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
}

/** The code of a system error, never its message, which holds the path. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown error';
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024 / 1024)} MiB`;
}
