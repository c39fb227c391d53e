/** What the store keeps of syncs: how far each mirrored book is, and the rows that were set aside. */
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

  @Column({ name: 'rows_read', type: 'integer' })
  rowsRead!: number;

  @Column({ name: 'rows_accepted', type: 'integer' })
  rowsAccepted!: number;
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
