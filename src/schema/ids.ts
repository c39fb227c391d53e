/** Global ids: the entity, the source and the key of a row, so that any row can be asked for again. */

/** What a global id says. */
export interface RowId {
  readonly entity: string;
  readonly source: string;
  readonly key: string;
}

/** As long as an entity, a source of 64 characters and a key of 128, of four bytes each, can make it. */
const SHAPE = /^[A-Za-z0-9_-]{1,1000}$/;

/** The global id of a row. */
export function globalId(row: RowId): string {
  return Buffer.from(`${row.entity}:${row.source}:${row.key}`, 'utf8').toString('base64url');
}

/** What a global id says, or undefined when it is none. */
export function parseGlobalId(id: string): RowId | undefined {
  if (!SHAPE.test(id)) return undefined;
  const text = Buffer.from(id, 'base64url').toString('utf8');
  const match = /^([A-Z][A-Za-z]*):([a-z][a-z0-9-]*):(.+)$/su.exec(text);
  if (!match) return undefined;
  const row = { entity: match[1] as string, source: match[2] as string, key: match[3] as string };
  // Only the id that the hub itself would write: no second spelling of the same row.
  return globalId(row) === id ? row : undefined;
}
