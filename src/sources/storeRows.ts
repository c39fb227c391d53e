/** Rows of books as they are written into the hub's store. */
import type { EntityDefinition } from '../entities/definition.js';
import type { Value } from '../entities/kinds.js';
import { sqlite } from './connectors/sql/sqlite.js';

/** Runs a statement of one transaction. */
export type Run = (text: string, parameters: readonly unknown[]) => Promise<unknown>;

/** The attributes of an entity with their columns in the store. */
export function columnsOf(definition: EntityDefinition): { name: string; column: string }[] {
  return [...definition.attributes.values()].map(({ name, column }) => ({ name, column }));
}

/** Inserts rows, several in a statement, as many as the parameters allow. */
export async function insert(run: Run, table: string, columns: readonly string[], rows: readonly (readonly Value[])[]): Promise<void> {
  const atOnce = Math.max(1, Math.min(500, Math.floor(sqlite.maximumParameters / columns.length)));
  const names = columns.map((column) => sqlite.quote(column)).join(', ');
  const places = `(${columns.map(() => '?').join(', ')})`;
  for (let start = 0; start < rows.length; start += atOnce) {
    const part = rows.slice(start, start + atOnce);
    await run(`INSERT INTO ${sqlite.quote(table)} (${names}) VALUES ${part.map(() => places).join(', ')}`, part.flat());
  }
}
