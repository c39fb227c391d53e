/**
 * The hub beside its peers: `npm run bench [-- --full]`.
 *
 * Starts a PostgreSQL, fills it, starts the hub and each peer as a process of its own, sees that all give the same answers,
 * and asks them in turns: in each round every server gets every question at every number of connections, so that whatever
 * else the machine does meets all of them alike. Prints a table, writes results.json and chart.svg, and draws both into
 * docs/performance.md.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { prepare, root } from '../../scripts/lib/prepare.mjs';
import { installPeers } from './lib/install.mjs';

const defaults = { connections: '1,8,64' };
const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    connections: { type: 'string', default: defaults.connections },
    peers: { type: 'string' },
    questions: { type: 'string' },
    tenants: { type: 'string' },
    investments: { type: 'string' },
    loans: { type: 'string' },
    patents: { type: 'string' },
    years: { type: 'string' },
    banks: { type: 'string' },
    investors: { type: 'string' },
    funds: { type: 'string' },
    profile: { type: 'string' },
    out: { type: 'string' },
  },
});
const rounds = Number(values.rounds ?? (values.full ? 9 : 3));
const seconds = Number(values.seconds ?? (values.full ? 3 : 0.5));
const connections = values.connections.split(',').map(Number);
const here = path.dirname(fileURLToPath(import.meta.url));

prepare();
installPeers(here);
const { SIZES, tablesOf } = await import('./lib/data.mjs');
const { startDatabase } = await import('./lib/database.mjs');
const { prepareHub, writeMeasuredPark } = await import('./lib/park.mjs');
const { bodiesOf, questionsOf } = await import('./lib/questions.mjs');
const { PEERS, startLoad, startPeer } = await import('./lib/servers.mjs');
const { compareAnswers } = await import('./lib/compare.mjs');
const { measureInTurns } = await import('./lib/measure.mjs');
const { residentOf } = await import('./lib/processes.mjs');
const { report } = await import('./lib/report.mjs');

const sizes = Object.fromEntries(Object.entries(SIZES).map(([name, size]) => [name, Number(values[name] ?? size)]));
const chosen = (given, all) => all.filter(({ id }) => !given || given.split(',').includes(id));
const questions = chosen(values.questions, questionsOf(sizes, values.full));
const peers = chosen(values.peers, PEERS);
const say = (line) => process.stderr.write(`${line}\n`);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'parkhub-peers-'));
const started = [];
let database;
// What was started ends with this process, and its folder goes, also when somebody stops it.
process.once('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
try {
  const loadBefore = os.loadavg();
  const tables = tablesOf(sizes);
  database = await startDatabase(tables, folder, say);
  const { host, port, user, password } = database.access;
  const hub = { park: path.join(folder, 'park'), environment: { PARKHUB_STORE: path.join(folder, 'store'), HUB_PASSWORD: password } };
  let tokens = {};
  if (peers.some(({ id }) => id === 'hub')) {
    say('Copying the register into the hub, surveying the partners, recording consents …');
    writeMeasuredPark(hub.park, tables, database.access);
    tokens = await prepareHub(hub.park, hub.environment, tables, sizes);
  }
  const peersUrl = `postgres://${user}:${encodeURIComponent(password)}@${host}:${port}/peers`;
  for (const peer of peers) {
    say(`Starting ${peer.title} …`);
    const profiled = values.profile && peer.id === (values.peers ?? 'hub');
    const nodeArgs = profiled ? ['--cpu-prof', `--cpu-prof-dir=${path.resolve(values.profile)}`] : [];
    started.push({ ...peer, ...(await startPeer(peer, { hub, peers: peersUrl, nodeArgs })) });
  }
  let lengths = new Map();
  const askOf = (question, { url, schema, id }) => {
    const headers = { 'content-type': 'application/json' };
    if (id === 'hub' && question.viewer) headers.authorization = `Bearer ${tokens[question.viewer]}`;
    return { url, headers, bodies: bodiesOf(question, schema), lengths: lengths.get(`${question.id} ${id}`) };
  };
  const servers = [...started];
  const idle = Object.fromEntries(servers.map(({ id, pid, readyAfter }) => [id, { resident: residentOf(pid), readyAfter }]));
  say('Comparing the answers …');
  lengths = await compareAnswers({ servers, questions, askOf });
  const load = startLoad();
  started.push(load);
  const cells = await measureInTurns({ servers, questions, connections, rounds, milliseconds: seconds * 1_000, load, askOf, databasePid: database.pid, say });
  const machine = {
    at: new Date().toISOString(),
    cores: os.cpus().length,
    processor: os.cpus()[0]?.model ?? 'unknown',
    node: process.versions.node,
    postgres: database.version,
    platform: `${os.platform()} ${os.arch()}`,
    load: [loadBefore, os.loadavg()].map(([minute]) => Number(minute.toFixed(1))),
  };
  const results = { machine, sizes, rounds, seconds, connections, idle, bytes: bytesOf(lengths), cells };
  report({
    results,
    questions,
    peers,
    here,
    docs: path.join(root, 'docs/performance.md'),
    // What was narrowed is looked at, not published.
    draw: Object.keys(values).every((name) => ['full', 'rounds', 'seconds'].includes(name) || values[name] === defaults[name]),
    out: values.out,
  });
} finally {
  for (const { stop } of started.reverse()) await stop();
  await database?.remove();
  fs.rmSync(folder, { recursive: true, force: true });
}

/** Bytes of the first answer by question and server. */
function bytesOf(lengths) {
  return Object.fromEntries(questions.map(({ id }) => [id, Object.fromEntries(peers.map((peer) => [peer.id, lengths.get(`${id} ${peer.id}`)[0]]))]));
}
