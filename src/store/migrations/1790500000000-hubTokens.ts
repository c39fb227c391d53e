/** The tokens that the hub made, by their hashes. */
import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions } from 'typeorm';

/** Creates the table. */
export class HubTokens1790500000000 implements MigrationInterface {
  name = 'HubTokens1790500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(tokens);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(tokens);
  }
}

function text(name: string, length: number, options: Partial<TableColumnOptions> = {}): TableColumnOptions {
  return { name, type: 'varchar', length: String(length), ...options };
}

const tokens = new Table({
  name: 'hub_token',
  columns: [
    { name: 'id', type: 'integer', isPrimary: true, isGenerated: true, generationStrategy: 'increment' },
    text('hash', 64),
    text('name', 100),
    { name: 'viewer', type: 'text' },
    text('issued_by', 100),
    text('issued_at', 24),
    text('expires_at', 24),
    text('last_used_at', 24, { isNullable: true }),
    text('revoked_by', 100, { isNullable: true }),
    text('revoked_at', 24, { isNullable: true }),
  ],
  indices: [{ name: 'hub_token_hash', columnNames: ['hash'], isUnique: true }],
});
