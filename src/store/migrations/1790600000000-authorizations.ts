/** Whose data a partner may read: what companies consented to, and took back. */
import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions } from 'typeorm';

/** Makes `authorization_event`, whose rows nobody can change or take away. */
export class Authorizations1790600000000 implements MigrationInterface {
  name = 'Authorizations1790600000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(events);
    for (const act of ['UPDATE', 'DELETE']) {
      await runner.query(
        `CREATE TRIGGER "authorization_event_no_${act.toLowerCase()}" BEFORE ${act} ON "authorization_event" BEGIN SELECT RAISE(ABORT, 'events of authorizations are kept as they are'); END`,
      );
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(events);
  }
}

function text(name: string, length: number, options: Partial<TableColumnOptions> = {}): TableColumnOptions {
  return { name, type: 'varchar', length: String(length), ...options };
}

const events = new Table({
  name: 'authorization_event',
  columns: [
    { name: 'id', type: 'integer', isPrimary: true, isGenerated: true, generationStrategy: 'increment' },
    { name: 'authorization', type: 'integer', isNullable: true },
    text('kind', 10),
    text('tenant_uscc', 18),
    text('grantee', 64),
    text('scopes', 100, { isNullable: true }),
    text('purpose', 30, { isNullable: true }),
    text('valid_from', 10, { isNullable: true }),
    text('valid_to', 10, { isNullable: true }),
    text('document_hash', 64, { isNullable: true }),
    text('by_name', 100),
    text('by_kind', 10),
    text('at', 24),
  ],
  indices: [{ name: 'authorization_event_once', columnNames: ['authorization', 'kind'], isUnique: true }],
});
