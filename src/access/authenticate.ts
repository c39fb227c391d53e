/** From the Authorization header of a request to who asks. */
import type { OidcTokens } from './oidc.js';
import { UnauthenticatedError } from './refusal.js';
import { type HubTokens, TOKEN_PREFIX } from './tokens.js';
import { publicViewer, type Viewer } from './viewer.js';

/** Who sent a request with this Authorization header; undefined where it has none. Throws an UnauthenticatedError. */
export type Authenticate = (authorization: string | undefined) => Promise<Viewer>;

/** RFC 6750, section 2.1; the scheme in any case, by RFC 9110. */
const BEARER = /^bearer +([A-Za-z0-9._~+/-]+=*) *$/i;
/** Characters of the longest header that is looked at. */
const LONGEST = 8_192;

/**
 * Gives the check of the hub's own tokens and, where there is an issuer, of its access tokens. A header that is there is
 * checked or refused: nobody becomes the public by sending a wrong one.
 */
export function createAuthenticate(tokens: HubTokens, oidc: OidcTokens | undefined): Authenticate {
  return async (authorization) => {
    if (authorization === undefined) return publicViewer;
    const token = authorization.length <= LONGEST ? BEARER.exec(authorization)?.[1] : undefined;
    if (token === undefined) throw new UnauthenticatedError('no bearer token in the header');
    if (token.startsWith(TOKEN_PREFIX)) return tokens.check(token);
    if (!oidc) throw new UnauthenticatedError('not a hub token, and no issuer of access tokens is set');
    return oidc.check(token);
  };
}
