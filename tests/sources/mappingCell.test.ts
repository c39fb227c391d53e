import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnMapping } from '../../src/config/sourceFile.js';
import type { Value, ValueKind } from '../../src/entities/kinds.js';
import { isUscc } from '../../src/rules/uscc.js';
import { decodeCell, encodeCell, isEncodable, isMonotone, MappingProblem } from '../../src/sources/decode.js';
import type { RawValue } from '../../src/sources/mapping.js';
import { compareText } from '../../src/values/text.js';
import { isDate, parseDateTime } from '../../src/values/time.js';
import { attributeOf, columnsOf, decode, problemOf, SHANGHAI, USCC, valuesOf } from './mappingFixtures.js';

const everyColumn = (Object.entries(columnsOf) as [ValueKind, ColumnMapping[]][]).flatMap(([kind, columns]) =>
  columns.map((column) => [kind, column] as const),
);

describe('a text', () => {
  it.each([
    [' 广兴科技\u3000', '广兴科技'],
    [12_345, '12345'],
    [9_007_199_254_740_993n, '9007199254740993'],
    ['\u{20000}', '\u{20000}'],
  ])('%o is %s', (raw, text) => {
    expect(decode('text', raw)).toBe(text);
  });

  it('counts characters, not halves of them, against its length', () => {
    expect(decode('text', '\u{20000}'.repeat(3), {}, { length: 3 })).toBe('\u{20000}'.repeat(3));
    expect(problemOf('text', 'abcd', {}, { length: 3 }).expected).toBe('a text of at most 3 characters');
    expect(problemOf('text', '长'.repeat(201)).expected).toBe('a text of at most 200 characters');
  });

  it.each([
    ['a line break', 'a\nb'],
    ['a NUL', 'a\0b'],
    ['half a character', 'a\ud840b'],
    ['a mark that turns the direction of writing', 'a\u202eb'],
    ['what a wrong encoding leaves', '广\ufffd技'],
    ['a number that lost digits', 2 ** 70],
    ['no number', Number.NaN],
    ['what a spreadsheet took for a day', new Date('2021-03-05')],
    ['a truth value', true],
  ])('is not %s', (_, raw) => {
    expect(problemOf('text', raw)).toBeInstanceOf(MappingProblem);
  });

  it('keeps a rule of its own', () => {
    const check = (value: string) => (value.startsWith('P') ? undefined : 'a text that starts with P');
    expect(decode('text', 'P1', {}, { check })).toBe('P1');
    expect(problemOf('text', 'Q1', {}, { check }).message).toBe('text (column c): expected a text that starts with P, but got: "Q1"');
  });
});

describe('a USCC', () => {
  it.each([USCC, ` ${USCC.toLowerCase()} `, '９１４１０７７１ＭＡ０００００１５５'])('is read from %o', (raw) => {
    expect(decode('uscc', raw)).toBe(USCC);
  });

  it('with a wrong check character names the right one', () => {
    expect(problemOf('uscc', '91350100M000100Y4Z').message).toBe(
      'uscc (column c): expected a USCC: 18 digits and capital letters without I, O, S, V and Z, the third to the eighth digits, but got: "91350100M000100Y4Z"',
    );
    expect(problemOf('uscc', '91410771MA00000156').message).toBe(
      'uscc (column c): expected a USCC whose check character (the last) is 5, but got: "91410771MA00000156"',
    );
  });

  it.each(['广兴科技', '410771000012345', 9.14e17, new Date(0), '9141 0771 MA00 0001 55'])('is not %o', (raw) => {
    expect(problemOf('uscc', raw).expected).toContain('a USCC');
  });
});

describe('a code', () => {
  const values = { '1': 'NORMAL', '2': 'SPECIAL_MENTION', '5': 'LOSS', E: 'LOSS' };

  it('means what the mapping says', () => {
    expect(['1', ' 2 ', 5, 5n, 'E'].map((raw) => decode('enum', raw, { values }))).toEqual(['NORMAL', 'SPECIAL_MENTION', 'LOSS', 'LOSS', 'LOSS']);
  });

  it('that is not known is set aside with those that are', () => {
    expect(problemOf('enum', '9', { values }).message).toBe('enum (column c): expected one of the known codes 1, 2, 5, E, but got: "9"');
    expect(problemOf('enum', 'NORMAL', { values })).toBeInstanceOf(MappingProblem);
    expect(problemOf('enum', 'e', { values })).toBeInstanceOf(MappingProblem);
  });

  it.each(['constructor', '__proto__', 'toString'])('named %s is as unknown as any other', (raw) => {
    expect(problemOf('enum', raw, { values }).expected).toContain('known codes');
    expect(problemOf('enum', raw).expected).toContain('LoanClassification');
  });

  it('is one of our own names where the mapping has no codes', () => {
    expect(decode('enum', ' LOSS ')).toBe('LOSS');
    expect(problemOf('enum', 'loss').message).toContain('expected one of the values of LoanClassification: NORMAL, SPECIAL_MENTION, LOSS');
  });

  it('may mean a text or a truth value', () => {
    expect(decode('text', '01', { values: { '01': '制造业' } })).toBe('制造业');
    expect(problemOf('text', '1', { values: { '01': '制造业' } })).toBeInstanceOf(MappingProblem);
    expect(decode('boolean', '有', { values: { 有: 'true', 无: 'false' } })).toBe(true);
    expect(decode('boolean', true, { values: { true: 'false', false: 'true' } })).toBe(false);
  });
});

describe('a truth value', () => {
  it('is written in many ways', () => {
    expect([true, '是', 'Y', 'y', 'Yes', 'TRUE', '1', 1, 1n, '１'].map((raw) => decode('boolean', raw))).toEqual(Array(10).fill(true));
    expect([false, '否', 'N', 'no', 'False', '0', 0, 0n].map((raw) => decode('boolean', raw))).toEqual(Array(8).fill(false));
  });

  it.each(['2', 2, '对', '-', new Date(0)])('is not %o', (raw) => {
    expect(problemOf('boolean', raw).expected).toContain('是 or 否');
  });
});

describe('an empty cell', () => {
  it.each([null, undefined, '', '  ', '\u3000'])('(%o) is null where the attribute may be empty, and a problem where not', (raw) => {
    for (const kind of Object.keys(columnsOf) as ValueKind[]) {
      expect(decode(kind, raw, {}, { nullable: true })).toBeNull();
      expect(problemOf(kind, raw).expected).toBe('a value, for the attribute may not be empty');
    }
  });

  it('may be written as the mapping says', () => {
    const column = { empty: ['-', '无', '0'] };
    expect(['-', ' 无 ', 0, '0'].map((raw) => decode('money', raw, column, { nullable: true }))).toEqual([null, null, null, null]);
    expect(problemOf('money', '-', column).message).toBe('money (column c): expected a value, for the attribute may not be empty, but got: "-"');
    expect(problemOf('money', '--', column, { nullable: true })).toBeInstanceOf(MappingProblem);
  });
});

describe('a constant', () => {
  it('needs no cell, and is read as a cell would be', () => {
    expect(decode('money', undefined, { constant: '45.5', unit: '万元' })).toBe(45_500_000n);
    expect(decode('boolean', undefined, { constant: false })).toBe(false);
    expect(decode('enum', 'LOSS', { constant: 'NORMAL' })).toBe('NORMAL');
    expect(problemOf('enum', undefined, { constant: 'GOOD' }).message).toBe(
      'enum (constant): expected one of the values of LoanClassification: NORMAL, SPECIAL_MENTION, LOSS, but got: "GOOD"',
    );
  });
});

describe('what came', () => {
  it('is shown at no more than 80 characters, without control characters', () => {
    const problem = problemOf('money', `\n\0${'坏'.repeat(1000)}`);
    expect([...problem.got]).toHaveLength(80);
    expect(problem.got).toMatch(/^"\\n\\u0000坏+…$/);
  });
});

describe('the way back', () => {
  it.each([
    ['money', { unit: '万元' }, 45_500_000n, '45.5'],
    ['money', { unit: '亿元' }, 1n, '0.0000000001'],
    ['money', {}, -5n, '-0.05'],
    ['money', { unit: '分' }, 100n, '100'],
    ['decimal', { unit: '%' }, 38_500n, '3.85'],
    ['decimal', { unit: 'bp' }, 38_500n, '385'],
    ['decimal', {}, 38_500n, '0.0385'],
    ['integer', {}, 12, 12],
    ['date', {}, '2021-03-05', '2021-03-05'],
    ['date', { format: 'yyyyMMdd' }, '2021-03-05', '20210305'],
    ['date', { format: 'excel' }, '2021-12-31', 44_561],
    ['date', { format: 'yyyy/MM/dd' }, '2021-12-31', ['2021/12/31']],
    ['date', { format: 'yyyy.MM.dd' }, '2021-03-15', ['2021.03.15', '2021.3.15']],
    ['date', { format: 'yyyy年MM月dd日' }, '2021-03-05', ['2021年03月05日', '2021年03月5日', '2021年3月05日', '2021年3月5日']],
    ['dateTime', { format: 'epochSeconds' }, '2022-01-05T02:24:54.000Z', 1_641_349_494],
    ['enum', { values: { '1': 'NORMAL', '5': 'LOSS', E: 'LOSS' } }, 'LOSS', ['5', 'E']],
    ['enum', { values: { '1': 'NORMAL' } }, 'LOSS', []],
    ['enum', {}, 'LOSS', ['LOSS']],
    ['boolean', { values: { 有: 'true', 无: 'false' } }, true, ['有']],
    ['uscc', {}, USCC, USCC],
    ['money', {}, null, null],
    ['enum', { values: { '1': 'NORMAL' } }, null, null],
  ] as [ValueKind, ColumnMapping, Value, unknown][])('of %s in %o: %s is %o', (kind, column, value, raw) => {
    expect(encodeCell(attributeOf(kind), { column: 'c', ...column }, value)).toEqual(raw);
  });

  it.each(everyColumn)('leads to the same value: %s in %o', (kind, column) => {
    fc.assert(
      fc.property(valuesOf(kind, column), (value) => {
        const encoded = encodeCell(attributeOf(kind), { column: 'c', ...column }, value);
        const raws = Array.isArray(encoded) ? encoded : [encoded];
        expect(raws.length).toBeGreaterThan(0);
        for (const raw of raws) expect(decode(kind, raw, column)).toBe(value);
      }),
    );
  });

  it('is refused where no list of raw values means the value', () => {
    for (const [kind, column, value] of [
      ['date', { format: 'epochSeconds' }, '2021-12-31'],
      ['date', { format: 'iso' }, '2021-12-31'],
      ['dateTime', {}, '2022-01-05T02:24:54.000Z'],
      ['boolean', {}, true],
    ] as [ValueKind, ColumnMapping, Value][]) {
      expect(isEncodable(attributeOf(kind), column)).toBe(false);
      expect(() => encodeCell(attributeOf(kind), column, value)).toThrow(TypeError);
    }
  });
});

describe('the order of raw values', () => {
  const compare = (a: unknown, b: unknown): number =>
    typeof a === 'string' && typeof b === 'string' ? compareText(a, b) : Number((a as number) > (b as number)) - Number((a as number) < (b as number));
  const numeric = new Set<ValueKind>(['money', 'decimal', 'integer']);

  it.each(everyColumn.filter(([kind, column]) => isMonotone(attributeOf(kind), column)))('is that of our values: %s in %o', (kind, column) => {
    const attribute = attributeOf(kind);
    fc.assert(
      fc.property(valuesOf(kind, column), valuesOf(kind, column), (a, b) => {
        const [rawA, rawB] = [a, b].map((value) => encodeCell(attribute, column, value)) as [string, string];
        const raw = kind === 'money' || kind === 'decimal' ? compareDecimals(rawA, rawB) : compare(rawA, rawB);
        expect(Math.sign(raw)).toBe(Math.sign(compare(a, b)));
      }),
    );
    expect(numeric.has(kind) || ['text', 'uscc', 'date', 'dateTime'].includes(kind)).toBe(true);
  });

  it.each([
    ['enum', {}],
    ['boolean', {}],
    ['text', { values: { a: 'z', b: 'y' } }],
    ['money', { empty: ['-'] }],
    ['date', { format: 'yyyy年MM月dd日' }],
    ['date', { format: 'yyyy/MM/dd' }],
    ['date', { format: 'yyyy.MM.dd' }],
    ['date', { format: 'iso' }],
    ['date', { format: 'epochSeconds' }],
    ['dateTime', {}],
  ] as [ValueKind, ColumnMapping][])('says nothing of %s in %o', (kind, column) => {
    expect(isMonotone(attributeOf(kind), column)).toBe(false);
  });
});

/** Compares two plain decimal texts of any length. */
function compareDecimals(a: string, b: string): number {
  const whole = (text: string): bigint => {
    const [digits = '', places = ''] = text.split('.');
    return BigInt(digits.replace('-', '') + places.padEnd(12, '0')) * (text.startsWith('-') ? -1n : 1n);
  };
  return Number(whole(a) > whole(b)) - Number(whole(a) < whole(b));
}

describe('whatever a cell holds', () => {
  const near = fc.stringMatching(/^[-+¥￥(]?[0-9０-９]{0,20}[.,，．]?[0-9]{0,8}[%‰)元万亿年月日/:TZ -]{0,4}[0-9]{0,4}$/);
  const raw: fc.Arbitrary<RawValue> = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string(),
    near,
    fc.double(),
    fc.integer(),
    fc.bigInt(),
    fc.boolean(),
    fc.date(),
    fc.constantFrom(null, undefined, '', '__proto__', '2021-12-31', '20211231', '1'),
  );
  const kinds: Record<ValueKind, (value: Value) => boolean> = {
    text: (value) => typeof value === 'string' && value.length > 0,
    uscc: (value) => typeof value === 'string' && isUscc(value),
    money: (value) => typeof value === 'bigint',
    decimal: (value) => typeof value === 'bigint',
    integer: (value) => Number.isInteger(value) && Math.abs(value as number) <= 2 ** 31,
    date: (value) => typeof value === 'string' && isDate(value),
    dateTime: (value) => typeof value === 'string' && parseDateTime(value) === value,
    boolean: (value) => typeof value === 'boolean',
    enum: (value) => ['NORMAL', 'SPECIAL_MENTION', 'LOSS'].includes(value as string),
  };
  const more = ['excel', 'epochSeconds', 'epochMilliseconds', 'iso'] as const;
  const columns = [...everyColumn, ...more.flatMap((format) => [['date', { format }] as const, ['dateTime', { format }] as const])];

  it.each(columns)('%s in %o is a value of its kind or a problem, never another error', (kind, column) => {
    fc.assert(
      fc.property(raw, (cell) => {
        let value: Value;
        try {
          value = decodeCell(attributeOf(kind), { column: 'c', ...column }, cell, SHANGHAI);
        } catch (error) {
          expect(error).toBeInstanceOf(MappingProblem);
          return;
        }
        expect(kinds[kind](value)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
