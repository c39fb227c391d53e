/**
 * The public keys of the issuer of access tokens. They are fetched when they are first needed and again every ten
 * minutes, beside the answers; a key that is not among them has them fetched at once, at most every ten seconds, so that
 * tokens with invented keys cannot make the hub ask and ask. While the issuer does not answer, the last keys count, for
 * an hour: as long as an access token is usually good, and no longer than a stolen key should.
 */
import { type CryptoKey, createLocalJWKSet, errors, type FlattenedJWSInput, type JSONWebKeySet, type JWSHeaderParameters } from 'jose';
import { isSafeAddress, type OidcSettings } from '../config/oidcSettings.js';

/** Milliseconds. */
const REFRESH_AFTER = 600_000;
const PAUSE_BETWEEN = 10_000;
const LAST_GOOD_FOR = 3_600_000;
const TIMEOUT = 5_000;
/** Bytes of the largest answer that is read. */
const LARGEST_ANSWER = 256 * 1024;

/** The issuer's keys cannot be had. */
export class KeysUnavailableError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'KeysUnavailableError';
  }
}

interface Kept {
  readonly keys: ReturnType<typeof createLocalJWKSet>;
  readonly at: number;
}

/** The issuer's keys, kept and looked after. */
export class KeySet {
  private kept: Kept | undefined;
  private triedAt = Number.NEGATIVE_INFINITY;
  private fetching: Promise<void> | undefined;

  /** @param onProblem Told when the keys could not be fetched. */
  constructor(
    private readonly settings: OidcSettings,
    private readonly clock: () => Date,
    private readonly onProblem: (error: unknown) => void = () => undefined,
  ) {}

  /** The one key that a token's header names. Throws a KeysUnavailableError, or jose's error where there is no such key. */
  async keyOf(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> {
    const kept = await this.inForce();
    try {
      return await kept.keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !this.mayFetch()) throw error;
      await this.fetch();
      return (await this.inForce()).keys(header, token);
    }
  }

  private async inForce(): Promise<Kept> {
    const age = this.age();
    if (age >= REFRESH_AFTER && this.mayFetch()) {
      const fetched = this.fetch();
      if (age >= LAST_GOOD_FOR) await fetched;
    }
    if (!this.kept || this.age() >= LAST_GOOD_FOR) throw new KeysUnavailableError("The issuer's keys could not be fetched.");
    return this.kept;
  }

  private age(): number {
    return this.kept ? this.clock().getTime() - this.kept.at : Number.POSITIVE_INFINITY;
  }

  /** A fetch that is under way may always be waited for. */
  private mayFetch(): boolean {
    return this.fetching !== undefined || this.clock().getTime() - this.triedAt >= PAUSE_BETWEEN;
  }

  private fetch(): Promise<void> {
    this.fetching ??= this.fetchNow().finally(() => {
      this.fetching = undefined;
    });
    return this.fetching;
  }

  /** Fails for nobody: what could not be fetched is as it was. */
  private async fetchNow(): Promise<void> {
    this.triedAt = this.clock().getTime();
    try {
      const set = await inTime(async (signal) => readJson(this.settings.jwksUrl ?? (await discovered(this.settings.issuer, signal)), signal));
      // A key that both sides know has no place here: whoever reads it could sign with it.
      const keys = (set as Partial<JSONWebKeySet>).keys?.filter(({ kty }) => kty !== 'oct') ?? [];
      if (keys.length === 0) throw new KeysUnavailableError('Expected a set of keys, but got one without a public key.');
      this.kept = { keys: createLocalJWKSet({ keys }), at: this.triedAt };
    } catch (error) {
      this.onProblem(error);
    }
  }
}

/**
 * What the work gives within five seconds. Nobody waits for it then: on Node 20 a signal that only `fetch` holds, or the
 * request that follows it, may be collected as garbage, and what it should end would go on for ever.
 */
async function inTime<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new KeysUnavailableError(`Expected an answer of the issuer within ${TIMEOUT} ms, but got none.`);
      controller.abort(error);
      reject(error);
    }, TIMEOUT);
  });
  try {
    return await Promise.race([work(controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Where the issuer says that its keys are (OpenID Connect Discovery 1.0, section 4). */
async function discovered(issuer: string, signal: AbortSignal): Promise<string> {
  const stated = (await readJson(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, signal)) as { issuer?: unknown; jwks_uri?: unknown };
  // Section 4.3: another's document must not speak for this issuer.
  if (stated.issuer !== issuer) throw new KeysUnavailableError(`Expected the configuration of the issuer ${issuer}, but got that of another.`);
  if (typeof stated.jwks_uri !== 'string' || !isSafeAddress(stated.jwks_uri))
    throw new KeysUnavailableError('Expected a jwks_uri that begins with https://, but got another.');
  return stated.jwks_uri;
}

/** An object of JSON at an address: no redirect is followed, and nothing read beyond a bound. */
async function readJson(url: string, signal: AbortSignal): Promise<object> {
  const response = await fetch(url, { redirect: 'error', signal, headers: { accept: 'application/json' } });
  if (response.status !== 200 || !response.body) {
    await response.body?.cancel();
    throw new KeysUnavailableError(`Expected the status 200 of ${url}, but got: ${response.status}.`);
  }
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of response.body as AsyncIterable<Uint8Array>) {
    size += piece.length;
    if (size > LARGEST_ANSWER) throw new KeysUnavailableError(`Expected at most ${LARGEST_ANSWER} bytes of ${url}, but got more.`);
    pieces.push(piece);
  }
  const value: unknown = JSON.parse(Buffer.concat(pieces).toString('utf8'));
  if (typeof value !== 'object' || value === null) throw new KeysUnavailableError(`Expected an object of JSON of ${url}, but got another value.`);
  return value;
}
