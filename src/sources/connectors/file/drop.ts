/**
 * A drop folder: the files in which a partner delivers its book. The hub mirrors it: it reads every row into its store
 * when the drop's fingerprint changes, and asks the store.
 */
import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import type { BookMapping, FileSourceFile, FileTable } from '../../../config/sourceFile.js';
import { compareText } from '../../../values/text.js';
import type { RawRecord } from '../../raw.js';
import { SourceError } from '../../source.js';
import { keepsRowFilters } from '../rowFilter.js';
import { dayInName, endOfDay, type FoundFile, findFile } from './dropFiles.js';
import { type FileJoin, type Joiner, joinerOf } from './join.js';
import { readHeader, readTable } from './table.js';
import { codeOf } from './tableFile.js';

/** A partner's drop folder. Every method looks at the folder anew and throws a SourceError when it lacks a file. */
export interface Drop {
  readonly sourceId: string;
  /** Names of the entities whose books it holds. */
  readonly entities: ReadonlySet<string>;
  /** A text that is the same as long as the files that the books name are: their names and contents. */
  fingerprint(): Promise<string>;
  /**
   * As of when the drop speaks, in UTC: the end of the latest day that its file names state, else the latest time of change
   * of its files. With an entity, only that entity's own file counts.
   */
  asOf(entityName?: string): Promise<string>;
  /** The columns of an entity's book, those of joined files named `alias.column`. */
  columns(entityName: string): Promise<string[]>;
  /**
   * The rows of an entity's book: titles, skipped rows and rows that fail the mapping's `where` left out, joined cells
   * named `alias.column`. A row that cannot be read as a whole carries its problem.
   *
   * @param mapping in place of the source file's own
   */
  read(entityName: string, mapping?: BookMapping): AsyncIterable<RawRecord>;
}

/** Opens the drop folder of a source. Reads nothing yet. */
export function openDrop(sourceId: string, folder: string, file: FileSourceFile): Drop {
  const find = (table: FileTable): Promise<FoundFile> => findFile(sourceId, folder, table.file);
  return {
    sourceId,
    entities: new Set(Object.keys(file.books)),
    fingerprint: async () => fingerprintOf(sourceId, await filesOf(file, find), file.asOfFileName === undefined),
    asOf: async (entityName) => {
      const books = entityName === undefined ? Object.values(file.books) : [bookOf(sourceId, file, entityName)];
      const found = await Promise.all(books.map((book) => find(mainTable(sourceId, book))));
      return file.asOfFileName === undefined ? latestChange(sourceId, found) : latestDay(sourceId, found, file.asOfFileName, file.timeZone);
    },
    columns: async (entityName) => {
      const book = bookOf(sourceId, file, entityName);
      const main = mainTable(sourceId, book);
      const columns = [...(await readHeader((await find(main)).path, main, sourceId))];
      for (const { from, as } of joinsOf(book)) {
        for (const name of await readHeader((await find(from)).path, from, sourceId)) columns.push(`${as}.${name}`);
      }
      return columns;
    },
    read: (entityName, mapping) => readBook(sourceId, entityName, mapping ?? bookOf(sourceId, file, entityName), find),
  };
}

type Find = (table: FileTable) => Promise<FoundFile>;

async function* readBook(source: string, entityName: string, book: BookMapping, find: Find): AsyncGenerator<RawRecord> {
  const main = mainTable(source, book);
  const joiners: Joiner[] = [];
  for (const join of joinsOf(book)) {
    const { path } = await find(join.from);
    joiners.push(await joinerOf(source, join, readTable(path, join.from, source), columnsOf(book, join.as)));
  }
  const { path, name } = await find(main);
  let checked = false;
  for await (const record of readTable(path, main, source)) {
    const joined = joiners.reduce((row, joiner) => joiner(row), record);
    if (!checked) checkColumns(source, entityName, book, name, joined);
    checked = true;
    // A row whose cells may stand in the wrong columns is set aside, not filtered away by one of them.
    if (joined.problem !== undefined || keepsRowFilters(joined.cells, book.where)) yield joined;
  }
}

/** The columns of a joined file that the mapping names, without the alias. */
function columnsOf(book: BookMapping, alias: string): string[] {
  const prefix = `${alias}.`;
  return namedColumns(book).flatMap((column) => (column.startsWith(prefix) ? [column.slice(prefix.length)] : []));
}

/** Every column that the mapping reads, filters or joins by. */
function namedColumns(book: BookMapping): string[] {
  const mapped = Object.values(book.columns).flatMap((entry) => entry.columns ?? entry.column ?? []);
  const filtered = (book.where ?? []).map((filter) => filter.column);
  const joinedBy = joinsOf(book).flatMap((join) => Object.values(join.on));
  return [...new Set([...mapped, ...filtered, ...joinedBy])];
}

/** A file whose columns were renamed is told at once, not by setting aside each of its rows. */
function checkColumns(source: string, entityName: string, book: BookMapping, name: string, record: RawRecord): void {
  const missing = namedColumns(book).filter((column) => !(column in record.cells));
  if (missing.length === 0) return;
  const present = Object.keys(record.cells).join(', ');
  throw new SourceError(
    source,
    'MISCONFIGURED',
    `${name}: the mapping of ${entityName} names columns that the file lacks: ${missing.join(', ')}. It has: ${present}.`,
  );
}

function bookOf(source: string, file: FileSourceFile, entityName: string): BookMapping {
  const book = file.books[entityName];
  if (!book) throw new SourceError(source, 'MISCONFIGURED', `expected one of the books ${Object.keys(file.books).join(', ')}, but got: ${entityName}.`);
  return book;
}

function mainTable(source: string, book: BookMapping): FileTable {
  if (!('file' in book.from)) throw new SourceError(source, 'MISCONFIGURED', 'expected a book from a file, but got: a table or a resource.');
  return book.from;
}

function joinsOf(book: BookMapping): FileJoin[] {
  return (book.joins ?? []).filter((join): join is FileJoin => 'file' in join.from);
}

async function filesOf(file: FileSourceFile, find: Find): Promise<FoundFile[]> {
  const tables = Object.values(file.books).flatMap((book) => [book.from, ...joinsOf(book).map((join) => join.from)]);
  const found = await Promise.all(tables.filter((table): table is FileTable => 'file' in table).map(find));
  const byName = new Map(found.map((entry) => [entry.name, entry]));
  return [...byName.values()].sort((a, b) => compareText(a.name, b.name));
}

async function fingerprintOf(source: string, files: readonly FoundFile[], withTimes: boolean): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) {
    // Where the time of change is what the drop is as of, it is part of what the drop says.
    const time = withTimes ? (await aboutFile(source, file, () => stat(file.path))).mtimeMs : 0;
    hash.update(`${JSON.stringify([file.name, time])}${await aboutFile(source, file, () => contentHash(file.path))}`);
  }
  return hash.digest('hex');
}

async function contentHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  const handle = await open(path, 'r');
  try {
    for await (const chunk of handle.createReadStream({ autoClose: false })) hash.update(chunk as Buffer);
  } finally {
    await handle.close();
  }
  return hash.digest('hex');
}

async function latestChange(source: string, files: readonly FoundFile[]): Promise<string> {
  const times = await Promise.all(files.map(async (file) => (await aboutFile(source, file, () => stat(file.path))).mtimeMs));
  return new Date(Math.max(...times)).toISOString();
}

function latestDay(source: string, files: readonly FoundFile[], expression: string, timeZone: string): string {
  const days = files.flatMap((file) => dayInName(source, file.name, expression) ?? []);
  const latest = days.sort().at(-1);
  if (latest === undefined) {
    const names = files.map((file) => file.name).join(', ');
    throw new SourceError(source, 'MISCONFIGURED', `asOfFileName: expected a file name that states a day as ${expression}, but got: ${names}.`);
  }
  return endOfDay(latest, timeZone);
}

async function aboutFile<T>(source: string, file: FoundFile, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw new SourceError(source, 'UNREACHABLE', `${file.name} cannot be read (${codeOf(error)}).`, { cause: error });
  }
}
