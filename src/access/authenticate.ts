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

/** What the partners of a park's sources are, by the ids of these. */
export type Partners = ReadonlyMap<string, 'bank' | 'investor'>;

/**
 * Gives the check of the hub's own tokens and, where there is an issuer, of its access tokens. A header that is there is
 * checked or refused: nobody becomes the public by sending a wrong one. Neither does anybody become an investor of a source
 * that is a bank's or that the park does not have, whoever made the token say so: every investor sees what is for investors.
 */
export function createAuthenticate(tokens: HubTokens, oidc: OidcTokens | undefined, partners: Partners): Authenticate {
  const check = checkToken(tokens, oidc);
  return async (authorization) => {
    if (authorization === undefined) return publicViewer;
    const viewer = await check(authorization);
    if (!isOfItsKind(viewer, partners)) throw new UnauthenticatedError(`no source of the park is of a partner that is the viewer's kind: ${viewer.kind}`);
    return viewer;
  };
}

function isOfItsKind(viewer: Viewer, partners: Partners): boolean {
  switch (viewer.kind) {
    case 'INVESTOR':
      return partners.get(viewer.source) === 'investor';
    case 'BANK':
      return partners.get(viewer.source) === 'bank';
    case 'SERVICE':
      return partners.has(viewer.source);
    default:
      return true;
  }
}

function checkToken(tokens: HubTokens, oidc: OidcTokens | undefined): (authorization: string) => Promise<Viewer> {
  return async (authorization) => {
    const token = authorization.length <= LONGEST ? BEARER.exec(authorization)?.[1] : undefined;
    if (token === undefined) throw new UnauthenticatedError('no bearer token in the header');
    if (token.startsWith(TOKEN_PREFIX)) return tokens.check(token);
    if (!oidc) throw new UnauthenticatedError('not a hub token, and no issuer of access tokens is set');
    return oidc.check(token);
  };
}
