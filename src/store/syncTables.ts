/** What the store keeps of syncs: how far each mirrored book is, the rows that were set aside, each run, and which drops were applied. */
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The state of one mirrored book. */
@Entity('sync_state')
export class SyncState {
  @PrimaryColumn({ name: 'source', type: 'varchar', length: 64 })
  source!: string;

  @PrimaryColumn({ name: 'entity', type: 'varchar', length: 64 })
  entity!: string;

  /** Of the drop and its mapping; the same fingerprint is not read again. */
  @Column({ name: 'fingerprint', type: 'varchar', length: 64 })
  fingerprint!: string;

  /** As of when the book speaks. */
  @Column({ name: 'as_of', type: 'varchar', length: 24 })
  asOf!: string;

  @Column({ name: 'synced_at', type: 'varchar', length: 24 })
  syncedAt!: string;

  /** Rows of the book, those in quarantine included. */
  @Column({ name: 'rows_read', type: 'integer' })
  rowsRead!: number;

  /** Rows of the book that answers are made of. */
  @Column({ name: 'rows_accepted', type: 'integer' })
  rowsAccepted!: number;

  /** Where its columns were not as the mapping expects, as JSON. */
  @Column({ name: 'drift', type: 'text', nullable: true })
  drift!: string | null;
}

/** A row that a sync set aside, with its reason: never dropped, never in an answer. */
@Entity('quarantine')
@Index('quarantine_source', ['source', 'entity'])
export class QuarantineRow {
  @PrimaryColumn({ name: 'id', type: 'integer', generated: 'increment' })
  id!: number;

  @Column({ name: 'source', type: 'varchar', length: 64 })
  source!: string;

  @Column({ name: 'entity', type: 'varchar', length: 64 })
  entity!: string;

  /** File, sheet and line at the partner's. */
  @Column({ name: 'place', type: 'varchar', length: 300 })
  place!: string;

  @Column({ name: 'reason', type: 'varchar', length: 1000 })
  reason!: string;

  /** The raw row, as JSON. */
  @Column({ name: 'raw', type: 'text' })
  raw!: string;

  /** The key of the row, where it could be read. */
  @Column({ name: 'key', type: 'varchar', length: 128, nullable: true })
  key!: string | null;

  @Column({ name: 'file', type: 'varchar', length: 300, nullable: true })
  file!: string | null;

  @Column({ name: 'sheet', type: 'varchar', length: 200, nullable: true })
  sheet!: string | null;

  /** From 1; of a sheet its row. */
  @Column({ name: 'line', type: 'integer', nullable: true })
  line!: number | null;
}

/** One run of a sync: what came of it, by whom, how long it took. */
@Entity('sync_run')
@Index('sync_run_source', ['source', 'id'])
export class SyncRunRow {
  @PrimaryColumn({ name: 'id', type: 'integer', generated: 'increment' })
  id!: number;

  @Column({ name: 'source', type: 'varchar', length: 64 })
  source!: string;

  @Column({ name: 'started_at', type: 'varchar', length: 24 })
  startedAt!: string;

  @Column({ name: 'milliseconds', type: 'integer' })
  milliseconds!: number;

  @Column({ name: 'by', type: 'varchar', length: 100 })
  by!: string;

  /** As of when the source stated what was read; null where the run failed before it was known. */
  @Column({ name: 'as_of', type: 'varchar', length: 24, nullable: true })
  asOf!: string | null;

  @Column({ name: 'rows_read', type: 'integer' })
  rowsRead!: number;

  @Column({ name: 'rows_accepted', type: 'integer' })
  rowsAccepted!: number;

  @Column({ name: 'rows_changed', type: 'integer' })
  rowsChanged!: number;

  @Column({ name: 'rows_closed', type: 'integer' })
  rowsClosed!: number;

  @Column({ name: 'rows_quarantined', type: 'integer' })
  rowsQuarantined!: number;

  /** Why it failed, for people; null where it did not. */
  @Column({ name: 'failure', type: 'varchar', length: 1000, nullable: true })
  failure!: string | null;
}

/** One file that a book delivered in changes consists of, in the order in which they were applied. */
@Entity('sync_drop')
export class SyncDrop {
  @PrimaryColumn({ name: 'source', type: 'varchar', length: 64 })
  source!: string;

  @PrimaryColumn({ name: 'entity', type: 'varchar', length: 64 })
  entity!: string;

  @PrimaryColumn({ name: 'position', type: 'integer' })
  position!: number;

  @Column({ name: 'file', type: 'varchar', length: 300 })
  file!: string;

  /** Of its content. */
  @Column({ name: 'fingerprint', type: 'varchar', length: 64 })
  fingerprint!: string;

  /** Of what its rows were to become. */
  @Column({ name: 'form', type: 'varchar', length: 64 })
  form!: string;

  /** The whole book, not changes to it. */
  @Column({ name: 'whole', type: 'boolean' })
  whole!: boolean;
}

/** What of a live source was copied, for the time when it does not answer. */
@Entity('last_good_copy')
export class LastGoodCopyState {
  @PrimaryColumn({ name: 'source', type: 'varchar', length: 64 })
  source!: string;

  @PrimaryColumn({ name: 'entity', type: 'varchar', length: 64 })
  entity!: string;

  /** Of the mapping and of the hub that made the copy: one of another form answers nothing. */
  @Column({ name: 'form', type: 'varchar', length: 64 })
  form!: string;

  /** As of when the rows speak. */
  @Column({ name: 'as_of', type: 'varchar', length: 24 })
  asOf!: string;

  @Column({ name: 'copied_at', type: 'varchar', length: 24 })
  copiedAt!: string;

  @Column({ name: 'row_count', type: 'integer' })
  rowCount!: number;
}
