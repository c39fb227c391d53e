/** Where a mirrored source's rows come from: the contract between a sync and what it copies. */
import type { EntityDefinition } from '../../entities/definition.js';
import type { Mapper } from '../mapping.js';
import type { RawRecord } from '../raw.js';
import type { Drift } from '../source.js';

/** A file that a book consists of, when it is delivered in changes. */
export interface AppliedFile {
  readonly file: string;
  /** Of its content. */
  readonly fingerprint: string;
  /** Of what its rows were to become: the mapping, and what was joined to them. */
  readonly form: string;
  /** The whole book, not changes to it. */
  readonly whole: boolean;
}

/** The files that each book, by the name of its entity, consists of so far, in their order. */
export type AppliedFiles = ReadonlyMap<string, readonly AppliedFile[]>;

/** One reading of one book: a file, a table, a resource. */
export interface Part {
  /** The file's name; undefined for what is no file. */
  readonly file?: string;
  records(signal: AbortSignal): AsyncIterable<RawRecord>;
  /** Whether a row closes the row of its key instead of stating it. */
  closes(record: RawRecord): boolean;
}

/** What is to be read of one book. */
export interface BookDelivery {
  readonly definition: EntityDefinition;
  /** The parts are the book: what they do not hold is closed. Else they are changes to it. */
  readonly whole: boolean;
  /** In the order in which they apply: of rows with one key the last part's counts. */
  readonly parts: readonly Part[];
  /** The files that the book consists of afterwards; none for a book that is always whole. */
  readonly files: readonly AppliedFile[];
}

/** What there is to read. */
export interface Delivery {
  /** As of when the rows speak. */
  readonly asOf: string;
  readonly books: readonly BookDelivery[];
}

/** A place that rows are copied from. */
export interface MirrorFeed {
  readonly definitions: readonly EntityDefinition[];
  /** A text that changes when the rows, or what they are to become, may have changed; of a feed that `isPolled`, only the latter. */
  fingerprint(): Promise<string>;
  /** Only a reading tells whether rows have changed. */
  readonly isPolled: boolean;
  /**
   * Looks at the columns of every book: those that are not as their mapping expects, by entity. Asked before `deliver` and
   * `mapper`, which then leave out what rests on missing columns.
   */
  drifts?(fingerprint: string, signal: AbortSignal): Promise<ReadonlyMap<string, Drift>>;
  /** What is to be read, given what was read before. */
  deliver(applied: AppliedFiles): Promise<Delivery>;
  mapper(definition: EntityDefinition): Mapper;
  /** Whether a required link to another book of this source must lead somewhere. */
  readonly checksLinks: boolean;
  /** One row may be given twice: the very same row is one. */
  readonly mayRepeat: boolean;
}

/** A part that states rows and closes none. */
export function statedBy(records: Part['records'], file?: string): Part {
  return { records, closes: () => false, ...(file !== undefined && { file }) };
}
