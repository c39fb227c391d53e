/** From a partner's raw row to ours. */
import type { Place } from './source.js';

/** A cell as a connector gives it. */
export type RawValue = string | number | bigint | boolean | Date | null | undefined;

/** A raw row: cells by column name (header, column, or JSON path), and where it stands. */
export interface RawRecord {
  readonly place: Place;
  readonly cells: Readonly<Record<string, RawValue>>;
}
