/**
 * One PostgreSQL, started for the run and removed after it: database `peers` holds all rows, as the peers read them; each
 * partner's book lies in a database of its own beside it, as a partner keeps it, and is what the hub reads.
 */
import fs from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { hasServer, startServer } from '../../lib/servers.mjs';

/** Connections of each peer's pool. The hub has its own default, four for each partner. */
export const POOL = 8;

// Keys are ordered by code points, so that all who are asked put rows in one order and an index serves it.
const KEY = 'text COLLATE "C"';
const SUM = 'numeric(20, 2)';

const TENANTS = `uscc ${KEY} PRIMARY KEY, name text NOT NULL, industry text NOT NULL, technology_field text NOT NULL, stage text NOT NULL, status text NOT NULL,
  registered_capital ${SUM} NOT NULL, founded_on date NOT NULL, entered_on date NOT NULL, left_on date`;
const REPORTS = `key ${KEY} PRIMARY KEY, tenant_uscc ${KEY} NOT NULL REFERENCES tenants, year int NOT NULL, output ${SUM} NOT NULL, revenue ${SUM} NOT NULL,
  research_spending ${SUM} NOT NULL, tax_paid ${SUM} NOT NULL, staff int NOT NULL, science_staff int NOT NULL`;
const PATENTS = `application_number ${KEY} PRIMARY KEY, tenant_uscc ${KEY} NOT NULL REFERENCES tenants, kind text NOT NULL, title text NOT NULL,
  status text NOT NULL, filed_on date NOT NULL, granted_on date`;
const BANKS = `code ${KEY} PRIMARY KEY, name text NOT NULL, short_name text NOT NULL, uscc ${KEY} NOT NULL, cnaps_prefix text NOT NULL`;
const INVESTORS = `code ${KEY} PRIMARY KEY, name text NOT NULL, short_name text NOT NULL`;
const FUND = `name text NOT NULL, vintage_year int NOT NULL, commitment ${SUM} NOT NULL, state text NOT NULL`;
const INVESTMENT = `round text NOT NULL, amount ${SUM} NOT NULL, date date NOT NULL, stake numeric(8, 4) NOT NULL, status text NOT NULL`;
const LOAN = `product_code text NOT NULL, kind text NOT NULL, amount ${SUM} NOT NULL, balance ${SUM} NOT NULL, rate numeric(8, 5) NOT NULL, date date NOT NULL,
  matures_on date NOT NULL, classification text NOT NULL, status text NOT NULL`;

const PEER_TABLES = [
  ['tenants', 'tenants', TENANTS],
  ['annual_reports', 'annualReports', REPORTS],
  ['patents', 'patents', PATENTS],
  ['banks', 'banks', BANKS],
  ['investors', 'investors', INVESTORS],
  ['funds', 'funds', `code ${KEY} PRIMARY KEY, investor_code ${KEY} NOT NULL REFERENCES investors, ${FUND}`],
  [
    'investments',
    'investments',
    `number ${KEY} PRIMARY KEY, tenant_uscc ${KEY} NOT NULL REFERENCES tenants, investor_code ${KEY} NOT NULL REFERENCES investors, fund_code ${KEY} NOT NULL REFERENCES funds, ${INVESTMENT}`,
  ],
  ['loans', 'loans', `number ${KEY} PRIMARY KEY, tenant_uscc ${KEY} NOT NULL REFERENCES tenants, bank_code ${KEY} NOT NULL REFERENCES banks, ${LOAN}`],
];
const PEER_INDEXES = [
  'tenants (industry, status)',
  // PostGraphile filters and orders only by columns that begin an index.
  'tenants (status)',
  'tenants (registered_capital)',
  'annual_reports (tenant_uscc, year)',
  'patents (tenant_uscc, application_number)',
  'funds (investor_code)',
  'investments (tenant_uscc, number)',
  'investments (fund_code, number)',
  'investments (investor_code)',
  'loans (tenant_uscc, number)',
  'loans (bank_code, number)',
];
/** PostGraphile groups by what a function of the database gives: its core has no totals by group. */
const TOTALS = `CREATE TYPE loan_totals AS (classification text, status text, count int, amount ${SUM}, balance ${SUM});
  CREATE FUNCTION loan_totals_of_bank(bank text) RETURNS SETOF loan_totals LANGUAGE sql STABLE AS $$
    SELECT classification, status, count(*)::int, sum(amount), sum(balance) FROM loans WHERE bank_code = bank GROUP BY 1, 2 ORDER BY 1, 2 $$`;

const BANK_TABLES = [['loans', 'loans', `number ${KEY} PRIMARY KEY, tenant_uscc ${KEY} NOT NULL, ${LOAN}`]];
const INVESTOR_TABLES = [
  ['funds', 'funds', `code ${KEY} PRIMARY KEY, ${FUND}`],
  ['investments', 'investments', `number ${KEY} PRIMARY KEY, tenant_uscc ${KEY} NOT NULL, fund_code ${KEY} NOT NULL REFERENCES funds, ${INVESTMENT}`],
];

/** Starts the server and fills it. `remove` takes it away with its data. */
export async function startDatabase(tables, folder, say) {
  if (!hasServer('PostgreSQL'))
    throw new Error('Expected the programs of a PostgreSQL server (initdb, postgres), but this machine has none. On Debian: apt-get install postgresql');
  say('Starting PostgreSQL …');
  const server = await startServer('PostgreSQL');
  try {
    say('Loading the rows …');
    // The server reads the files itself, as its own user.
    fs.chmodSync(folder, 0o755);
    const fill = (database, given, rows) => fillDatabase(server, { database, tables: given, rows, folder });
    await fill('peers', PEER_TABLES, (name) => tables[name]());
    await server.run('peers', ...PEER_INDEXES.map((index) => `CREATE INDEX ON ${index}`), TOTALS, 'VACUUM ANALYZE');
    for (const { code } of tables.banks()) {
      await fill(code, BANK_TABLES, (name) => only(tables[name](), 'bankCode', code));
      await server.run(code, 'CREATE INDEX ON loans (tenant_uscc, number)', 'VACUUM ANALYZE');
    }
    for (const { code } of tables.investors()) {
      await fill(code, INVESTOR_TABLES, (name) => only(tables[name](), 'investorCode', code));
      await server.run(code, 'CREATE INDEX ON investments (tenant_uscc, number)', 'CREATE INDEX ON investments (fund_code, number)', 'VACUUM ANALYZE');
    }
    const [{ version, pid }] = await facts(server);
    return { access: server.access, version, pid, remove: () => server.remove() };
  } catch (error) {
    await server.remove();
    throw error;
  }
}

/** The server's version, and the id of the process whose children answer. */
async function facts(server) {
  const client = new pg.Client({ ...server.access, database: 'peers' });
  await client.connect();
  try {
    const { rows } = await client.query("SELECT current_setting('server_version') AS version, pg_backend_pid() AS backend");
    const [{ version, backend }] = rows;
    const [, parent] = /^\d+ \(.*\) \S (\d+) /s.exec(fs.readFileSync(`/proc/${backend}/stat`, 'utf8'));
    return [{ version: version.split(' ')[0], pid: Number(parent) }];
  } finally {
    await client.end();
  }
}

async function fillDatabase(server, { database, tables, rows, folder }) {
  await server.createDatabase(database);
  for (const [table, name, columns] of tables) {
    await server.run(database, `CREATE TABLE ${table} (${columns})`);
    const file = path.join(folder, `${database}-${table}.csv`);
    const names = writeCsv(file, rows(name), columns);
    if (names) await server.run(database, `COPY ${table} (${names.join(', ')}) FROM '${file}' (FORMAT csv, NULL '')`);
    fs.rmSync(file, { force: true });
  }
}

/** Writes the columns that the table has; gives their names, undefined where there is no row. */
function writeCsv(file, rows, columns) {
  const has = (column) => new RegExp(`(^|[,\\s])${column} `).test(columns);
  const descriptor = fs.openSync(file, 'w', 0o644);
  let names;
  let buffer = [];
  const flush = () => {
    fs.writeSync(descriptor, buffer.join(''));
    buffer = [];
  };
  for (const row of rows) {
    names ??= Object.keys(row).filter((name) => has(columnOf(name)));
    buffer.push(`${names.map((name) => row[name]).join(',')}\n`);
    if (buffer.length >= 5_000) flush();
  }
  flush();
  fs.closeSync(descriptor);
  return names?.map(columnOf);
}

function* only(rows, attribute, value) {
  for (const row of rows) if (row[attribute] === value) yield row;
}

/** tenantUscc -> tenant_uscc. */
export function columnOf(name) {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
