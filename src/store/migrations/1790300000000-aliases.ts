/** Who a company is that a partner names without a USCC: the officers' decisions, and what the register knows companies by. */
import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions } from 'typeorm';

/** Makes `alias_decision` and `former_name`, and gives tenants their registration number. */
export class Aliases1790300000000 implements MigrationInterface {
  name = 'Aliases1790300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(decisions);
    await runner.createTable(formerNames);
    // By hand: TypeORM would copy the table of SQLite to add a column to it.
    await runner.query(`ALTER TABLE "tenant" ADD COLUMN "registration_number" varchar(15)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE "tenant" DROP COLUMN "registration_number"`);
    await runner.dropTable(formerNames);
    await runner.dropTable(decisions);
  }
}

function text(name: string, length: number, options: Partial<TableColumnOptions> = {}): TableColumnOptions {
  return { name, type: 'varchar', length: String(length), ...options };
}

const decisions = new Table({
  name: 'alias_decision',
  columns: [
    { name: 'id', type: 'integer', isPrimary: true, isGenerated: true, generationStrategy: 'increment' },
    text('source', 64),
    text('name', 200, { isNullable: true }),
    text('registration_number', 200, { isNullable: true }),
    text('uscc', 18),
    text('verdict', 10),
    { name: 'withdraws', type: 'integer', isNullable: true },
    text('decided_by', 100),
    text('decided_at', 24),
    { name: 'score', type: 'bigint' },
    text('grounds', 300),
  ],
  indices: [
    { name: 'alias_decision_source', columnNames: ['source', 'id'] },
    { name: 'alias_decision_withdraws', columnNames: ['withdraws'], isUnique: true },
  ],
});

const formerNames = new Table({
  name: 'former_name',
  columns: [
    text('source', 64, { isPrimary: true }),
    text('key', 128, { isPrimary: true }),
    text('as_of', 24),
    text('closed_at', 24, { isNullable: true }),
    text('tenant_uscc', 18, { isNullable: true }),
    text('name', 200, { isNullable: true }),
    text('changed_on', 10, { isNullable: true }),
  ],
  indices: [{ name: 'former_name_tenant_uscc', columnNames: ['source', 'tenant_uscc'] }],
});
