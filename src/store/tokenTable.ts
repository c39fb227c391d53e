/** What the store keeps of the tokens that the hub made. */
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One token, without the token: only its hash is kept. */
@Entity('hub_token')
@Index('hub_token_hash', ['hash'], { unique: true })
export class HubTokenRow {
  @PrimaryColumn({ name: 'id', type: 'integer', generated: 'increment' })
  id!: number;

  /** SHA-256 of the token, as hexadecimal digits. */
  @Column({ name: 'hash', type: 'varchar', length: 64 })
  hash!: string;

  /** What it is for, for people and for the trace. */
  @Column({ name: 'name', type: 'varchar', length: 100 })
  name!: string;

  /** Who holds it, as JSON. */
  @Column({ name: 'viewer', type: 'text' })
  viewer!: string;

  @Column({ name: 'issued_by', type: 'varchar', length: 100 })
  issuedBy!: string;

  @Column({ name: 'issued_at', type: 'varchar', length: 24 })
  issuedAt!: string;

  @Column({ name: 'expires_at', type: 'varchar', length: 24 })
  expiresAt!: string;

  /** To the minute. */
  @Column({ name: 'last_used_at', type: 'varchar', length: 24, nullable: true })
  lastUsedAt!: string | null;

  @Column({ name: 'revoked_by', type: 'varchar', length: 100, nullable: true })
  revokedBy!: string | null;

  @Column({ name: 'revoked_at', type: 'varchar', length: 24, nullable: true })
  revokedAt!: string | null;
}
