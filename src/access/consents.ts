/** What tenants have authorised, as far as the rules ask. */
import type { Scope } from '../entities/scope.js';

/** The authorizations in force at the moment of the asking. */
export interface Consents {
  /** USCCs of the tenants whose data of this scope the grantee (the id of a source, or `park`) may read now. */
  authorised(grantee: string, scope: Scope): Promise<ReadonlySet<string>>;
}

/** Nobody has authorised anybody. */
export const noConsents: Consents = { authorised: async () => new Set() };
