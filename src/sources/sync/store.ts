import type { DataSource } from 'typeorm';

/** The hub's store, as mirrored sources need it. */
export interface MirrorStore {
  /** For asks. */
  readonly reader: DataSource;
  /** For what is written otherwise than by a sync. */
  readonly writer: DataSource;
  /** A connection of its own for one sync; its caller closes it. */
  connect(): Promise<DataSource>;
  /** Runs the work when no other write of this process is under way. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
}
