/** Made-up books of real entities, as partners keep them, and asks over them: what every connector and every database must answer alike. See conformance.ts. */
import fc from 'fast-check';
import { checkSourceFile } from '../../src/config/checkSourceFile.js';
import { describeProblem } from '../../src/config/problem.js';
import type { BookMapping, ColumnMapping } from '../../src/config/sourceFile.js';
import { type Attribute, definitionOf, type EntityDefinition } from '../../src/entities/definition.js';
import { Investment, Loan, Tenant } from '../../src/entities/index.js';
import { type Value, valueKinds } from '../../src/entities/kinds.js';
import { encodeCell } from '../../src/sources/decode.js';
import type { RawValue } from '../../src/sources/raw.js';
import type { Comparison, Condition, Figure, Grouping, OrderTerm, RowsAsk, TotalsAsk } from '../../src/sources/source.js';
import { sqlSourceFile, uscc } from './sqlPartner.js';

/** A book of an entity as a partner keeps it. */
export interface PartnerBook {
  readonly definition: EntityDefinition;
  readonly mapping: BookMapping;
  /** The partner's own type for a column that is not a text: NUMERIC, INTEGER, REAL, or none. */
  readonly types: Readonly<Record<string, string>>;
  /** Values that rows and asks are made of. */
  readonly values: Readonly<Record<string, readonly Value[]>>;
}

/** A row of the partner's: the cells of its main table, and what became of it. */
export interface PartnerRow {
  readonly cells: Readonly<Record<string, RawValue>>;
  /** Our values, where it is a row of the book. */
  readonly row?: Readonly<Record<string, Value>>;
  /** The partner's own filter leaves it out. */
  readonly filtered?: boolean;
}

/** The rows of a book, and the join's table where it has one. */
export interface PartnerRows {
  readonly main: readonly PartnerRow[];
  /** The key of the joined table and its one other column. */
  readonly joined: readonly (readonly [string, RawValue])[];
}

const texts = ['a', 'A', 'ab', 'Ab', 'B', '广兴', '广兴科技', '科', '％', '%', '_', "O'Neil", '"', '\\', '1', '10', '9', '\u{20000}', '\uFF01'];
const usccs = [1, 2, 3, 4].map(uscc);
const money = [-100n, 0n, 1_00n, 5_550_000_00n, 14_500_000_00n, 14_500_001_00n, 99_999_999_999_00n];
const ratios = [0n, 1n, 38_500n, 45_000n, 300_000n, 1_000_000n, -1_000n];
const dates = ['1999-12-31', '2020-01-01', '2020-02-29', '2021-03-05', '2021-10-05', '2021-12-31'];

const LOANS: PartnerBook = {
  definition: definitionOf(Loan),
  mapping: mapping('Loan', {
    from: { table: 'dk', as: 'j' },
    joins: [{ from: { table: 'kh' }, as: 'k', on: { khh: 'khh' } }],
    where: [{ column: 'scbz', equals: '0' }],
    columns: {
      number: 'bh',
      tenantUscc: 'k.xydm',
      productCode: 'cp',
      kind: { column: 'zl', values: { '10': 'CREDIT', '11': 'CREDIT', '20': 'MORTGAGE', '41': 'PLEDGE_IP' } },
      amount: { column: 'je', unit: '万元' },
      balance: { column: 'ye' },
      rate: { column: 'll', unit: '%' },
      date: { column: 'rq', format: 'yyyyMMdd' },
      maturesOn: { column: 'dqr', format: 'yyyy/MM/dd' },
      classification: { column: 'fl', values: { '1': 'NORMAL', '2': 'SPECIAL_MENTION', '5': 'LOSS' } },
      status: { constant: 'ACTIVE' },
    },
  }),
  types: { je: 'NUMERIC', ye: 'NUMERIC', ll: 'NUMERIC', fl: 'INTEGER', rq: 'INTEGER' },
  values: {
    number: texts,
    tenantUscc: usccs,
    productCode: [null, 'P1', 'p1', 'P2', '科技'],
    kind: ['CREDIT', 'MORTGAGE', 'PLEDGE_IP'],
    amount: money,
    balance: money,
    rate: ratios,
    date: dates,
    maturesOn: dates,
    classification: ['NORMAL', 'SPECIAL_MENTION', 'LOSS'],
    status: ['ACTIVE', 'REPAID'],
  },
};

const INVESTMENTS: PartnerBook = {
  definition: definitionOf(Investment),
  mapping: mapping('Investment', {
    from: { table: 'deals' },
    columns: {
      number: 'deal_no',
      tenantUscc: 'credit_code',
      fundCode: { constant: 'F1' },
      round: { column: 'round', values: { AN: 'ANGEL', PA: 'PRE_A', A: 'A', A1: 'A' } },
      amount: { column: 'fen', unit: '分' },
      date: 'day',
      stake: { column: 'stake', unit: 'bp' },
      status: 'state',
    },
  }),
  // A number that is a text of ours, amounts beyond what a float holds, and a code without a type.
  types: { deal_no: 'INTEGER', fen: 'BIGINT', stake: 'REAL', round: '' },
  values: {
    number: ['1', '2', '9', '10', '19', '100', '1010', '99999'],
    tenantUscc: usccs,
    fundCode: ['F1', 'F2'],
    round: ['ANGEL', 'PRE_A', 'A'],
    amount: [9_007_199_254_740_992n, 9_007_199_254_740_993n, -9_007_199_254_740_993n, 100_000_000_000_000_001n, 0n, 7n],
    date: dates,
    stake: [0n, 85_000n, 85_100n, 1_000_000n],
    status: ['HELD', 'EXITED'],
  },
};

const TENANTS: PartnerBook = {
  definition: definitionOf(Tenant),
  mapping: mapping('Tenant', {
    from: { table: '企业名录' },
    columns: {
      uscc: '统一社会信用代码',
      name: '名称',
      industry: '行业',
      technologyField: { constant: 'NEW_MATERIALS' },
      stage: { constant: 'INCUBATOR' },
      status: { column: '状态', values: { 在园: 'IN_PARK', 毕业: 'GRADUATED', 清退: 'EVICTED' } },
      registeredCapital: { column: '注册资本', unit: '万元', empty: ['-'] },
      foundedOn: '成立',
      enteredOn: '入驻',
      leftOn: { column: '离园', empty: ['-'] },
      registrationNumber: '注册号',
    },
  }),
  types: { 注册资本: 'NUMERIC' },
  values: {
    uscc: [1, 2, 3, 4, 5, 6, 7, 8, 9].map(uscc),
    registrationNumber: [null, '410771000000018', '410771000000034'],
    name: texts,
    industry: ['C35', 'C39', 'I65', 'M73'],
    technologyField: ['NEW_MATERIALS', 'ENERGY'],
    stage: ['INCUBATOR'],
    status: ['IN_PARK', 'GRADUATED', 'EVICTED'],
    registeredCapital: money,
    foundedOn: dates,
    enteredOn: dates,
    leftOn: [null, ...dates],
  },
};

export const partnerBooks: readonly PartnerBook[] = [LOANS, INVESTMENTS, TENANTS];

function mapping(entity: string, book: unknown): BookMapping {
  const file = sqlSourceFile({ [entity]: book });
  // Which kind of partner holds the entity is of no matter here.
  const problems = checkSourceFile(file, () => 0)
    .filter(({ field }) => field !== `books.${entity}`)
    .map(describeProblem);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return file.books[entity] as BookMapping;
}

/** A column of the main table, with the partner's type for it. */
export interface Column {
  readonly name: string;
  readonly type: string;
}

/** The cell as a format with numbers has it: a number where the partner's column is one of numbers, and as many digits are exact. */
export function asNumber(cell: RawValue, type: string): RawValue {
  if (type === 'TEXT' || typeof cell !== 'string' || !/^-?(0|[1-9]\d*)(\.\d+)?$/.test(cell)) return cell ?? null;
  return cell.replace(/\D/g, '').length <= 15 ? Number(cell) : cell;
}

/** Every column that the main table has. */
export function mainColumns({ mapping: own, types }: PartnerBook): Column[] {
  const mapped = Object.values(own.columns).flatMap((column) => column.column ?? []);
  const filters = (own.where ?? []).map((filter) => filter.column);
  const joinedBy = (own.joins ?? []).flatMap((join) => Object.values(join.on));
  return [...new Set([...mapped, ...filters, ...joinedBy])].filter((name) => !name.includes('.')).map((name) => ({ name, type: types[name] ?? 'TEXT' }));
}

/** Rows of the partner's: rows of the book, rows that its filter leaves out, and rows that break the mapping. */
export function partnerRows(book: PartnerBook): fc.Arbitrary<PartnerRows> {
  const key = book.definition.key as string;
  const one = fc.record({
    values: fc.record(Object.fromEntries(Object.entries(book.values).map(([name, values]) => [name, fc.constantFrom(...values)]))),
    fate: fc.constantFrom('kept', 'kept', 'kept', 'kept', 'filtered', 'broken'),
    form: fc.nat({ max: 3 }),
  });
  return fc.uniqueArray(one, { selector: ({ values }) => values[key], maxLength: 40, size: 'max' }).map((entries) => {
    const joined = book.mapping.joins ? usccs.map((code, index) => [`K${index}`, code] as const) : [];
    const main = entries.map(({ values, fate, form }): PartnerRow => {
      const cells: Record<string, RawValue> = {};
      const row: Record<string, Value> = {};
      for (const attribute of book.definition.attributes.values()) {
        const column = book.mapping.columns[attribute.name];
        row[attribute.name] = column?.constant === undefined ? (values[attribute.name] as Value) : String(column.constant);
        if (column?.column === undefined) continue;
        const cell = partnerCell(attribute, column, values[attribute.name] as Value, form);
        if (column.column.startsWith('k.')) cells.khh = joined.find(([, code]) => code === cell)?.[0] ?? null;
        else cells[column.column] = cell;
      }
      const isFiltered = fate === 'filtered' && book.mapping.where !== undefined;
      if (book.mapping.where) cells.scbz = isFiltered ? '1' : '0';
      if (isFiltered) return { cells, filtered: true };
      if (fate === 'kept' || fate === 'filtered') return { cells, row };
      return { cells: { ...cells, ...broken(book, form) } };
    });
    return { main, joined };
  });
}

/** The value as the partner writes it; where there are several ways, one of them. */
function partnerCell(attribute: Attribute, column: ColumnMapping, value: Value, form: number): RawValue {
  const encoded = encodeCell(attribute, column, value);
  return Array.isArray(encoded) ? encoded[form % encoded.length] : encoded;
}

function broken(book: PartnerBook, form: number): Record<string, RawValue> {
  const columns = book.mapping.columns;
  const amount = columns.amount?.column ?? columns.registeredCapital?.column;
  const code = columns.classification?.column ?? columns.round?.column ?? columns.status?.column;
  return form % 2 === 0 ? { [amount as string]: '约一百' } : { [code as string]: '?' };
}

const COMPARISONS: readonly Comparison[] = ['eq', 'in', 'lt', 'lte', 'gt', 'gte', 'contains', 'startsWith', 'isNull'];

function comparisonsOf(attribute: Attribute): readonly Comparison[] {
  const isText = attribute.kind === 'text' || attribute.kind === 'uscc';
  return COMPARISONS.filter((is) =>
    is === 'contains' || is === 'startsWith' ? isText : ['lt', 'lte', 'gt', 'gte'].includes(is) ? valueKinds[attribute.kind].ordered : true,
  );
}

function comparison(book: PartnerBook): fc.Arbitrary<Condition> {
  return fc.constantFrom(...book.definition.attributes.values()).chain((attribute) => {
    const values = book.values[attribute.name] as readonly Value[];
    const filled = values.filter((value) => value !== null);
    return fc.constantFrom(...comparisonsOf(attribute)).chain((is): fc.Arbitrary<Condition> => {
      const with_ = (value: fc.Arbitrary<Value | Value[]>): fc.Arbitrary<Condition> => value.map((own) => ({ attribute: attribute.name, is, value: own }));
      if (is === 'isNull') return with_(fc.boolean());
      if (is === 'in') return with_(fc.subarray([...filled]));
      if (is === 'contains' || is === 'startsWith')
        return with_(
          fc.constantFrom(...filled).chain((text) => fc.integer({ min: 0, max: 3 }).map((length) => [...(text as string)].slice(0, length).join(''))),
        );
      return with_(fc.constantFrom(...values));
    });
  });
}

/** Conditions of every form, up to three deep. */
export function conditions(book: PartnerBook): fc.Arbitrary<Condition> {
  const { where } = fc.letrec<{ where: Condition }>((tie) => ({
    where: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      { arbitrary: comparison(book), weight: 3 },
      { arbitrary: fc.array(tie('where'), { maxLength: 3 }).map((all) => ({ all })), weight: 1 },
      { arbitrary: fc.array(tie('where'), { maxLength: 3 }).map((any) => ({ any })), weight: 1 },
      { arbitrary: tie('where').map((not) => ({ not })), weight: 1 },
    ),
  }));
  return where;
}

const maybe = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(of, { nil: undefined });

function keysOf(book: PartnerBook) {
  return fc
    .constantFrom(...['tenantUscc', 'productCode', 'fundCode', 'number', 'uscc', 'status', 'kind'].filter((name) => book.values[name]))
    .chain((attribute) =>
      fc.subarray([...(book.values[attribute] as readonly Value[])].filter((value) => value !== null)).map((values) => ({ attribute, values })),
    );
}

/** Asks for rows: any condition, order, place, keys and limit. */
export function rowsAsks(book: PartnerBook): fc.Arbitrary<RowsAsk> {
  const attributes = [...book.definition.attributes.keys()];
  const orders: fc.Arbitrary<OrderTerm[]> = fc
    .uniqueArray(fc.constantFrom(...attributes, 'source'), { maxLength: 3 })
    .chain((names) =>
      fc.tuple(...[...names, 'key'].map((attribute) => fc.record({ attribute: fc.constant(attribute), descending: fc.boolean(), nullsFirst: fc.boolean() }))),
    );
  const valuesOf = (attribute: string): readonly Value[] =>
    attribute === 'source' ? ['icbc', 'a', 'z'] : (book.values[attribute === 'key' ? (book.definition.key as string) : attribute] as readonly Value[]);
  return orders.chain((order) =>
    fc.record({
      entity: fc.constant(book.definition.name),
      attributes: fc.subarray(attributes),
      where: maybe(conditions(book)),
      keys: maybe(keysOf(book)),
      order: fc.constant(order),
      after: maybe(
        fc.integer({ min: 1, max: order.length }).chain((length) =>
          fc.record({
            values: fc.tuple(...order.slice(0, length).map((term) => fc.constantFrom(...valuesOf(term.attribute)))) as fc.Arbitrary<Value[]>,
            inclusive: fc.boolean(),
          }),
        ),
      ),
      limit: maybe(fc.integer({ min: 1, max: 6 })),
    }),
  );
}

/** Asks for totals: any condition, keys, groups and figures. */
export function totalsAsks(book: PartnerBook): fc.Arbitrary<TotalsAsk> {
  const attributes = [...book.definition.attributes.values()];
  const groupings = fc
    .constantFrom(...attributes.filter(({ kind }) => kind !== 'money' && kind !== 'decimal'))
    .map(({ name, kind }): Grouping => ({ attribute: name, year: kind === 'date' }));
  const figures = fc.oneof(
    fc.constant<Figure>({ function: 'count' }),
    fc
      .constantFrom(...attributes)
      .chain(({ name, kind }) =>
        fc
          .constantFrom(
            ...(['sum', 'minimum', 'maximum', 'countValues', 'countDistinct'] as const).filter((own) =>
              own === 'sum' ? valueKinds[kind].additive : own === 'minimum' || own === 'maximum' ? valueKinds[kind].ordered : true,
            ),
          )
          .map((own): Figure => ({ function: own, attribute: name })),
      ),
  );
  return maybe(keysOf(book))
    .chain((keys) =>
      fc.record({
        entity: fc.constant(book.definition.name),
        where: maybe(conditions(book)),
        keys: fc.constant(keys),
        groupBy: fc.array(groupings, { maxLength: 2 }).map((others) => (keys ? [{ attribute: keys.attribute, year: false }, ...others] : others)),
        figures: fc.array(figures, { minLength: 1, maxLength: 4 }),
        // Without figures the groups alone are asked for, most of the time many of them.
        bare: fc.constantFrom('no', 'all', 'many'),
      }),
    )
    .map(({ bare, ...ask }) => (bare === 'no' || ask.groupBy.length === 0 ? ask : { ...ask, figures: [], ...(bare === 'many' ? { limit: 100_000 } : {}) }));
}
