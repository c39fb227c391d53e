/** `where` and `orderBy` over several sources, compared with the same filters over all rows in the test. */
import fc from 'fast-check';
import type { GraphQLError } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { usccCheckCharacter } from '../../src/rules/uscc.js';
import { openTestHub, type TestHub } from '../helpers/hub.js';
import { compare, definitionNamed, inOrder, inputFields, keeps, type ModelRow, type ModelValue, type OrderInput, readBook, written } from './model.js';

type Where = Record<string, unknown>;

let hub: TestHub;

beforeAll(async () => {
  // The clock stands still, so that a book that an API gives in whole is read once.
  hub = await openTestHub({ clock: () => new Date('2022-01-05T02:00:00.000Z') });
  // fast-check makes its first rows from these.
  for (const entity of entities) books.set(entity, await readBook(hub, entity));
});

afterAll(() => hub?.close());

const entities = ['Loan', 'Tenant', 'Investment', 'LoanProduct', 'Fund'] as const;
const books = new Map<string, ModelRow[]>();

function kindOf(entity: string): (attribute: string) => string {
  const { attributes } = definitionNamed(entity);
  return (attribute) => attributes.get(attribute)?.kind ?? 'text';
}

function documentOf(entity: string): string {
  const { plural } = definitionNamed(entity);
  return `query ($where: ${entity}Where, $orderBy: [${entity}Order!]) { list: ${plural}(first: 1000, where: $where, orderBy: $orderBy) { nodes { id } totalCount sources { sourceId state } } }`;
}

async function idsOf(entity: string, where: Where, orderBy: readonly OrderInput[] = []): Promise<string[]> {
  const { list } = await hub.ask(documentOf(entity), { where, orderBy });
  expect(list.sources.filter(({ state }: { state: string }) => state === 'UNAVAILABLE')).toEqual([]);
  expect(list.totalCount).toBe(list.nodes.length);
  return list.nodes.map(({ id }: { id: string }) => id);
}

function expectedIds(entity: string, where: Where, orderBy: readonly OrderInput[] = []): string[] {
  const rows = (books.get(entity) as ModelRow[]).filter((row) => keeps(row, where, kindOf(entity)));
  return inOrder(rows, orderBy).map(({ id }) => id);
}

/** The filters of an entity: each attribute with its operators, as the schema has them. */
function filtersOf(entity: string): { attribute: string; kind: string; operators: { name: string; isList: boolean }[] }[] {
  return (
    inputFields(hub, `${entity}Where`)
      // Links to other books are filtered by in crossFilters.test.ts.
      .filter(({ type }) => type.endsWith('Filter'))
      .map(({ name, type }) => ({ attribute: name, kind: kindOf(entity)(name), operators: inputFields(hub, type) }))
  );
}

/** The values that an attribute has, in their order. */
function valuesOf(entity: string, attribute: string): ModelValue[] {
  const values = (books.get(entity) as ModelRow[]).map((row) => row.values[attribute] ?? null).filter((value) => value !== null);
  return [...new Set(values)].sort(compare);
}

describe('every operator of every attribute', () => {
  it.each(entities)('of %s finds the rows that keep it', async (entity) => {
    let compared = 0;
    for (const { attribute, kind, operators } of filtersOf(entity)) {
      const values = valuesOf(entity, attribute);
      if (values.length === 0) continue;
      const samples = [values[0], values[Math.floor(values.length / 2)], values.at(-1)].map((value) => written(kind, value as ModelValue));
      for (const { name, isList } of operators) {
        const operands = isListOrBoolean(name, isList) ?? samples;
        for (const operand of operands.length ? operands : [samples, samples.slice(0, 1), []]) {
          const where = { [attribute]: { [name]: name === 'contains' || name === 'startsWith' ? String(operand).slice(0, 3) : operand } };
          expect(await idsOf(entity, where), JSON.stringify(where)).toEqual(expectedIds(entity, where));
          compared++;
        }
      }
    }
    expect(compared).toBeGreaterThan(40);
  });

  it('are there for every kind of value', () => {
    const operatorsOf = (type: string): string[] => inputFields(hub, type).map(({ name }) => name);
    const ordered = ['eq', 'in', 'lt', 'lte', 'gt', 'gte'];
    expect(operatorsOf('TextFilter')).toEqual([...ordered, 'contains', 'startsWith', 'isNull']);
    for (const type of ['UsccFilter', 'MoneyFilter', 'DecimalFilter', 'IntFilter', 'DateFilter'])
      expect(operatorsOf(type), type).toEqual([...ordered, 'isNull']);
    expect(operatorsOf('LoanClassificationFilter')).toEqual(['eq', 'in', 'isNull']);
  });
});

/** Operands that do not come from the rows: none for a list, which is made of samples; both for isNull. */
function isListOrBoolean(name: string, isList: boolean): unknown[] | undefined {
  if (name === 'isNull') return [true, false];
  return isList ? [] : undefined;
}

/** Texts in which databases, patterns and alphabets might disagree. */
const oddTexts = ['', '%', '_', "'", '"', '\\', 'A', 'a', '新', '公司', 'é', '😀', '（', ' ', '\u0000', 'NULL', '0', '-'];

function operandOf(entity: string, attribute: string, kind: string): fc.Arbitrary<unknown> {
  const values = valuesOf(entity, attribute);
  const own = fc.constantFrom(...values);
  const near: fc.Arbitrary<ModelValue> = (() => {
    switch (kind) {
      case 'money':
      case 'decimal':
        return fc.oneof(
          fc.tuple(own, fc.bigInt(-2n, 2n)).map(([value, difference]) => (value as bigint) + difference),
          fc.bigInt(-(10n ** 17n), 10n ** 17n),
        );
      case 'integer':
        return fc.oneof(
          fc.tuple(own, fc.integer({ min: -2, max: 2 })).map(([value, difference]) => (value as number) + difference),
          fc.integer(),
        );
      case 'date':
        return fc
          .date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2030-12-31T00:00:00Z'), noInvalidDate: true })
          .map((date) => date.toISOString().slice(0, 10));
      case 'uscc':
        return fc.integer({ min: 0, max: 99_999_999 }).map((number) => {
          const seventeen = `91410771M${String(number).padStart(8, '0')}`;
          return seventeen + usccCheckCharacter(seventeen);
        });
      case 'enum':
        return fc.constantFrom(...(definitionNamed(entity).attributes.get(attribute)?.enum?.values ?? []));
      default:
        return fc.oneof(
          fc.constantFrom(...oddTexts),
          fc.tuple(own, fc.nat(6), fc.nat(6)).map(([value, start, length]) => String(value).slice(start, start + length)),
          own.map((value) => String(value).toLowerCase()),
        );
    }
  })();
  return fc.oneof({ weight: 3, arbitrary: own }, { weight: 2, arbitrary: near }).map((value) => written(kind, value));
}

function whereOf(entity: string): fc.Arbitrary<Where> {
  const comparisons = filtersOf(entity)
    .filter(({ attribute }) => valuesOf(entity, attribute).length > 0)
    .flatMap(({ attribute, kind, operators }) =>
      operators.map(({ name, isList }) => {
        const operand = operandOf(entity, attribute, kind);
        const given = name === 'isNull' ? fc.boolean() : isList ? fc.array(operand, { maxLength: 6 }) : operand;
        return given.map((value): Where => ({ [attribute]: { [name]: value } }));
      }),
    );
  const { where } = fc.letrec<{ where: Where }>((tie) => ({
    where: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      { weight: 4, arbitrary: fc.oneof(...comparisons) },
      { weight: 1, arbitrary: fc.tuple(fc.oneof(...comparisons), fc.oneof(...comparisons)).map(([a, b]) => merged(a, b)) },
      { weight: 1, arbitrary: fc.array(tie('where'), { maxLength: 3 }).map((and) => ({ and })) },
      { weight: 1, arbitrary: fc.array(tie('where'), { maxLength: 3 }).map((or) => ({ or })) },
      { weight: 1, arbitrary: tie('where').map((not) => ({ not })) },
      { weight: 1, arbitrary: fc.tuple(fc.oneof(...comparisons), tie('where')).map(([a, not]) => ({ ...a, not })) },
    ),
  }));
  return where;
}

/** Two comparisons in one object: of one attribute both must hold. */
function merged(a: Where, b: Where): Where {
  const result = { ...a };
  for (const [name, given] of Object.entries(b)) result[name] = { ...(result[name] as Where), ...(given as Where) };
  return result;
}

function orderOf(entity: string): fc.Arbitrary<OrderInput[]> {
  const names = inputFields(hub, `${entity}Order`).flatMap(({ name, type }) => (type === 'Direction' ? [name] : []));
  return fc.array(
    fc.tuple(fc.constantFrom(...names), fc.constantFrom('ASC' as const, 'DESC' as const)).map(([name, direction]) => ({ [name]: direction })),
    { maxLength: 3 },
  );
}

describe('any where and any order', () => {
  it.each(entities)(
    'of %s give the rows that the test gives',
    async (entity) => {
      await fc.assert(
        fc.asyncProperty(whereOf(entity), orderOf(entity), async (where, orderBy) => {
          expect(await idsOf(entity, where, orderBy)).toEqual(expectedIds(entity, where, orderBy));
        }),
        { numRuns: 120 },
      );
    },
    60_000,
  );

  it('hold under a row as they do in the whole book', async () => {
    await fc.assert(
      fc.asyncProperty(whereOf('Loan'), orderOf('Loan'), async (where, orderBy) => {
        const document = `query ($where: LoanWhere, $orderBy: [LoanOrder!]) { tenants(first: 1000) { nodes { uscc loans(first: 3, where: $where, orderBy: $orderBy) { nodes { id } totalCount } } } }`;
        const { tenants } = await hub.ask(document, { where, orderBy });
        const expected = inOrder(
          (books.get('Loan') as ModelRow[]).filter((row) => keeps(row, where, kindOf('Loan'))),
          orderBy,
        );
        for (const { uscc, loans } of tenants.nodes) {
          const own = expected.filter((row) => row.values.tenantUscc === uscc);
          expect(loans.totalCount).toBe(own.length);
          expect(loans.nodes.map(({ id }: { id: string }) => id)).toEqual(own.slice(0, 3).map(({ id }) => id));
        }
      }),
      { numRuns: 25 },
    );
  }, 60_000);
});

describe('a where', () => {
  it('that says nothing keeps every row', async () => {
    const all = expectedIds('Loan', {});
    for (const where of [{}, { and: [] }, { amount: {} }, { not: { or: [] } }, { or: [{}] }])
      expect(await idsOf('Loan', where), JSON.stringify(where)).toEqual(all);
    for (const where of [{ or: [] }, { not: {} }, { amount: { in: [] } }, { and: [{ or: [] }] }])
      expect(await idsOf('Loan', where), JSON.stringify(where)).toEqual([]);
  });

  it('asks only the sources that it names', async () => {
    const document = 'query ($where: LoanWhere) { loans(where: $where) { nodes { id } sources { sourceId } } }';
    expect(await hub.counts(document, { where: { sourceId: { eq: 'icbc' } } })).toEqual({ icbc: 1 });
    expect(await hub.counts(document, { where: { sourceId: { in: ['icbc', 'bocom'] }, amount: { gt: '0' } } })).toEqual({ bocom: 1, icbc: 1 });
    expect((await hub.ask(document, { where: { sourceId: { eq: 'nobody' } } })).loans).toEqual({ nodes: [], sources: [] });
  });

  it('may be written in the document as in a variable', async () => {
    const { loans } = await hub.ask(
      '{ loans(first: 1000, where: {amount: {gte: "100000"}, kind: {in: [CREDIT, TECH_LOAN]}, date: {lt: "2021-12-30"}, or: [{balance: {gt: 0}}, {status: {eq: REPAID}}]}) { nodes { id } } }',
    );
    const where = {
      amount: { gte: '100000' },
      kind: { in: ['CREDIT', 'TECH_LOAN'] },
      date: { lt: '2021-12-30' },
      or: [{ balance: { gt: '0' } }, { status: { eq: 'REPAID' } }],
    };
    expect(loans.nodes.map(({ id }: { id: string }) => id)).toEqual(expectedIds('Loan', where));
    expect(expectedIds('Loan', where).length).toBeGreaterThan(2);
  });

  it('may hold as many conditions and values as is said, and no more', async () => {
    const conditions = (count: number): Where => ({ or: Array.from({ length: count }, (_, index) => ({ number: { eq: `N${index}` } })) });
    const values = (count: number): Where => ({ number: { in: Array.from({ length: count }, (_, index) => `N${index}`) } });
    expect(await idsOf('Loan', conditions(200))).toEqual([]);
    expect(await idsOf('Loan', values(1_000))).toEqual([]);
    expect(await refusal({ where: conditions(201) })).toEqual([
      'where.or[200].number.eq: expected at most 200 conditions in one where, but got: more. Ask in several queries.',
      'BAD_USER_INPUT',
    ]);
    expect((await refusal({ where: { and: Array.from({ length: 5_000 }, () => ({})) } }))[0]).toBe(
      'where.and[200]: expected at most 200 conditions in one where, but got: more. Ask in several queries.',
    );
    expect(await refusal({ where: values(1_001) })).toEqual([
      'where.number.in: expected at most 1000 values, but got: 1001. Ask in several queries.',
      'BAD_USER_INPUT',
    ]);
    // Twenty full lists in one where stay within what a database takes; nobody's source may look broken for a long question.
    const full = { or: Array.from({ length: 20 }, () => values(1_000)) };
    expect(await idsOf('Loan', full)).toEqual([]);
    expect((await refusal({ where: { or: [...full.or, values(1)] } }))[0]).toBe(
      'where.or[20].number.in: expected at most 20000 values in one where, but got: more. Ask in several queries.',
    );
  });

  it('may be ten levels deep, and no deeper', async () => {
    const nested = (levels: number): Where => (levels === 1 ? { amount: { gt: '0' } } : { not: nested(levels - 1) });
    expect((await idsOf('Loan', nested(9))).length).toBe(expectedIds('Loan', { amount: { gt: '0' } }).length);
    expect(await idsOf('Loan', nested(10))).toEqual([]);
    const [message, code] = await refusal({ where: nested(11) });
    expect(message).toBe(`where${'.not'.repeat(10)}: expected at most 10 levels of and, or, not and links. Ask for less at once.`);
    expect(code).toBe('BAD_USER_INPUT');
    const lists = (levels: number): Where => (levels === 1 ? { amount: { gt: '0' } } : { and: [lists(levels - 1)] });
    expect((await refusal({ where: lists(11) }))[0]).toContain('at most 10 levels');
    // Deep enough to overflow a stack, were it walked before it is counted.
    expect((await refusal({ where: nested(300) }))[0]).toContain('at most 10 levels');
  });

  it.each<[Where, string]>([
    [{ amount: null }, 'where.amount: expected a condition, but got: null. Leave it out, or ask for {isNull: true}.'],
    [{ amount: { eq: null } }, 'where.amount.eq: expected a value, but got: null. For empty values ask for {isNull: true}.'],
    [{ amount: { gt: '1', lt: null } }, 'where.amount.lt: expected a value, but got: null. For empty values ask for {isNull: true}.'],
    [{ kind: { in: null } }, 'where.kind.in: expected a value, but got: null. For empty values ask for {isNull: true}.'],
    [{ productCode: { isNull: null } }, 'where.productCode.isNull: expected a value, but got: null. For empty values ask for {isNull: true}.'],
    [{ sourceId: null }, 'where.sourceId: expected a condition, but got: null. Leave it out, or ask for {isNull: true}.'],
    [{ and: null }, 'where.and: expected a condition, but got: null. Leave it out, or ask for {isNull: true}.'],
    [{ or: [{ amount: { gt: '0' } }, { not: null }] }, 'where.or[1].not: expected a condition, but got: null. Leave it out, or ask for {isNull: true}.'],
  ])('with null is refused, for it could mean two things: %j', async (where, message) => {
    expect(await refusal({ where })).toEqual([message, 'BAD_USER_INPUT']);
  });

  it('that is null itself is none', async () => {
    const { loans } = await hub.ask('{ loans(where: null, orderBy: null) { totalCount } }');
    expect(loans.totalCount).toBe(expectedIds('Loan', {}).length);
  });
});

describe('a value that is none', () => {
  const wrong: [Where, string, string][] = [
    [{ classification: { eq: 'BAD' } }, '{classification: {eq: BAD}}', 'BAD'],
    [{ classification: { in: ['NORMAL', 'normal'] } }, '{classification: {in: [NORMAL, normal]}}', 'normal'],
    [
      { tenantUscc: { eq: '91410771MA477G3A3Y' } },
      '{tenantUscc: {eq: "91410771MA477G3A3Y"}}',
      'USCC: expected 18 characters of a unified social credit code whose check character is right, but got: "91410771MA477G3A3Y".',
    ],
    [{ tenantUscc: { in: ['91410771ma477g3a3x'] } }, '{tenantUscc: {in: ["91410771ma477g3a3x"]}}', 'USCC: expected'],
    [
      { amount: { gt: '1.005' } },
      '{amount: {gt: "1.005"}}',
      'Money: expected yuan as a string with at most two decimal places such as "14500000.00", but got: "1.005".',
    ],
    [{ amount: { gt: 1.005 } }, '{amount: {gt: 1.005}}', 'Money: expected yuan as a string'],
    [{ amount: { gt: '1e9' } }, '{amount: {gt: "1e9"}}', 'Money: expected'],
    [{ amount: { gt: '１２' } }, '{amount: {gt: "１２"}}', 'Money: expected'],
    [{ amount: { gt: `${'9'.repeat(40)}` } }, `{amount: {gt: "${'9'.repeat(40)}"}}`, 'Money: expected'],
    [
      { rate: { lte: '0.1234567' } },
      '{rate: {lte: "0.1234567"}}',
      'Decimal: expected a decimal as a string with at most six decimal places such as "0.5685", but got: "0.1234567".',
    ],
    [{ date: { eq: '2021-02-30' } }, '{date: {eq: "2021-02-30"}}', 'Date: expected a day that exists, as YYYY-MM-DD, but got: "2021-02-30".'],
    [{ date: { eq: '2021-2-3' } }, '{date: {eq: "2021-2-3"}}', 'Date: expected'],
    [{ number: { eq: 7 } }, '{number: {eq: 7}}', 'String cannot represent a non string value: 7'],
    [{ productCode: { isNull: 'yes' } }, '{productCode: {isNull: "yes"}}', 'Boolean cannot represent a non boolean value: "yes"'],
    [{ nothing: { eq: '1' } }, '{nothing: {eq: "1"}}', '"nothing"'],
    [{ amount: { like: '1' } }, '{amount: {like: "1"}}', '"like"'],
  ];

  it.each(wrong)('is refused in a variable and in the document, and named: %j', async (where, literal, named) => {
    const [message, code] = await refusal({ where });
    expect(message).toContain(named);
    expect(message).toContain('Variable "$where"');
    expect(['BAD_USER_INPUT', undefined]).toContain(code);
    const { errors, data } = await hub.execute(`{ loans(where: ${literal}) { totalCount } }`);
    expect(data).toBeUndefined();
    expect(errors?.[0]?.message).toContain(named);
    expect(errors?.[0]?.locations).toHaveLength(1);
  });
});

async function refusal(variables: Record<string, unknown>): Promise<[message: string, code: unknown]> {
  const { data, errors } = await hub.execute(documentOf('Loan'), variables);
  expect(Object.values(data ?? {}).filter((value) => value !== null)).toEqual([]);
  const error = errors?.[0] as GraphQLError;
  expect(error).toBeDefined();
  return [error.message, error.extensions.code];
}
