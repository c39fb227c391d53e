/**
 * Authorizations 授权: a company's dated, revocable consent that a partner reads named data of it for a named purpose.
 *
 * The rule is that of 征信业管理条例 (Regulation on the Credit Reporting Industry, State Council 631, in force 2013-03-15):
 * who queries needs the written consent of whom it queries about, and an agreed purpose (art. 18); it may use what it
 * reads for that purpose only, and pass it on to nobody (art. 20); users of the credit database need the company's written
 * consent (art. 28); who gives credit data to the database or to any other party needs it beforehand (art. 29).
 *
 * An authorization is what happened to it: it was asked for, granted, revoked. Its state follows from that and from the
 * day. Days are those of Asia/Shanghai, ISO texts, both ends included.
 */

/** What a consent is about. */
export const SCOPES = ['IDENTITY', 'OPERATING', 'INTELLECTUAL_PROPERTY', 'FINANCING', 'CREDIT'] as const;
export type Scope = (typeof SCOPES)[number];

/** What the data may be used for. */
export const PURPOSES = ['BEFORE_LENDING', 'DURING_LENDING', 'AFTER_LENDING', 'DUE_DILIGENCE', 'PORTFOLIO_MONITORING'] as const;
export type Purpose = (typeof PURPOSES)[number];

/**
 * AWAITING: asked for, and the company has not answered. AUTHORISED: the company consented; in force from its first day to
 * its last. REVOKED: the company took it back, or refused. EXPIRED: its last day is over, whether it was granted or not.
 */
export type AuthorizationState = 'AWAITING' | 'AUTHORISED' | 'REVOKED' | 'EXPIRED';

/** What is consented to. */
export interface Terms {
  readonly scopes: readonly Scope[];
  readonly purpose: Purpose;
  readonly validFrom: string;
  readonly validTo: string;
}

/** What happened to an authorization. */
export type Happening =
  | { readonly kind: 'REQUESTED'; readonly terms: Terms }
  /** With the SHA-256 of the signed document, in 64 small hexadecimal digits. */
  | { readonly kind: 'GRANTED'; readonly terms: Terms; readonly documentHash: string }
  | { readonly kind: 'REVOKED' };

/** An authorization as its happenings made it. */
export interface Standing {
  /** Those asked for; those granted once it is. */
  readonly terms: Terms;
  readonly documentHash: string | null;
  readonly revoked: boolean;
}

/** Why something may not happen. A `field` is wrong, or the state is not one in which it may. */
export type Refusal =
  | { readonly problem: 'FIELD'; readonly field: keyof Terms | 'documentHash'; readonly expected: string }
  | { readonly problem: 'STATE'; readonly expected: string };

const SHA256 = /^[0-9a-f]{64}$/;

/** The state on a day. */
export function stateOf(standing: Standing, today: string): AuthorizationState {
  if (standing.revoked) return 'REVOKED';
  if (standing.terms.validTo < today) return 'EXPIRED';
  return standing.documentHash === null ? 'AWAITING' : 'AUTHORISED';
}

/** Whether it lets its grantee read on a day: it is granted, not revoked, and the day is within its own. */
export function inForce(standing: Standing, today: string): boolean {
  return stateOf(standing, today) === 'AUTHORISED' && standing.terms.validFrom <= today;
}

/**
 * The standing after something happens on a day, or why it may not: an ask or a grant without one begins it; an ask may be
 * granted, in whole or in part, until its last day; an ask or a grant may be revoked, once, until then.
 */
export function standingAfter(standing: Standing | undefined, happening: Happening, today: string): Standing | Refusal {
  if (happening.kind === 'REVOKED') {
    const state = standing && stateOf(standing, today);
    if (!standing || (state !== 'AWAITING' && state !== 'AUTHORISED')) return { problem: 'STATE', expected: 'one that is AWAITING or AUTHORISED' };
    return { ...standing, revoked: true };
  }
  const { terms } = happening;
  const wrong = termsRefused(terms, today);
  if (wrong) return wrong;
  if (happening.kind === 'REQUESTED') {
    return standing ? { problem: 'STATE', expected: 'a new one' } : { terms: inOrder(terms), documentHash: null, revoked: false };
  }
  const { documentHash } = happening;
  if (!SHA256.test(documentHash)) return { problem: 'FIELD', field: 'documentHash', expected: 'the SHA-256 of the signed document, 64 hexadecimal digits' };
  if (standing) {
    if (stateOf(standing, today) !== 'AWAITING') return { problem: 'STATE', expected: 'one that is AWAITING' };
    const beyond = beyondAsked(standing.terms, terms);
    if (beyond) return beyond;
  }
  return { terms: inOrder(terms), documentHash, revoked: false };
}

/** Whether an answer of `standingAfter` is a refusal. */
export function isRefusal(answer: Standing | Refusal): answer is Refusal {
  return 'problem' in answer;
}

function termsRefused({ scopes, validFrom, validTo }: Terms, today: string): Refusal | undefined {
  if (scopes.length === 0) return { problem: 'FIELD', field: 'scopes', expected: 'at least one' };
  if (validTo < validFrom) return { problem: 'FIELD', field: 'validTo', expected: `a day not before validFrom, ${validFrom}` };
  if (validTo < today) return { problem: 'FIELD', field: 'validTo', expected: `a day not before today, ${today}` };
  return undefined;
}

/** A company may consent to less than was asked for, and to nothing else. */
function beyondAsked(asked: Terms, granted: Terms): Refusal | undefined {
  if (granted.purpose !== asked.purpose) return { problem: 'FIELD', field: 'purpose', expected: `that which was asked for, ${asked.purpose}` };
  if (!granted.scopes.every((scope) => asked.scopes.includes(scope)))
    return { problem: 'FIELD', field: 'scopes', expected: `some of those asked for, ${asked.scopes.join(', ')}` };
  if (granted.validFrom < asked.validFrom) return { problem: 'FIELD', field: 'validFrom', expected: `a day not before that asked for, ${asked.validFrom}` };
  if (granted.validTo > asked.validTo) return { problem: 'FIELD', field: 'validTo', expected: `a day not after that asked for, ${asked.validTo}` };
  return undefined;
}

function inOrder(terms: Terms): Terms {
  return { ...terms, scopes: SCOPES.filter((scope) => terms.scopes.includes(scope)) };
}
