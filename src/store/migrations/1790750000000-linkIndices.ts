/**
 * The indices of links, and of attributes that are filtered by, begin with the source and end with the key. For the rows of one
 * tenant SQLite otherwise walked all rows of the source in the order of their keys, since that spared it a sort: an ask for one
 * key cost as much as the book has rows. Industries get an index too.
 */
import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

/** Makes each of them anew. */
export class LinkIndices1790750000000 implements MigrationInterface {
  name = 'LinkIndices1790750000000';

  async up(runner: QueryRunner): Promise<void> {
    await replace(runner, linked, (column) => ['source', column, 'key']);
    await replace(runner, filtered, (column) => ['source', column, 'key']);
    await runner.createIndex('tenant', new TableIndex({ name: 'tenant_industry', columnNames: ['source', 'industry', 'key'] }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX "tenant_industry"');
    await replace(runner, filtered, (column) => [column]);
    await replace(runner, linked, (column) => ['source', column]);
  }
}

type Columns = readonly (readonly [table: string, ...columns: string[]])[];

async function replace(runner: QueryRunner, indices: Columns, columnsOf: (column: string) => string[]): Promise<void> {
  for (const [table, ...columns] of indices)
    for (const column of columns) {
      const name = `${table}_${column}`;
      await runner.query(`DROP INDEX "${name}"`);
      await runner.createIndex(table, new TableIndex({ name, columnNames: columnsOf(column) }));
    }
}

/** Each table with the columns that links read it by. */
const linked: Columns = [
  ['annual_report', 'tenant_uscc'],
  ['application', 'tenant_uscc'],
  ['award', 'tenant_uscc'],
  ['borrower_profile', 'tenant_uscc'],
  ['cash_flow', 'investment_number'],
  ['certification', 'tenant_uscc'],
  ['donation', 'tenant_uscc', 'shelter_number'],
  ['eviction', 'tenant_uscc'],
  ['former_name', 'tenant_uscc'],
  ['graduation', 'tenant_uscc'],
  ['investment', 'tenant_uscc', 'fund_code'],
  ['lease', 'tenant_uscc', 'unit_number'],
  ['loan', 'tenant_uscc', 'product_code'],
  ['park_funding', 'tenant_uscc'],
  ['patent', 'tenant_uscc'],
  ['patent_extract', 'tenant_uscc', 'patent_number'],
  ['patent_pledge', 'tenant_uscc', 'patent_number', 'loan_number'],
  ['portfolio_report', 'tenant_uscc'],
  ['product_claim', 'tenant_uscc'],
  ['rent_waiver', 'tenant_uscc'],
  ['shareholding', 'tenant_uscc'],
  ['unit', 'carrier_code'],
  ['valuation', 'investment_number'],
];

/** Those that are filtered by. */
const filtered: Columns = [
  ['annual_report', 'year'],
  ['tenant', 'status'],
];
