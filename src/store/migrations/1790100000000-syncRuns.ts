/** What syncs leave since they close rows instead of deleting them: when a row was closed, each run, which drops were applied. */
import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions } from 'typeorm';

/** Gives every book `closed_at`, the quarantine its places, and makes `sync_run` and `sync_drop`. */
export class SyncRuns1790100000000 implements MigrationInterface {
  name = 'SyncRuns1790100000000';

  async up(runner: QueryRunner): Promise<void> {
    // By hand: TypeORM would copy each table of SQLite to add a column to it.
    for (const table of books) await runner.query(`ALTER TABLE "${table}" ADD COLUMN "closed_at" varchar(24)`);
    for (const [name, type] of quarantineColumns) await runner.query(`ALTER TABLE "quarantine" ADD COLUMN "${name}" ${type}`);
    await runner.createTable(runs);
    await runner.createTable(drops);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(drops);
    await runner.dropTable(runs);
    for (const [name] of quarantineColumns) await runner.query(`ALTER TABLE "quarantine" DROP COLUMN "${name}"`);
    for (const table of books) await runner.query(`ALTER TABLE "${table}" DROP COLUMN "closed_at"`);
  }
}

const books: readonly string[] = [
  'accreditation',
  'annual_report',
  'application',
  'award',
  'bank',
  'carrier',
  'cash_flow',
  'certification',
  'donation',
  'eviction',
  'fund',
  'graduation',
  'investment',
  'investor',
  'lease',
  'loan',
  'loan_product',
  'park',
  'park_funding',
  'patent',
  'product_claim',
  'rent_waiver',
  'reported_figure',
  'shelter',
  'tenant',
  'unit',
  'valuation',
];

const quarantineColumns: readonly (readonly [name: string, type: string])[] = [
  ['key', 'varchar(128)'],
  ['file', 'varchar(300)'],
  ['sheet', 'varchar(200)'],
  ['line', 'integer'],
];

function text(name: string, length: number, options: Partial<TableColumnOptions> = {}): TableColumnOptions {
  return { name, type: 'varchar', length: String(length), ...options };
}

const runs = new Table({
  name: 'sync_run',
  columns: [
    { name: 'id', type: 'integer', isPrimary: true, isGenerated: true, generationStrategy: 'increment' },
    text('source', 64),
    text('started_at', 24),
    { name: 'milliseconds', type: 'integer' },
    text('by', 100),
    text('as_of', 24, { isNullable: true }),
    { name: 'rows_read', type: 'integer' },
    { name: 'rows_accepted', type: 'integer' },
    { name: 'rows_changed', type: 'integer' },
    { name: 'rows_closed', type: 'integer' },
    { name: 'rows_quarantined', type: 'integer' },
    text('failure', 1000, { isNullable: true }),
  ],
  indices: [{ name: 'sync_run_source', columnNames: ['source', 'id'] }],
});

const drops = new Table({
  name: 'sync_drop',
  columns: [
    text('source', 64, { isPrimary: true }),
    text('entity', 64, { isPrimary: true }),
    { name: 'position', type: 'integer', isPrimary: true },
    text('file', 300),
    text('fingerprint', 64),
    text('form', 64),
    { name: 'whole', type: 'boolean' },
  ],
});
