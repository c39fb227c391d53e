/**
 * What executing a document costs: `cd benchmarks && node executor.mjs [--rounds 9] [--only list] [--way hub] [--anew] [--jit <folder>]`.
 *
 * Opens a made-up park (1,000 companies, three banks of 4,000 loans, an investor with fifty holdings) and the demonstration
 * park in this process, without HTTP, and executes the same documents by graphql-js and by the hub's executor, in turns:
 * processor time of the whole process for each answer, medians of the rounds, and the ratio of the two round by round. The
 * answers are compared before anything is timed. What the sources gave is kept, unless `--anew`: reading is not execution.
 * With the folder of an installed graphql-jit (whose `graphql` is a link to the hub's own), that one runs beside them.
 */

import fs from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { execute, parse } from 'graphql';
import Database from 'libsql';
import pino from 'pino';
import { prepare, root } from '../scripts/lib/prepare.mjs';
import { BANKS, median, uscc, writeBank, writeBankFile, writePark } from './lib/park.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    only: { type: 'string', default: '' },
    jit: { type: 'string' },
    way: { type: 'string' },
    anew: { type: 'boolean' },
  },
});
const rounds = Number(options.rounds);
prepare();
const from = (file) => import(path.join(root, 'dist', file));
const [{ openHub }, { createEnvironment }, { startPartnerApi, demonstrationData }, { hubViewer }] = await Promise.all([
  from('src/hub.js'),
  from('src/config/environment.js'),
  from('demo/partner-api/server.js'),
  from('src/access/viewer.js'),
]);
const compiled = await from('src/execution/executor.js').catch(() => undefined);

/** It stands: rows that are read live say as of when. */
const clock = () => new Date('2026-11-23T00:00:00Z');
const TENANTS = 1_000;
const HOLDINGS = 50;

/** An investor's book with so many holdings, each in a company of its own. */
function writeInvestor(folder) {
  const own = path.join(folder, 'fund');
  fs.mkdirSync(own, { recursive: true });
  fs.writeFileSync(
    path.join(own, 'source.yml'),
    `id: fund
title: 投后系统
connector: sql
demonstration: true
partner: { kind: investor, name: 测量创投, shortName: 测量 }
connection: { type: sqlite, file: book.db }
books:
  Investment:
    from: { table: deals }
    columns:
      number: no
      tenantUscc: code
      fundCode: { constant: F1 }
      round: { column: round, values: { A: A } }
      amount: amount
      date: day
      stake: { column: stake, unit: "%" }
      status: { column: state, values: { H: HELD } }
`,
  );
  const database = new Database(path.join(own, 'book.db'));
  database.exec('CREATE TABLE deals (no TEXT PRIMARY KEY, code TEXT, round TEXT, amount NUMERIC, day TEXT, stake TEXT, state TEXT)');
  const insert = database.prepare('INSERT INTO deals VALUES (?, ?, ?, ?, ?, ?, ?)');
  for (let number = 0; number < HOLDINGS; number++) insert.run([`T${number}`, uscc(number), 'A', 100_000 + number, '2020-05-01', '5.5', 'H']);
  database.close();
}

/** A source that gives for the same ask what it gave before: what reading and decoding rows costs is not execution's. */
function kept(source) {
  if (options.anew) return source;
  const answers = new Map();
  const once = (kind, ask, read) => {
    const name = JSON.stringify([kind, ask], (_name, value) => (typeof value === 'bigint' ? `${value}n` : value instanceof Map ? [...value] : value));
    if (!answers.has(name)) answers.set(name, read());
    return answers.get(name).then((rows) => [...rows]);
  };
  return new Proxy(source, {
    get: (target, name) => {
      const value = target[name];
      if (name === 'rows' || name === 'totals') return (ask, signal) => once(name, ask, () => target[name](ask, signal));
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

async function openMeasured() {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'parkhub-measured-'));
  writePark(folder, TENANTS);
  for (const [bank, id] of BANKS.entries()) {
    writeBank(folder, id, 'connection: { type: sqlite, file: book.db }');
    writeBankFile(path.join(folder, id, 'book.db'), bank, 4_000, TENANTS);
  }
  writeInvestor(folder);
  const store = await mkdtemp(path.join(os.tmpdir(), 'parkhub-store-'));
  return openHub({ parkFolder: folder, environment: createEnvironment({ PARKHUB_STORE: store }), log: pino({ level: 'silent' }), clock, intercept: kept });
}

const api = await startPartnerApi({ dataFolder: demonstrationData() });
const demo = await openHub({
  parkFolder: path.join(root, 'parks/xinxiang'),
  environment: createEnvironment({ PARKHUB_STORE: await mkdtemp(path.join(os.tmpdir(), 'parkhub-store-')) }).overlay(api.environment),
  log: pino({ level: 'silent' }),
  clock,
  intercept: kept,
});
const measured = await openMeasured();

const cases = [
  { name: '__typename', hub: measured, text: '{ __typename }', answers: 3_000 },
  { name: "README's query", hub: demo, text: await readFile(path.join(root, 'docs/first-query.graphql'), 'utf8'), answers: 60 },
  {
    name: 'list: 1,000 x 20 fields',
    hub: measured,
    text: `{ loans(first: 1000, orderBy: [{date: ASC}]) { nodes {
      id number amount balance rate date maturesOn kind classification status tenantUscc productCode provenance { sourceId asOf how }
      a: amount b: balance c: date d: status e: number
    } } }`,
    answers: 10,
  },
  {
    name: 'portfolio: 50 holdings',
    hub: measured,
    text: `query P($investor: String!) { portfolio(investor: $investor) {
      investor { code shortName }
      holdings(first: 50, orderBy: [{date: ASC}]) { nodes {
        __typename number amount stake date round status provenance { sourceId how }
        tenant { uscc name industry stage status foundedOn registeredCapital
          loans(first: 10) { nodes { number amount balance rate date classification status bank { name shortName } } }
          patents { totalCount }
          investments { nodes { round date investor { shortName } } }
        }
      } }
      totals { holdings companies cost value distributions multiple lent loanBalance }
    } }`,
    variables: { investor: 'fund' },
    answers: 10,
  },
  {
    name: 'links: 1,000 rows, one each',
    hub: measured,
    text: '{ loans(first: 1000) { nodes { number amount tenant { uscc name } bank { shortName } } } }',
    answers: 10,
  },
].filter(({ name }) => name.includes(options.only));

/** The ways of executing one document on one hub; each gives a function that answers it. */
function waysOf({ hub, text, variables = {} }) {
  const document = parse(text);
  const contextValue = () => hub.createContext({ viewer: hubViewer });
  const ways = { 'graphql-js': () => execute({ schema: hub.schema, document, contextValue: contextValue(), variableValues: variables }) };
  if (compiled) {
    const executor = new compiled.Executor(hub.schema);
    ways.hub = () => executor.execute({ document, contextValue: contextValue(), variableValues: variables });
  }
  if (options.jit) {
    const { compileQuery } = createRequire(path.join(options.jit, 'index.js'))('graphql-jit');
    const query = compileQuery(hub.schema, document);
    if (!query.query) throw new Error(`graphql-jit does not compile it: ${JSON.stringify(query)}`);
    ways['graphql-jit'] = () => query.query(undefined, contextValue(), variables);
  }
  return options.way ? { [options.way]: ways[options.way] } : ways;
}

const table = [];
for (const item of cases) {
  const ways = Object.entries(waysOf(item));
  const expected = await ways[0][1]();
  if (expected.errors) throw expected.errors[0];
  const bytes = JSON.stringify(expected).length;
  for (const [name, answer] of ways.slice(1)) {
    const given = await answer();
    if (!isDeepStrictEqual(JSON.parse(JSON.stringify(given.data)), JSON.parse(JSON.stringify(expected.data))))
      throw new Error(`${item.name}: ${name} answers otherwise.`);
  }
  const times = new Map(ways.map(([name]) => [name, []]));
  for (let round = -2; round < rounds; round++) {
    for (const [name, answer] of round % 2 ? [...ways].reverse() : ways) {
      const used = process.cpuUsage();
      for (let count = 0; count < item.answers; count++) JSON.stringify(await answer());
      const { user, system } = process.cpuUsage(used);
      if (round >= 0) times.get(name).push((user + system) / 1_000 / item.answers);
    }
  }
  const base = times.get(ways[0][0]);
  table.push({
    question: item.name,
    KB: Number((bytes / 1024).toFixed(1)),
    ...Object.fromEntries([...times].map(([name, all]) => [`${name}, ms`, Number(median(all).toFixed(3))])),
    ...Object.fromEntries(
      [...times].slice(1).map(([name, all]) => [`graphql-js / ${name}`, Number(median(all.map((time, index) => base[index] / time)).toFixed(2))]),
    ),
  });
}
console.log(`Node ${process.versions.node}, processor time of the process for one answer, load ${os.loadavg()[0].toFixed(1)}`);
console.table(table);
await demo.close();
await measured.close();
await api.close();
process.exit(0);
