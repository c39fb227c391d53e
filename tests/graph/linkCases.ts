/** Every way from a row to other rows, taken from the schema's own definitions, and a query that goes it. */
import { type GraphQLObjectType, type GraphQLSchema, getNamedType } from 'graphql';
import '../../src/entities/index.js';
import { allDefinitions, definitionOf, type EntityDefinition, type Link } from '../../src/entities/definition.js';

/** One way. */
export interface LinkCase {
  /** `Loan.tenant`. */
  readonly name: string;
  readonly definition: EntityDefinition;
  readonly field: string;
  /** The link itself, where the field is its forward end. */
  readonly forward?: Link;
}

/** Fields that lead from a row to others without a @Link. */
const madeByHand: readonly [entity: string, field: string][] = [
  ['Tenant', 'latestAnnualReport'],
  ['Tenant', 'financing'],
  ['Investment', 'latestValuation'],
];

/** Both ends of every @Link, and the fields that are made by hand. */
export function allLinks(): LinkCase[] {
  const definitions = allDefinitions();
  const declared = definitions.flatMap((definition) =>
    definition.links.flatMap((link): LinkCase[] => [
      caseOf(definition, link.name, link),
      ...(link.inverse ? [caseOf(definitionOf(link.target()), link.inverse.name)] : []),
    ]),
  );
  const byHand = madeByHand.map(([entity, field]) => caseOf(definitions.find(({ name }) => name === entity) as EntityDefinition, field));
  return [...declared, ...byHand];
}

function caseOf(definition: EntityDefinition, field: string, forward?: Link): LinkCase {
  return { name: `${definition.name}.${field}`, definition, field, ...(forward && { forward }) };
}

/** Whether the way leads to a connection, by the schema. */
export function isConnection(schema: GraphQLSchema, { definition, field }: LinkCase): boolean {
  const type = (schema.getType(definition.name) as GraphQLObjectType).getFields()[field]?.type;
  if (!type) throw new Error(`${definition.name} has no field ${field}.`);
  return getNamedType(type).name.endsWith('Connection');
}

/** The document that asks for so many parents (of one source, where one is named) and a selection of each. */
export function parentsQuery(schema: GraphQLSchema, { definition, forward }: LinkCase, count: number, selection: string, source?: string): string {
  const conditions = [
    ...(source ? [`sourceId: {eq: "${source}"}`] : []),
    ...(forward && isNullable(definition, forward) ? [`${forward.from}: {isNull: false}`] : []),
  ];
  const page = (where: readonly string[]): string => `(first: ${count}${where.length ? `, where: {${where.join(', ')}}` : ''})`;
  const list = `${definition.plural}${page(conditions)} { nodes { ${selection} } }`;
  if (schema.getQueryType()?.getFields()[definition.plural]) return `{ ${list} }`;
  if ((schema.getType('Park') as GraphQLObjectType).getFields()[definition.plural]) return `{ park { ${list} } }`;
  // Cash flows and valuations are listed nowhere but under their investments: one of each.
  return `{ investments${page(conditions)} { nodes { ${definition.plural}(first: 1) { nodes { ${selection} } } } } }`;
}

function isNullable(definition: EntityDefinition, link: Link): boolean {
  return definition.attributes.get(link.from)?.nullable ?? false;
}

/** The parents in the answer to `parentsQuery`. */
export function parentsOf(definition: EntityDefinition, data: Record<string, unknown>): Record<string, unknown>[] {
  type Connected = Record<string, { nodes: Record<string, unknown>[] }>;
  const holder = (data.park ?? data) as Connected;
  const direct = holder[definition.plural];
  if (direct) return direct.nodes;
  return (holder.investments?.nodes ?? []).flatMap((node) => (node as Connected)[definition.plural]?.nodes ?? []);
}
