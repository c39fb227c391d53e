/**
 * Makes a clone ready to run: the right Node, the packages of package-lock.json, the compiled hub and the built
 * playground. Each step is skipped when what it would make is there already and its inputs have not changed since.
 *
 * Nothing here imports a package: it runs before there are any.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the clone. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

const installStamp = path.join(root, 'node_modules/.parkhub-install');

/** What is built: which inputs make it what it is, what it leaves behind, and how. `optional` is skipped while its first input is not there. */
const products = [
  {
    name: 'the hub',
    inputs: ['src', 'demo', 'tsconfig.json', 'package-lock.json'],
    outputs: ['dist/src', 'dist/demo'],
    command: ['tsc', '-p', 'tsconfig.json'],
    stamp: 'dist/.built-hub',
  },
  {
    name: 'the playground',
    inputs: ['web/playground', 'docs/first-query.graphql', 'package-lock.json'],
    outputs: ['dist/playground'],
    command: ['vite', 'build', 'web/playground', '--logLevel', 'warn'],
    stamp: 'dist/.built-playground',
  },
];

/**
 * Ends the process with one line when this Node is not one that parkhub runs on. The versions are those of `engines` in
 * package.json: 20.19 and later of 20, 22.12 and later.
 */
export function requireNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  if ((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22) return;
  fail(`parkhub needs Node 20.19 or later of 20, or 22.12 or later, but got: ${version}. Install one from https://nodejs.org and try again.`);
}

/** Installs the packages of package-lock.json unless they are there. */
export function install() {
  const lock = fs.readFileSync(path.join(root, 'package-lock.json'), 'utf8');
  const platform = `${process.platform} ${process.arch}`;
  const wanted = `${platform} ${createHash('sha256').update(lock).digest('hex')}`;
  const found = readText(installStamp);
  if (found === wanted) return;
  if ((found === undefined || found.startsWith(platform)) && installedByHand(JSON.parse(lock))) {
    fs.writeFileSync(installStamp, wanted);
    return;
  }
  say('Installing packages …');
  // The npm that started this script, where there is one: a version manager may hide it from PATH.
  const npm = process.env.npm_execpath?.endsWith('npm-cli.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const started = Date.now();
  run([...npm, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], 'npm ci failed. Its own message is above; check the network and try again.');
  fs.writeFileSync(installStamp, wanted);
  say(`Installed packages in ${seconds(started)}.`);
}

/** Builds what is missing or older than its inputs; ends the process when a build fails. */
export function build() {
  for (const product of products) {
    const inputs = product.inputs.map((input) => path.join(root, input));
    if (!fs.existsSync(inputs[0])) continue;
    const stamp = path.join(root, product.stamp);
    const wanted = hashOf(inputs);
    const outputs = product.outputs.map((output) => path.join(root, output));
    if (readText(stamp) === wanted && fs.existsSync(outputs[0])) continue;
    say(`Building ${product.name} …`);
    const started = Date.now();
    // Gone first: what was made from a file that is no longer there must not live on.
    for (const gone of [stamp, ...outputs]) fs.rmSync(gone, { recursive: true, force: true });
    const [tool, ...rest] = product.command;
    run([toolPath(tool), ...rest], `Building ${product.name} failed. The reason is above.`);
    fs.writeFileSync(stamp, wanted);
    say(`Built ${product.name} in ${seconds(started)}.`);
  }
}

/** Node, packages, build: all that a command needs before it runs. */
export function prepare() {
  requireNode();
  install();
  build();
}

/** The path of a package's command. */
export function toolPath(name) {
  return path.join(root, 'node_modules/.bin', name);
}

/** Runs `parkhub` with these arguments in this process; it ends the process itself. */
export async function runParkhub(args) {
  process.setSourceMapsEnabled(true);
  const main = path.join(root, 'dist/src/cli/main.js');
  process.argv = [process.argv[0], main, ...args];
  await import(main);
}

/** Time since `started` (Date.now()), as "1.2 s". */
export function seconds(started) {
  return `${((Date.now() - started) / 1000).toFixed(1)} s`;
}

/** The hash of files and folders: of every file its path and its content. */
export function hashOf(inputs) {
  const hash = createHash('sha256').update(process.versions.node.split('.')[0]);
  for (const input of inputs)
    for (const file of filesOf(input))
      hash
        .update(`${path.relative(root, file)}\0`)
        .update(fs.readFileSync(file))
        .update('\0');
  return hash.digest('hex');
}

/** Every file of a folder and its folders in a stable order; a file gives itself, nothing gives nothing. */
function filesOf(input) {
  const entry = fs.statSync(input, { throwIfNoEntry: false });
  if (!entry) return [];
  if (!entry.isDirectory()) return [input];
  return fs
    .readdirSync(input)
    .sort()
    .filter((name) => !name.startsWith('.') && name !== 'node_modules')
    .flatMap((name) => filesOf(path.join(input, name)));
}

/** Whether someone's own `npm install` already put there what package-lock.json asks for. */
function installedByHand(lock) {
  const text = readText(path.join(root, 'node_modules/.package-lock.json'));
  if (text === undefined) return false;
  const there = JSON.parse(text).packages;
  return Object.entries(lock.packages).every(
    ([place, wanted]) => place === '' || there[place]?.version === wanted.version || (!there[place] && wanted.optional),
  );
}

function run([command, ...args], message) {
  // Standard output belongs to what the command prepares for: `npm run parkhub -- schema > file` must hold the schema alone.
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (error) fail(`${message} (${error.message})`);
  if (status !== 0) fail(message);
}

function readText(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

function fail(line) {
  say(line);
  process.exit(1);
}
