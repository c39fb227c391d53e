/** The tables of the first release: one for each entity, and what syncs leave. */
import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions, type TableIndexOptions } from 'typeorm';

/** Creates every table of the first release. */
export class InitialStore1790000000000 implements MigrationInterface {
  name = 'InitialStore1790000000000';

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

function table(name: string, columns: TableColumnOptions[], indices: TableIndexOptions[] = []): Table {
  return new Table({ name, columns, indices });
}

/** A table of rows of a book: its own columns after the source, the key and the as-of instant that every row has. */
function book(name: string, columns: TableColumnOptions[], indices: TableIndexOptions[] = []): Table {
  return table(name, [text('source', 64, { isPrimary: true }), text('key', 128, { isPrimary: true }), text('as_of', 24), ...columns], indices);
}

const tables: readonly Table[] = [
  book('accreditation', [
    text('kind', 40),
    text('level', 40),
    { name: 'year', type: 'integer', isNullable: true },
    text('authority', 200, { isNullable: true }),
    text('holder', 200, { isNullable: true }),
  ]),
  book(
    'annual_report',
    [
      text('tenant_uscc', 18),
      { name: 'year', type: 'integer' },
      { name: 'output', type: 'bigint' },
      { name: 'revenue', type: 'bigint' },
      { name: 'research_spending', type: 'bigint' },
      { name: 'tax_paid', type: 'bigint' },
      { name: 'staff', type: 'integer' },
      { name: 'science_staff', type: 'integer' },
    ],
    [
      { name: 'annual_report_year', columnNames: ['year'] },
      { name: 'annual_report_tenant_uscc', columnNames: ['source', 'tenant_uscc'] },
    ],
  ),
  book(
    'application',
    [
      text('number', 40),
      text('applicant_name', 200),
      text('tenant_uscc', 18, { isNullable: true }),
      text('state', 40),
      text('applied_on', 10),
      text('decided_on', 10, { isNullable: true }),
    ],
    [{ name: 'application_tenant_uscc', columnNames: ['source', 'tenant_uscc'] }],
  ),
  book(
    'award',
    [text('tenant_uscc', 18), text('competition', 200), text('prize', 200), { name: 'year', type: 'integer' }],
    [{ name: 'award_tenant_uscc', columnNames: ['source', 'tenant_uscc'] }],
  ),
  book('bank', [
    text('code', 63),
    text('name', 200),
    text('short_name', 60),
    text('uscc', 18, { isNullable: true }),
    text('cnaps_prefix', 3, { isNullable: true }),
  ]),
  book('carrier', [text('code', 40), text('name', 200), text('kind', 40), text('level', 40), { name: 'total_area', type: 'bigint' }]),
  book(
    'cash_flow',
    [text('number', 60), text('investment_number', 60), text('kind', 40), text('date', 10), { name: 'amount', type: 'bigint' }],
    [{ name: 'cash_flow_investment_number', columnNames: ['source', 'investment_number'] }],
  ),
  book(
    'certification',
    [text('number', 40), text('tenant_uscc', 18), text('kind', 40), text('issued_on', 10), text('valid_to', 10)],
    [{ name: 'certification_tenant_uscc', columnNames: ['source', 'tenant_uscc'] }],
  ),
  book(
    'donation',
    [
      text('number', 40),
      text('donor_name', 200),
      text('tenant_uscc', 18, { isNullable: true }),
      text('goods', 200),
      { name: 'amount', type: 'bigint' },
      text('date', 10),
      text('shelter_number', 40),
    ],
    [
      { name: 'donation_tenant_uscc', columnNames: ['source', 'tenant_uscc'] },
      { name: 'donation_shelter_number', columnNames: ['source', 'shelter_number'] },
    ],
  ),
  book('eviction', [text('tenant_uscc', 18), text('reason', 40), text('date', 10)], [{ name: 'eviction_tenant_uscc', columnNames: ['source', 'tenant_uscc'] }]),
  book('fund', [
    text('code', 40),
    text('name', 200),
    text('filing_code', 6, { isNullable: true }),
    { name: 'vintage_year', type: 'integer' },
    { name: 'commitment', type: 'bigint' },
    text('state', 40),
  ]),
  book(
    'graduation',
    [text('tenant_uscc', 18), text('ground', 40), text('date', 10)],
    [{ name: 'graduation_tenant_uscc', columnNames: ['source', 'tenant_uscc'] }],
  ),
  book(
    'investment',
    [
      text('number', 60),
      text('tenant_uscc', 18),
      text('fund_code', 40),
      text('round', 40),
      { name: 'amount', type: 'bigint' },
      text('date', 10),
      { name: 'stake', type: 'bigint' },
      text('status', 40),
    ],
    [
      { name: 'investment_tenant_uscc', columnNames: ['source', 'tenant_uscc'] },
      { name: 'investment_fund_code', columnNames: ['source', 'fund_code'] },
    ],
  ),
  book('investor', [
    text('code', 63),
    text('name', 200),
    text('short_name', 60),
    text('uscc', 18, { isNullable: true }),
    text('manager_number', 8, { isNullable: true }),
  ]),
  book(
    'lease',
    [
      text('number', 40),
      text('tenant_uscc', 18),
      text('unit_number', 40),
      { name: 'area', type: 'bigint' },
      { name: 'monthly_rent', type: 'bigint' },
      text('started_on', 10),
      text('ended_on', 10, { isNullable: true }),
    ],
    [
      { name: 'lease_tenant_uscc', columnNames: ['source', 'tenant_uscc'] },
      { name: 'lease_unit_number', columnNames: ['source', 'unit_number'] },
    ],
  ),
  book(
    'loan',
    [
      text('number', 60),
      text('tenant_uscc', 18),
      text('product_code', 40, { isNullable: true }),
      text('kind', 40),
      { name: 'amount', type: 'bigint' },
      { name: 'balance', type: 'bigint' },
      { name: 'rate', type: 'bigint' },
      text('date', 10),
      text('matures_on', 10),
      text('classification', 40),
      text('status', 40),
    ],
    [
      { name: 'loan_tenant_uscc', columnNames: ['source', 'tenant_uscc'] },
      { name: 'loan_product_code', columnNames: ['source', 'product_code'] },
    ],
  ),
  book('loan_product', [
    text('code', 40),
    text('name', 200),
    text('kind', 40),
    { name: 'maximum_amount', type: 'bigint', isNullable: true },
    { name: 'maximum_months', type: 'integer', isNullable: true },
  ]),
  book('park', [
    text('name', 200),
    text('operator', 200),
    text('city', 200),
    text('zone', 200),
    text('area_code', 6),
    text('operated_since', 10),
    { name: 'observation_months', type: 'integer' },
  ]),
  book(
    'park_funding',
    [text('number', 40), text('tenant_uscc', 18), text('kind', 40), { name: 'amount', type: 'bigint' }, text('date', 10)],
    [{ name: 'park_funding_tenant_uscc', columnNames: ['source', 'tenant_uscc'] }],
  ),
  book(
    'patent',
    [
      text('application_number', 14),
      text('tenant_uscc', 18),
      text('kind', 40),
      text('title', 200),
      text('status', 40),
      text('filed_on', 10),
      text('granted_on', 10, { isNullable: true }),
    ],
    [{ name: 'patent_tenant_uscc', columnNames: ['source', 'tenant_uscc'] }],
  ),
  book(
    'product_claim',
    [
      text('tenant_uscc', 18),
      text('product', 200),
      text('measure', 40),
      { name: 'low', type: 'bigint' },
      { name: 'high', type: 'bigint', isNullable: true },
      text('unit', 20),
    ],
    [{ name: 'product_claim_tenant_uscc', columnNames: ['source', 'tenant_uscc'] }],
  ),
  table(
    'quarantine',
    [
      { name: 'id', type: 'integer', isPrimary: true, isGenerated: true, generationStrategy: 'increment' },
      text('source', 64),
      text('entity', 64),
      text('place', 300),
      text('reason', 1000),
      { name: 'raw', type: 'text' },
    ],
    [{ name: 'quarantine_source', columnNames: ['source', 'entity'] }],
  ),
  book(
    'rent_waiver',
    [text('number', 40), text('tenant_uscc', 18), { name: 'amount', type: 'bigint' }, text('started_on', 10), text('ended_on', 10), text('occasion', 200)],
    [{ name: 'rent_waiver_tenant_uscc', columnNames: ['source', 'tenant_uscc'] }],
  ),
  book('reported_figure', [
    text('term', 60),
    { name: 'year', type: 'integer', isNullable: true },
    { name: 'value', type: 'bigint' },
    text('unit', 20),
    text('qualifier', 40),
    text('statement', 300),
    text('note', 300, { isNullable: true }),
  ]),
  book('shelter', [text('number', 40), text('name', 200), text('supplied_on', 10)]),
  table('sync_state', [
    { name: 'source', type: 'varchar', length: '64', isPrimary: true },
    { name: 'entity', type: 'varchar', length: '64', isPrimary: true },
    text('fingerprint', 64),
    text('as_of', 24),
    text('synced_at', 24),
    { name: 'rows_read', type: 'integer' },
    { name: 'rows_accepted', type: 'integer' },
  ]),
  book(
    'tenant',
    [
      text('uscc', 18),
      text('name', 200),
      text('industry', 3),
      text('technology_field', 40),
      text('stage', 40),
      text('status', 40),
      { name: 'registered_capital', type: 'bigint' },
      text('founded_on', 10),
      text('entered_on', 10),
      text('left_on', 10, { isNullable: true }),
    ],
    [{ name: 'tenant_status', columnNames: ['status'] }],
  ),
  book(
    'unit',
    [text('number', 40), text('carrier_code', 40), text('building', 40), { name: 'floor', type: 'integer' }, { name: 'area', type: 'bigint' }],
    [{ name: 'unit_carrier_code', columnNames: ['source', 'carrier_code'] }],
  ),
  book(
    'valuation',
    [text('number', 60), text('investment_number', 60), text('date', 10), { name: 'value', type: 'bigint' }, text('method', 40)],
    [{ name: 'valuation_investment_number', columnNames: ['source', 'investment_number'] }],
  ),
];
