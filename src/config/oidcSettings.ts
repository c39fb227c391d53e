/** Whose access tokens the hub takes: the settings PARKHUB_OIDC_* of the environment. */

/** The signatures that a token may have; no others, whatever its header or a key says. */
export const SIGNATURES = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;

export type Signature = (typeof SIGNATURES)[number];

/** The issuer of access tokens. */
export interface OidcSettings {
  /** Exactly as the claim `iss` has it; PARKHUB_OIDC_ISSUER. */
  readonly issuer: string;
  /** The hub's own name among those for whom the issuer makes tokens, as `aud` has it; PARKHUB_OIDC_AUDIENCE. */
  readonly audience: string;
  /** Where the issuer's keys are; PARKHUB_OIDC_JWKS_URL. Unless set, the issuer's own configuration says. */
  readonly jwksUrl: string | undefined;
  /** PARKHUB_OIDC_ALGORITHMS. */
  readonly algorithms: readonly Signature[];
}

/** Whether what comes from an address may be trusted to come from there: https, or this machine itself. */
export function isSafeAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, hash } = new URL(text);
  if (username !== '' || password !== '' || hash !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname));
}
