/** Who is asking. */

/** How the hub knows who is asking. */
export type Via = 'anonymous' | 'token' | 'oidc' | 'test';

/** What a viewer of the park may be. */
export type ParkRole = 'ANALYST' | 'OPERATOR' | 'ADMIN';

/** Who is asking; `name` is for the trace. SYSTEM is the hub itself, and never comes from a token. */
export type Viewer = { readonly name: string; readonly via: Via } & (
  | { readonly kind: 'PUBLIC' }
  | { readonly kind: 'TENANT'; readonly uscc: string }
  | { readonly kind: 'INVESTOR'; readonly source: string; readonly funds: readonly string[] | 'all' }
  | { readonly kind: 'BANK'; readonly source: string }
  | { readonly kind: 'PARK'; readonly role: ParkRole }
  | { readonly kind: 'SERVICE'; readonly source: string }
  | { readonly kind: 'SYSTEM' }
);

/** Anyone. */
export const PUBLIC: Viewer = { kind: 'PUBLIC', name: 'anonymous', via: 'anonymous' };
