/**
 * What a slow source and a hung one cost an answer: `cd benchmarks && node faults.mjs [--answers 20]`.
 *
 * Serves the demonstration park, with something between the hub and its six partners that keeps each of them waiting, and
 * asks one question that needs all six, one answer after the other. Prints by how much an answer takes longer than the
 * slowest source, and longer than the deadline of a source that hangs; the goals are 20 ms and 50 ms. And what the same
 * question takes once the breaker has opened.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { prepare, root } from '../scripts/lib/prepare.mjs';

const { values } = parseArgs({ options: { answers: { type: 'string', default: '20' } } });
const answers = Number(values.answers);

prepare();
const from = (file) => import(path.join(root, 'dist', file));
const [{ openHub }, { hubViewer }, { createEnvironment }, { startServer }, { startPartnerApi, demonstrationData }, { default: pino }] = await Promise.all([
  from('src/hub.js'),
  from('src/access/viewer.js'),
  from('src/config/environment.js'),
  from('src/server/http.js'),
  from('demo/partner-api/server.js'),
  import('pino'),
]);

/** How long each partner waits before it answers, in milliseconds. */
const delays = { bocom: 20, hongtu: 40, huakai: 60, huayu: 80, icbc: 100, spdb: 120 };
const slowest = Math.max(...Object.values(delays));
const deadline = 500;
const forever = { icbc: Number.POSITIVE_INFINITY };
const query = JSON.stringify({ query: '{ financing(first: 100) { nodes { id amount provenance { sourceId } } sources { sourceId state } } }' });

const folder = await mkdtemp(path.join(tmpdir(), 'parkhub-faults-'));
const api = await startPartnerApi({ dataFolder: demonstrationData() });
try {
  const plain = await measure('plain', {}, {});
  const slow = await measure('slow', delays, {});
  const hung = await measure('hung', forever, { icbc: `deadline: ${deadline}\nbreaker: { failures: 1000, rest: 100 }\n` });
  const open = await measure('open', forever, { icbc: `deadline: ${deadline}\nbreaker: { failures: 1, rest: 3600000 }\n` });
  console.log(`Node ${process.versions.node}, ${process.platform} ${process.arch}; ${answers} answers each, over six sources and the register`);
  console.table([
    line('no fault', plain, 0),
    line(`slowest source (${slowest} ms) + x ms`, slow, slowest),
    line(`hung source: deadline (${deadline} ms) + x ms`, hung, deadline),
    line('hung source, breaker open: x ms', open, 0),
  ]);
} finally {
  await api.close();
  await rm(folder, { recursive: true, force: true });
}

function line(what, times, less) {
  const sorted = times.map((time) => time - less).sort((a, b) => a - b);
  const at = (share) => Number(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(1));
  return { 'an answer takes': what, 'x, median': at(0.5), 'x, 90 %': at(0.9), 'x, most': at(1) };
}

/** The milliseconds of each answer of a hub whose sources wait so long. */
async function measure(name, waits, declarations) {
  const parkFolder = path.join(folder, name, 'xinxiang');
  await cp(path.join(root, 'parks/xinxiang'), parkFolder, { recursive: true });
  for (const [source, fields] of Object.entries(declarations)) {
    const file = path.join(parkFolder, source, 'source.yml');
    await writeFile(file, fields + (await readFile(file, 'utf8')));
  }
  let isWaiting = false;
  const log = pino({ level: 'silent' });
  const environment = createEnvironment({ PARKHUB_STORE: path.join(folder, name) }).overlay(api.environment);
  const intercept = (source) => waitingSource(source, () => (isWaiting ? waits[source.id] : undefined));
  const hub = await openHub({ parkFolder, environment, log, intercept });
  // Whoever sees every book: a bank's officer would be shown one of them.
  const served = { ...hub, createContext: (options) => hub.createContext({ ...options, viewer: hubViewer }) };
  const server = await startServer({ hub: served, host: '127.0.0.1', port: 0, playgroundFolder: folder, settings: { rate: 0, atOnce: 0 }, log });
  try {
    // Surveys and snapshots are made before, and the code is warm.
    for (let turn = 0; turn < 10; turn++) await ask(server.url, 7);
    isWaiting = true;
    const expected = waits === forever ? 6 : 7;
    // The answer that opens the breaker is not measured.
    if (name === 'open') await ask(server.url, expected);
    const times = [];
    for (let turn = 0; turn < answers; turn++) times.push(await ask(server.url, expected));
    return times;
  } finally {
    await server.close();
    await hub.close();
  }
}

/** A source that waits before it answers, or for ever. */
function waitingSource(source, waitOf) {
  const waiting = (work) => {
    const wait = waitOf();
    if (wait === undefined) return work();
    if (wait === Number.POSITIVE_INFINITY) return new Promise(() => undefined);
    return new Promise((resolve) => setTimeout(resolve, wait)).then(work);
  };
  return Object.assign(Object.create(source), {
    rows: (ask, signal) => waiting(() => source.rows(ask, signal)),
    totals: (ask, signal) => waiting(() => source.totals(ask, signal)),
  });
}

/** Asks once, and gives the milliseconds. An answer of fewer sources than expected would measure something else. */
async function ask(url, expected) {
  const start = performance.now();
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: query });
  const { data } = await response.json();
  const time = performance.now() - start;
  const well = data.financing.sources.filter(({ state }) => state !== 'UNAVAILABLE').length;
  if (well !== expected) throw new Error(`Expected ${expected} sources to answer, but got: ${well}.`);
  return time;
}
