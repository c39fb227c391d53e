/**
 * Access tokens of an OpenID Connect provider: signed JWTs (RFC 9068, RFC 7519). jose checks the signature and the times;
 * here is what it is asked to check. The header of a token decides nothing but which of the issuer's keys is tried: not
 * whether it is signed, nor by what kind of signature beyond the allowed ones, nor where a key is (`jku`, `jwk`, `x5u`).
 */
import { jwtVerify } from 'jose';
import type { ClaimRule } from '../config/claimRule.js';
import type { OidcSettings } from '../config/oidcSettings.js';
import { grantOfClaims } from './claims.js';
import { KeySet } from './keySet.js';
import { UnauthenticatedError } from './refusal.js';
import type { Viewer } from './viewer.js';

/** How far the clocks of the issuer and of the hub may be apart, in seconds. */
const CLOCK_TOLERANCE = 5;
/** What the header of an access token may call it; many issuers say only that it is a JWT. Id tokens do too, and have another audience. */
const TYPES: ReadonlySet<string> = new Set(['at+jwt', 'jwt']);
const NAME = /^[^\p{C}\p{Zl}\p{Zp}]{1,100}$/u;

/** Checks the access tokens of one issuer. */
export class OidcTokens {
  private readonly keys: KeySet;

  /**
   * @param rules What its claims make of a viewer.
   * @param onProblem Told when the issuer's keys could not be fetched.
   */
  constructor(
    private readonly settings: OidcSettings,
    private readonly rules: readonly ClaimRule[] | undefined,
    private readonly clock: () => Date,
    onProblem?: (error: unknown) => void,
  ) {
    this.keys = new KeySet(settings, clock, onProblem);
  }

  /** Whose token it is. Throws an UnauthenticatedError for one that does not hold. */
  async check(token: string): Promise<Viewer> {
    const { issuer, audience, algorithms } = this.settings;
    try {
      const { payload, protectedHeader } = await jwtVerify(token, (header, parts) => this.keys.keyOf(header, parts), {
        issuer,
        audience,
        algorithms: [...algorithms],
        requiredClaims: ['iss', 'aud', 'exp', 'sub'],
        clockTolerance: CLOCK_TOLERANCE,
        currentDate: this.clock(),
      });
      const type = protectedHeader.typ?.toLowerCase().replace(/^application\//, '');
      if (type !== undefined && !TYPES.has(type)) throw new UnauthenticatedError('an access token of a type that is none');
      // What the trace calls a viewer must be what the issuer never gives to two: neither a name nor an address.
      if (typeof payload.sub !== 'string' || !NAME.test(payload.sub)) throw new UnauthenticatedError('an access token whose subject is no name');
      const grant = grantOfClaims(payload, this.rules);
      if (!grant) throw new UnauthenticatedError('an access token whose claims make no viewer');
      return { ...grant, name: payload.sub, via: 'oidc' };
    } catch (error) {
      if (error instanceof UnauthenticatedError) throw error;
      // Whatever jose, or the key that it was handed, stumbles over: a token that cannot be checked does not hold.
      throw new UnauthenticatedError(`an access token that does not hold: ${error instanceof Error ? error.message : 'for an unknown reason'}`, {
        cause: error,
      });
    }
  }
}
