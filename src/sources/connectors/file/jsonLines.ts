/** The rows of a JSON Lines file: one object in each line. Streams: a file of any size costs the same memory. */
import type { FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import iconv from 'iconv-lite';
import type { FileTable } from '../../../config/sourceFile.js';
import type { RawRecord } from '../../raw.js';
import { isNestedWithin, recordOf } from '../json.js';
import { malformed, type TableFile } from './tableFile.js';

/** Most characters of a line: beyond them the file is refused, for it is probably no JSON Lines. */
const LONGEST_LINE = 1024 * 1024;
const MOST_LEVELS = 50;
const KEPT_OF_A_LINE = 200;
const UNDECODABLE = '\uFFFD';

/**
 * The rows of an opened file, blank lines left out; a line that is no object has a problem.
 *
 * @param wanted columns that are given, empty, where a line lacks them: such files leave out what is empty
 * @throws SourceError for a line without end
 */
export async function* jsonRows(file: TableFile, table: FileTable, handle: FileHandle, wanted: readonly string[]): AsyncGenerator<RawRecord> {
  let line = 0;
  for await (const text of linesOf(file, handle, table.encoding ?? 'utf-8')) {
    line += 1;
    if (text.trim() === '') continue;
    const place = `${file.name} line ${line}`;
    const at = { file: file.name, line };
    const parsed = parse(text);
    if ('problem' in parsed) yield { place, at, cells: { line: text.slice(0, KEPT_OF_A_LINE) }, problem: parsed.problem };
    else yield { ...recordOf(parsed.json, place, wanted), at };
  }
}

function parse(text: string): { json: unknown } | { problem: string } {
  if (text.includes(UNDECODABLE)) return { problem: 'expected text in the encoding that source.yml says, but got: bytes that mean nothing in it' };
  try {
    const json: unknown = JSON.parse(text);
    return isNestedWithin(json, MOST_LEVELS) ? { json } : { problem: `expected at most ${MOST_LEVELS} levels of nesting, but got: more` };
  } catch (error) {
    if (error instanceof SyntaxError) return { problem: 'expected one JSON object in the line, but got: text that is no JSON' };
    throw error;
  }
}

async function* linesOf(file: TableFile, handle: FileHandle, encoding: string): AsyncGenerator<string> {
  const decoded = iconv.decodeStream(encoding);
  // Errors reach the loop below through the decoder; the callback only keeps them from being thrown twice.
  pipeline(handle.createReadStream({ autoClose: false, start: 0 }), decoded, () => undefined);
  let rest = '';
  let count = 0;
  for await (const chunk of decoded as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      count += 1;
      yield line;
    }
    if (rest.length > LONGEST_LINE) throw malformed(file, `line ${count + 1}: expected at most ${LONGEST_LINE} characters in a line, but got: more.`);
  }
  if (rest !== '') yield rest;
}
