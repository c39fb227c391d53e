/**
 * Who is asking. A viewer is made of a token by the server, or named by whoever asks the hub from within (the command line,
 * a test, the hub's own jobs). What each kind may see is said in `rules.ts`, and nowhere else.
 */
import { z } from 'zod';

/** How it is known who is asking. `hub`: the hub itself, for its own work. */
export type Via = 'anonymous' | 'token' | 'oidc' | 'test' | 'hub';

/** What is known of every viewer: its name, for the trace, and how it is known. */
interface Named {
  readonly name: string;
  readonly via: Via;
}

/** The roles of the park's staff. */
export const parkRoles = ['ANALYST', 'OPERATOR', 'ADMIN'] as const;
export type ParkRole = (typeof parkRoles)[number];

/** Anyone. */
export type PublicViewer = Named & { readonly kind: 'PUBLIC' };
/** A company of the park, by its USCC. */
export type TenantViewer = Named & { readonly kind: 'TENANT'; readonly uscc: string };
/** A partner investor: its source, and the codes of the funds that it may see there. */
export type InvestorViewer = Named & { readonly kind: 'INVESTOR'; readonly source: string; readonly funds: readonly string[] | 'all' };
/** An officer of a partner bank. */
export type BankViewer = Named & { readonly kind: 'BANK'; readonly source: string };
/** The park's staff. */
export type ParkViewer = Named & { readonly kind: 'PARK'; readonly role: ParkRole };
/** The account of a source itself: its own rows, those set aside, and its runs. */
export type ServiceViewer = Named & { readonly kind: 'SERVICE'; readonly source: string };
/** The hub's own work (surveys, identities, the park's public figures) and tests: sees all. No token makes one. */
export type SystemViewer = Named & { readonly kind: 'SYSTEM' };

/** A viewer that a token can make. */
export type TokenViewer = PublicViewer | TenantViewer | InvestorViewer | BankViewer | ParkViewer | ServiceViewer;
export type Viewer = TokenViewer | SystemViewer;
export type ViewerKind = Viewer['kind'];
/** A viewer before it has a name. */
export type Unnamed<V extends Viewer> = V extends Viewer ? Omit<V, keyof Named> : never;

/** Anyone: who asks without a token. */
export const publicViewer: PublicViewer = { kind: 'PUBLIC', name: 'anonymous', via: 'anonymous' };
/** The hub itself. */
export const hubViewer: SystemViewer = { kind: 'SYSTEM', name: 'hub', via: 'hub' };

const name = z.string().min(1).max(100);
const via = z.enum(['anonymous', 'token', 'oidc', 'test']);
// The register is nobody's own book: its rows are the park staff's by their role.
const source = z.string().regex(/^(?!park$)[a-z][a-z0-9-]{0,62}$/, 'the id of a partner\'s source: "icbc"');
const code = z.string().min(1).max(40);

/** Checks what a token says of its viewer: a whole one, of a kind that a token can make, and nothing beside it. */
export const tokenViewerSchema: z.ZodType<TokenViewer> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('PUBLIC'), name, via }),
  z.strictObject({ kind: z.literal('TENANT'), uscc: z.string().regex(/^[0-9A-HJ-NPQRTUWXY]{18}$/, 'a USCC of 18 characters'), name, via }),
  z.strictObject({ kind: z.literal('INVESTOR'), source, funds: z.union([z.literal('all'), z.array(code).max(1_000)]), name, via }),
  z.strictObject({ kind: z.literal('BANK'), source, name, via }),
  z.strictObject({ kind: z.literal('PARK'), role: z.enum(parkRoles), name, via }),
  z.strictObject({ kind: z.literal('SERVICE'), source, name, via }),
]);

/** The source whose books are the viewer's own, where there is one. */
export function ownSource(viewer: Viewer): string | undefined {
  return 'source' in viewer ? viewer.source : undefined;
}

/** To whom tenants give authorizations that this viewer reads by: its source, or the park. Undefined for who reads by none. */
export function granteeOf(viewer: Viewer): string | undefined {
  switch (viewer.kind) {
    case 'INVESTOR':
    case 'BANK':
      return viewer.source;
    case 'PARK':
      return 'park';
    default:
      return undefined;
  }
}

/** Who it is, for people, without its name: "bank icbc". */
export function describeViewer(viewer: Unnamed<Viewer>): string {
  switch (viewer.kind) {
    case 'PUBLIC':
      return 'anyone';
    case 'TENANT':
      return `tenant ${viewer.uscc}`;
    case 'INVESTOR':
      return viewer.funds === 'all' ? `investor ${viewer.source}` : `investor ${viewer.source}, funds ${viewer.funds.join(', ') || 'none'}`;
    case 'BANK':
      return `bank ${viewer.source}`;
    case 'PARK':
      return `park ${viewer.role.toLowerCase()}`;
    case 'SERVICE':
      return `service of ${viewer.source}`;
    case 'SYSTEM':
      return 'the hub itself';
  }
}
