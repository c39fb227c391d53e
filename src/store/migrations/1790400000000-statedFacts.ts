/** The books in which partners and the register state facts of tenants: credit files, follow-ups, pledges, shareholdings. */
import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions, type TableIndexOptions } from 'typeorm';

/** Creates the five tables. */
export class StatedFacts1790400000000 implements MigrationInterface {
  name = 'StatedFacts1790400000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const created of tables) await runner.createTable(created);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const created of [...tables].reverse()) await runner.dropTable(created);
  }
}

function text(name: string, length: number, options: Partial<TableColumnOptions> = {}): TableColumnOptions {
  return { name, type: 'varchar', length: String(length), ...options };
}

function number(name: string, type: 'integer' | 'bigint'): TableColumnOptions {
  return { name, type };
}

/** A table of rows of a book: every attribute may be empty, for a partner may lose its column; an index where a link reads by it. */
function book(name: string, columns: TableColumnOptions[], linked: readonly string[]): Table {
  return new Table({
    name,
    columns: [
      text('source', 64, { isPrimary: true }),
      text('key', 128, { isPrimary: true }),
      text('as_of', 24),
      text('closed_at', 24, { isNullable: true }),
      ...columns.map((column) => ({ ...column, isNullable: true })),
    ],
    indices: linked.map((column): TableIndexOptions => ({ name: `${name}_${column}`, columnNames: ['source', column] })),
  });
}

const tables: readonly Table[] = [
  book(
    'borrower_profile',
    [
      text('number', 60),
      text('tenant_uscc', 18),
      text('date', 10),
      number('year', 'integer'),
      number('staff', 'integer'),
      number('revenue', 'bigint'),
      number('registered_capital', 'bigint'),
    ],
    ['tenant_uscc'],
  ),
  book(
    'patent_pledge',
    [text('number', 60), text('tenant_uscc', 18), text('patent_number', 14), text('loan_number', 60), text('registered_on', 10), text('released_on', 10)],
    ['tenant_uscc', 'patent_number', 'loan_number'],
  ),
  book(
    'portfolio_report',
    [text('number', 60), text('tenant_uscc', 18), number('year', 'integer'), text('date', 10), number('staff', 'integer'), number('revenue', 'bigint')],
    ['tenant_uscc'],
  ),
  book(
    'patent_extract',
    [text('number', 40), text('tenant_uscc', 18), text('patent_number', 14), text('drawn_on', 10), text('pledged_on', 10)],
    ['tenant_uscc', 'patent_number'],
  ),
  book(
    'shareholding',
    [text('tenant_uscc', 18), text('holder_name', 200), text('investor_code', 63), number('stake', 'bigint'), text('registered_on', 10)],
    ['tenant_uscc'],
  ),
];
