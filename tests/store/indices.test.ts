import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allDefinitions, definitionOf, type EntityDefinition, type Link } from '../../src/entities/definition.js';
import { AnnualReport, Loan, Tenant } from '../../src/entities/index.js';
import { sqlite } from '../../src/sources/connectors/sql/sqlite.js';
import { rowsStatement, totalsStatement } from '../../src/sources/connectors/sql/statement.js';
import { storeBinding } from '../../src/sources/connectors/sql/storeBinding.js';
import type { Condition, RowsAsk } from '../../src/sources/source.js';
import { openStore, type Store } from '../../src/store/store.js';
import { opened } from './storeFile.js';

let store: Store;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parkhub-indices-'));
  store = await openStore(join(folder, 'store.db'));
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const KEY = { attribute: 'key', descending: false, nullsFirst: false };
const term = (attribute: string) => ({ attribute, descending: false, nullsFirst: false });

/** The columns of each index of a table, in order. */
async function indicesOf(table: string): Promise<string[][]> {
  const indices = (await store.writer.query(`PRAGMA index_list("${table}")`)) as { name: string }[];
  return Promise.all(
    indices.map(async ({ name }) => ((await store.writer.query(`PRAGMA index_info("${name}")`)) as { name: string }[]).map((column) => column.name)),
  );
}

/** How SQLite would answer an ask, step by step. */
async function planOf(definition: EntityDefinition, ask: Partial<RowsAsk>, writer = store.writer): Promise<string[]> {
  const binding = storeBinding(sqlite, definition, 'park', 'LIVE');
  const { text, parameters } = rowsStatement(
    sqlite,
    binding,
    { entity: definition.name, attributes: [...definition.attributes.keys()], order: [KEY], ...ask },
    { keys: [] },
  );
  return ((await writer.query(`EXPLAIN QUERY PLAN ${text}`, [...parameters])) as { detail: string }[]).map(({ detail }) => detail);
}

/** Every link, and every way back. */
const ways = allDefinitions().flatMap((definition) =>
  definition.links
    .filter((link) => link.from !== 'source')
    .flatMap((link: Link) => [
      { way: `${definition.plural} by ${link.from}`, definition, attribute: link.from },
      { way: `${definition.name}.${link.name} by ${link.to}`, definition: definitionOf(link.target()), attribute: link.to },
    ]),
);

describe('a link', () => {
  it.each(ways)('has an index that begins with the source and its column: $way', async ({ definition, attribute }) => {
    const column = attribute === 'key' || attribute === definition.key ? 'key' : definition.attributes.get(attribute)?.column;
    expect((await indicesOf(definition.table)).map((columns) => columns.slice(0, 2))).toContainEqual(['source', column]);
  });

  it.each(ways)('is answered for one key, too, by searching that index: $way', async ({ definition, attribute }) => {
    const keys = { attribute, values: ['a'] };
    const page = { where: { attribute, is: 'eq', value: 'a' } as const, limit: 20 };
    for (const ask of [{ keys }, { keys, limit: 2 }, { keys, limit: 2, order: [term('key')] }, page]) {
      const plan = await planOf(definition, ask);
      expect(
        plan.filter((step) => step.startsWith(`SEARCH ${definition.table} `)),
        plan.join('\n'),
      ).toEqual([expect.stringMatching(/USING INDEX \S+ \(source=\? AND (?!.*source)\w+=\?\)/)]);
    }
  });

  it.each(ways)('is answered for many keys by searching that index: $way', async ({ definition, attribute }) => {
    const keys = { attribute, values: ['a', 'b', 'c'] };
    for (const ask of [{ keys }, { keys, limit: 2 }]) {
      const plan = await planOf(definition, ask);
      expect(
        plan.filter((step) => step.startsWith(`SEARCH ${definition.table} `)),
        plan.join('\n'),
      ).toEqual([expect.stringMatching(/USING INDEX \S+ \(source=\? AND (?!.*source)\w+=\?\)/)]);
      expect(plan.filter((step) => step.startsWith(`SCAN ${definition.table}`))).toEqual([]);
    }
  });

  it('without its index would be a walk through the source', async () => {
    const { writer } = await opened();
    await writer.query('DROP INDEX loan_tenant_uscc');
    const plan = await planOf(definitionOf(Loan), { keys: { attribute: 'tenantUscc', values: ['a'] } }, writer);
    expect(plan[0]).toMatch(/^SEARCH loan USING INDEX \S+ \(source=\?\)$/);
  });
});

describe('a page', () => {
  it('in the order of keys begins at its place in the index, and sorts nothing', async () => {
    const plan = await planOf(definitionOf(Loan), { after: { values: ['L5'], inclusive: false }, limit: 20 });
    expect(plan).toEqual([expect.stringMatching(/^SEARCH loan USING INDEX \S+ \(source=\? AND key>\?\)$/)]);
  });

  it('in the order of the attribute that is the key does so too', async () => {
    const plan = await planOf(definitionOf(Tenant), { order: [term('uscc'), KEY], after: { values: ['9', '9'], inclusive: false }, limit: 20 });
    expect(plan[0]).toMatch(/^SEARCH tenant USING INDEX \S+ \(source=\? AND key>\?\)$/);
    expect(plan.join('\n')).not.toContain('USE TEMP B-TREE FOR ORDER BY');
  });

  it('in the order of a link column begins at its place, and sorts nothing', async () => {
    const plan = await planOf(definitionOf(AnnualReport), { order: [term('tenantUscc'), KEY], after: { values: ['9', 'a'], inclusive: false }, limit: 20 });
    expect(plan[0]).toMatch(/^SEARCH annual_report USING INDEX annual_report_tenant_uscc \(source=\? AND tenant_uscc>\?\)$/);
    expect(plan.slice(1)).toEqual([]);
  });

  it('in the order of any other attribute reads the rows of its source, never those of others', async () => {
    for (const definition of allDefinitions()) {
      for (const attribute of definition.attributes.values()) {
        if (!attribute.order) continue;
        const plan = await planOf(definition, { order: [term(attribute.name), KEY], limit: 20 });
        expect(plan[0], `${definition.name}.${attribute.name}`).toMatch(new RegExp(`^SEARCH ${definition.table} USING INDEX \\S+ \\(source=\\?`));
      }
    }
  });
});

it('totals of many keys are answered by searching the index of the link', async () => {
  const ask = {
    entity: 'Loan',
    groupBy: [{ attribute: 'tenantUscc', year: false }],
    figures: [{ function: 'sum' as const, attribute: 'amount' }],
    keys: { attribute: 'tenantUscc', values: ['a', 'b'] },
  };
  const { text, parameters } = totalsStatement(sqlite, storeBinding(sqlite, definitionOf(Loan), 'park', 'LIVE'), ask, { keys: [] });
  const plan = ((await store.writer.query(`EXPLAIN QUERY PLAN ${text}`, [...parameters])) as { detail: string }[]).map(({ detail }) => detail);
  // The groups are gathered into one list out of a subquery; nothing is sorted.
  expect(plan.filter((line) => !/^(CO-ROUTINE|SCAN) found$/.test(line))).toEqual([
    expect.stringMatching(/^SEARCH loan USING INDEX loan_tenant_uscc \(source=\? AND tenant_uscc=\?\)$/),
  ]);
});

const filtered = allDefinitions().flatMap((definition) =>
  [...definition.attributes.values()]
    .filter(({ index }) => index)
    .map(({ name, column }) => ({ where: `${definition.name}.${name}`, definition, name, column })),
);

describe('an attribute that has an index', () => {
  it.each(filtered)(
    'is filtered by by searching it, whatever the order of the page, but one that has an index too: $where',
    async ({ definition, name, column }) => {
      const where = { attribute: name, is: 'eq', value: 'a' } as const;
      const orders = [...definition.attributes.values()].flatMap((attribute) => (attribute.order && !attribute.index ? [[term(attribute.name), KEY]] : []));
      for (const order of [[KEY], ...orders]) {
        const [step] = await planOf(definition, { where, order, limit: 20 });
        expect(step).toMatch(new RegExp(`^SEARCH ${definition.table} USING INDEX ${definition.table}_${column} \\(source=\\? AND ${column}=\\?`));
      }
    },
  );
});

describe('totals of a book that has its table to itself', () => {
  const planOfTotals = async (where: Condition | undefined): Promise<string[]> => {
    const binding = storeBinding(sqlite, definitionOf(Tenant), 'park', 'LIVE', true);
    const ask = { entity: 'Tenant', where, groupBy: [], figures: [{ function: 'count' as const }] };
    const { text, parameters } = totalsStatement(sqlite, binding, ask, { keys: [] });
    return ((await store.writer.query(`EXPLAIN QUERY PLAN ${text}`, [...parameters])) as { detail: string }[]).map(({ detail }) => detail);
  };

  it('walk it where no index serves them, for to look up every row by its source takes twice as long', async () => {
    expect(await planOfTotals(undefined)).toEqual(['SCAN tenant']);
    expect(await planOfTotals({ attribute: 'stage', is: 'eq', value: 'INCUBATOR' })).toEqual(['SCAN tenant']);
  });

  it.each([
    ['the key', { attribute: 'key', is: 'in', value: ['a', 'b'] }, 'source=? AND key=?'],
    ['the attribute that is the key', { not: { not: { all: [{ attribute: 'uscc', is: 'eq', value: 'a' }] } } }, 'source=?'],
    ['an attribute that has an index', { attribute: 'status', is: 'eq', value: 'IN_PARK' }, 'status=?'],
  ] as [string, Condition, string][])('search it where one may: %s', async (_name, where, expected) => {
    const [step] = await planOfTotals({ all: [{ attribute: 'stage', is: 'eq', value: 'INCUBATOR' }, where] });
    expect(step).toMatch(/^SEARCH tenant USING INDEX/);
    expect(step).toContain(expected);
  });
});
