import { readFileSync } from 'node:fs';
import { type GraphQLObjectType, getIntrospectionQuery, getNamedType, getNullableType, isCompositeType, isListType, isObjectType, Kind, parse } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { hubSchema } from '../../src/schema/build.js';
import { checkCost, costOf, type DocumentCost } from '../../src/schema/cost.js';
import { checkShape, shapeOf } from '../../src/schema/documentShape.js';
import { HubError } from '../../src/schema/errors.js';
import { DEFAULT_LIMITS } from '../../src/schema/limits.js';
import { readyQueryFiles } from '../playground/readyQueryFiles.js';

let schema: Awaited<ReturnType<typeof hubSchema>>;
beforeAll(async () => {
  schema = await hubSchema();
});

/** Three banks, two investors, one register. */
const sourcesOf = (entity: string): number => ({ Loan: 3, PatentPledge: 3, Investment: 2, Valuation: 2, Node: 6 })[entity] ?? 1;

function cost(text: string, variables: Record<string, unknown> = {}, sources = sourcesOf): DocumentCost {
  const document = parse(text);
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  return costOf(schema, document, operation as never, variables, sources) as DocumentCost;
}

describe('the cost of a document', () => {
  it('knows the page that is asked for, and that of a list that names none', () => {
    // The connection, its rows; each row once more from its source; and one ask.
    expect(cost('{ tenants(first: 7) { nodes { name } } }')).toEqual({ nodes: 8, asks: 1, cost: 8 + 7 + 20 });
    expect(cost('{ tenants(last: 7) { nodes { name } } }')).toEqual(cost('{ tenants(first: 7) { nodes { name } } }'));
    expect(cost('{ tenants { nodes { name } } }').nodes).toBe(51);
    expect(cost('query ($n: Int = 9) { tenants(first: $n) { nodes { name } } }').nodes).toBe(10);
    expect(cost('query ($n: Int = 9) { tenants(first: $n) { nodes { name } } }', { n: 3 }).nodes).toBe(4);
  });

  it('knows the sources behind each list: every one may have to give a page', () => {
    expect(cost('{ loans(first: 10) { nodes { number } } }')).toEqual({ nodes: 11, asks: 3, cost: 11 + 30 + 60 });
    expect(cost('{ loans(first: 10) { nodes { number } } }', {}, () => 5)).toEqual({ nodes: 11, asks: 5, cost: 11 + 50 + 100 });
  });

  it('multiplies lists within lists, and asks for all parents at once', () => {
    const nested = cost('{ tenants(first: 100) { nodes { loans(first: 10) { nodes { number } } } } }');
    expect(nested).toEqual({ nodes: 1 + 100 + 100 + 1_000, asks: 1 + 3, cost: 1_201 + 100 + 3_000 + 80 });
  });

  it('asks again where the parents are more than fit into one statement', () => {
    expect(cost('{ tenants(first: 1000) { nodes { loans(first: 1) { nodes { number } } } } }').asks).toBe(1 + 2 * 3);
  });

  it('takes no rows for a count', () => {
    expect(cost('{ tenants(first: 1000) { totalCount } }').cost).toBeLessThan(100);
  });

  it('counts the links that a filter and an order follow', () => {
    const plain = cost('{ tenants { totalCount } }').asks;
    expect(cost('{ tenants(where: {name: {eq: "x"}, and: [{not: {name: {eq: "y"}}}]}) { totalCount } }').asks).toBe(plain);
    expect(cost('{ tenants(where: {and: [{loans: {some: {patentPledges: {none: {}}}}}]}) { totalCount } }').asks).toBe(plain + 9 + 9);
    expect(cost('query ($w: TenantWhere) { tenants(where: $w) { totalCount } }', { w: { loans: { some: {} } } }).asks).toBe(plain + 9);
    expect(cost('{ tenants(orderBy: [{loans: {sum: {amount: DESC}}}]) { totalCount } }').asks).toBe(plain + 9);
  });

  it('counts a field once that several fragments ask for', () => {
    const once = '{ tenants(first: 5) { nodes { loans { nodes { number } } } } }';
    const thrice =
      '{ ...A ...B tenants(first: 5) { nodes { loans { nodes { number } } } } } fragment A on Query { ...B } fragment B on Query { tenants(first: 5) { nodes { loans { nodes { number } } } } }';
    expect(cost(thrice)).toEqual(cost(once));
  });

  it('counts a field under two names twice, and nothing that is skipped', () => {
    expect(cost('{ a: tenants { nodes { name } } b: tenants { nodes { name } } }').nodes).toBe(102);
    expect(cost('query ($no: Boolean!) { a: tenants { nodes { name } } b: tenants @skip(if: $no) { nodes { name } } }', { no: true }).nodes).toBe(51);
  });

  it('counts what only one type of a node has', () => {
    expect(cost('{ nodes(ids: ["a", "b"]) { id ... on Tenant { loans(first: 10) { nodes { number } } } } }').nodes).toBe(2 + 2 + 20);
  });

  it('is not reckoned where variables are wrong', () => {
    expect(cost('query ($n: Int) { tenants(first: $n) { totalCount } }', { n: 'many' })).toBeUndefined();
  });

  it('never goes below nothing, whatever is asked', () => {
    expect(cost('{ tenants(first: -1000) { nodes { name } } }').nodes).toBe(1);
  });

  it('names the limit, the figure and the bound', () => {
    const refused = (text: string, sources = sourcesOf) => {
      try {
        checkCost(cost(text, {}, sources), DEFAULT_LIMITS);
        return undefined;
      } catch (error) {
        return error as HubError;
      }
    };
    expect(refused('{ tenants(first: 1000) { nodes { annualReports(first: 1000) { nodes { year } } } } }')?.message).toBe(
      'nodes: expected at most 250000, but got: 1002001. Ask for smaller pages (first, last).',
    );
    expect(refused('{ tenants(first: 1000) { nodes { loans(first: 200) { nodes { number } } } } }')?.message).toBeUndefined();
    const dear = refused('{ tenants(first: 1000) { nodes { loans(first: 240) { nodes { patentPledges { totalCount } } } } } }');
    expect(dear).toBeInstanceOf(HubError);
    expect(dear?.extensions).toMatchObject({ code: 'LIMIT_EXCEEDED', limit: 'nodes', bound: 250_000, figure: 1 + 1000 + 1000 + 240_000 * 2 });
    const manySources = refused('{ tenants(first: 1000) { nodes { loans(first: 200) { nodes { number } } } } }', () => 6);
    expect(manySources?.extensions).toMatchObject({ code: 'LIMIT_EXCEEDED', limit: 'cost', bound: 1_000_000, figure: 202_001 + 1_206_000 + 18 * 20 });
  });
});

describe('what is asked every day', () => {
  const manifest = JSON.parse(readFileSync('web/src/generated/persisted-documents.json', 'utf8')) as Record<string, string>;
  const variables = { first: 50, investor: 'huakai', years: [2017, 2018, 2019, 2020, 2021], from: '2021-01-01', to: '2021-12-31' };
  const everyday: [string, string, Record<string, unknown>][] = [
    ["the README's query", readFileSync('docs/first-query.graphql', 'utf8'), {}],
    ...readyQueryFiles().map(({ file, text, variables }): [string, string, Record<string, unknown>] => [file, text, variables]),
    ...Object.values(manifest).map((text): [string, string, Record<string, unknown>] => [/query (\w+)/.exec(text)?.[1] ?? '', text, variables]),
  ];

  it.each(everyday)('%s keeps to half of every bound', (_name, text, given) => {
    const document = parse(text);
    const half = Object.fromEntries(Object.entries(DEFAULT_LIMITS).map(([limit, bound]) => [limit, bound / 2])) as unknown as typeof DEFAULT_LIMITS;
    checkShape(shapeOf(document), half);
    expect(document.tokenCount).toBeLessThan(half.tokens);
    checkCost(cost(text, given), half);
  });

  it("the Playground's introspection keeps to every bound", () => {
    const text = getIntrospectionQuery({
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    });
    checkShape(shapeOf(parse(text)), DEFAULT_LIMITS);
    checkCost(cost(text), DEFAULT_LIMITS);
  });

  it('so does a page of a thousand rows with the default page of a link in each', () => {
    checkCost(cost('{ tenants(first: 1000) { nodes { financing { totalCount nodes { id } } } } }'), DEFAULT_LIMITS);
  });
});

describe('the declarations', () => {
  it('say of every list of objects that has arguments how many it gives', () => {
    const unsaid = Object.values(schema.getTypeMap())
      .filter((type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'))
      .flatMap((type) => Object.values(type.getFields()).map((field) => ({ type, field })))
      .filter(({ field }) => {
        return isListType(getNullableType(field.type)) && isCompositeType(getNamedType(field.type)) && field.args.length > 0;
      })
      .filter(({ field }) => (field.extensions.reads as { rows?: unknown } | undefined)?.rows === undefined)
      .map(({ type, field }) => `${type.name}.${field.name}`);
    expect(unsaid).toEqual([]);
  });

  it('say of every connection how large its page is, and whose books it asks', () => {
    const connections = Object.values(schema.getTypeMap())
      .filter((type): type is GraphQLObjectType => isObjectType(type))
      .flatMap((type) => Object.values(type.getFields()).map((field) => ({ name: `${type.name}.${field.name}`, field })))
      .filter(({ field }) => getNamedType(field.type).name.endsWith('Connection'));
    expect(connections.length).toBeGreaterThan(60);
    for (const { name, field } of connections) expect(field.extensions.reads, name).toHaveProperty('page');
  });
});
