/**
 * What faults of sources need: a note of which live books were copied and which columns a
 * copied book lacked, and room in the tables of books for rows that lack
 * an attribute because the partner's column for it is gone.
 */
import { type MigrationInterface, type QueryRunner, Table, TableColumn } from 'typeorm';

/** Adds `last_good_copy` and `sync_state.drift`, and lets every attribute of a book be empty. */
export class FaultsOfSources1790200000000 implements MigrationInterface {
  name = 'FaultsOfSources1790200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'last_good_copy',
        columns: [
          { name: 'source', type: 'varchar', length: '64', isPrimary: true },
          { name: 'entity', type: 'varchar', length: '64', isPrimary: true },
          { name: 'form', type: 'varchar', length: '64' },
          { name: 'as_of', type: 'varchar', length: '24' },
          { name: 'copied_at', type: 'varchar', length: '24' },
          { name: 'row_count', type: 'integer' },
        ],
      }),
    );
    await runner.addColumn('sync_state', new TableColumn({ name: 'drift', type: 'text', isNullable: true }));
    for (const [table, columns] of Object.entries(required)) await change(runner, table, columns, true);
  }

  /** Rows that lack an attribute are taken out: the older tables have no room for them, and the next sync reads them again. */
  async down(runner: QueryRunner): Promise<void> {
    for (const [table, columns] of Object.entries(required)) {
      await runner.query(`DELETE FROM "${table}" WHERE ${columns.map((column) => `"${column}" IS NULL`).join(' OR ')}`);
      await change(runner, table, columns, false);
    }
    await runner.dropColumn('sync_state', 'drift');
    await runner.dropTable('last_good_copy');
  }
}

/** The columns that were never empty before, by table. */
const required: Readonly<Record<string, readonly string[]>> = {
  accreditation: ['kind', 'level'],
  annual_report: ['tenant_uscc', 'year', 'output', 'revenue', 'research_spending', 'tax_paid', 'staff', 'science_staff'],
  application: ['number', 'applicant_name', 'state', 'applied_on'],
  award: ['tenant_uscc', 'competition', 'prize', 'year'],
  bank: ['code', 'name', 'short_name'],
  carrier: ['code', 'name', 'kind', 'level', 'total_area'],
  cash_flow: ['number', 'investment_number', 'kind', 'date', 'amount'],
  certification: ['number', 'tenant_uscc', 'kind', 'issued_on', 'valid_to'],
  donation: ['number', 'donor_name', 'goods', 'amount', 'date', 'shelter_number'],
  eviction: ['tenant_uscc', 'reason', 'date'],
  fund: ['code', 'name', 'vintage_year', 'commitment', 'state'],
  graduation: ['tenant_uscc', 'ground', 'date'],
  investment: ['number', 'tenant_uscc', 'fund_code', 'round', 'amount', 'date', 'stake', 'status'],
  investor: ['code', 'name', 'short_name'],
  lease: ['number', 'tenant_uscc', 'unit_number', 'area', 'monthly_rent', 'started_on'],
  loan: ['number', 'tenant_uscc', 'kind', 'amount', 'balance', 'rate', 'date', 'matures_on', 'classification', 'status'],
  loan_product: ['code', 'name', 'kind'],
  park: ['name', 'operator', 'city', 'zone', 'area_code', 'operated_since', 'observation_months'],
  park_funding: ['number', 'tenant_uscc', 'kind', 'amount', 'date'],
  patent: ['application_number', 'tenant_uscc', 'kind', 'title', 'status', 'filed_on'],
  product_claim: ['tenant_uscc', 'product', 'measure', 'low', 'unit'],
  rent_waiver: ['number', 'tenant_uscc', 'amount', 'started_on', 'ended_on', 'occasion'],
  reported_figure: ['term', 'value', 'unit', 'qualifier', 'statement'],
  shelter: ['number', 'name', 'supplied_on'],
  tenant: ['uscc', 'name', 'industry', 'technology_field', 'stage', 'status', 'registered_capital', 'founded_on', 'entered_on'],
  unit: ['number', 'carrier_code', 'building', 'floor', 'area'],
  valuation: ['number', 'investment_number', 'date', 'value', 'method'],
};

async function change(runner: QueryRunner, name: string, columns: readonly string[], isNullable: boolean): Promise<void> {
  const table = await runner.getTable(name);
  const changed = columns.map((column) => {
    const oldColumn = table?.findColumnByName(column);
    if (!oldColumn) throw new Error(`Expected a column ${name}.${column} in the store, but got: none.`);
    const newColumn = oldColumn.clone();
    newColumn.isNullable = isNullable;
    return { oldColumn, newColumn };
  });
  await runner.changeColumns(name, changed);
}
