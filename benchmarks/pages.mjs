/**
 * A page of 50 out of three books of a million rows each, read live: `node benchmarks/pages.mjs [--rows 1000000] [--rounds 20]`.
 *
 * One bank's book is a file of SQLite, one a database of PostgreSQL, one of MariaDB (each server started for this, on a
 * folder of its own; a bank whose server the machine has not is a file of SQLite too). Prints what the first page takes while the
 * books have never been read, how long their first reading takes, what pages take beside it and after it, and for each
 * statement of a page how the database answers it and how many rows it reads for it.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { graphql } from 'graphql';
import pino from 'pino';
import { prepare } from '../scripts/lib/prepare.mjs';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '20' }, plans: { type: 'boolean' } },
});
const [rows, rounds] = [Number(values.rows), Number(values.rounds)];
const TENANTS = 100_000;
prepare();
const { BANKS, loan, median, writeBank, writeBankFile, writePark } = await import('./lib/park.mjs');
const { fillBank, hasServer, removeAll, startServer } = await import('./lib/servers.mjs');
const { openHub } = await import('../dist/src/hub.js');
const { hubViewer } = await import('../dist/src/access/viewer.js');
const { createEnvironment } = await import('../dist/src/config/environment.js');

const KINDS = [undefined, 'PostgreSQL', 'MariaDB'];
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'parkhub-pages-'));
const servers = [];
try {
  writePark(path.join(folder, 'park'), 0);
  const banks = [];
  for (const [bank, id] of BANKS.entries()) {
    const kind = KINDS[bank] && hasServer(KINDS[bank]) ? KINDS[bank] : undefined;
    process.stderr.write(`Writing ${rows} loans of ${id} into ${kind ?? 'SQLite'} …\n`);
    banks.push({ id, kind: kind ?? 'SQLite', server: kind && (await startServer(kind)) });
    const { server } = banks.at(-1);
    if (server) {
      servers.push(server);
      await fillBank(server, path.join(folder, 'park'), { id, bank, loans: rows, tenants: TENANTS });
      continue;
    }
    writeBank(path.join(folder, 'park'), id, 'connection: { type: sqlite, file: book.db }');
    writeBankFile(path.join(folder, 'park', id, 'book.db'), bank, rows, TENANTS);
  }
  await measure(banks);
} finally {
  await removeAll(servers, folder);
}

async function measure(banks) {
  const statements = [];
  const hub = await openHub({
    parkFolder: path.join(folder, 'park'),
    environment: createEnvironment({ PARKHUB_STORE: path.join(folder, 'store'), HUB_PASSWORD: banks.find(({ server }) => server)?.server.access.password }),
    log: pino({ level: 'silent' }),
    onStatement: (statement) => statements.push(statement),
  });
  const ask = async (document) => {
    const start = performance.now();
    const { data, errors } = await graphql({ schema: hub.schema, source: document, contextValue: hub.createContext({ viewer: hubViewer }) });
    const milliseconds = performance.now() - start;
    if (errors) throw errors[0];
    const missing = data.loans.sources.filter(({ state }) => state !== 'LIVE');
    return { milliseconds, missing, last: data.loans.pageInfo?.endCursor, notes: data.loans.sources.filter(({ message }) => message).length };
  };
  const page = (rest) => `{ loans(first: 50${rest}) { nodes { number amount date status } pageInfo { endCursor } sources { sourceId state message } } }`;
  try {
    if (hub.problems.length > 0) throw new Error(`Expected a park without problems, but got: ${JSON.stringify(hub.problems)}`);
    const started = performance.now();
    const first = await ask(page(''));
    const line = (what, { milliseconds, missing, notes }) => ({
      what,
      ms: Math.round(milliseconds * 10) / 10,
      'sources missing': missing.length,
      'with a note': notes,
    });
    const table = [line('the first page, the books never read before', first)];
    let surveyed = false;
    const survey = hub.sourceStatuses(new AbortController().signal).then((statuses) => {
      surveyed = true;
      return statuses;
    });
    const beside = [];
    while (!surveyed) {
      beside.push(await ask(page(', orderBy: [{date: DESC}]')));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const statuses = await survey;
    const seconds = (performance.now() - started) / 1000;
    for (const { id, state, message, books } of statuses.filter(({ id }) => id.startsWith('bank')))
      process.stderr.write(`${id}: ${state} ${message ?? ''} ${books.map(({ entity, read, accepted }) => `${entity} ${accepted} of ${read}`).join(', ')}\n`);
    const slowest = beside.reduce((most, one) => (one.milliseconds > most.milliseconds ? one : most));
    table.push(
      {
        ...line(`a page beside the first reading, median of ${beside.length}`, beside[0]),
        ms: Math.round(median(beside.map(({ milliseconds }) => milliseconds)) * 10) / 10,
      },
      line('a page beside the first reading, slowest', slowest),
      {
        what: 'the first reading of all books',
        ms: Math.round(seconds * 1000),
        'sources missing': statuses.filter(({ state }) => state === 'UNAVAILABLE').length,
      },
    );
    const middle = (await ask(page(', orderBy: [{date: ASC}], where: {date: {gte: "2017-06-15"}}'))).last;
    const questions = {
      'by key': page(''),
      'by day, newest first': page(', orderBy: [{date: DESC}]'),
      'by day, from the middle on': page(`, orderBy: [{date: ASC}], where: {date: {gte: "2017-06-15"}}, after: ${JSON.stringify(middle)}`),
      'by amount, greatest first': page(', orderBy: [{amount: DESC}]'),
      'by balance, which has no index': page(', orderBy: [{balance: DESC}]'),
      'of one company': page(`, where: {tenantUscc: {eq: "${loan(0, 1, TENANTS).tenantUscc}"}}`),
    };
    const plans = [];
    for (const [what, document] of Object.entries(questions)) {
      statements.length = 0;
      await ask(document);
      const asked = statements.map(({ source, text, rows: found, milliseconds }) => ({ source, text, found, milliseconds }));
      const times = [];
      for (let round = 0; round < rounds; round++) times.push((await ask(document)).milliseconds);
      table.push({ what: `a page of three books ${what}`, ms: Math.round(median(times) * 10) / 10, 'sources missing': 0, 'with a note': 0 });
      for (const { source, text, found, milliseconds } of asked)
        plans.push({
          page: what,
          database: banks.find(({ id }) => id === source)?.kind,
          statements: asked.filter((one) => one.source === source).length,
          rows: found,
          ms: Math.round(milliseconds * 10) / 10,
          ...(values.plans ? { text } : {}),
        });
    }
    const totals = await ask('{ loans { totalCount totals(groupBy: [CLASSIFICATION]) { count sum { amount } } sources { sourceId state message } } }');
    table.push(line('count and totals of three books by class', totals));
    console.log(`Node ${process.versions.node}, ${process.platform} ${process.arch}, ${os.cpus().length} cores; three books of ${rows} rows`);
    console.table(table);
    console.table(plans);
  } finally {
    await hub.close();
  }
}
