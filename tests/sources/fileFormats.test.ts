import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { type FileSourceFile, type FileTable, sourceFileSchema } from '../../src/config/sourceFile.js';
import { openDrop } from '../../src/sources/connectors/file/drop.js';
import { readTable } from '../../src/sources/connectors/file/table.js';
import { loanSource, uscc } from '../helpers/loanPark.js';
import { cells, collect, refusal, testFolder } from './fileFolder.js';

const folder = testFolder();
const TEXT = '企业,额\n㐀𠮷囧公司,1\n';

function read(content: string | Buffer, table: Partial<FileTable>, wanted: readonly string[] = []) {
  return collect(readTable(folder.write('台账', content), { file: '台账', format: 'csv', ...table }, 'icbc', wanted));
}

describe('an encoding', () => {
  const [little, big] = [iconv.encode(TEXT, 'utf-16le'), iconv.encode(TEXT, 'utf-16be')];
  it.each([
    ['utf-8', 'a byte order mark', Buffer.from(`\uFEFF${TEXT}`)],
    ['utf-8', 'no mark', Buffer.from(TEXT)],
    ['gb18030', 'no mark', iconv.encode(TEXT, 'gb18030')],
    ['utf-16', 'the little-endian mark', Buffer.concat([Buffer.from([0xff, 0xfe]), little])],
    ['utf-16', 'the big-endian mark', Buffer.concat([Buffer.from([0xfe, 0xff]), big])],
    ['utf-16', 'no mark', little],
    ['utf-16le', 'a mark', Buffer.concat([Buffer.from([0xff, 0xfe]), little])],
    ['utf-16be', 'a mark', Buffer.concat([Buffer.from([0xfe, 0xff]), big])],
    ['utf-16be', 'no mark', big],
  ] as const)('%s with %s is read', async (encoding, _mark, bytes) => {
    for (const [format, content] of [
      ['csv', bytes],
      ['tsv', Buffer.from(bytes)],
    ] as const) {
      const rows = await read(content, format === 'csv' ? { encoding } : { encoding, format: 'csv', delimiter: ',' });
      expect(cells(rows)).toEqual([{ 企业: '㐀𠮷囧公司', 额: '1' }]);
    }
  });

  it.each(['utf-8', 'gb18030', 'utf-16', 'utf-16be'] as const)(
    '%s that the file is not in is told, even where it leaves no row to tell it by',
    async (encoding) => {
      const content = iconv.encode('企业,额\n甲乙丙丁\n', encoding === 'utf-8' ? 'gb18030' : 'utf-8');
      expect((await refusal(read(content, { encoding }, ['企业', '额']))).message).toMatch(/State the file's encoding in source.yml|Is its encoding right\?/);
    },
  );
});

describe('a TSV file', () => {
  it('has tabs between its cells, and commas in them', async () => {
    const rows = await read('借据号\t企业\n A1 \t甲,乙\nA2\t"丙\t丁"\n', { format: 'tsv' });
    expect(cells(rows)).toEqual([
      { 借据号: ' A1 ', 企业: '甲,乙' },
      { 借据号: 'A2', 企业: '丙\t丁' },
    ]);
    expect(rows[1]).toMatchObject({ place: '台账 line 3', at: { file: '台账', line: 3 } });
  });

  it('with a row that has commas instead is ragged', async () => {
    expect((await read('a\tb\n1,2\n', { format: 'tsv' }))[0]?.problem).toBe('expected 2 cells, one for each column name, but got: 1');
  });
});

describe('titles above the column names', () => {
  it('cost nothing and move no line, however they are written', async () => {
    const content = '"贷款台账\n（新乡）"\n\n借据号,余额,\nA1,1,\nA2,2\nA3\n';
    const rows = await read(content, { headerRow: 3 });
    expect(rows.map(({ place, problem }) => [place, problem])).toEqual([
      ['台账 line 5', undefined],
      ['台账 line 6', undefined],
      ['台账 line 7', 'expected 2 cells, one for each column name, but got: 1'],
    ]);
  });

  it('that never end are told where they begin', async () => {
    expect((await refusal(read('标题\n"未关\n借据号\nA\n', { headerRow: 3 }))).message).toMatch(/^台账: line 2: a quote is opened here/);
    expect((await refusal(read('标题\n', { headerRow: 3 }))).message).toMatch(/expected the column names in row 3/);
  });
});

describe('a JSON Lines file', () => {
  it('gives a row for each line, named by its paths; what a line leaves out is empty', async () => {
    const content = '{"no":"A1","borrower":{"code":"X"},"amount":12.5}\n\n{"no":"A2","tags":["a"]}\r\n';
    const rows = await read(content, { format: 'jsonl' }, ['no', 'borrower.code', 'amount']);
    expect(cells(rows)).toEqual([
      { no: 'A1', 'borrower.code': 'X', amount: 12.5 },
      { no: 'A2', 'borrower.code': null, amount: null, tags: '["a"]' },
    ]);
    expect(rows.map(({ place, at }) => [place, at?.line])).toEqual([
      ['台账 line 1', 1],
      ['台账 line 3', 3],
    ]);
  });

  it.each([
    ['{"no":', 'expected one JSON object in the line, but got: text that is no JSON'],
    ['[1,2]', 'expected an object, but got: an array'],
    ['null', 'expected an object, but got: null'],
    [`{"a":${'['.repeat(60)}${']'.repeat(60)}}`, 'expected at most 50 levels of nesting, but got: more'],
    ['{"amount":12345678901234567890}', 'amount: expected a number of at most 15 digits or a text, but got: 12345678901234567000'],
    ['{"no":"\uFFFD"}', 'expected text in the encoding that source.yml says, but got: bytes that mean nothing in it'],
    [`{"no":"${'x'.repeat(10_001)}"}`, 'no: expected at most 10000 characters, but got: 10001'],
  ])('sets the line aside that is %s', async (line, problem) => {
    const rows = await read(`{"no":"A"}\n${line}\n{"no":"B"}\n`, { format: 'jsonl' });
    expect(rows.map((row) => row.problem)).toEqual([undefined, problem, undefined]);
  });

  it('has columns called as nothing else should be', async () => {
    const rows = await read('{"__proto__":"a","constructor":{"name":"b"}}\n', { format: 'jsonl' });
    expect(Object.entries(rows[0]?.cells ?? {})).toEqual([
      ['__proto__', 'a'],
      ['constructor.name', 'b'],
    ]);
  });

  it('is refused when a line has no end', async () => {
    expect((await refusal(read(`{"no":"${'x'.repeat(1_200_000)}"}\n`, { format: 'jsonl' }))).message).toMatch(
      /^台账: line 1: expected at most 1048576 characters in a line/,
    );
  });

  it('is decoded and skipped as source.yml says, and gives back whatever was written', async () => {
    const encodings = fc.constantFrom('utf-8' as const, 'gb18030' as const, 'utf-16be' as const);
    // Halves of characters have no encoding, and U+FFFD is what a decoder writes for bytes without a meaning.
    const texts = fc.array(
      fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\uFFFD')),
      { maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(texts, encodings, async (values, encoding) => {
        const lines = [...values, '合计'].map((value) => JSON.stringify({ value }));
        const table = { format: 'jsonl' as const, encoding, skip: [{ column: 'value', equals: '合计' }] };
        const rows = await read(iconv.encode(`${lines.join('\n')}\n`, encoding), table);
        expect(rows.map((row) => row.cells.value)).toEqual(values.filter((value) => value.trim() !== '合计'));
      }),
    );
  });

  it('is a book of a drop, mapped by path', async () => {
    const book = {
      from: { file: 'loans_*.jsonl', format: 'jsonl' },
      columns: {
        number: 'no',
        tenantUscc: 'borrower.code',
        kind: { constant: 'CREDIT' },
        amount: 'amount',
        balance: 'amount',
        rate: { constant: '0.04' },
        date: 'date',
        maturesOn: 'date',
        classification: { constant: 'NORMAL' },
        status: { constant: 'ACTIVE' },
      },
    };
    folder.write('loans_20211231.jsonl', `${JSON.stringify({ no: 'A1', borrower: { code: uscc(1) }, amount: '1.00', date: '2021-03-05' })}\n{"no":"A2"}\n`);
    const drop = openDrop('bank', folder.path(), sourceFileSchema.parse(loanSource(book)) as FileSourceFile);
    expect((await collect(drop.read('Loan'))).map((row) => row.cells['borrower.code'])).toEqual([uscc(1), null]);
  });
});
