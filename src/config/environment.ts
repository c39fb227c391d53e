/**
 * The only reader of the process's environment: the hub's own few settings, and the secrets that source.yml names.
 * A secret is handed out by name and never printed, listed or serialised.
 */
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
  PARKHUB_STORE: z
    .string()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: no path holds the NUL character
    .regex(/^[^\u0000]{1,4000}$/)
    .default('.parkhub'),
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
};

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
  const { PORT, PARKHUB_HOST, PARKHUB_STORE, LOG_LEVEL } = parsed.data;
  return {
    settings: { port: PORT, host: PARKHUB_HOST, store: resolve(PARKHUB_STORE), logLevel: LOG_LEVEL, oidc: oidcOf(parsed.data) },
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
