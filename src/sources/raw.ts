/** What a connector hands over, before the mapping. */
import type { Place, PlaceInFile } from './source.js';

/** A cell as a connector gives it. */
export type RawValue = string | number | bigint | boolean | Date | null | undefined;

/** A raw row: cells by column name (header, column, or JSON path), and where it stands. */
export interface RawRecord {
  readonly place: Place;
  /** The place in parts, where it is one in a file. */
  readonly at?: PlaceInFile | undefined;
  readonly cells: Readonly<Record<string, RawValue>>;
  /** Why the row cannot be read as a whole (ragged, undecodable, a cell too long): it is set aside with this reason. */
  readonly problem?: string | undefined;
}
