/** The resolvers of every link, both ways, made from the entity files. */
import type { GraphQLResolveInfo } from 'graphql';
import { allDefinitions, definitionOf, type EntityDefinition, type Link } from '../entities/definition.js';
import type { Value } from '../entities/kinds.js';
import { type BookKey, type Row, type Rows, valueOf } from '../sources/book.js';
import { Connection, connectionArguments, connectionType, listedEntity, pageSize } from './connection.js';
import type { HubContext } from './context.js';
import { type FieldDeclaration, fieldsOf, type ResolverClass } from './fieldResolver.js';
import type { LinkAsk } from './loaders.js';
import { attributesFor, Selection } from './selection.js';

/** The resolver classes of all links of all entities. */
export function linkResolvers(): ResolverClass[] {
  return allDefinitions().flatMap((definition) => definition.links.flatMap((link) => [forward(definition, link), ...backward(definition, link)]));
}

/** One row of an entity by the value of an attribute, batched with all others of the operation; null where there is none. */
export function rowBy(
  context: HubContext,
  info: GraphQLResolveInfo,
  definition: EntityDefinition,
  attribute: string,
  value: Value,
  source?: string,
): Promise<Row | null> | null {
  if (value === null) return null;
  const request = context.once(info, definition, () => ({
    order: [],
    attributes: new Map([[definition.name, attributesFor(Selection.of(info), definition)]]),
  }));
  return context.rows(linkAsk(definition, attribute), request, { value, source }).then(firstOf);
}

function forward(definition: EntityDefinition, link: Link): ResolverClass {
  const target = definitionOf(link.target());
  return fieldsOf<Row>(definition.target, [
    {
      name: link.name,
      description: link.description,
      type: () => target.target,
      nullable: true,
      needs: [link.from],
      reads: { entities: () => [target.name] },
      resolve: (row, _given, context, info) => rowBy(context, info, target, link.to, valueOf(row, link.from), link.withinSource ? row.source : undefined),
    },
  ]);
}

function backward(definition: EntityDefinition, link: Link): ResolverClass[] {
  const { inverse } = link;
  if (!inverse) return [];
  const keyOfRow = (row: Row) => ({ value: valueOf(row, link.to), source: link.withinSource ? row.source : undefined });
  const listed = listedEntity(definition);
  const type = connectionType(listed);
  const ask = linkAsk(definition, link.from);
  const one: FieldDeclaration<Row> = {
    name: inverse.name,
    description: inverse.description,
    type: () => definition.target,
    nullable: true,
    needs: [link.to],
    reads: { entities: () => [definition.name] },
    resolve: (row, _given, context, info) => rowBy(context, info, definition, link.from, keyOfRow(row).value, keyOfRow(row).source),
  };
  const many: FieldDeclaration<Row> = {
    name: inverse.name,
    description: inverse.description,
    type: () => type,
    nullable: true,
    needs: [link.to],
    arguments: connectionArguments(listed),
    reads: { entities: () => [definition.name], page: pageSize },
    resolve: (row, given, context, info) => new Connection(listed, context, info, given, { at: { link: ask, key: keyOfRow(row) } }),
  };
  return [fieldsOf<Row>(link.target(), [inverse.one ? one : many])];
}

/** The one row of a key that is greatest by an attribute (a date, a year), batched; null where there is none. */
export function latestOf(
  context: HubContext,
  info: GraphQLResolveInfo,
  definition: EntityDefinition,
  attribute: string,
  by: string,
  key: BookKey,
): Promise<Row | null> {
  const request = context.once(info, definition, () => ({
    order: [{ attribute: by, descending: true, nullsFirst: false }],
    limit: 1,
    attributes: new Map([[definition.name, attributesFor(Selection.of(info), definition)]]),
  }));
  return context.rows(linkAsk(definition, attribute), request, key).then(firstOf);
}

const linkAsks = new WeakMap<EntityDefinition, Map<string, LinkAsk>>();

/** The rows of an entity by an attribute; by the key's attribute where it has one, so that links to either share a batch. The same object each time. */
function linkAsk(definition: EntityDefinition, attribute: string): LinkAsk {
  const name = attribute === 'key' ? (definition.key ?? attribute) : attribute;
  const asks = linkAsks.get(definition) ?? new Map<string, LinkAsk>();
  linkAsks.set(definition, asks);
  const ask = asks.get(name) ?? { definitions: [definition], attribute: name };
  asks.set(name, ask);
  return ask;
}

/** Not found and not known are two things: a row that an unavailable source may hold is no null without a word. */
function firstOf({ rows, reports }: Rows): Row | null {
  const failed = rows[0] ? undefined : reports.find((report) => report.failure);
  if (failed) throw failed.failure;
  return rows[0] ?? null;
}
