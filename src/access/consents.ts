/** What tenants have authorised, as far as the rules ask. */
import type { Scope } from '../entities/scope.js';

/** The authorizations in force at the moment of the asking. */
export interface Consents {
  /** USCCs of the tenants whose data of this scope the grantee (the id of a source, or `park`) may read now. */
  authorised(grantee: string, scope: Scope): Promise<ReadonlySet<string>>;
}

/** What held when an operation looked. */
export interface ConsentsOnce extends Consents {
  /** The numbers of the authorizations under which the grantee may read a scope of a company. */
  authorizations(grantee: string): Promise<(uscc: string, scope: Scope) => readonly number[]>;
}

/** Nobody has authorised anybody. */
export const noConsents: Consents = { authorised: async () => new Set() };
