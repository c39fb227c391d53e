/**
 * What the claims of an access token make of who sent it. The rules are the park's (`viewers` in park.yml); a park without
 * rules takes the viewer as it stands in the claim `parkhub`. A token that keeps no rule is of nobody: refused, not public.
 */
import type { ClaimPath, ClaimRule } from '../config/claimRule.js';
import { type Grant, readGrant } from './grant.js';

/** The claims of a token, as its issuer stated them. */
export type Claims = Readonly<Record<string, unknown>>;

const OWN_CLAIM = 'parkhub';

/** Who the claims are of; undefined where no rule says, or what the rule takes from them is no viewer. */
export function grantOfClaims(claims: Claims, rules: readonly ClaimRule[] | undefined): Grant | undefined {
  return readGrant(rules ? viewerByRule(claims, rules) : claimAt(claims, OWN_CLAIM));
}

function viewerByRule(claims: Claims, rules: readonly ClaimRule[]): unknown {
  const rule = rules.find(({ claim, has }) => isKept(claimAt(claims, claim), has));
  if (!rule) return undefined;
  return Object.fromEntries(Object.entries(rule.viewer).map(([name, value]) => [name, filled(claims, value)]));
}

function isKept(value: unknown, has: string | undefined): boolean {
  if (has === undefined) return value !== undefined && value !== null && value !== false;
  return value === has || (Array.isArray(value) && value.includes(has));
}

function filled(claims: Claims, value: string | readonly string[] | { readonly claim: ClaimPath }): unknown {
  return typeof value === 'object' && 'claim' in value ? claimAt(claims, value.claim) : value;
}

/** Only what the issuer stated itself: nothing that every object has. */
function claimAt(claims: unknown, path: ClaimPath): unknown {
  return [path].flat().reduce<unknown>((value, name) => {
    return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
  }, claims);
}
