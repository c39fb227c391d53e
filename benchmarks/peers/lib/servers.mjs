/** The servers that are asked, each in a process of its own, and the process that asks them. */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../../../scripts/lib/prepare.mjs';
import { POOL } from './database.mjs';

const folder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
/** npm's `node` package: PostGraphile 5 wants Node 22. */
const NODE_22 = path.join(folder, 'node_modules/node/bin/node');

/** All that are measured, in the order of the table. The first is the hub; the second is what nothing should beat. */
export const PEERS = [
  { id: 'hub', title: 'parkhub', schema: 'hub' },
  { id: 'sql', title: 'hand-written SQL', schema: 'sql', args: ['servers/sql.mjs'] },
  { id: 'postgraphile', title: 'PostGraphile 5', schema: 'postgraphile', args: ['servers/postgraphile.mjs'], wants: 22 },
  { id: 'mercurius', title: 'Mercurius', schema: 'lists', args: ['servers/mercurius.mjs'] },
  { id: 'typeGraphql', title: 'type-graphql + TypeORM', schema: 'lists', args: ['--import', 'tsx', 'servers/typeGraphql.ts'] },
];

/** Starts one. `hub` has what the hub is started with, `peers` the address of the peers' database. */
export async function startPeer({ id, title, args, wants }, { hub, peers, nodeArgs = [] }) {
  const node = wants && Number(process.versions.node.split('.')[0]) < wants ? NODE_22 : process.execPath;
  const common = { ...process.env, TZ: 'UTC', NODE_ENV: 'production', GRAPHILE_ENV: 'production' };
  const given =
    id === 'hub'
      ? // As `parkhub serve` is started for more than a minute's 1,200 operations of one viewer; all else is as it comes.
        {
          args: ['--enable-source-maps', path.join(root, 'dist/src/cli/main.js'), 'serve', hub.park, '--port', '0'],
          env: { ...hub.environment, PARKHUB_RATE: '0', PARKHUB_AT_ONCE: '0' },
        }
      : { args, env: { PEER_DATABASE: peers, PEER_POOL: String(POOL) } };
  const begun = performance.now();
  const child = spawn(node, [...nodeArgs, ...given.args], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'], env: { ...common, ...given.env } });
  process.once('exit', () => child.kill('SIGKILL'));
  let readyAfter;
  // The hub answers from when it says where it is, and has surveyed its sources when it says how to stop it.
  const onAddress = () => {
    readyAfter = performance.now() - begun;
  };
  const url = await addressOf(child, { title, ready: id === 'hub' ? /Stop with Ctrl\+C/ : /http:/, onAddress });
  return { id, url, pid: child.pid, readyAfter, stop: () => stop(child) };
}

/** Starts the process that asks. */
export function startLoad() {
  const child = fork(path.join(folder, 'lib/load.mjs'), { cwd: folder });
  process.once('exit', () => child.kill('SIGKILL'));
  return {
    pid: child.pid,
    run: async (order) => {
      const answered = once(child, 'message');
      child.send(order);
      const [result] = await answered;
      if (result.error) throw new Error(result.error);
      return result;
    },
    stop: () => stop(child),
  };
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

/** Waits until a server has said where it is, and that it is ready. */
function addressOf(child, { title, ready, onAddress }) {
  return new Promise((resolve, reject) => {
    let printed = '';
    let address;
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      printed += chunk;
      if (!address) {
        [address] = /http:\S+(?:\/graphql|\/$)/m.exec(printed) ?? [];
        if (address) onAddress();
      }
      if (address && ready.test(printed)) resolve(address);
    });
    child.on('close', () => reject(new Error(`Expected ${title} to say where it is, but it ended before: ${printed.slice(-2_000)}`)));
  });
}
