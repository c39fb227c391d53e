/** What the store keeps of authorizations: what happened to each. */
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One thing that happened to an authorization. Rows are added, never changed, which triggers see to: the last number tells whether anything is new. */
@Entity('authorization_event')
@Index('authorization_event_once', ['authorization', 'kind'], { unique: true })
export class AuthorizationEventRow {
  @PrimaryColumn({ name: 'id', type: 'integer', generated: 'increment' })
  id!: number;

  /** The event that began the authorization; empty for that one itself. */
  @Column({ name: 'authorization', type: 'integer', nullable: true })
  authorization!: number | null;

  /** REQUESTED, GRANTED or REVOKED: of one authorization each at most once. */
  @Column({ name: 'kind', type: 'varchar', length: 10 })
  kind!: string;

  @Column({ name: 'tenant_uscc', type: 'varchar', length: 18 })
  tenantUscc!: string;

  /** The id of the source whose people may read; `park` for the park's own. */
  @Column({ name: 'grantee', type: 'varchar', length: 64 })
  grantee!: string;

  /** With commas between them; empty for a revocation, as are the terms that follow. */
  @Column({ name: 'scopes', type: 'varchar', length: 100, nullable: true })
  scopes!: string | null;

  @Column({ name: 'purpose', type: 'varchar', length: 30, nullable: true })
  purpose!: string | null;

  /** The first day, and the last: YYYY-MM-DD. */
  @Column({ name: 'valid_from', type: 'varchar', length: 10, nullable: true })
  validFrom!: string | null;

  @Column({ name: 'valid_to', type: 'varchar', length: 10, nullable: true })
  validTo!: string | null;

  /** SHA-256 of the signed document; of a grant. */
  @Column({ name: 'document_hash', type: 'varchar', length: 64, nullable: true })
  documentHash!: string | null;

  @Column({ name: 'by_name', type: 'varchar', length: 100 })
  byName!: string;

  /** TENANT, BANK, INVESTOR or PARK; PAPER for an operator who acts on a signed paper. */
  @Column({ name: 'by_kind', type: 'varchar', length: 10 })
  byKind!: string;

  @Column({ name: 'at', type: 'varchar', length: 24 })
  at!: string;
}
