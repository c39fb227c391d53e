/** What the store keeps of park officers' decisions on who a company is that a partner names without a USCC. */
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One decision, or the withdrawal of one. Rows are added, never changed: the last number of a source tells whether anything is new. */
@Entity('alias_decision')
@Index('alias_decision_source', ['source', 'id'])
@Index('alias_decision_withdraws', ['withdraws'], { unique: true })
export class AliasDecisionRow {
  @PrimaryColumn({ name: 'id', type: 'integer', generated: 'increment' })
  id!: number;

  @Column({ name: 'source', type: 'varchar', length: 64 })
  source!: string;

  /** The name that the partner gives, as it gives it. */
  @Column({ name: 'name', type: 'varchar', length: 200, nullable: true })
  name!: string | null;

  /** The registration number that the partner gives, as it gives it. */
  @Column({ name: 'registration_number', type: 'varchar', length: 200, nullable: true })
  registrationNumber!: string | null;

  /** The tenant that it is, or is not. */
  @Column({ name: 'uscc', type: 'varchar', length: 18 })
  uscc!: string;

  /** ACCEPTED, REJECTED, or WITHDRAWN. */
  @Column({ name: 'verdict', type: 'varchar', length: 10 })
  verdict!: string;

  /** The decision that is withdrawn: each at most once. */
  @Column({ name: 'withdraws', type: 'integer', nullable: true })
  withdraws!: number | null;

  @Column({ name: 'decided_by', type: 'varchar', length: 100 })
  decidedBy!: string;

  @Column({ name: 'decided_at', type: 'varchar', length: 24 })
  decidedAt!: string;

  /** What spoke for it when it was decided, in millionths. */
  @Column({ name: 'score', type: 'bigint' })
  score!: bigint;

  /** The grounds of the score, with commas between them. */
  @Column({ name: 'grounds', type: 'varchar', length: 300 })
  grounds!: string;
}
