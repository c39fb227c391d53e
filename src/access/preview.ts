/** What a viewer may see, said book by book: the same grants that `bound.ts` binds. */
import type { EntityDefinition } from '../entities/definition.js';
import type { Scope } from '../entities/scope.js';
import type { Consents } from './consents.js';
import { grantsOf, type HiddenReason, hiddenReason, type RowsNamed } from './rules.js';
import type { TokenViewer } from './viewer.js';

/** What a viewer sees of one book of one source. */
export interface BookPreview {
  readonly entity: string;
  readonly sourceId: string;
  readonly rows: readonly { rows: RowsNamed; scope: Scope | null; tenants: string[] | null; fields: string[] }[];
  readonly hidden: readonly (HiddenReason & { readonly field: string })[];
}

/** What the viewer sees of an entity's book in one source now, and why it does not see the rest. */
export async function previewOf(viewer: TokenViewer, definition: EntityDefinition, source: string, consents: Consents): Promise<BookPreview> {
  const grants = await grantsOf(viewer, definition, source, consents);
  const names = [...definition.attributes.keys()];
  return {
    entity: definition.name,
    sourceId: source,
    rows: grants.map(({ rule, scope, tenants, sees }) => ({
      rows: rule.rows,
      scope: scope ?? null,
      tenants: tenants ? [...tenants] : null,
      fields: names.filter((name) => sees.has(name)),
    })),
    hidden: names.filter((name) => !grants.some(({ sees }) => sees.has(name))).map((field) => ({ field, ...hiddenReason(viewer, definition, field) })),
  };
}
