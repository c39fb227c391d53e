/**
 * What faults of sources need: a note of which live books were copied, and room in the tables of books for rows that lack
 * an attribute because the partner's column for it is gone.
 */
import { type MigrationInterface, type QueryRunner, Table, type TableColumn } from 'typeorm';

/** Adds `last_good_copy`, and lets every attribute of a book be empty. */
export class FaultsOfSources1790100000000 implements MigrationInterface {
  name = 'FaultsOfSources1790100000000';

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
    for (const name of books) await changeEmptiness(runner, name, () => true);
  }

  /** Rows that lack an attribute are taken out: the older tables have no room for them, and a sync reads them again. */
  async down(runner: QueryRunner): Promise<void> {
    for (const name of books) {
      const optional = mayBeEmpty[name] ?? [];
      const required = (await attributesOf(runner, name)).filter((column) => !optional.includes(column.name));
      const empty = required.map((column) => `"${column.name}" IS NULL`);
      await runner.query(`DELETE FROM "${name}" WHERE ${empty.join(' OR ')}`);
      await changeEmptiness(runner, name, (column) => optional.includes(column.name));
    }
    await runner.dropTable('last_good_copy');
  }
}

/** The columns that could be empty before. */
const mayBeEmpty: Readonly<Record<string, readonly string[]>> = {
  accreditation: ['authority', 'holder', 'year'],
  annual_report: [],
  application: ['tenant_uscc', 'decided_on'],
  award: [],
  bank: ['uscc', 'cnaps_prefix'],
  carrier: [],
  cash_flow: [],
  certification: [],
  donation: ['tenant_uscc'],
  eviction: [],
  fund: ['filing_code'],
  graduation: [],
  investment: [],
  investor: ['uscc', 'manager_number'],
  lease: ['ended_on'],
  loan: ['product_code'],
  loan_product: ['maximum_amount', 'maximum_months'],
  park: [],
  park_funding: [],
  patent: ['granted_on'],
  product_claim: ['high'],
  rent_waiver: [],
  reported_figure: ['note', 'year'],
  shelter: [],
  tenant: ['left_on'],
  unit: [],
  valuation: [],
};

const books: readonly string[] = Object.keys(mayBeEmpty);

async function attributesOf(runner: QueryRunner, name: string): Promise<TableColumn[]> {
  const table = await runner.getTable(name);
  if (!table) throw new Error(`Expected a table ${name} in the store, but got: none.`);
  return table.columns.filter((column) => !column.isPrimary && column.name !== 'as_of');
}

async function changeEmptiness(runner: QueryRunner, name: string, isNullable: (column: TableColumn) => boolean): Promise<void> {
  const changed = (await attributesOf(runner, name))
    .filter((column) => column.isNullable !== isNullable(column))
    .map((oldColumn) => {
      const newColumn = oldColumn.clone();
      newColumn.isNullable = isNullable(oldColumn);
      return { oldColumn, newColumn };
    });
  if (changed.length > 0) await runner.changeColumns(name, changed);
}
