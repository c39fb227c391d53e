/** `parkhub export`: the rows of one list of a running hub, as a file. A client of the hub like any other: its rules, rates and trace hold. */
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import fs from 'node:fs/promises';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { readEnvironment } from '../config/environment.js';
import { isSafeAddress } from '../config/oidcSettings.js';
import { RowCounter } from './exportRows.js';
import { CommandFailure } from './failure.js';
import type { Terminal } from './terminal.js';

/** The options of `parkhub export`. */
export interface ExportOptions {
  /** The hub's address. */
  readonly url: string;
  /** The file of the document; "-" for standard input. */
  readonly query: string;
  /** JSON. */
  readonly variables?: string;
  readonly operation?: string;
  readonly format?: 'csv' | 'jsonl';
  /** The file to write; standard output unless told. */
  readonly out?: string;
  /** The variable that holds the token. */
  readonly tokenEnv?: string;
}

const mediaTypes = { csv: 'text/csv', jsonl: 'application/x-ndjson' } as const;
/** The variable that holds the token, unless told. */
const TOKEN = 'PARKHUB_TOKEN';

/** What of a refusal is read. */
interface Refusal {
  readonly errors?: readonly { readonly message?: unknown; readonly extensions?: { readonly code?: unknown } }[];
}

/**
 * Asks the hub for an export and writes it. A file is there when it is whole, and not before; what it was before stays until then.
 * @throws CommandFailure brokenOff, where the hub cannot be reached or the export broke off; sources, where a source cannot give
 *   all its rows; refused, where the hub refuses for another reason; wrongUse.
 */
export async function exportCommand(options: ExportOptions, terminal: Terminal): Promise<void> {
  const format = options.format ?? (options.out?.toLowerCase().endsWith('.jsonl') ? 'jsonl' : 'csv');
  const request = { query: await documentOf(options.query), variables: variablesOf(options.variables), operationName: options.operation };
  const headers = { 'content-type': 'application/json', accept: mediaTypes[format], ...authorizationOf(options) };
  const response = await ask(options.url, { method: 'POST', headers, body: JSON.stringify(request), redirect: 'error' });
  if (response.status !== 200 || !response.body) throw await refusalOf(response);
  const body = response.body;
  const counter = new RowCounter(format);
  const rows = (): string => `${counter.rows} ${counter.rows === 1 ? 'row' : 'rows'}`;
  await terminal.progress('Exporting …', async (tell) => {
    counter.told = () => tell(`Exporting … ${rows()}`);
    await written(options.out, async (target) => {
      try {
        await pipeline(Readable.fromWeb(body), counter, target, { end: target !== process.stdout });
        counter.check();
      } catch (error) {
        if (isOfFile(error)) throw error;
        throw new CommandFailure('brokenOff', `The export broke off after ${rows()}: ${counter.reason ?? 'the connection was closed'}. Ask again.`, {
          cause: error,
        });
      }
    });
  });
  for (const note of notesOf(response.headers.get('x-parkhub-notes'))) terminal.note(note);
  if (options.out !== undefined) terminal.note(`Wrote ${options.out}: ${rows()}.`);
}

async function documentOf(file: string): Promise<string> {
  if (file === '-') return text(process.stdin);
  return fs.readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CommandFailure('wrongUse', `Expected --query to be a file that can be read, but got: ${file} (${error.code}).`, { cause: error });
  });
}

function variablesOf(json: string | undefined): unknown {
  if (json === undefined) return undefined;
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new CommandFailure('wrongUse', 'Expected --variables to be JSON, such as {"since": "2021-01-01"}, but got: something else.', { cause: error });
  }
}

function authorizationOf({ url, tokenEnv }: ExportOptions): { authorization?: string } {
  const token = readEnvironment().secret(tokenEnv ?? TOKEN);
  if (token === undefined && tokenEnv !== undefined) throw new CommandFailure('wrongUse', `Expected a token in the variable ${tokenEnv}, but it is not set.`);
  if (token === undefined) return {};
  if (!isSafeAddress(url))
    throw new CommandFailure('wrongUse', `--url: expected https:// (or http:// on this machine itself), for a token is sent, but got: ${url}.`);
  return { authorization: `Bearer ${token}` };
}

async function ask(url: string, init: RequestInit): Promise<Response> {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (!address || !/^https?:$/.test(address.protocol))
    throw new CommandFailure('wrongUse', `--url: expected the address of a hub, such as http://127.0.0.1:4000, but got: ${url}.`);
  address.pathname = `${address.pathname.replace(/\/$/, '')}/export`;
  return fetch(address, init).catch((error: unknown) => {
    throw new CommandFailure('brokenOff', `Expected a hub at ${url}, but it cannot be reached.`, { cause: error });
  });
}

async function refusalOf(response: Response): Promise<CommandFailure> {
  const body = (await response.json().catch(() => ({}))) as Refusal;
  const [error] = body.errors ?? [];
  const after = response.headers.get('retry-after');
  const message = typeof error?.message === 'string' ? error.message : `Expected a file, but the hub answered with the status ${response.status}.`;
  const isOfSource = String(error?.extensions?.code).startsWith('SOURCE_');
  return new CommandFailure(isOfSource ? 'sources' : 'refused', after === null || message.includes('again') ? message : `${message} Ask again in ${after} s.`);
}

/** What the hub says of the whole, beside the rows. */
function notesOf(header: string | null): string[] {
  if (header === null) return [];
  const { leftOut = [], sources = [] } = JSON.parse(header) as { leftOut?: string[]; sources?: { sourceId: string; state: string; asOf: string | null }[] };
  return [
    ...leftOut.map((name) => (name.endsWith('.*') ? `Left out: every row of ${name.slice(0, -2)}.` : `Left out: rows in which ${name} is hidden.`)),
    ...sources.map(({ sourceId, state, asOf }) => `${sourceId}: ${state}${asOf === null ? '' : `, as of ${asOf}`}.`),
  ];
}

/** Writes to a file beside the one that is wanted, which takes its place when all is written; nobody else may read it. */
async function written(out: string | undefined, write: (target: NodeJS.WritableStream) => Promise<void>): Promise<void> {
  if (out === undefined) return write(process.stdout);
  const part = `${out}.${randomBytes(4).toString('hex')}.part`;
  try {
    await write(createWriteStream(part, { flags: 'wx', mode: 0o600 }));
    await fs.rename(part, out);
  } catch (error) {
    await fs.rm(part, { force: true }).catch(() => undefined);
    if (!isOfFile(error)) throw error;
    throw new CommandFailure('wrongUse', `Expected --out to be a file that can be written, but got: ${out} (${error.code}).`, { cause: error });
  }
}

/** An error of the file system, and not of the connection. */
function isOfFile(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && ['open', 'write', 'rename', 'close'].includes(String(error.syscall));
}
