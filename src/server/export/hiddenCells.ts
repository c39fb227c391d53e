/** Which values of an exported row are null because they are hidden: a table has no other place to tell that from empty. */
import { allDefinitions, type EntityDefinition } from '../../entities/definition.js';
import type { HiddenField } from '../../schema/context.js';
import { needsOfField } from '../../schema/fieldResolver.js';
import { parseGlobalId } from '../../schema/ids.js';
import type { RowShape, ShapedField } from './rowShape.js';

/** What is hidden of the rows of a page. */
export class HiddenCells {
  /** By entity, source and attribute: the ids of the rows, or all of them. */
  private readonly hidden = new Map<string, ReadonlySet<string> | 'all'>();

  constructor(
    notes: readonly HiddenField[],
    private readonly idName: string,
  ) {
    for (const { entity, source, attribute, effect, ids } of notes)
      if (effect === 'NULL') this.hidden.set(`${entity} ${source} ${attribute}`, ids === null ? 'all' : new Set(ids));
  }

  /** Takes the ids out of a row that the export put in, and gives the places of what is hidden of it, with dots: "tenant.staff". */
  take(row: object, shape: RowShape): string[] {
    const found: string[] = [];
    this.look(row as Record<string, unknown>, shape, '', found);
    return found;
  }

  private look(object: Record<string, unknown>, shape: RowShape, before: string, found: string[]): void {
    const id = object[this.idName];
    delete object[this.idName];
    for (const [name, field] of shape) {
      const value = object[name];
      // A field of another type's fragment.
      if (value === undefined) continue;
      const place = `${before}${name}`;
      if (value === null) {
        if (typeof id === 'string' && this.isHidden(id, field)) found.push(place);
      } else if (field.inner) this.lookInto(value, field.inner, place, found);
    }
  }

  private lookInto(value: unknown, shape: RowShape, place: string, found: string[]): void {
    if (!Array.isArray(value)) this.look(value as Record<string, unknown>, shape, `${place}.`, found);
    else for (const [index, item] of value.entries()) if (item !== null) this.lookInto(item, shape, `${place}.${index}`, found);
  }

  private isHidden(id: string, { names }: ShapedField): boolean {
    if (this.hidden.size === 0) return false;
    const row = parseGlobalId(id);
    if (!row) return false;
    return [...names].some((name) =>
      needsOf(row.entity, name).some((attribute) => {
        const ids = this.hidden.get(`${row.entity} ${row.source} ${attribute}`);
        return ids === 'all' || ids?.has(id);
      }),
    );
  }
}

/** The attributes that a field of an entity rests on. */
function needsOf(entity: string, field: string): readonly string[] {
  return definitions().get(entity)?.attributes.has(field) ? [field] : (needsOfField(entity, field) ?? []);
}

let known: ReadonlyMap<string, EntityDefinition> | undefined;

function definitions(): ReadonlyMap<string, EntityDefinition> {
  known ??= new Map(allDefinitions().map((definition) => [definition.name, definition]));
  return known;
}
