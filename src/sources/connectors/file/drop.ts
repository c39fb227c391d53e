/**
 * A drop folder: the files in which a partner delivers its book. The hub mirrors it: it reads every row into its store
 * when the drop's fingerprint changes, and asks the store.
 */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { BookMapping, FileSourceFile, FileTable } from '../../../config/sourceFile.js';
import { compareText } from '../../../values/text.js';
import type { RawRecord } from '../../raw.js';
import { SourceError } from '../../source.js';
import { keepsRowFilters } from '../rowFilter.js';
import { ContentHashes } from './contentHash.js';
import { type ChainFile, chainOf, dayOf } from './dropChain.js';
import { dayInName, endOfDay, type FoundFile, findFile, fits, foundFile } from './dropFiles.js';
import { type FileJoin, type Joiner, joinerOf } from './join.js';
import { readHeader, readTable, type TableHeader } from './table.js';
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
  /** The day that the name of a file states, as `asOfFileName` says. */
  dayOf(fileName: string): string;
  /** The end of a day, as an instant in UTC. */
  endOf(day: string): string;
  /** The files that an entity's book consists of, in the order in which they apply; more than one only where it has files of changes. */
  files(entityName: string): Promise<DropFile[]>;
  /** The columns that every file of an entity's book has, those of joined files named `alias.column`; undefined where no file says. */
  columns(entityName: string): Promise<TableHeader | undefined>;
  /**
   * The rows of an entity's book, or of the named one of its files: titles, skipped rows and rows that fail the mapping's
   * `where` left out, joined cells named `alias.column`. A row that cannot be read as a whole carries its problem.
   */
  read(entityName: string, reading?: DropReading): AsyncIterable<RawRecord>;
}

/** What of a book is read, and as what. */
export interface DropReading {
  /** One file of several; the book's only one unless told. */
  readonly file?: string | undefined;
  /** In place of the source file's own mapping. */
  readonly mapping?: BookMapping | undefined;
}

/** A file of a book. */
export interface DropFile extends ChainFile {
  /** Changes with its content. */
  readonly fingerprint: string;
  /** Changes with the content of the files that are joined to it. */
  readonly joined: string;
}

/** Opens the drop folder of a source. Reads nothing yet. */
export function openDrop(sourceId: string, folder: string, file: FileSourceFile): Drop {
  const find = (table: FileTable): Promise<FoundFile> => findFile(sourceId, folder, table.file);
  const hashes = new ContentHashes();
  const hashOf = (found: FoundFile): Promise<string> => aboutFile(sourceId, found, () => hashes.of(found.path));
  const chain = (book: BookMapping): Promise<ChainFile[]> =>
    chainOf({ sourceId, folder, asOfFileName: file.asOfFileName }, mainTable(sourceId, book), book.changes);
  const joined = (book: BookMapping): Promise<FoundFile[]> => Promise.all(joinsOf(book).map((join) => find(join.from)));
  const latestOf = (names: readonly string[], expression: string): string => latestDay(sourceId, names, expression, file.timeZone);
  return {
    sourceId,
    entities: new Set(Object.keys(file.books)),
    fingerprint: async () => {
      const files = await Promise.all(Object.values(file.books).map(async (book) => [...(await chain(book)), ...(await joined(book))]));
      return fingerprintOf(sourceId, files.flat(), file.asOfFileName === undefined, hashOf);
    },
    asOf: async (entityName) => {
      const books = entityName === undefined ? Object.values(file.books) : [bookOf(sourceId, file, entityName)];
      const found = (await Promise.all(books.map(chain))).flat();
      const names = found.map(({ name }) => name);
      return file.asOfFileName === undefined ? latestChange(sourceId, found) : latestOf(names, file.asOfFileName);
    },
    dayOf: (fileName) => dayOf({ sourceId, folder, asOfFileName: file.asOfFileName }, fileName),
    endOf: (day) => endOfDay(day, file.timeZone),
    files: async (entityName) => {
      const book = bookOf(sourceId, file, entityName);
      const beside = await fingerprintOf(sourceId, await joined(book), false, hashOf);
      return Promise.all((await chain(book)).map(async (link) => ({ ...link, fingerprint: await hashOf(link), joined: beside })));
    },
    columns: async (entityName) => {
      const book = bookOf(sourceId, file, entityName);
      const main = mainTable(sourceId, book);
      const headers = [];
      for (const { path } of await chain(book)) headers.push(await readHeader(path, main, sourceId));
      // JSON Lines without rows say nothing of their columns.
      const [first, ...others] = headers.filter(({ names, isComplete }) => isComplete || names.length > 0);
      if (!first) return undefined;
      const shared = first.names.filter((name) => others.every(({ names }) => names.includes(name)));
      let { isComplete } = first;
      for (const { from, as } of joinsOf(book)) {
        const joined = await readHeader((await find(from)).path, from, sourceId);
        isComplete &&= joined.isComplete;
        shared.push(...joined.names.map((name) => `${as}.${name}`));
      }
      return { names: shared, isComplete };
    },
    read: (entityName, { file: fileName, mapping } = {}) => {
      const book = mapping ?? bookOf(sourceId, file, entityName);
      return readBook(sourceId, entityName, book, find, fileName === undefined ? undefined : foundFile(sourceId, folder, fileName));
    },
  };
}

type Find = (table: FileTable) => Promise<FoundFile>;

async function* readBook(source: string, entityName: string, book: BookMapping, find: Find, file?: FoundFile): AsyncGenerator<RawRecord> {
  const main = mainTable(source, book);
  const joiners: Joiner[] = [];
  for (const join of joinsOf(book)) {
    const { path } = await find(join.from);
    const wanted = columnsOf(book, join.as);
    joiners.push(await joinerOf(source, join, readTable(path, join.from, source, [...wanted, ...Object.keys(join.on)]), wanted));
  }
  const { path, name } = file ?? (await find(main));
  const named = namedColumns(book, book.changes !== undefined && fits(name, book.changes.file));
  const wanted = named.filter((column) => !joinsOf(book).some((join) => column.startsWith(`${join.as}.`)));
  let checked = false;
  for await (const record of readTable(path, main, source, wanted)) {
    const joined = joiners.reduce((row, joiner) => joiner(row), record);
    if (!checked) checkColumns(source, entityName, named, name, joined);
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

/** Every column that the mapping reads, filters or joins by; of a file of changes also those that say which rows close one. */
function namedColumns(book: BookMapping, ofChanges = false): string[] {
  const mapped = Object.values(book.columns).flatMap((entry) => entry.columns ?? entry.column ?? []);
  const filtered = [...(book.where ?? []), ...((ofChanges ? book.changes?.closes : undefined) ?? [])].map((filter) => filter.column);
  const joinedBy = joinsOf(book).flatMap((join) => Object.values(join.on));
  return [...new Set([...mapped, ...filtered, ...joinedBy])];
}

/** A file whose columns were renamed is told at once, not by setting aside each of its rows. */
function checkColumns(source: string, entityName: string, named: readonly string[], name: string, record: RawRecord): void {
  const missing = named.filter((column) => !(column in record.cells));
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

async function fingerprintOf(source: string, files: readonly FoundFile[], withTimes: boolean, hashOf: (file: FoundFile) => Promise<string>): Promise<string> {
  const byName = new Map(files.map((file) => [file.name, file]));
  const hash = createHash('sha256');
  for (const file of [...byName.values()].sort((a, b) => compareText(a.name, b.name))) {
    // Where the time of change is what the drop is as of, it is part of what the drop says.
    const time = withTimes ? (await aboutFile(source, file, () => stat(file.path))).mtimeMs : 0;
    hash.update(`${JSON.stringify([file.name, time])}${await hashOf(file)}`);
  }
  return hash.digest('hex');
}

async function latestChange(source: string, files: readonly FoundFile[]): Promise<string> {
  const times = await Promise.all(files.map(async (file) => (await aboutFile(source, file, () => stat(file.path))).mtimeMs));
  return new Date(Math.max(...times)).toISOString();
}

function latestDay(source: string, names: readonly string[], expression: string, timeZone: string): string {
  const days = names.flatMap((name) => dayInName(source, name, expression) ?? []);
  const latest = days.sort().at(-1);
  if (latest === undefined) {
    const got = names.join(', ');
    throw new SourceError(source, 'MISCONFIGURED', `asOfFileName: expected a file name that states a day as ${expression}, but got: ${got}.`);
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
