/**
 * Filters that cross books, against the same filter as one SQL over one database:
 * `node benchmarks/crossFilters.mjs [--database SQLite|PostgreSQL] [--rounds 9] [--tenants 100000] [--loans 100000]`.
 *
 * A register of 100,000 companies in the hub's store and three banks of 100,000 loans each, read live, each out of a database
 * of its own; beside them one database that holds the same companies and loans, indexed alike, asked through the same driver.
 * The SQL is written both ways, with EXISTS and with IN; the ratios are to the faster of the two. Every answer is compared
 * with the SQL's before it is timed. The rounds are interleaved: SQL, graph (the whole document in this process, all but
 * HTTP), HTTP (with the parsing of its JSON); a cell is the median of the rounds, in milliseconds.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { graphql } from 'graphql';
import Database from 'libsql';
import pg from 'pg';
import pino from 'pino';
import { prepare } from '../scripts/lib/prepare.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    tenants: { type: 'string', default: '100000' },
    loans: { type: 'string', default: '100000' },
    keep: { type: 'string' },
    only: { type: 'string' },
    database: { type: 'string', default: 'SQLite' },
  },
});
const [rounds, tenants, loans] = [Number(values.rounds), Number(values.tenants), Number(values.loans)];
prepare();
const { BANKS, median, writeBank, writeBankFile, writeOneDatabase, writePark } = await import('./lib/park.mjs');
const { openHub } = await import('../dist/src/hub.js');
const { hubViewer } = await import('../dist/src/access/viewer.js');
const { createEnvironment } = await import('../dist/src/config/environment.js');
const { startServer } = await import('../dist/src/server/http.js');

const BAD = "classification IN ('SUBSTANDARD', 'DOUBTFUL', 'LOSS')";
const bad = 'classification: {in: [SUBSTANDARD, DOUBTFUL, LOSS]}';
const someLoan = (condition) => `EXISTS (SELECT 1 FROM loans l WHERE l.uscc = t.uscc AND ${condition})`;
const isTenant = (condition) => `EXISTS (SELECT 1 FROM tenants t WHERE t.uscc = l.uscc AND ${condition})`;

/** A page of tenants, and their number. */
const ofTenants = (name, where, sql) => [
  {
    name: `${name}: page`,
    document: `{ rows: tenants(where: ${where}, first: 50) { nodes { key: uscc name industry registeredCapital } } }`,
    sql: `SELECT uscc AS key, name, industry, registered_capital FROM tenants t WHERE ${sql} ORDER BY uscc LIMIT 51`,
  },
  { name: `${name}: count`, document: `{ rows: tenants(where: ${where}) { totalCount } }`, sql: `SELECT COUNT(*) AS count FROM tenants t WHERE ${sql}` },
];
const questions = [
  ...ofTenants('some bad loan', `{loans: {some: {${bad}}}}`, someLoan(BAD)),
  ...ofTenants('some active loan', '{loans: {some: {status: {eq: ACTIVE}}}}', someLoan("status = 'ACTIVE'")),
  ...ofTenants(
    'some lost loan of 2015',
    `{loans: {some: {classification: {eq: LOSS}, date: {gte: "2015-01-01", lt: "2015-02-01"}}}}`,
    someLoan("classification = 'LOSS' AND date >= '2015-01-01' AND date < '2015-02-01'"),
  ),
  ...ofTenants('no bad loan', `{loans: {none: {${bad}}}}`, `NOT ${someLoan(BAD)}`),
  ...ofTenants('every loan repaid', '{loans: {every: {status: {eq: REPAID}}}}', `NOT ${someLoan("status <> 'REPAID'")}`),
  ...ofTenants('of C35, some bad loan', `{industry: {eq: "C35"}, loans: {some: {${bad}}}}`, `industry = 'C35' AND ${someLoan(BAD)}`),
  {
    name: "loans of C35's: page",
    document: '{ rows: loans(where: {tenant: {industry: {eq: "C35"}}}, first: 50) { nodes { key: number tenantUscc amount date } } }',
    sql: `SELECT number AS key, uscc, amount, date FROM loans l WHERE ${isTenant("industry = 'C35'")} ORDER BY number LIMIT 51`,
  },
  {
    name: "loans of C35's: count",
    document: '{ rows: loans(where: {tenant: {industry: {eq: "C35"}}}) { totalCount } }',
    sql: `SELECT COUNT(*) AS count FROM loans l WHERE ${isTenant("industry = 'C35'")}`,
  },
  {
    name: 'bad loans of graduates: page by amount',
    document: `{ rows: loans(where: {${bad}, tenant: {status: {eq: GRADUATED}}}, orderBy: [{amount: DESC}], first: 50) { nodes { key: number tenantUscc amount date } } }`,
    sql: `SELECT number AS key, uscc, amount, date FROM loans l WHERE ${BAD} AND ${isTenant("status = 'GRADUATED'")} ORDER BY amount DESC, bank, number DESC LIMIT 51`,
  },
  {
    name: 'tenants by what banks lent them: page',
    document: '{ rows: tenants(orderBy: [{loans: {sum: {amount: DESC}}}], first: 50) { nodes { key: uscc name industry registeredCapital } } }',
    sql: 'SELECT t.uscc AS key, name, industry, registered_capital FROM tenants t LEFT JOIN (SELECT uscc, SUM(amount) AS lent FROM loans GROUP BY uscc) s ON s.uscc = t.uscc ORDER BY lent IS NULL, lent DESC, t.uscc LIMIT 51',
  },
  {
    name: 'no filter: page',
    document: '{ rows: tenants(first: 50) { nodes { key: uscc name industry registeredCapital } } }',
    sql: 'SELECT uscc AS key, name, industry, registered_capital FROM tenants t ORDER BY uscc LIMIT 51',
  },
].filter(({ name }) => !values.only || name.includes(values.only));

/** The same SQL with IN in the place of EXISTS. */
const withIn = (sql) =>
  sql
    .replaceAll(/EXISTS \(SELECT 1 FROM loans l WHERE l\.uscc = t\.uscc AND /g, 't.uscc IN (SELECT uscc FROM loans l WHERE ')
    .replaceAll(/EXISTS \(SELECT 1 FROM tenants t WHERE t\.uscc = l\.uscc AND /g, 'l.uscc IN (SELECT uscc FROM tenants t WHERE ');

const folder = values.keep ?? fs.mkdtempSync(path.join(os.tmpdir(), 'parkhub-cross-'));
const servers = [];
const park = path.join(folder, 'park');
const isWritten = fs.existsSync(path.join(folder, 'one.db'));
process.stderr.write(isWritten ? '' : `Writing ${tenants} companies and ${BANKS.length} × ${loans} loans …\n`);
if (!isWritten) writePark(park, tenants);
const one = values.database === 'PostgreSQL' ? await openPostgres() : openSqlite();

function openSqlite() {
  const file = path.join(folder, 'one.db');
  for (const [bank, id] of isWritten ? [] : BANKS.entries()) {
    writeBank(park, id, 'connection: { type: sqlite, file: book.db }');
    writeBankFile(path.join(park, id, 'book.db'), bank, loans, tenants);
  }
  if (!isWritten) writeOneDatabase(file, tenants, BANKS, loans);
  const database = new Database(file, { readonly: true });
  return { all: async (sql) => database.prepare(sql).all(), close: async () => database.close() };
}

async function openPostgres() {
  const { fillBank, fillOneDatabase, startServer: startDatabase } = await import('./lib/servers.mjs');
  const server = await startDatabase('PostgreSQL');
  servers.push(server);
  for (const [bank, id] of BANKS.entries()) await fillBank(server, park, { id, bank, loans, tenants });
  await fillOneDatabase(server, tenants, BANKS, loans);
  const client = new pg.Client({ ...server.access, database: 'one' });
  await client.connect();
  return { all: async (sql) => (await client.query(sql)).rows, close: () => client.end() };
}

const hub = await openHub({
  parkFolder: path.join(folder, 'park'),
  environment: createEnvironment({ PARKHUB_STORE: path.join(folder, 'store'), HUB_PASSWORD: servers[0]?.access.password }),
  log: pino({ level: 'silent' }),
});
const server = await startServer({
  // By whoever sees every book, as in the SQL beside it.
  hub: { ...hub, createContext: (options) => hub.createContext({ ...options, viewer: hubViewer }) },
  host: '127.0.0.1',
  port: 0,
  playgroundFolder: folder,
  settings: { rate: 0, atOnce: 0 },
  log: pino({ level: 'silent' }),
});
try {
  process.stderr.write('Copying the register, surveying the banks …\n');
  await hub.sourceStatuses(new AbortController().signal);
  const bySql = ({ sql }) => one.all(sql);
  const bySqlWithIn = ({ sql }) => one.all(withIn(sql));
  const byGraph = async ({ document }) =>
    dataOf(await graphql({ schema: hub.schema, source: document, contextValue: hub.createContext({ viewer: hubViewer }) }));
  const byHttp = async ({ document }, headers = {}) => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query: document }),
    });
    return dataOf(await response.json());
  };
  const ways = { exists: bySql, in: bySqlWithIn, graph: byGraph, HTTP: byHttp };
  const table = [];
  for (const question of questions) {
    requireSame(question, await bySql(question), (await byGraph(question)).rows);
    requireSame(question, await bySqlWithIn(question), (await byHttp(question)).rows);
    const times = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
    for (let round = 0; round < rounds; round++)
      for (const [way, ask] of Object.entries(ways)) {
        const start = performance.now();
        await ask(question);
        times[way].push(performance.now() - start);
      }
    const [exists, within, graph, http] = Object.values(times).map(median);
    const sql = Math.min(exists, within);
    table.push({
      question: question.name,
      'SQL EXISTS ms': round(exists),
      'SQL IN ms': round(within),
      'graph ms': round(graph),
      'HTTP ms': round(http),
      'graph/SQL': round(graph / sql),
      'HTTP/SQL': round(http / sql),
    });
  }
  console.log(
    `Node ${process.versions.node}, ${process.platform} ${process.arch}, ${os.cpus().length} cores; ${values.database}, ${tenants} companies, ${BANKS.length} × ${loans} loans, ${rounds} rounds`,
  );
  console.table(table);
} finally {
  await server.close();
  await hub.close();
  await one.close();
  for (const server of servers) await server.remove();
  if (!values.keep) fs.rmSync(folder, { recursive: true, force: true });
}

/** An answer in which a source is missing would be measured as a fast one. */
function requireSame({ name, document }, rows, answer) {
  const [expected, got] = answer.nodes
    ? [rows.slice(0, 50).map(({ key }) => key), answer.nodes.map(({ key }) => key)]
    : [Number(rows[0].count), answer.totalCount];
  if (JSON.stringify(expected) !== JSON.stringify(got))
    throw new Error(
      `${name}: expected the answer of the SQL, ${JSON.stringify(expected).slice(0, 200)}, but got: ${JSON.stringify(got).slice(0, 200)}\n${document}`,
    );
}

function dataOf({ data, errors }) {
  if (!data || errors) throw new Error(`Expected an answer, but got: ${JSON.stringify(errors)}`);
  return data;
}

function round(number) {
  return Number(number.toPrecision(3));
}
