/** Who asks. A viewer is made by the check of a token, or named by code; it says who somebody is, never what they may see. */
import { z } from 'zod';

/** What a token may make of who holds it. */
export type Grant =
  /** An officer of one tenant. */
  | { readonly kind: 'TENANT'; readonly uscc: string }
  /** Somebody at an investor; of some of its funds, by their codes, or all. */
  | { readonly kind: 'INVESTOR'; readonly source: string; readonly funds: readonly string[] | 'all' }
  /** An officer of one bank. */
  | { readonly kind: 'BANK'; readonly source: string }
  | { readonly kind: 'PARK'; readonly role: ParkRole }
  /** A program of a source. */
  | { readonly kind: 'SERVICE'; readonly source: string };

export type ParkRole = 'ANALYST' | 'OPERATOR' | 'ADMIN';

/** Who asks, with what the trace calls them and by what they showed it. */
export type Viewer = (Grant | { readonly kind: 'PUBLIC' }) & {
  readonly name: string;
  readonly via: 'anonymous' | 'token' | 'oidc' | 'test';
};

/** Whoever shows nothing. */
export const PUBLIC: Viewer = { kind: 'PUBLIC', name: 'public', via: 'anonymous' };

/** The park's own register is a source too, and nobody's own: whoever held it would hold the park. */
const source = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,62}$/)
  .refine((id) => id !== 'park');
const fund = z.string().regex(/^[^\p{C}]{1,60}$/u);

/** The form of a grant wherever it comes from outside: a store, a claim. What it does not name it refuses. */
export const grantSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('TENANT'), uscc: z.string().regex(/^[0-9A-HJ-NPQRTUWXY]{18}$/) }),
  z.strictObject({ kind: z.literal('INVESTOR'), source, funds: z.union([z.literal('all'), z.array(fund).min(1).max(100)]) }),
  z.strictObject({ kind: z.literal('BANK'), source }),
  z.strictObject({ kind: z.literal('PARK'), role: z.enum(['ANALYST', 'OPERATOR', 'ADMIN']) }),
  z.strictObject({ kind: z.literal('SERVICE'), source }),
]);

/** Who it is, in a few words: "bank icbc", "park analyst". */
export function describeViewer(viewer: Grant | { readonly kind: 'PUBLIC' }): string {
  switch (viewer.kind) {
    case 'PUBLIC':
      return 'public';
    case 'TENANT':
      return `tenant ${viewer.uscc}`;
    case 'INVESTOR':
      return `investor ${viewer.source}${viewer.funds === 'all' ? '' : ` (${viewer.funds.join(', ')})`}`;
    case 'BANK':
      return `bank ${viewer.source}`;
    case 'PARK':
      return `park ${viewer.role.toLowerCase()}`;
    case 'SERVICE':
      return `service ${viewer.source}`;
  }
}
