import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import type { FileTable } from '../../src/config/sourceFile.js';
import { readTable } from '../../src/sources/connectors/file/table.js';
import { cells, collect, refusal, testFolder } from './fileFolder.js';

const folder = testFolder();

function csv(content: string | Buffer, table: Partial<FileTable> = {}) {
  return collect(readTable(folder.write('台账.csv', content), { file: '台账.csv', format: 'csv', ...table }, 'icbc'));
}

describe('a CSV file', () => {
  it('gives each row by the names of its header, and its line', async () => {
    const rows = await csv('借据号,余额\nA1,100\nA2,200\n');
    expect(cells(rows)).toEqual([
      { 借据号: 'A1', 余额: '100' },
      { 借据号: 'A2', 余额: '200' },
    ]);
    expect(rows.map((row) => row.place)).toEqual(['台账.csv line 2', '台账.csv line 3']);
    expect(rows.every((row) => row.problem === undefined)).toBe(true);
  });

  for (const [encoding, bytes] of [
    ['gb18030', iconv.encode('企业,额\n㐀𠮷囧公司,1\n', 'gb18030')],
    ['utf-8', Buffer.from('企业,额\n㐀𠮷囧公司,1\n')],
    ['utf-8', Buffer.from('\uFEFF企业,额\n㐀𠮷囧公司,1\n')],
    ['utf-16le', iconv.encode('企业,额\n㐀𠮷囧公司,1\n', 'utf-16le', { addBOM: true })],
    ['utf-16le', iconv.encode('企业,额\n㐀𠮷囧公司,1\n', 'utf-16le', { addBOM: false })],
  ] as const) {
    it(`is read as ${encoding}, ${bytes[0] === 0xef || bytes[0] === 0xff ? 'with' : 'without'} a byte order mark`, async () => {
      expect(cells(await csv(bytes, { encoding }))).toEqual([{ 企业: '㐀𠮷囧公司', 额: '1' }]);
    });
  }

  it('counts lines as an editor does, over blank lines, mixed line ends and cells of several lines', async () => {
    const rows = await csv('a,b\r\n1,"x\r\ny"\n\n2,"p\nq\nr"\r3,z\r\n  ,\n4,z');
    expect(rows.map((row) => [row.cells.a, row.place])).toEqual([
      ['1', '台账.csv line 2'],
      ['2', '台账.csv line 5'],
      ['3', '台账.csv line 8'],
      ['4', '台账.csv line 10'],
    ]);
  });

  it('finds its header below titles and blank lines', async () => {
    const rows = await csv('工商银行新乡分行\n\n借据号;额\nA1;5\n', { headerRow: 3, delimiter: ';' });
    expect(cells(rows)).toEqual([{ 借据号: 'A1', 额: '5' }]);
  });

  it('leaves out the rows that are to be skipped, ragged ones too', async () => {
    const skip = [{ column: '借据号', equals: '合计' }];
    expect(cells(await csv('借据号,额,备注\nA1,5,\n 合计 ,5\n', { skip }))).toEqual([{ 借据号: 'A1', 额: '5', 备注: '' }]);
  });

  it('refuses a skip by a column that the file lacks', async () => {
    const error = await refusal(csv('借据号,额\nA1,5\n', { skip: [{ column: '序号', equals: '合计' }] }));
    expect(error).toMatchObject({
      source: 'icbc',
      reason: 'MISCONFIGURED',
      message: '台账.csv: rows are to be skipped by the column 序号, but the file has: 借据号, 额.',
    });
  });

  it('marks ragged rows and reads on', async () => {
    const rows = await csv('a,b,c\n1,2\n1,2,3,4\n1,2,3,,\n1,2,3\n');
    expect(rows.map((row) => row.problem)).toEqual([
      'expected 3 cells, one for each column name, but got: 2',
      'expected 3 cells, one for each column name, but got: 4',
      undefined,
      undefined,
    ]);
    expect({ ...rows[1]?.cells }).toEqual({ a: '1', b: '2', c: '3', 'column 4': '4' });
  });

  it('marks rows whose bytes mean nothing in the encoding, and reads on', async () => {
    const rows = await csv(Buffer.concat([Buffer.from('a,b\n1,'), Buffer.from([0xff, 0xc0]), Buffer.from('\n2,好\n')]));
    expect(rows.map((row) => row.problem)).toEqual(['b: expected text in utf-8, but got: bytes that mean nothing in it', undefined]);
  });

  it('says that the encoding is wrong when the header cannot be decoded', async () => {
    const error = await refusal(csv(iconv.encode('借据号,额\nA1,5\n', 'gb18030')));
    expect(error.reason).toBe('MALFORMED');
    expect(error.message).toBe("台账.csv: line 1: the column names are not utf-8. State the file's encoding in source.yml.");
  });

  it('marks a row with a cell of more than 10,000 characters, and keeps little of it', async () => {
    const rows = await csv(`a,b\n1,${'长'.repeat(10_001)}\n2,${'长'.repeat(10_000)}\n`);
    expect(rows.map((row) => row.problem)).toEqual(['b: expected at most 10000 characters, but got: 10001', undefined]);
    expect(String(rows[0]?.cells.b)).toHaveLength(201);
  });

  it('keeps quotes inside unquoted cells', async () => {
    expect(cells(await csv('a,b\n5" 管,"x ""y"""\n'))).toEqual([{ a: '5" 管', b: 'x "y"' }]);
  });

  it('refuses a quote that never closes instead of swallowing the rows behind it', async () => {
    expect((await refusal(csv('a,b\n1,2\n3,"4\n5,6\n'))).message).toBe(
      '台账.csv: line 3: a quote is opened here and never closed. Close it, or double the quotes inside the cell.',
    );
    const long = await refusal(csv(`a,b\n1,2\n3,"4\n${'5,6\n'.repeat(400_000)}`));
    expect(long.message).toMatch(/^台账\.csv: line 3: expected a row of at most 1048576 characters/);
  });

  for (const [name, header, message] of [
    ['a double name', 'a,b,a', 'line 1: expected column names that differ, but got: a twice.'],
    ['an empty name', 'a,,c', 'line 1: expected a name for each column, but got: none for column 2. Is headerRow right?'],
    ['no names', ',,', 'line 1: expected the column names, but got: an empty row. Is headerRow right?'],
  ] as const) {
    it(`refuses a header with ${name}`, async () => {
      expect((await refusal(csv(`${header}\n1,2,3\n`))).message).toBe(`台账.csv: ${message}`);
    });
  }

  it('refuses a file that ends before its header', async () => {
    expect((await refusal(csv('', {}))).message).toBe('台账.csv: expected the column names in row 1, but the file ends before it.');
    expect((await refusal(csv('a,b\n1,2\n', { headerRow: 5 }))).message).toBe('台账.csv: expected the column names in row 5, but the file ends before it.');
  });

  it('reads a column called __proto__ or constructor like any other', async () => {
    const [row] = await csv('__proto__,constructor\nx,y\n');
    expect(Object.entries(row?.cells ?? {})).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
    expect(row?.cells.toString).toBeUndefined();
  });

  it('refuses a file that is not there, is a folder, or is too big', async () => {
    const read = (name: string) => collect(readTable(join(folder.path(), name), { file: name, format: 'csv' }));
    expect(await refusal(read('gone.csv'))).toMatchObject({
      reason: 'UNREACHABLE',
      message: 'gone.csv cannot be opened (ENOENT). Is it there, and may the hub read it?',
    });
    mkdirSync(join(folder.path(), 'folder.csv'));
    expect((await refusal(read('folder.csv'))).message).toBe('folder.csv: expected an ordinary file, but got: a folder, a pipe or a device.');
    truncateSync(folder.write('huge.csv', 'a,b\n'), 513 * 1024 * 1024);
    expect((await refusal(read('huge.csv'))).message).toBe('huge.csv: expected at most 512 MiB, but got: 513 MiB. Ask the partner to split it.');
  });

  it('refuses a file that changes while it is read', async () => {
    const path = folder.write('台账.csv', `a,b\n${'1,2\n'.repeat(100)}`);
    const rows = readTable(path, { file: '台账.csv', format: 'csv' })[Symbol.asyncIterator]();
    await rows.next();
    writeFileSync(path, 'a,b\n1,2\n');
    const rest = refusal(collect({ [Symbol.asyncIterator]: () => rows }));
    expect((await rest).message).toBe('台账.csv: the file was changed while it was being read. Read it again when the drop is complete.');
  });

  it('can be left before its end', async () => {
    const path = folder.write('台账.csv', `a,b\n${'1,2\n'.repeat(200_000)}`);
    for await (const row of readTable(path, { file: '台账.csv', format: 'csv' })) {
      expect(row.place).toBe('台账.csv line 2');
      break;
    }
  });

  it('gives back whatever cells were written, in either encoding', async () => {
    const cell = fc
      .string({ unit: fc.constantFrom('a', '1', '好', '"', ',', '\n', '\r\n', ' ', '，', '\u3000'), maxLength: 6 })
      .filter((text) => text.trim() !== '');
    const encodings = fc.constantFrom('utf-8' as const, 'gb18030' as const, 'utf-16le' as const);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { maxLength: 8 }), encodings, async (rows, encoding) => {
        const text = [['甲', '乙'], ...rows].map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(',')).join('\r\n');
        const read = await csv(iconv.encode(text, encoding), { encoding });
        expect(cells(read)).toEqual(rows.map(([a, b]) => ({ 甲: a, 乙: b })));
      }),
      { numRuns: 60 },
    );
  });
});
