/** What an answer of the demonstration park's hub costs, over HTTP: several ways of asking it in turns, so that they meet the same machine. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { prepare, root } from '../../scripts/lib/prepare.mjs';

/** Milliseconds after its answers in which a hub does what they left to be done. */
const SETTLED = 100;

/** Builds the hub where that is needed. Gives what imports a file of it. */
export function prepared() {
  prepare();
  return (file) => import(path.join(root, 'dist', file));
}

/**
 * Serves the demonstration park to one viewer after the other, with a store of its own. Who asks is said by `as`, in place of
 * a token: all else is as it is served.
 */
export async function serveDemonstration() {
  const from = prepared();
  const [{ openHub }, { createEnvironment }, { startServer }, { startPartnerApi, demonstrationData }, { default: pino }] = await Promise.all([
    from('src/hub.js'),
    from('src/config/environment.js'),
    from('src/server/http.js'),
    from('demo/partner-api/server.js'),
    import('pino'),
  ]);
  const store = await mkdtemp(path.join(tmpdir(), 'parkhub-answers-'));
  const api = await startPartnerApi({ dataFolder: demonstrationData() });
  const log = pino({ level: 'silent' });
  const environment = createEnvironment({ PARKHUB_STORE: store }).overlay(api.environment);
  const hub = await openHub({ parkFolder: path.join(root, 'parks/xinxiang'), environment, log });
  let viewer;
  const server = await startServer({
    hub: { ...hub, authenticate: async () => viewer },
    host: '127.0.0.1',
    port: 0,
    playgroundFolder: path.join(root, 'dist/playground'),
    settings: { rate: 0, atOnce: 0 },
    log,
  });
  // In a process of its own: the processor time of this one is then the hub's alone.
  const asker = fork(path.join(path.dirname(fileURLToPath(import.meta.url)), 'askerProcess.mjs'));
  return {
    as: (other) => {
      viewer = other;
    },
    /** Milliseconds of an answer, over all clients; microseconds of this process's processors for it, all threads; its bytes. */
    async ask(query, clients, answers) {
      const used = process.cpuUsage();
      asker.send({ url: `${server.url}/graphql`, body: JSON.stringify({ query }), clients, answers });
      const [told] = await once(asker, 'message');
      // What an answer leaves to be done counts for it: the trace is sent to the disk 50 ms later.
      await wait(SETTLED);
      const { user, system } = process.cpuUsage(used);
      if (told.error) throw new Error(told.error);
      return { milliseconds: told.milliseconds, cpu: (user + system) / told.answers, bytes: told.bytes };
    },
    async close() {
      asker.disconnect();
      await server.close();
      await hub.close();
      await api.close();
      await rm(store, { recursive: true, force: true });
    },
  };
}

/**
 * Measures several ways in turns, each round in another order. Gives for each the median of its rounds, their lower quartile,
 * and by how many per cent the rounds exceed the first way's: of the median the middle one of the rounds' own ratios, of the
 * quartile its ratio. The quartile is what it takes while nothing else is at work, on a machine that does other work too.
 *
 * @param ways functions that give figures by name: { milliseconds, cpu }
 */
export async function inTurns(ways, rounds, warmUp = 4) {
  const found = ways.map(() => []);
  for (let number = -warmUp; number < rounds; number++) {
    for (let place = 0; place < ways.length; place++) {
      const index = number % 2 ? place : ways.length - 1 - place;
      const figures = await ways[index]();
      if (number >= 0) found[index].push(figures);
    }
  }
  const quartile = (own, name) => own.map((figures) => figures[name]).toSorted((a, b) => a - b)[own.length >> 2];
  return found.map((own) => ({
    median: (name) => median(own.map((figures) => figures[name])),
    quartile: (name) => quartile(own, name),
    more: (name) => (median(own.map((figures, number) => figures[name] / found[0][number][name])) - 1) * 100,
    moreOfQuartile: (name) => (quartile(own, name) / quartile(found[0], name) - 1) * 100,
  }));
}

/** A figure with so many digits behind the point. */
export function rounded(number, digits = 2) {
  return Number(number.toFixed(digits));
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
