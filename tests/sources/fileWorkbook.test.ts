import { strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import writeWorkbook, { type SheetData } from 'write-excel-file/node';
import type { FileTable } from '../../src/config/sourceFile.js';
import { readTable } from '../../src/sources/connectors/file/table.js';
import { cells, collect, refusal, testFolder } from './fileFolder.js';

const folder = testFolder();

function read(content: Buffer, table: Partial<FileTable> = {}) {
  return collect(readTable(folder.write('投资明细.xlsx', content), { file: '*.xlsx', format: 'xlsx', ...table }, 'hongtu'));
}

async function workbook(rows: SheetData, sheet = '投资明细'): Promise<Buffer> {
  return writeWorkbook([
    { data: [['别的']], sheet: '说明' },
    { data: rows, sheet },
  ]).toBuffer();
}

/** A workbook whose second sheet's XML was tampered with. */
async function tampered(change: (xml: string) => string, options: Parameters<typeof zipSync>[1] = {}): Promise<Buffer> {
  const files = unzipSync(
    await workbook([
      ['a', 'b'],
      ['x', 5],
    ]),
  );
  const name = Object.keys(files).find((entry) => entry.endsWith('sheet2.xml')) as string;
  const xml = new TextDecoder().decode(files[name]);
  const changed = change(xml);
  expect(changed).not.toBe(xml);
  return Buffer.from(zipSync({ ...files, [name]: strToU8(changed) }, options));
}

describe('an XLSX file', () => {
  const sheet = { sheet: '投资明细' };

  it('gives texts, numbers, dates, percentages, truth values and empty cells as they are', async () => {
    const rows = await read(
      await workbook([
        [{ value: '华开资本投资明细', columnSpan: 6 }, null, null, null, null, null],
        [null],
        ['项目', '金额', '日期', '比例', '退出', '备注'],
        ['P1', 1234.56, { value: new Date(Date.UTC(2021, 11, 31)), format: 'yyyy"年"mm"月"dd"日"' }, { value: 0.125, format: '0.00%' }, true, null],
        [null, null, null, null, null, null],
        [' P2 ', 0.1 + 0.2, null, null, false, '好'],
        ['合计', 1234.86, null, null, null, null],
      ]),
      { ...sheet, headerRow: 3, skip: [{ column: '项目', equals: '合计' }] },
    );
    expect(cells(rows)).toEqual([
      { 项目: 'P1', 金额: 1234.56, 日期: new Date('2021-12-31T00:00:00.000Z'), 比例: 0.125, 退出: true, 备注: null },
      { 项目: 'P2', 金额: 0.3, 日期: null, 比例: null, 退出: false, 备注: '好' },
    ]);
    expect(rows.map((row) => row.place)).toEqual(['投资明细.xlsx sheet 投资明细 row 4', '投资明细.xlsx sheet 投资明细 row 6']);
  });

  it('is read from its first sheet unless told', async () => {
    const content = await writeWorkbook([
      { data: [['a'], ['x']], sheet: '甲' },
      { data: [['b'], ['y']], sheet: '乙' },
    ]).toBuffer();
    expect((await read(content)).map((row) => [row.place, { ...row.cells }])).toEqual([['投资明细.xlsx sheet 甲 row 2', { a: 'x' }]]);
  });

  it('refuses a sheet that it lacks', async () => {
    expect((await refusal(read(await workbook([['a']]), { sheet: '明细' }))).message).toBe(
      '投资明细.xlsx: expected a sheet named 明细, but the workbook has none.',
    );
  });

  it('marks a row with a cell right of its header', async () => {
    const rows = await read(
      await workbook([
        ['a', 'b'],
        ['x', 'y', 'z'],
        ['x', 'y'],
      ]),
      sheet,
    );
    expect(rows.map((row) => row.problem)).toEqual(['expected 2 cells, one for each column name, but got: 3', undefined]);
  });

  it('shows the errors of formulas instead of calling them empty', async () => {
    const content = await tampered((xml) => xml.replace(/<c r="B2"[^>]*>.*?<\/c>/, '<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'));
    expect(cells(await read(content, sheet))).toEqual([{ a: 'x', b: '#DIV/0!' }]);
  });

  it('reads the last result of a formula, never the formula', async () => {
    const content = await tampered((xml) => xml.replace(/<c r="B2"[^>]*>.*?<\/c>/, '<c r="B2" t="str"><f>WEBSERVICE("http://example.test")</f><v>7</v></c>'));
    expect(cells(await read(content, sheet))).toEqual([{ a: 'x', b: '7' }]);
  });

  for (const [what, change, message] of [
    ['a row beyond what Excel has', /<row r="2"/, /expected rows up to 1048576 and columns up to 16384, but got: a row at "99999999"/],
    ['a cell beyond what Excel has', /<c r="B2"/, /but got: a cell at "XFE2"/],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const replacement = what.startsWith('a row') ? '<row r="99999999"' : '<c r="XFE2"';
      const error = await refusal(read(await tampered((xml) => xml.replace(change, replacement)), sheet));
      expect(error).toMatchObject({ source: 'hongtu', reason: 'MALFORMED', message: expect.stringMatching(message) });
    });
  }

  it('refuses one far cell that would fill the memory with empty ones', async () => {
    const content = await tampered((xml) => xml.replace('</sheetData>', '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'));
    const error = await refusal(read(content, sheet));
    expect(error.message).toBe(
      '投资明细.xlsx: expected at most 10000000 cells in a sheet, but got: 1048576 rows of 16384 columns. Delete the stray cells or split it.',
    );
  });

  it('refuses an address that hides behind quotes', async () => {
    const hidden = '<row r="3"><c x="<" r="A99999999"><v>1</v></c></row></sheetData>';
    expect((await refusal(read(await tampered((xml) => xml.replace('</sheetData>', hidden)), sheet))).message).toMatch(/not well-formed/);
    const behind = `<row r="3"><c x=">" r='A&#57;9999999'><v>1</v></c></row></sheetData>`;
    expect((await refusal(read(await tampered((xml) => xml.replace('</sheetData>', behind)), sheet))).message).toMatch(/but got: a cell at "A&#57;9999999"/);
  });

  it('refuses a zip bomb before it is unpacked', async () => {
    const content = await tampered((xml) => `${xml}<!--${' '.repeat(140 * 1024 * 1024)}-->`, { level: 1 });
    expect(content.length).toBeLessThan(2 * 1024 * 1024);
    expect((await refusal(read(content, sheet))).message).toBe('投资明细.xlsx: expected at most 128 MiB when unpacked, but got: more.');
  });

  it('refuses a zip bomb whose directory lies about its size', async () => {
    const content = await tampered((xml) => `${xml}<!--${' '.repeat(140 * 1024 * 1024)}-->`, { level: 1 });
    const name = content.lastIndexOf('xl/worksheets/sheet2.xml');
    expect(content.readUInt32LE(name - 46)).toBe(0x02014b50);
    content.writeUInt32LE(1000, name - 46 + 24);
    expect((await refusal(read(content, sheet))).message).toBe('投资明细.xlsx: expected at most 128 MiB when unpacked, but got: more.');
  });

  it('refuses a workbook that is cut off at any place', async () => {
    const whole = await workbook([
      ['a', 'b'],
      ['x', 5],
    ]);
    for (let length = 0; length < whole.length; length += 97) {
      expect((await refusal(read(whole.subarray(0, length), sheet))).reason).toBe('MALFORMED');
    }
  });

  it('refuses what is no workbook, and says what an old or locked one needs', async () => {
    expect((await refusal(read(Buffer.from('借据号,余额\n')))).message).toBe('投资明细.xlsx: expected an .xlsx workbook, but got: another kind of file.');
    expect((await refusal(read(Buffer.from(zipSync({ 'a.txt': strToU8('x') }))))).message).toMatch(/cannot be read: it is damaged/);
    const old = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(512)]);
    expect((await refusal(read(old))).message).toMatch(/Save it as \.xlsx without a password/);
  });

  it('refuses an archive whose entries have one name', async () => {
    const content = await workbook([['a'], ['x']]);
    const twice = Buffer.from(content.toString('latin1').replaceAll('xl/worksheets/sheet1.xml', 'xl/worksheets/sheet2.xml'), 'latin1');
    expect((await refusal(read(twice, sheet))).message).toBe('投资明细.xlsx: two entries of the archive have one name.');
  });
});
