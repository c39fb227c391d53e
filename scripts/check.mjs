/**
 * `npm run check`: everything that can be said of the code without running its tests. Each step is shown with its time;
 * what a failed step printed stands below it. `npm run check -- types lint` runs only these steps.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { install, requireNode, root, seconds, toolPath } from './lib/prepare.mjs';

const parkhub = [process.execPath, path.join(root, 'dist/src/cli/main.js')];

/** The steps; `after` names one whose end a step waits for, since it needs what that one makes. */
const steps = [
  { name: 'build', says: 'the hub and the playground build', command: [process.execPath, 'scripts/build.mjs'] },
  { name: 'types', says: 'types of the hub, the demonstration and the tests', command: [toolPath('tsc'), '-p', 'tsconfig.check.json'] },
  { name: 'web', says: 'types of the front end and its operations', command: [toolPath('tsc'), '--noEmit', '-p', 'web/tsconfig.json'] },
  { name: 'lint', says: 'lint, format and import circles', command: [toolPath('biome'), 'ci', '--colors=off', '--error-on-warnings', '.'] },
  { name: 'unused', says: 'nothing unused', command: [toolPath('knip'), '--no-progress'] },
  { name: 'schema', says: 'schema.graphql is what the code emits', command: [...parkhub, 'schema', '--check'], after: 'build' },
  { name: 'codegen', says: 'generated types are those of schema.graphql', command: [toolPath('graphql-codegen'), '--check'] },
];

requireNode();
install();

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`Expected some of ${steps.map((step) => step.name).join(', ')}, but got: ${unknown.join(', ')}.`);
  process.exit(2);
}
const chosen = steps.filter((step) => asked.length === 0 || asked.includes(step.name));
const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const started = Date.now();
const ended = new Map();
const waiting = [...chosen];

await Promise.all([work(), work()]);

const failed = chosen.filter((step) => !ended.get(step.name));
console.log(
  failed.length === 0
    ? `All ${chosen.length} checks hold (${seconds(started)}).`
    : `${failed.length} of ${chosen.length} checks failed: ${failed.map((step) => step.name).join(', ')}.`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

/** Two of these share the steps between them: each takes the next that need not wait. */
async function work() {
  while (waiting.length > 0) {
    const next = waiting.findIndex((step) => !step.after || !chosen.some((other) => other.name === step.after) || ended.has(step.after));
    if (next === -1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      continue;
    }
    const [step] = waiting.splice(next, 1);
    const begun = Date.now();
    const { status, output } = await run(step.command);
    ended.set(step.name, status === 0);
    console.log(`${mark(status === 0)} ${step.name.padEnd(8)} ${step.says} (${seconds(begun)})`);
    if (status !== 0) console.log(output.trimEnd().replace(/^/gm, '    '));
  }
}

function mark(good) {
  const text = good ? '✓' : '✗';
  return colour ? `\u001b[${good ? 32 : 31}m${text}\u001b[0m` : text;
}

/** Runs a command and gives its exit code and all it printed. */
function run([command, ...args]) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1', TZ: 'UTC' } });
    let output = '';
    const keep = (chunk) => {
      output += chunk;
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    child.on('error', (error) => resolve({ status: 1, output: `${output}${error.message}\n` }));
    child.on('close', (status) => resolve({ status, output }));
  });
}
