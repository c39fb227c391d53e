/** What a workbook in a drop folder may hold, and what becomes of it. */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { strToU8, unzipSync, type Zippable, zipSync } from 'fflate';
import { describe, expect, it, onTestFinished } from 'vitest';
import writeWorkbook, { type SheetData } from 'write-excel-file/node';
import { fileBank, openAbusedPark } from './abusedPark.js';

const bank = (book: object = {}, rest: Record<string, unknown> = {}) => fileBank({ file: '贷款_*.xlsx', format: 'xlsx' }, book, rest);
const withDates = () => {
  const { columns } = (bank() as { books: { Loan: { columns: object } } }).books.Loan;
  return bank({ columns: { ...columns, date: '日期' } });
};

async function workbook(rows: SheetData): Promise<Zippable> {
  return unzipSync(await writeWorkbook([{ data: rows, sheet: '贷款' }]).toBuffer());
}

const LOANS: SheetData = [
  ['借据号', '余额'],
  ['A', 5],
];

/** The park of a bank that delivered these entries as a workbook. */
function delivered(entries: Zippable | Buffer, source = bank(), options: Parameters<typeof zipSync>[1] = {}) {
  const content = Buffer.isBuffer(entries) ? entries : Buffer.from(zipSync(entries, options));
  return openAbusedPark(source, (folder) => writeFileSync(join(folder, '贷款_20211231.xlsx'), content));
}

const textOf = (entries: Zippable, name: string): string => new TextDecoder().decode(entries[name] as Uint8Array);
const SHEET = 'xl/worksheets/sheet1.xml';

/** The entries of a workbook with its sheet changed. */
async function changed(change: (sheet: string) => string, rows = LOANS): Promise<Zippable> {
  const entries = await workbook(rows);
  const before = textOf(entries, SHEET);
  const after = change(before);
  expect(after).not.toBe(before);
  return { ...entries, [SHEET]: strToU8(after) };
}

describe('a formula', () => {
  it('is never computed: its cached value counts, and an error is seen', async () => {
    const entries = await changed(
      (sheet) =>
        sheet
          .replace(/<c r="B2"[^>]*>.*?<\/c>/, '<c r="B2"><f>1/3+WEBSERVICE("http://127.0.0.1:1/")</f><v>7</v></c>')
          .replace(/<c r="B3"[^>]*>.*?<\/c>/, '<c r="B3" t="e"><f>1/0</f><v>#DIV/0!</v></c>')
          .replace(/<c r="B4"[^>]*>.*?<\/c>/, '<c r="B4"><f>SUM(B2:B3)</f></c>'),
      [...LOANS, ['B', 1], ['C', 1]],
    );
    const park = await delivered(entries);
    expect((await park.ask()).balances).toEqual({ A: '7.00' });
    expect(Object.values(await park.setAside())).toEqual([
      expect.stringMatching(/balance .* got: "#DIV\/0!"/),
      // Saved by a program that computes nothing: there is no value to go by.
      expect.stringMatching(/balance .*expected a value/),
    ]);
  });

  it('in the text of a cell is that text', async () => {
    const park = await delivered(
      await workbook([
        ['借据号', '余额'],
        ["=cmd|'/c calc'!A0", 5],
        ['=1+1', 6],
      ]),
    );
    expect((await park.ask()).balances).toEqual({ "=cmd|'/c calc'!A0": '5.00', '=1+1': '6.00' });
  });
});

describe('a day', () => {
  const rows: SheetData = [
    ['借据号', '余额', '日期'],
    ['A', 5, { value: new Date(Date.UTC(2021, 2, 5)), format: 'yyyy-mm-dd' }],
  ];
  const day = async (park: Awaited<ReturnType<typeof delivered>>) =>
    (await park.hub.ask('{ loans(where: { sourceId: { eq: "bank" } }) { nodes { date } } }')).loans.nodes.map(({ date }: { date: string }) => date);

  it('counts from 1900, or from 1904 where the workbook says so', async () => {
    const entries = await workbook(rows);
    expect(await day(await delivered(entries, withDates()))).toEqual(['2021-03-05']);
    const book = textOf(entries, 'xl/workbook.xml');
    const since1904 = /<workbookPr/.test(book)
      ? book.replace(/<workbookPr/, '<workbookPr date1904="1"')
      : book.replace(/(<workbook[^>]*>)/, '$1<workbookPr date1904="1"/>');
    expect(since1904).not.toBe(book);
    expect(await day(await delivered({ ...entries, 'xl/workbook.xml': strToU8(since1904) }, withDates()))).toEqual(['2025-03-06']);
  });

  it.each(['-1', '0', '1e300', '3e6'])('of the serial number %s is set aside', async (serial) => {
    const park = await delivered(await changed((sheet) => sheet.replace(/(<c r="C2"[^>]*>)<v>[^<]*<\/v>/, `$1<v>${serial}</v>`), rows), withDates());
    expect((await park.ask()).balances).toEqual({});
    expect(Object.values(await park.setAside())).toEqual([expect.stringMatching(/^date \(column 日期\): expected/)]);
  });
});

describe('a number', () => {
  it.each(['1e400', 'Infinity', '-1e300', '9e99'])('of %s is set aside', async (number) => {
    const park = await delivered(await changed((sheet) => sheet.replace(/(<c r="B2"[^>]*>)<v>[^<]*<\/v>/, `$1<v>${number}</v>`), [...LOANS, ['B', 1]]));
    expect((await park.ask()).balances).toEqual({ B: '1.00' });
    expect(Object.values(await park.setAside())).toEqual([expect.stringMatching(/^balance \(column 余额\): expected/)]);
  });
});

describe('a cell that says it is a number, and is none', () => {
  it.each(['NaN', 'abc', '1,5'])('(%s) damages the workbook, as it does to Excel', async (text) => {
    const park = await delivered(await changed((sheet) => sheet.replace(/(<c r="B2"[^>]*>)<v>[^<]*<\/v>/, `$1<v>${text}</v>`)));
    expect(await park.askInVain()).toMatch(/^贷款_20211231\.xlsx: the workbook cannot be read: it is damaged/);
  });
});

describe('an archive', () => {
  const spaces = (mebibytes: number): string => ' '.repeat(mebibytes * 1024 * 1024);
  const REFUSED = /^贷款_20211231\.xlsx: /;

  it.each<[name: string, message: RegExp, make: () => Promise<Buffer>]>([
    [
      'that unpacks to more than it may',
      /expected at most 128 MiB when unpacked, but got: more\.$/,
      async () => Buffer.from(zipSync(await changed((sheet) => `${sheet}<!--${spaces(140)}-->`), { level: 1 })),
    ],
    [
      'of many entries that unpack to more together',
      /expected at most 128 MiB when unpacked, but got: more\.$/,
      async () => {
        const filler = strToU8(`<x>${spaces(10)}</x>`);
        const entries = await workbook(LOANS);
        for (let number = 0; number < 14; number++) entries[`xl/filler${number}.xml`] = filler;
        return Buffer.from(zipSync(entries, { level: 1 }));
      },
    ],
    [
      'of too many entries',
      /expected at most 10000 entries in the archive, but got: more\.$/,
      async () => {
        const entries = await workbook(LOANS);
        for (let number = 0; number < 10_001; number++) entries[`x/${number}.xml`] = strToU8('<x/>');
        return Buffer.from(zipSync(entries, { level: 0 }));
      },
    ],
    [
      'whose directory says that it is smaller',
      /does not have the size that the directory states|expected at most 128 MiB/,
      async () => {
        const content = Buffer.from(zipSync(await workbook(LOANS)));
        const name = content.lastIndexOf(SHEET);
        content.writeUInt32LE(1, name - 46 + 24);
        return content;
      },
    ],
    [
      'whose directory says that it is huge',
      /expected at most 128 MiB when unpacked, but got: more\.$/,
      async () => {
        const content = Buffer.from(zipSync(await workbook(LOANS)));
        const name = content.lastIndexOf(SHEET);
        content.writeUInt32LE(0xfffffff0, name - 46 + 24);
        return content;
      },
    ],
    [
      'whose directory lies about where entries are',
      /an entry of the archive is damaged|is cut off/,
      async () => {
        const content = Buffer.from(zipSync(await workbook(LOANS)));
        content.writeUInt32LE(0x7fffffff, content.lastIndexOf(SHEET) - 46 + 42);
        return content;
      },
    ],
    ['that is cut off', /has no directory: was the file cut off\?$/, async () => Buffer.from(zipSync(await workbook(LOANS))).subarray(0, 1500)],
    ['without anything', /expected an \.xlsx workbook, but got: another kind of file|damaged/, async () => Buffer.from(zipSync({}))],
    ['of nothing but bytes', /expected an \.xlsx workbook, but got: another kind of file\.$/, async () => Buffer.alloc(100_000, 0x50)],
  ])('%s is refused', async (_name, message, make) => {
    const park = await delivered(await make(), bank({}, { deadline: 30_000 }));
    const said = await park.askInVain();
    expect(said).toMatch(REFUSED);
    expect(said).toMatch(message);
  });

  it('within the workbook is not unpacked', async () => {
    const inner = zipSync({ 'a.xml': strToU8(`<x>${spaces(130)}</x>`) }, { level: 1 });
    const park = await delivered({ ...(await workbook(LOANS)), 'xl/embeddings/inner.xlsx': inner, 'xl/inner.zip': inner });
    expect((await park.ask()).balances).toEqual({ A: '5.00' });
  });

  it('with names that lead out of a folder, or are those of JavaScript, harms nobody', async () => {
    const park = await delivered({
      ...(await workbook(LOANS)),
      '../../../../tmp/parkhub-abused.xml': strToU8('<x/>'),
      '/etc/parkhub-abused.xml': strToU8('<x/>'),
      '__proto__.xml': strToU8('<x/>'),
      'constructor.xml': strToU8('<x/>'),
    });
    expect((await park.ask()).balances).toEqual({ A: '5.00' });
  });
});

describe('XML that reaches out', () => {
  /** Entities and relations to an address; fails the test where anyone asks there. */
  async function outside(): Promise<string> {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      response.end('5');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.close();
      expect(asked).toBe(0);
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  it.each<[name: string, entity: (address: string) => string]>([
    ['a file', () => '<!ENTITY x SYSTEM "file:///etc/passwd">'],
    ['an address', (address) => `<!ENTITY x SYSTEM "${address}">`],
    [
      'a billion laughs',
      () => `<!ENTITY a0 "ha">${Array.from({ length: 30 }, (_, index) => `<!ENTITY a${index + 1} "&a${index};&a${index};">`).join('')}<!ENTITY x "&a30;">`,
    ],
    ['a lot of text', () => `<!ENTITY x "${'x'.repeat(1_000_000)}">`],
  ])('an entity of %s is never filled in', async (_name, entity) => {
    const declared = entity(await outside());
    const entries = await changed((sheet) =>
      sheet
        .replace(/<worksheet/, `<!DOCTYPE worksheet [${declared}]><worksheet`)
        .replace(/<c r="A2"[^>]*>.*?<\/c>/, `<c r="A2" t="inlineStr"><is><t>${'&x;'.repeat(100)}</t></is></c>`),
    );
    const park = await delivered(entries);
    expect(await park.askInVain()).toBe(
      '贷款_20211231.xlsx: expected XML without a document type, but got: one. Save the workbook with a spreadsheet program.',
    );
  });

  it('a relation to a workbook elsewhere is not followed', async () => {
    const address = await outside();
    const entries = await workbook(LOANS);
    const relations = 'xl/_rels/workbook.xml.rels';
    const more = `<Relationship Id="rIdX" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLink" Target="${address}" TargetMode="External"/></Relationships>`;
    const park = await delivered({ ...entries, [relations]: strToU8(textOf(entries, relations).replace('</Relationships>', more)) });
    expect((await park.ask()).balances).toEqual({ A: '5.00' });
  });

  it('a sheet that is a relation to elsewhere is refused', async () => {
    const address = await outside();
    const entries = await workbook(LOANS);
    const relations = 'xl/_rels/workbook.xml.rels';
    const changedRelations = textOf(entries, relations).replace(/Target="[^"]*worksheets\/sheet1\.xml"/, `Target="${address}" TargetMode="External"`);
    expect(changedRelations).not.toBe(textOf(entries, relations));
    const park = await delivered({ ...entries, [relations]: strToU8(changedRelations) });
    expect(await park.askInVain()).toMatch(/^贷款_20211231\.xlsx: the workbook cannot be read/);
  });
});

describe('a sheet', () => {
  it.each<[name: string, message: RegExp, change: (sheet: string) => string]>([
    [
      'with a cell at the end of all columns and rows',
      /expected at most 10000000 cells in a sheet/,
      (sheet) => sheet.replace('</sheetData>', '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
    ],
    ['with a row beyond them', /expected rows up to 1048576/, (sheet) => sheet.replace('<row r="2"', '<row r="4294967297"')],
    ['that breaks off', /the workbook cannot be read|not well-formed/, (sheet) => sheet.slice(0, sheet.length / 2)],
    [
      'with a tag without end',
      /expected tags and texts of at most 131072 characters/,
      (sheet) => sheet.replace('<sheetData>', `<x a="${'x'.repeat(2_000_000)}"/><sheetData>`),
    ],
    [
      'with a text without end',
      /expected tags and texts of at most 131072 characters/,
      (sheet) => sheet.replace('<sheetData>', `<x>${'x'.repeat(2_000_000)}</x><sheetData>`),
    ],
    [
      'with a comment without end',
      /expected tags and texts of at most 131072 characters/,
      (sheet) => sheet.replace('<sheetData>', `<!--${'x'.repeat(2_000_000)}--><sheetData>`),
    ],
    [
      'with 100,000 elements in one another',
      /the workbook cannot be read|not well-formed/,
      (sheet) => sheet.replace('<sheetData>', `${'<x>'.repeat(100_000)}<sheetData>`),
    ],
  ])('%s is refused', async (_name, message, change) => {
    const park = await delivered(await changed(change));
    expect(await park.askInVain()).toMatch(message);
  });

  it('with an id longer than a cell may be sets that row aside', async () => {
    const park = await delivered(await workbook([...LOANS, ['长'.repeat(10_001), 6]]));
    expect((await park.ask()).balances).toEqual({ A: '5.00' });
    expect(Object.values(await park.setAside())).toEqual([expect.stringMatching(/expected at most 10000 characters, but got: 10001/)]);
  });
});
