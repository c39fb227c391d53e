/** Database servers for benchmarks, each on a folder of its own, and banks' books in them. */
import fs from 'node:fs';
import path from 'node:path';
import { createServer } from 'vite';
import { root } from '../../scripts/lib/prepare.mjs';
import { BANK_INDEXES, bankRow, loan, oneLoanRow, oneTenantRow, writeBank } from './park.mjs';

// The helper of the tests is TypeScript.
const vite = await createServer({
  root,
  configFile: false,
  server: { middlewareMode: true, watch: null },
  appType: 'custom',
  optimizeDeps: { noDiscovery: true, include: [] },
  logLevel: 'error',
});
export const { hasServer, startServer } = await vite.ssrLoadModule('/tests/helpers/databases.ts');
await vite.close();

const BOOK =
  'CREATE TABLE dk_jj (jjbh VARCHAR(40) PRIMARY KEY, tyshxydm CHAR(18) NOT NULL, fkje DECIMAL(20, 2) NOT NULL, dkye DECIMAL(20, 2) NOT NULL, fkrq DATE NOT NULL, wjfl CHAR(1) NOT NULL, jjzt CHAR(2) NOT NULL)';

/** The book of a bank in a database of its own on the server, and its folder in the park. */
export async function fillBank(server, parkFolder, { id, bank, loans, tenants }) {
  await server.createDatabase(id);
  await server.run(id, BOOK);
  await insert(server, id, 'dk_jj', loans, (number) => bankRow(loan(bank, number, tenants)));
  await server.run(id, ...BANK_INDEXES, server.kind === 'PostgreSQL' ? 'VACUUM ANALYZE dk_jj' : 'ANALYZE TABLE dk_jj');
  const { host, port, user } = server.access;
  const type = server.kind === 'PostgreSQL' ? 'postgres' : 'mariadb';
  writeBank(parkFolder, id, `connection: { type: ${type}, host: ${host}, port: ${port}, database: ${id}, user: ${user}, password: { env: HUB_PASSWORD } }`);
}

/** The companies and the loans of all banks in one database of a PostgreSQL server. */
export async function fillOneDatabase(server, tenants, banks, loans) {
  await server.createDatabase('one');
  await server.run(
    'one',
    'CREATE TABLE tenants (uscc text COLLATE "C" PRIMARY KEY, name text, industry text, technology_field text, stage text, status text, registered_capital bigint, founded_on date, entered_on date, left_on date)',
    'CREATE TABLE loans (bank text COLLATE "C", number text COLLATE "C", uscc text COLLATE "C", amount bigint, balance bigint, date date, classification text, status text, PRIMARY KEY (bank, number))',
  );
  await insert(server, 'one', 'tenants', tenants, oneTenantRow);
  for (const [bank, id] of banks.entries()) await insert(server, 'one', 'loans', loans, (number) => oneLoanRow(id, bank, number, tenants));
  await server.run(
    'one',
    'CREATE INDEX ON loans (uscc)',
    'CREATE INDEX ON loans (date, bank, number)',
    'CREATE INDEX ON loans (amount, bank, number)',
    'CREATE INDEX ON loans (number)',
    'CREATE INDEX ON tenants (status)',
    'VACUUM ANALYZE',
  );
}

async function insert(server, database, table, count, row) {
  const cell = (value) => (value === null ? 'NULL' : `'${value}'`);
  for (let start = 0; start < count; start += 50_000) {
    const statements = [];
    for (let from = start; from < Math.min(count, start + 50_000); from += 2_000) {
      const lines = [];
      for (let number = from; number < Math.min(count, from + 2_000); number++) lines.push(`(${row(number).map(cell).join(',')})`);
      statements.push(`INSERT INTO ${table} VALUES ${lines.join(',')}`);
    }
    await server.run(database, ...statements);
  }
}

/** Removes what benchmarks leave: servers and folders. */
export async function removeAll(servers, folder) {
  for (const server of servers) await server.remove();
  fs.rmSync(path.resolve(folder), { recursive: true, force: true });
}
