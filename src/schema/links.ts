/** The resolvers of every link, both ways, made from the entity files. */
import type { GraphQLResolveInfo } from 'graphql';
import { allDefinitions, definitionOf, type EntityDefinition, type Link } from '../entities/definition.js';
import type { Value } from '../entities/kinds.js';
import { type BookKey, type Row, valueOf } from '../sources/book.js';
import { Connection, connectionArguments, connectionType, listedEntity } from './connection.js';
import type { HubContext } from './context.js';
import { type FieldDeclaration, fieldsOf, type ResolverClass } from './fieldResolver.js';
import { pageSize } from './listAsk.js';
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
  // The key by its attribute's name, where it has one, so that links to either share a batch.
  const name = attribute === 'key' ? (definition.key ?? attribute) : attribute;
  const read = context.once(info, `${definition.name}.${name}`, () =>
    context.rowReader({ definitions: [definition], attribute: name }, { order: [], attributes: attributesOf(info, definition) }),
  );
  return read({ value, source });
}

function attributesOf(info: GraphQLResolveInfo, definition: EntityDefinition): ReadonlyMap<string, readonly string[]> {
  return new Map([[definition.name, attributesFor(Selection.of(info), definition)]]);
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
  const way = { definitions: [definition], attribute: link.from };
  const listed = listedEntity(definition);
  const type = connectionType(listed);
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
    resolve: (row, given, context, info) => new Connection(listed, context, info, given, { at: { link: way, key: keyOfRow(row) } }),
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
  const read = context.once(info, `${definition.name}.${attribute} by ${by}`, () =>
    context.rowReader(
      { definitions: [definition], attribute },
      { order: [{ attribute: by, descending: true, nullsFirst: false }], limit: 1, attributes: attributesOf(info, definition) },
    ),
  );
  return read(key);
}
