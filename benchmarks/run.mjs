/**
 * How fast one hub answers: `cd benchmarks && npm ci && node run.mjs [--seconds 10]`.
 *
 * Starts the hub on the demonstration park and a free port, asks it one question at a time and then over eight
 * connections, as the company that the README's query is about (with the token that the hub prints for it), and prints a table. It runs on the machine that it measures, so that the numbers compare two states of
 * the code on one machine and nothing else.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { prepare, root } from '../scripts/lib/prepare.mjs';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '10' } } });
const duration = Number(values.seconds);

prepare();
const { firstQuery } = await import('../dist/src/cli/firstQuery.js');
const questions = [
  { name: '{ __typename }', query: '{ __typename }' },
  { name: "the README's query", query: firstQuery },
];

const hub = spawn(process.execPath, ['--enable-source-maps', path.join(root, 'dist/src/cli/main.js'), 'serve', 'parks/xinxiang', '--port', '0'], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'inherit'],
  // One client asks as fast as it can: its rate is what is measured.
  env: { ...process.env, TZ: 'UTC', PARKHUB_RATE: '0', PARKHUB_AT_ONCE: '0' },
});
try {
  const { url, token } = await greetingOf(hub);
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const rows = [];
  for (const { name, query } of questions) {
    const body = JSON.stringify({ query });
    await requireAnswer(url, headers, name, body);
    for (const connections of [1, 8]) {
      process.stderr.write(`${name} over ${connections === 1 ? '1 connection' : `${connections} connections`} for ${duration} s …\n`);
      const result = await autocannon({ url, method: 'POST', headers, body, connections, duration });
      if (result.errors + result.non2xx > 0) throw new Error(`Expected answers only, but got: ${result.errors} errors and ${result.non2xx} refusals.`);
      rows.push({
        query: name,
        connections,
        'answers/s': Math.round(result.requests.average),
        'p50 ms': result.latency.p50,
        'p99 ms': result.latency.p99,
        'KB/answer': Number((result.throughput.total / result.requests.total / 1024).toFixed(1)),
      });
    }
  }
  console.log(
    `Node ${process.versions.node}, ${process.platform} ${process.arch}, parkhub ${JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')).version}`,
  );
  console.table(rows);
} finally {
  if (hub.exitCode === null) {
    hub.kill('SIGTERM');
    await once(hub, 'exit');
  }
}

/** Waits until the hub has said where its graph is, and its tokens; gives the company's. What it prints after that flows on unread. */
function greetingOf(child) {
  return new Promise((resolve, reject) => {
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      printed += chunk;
      const [url] = /http:\S+\/graphql/.exec(printed) ?? [];
      const [, token] = /tenant \w+\W+(phk_[\w-]{43})\b/.exec(printed) ?? [];
      if (url && token) resolve({ url, token });
    });
    child.on('close', () => reject(new Error('Expected the hub to say where its graph is, and a token of a company, but it ended before.')));
  });
}

/** A question that is answered with an error, or not in full, would measure nothing. */
async function requireAnswer(url, headers, name, body) {
  const response = await fetch(url, { method: 'POST', headers, body });
  const { data, errors, extensions } = await response.json();
  if (!data || errors) throw new Error(`Expected an answer to ${name}, but got: ${JSON.stringify(errors)}`);
  if (extensions?.sources) throw new Error(`Expected an answer of every source to ${name}, but got: ${JSON.stringify(extensions.sources)}`);
}
