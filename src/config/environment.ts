/**
 * The only reader of the process's environment: the hub's own few settings, and the secrets that source.yml names.
 * A secret is handed out by name and never printed, listed or serialised.
 */
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import { isSafeAddress, type OidcSettings, SIGNATURES } from './oidcSettings.js';

/** The settings of a hub that do not live in the park's folder. */
export interface Settings {
  /** The port to serve on; PORT. */
  readonly port: number;
  /** The address to listen on; PARKHUB_HOST. */
  readonly host: string;
  /** The folder of the hub's own data, absolute; PARKHUB_STORE. */
  readonly store: string;
  /** The least level that is logged; LOG_LEVEL. */
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** Whose access tokens are taken; undefined: nobody's. PARKHUB_OIDC_*. */
  readonly oidc: OidcSettings | undefined;
  /** Who may ask about the schema; in a demonstration all, else none unless told; PARKHUB_INTROSPECTION. */
  readonly introspection: 'all' | 'park' | 'none' | undefined;
  /** Whether the Playground is served; in a demonstration it is, else not unless told; PARKHUB_PLAYGROUND. */
  readonly playground: boolean | undefined;
  /** Only the operations of the manifest are answered; PARKHUB_OPERATIONS=persisted. */
  readonly onlyPersisted: boolean;
  /** The file of the persisted operations, absolute; that of the hub's own front end unless told; PARKHUB_MANIFEST. */
  readonly manifest: string | undefined;
  /** Operations a minute of one viewer; 0 for no bound; PARKHUB_RATE. */
  readonly rate: number;
  /** Operations of one viewer that run at once; 0 for no bound; PARKHUB_AT_ONCE. */
  readonly atOnce: number;
  /** Other origins whose pages may ask; PARKHUB_CORS_ORIGINS, with commas between them. */
  readonly corsOrigins: readonly string[];
  /** Addresses of the proxies in front, whose X-Forwarded-For is believed; PARKHUB_PROXIES, with commas between them. */
  readonly proxies: readonly string[];
  /** The files of a certificate and its key, absolute; PARKHUB_TLS_CERT and PARKHUB_TLS_KEY. */
  readonly tls: { readonly certificate: string; readonly key: string } | undefined;
}

/** What the hub knows of the environment that it runs in. */
export interface Environment {
  readonly settings: Settings;
  /** The value of a variable that source.yml names; undefined where it is not set or empty. */
  secret(name: string): string | undefined;
  /** The same environment with some variables set otherwise; undefined unsets. Throws an EnvironmentError as `createEnvironment` does. */
  overlay(variables: Variables): Environment;
}

/** Variables by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** Variables that are not what the hub needs; the message names each, one a line. */
export class EnvironmentError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'EnvironmentError';
  }
}

const address = z.string().max(2_000).refine(isSafeAddress);
const listOf = (item: z.ZodString) =>
  z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(item).max(100));
const count = z
  .string()
  .regex(/^\d{1,7}$/)
  .transform(Number);
// biome-ignore lint/suspicious/noControlCharactersInRegex: no path holds the NUL character
const path = z.string().regex(/^[^\u0000]{1,4000}$/);

const settingsSchema = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .refine((port) => port <= 65_535)
    .default(4000),
  PARKHUB_HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:_-]{1,253}$/)
    .default('127.0.0.1'),
  PARKHUB_STORE: path.default('.parkhub'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  PARKHUB_OIDC_ISSUER: address.optional(),
  PARKHUB_OIDC_AUDIENCE: z
    .string()
    .regex(/^[^\p{C}]{1,500}$/u)
    .optional(),
  PARKHUB_OIDC_JWKS_URL: address.optional(),
  PARKHUB_OIDC_ALGORITHMS: z
    .string()
    .transform((text) => text.split(',').map((name) => name.trim()))
    .pipe(z.array(z.enum(SIGNATURES)).min(1))
    .optional(),
  PARKHUB_INTROSPECTION: z.enum(['all', 'park', 'none']).optional(),
  PARKHUB_PLAYGROUND: z.enum(['on', 'off']).optional(),
  PARKHUB_OPERATIONS: z.enum(['any', 'persisted']).default('any'),
  PARKHUB_MANIFEST: path.optional(),
  PARKHUB_RATE: count.default(1_200),
  PARKHUB_AT_ONCE: count.default(32),
  PARKHUB_CORS_ORIGINS: listOf(z.string().refine(isOrigin)).default([]),
  PARKHUB_PROXIES: listOf(z.string().refine(isAddress)).default([]),
  PARKHUB_TLS_CERT: path.optional(),
  PARKHUB_TLS_KEY: path.optional(),
});

const expectations: Record<keyof z.infer<typeof settingsSchema>, string> = {
  PORT: 'a port number between 0 and 65535',
  PARKHUB_HOST: 'a host name or an IP address',
  PARKHUB_STORE: 'the path of a folder',
  LOG_LEVEL: 'one of fatal, error, warn, info, debug, trace, silent',
  PARKHUB_OIDC_ISSUER: 'the address of an issuer, beginning with https:// (or http:// on this machine itself)',
  PARKHUB_OIDC_AUDIENCE: 'the name that the issuer knows this hub by',
  PARKHUB_OIDC_JWKS_URL: "the address of the issuer's keys, beginning with https:// (or http:// on this machine itself)",
  PARKHUB_OIDC_ALGORITHMS: `some of ${SIGNATURES.join(', ')}, with commas between them`,
  PARKHUB_INTROSPECTION: 'all, park or none',
  PARKHUB_PLAYGROUND: 'on or off',
  PARKHUB_OPERATIONS: 'any or persisted',
  PARKHUB_MANIFEST: 'the path of a file',
  PARKHUB_RATE: 'operations a minute, 0 for no bound',
  PARKHUB_AT_ONCE: 'operations at once, 0 for no bound',
  PARKHUB_CORS_ORIGINS: 'origins as browsers send them ("https://board.example.cn"), with commas between them',
  PARKHUB_PROXIES: 'IP addresses or networks ("10.0.0.0/8"), with commas between them',
  PARKHUB_TLS_CERT: 'the path of a file, with PARKHUB_TLS_KEY',
  PARKHUB_TLS_KEY: 'the path of a file, with PARKHUB_TLS_CERT',
};

/** An origin as a browser writes it: scheme, host and port, nothing behind. */
function isOrigin(text: string): boolean {
  return /^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : '') && new URL(text).origin === text;
}

function isAddress(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const most = isIP(address) === 4 ? 32 : isIP(address) === 6 ? 128 : -1;
  return more.length === 0 && most > 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most));
}

/** The environment of this process. Throws an EnvironmentError that names every setting that is wrong. */
export function readEnvironment(): Environment {
  return createEnvironment(process.env);
}

/** An environment of the given variables; an empty one counts as not set. Throws an EnvironmentError that names every setting that is wrong. */
export function createEnvironment(variables: Variables): Environment {
  const given = new Map(Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''));
  const parsed = settingsSchema.safeParse(Object.fromEntries(given));
  if (!parsed.success) {
    throw new EnvironmentError(
      parsed.error.issues.map(({ path }) => {
        const name = String(path[0]) as keyof typeof expectations;
        return `${name}: expected ${expectations[name]}, but got: ${JSON.stringify(given.get(name)?.slice(0, 80))}`;
      }),
    );
  }
  const { data } = parsed;
  const [certificate, key] = [data.PARKHUB_TLS_CERT, data.PARKHUB_TLS_KEY];
  if ((certificate === undefined) !== (key === undefined)) {
    const missing = key === undefined ? 'PARKHUB_TLS_KEY' : 'PARKHUB_TLS_CERT';
    throw new EnvironmentError([`${missing}: expected ${expectations[missing]}, but it is not set.`]);
  }
  return {
    settings: {
      port: data.PORT,
      host: data.PARKHUB_HOST,
      store: resolve(data.PARKHUB_STORE),
      logLevel: data.LOG_LEVEL,
      oidc: oidcOf(data),
      introspection: data.PARKHUB_INTROSPECTION,
      playground: data.PARKHUB_PLAYGROUND && data.PARKHUB_PLAYGROUND === 'on',
      onlyPersisted: data.PARKHUB_OPERATIONS === 'persisted',
      manifest: data.PARKHUB_MANIFEST && resolve(data.PARKHUB_MANIFEST),
      rate: data.PARKHUB_RATE,
      atOnce: data.PARKHUB_AT_ONCE,
      corsOrigins: data.PARKHUB_CORS_ORIGINS,
      proxies: data.PARKHUB_PROXIES,
      tls: certificate && key ? { certificate: resolve(certificate), key: resolve(key) } : undefined,
    },
    secret: (name) => given.get(name),
    overlay: (others) => createEnvironment({ ...Object.fromEntries(given), ...others }),
  };
}

/** An issuer without an audience would let tokens in that were made for others. */
function oidcOf(given: z.output<typeof settingsSchema>): OidcSettings | undefined {
  const { PARKHUB_OIDC_ISSUER: issuer, PARKHUB_OIDC_AUDIENCE: audience, PARKHUB_OIDC_JWKS_URL: jwksUrl, PARKHUB_OIDC_ALGORITHMS: named } = given;
  if (issuer !== undefined && audience !== undefined) return { issuer, audience, jwksUrl, algorithms: named ?? SIGNATURES };
  const missing = issuer === undefined ? 'PARKHUB_OIDC_ISSUER' : 'PARKHUB_OIDC_AUDIENCE';
  if ([issuer, audience, jwksUrl, named].every((value) => value === undefined)) return undefined;
  throw new EnvironmentError([`${missing}: expected ${expectations[missing]}, beside the other settings PARKHUB_OIDC_*, but got: none`]);
}
