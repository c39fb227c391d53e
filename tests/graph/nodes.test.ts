/** Global ids, and what every row says of where it is from. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allDefinitions, type EntityDefinition } from '../../src/entities/definition.js';
import { globalId, parseGlobalId } from '../../src/schema/ids.js';
import { openTestHub, type TestHub } from '../helpers/hub.js';
import { parentsOf, parentsQuery } from './linkCases.js';

const now = '2022-01-05T02:00:00.000Z';
const definitions = allDefinitions();

let hub: TestHub;

beforeAll(async () => {
  // The clock stands still, so that a book that an API gives in whole is read once.
  hub = await openTestHub({ clock: () => new Date(now) });
  await hub.hub.sourceStatuses();
});

afterAll(() => hub?.close());

const idOf = (text: string): string => Buffer.from(text, 'utf8').toString('base64url');

/** All attributes of an entity under names of their own, so that every entity can stand in one document. */
function selectionOf({ name, attributes }: EntityDefinition): string {
  return `... on ${name} { ${[...attributes.keys()].map((attribute) => `${name}_${attribute}: ${attribute}`).join(' ')} }`;
}

const everything = `__typename id ... on Sourced { provenance { sourceId asOf how } } ${definitions.map(selectionOf).join(' ')}`;

async function rowsOf(definition: EntityDefinition, count: number): Promise<Record<string, unknown>[]> {
  const selection = `__typename id provenance { sourceId asOf how } ${selectionOf(definition)}`;
  if (definition.name === 'Park') return [(await hub.ask(`{ park { ${selection} } }`)).park];
  return parentsOf(definition, await hub.ask(parentsQuery(hub.hub.schema, { name: definition.name, definition, field: '' }, count, selection)));
}

describe('node', () => {
  it.each(definitions)('gives a row of $name as its list does', async (definition) => {
    const rows = await rowsOf(definition, 60);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows.filter((_row, index) => index % 20 === 0)) {
      const { node } = await hub.ask(`query ($id: ID!) { node(id: $id) { ${everything} } }`, { id: row.id });
      expect(node).toEqual(row);
      expect(row.__typename).toBe(definition.name);
    }
  });

  it.each<[string, string]>([
    ['of a row that is not there', 'Loan:icbc:nothing'],
    ['of a source that holds no such book', 'Tenant:icbc:91410771MA477G3A3X'],
    ['of a source that is not there', 'Loan:nobody:1'],
    ['of an entity that is not there', 'Secret:park:1'],
    ['of an interface', 'Financing:park:ZY-001'],
    ['of a type that is no entity', 'Provenance:park:1'],
    ['of the query type', 'Query:park:1'],
    ['of a property that every object has', 'constructor:park:1'],
    ['without a source', 'Tenant::91410771MA477G3A3X'],
    ['without a key', 'Tenant:park:'],
    ['without colons', 'Tenant'],
    ['in small letters', 'tenant:park:91410771MA477G3A3X'],
    ['with a space before it', ' Tenant:park:91410771MA477G3A3X'],
    ['with a statement in its key', "Loan:icbc:1' OR '1'='1"],
    ['with a key that is no code', 'Tenant:park:91410771MA477G3A3Y'],
    ['with NUL in its key', 'Tenant:park:91410771MA477G3A3X\u0000'],
    ['of nothing', ''],
  ])('is null for an id %s', async (_name, text) => {
    const { data, errors } = await hub.execute('query ($id: ID!) { node(id: $id) { id } }', { id: idOf(text) });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ node: null });
  });

  it('is null for what is no id, and for another spelling of one', async () => {
    const { park } = await hub.ask('{ park { id } }');
    for (const id of [
      '',
      ' ',
      'x',
      '7',
      '园区',
      `${park.id}=`,
      ` ${park.id}`,
      `${park.id}\n`,
      'A'.repeat(100_000),
      Buffer.from([0xff, 0xfe]).toString('base64url'),
    ]) {
      expect(await hub.ask('query ($id: ID!) { node(id: $id) { id } }', { id })).toEqual({ node: null });
    }
    expect((await hub.ask('query ($id: ID!) { node(id: $id) { id } }', { id: park.id })).node).toEqual(park);
  });

  it('is none without an id', async () => {
    const { errors } = await hub.execute('{ node(id: null) { id } }');
    expect(errors?.[0]?.message).toBe('Expected value of type "ID!", found null.');
  });
});

describe('nodes', () => {
  it('gives rows of every entity in the order of their ids, with nulls between, at one statement a book and source', async () => {
    const rows = (await Promise.all(definitions.map((definition) => rowsOf(definition, 40)))).flat();
    const ids = rows.map(({ id }) => id as string);
    // A shuffle that is the same on every run.
    const shuffled = [...ids].sort((a, b) => (Buffer.from(a).reverse().toString() < Buffer.from(b).reverse().toString() ? -1 : 1)).slice(0, 600);
    const asked = [idOf('Loan:icbc:nothing'), ...shuffled.flatMap((id, index) => (index % 50 === 0 ? [id, 'garbage', id] : [id]))];
    const document = `query ($ids: [ID!]!) { nodes(ids: $ids) { ${everything} } }`;
    const { nodes } = await hub.ask(document, { ids: asked });
    const byId = new Map(rows.map((row) => [row.id, row]));
    expect(nodes).toEqual(asked.map((id) => byId.get(id) ?? null));

    hub.statements.length = 0;
    await hub.ask(document, { ids: asked });
    const received = hub.statements.map(({ source, entity }) => `${source} ${entity}`).sort();
    expect(received).toEqual([...new Set(received)]);
    const held = new Set(
      rows.filter(({ id }) => asked.includes(id as string)).map((row) => `${(row.provenance as { sourceId: string }).sourceId} ${row.__typename}`),
    );
    // The APIs' books are at hand as they were read a moment ago.
    expect(received).toEqual([...held].filter((name) => !/^(spdb|huayu) /.test(name)).sort());
  });

  it('asks only the source that an id names', async () => {
    const { loans } = await hub.ask('{ loans(where: {sourceId: {eq: "icbc"}}, first: 20) { nodes { id } } }');
    const ids = loans.nodes.map(({ id }: { id: string }) => id);
    expect(await hub.counts('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids })).toEqual({ icbc: 1 });
  });

  it('takes a thousand ids, and no more', async () => {
    const ids = Array.from({ length: 1_001 }, (_, index) => idOf(`Loan:icbc:N${index}`));
    expect((await hub.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: ids.slice(1) })).nodes).toEqual(Array(1_000).fill(null));
    const { data, errors } = await hub.execute('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
    expect(data ?? null).toBeNull();
    expect(errors?.[0]?.message).toBe('ids: expected at most 1000, but got: 1001. Ask in several queries.');
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect((await hub.ask('{ nodes(ids: []) { id } }')).nodes).toEqual([]);
  });
});

describe('a global id', () => {
  it('leads back to its row, whatever the key is', () => {
    const key = fc
      .array(fc.oneof(fc.constantFrom(':', '/', ' ', '=', '号', '😀', '\n'), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })), {
        minLength: 1,
        maxLength: 128,
      })
      .map((characters) => characters.join(''));
    fc.assert(
      fc.property(fc.constantFrom(...definitions.map(({ name }) => name)), fc.stringMatching(/^[a-z][a-z0-9-]{0,63}$/), key, (entity, source, text) => {
        fc.pre([...text].length <= 128 && Buffer.from(text, 'utf8').toString('utf8') === text);
        const row = { entity, source, key: text };
        expect(parseGlobalId(globalId(row))).toEqual(row);
      }),
    );
    const longest = { entity: 'ReportedFigure', source: 'a'.repeat(64), key: '😀'.repeat(128) };
    expect(parseGlobalId(globalId(longest))).toEqual(longest);
  });

  it('is read from nothing else', () => {
    fc.assert(fc.property(fc.string(), (text) => parseGlobalId(text) === undefined || globalId(parseGlobalId(text) as never) === text));
  });
});

describe('the provenance of a row', () => {
  it('says where it is from, how it came and as of when', async () => {
    const { loans, investments, tenants } = await hub.ask(
      '{ loans(first: 1000) { nodes { provenance { sourceId how asOf } } } investments(first: 1000) { nodes { provenance { sourceId how asOf } } } tenants(first: 1) { nodes { provenance { sourceId how asOf } } } }',
    );
    const told = [...loans.nodes, ...investments.nodes, ...tenants.nodes].map(({ provenance }) => JSON.stringify(provenance));
    const row = (sourceId: string, how: string, asOf: string): string => JSON.stringify({ sourceId, how, asOf });
    const endOf2021 = '2021-12-31T15:59:59.999Z';
    expect([...new Set(told)].sort()).toEqual(
      [
        row('bocom', 'MIRRORED', endOf2021),
        row('hongtu', 'MIRRORED', endOf2021),
        row('huakai', 'LIVE', now),
        row('huayu', 'LIVE', now),
        row('icbc', 'LIVE', now),
        row('park', 'LIVE', '2021-12-31T15:59:59.000Z'),
        row('spdb', 'LIVE', now),
      ].sort(),
    );
  });

  it('agrees with the reports of its list', async () => {
    const { financing } = await hub.ask('{ financing(first: 1000) { nodes { provenance { sourceId how asOf } } sources { sourceId state asOf message } } }');
    const reports = new Map<string, { state: string; asOf: string; message: null }>(
      financing.sources.map((report: { sourceId: string }) => [report.sourceId, report]),
    );
    for (const { provenance } of financing.nodes)
      expect(reports.get(provenance.sourceId)).toMatchObject({ state: provenance.how, asOf: provenance.asOf, message: null });
    expect(reports.size).toBe(7);
  });
});

describe('financing', () => {
  const document = `fragment Money on Financing { tenantUscc amount date tenant { uscc } }
    fragment Where on Sourced { provenance { sourceId } }
    query { financing(first: 1000, orderBy: [{date: DESC}]) { nodes {
      __typename ...Money ...Where ... on Node { id }
      ... on Loan { number kind: kind bank { code } product { code } }
      ... on Investment { number round fund { code } investor { code } }
      ... on ParkFunding { number funded: kind }
    } } }`;

  it('gives each kind of money with its own fields, and its links at one statement a book', async () => {
    const { financing } = await hub.ask(document);
    const kinds = new Set<string>();
    for (const node of financing.nodes) {
      kinds.add(node.__typename);
      const { sourceId } = node.provenance;
      expect(node.id).toBe(idOf(`${node.__typename}:${sourceId}:${node.number}`));
      if (node.tenant) expect(node.tenant.uscc).toBe(node.tenantUscc);
      if (node.__typename === 'Loan') expect(node.bank.code).toBe(sourceId);
      if (node.__typename === 'Investment') expect([node.investor.code, typeof node.fund.code]).toEqual([sourceId, 'string']);
      if (node.__typename === 'ParkFunding') expect(['EQUITY', 'LOAN']).toContain(node.funded);
      expect(Object.keys(node).includes('round')).toBe(node.__typename === 'Investment');
    }
    expect(kinds).toEqual(new Set(['Loan', 'Investment', 'ParkFunding']));
    // park: its own money, the tenants, the banks, the investors. A bank: its loans and its products. An investor: its investments and its funds.
    expect(await hub.counts(document)).toEqual({ park: 4, bocom: 2, icbc: 2, hongtu: 2, huakai: 2 });
  });

  it('is asked by its interface through node as well', async () => {
    const { financing } = await hub.ask('{ financing(first: 3, orderBy: [{amount: DESC}]) { nodes { id amount } } }');
    const { nodes } = await hub.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Financing { amount } } }', {
      ids: financing.nodes.map(({ id }: { id: string }) => id),
    });
    expect(nodes).toEqual(financing.nodes);
  });
});
