/**
 * What a profile says: `node benchmarks/peers/profile.mjs FILE.cpuprofile [--top 30]`. Self time by area (the hub's folders,
 * packages, Node itself), and the functions with the most of it. Profiles are made by `npm run bench -- --peers hub
 * --questions portfolio --connections 8 --rounds 1 --seconds 15 --profile FOLDER`; only what lies in the last 15 seconds counts.
 */
import fs from 'node:fs';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { top: { type: 'string', default: '30' }, seconds: { type: 'string', default: '12' }, callers: { type: 'string' } },
});
const { nodes, samples, timeDeltas, endTime } = JSON.parse(fs.readFileSync(positionals[0], 'utf8'));
const from = endTime - Number(values.seconds) * 1_000_000 - 1_500_000;
const until = endTime - 1_500_000;

const self = new Map();
let time = endTime - timeDeltas.reduce((sum, delta) => sum + delta, 0);
let total = 0;
for (const [index, id] of samples.entries()) {
  time += timeDeltas[index];
  if (time < from || time > until) continue;
  self.set(id, (self.get(id) ?? 0) + timeDeltas[index]);
  total += timeDeltas[index];
}

const idle = nodes.filter(({ callFrame }) => callFrame.functionName === '(idle)').reduce((sum, { id }) => sum + (self.get(id) ?? 0), 0);
const busy = total - idle;
console.log(`${(total / 1e6).toFixed(1)} s, idle ${((idle / total) * 100).toFixed(1)} %; shares are of the busy time`);
const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
const byId = new Map(nodes.map((node) => [node.id, node]));

/** Where a function is: the hub's folder, the package, or Node. */
function areaOf({ functionName, url }) {
  if (functionName === '(garbage collector)') return '(garbage collector)';
  if (functionName === '(program)') return '(program: native code, system calls)';
  if (url.startsWith('node:')) return `node:${url.slice(5).split('/')[0]}${url.includes('net') || url.includes('stream') ? ' (streams)' : ''}`;
  const inPackage = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (inPackage) return inPackage;
  const own = /dist\/src\/([^/]+)(?:\/([^/]+))?(?:\/([^/]+))?/.exec(url);
  return own ? `src/${own[1]}${own[3] ? `/${own[2]}` : ''}` : url === '' ? '(native)' : url;
}

const areas = new Map();
const functions = new Map();
for (const { id, callFrame } of nodes) {
  const mine = self.get(id);
  if (!mine || callFrame.functionName === '(idle)') continue;
  const area = areaOf(callFrame);
  areas.set(area, (areas.get(area) ?? 0) + mine);
  const name = `${callFrame.functionName || '(anonymous)'} ${callFrame.url.replace(/^.*node_modules\//, '').replace(/^.*dist\/src\//, 'src/')}:${callFrame.lineNumber + 1}`;
  functions.set(name, (functions.get(name) ?? 0) + mine);
}
const show = (map, most) =>
  [...map]
    .sort(([, a], [, b]) => b - a)
    .slice(0, most)
    .forEach(([name, microseconds]) => {
      console.log(`${((microseconds / busy) * 100).toFixed(1).padStart(5)} %  ${name}`);
    });
show(areas, 40);
console.log('');
show(functions, Number(values.top));

// Total time (with what it calls) of the hub's own functions, each sample once for each function on its stack.
const within = new Map();
for (const [id, microseconds] of self) {
  const seen = new Set();
  for (let at = id; at !== undefined; at = parents.get(at)) {
    const { callFrame } = byId.get(at);
    if (callFrame.functionName === '(idle)') break;
    if (!/dist\/src\/|@apollo|\/graphql\/|fastify|dataloader|node_modules\/pg\/|typeorm/.test(callFrame.url)) continue;
    const name = `${callFrame.functionName || '(anonymous)'} ${callFrame.url.replace(/^.*node_modules\//, '').replace(/^.*dist\/src\//, 'src/')}:${callFrame.lineNumber + 1}`;
    if (seen.has(name)) continue;
    seen.add(name);
    within.set(name, (within.get(name) ?? 0) + microseconds);
  }
}
console.log('\nwith what they call:');
show(within, Number(values.top));
