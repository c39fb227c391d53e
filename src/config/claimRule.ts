/** The form of one rule of `viewers` in a `park.yml`: a claim of an access token, and the viewer that it makes. docs/operations.md walks through it. */
import { z } from 'zod';

/** The name of a claim, or the names on the way to one that lies within others: `[realm_access, roles]`. */
const claim = z.union([z.string().min(1).max(200), z.array(z.string().min(1).max(200)).min(1).max(5)]);
/** A value as it stands, or the claim that holds it. */
const value = z.union([z.string().min(1).max(200), z.strictObject({ claim })]);

/** The form of a rule. */
export const claimRule = z.strictObject({
  /** The claim that a token must have. */
  claim,
  /** What the claim must be, or hold in its list; unless told, that it is there is enough. */
  has: z.string().min(1).max(200).optional(),
  /** Who a token that keeps the rule is from. */
  viewer: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('TENANT'), uscc: value }),
    z.strictObject({ kind: z.literal('INVESTOR'), source: value, funds: z.union([value, z.array(z.string().min(1).max(60)).min(1).max(100)]).default('all') }),
    z.strictObject({ kind: z.literal('BANK'), source: value }),
    z.strictObject({ kind: z.literal('PARK'), role: z.enum(['ANALYST', 'OPERATOR', 'ADMIN']) }),
    z.strictObject({ kind: z.literal('SERVICE'), source: value }),
  ]),
});

export type ClaimRule = z.infer<typeof claimRule>;
export type ClaimPath = z.infer<typeof claim>;
