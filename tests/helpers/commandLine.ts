/** Runs `parkhub` as a person does: the built command line, in a process of its own. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The folder of the clone. */
export const root = path.resolve(import.meta.dirname, '../..');

const main = path.join(root, 'dist/src/cli/main.js');

/** What a command left. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Builds the command line where it is out of date; quick where it is not. For beforeAll. */
export function build(): void {
  // Builds and installs nothing: a test must not change the packages that it runs on.
  const script = "import { build } from './scripts/lib/prepare.mjs'; build();";
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`Expected the hub to build, but got:\n${stderr}`);
}

/** The variables of a command: none of this process's own settings, a store of its own. */
function environmentOf(variables: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, TMPDIR, LOG_LEVEL: 'error', ...variables };
}

/** Runs a command to its end; it is killed, and gives the code null, when it takes longer than 30 s. */
export async function run(args: readonly string[], variables: Readonly<Record<string, string>> = {}, cwd = root): Promise<Finished> {
  const child = start(args, variables, cwd);
  const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
  const output = collect(child);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(timer);
  return { code, ...output() };
}

/** The header of whoever holds a token that is issued with these options, such as `--bank icbc`. */
export async function asViewer(park: string, variables: Readonly<Record<string, string>>, ...holder: readonly string[]): Promise<{ authorization: string }> {
  const { code, stdout, stderr } = await run(['token', 'issue', park, '--name', 'test', '--json', ...holder], variables);
  if (code !== 0) throw new Error(`Expected a token, but got:\n${stderr}`);
  return { authorization: `Bearer ${(JSON.parse(stdout) as { token: string }).token}` };
}

/** A hub that serves: where it is, and what it has printed so far. */
export interface Serving {
  readonly url: string;
  output(): { stdout: string; stderr: string };
  /** Waits until standard output matches. */
  printed(pattern: RegExp): Promise<void>;
  /** Sends the signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Finished>;
}

/** Starts `parkhub serve` on any free port and waits until it says where it is. Throws what it printed when it ends before. */
export async function serve(park: string, variables: Readonly<Record<string, string>> = {}, args: readonly string[] = ['--port', '0']): Promise<Serving> {
  const child = start(['serve', park, ...args], variables, root);
  const output = collect(child);
  const closed = once(child, 'close') as Promise<[number | null]>;
  const printed = async (pattern: RegExp): Promise<void> => {
    const deadline = Date.now() + 30_000;
    while (!pattern.test(output().stdout)) {
      if (child.exitCode !== null || Date.now() > deadline)
        throw new Error(`Expected the hub to print ${pattern}, but got:\n${output().stdout}\n${output().stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  try {
    await printed(/http:\S+\/graphql/);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  const url = /(http:\S+)\/graphql/.exec(output().stdout)?.[1] ?? '';
  return {
    url,
    output,
    printed,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      const [code] = await closed;
      return { code, ...output() };
    },
  };
}

/** A new folder below the system's own for such things; `remove` takes it away. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'parkhub-cli-'));
  return { path: folder, remove: () => fs.rmSync(folder, { recursive: true, force: true }) };
}

function start(args: readonly string[], variables: Readonly<Record<string, string>>, cwd: string): ChildProcess {
  return spawn(process.execPath, [main, ...args], { cwd, env: environmentOf(variables), stdio: ['ignore', 'pipe', 'pipe'] });
}

function collect(child: ChildProcess): () => { stdout: string; stderr: string } {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  return () => ({ stdout, stderr });
}
