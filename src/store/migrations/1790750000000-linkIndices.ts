/**
 * The indices of links end with the key. Of the rows of one tenant SQLite otherwise walked all rows of the source in the
 * order of their keys, for that spared it a sort: an ask for one key cost as much as the book has rows.
 */
import { type MigrationInterface, type QueryRunner, TableIndex } from 'typeorm';

/** Makes each of them anew. */
export class LinkIndices1790750000000 implements MigrationInterface {
  name = 'LinkIndices1790750000000';

  async up(runner: QueryRunner): Promise<void> {
    await replace(runner, (column) => ['source', column, 'key']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await replace(runner, (column) => ['source', column]);
  }
}

async function replace(runner: QueryRunner, columnsOf: (column: string) => string[]): Promise<void> {
  for (const [table, ...columns] of linked)
    for (const column of columns) {
      const name = `${table}_${column}`;
      await runner.query(`DROP INDEX "${name}"`);
      await runner.createIndex(table, new TableIndex({ name, columnNames: columnsOf(column) }));
    }
}

/** Each table with the columns that links read it by. */
const linked: readonly (readonly [table: string, ...columns: string[]])[] = [
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
