/** What a token says of who holds it: a viewer before it has a name. */
import { type PublicViewer, type TokenViewer, tokenViewerSchema, type Unnamed } from './viewer.js';

/** Whose a token may be. Nobody needs one to be the public. */
export type Grant = Unnamed<Exclude<TokenViewer, PublicViewer>>;

/** Reads a grant that comes from outside, a store or a claim; undefined for what is none, or says more than its kind needs. */
export function readGrant(given: unknown): Grant | undefined {
  if (typeof given !== 'object' || given === null || 'name' in given || 'via' in given) return undefined;
  const viewer = tokenViewerSchema.safeParse({ ...given, name: 'nobody yet', via: 'token' });
  if (!viewer.success || viewer.data.kind === 'PUBLIC') return undefined;
  const { name: _name, via: _via, ...grant } = viewer.data;
  return grant;
}
