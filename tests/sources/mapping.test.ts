import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BookMapping } from '../../src/config/sourceFile.js';
import { definitionOf } from '../../src/entities/definition.js';
import { AnnualReport, Loan, Patent } from '../../src/entities/index.js';
import { createMapper, type MappedRecord, type RawRecord, type RawValue, setAsideDuplicates } from '../../src/sources/mapping.js';
import { SHANGHAI, USCC } from './mappingFixtures.js';

const AS_OF = '2021-12-31T16:00:00.000Z';
const source = { id: 'icbc', timeZone: SHANGHAI, how: 'MIRRORED' } as const;

const loanMapping: BookMapping = {
  from: { table: 'loans' },
  columns: {
    number: { column: '借据号' },
    tenantUscc: { column: '统一社会信用代码' },
    kind: { constant: 'CREDIT' },
    amount: { column: '贷款金额', unit: '万元' },
    balance: { column: '贷款余额', unit: '万元' },
    rate: { column: '年利率', unit: '%' },
    date: { column: '放款日', format: 'yyyy年MM月dd日' },
    maturesOn: { column: '到期日', format: 'yyyy年MM月dd日' },
    classification: { column: '五级分类', values: { 正常: 'NORMAL', 关注: 'SPECIAL_MENTION' } },
    status: { constant: 'ACTIVE' },
  },
};
const cells: Record<string, RawValue> = {
  借据号: ' JJ-001 ',
  统一社会信用代码: USCC,
  贷款金额: '300',
  贷款余额: 245.5,
  年利率: '3.85%',
  放款日: '2021年3月5日',
  到期日: '2022年3月4日',
  五级分类: '正常',
  客户经理: 'nobody asks',
};
const loans = createMapper(definitionOf(Loan), loanMapping, source);
const record = (changes: Record<string, RawValue> = {}, place = '贷款台账.csv, line 17'): RawRecord => ({ place, cells: { ...cells, ...changes } });
const reasonOf = (raw: RawRecord): string => {
  const mapped = loans.map(raw, AS_OF);
  return mapped.ok ? 'accepted' : mapped.setAside.reason;
};

describe('a raw row', () => {
  it('becomes a row with its provenance, its key, and null for what is not mapped', () => {
    expect(loans.map(record(), AS_OF)).toEqual({
      ok: true,
      row: {
        entity: 'Loan',
        source: 'icbc',
        key: 'JJ-001',
        asOf: AS_OF,
        how: 'MIRRORED',
        number: 'JJ-001',
        tenantUscc: USCC,
        productCode: null,
        kind: 'CREDIT',
        amount: 300_000_000n,
        balance: 245_500_000n,
        rate: 38_500n,
        date: '2021-03-05',
        maturesOn: '2022-03-04',
        classification: 'NORMAL',
        status: 'ACTIVE',
      },
    });
  });

  it('that breaks the mapping is set aside with its place, itself, and every reason', () => {
    const broken = record({ 贷款金额: '三百', 五级分类: '9', 统一社会信用代码: '91410771MA00000156' });
    expect(loans.map(broken, AS_OF)).toEqual({
      ok: false,
      setAside: {
        entity: 'Loan',
        place: '贷款台账.csv, line 17',
        raw: broken.cells,
        reason: [
          'tenantUscc (column 统一社会信用代码): expected a USCC whose check character (the last) is 5, but got: "91410771MA00000156"',
          'amount (column 贷款金额): expected an amount in 万元 that is a whole number of fen, but got: "三百"',
          'classification (column 五级分类): expected one of the known codes 正常, 关注, but got: "9"',
        ].join('; '),
      },
    });
  });

  it('names at most five reasons', () => {
    const nothing = Object.fromEntries(Object.keys(cells).map((name) => [name, '']));
    expect(reasonOf({ place: 'line 1', cells: nothing })).toMatch(/; and 3 more$/);
  });

  it('that lacks a column is told apart from one whose cell is empty', () => {
    const { 贷款金额: _, ...others } = cells;
    expect(reasonOf({ place: 'line 1', cells: others })).toBe(
      'amount: expected a column 贷款金额 in the row, but got: the columns 借据号, 统一社会信用代码, 贷款余额, 年利率, 放款日, 到期日, 五级分类, 客户经理',
    );
    expect(reasonOf(record({ 贷款金额: undefined }))).toBe(
      'amount (column 贷款金额): expected a value, for the attribute may not be empty, but got: an empty cell',
    );
  });

  it('is not looked up beyond itself', () => {
    const odd = createMapper(definitionOf(Loan), { ...loanMapping, columns: { ...loanMapping.columns, number: { column: 'constructor' } } }, source);
    const mapped = odd.map(record(), AS_OF);
    expect(mapped.ok).toBe(false);
  });

  it('that could not be read as a whole keeps that reason', () => {
    expect(reasonOf({ ...record(), problem: 'expected 9 cells, but got: 7' })).toBe('expected 9 cells, but got: 7');
  });

  it('may hold anything: it is mapped or set aside, and nothing is thrown', () => {
    const cell = fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.bigInt(), fc.boolean(), fc.date(), fc.constant(null));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(cells), '__proto__', 'other'), cell), (anything) => {
        const mapped = loans.map({ place: 'line 1', cells: anything }, AS_OF);
        if (!mapped.ok) expect(mapped.setAside.reason).not.toBe('');
      }),
    );
  });
});

describe('a mapper', () => {
  it('tells what it reads', () => {
    expect([...loans.attributes.keys()].sort()).toEqual([...Object.keys(loanMapping.columns), 'key'].sort());
    expect([...loans.columns].sort()).toEqual(
      Object.keys(cells)
        .filter((name) => name !== '客户经理')
        .sort(),
    );
  });

  it('of some attributes reads those and the key, and no other column', () => {
    const some = loans.only(['amount', 'productCode']);
    expect([...some.columns]).toEqual(['贷款金额', '借据号']);
    const mapped = some.map({ place: 'line 1', cells: { 借据号: 'JJ-001', 贷款金额: '300' } }, AS_OF);
    expect(mapped).toEqual({
      ok: true,
      row: { entity: 'Loan', source: 'icbc', key: 'JJ-001', asOf: AS_OF, how: 'MIRRORED', amount: 300_000_000n, productCode: null },
    });
  });

  it('cannot be made without the key', () => {
    const { number: _, ...others } = loanMapping.columns;
    expect(() => createMapper(definitionOf(Loan), { ...loanMapping, columns: others }, source)).toThrow('Loan of icbc: expected a column for number');
  });

  it("keeps an attribute's own rule", () => {
    const patents = createMapper(
      definitionOf(Patent),
      {
        from: { table: 'p' },
        columns: {
          applicationNumber: { column: 'n' },
          tenantUscc: { constant: USCC },
          kind: { constant: 'INVENTION' },
          title: { constant: 't' },
          status: { constant: 'FILED' },
          filedOn: { constant: '2017-07-21' },
        },
      },
      source,
    );
    expect(patents.map({ place: 'p', cells: { n: '201710601862.3' } }, AS_OF).ok).toBe(true);
    const wrong = patents.map({ place: 'p', cells: { n: '201710601862.4' } }, AS_OF);
    expect(wrong.ok || wrong.setAside.reason).toBe(
      'applicationNumber (column n): expected an application number whose check character is right, such as 201710601862.3, but got: "201710601862.4"',
    );
  });
});

describe('a key of several columns', () => {
  const reports = createMapper(
    definitionOf(AnnualReport),
    {
      from: { table: 'reports' },
      columns: {
        key: { columns: ['code', 'year'] },
        tenantUscc: { column: 'code' },
        year: { column: 'year' },
        output: { constant: 0 },
        revenue: { constant: 0 },
        researchSpending: { constant: 0 },
        taxPaid: { constant: 0 },
        staff: { constant: 0 },
        scienceStaff: { constant: 0 },
      },
    },
    source,
  );

  it('is their texts with hyphens between', () => {
    const mapped = reports.map({ place: 'line 1', cells: { code: ` ${USCC} `, year: 2021 } }, AS_OF);
    expect(mapped.ok && mapped.row.key).toBe(`${USCC}-2021`);
    expect(mapped.ok && 'columns' in mapped.row).toBe(false);
  });

  it('is none where one of them is empty', () => {
    const mapped = reports.map({ place: 'line 1', cells: { code: USCC, year: ' ' } }, AS_OF);
    expect(mapped.ok || mapped.setAside.reason).toContain('key (columns code, year): expected a value in column year, but got: an empty cell');
  });

  it('has at most 128 characters', () => {
    const mapped = reports.map({ place: 'line 1', cells: { code: 'x'.repeat(130), year: 2021 } }, AS_OF);
    expect(mapped.ok || mapped.setAside.reason).toContain('expected a text of at most 128 characters');
  });
});

describe('rows that share an id', () => {
  const mappedRow = (number: string, place: string): MappedRecord => {
    const raw = record({ 借据号: number }, place);
    const mapped = loans.map(raw, AS_OF);
    if (!mapped.ok) throw new Error(mapped.setAside.reason);
    return { row: mapped.row, record: raw };
  };

  it('are all set aside, each naming all places; the others keep their order', () => {
    const rows = [mappedRow('B', 'line 2'), mappedRow('A', 'line 3'), mappedRow('C', 'line 4'), mappedRow('A', 'line 5')];
    const { accepted, setAside } = setAsideDuplicates(rows);
    expect(accepted.map(({ row }) => row.key)).toEqual(['B', 'C']);
    expect(setAside.map((entry) => entry.record.place)).toEqual(['line 3', 'line 5']);
    for (const entry of setAside) {
      expect(entry.setAside).toMatchObject({
        entity: 'Loan',
        place: entry.record.place,
        raw: entry.record.cells,
        reason: 'expected an id of its own, but got: "A", which is carried by 2 rows: line 3; line 5',
      });
    }
  });

  it('are none where every id is carried once, and all where one is carried by all', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('A', 'B', 'C', '__proto__', 'constructor'), { maxLength: 12 }), (numbers) => {
        const { accepted, setAside } = setAsideDuplicates(numbers.map((number, index) => mappedRow(number, `line ${index}`)));
        const once = numbers.filter((number) => numbers.indexOf(number) === numbers.lastIndexOf(number));
        expect(accepted.map(({ row }) => row.key)).toEqual(once);
        expect(accepted.length + setAside.length).toBe(numbers.length);
      }),
    );
  });
});
