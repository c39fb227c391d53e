/**
 * Stands in for the systems of the two partners whose books the demonstration reads over HTTP: one small server on
 * loopback that answers as those partners would. It is no part of the hub, which knows only an address and a token.
 *
 * The rows are made up. A data file (`data/spdb.json`) holds `{"resources": {"/v1/loans": [row, …]}}`.
 *
 * Alone: `node dist/demo/partner-api/server.js [port]` prints the variables that the hub needs and serves until it is stopped.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type PageOfRows, type Partner, partners } from './partners.js';
import { BadRequest, pageOf, rowsOfKeys } from './rows.js';

/** What the stand-in is started with. */
export interface PartnerApiOptions {
  /** The folder of `spdb.json` and `huayu.json`. */
  readonly dataFolder: string;
  /** By partner; a random one for each that is not given. */
  readonly tokens?: Readonly<Partial<Record<string, string>>>;
  /** 0 for any that is free. */
  readonly port?: number;
}

/** A stand-in that runs. */
export interface PartnerApi {
  /** Without the partner's own segment. */
  readonly url: string;
  /** What the hub is to find in its environment: SPDB_API_URL, SPDB_API_TOKEN, HUAYU_API_URL, HUAYU_API_TOKEN. */
  readonly environment: Record<string, string>;
  close(): Promise<void>;
}

type Resources = Readonly<Record<string, readonly unknown[]>>;

/** Starts the stand-in on loopback. Throws when a data file is missing or is none, or the port is taken. */
export async function startPartnerApi(options: PartnerApiOptions): Promise<PartnerApi> {
  // A GET for a thousand keys is longer than the 16 KiB that Node allows for.
  const server = Fastify({ forceCloseConnections: true, http: { maxHeaderSize: 64 * 1024 } });
  const tokens = new Map<string, string>();
  for (const partner of partners) {
    const token = options.tokens?.[partner.name] ?? randomBytes(24).toString('base64url');
    tokens.set(partner.name, token);
    serve(server, partner, token, await readResources(join(options.dataFolder, `${partner.name}.json`)));
  }
  const url = await server.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  const environment: Record<string, string> = {};
  for (const [name, token] of tokens) {
    environment[`${name.toUpperCase()}_API_URL`] = `${url}/${name}`;
    environment[`${name.toUpperCase()}_API_TOKEN`] = token;
  }
  return { url, environment, close: () => server.close() };
}

function serve(server: FastifyInstance, partner: Partner, token: string, resources: Resources): void {
  const authorised = (request: FastifyRequest, reply: FastifyReply, give: () => PageOfRows): unknown => {
    if (!isToken(request.headers.authorization, token)) return reply.code(401).send({ error: 'token missing or wrong' });
    try {
      return partner.envelope(give());
    } catch (error) {
      if (error instanceof BadRequest) return reply.code(400).send({ error: error.message });
      throw error;
    }
  };
  for (const [path, rows] of Object.entries(resources)) {
    server.get(`/${partner.name}${path}`, (request, reply) => authorised(request, reply, () => answerGet(partner, rows, request)));
    if (partner.batchSegment) {
      server.post(`/${partner.name}${path}/${partner.batchSegment}`, (request, reply) => authorised(request, reply, () => answerPost(partner, rows, request)));
    }
  }
}

function answerGet(partner: Partner, rows: readonly unknown[], request: FastifyRequest): PageOfRows {
  const query = new Map(new URL(request.url, 'http://127.0.0.1').searchParams);
  const { paging } = partner;
  const pagingNames = [paging.size, paging.style === 'page' ? paging.number : paging.cursor];
  const [parameter, ...others] = [...query.keys()].filter((name) => !pagingNames.includes(name));
  if (parameter === undefined) return pageOf(partner, rows, query);
  if (partner.batchSegment || others.length > 0) throw new BadRequest(`unknown parameter ${others[0] ?? parameter}`);
  return rowsOfKeys(partner, rows, parameter, query.get(parameter)?.split(',').filter(Boolean));
}

function answerPost(partner: Partner, rows: readonly unknown[], request: FastifyRequest): PageOfRows {
  const [entry, ...others] = Object.entries(typeof request.body === 'object' && request.body !== null ? request.body : {});
  if (!entry || others.length > 0) throw new BadRequest('expected an object with one list of keys');
  return rowsOfKeys(partner, rows, entry[0], entry[1]);
}

function isToken(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '');
  const expected = Buffer.from(`Bearer ${token}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

async function readResources(path: string): Promise<Resources> {
  const json: unknown = JSON.parse(await readFile(path, 'utf8'));
  const resources = typeof json === 'object' && json !== null && 'resources' in json ? json.resources : undefined;
  const isMap =
    typeof resources === 'object' && resources !== null && Object.entries(resources).every(([name, rows]) => name.startsWith('/') && Array.isArray(rows));
  if (!isMap) throw new Error(`${path}: expected {"resources": {"/path": [rows]}}.`);
  return resources as Resources;
}

/** The folder of the demonstration's rows, seen from the source as from the build. */
export function demonstrationData(): string {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const beside = join(here, 'data');
  return existsSync(beside) ? beside : resolve(here, '../../../demo/partner-api/data');
}

if (process.argv[1] !== undefined && fileURLToPath(import.meta.url) === resolve(process.argv[1])) {
  const api = await startPartnerApi({ dataFolder: demonstrationData(), port: Number(process.argv[2] ?? 0) });
  for (const [name, value] of Object.entries(api.environment)) console.log(`${name}=${value}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void api.close());
}
