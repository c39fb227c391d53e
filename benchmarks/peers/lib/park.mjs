/**
 * The hub's side of the same rows: a park folder whose register is CSV (the hub copies it into its own store) and whose
 * partners are databases of the PostgreSQL server, read live; the tokens of those who ask, and the companies' consents.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import pino from 'pino';
import { writePark } from '../../lib/park.mjs';
import { askedFunds } from './data.mjs';
import { columnOf } from './database.mjs';

const { openHub } = await import('../../../dist/src/hub.js');
const { createEnvironment } = await import('../../../dist/src/config/environment.js');

const LOAN = ['number', 'tenantUscc', 'productCode', 'kind', 'amount', 'balance', 'rate', 'date', 'maturesOn', 'classification', 'status'];
const FUND = ['code', 'name', 'vintageYear', 'commitment', 'state'];
const INVESTMENT = ['number', 'tenantUscc', 'fundCode', 'round', 'amount', 'date', 'stake', 'status'];
/** Columns that hold our own words. */
const ENUMS = {
  kind: ['CREDIT', 'GUARANTEED', 'MORTGAGE', 'PLEDGE_IP', 'TECH_LOAN'],
  classification: ['NORMAL', 'SPECIAL_MENTION', 'SUBSTANDARD', 'DOUBTFUL', 'LOSS'],
  state: ['OPERATING'],
  round: ['SEED', 'ANGEL', 'PRE_A', 'A', 'B'],
};
const LOAN_STATUS = ['ACTIVE', 'OVERDUE', 'REPAID'];
const HOLDING_STATUS = ['HELD', 'EXITED'];

/** Writes the park's folder. */
export function writeMeasuredPark(folder, tables, access) {
  writePark(folder, 0);
  for (const name of ['tenants', 'annualReports', 'patents']) writeRegister(path.join(folder, 'register', `${name}.csv`), tables[name]());
  for (const { code, name, shortName, uscc, cnapsPrefix } of tables.banks()) {
    const partner = `kind: bank, name: ${name}, shortName: ${shortName}, uscc: ${uscc}, cnapsPrefix: "${cnapsPrefix}"`;
    writeSource(folder, { code, partner, access, books: [book('Loan', 'loans', LOAN, LOAN_STATUS)] });
  }
  for (const { code, name, shortName } of tables.investors()) {
    const books = [book('Fund', 'funds', FUND, []), book('Investment', 'investments', INVESTMENT, HOLDING_STATUS)];
    writeSource(folder, { code, partner: `kind: investor, name: ${name}, shortName: ${shortName}`, access, books });
  }
}

/**
 * Opens the hub once: copies the register, surveys the partners, makes the tokens, and records that the companies which the
 * asking investor holds have authorised it to read all. Gives the tokens by viewer.
 */
export async function prepareHub(folder, environment, tables, sizes) {
  const hub = await openHub({ parkFolder: folder, environment: createEnvironment(environment), log: pino({ level: 'silent' }) });
  try {
    if (hub.problems.length > 0) throw new Error(`Expected a park without problems, but got: ${JSON.stringify(hub.problems)}`);
    for (const { id, state, message, books } of await hub.sourceStatuses(new AbortController().signal)) {
      const aside = books.reduce((sum, { setAside }) => sum + setAside.length, 0);
      if (state === 'UNAVAILABLE' || aside > 0) throw new Error(`Expected every row of ${id}, but got: ${state}, ${message ?? ''} ${aside} rows set aside`);
    }
    const funds = new Set(askedFunds(sizes));
    const held = new Set([...tables.investments()].filter(({ fundCode }) => funds.has(fundCode)).map(({ tenantUscc }) => tenantUscc));
    const today = new Date().toISOString().slice(0, 10);
    const terms = { scopes: ['IDENTITY', 'OPERATING', 'INTELLECTUAL_PROPERTY', 'FINANCING', 'CREDIT'], purpose: 'PORTFOLIO_MONITORING', validFrom: today };
    const signed = {
      ...terms,
      validTo: `${Number(today.slice(0, 4)) + 1}${today.slice(4, 8)}01`,
      documentHash: createHash('sha256').update('benchmark').digest('hex'),
    };
    for (const tenantUscc of held) await hub.authorizations.grant({ kind: 'PAPER', name: 'benchmark' }, { ...signed, tenantUscc, grantee: 'investor1' });
    const issue = async (grant) => (await hub.tokens.issue({ name: 'benchmark', grant, lifetime: 86_400_000, by: 'benchmark' })).token;
    return {
      investor: await issue({ kind: 'INVESTOR', source: 'investor1', funds: 'all' }),
      bank: await issue({ kind: 'BANK', source: 'bank1' }),
      analyst: await issue({ kind: 'PARK', role: 'ANALYST' }),
    };
  } finally {
    await hub.close();
  }
}

function writeRegister(file, rows) {
  const lines = [];
  for (const row of rows) {
    if (lines.length === 0) lines.push(Object.keys(row).join(','));
    lines.push(Object.values(row).join(','));
  }
  fs.writeFileSync(file, `${lines.join('\n')}\n`);
}

function writeSource(folder, { code, partner, access: { host, port, user }, books }) {
  fs.mkdirSync(path.join(folder, code), { recursive: true });
  fs.writeFileSync(
    path.join(folder, code, 'source.yml'),
    `id: ${code}
title: ${code}
connector: sql
demonstration: true
partner: { ${partner} }
connection: { type: postgres, host: ${host}, port: ${port}, database: ${code}, user: ${user}, password: { env: HUB_PASSWORD } }
books:
${books.join('')}`,
  );
}

function book(entity, table, attributes, statuses) {
  const columns = attributes.map((attribute) => {
    const words = attribute === 'status' ? statuses : ENUMS[attribute];
    const values = words && `, values: { ${words.map((word) => `${word}: ${word}`).join(', ')} }`;
    return `      ${attribute}: { column: ${columnOf(attribute)}${values ?? ''} }\n`;
  });
  return `  ${entity}:\n    from: { table: ${table} }\n    columns:\n${columns.join('')}`;
}
