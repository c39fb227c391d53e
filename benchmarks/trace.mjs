/**
 * What the trace of reads costs an answer: `cd benchmarks && node trace.mjs [--rounds 30] [--answers 60]`.
 *
 * Serves the demonstration park to viewers who read what is not public (a company its own file, the park's operator the
 * register of fifty companies), over HTTP, and asks as one client and as sixteen at once, in turns with the trace and
 * without. Prints medians of the rounds. The goal is 5 %.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { prepare, root } from '../scripts/lib/prepare.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '30' }, answers: { type: 'string', default: '60' } } });
const [rounds, answers] = [Number(values.rounds), Number(values.answers)];

prepare();
const from = (file) => import(path.join(root, 'dist', file));
const [{ openHub }, { createEnvironment }, { startServer }, { startPartnerApi, demonstrationData }, { OperationReads }, { default: pino }] = await Promise.all([
  from('src/hub.js'),
  from('src/config/environment.js'),
  from('src/server/http.js'),
  from('demo/partner-api/server.js'),
  from('src/access/reads.js'),
  import('pino'),
]);

const uscc = '91410771MA3XGWU758';
const company = { kind: 'TENANT', uscc, name: 'company', via: 'test' };
const operator = { kind: 'PARK', role: 'OPERATOR', name: 'operator', via: 'test' };
const cases = [
  ["README's query, by the company", company, await readFile(path.join(root, 'docs/first-query.graphql'), 'utf8')],
  [
    '50 companies with capital and last report',
    operator,
    '{ tenants(first: 50) { nodes { uscc name registeredCapital latestAnnualReport { year output staff } } } }',
  ],
];

const store = await mkdtemp(path.join(tmpdir(), 'parkhub-trace-'));
const api = await startPartnerApi({ dataFolder: demonstrationData() });
const hub = await openHub({
  parkFolder: path.join(root, 'parks/xinxiang'),
  environment: createEnvironment({ PARKHUB_STORE: store }).overlay(api.environment),
  log: pino({ level: 'silent' }),
});
let viewer = company;
const served = { ...hub, authenticate: async () => viewer };
const server = await startServer({
  hub: served,
  host: '127.0.0.1',
  port: 0,
  playgroundFolder: path.join(root, 'dist/playground'),
  log: pino({ level: 'silent' }),
  settings: { rate: 0, atOnce: 0 },
});

/** Without: nothing is noted and nothing is written, as if there were no trace. */
const { rows, totals } = OperationReads.prototype;
const switchTrace = (on) => {
  OperationReads.prototype.rows = on ? rows : async () => undefined;
  OperationReads.prototype.totals = on ? totals : async () => undefined;
};

try {
  const lines = [];
  for (const [what, who, query] of cases) {
    viewer = who;
    const body = JSON.stringify({ query });
    for (const clients of [1, 16]) {
      const agent = new http.Agent({ keepAlive: true, maxSockets: clients });
      const measured = { true: [], false: [] };
      const cpu = { true: [], false: [] };
      for (let round = -4; round < rounds; round++) {
        for (const on of round % 2 ? [true, false] : [false, true]) {
          switchTrace(on);
          const used = process.cpuUsage();
          const took = await measure(body, agent, clients);
          const { user, system } = process.cpuUsage(used);
          if (round < 0) continue;
          measured[on].push(took);
          cpu[on].push((user + system) / 1_000 / answers);
        }
      }
      agent.destroy();
      const [without, with_] = [median(measured.false), median(measured.true)];
      const more = (figures) => round((median(figures.true.map((figure, index) => figure / figures.false[index])) - 1) * 100);
      lines.push({ answer: what, clients, 'without, ms': round(without), 'with, ms': round(with_), 'more, %': more(measured), 'more CPU, %': more(cpu) });
    }
  }
  console.log(`Node ${process.versions.node}, ${process.platform} ${process.arch}; ${rounds} rounds of ${answers} answers, in turns`);
  console.table(lines);
} finally {
  switchTrace(true);
  await server.close();
  await hub.close();
  await api.close();
  await rm(store, { recursive: true, force: true });
}

/** Milliseconds an answer, over all clients: what one answer takes of the time. */
async function measure(body, agent, clients) {
  const each = Math.ceil(answers / clients);
  const start = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      for (let index = 0; index < each; index++) await ask(body, agent);
    }),
  );
  return (performance.now() - start) / (each * clients);
}

function ask(body, agent) {
  return new Promise((resolve, reject) => {
    const request = http.request(`${server.url}/graphql`, { agent, method: 'POST', headers: { 'content-type': 'application/json' } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response.on('end', () => (response.statusCode === 200 && !text.includes('"errors"') ? resolve(text) : reject(new Error(text.slice(0, 500)))));
    });
    request.on('error', reject).end(body);
  });
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

function round(number) {
  return Number(number.toFixed(2));
}
