/** Drop folders that must answer as the reference does: every format, every encoding. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import writeWorkbook, { type SheetData } from 'write-excel-file/node';
import { type FileSourceFile, type FileTable, sourceFileSchema } from '../../src/config/sourceFile.js';
import { allDefinitions } from '../../src/entities/definition.js';
import { openDrop } from '../../src/sources/connectors/file/drop.js';
import { dropFeed } from '../../src/sources/dropFeed.js';
import type { RawValue } from '../../src/sources/raw.js';
import type { Source } from '../../src/sources/source.js';
import type { ConformingSource } from './conformance.js';
import { mirroredSource, newStore } from './memoryFeed.js';
import { asNumber, type Column, mainColumns, type PartnerBook, type PartnerRows } from './partnerBooks.js';
import { temporaryFolder } from './sqlPartner.js';

interface Form {
  readonly format: FileTable['format'];
  readonly encoding?: FileTable['encoding'];
  /** A byte order mark stands before it. */
  readonly marked?: boolean;
}

const forms: readonly Form[] = [
  { format: 'csv' },
  { format: 'csv', encoding: 'utf-8', marked: true },
  { format: 'csv', encoding: 'gb18030' },
  { format: 'csv', encoding: 'utf-16', marked: true },
  { format: 'tsv', encoding: 'utf-16le' },
  { format: 'tsv', encoding: 'utf-16be', marked: true },
  { format: 'jsonl' },
  { format: 'xlsx' },
];

/** One for each form. */
export const fileSources: readonly ConformingSource[] = forms.map((form) => ({
  name: `a drop of ${form.format}${form.encoding ? ` in ${form.encoding}` : ''}${form.marked ? ' with a byte order mark' : ''}`,
  covers: [`file mirrored ${form.format}`, ...(form.encoding ? [`file mirrored in ${form.encoding}`] : [])],
  open: (book, rows) => openDropOf(form, book, rows),
}));

const definitions = new Map(allDefinitions().map((definition) => [definition.name, definition]));

async function openDropOf(form: Form, book: PartnerBook, rows: PartnerRows): Promise<Source> {
  const folder = temporaryFolder();
  const table = (name: string) => ({ file: `${name}_*.${form.format}`, format: form.format, ...(form.encoding && { encoding: form.encoding }) });
  const columns = mainColumns(book);
  const write = async (name: string, header: readonly Column[], lines: readonly (readonly RawValue[])[]): Promise<void> =>
    writeFileSync(join(folder, `${name}_20211231.${form.format}`), await contentOf(form, header, lines));
  await write(
    '主表',
    columns,
    rows.main.map(({ cells }) => columns.map(({ name }) => cells[name])),
  );
  await write(
    '客户',
    [
      { name: 'khh', type: 'TEXT' },
      { name: 'xydm', type: 'TEXT' },
    ],
    rows.joined,
  );
  const { joins, ...mapping } = book.mapping;
  const own = { ...mapping, from: table('主表'), ...(joins && { joins: joins.map((join) => ({ ...join, from: table('客户') })) }) };
  const partner = { kind: 'bank', name: '工商银行', shortName: '工行' };
  const file = sourceFileSchema.parse({
    id: 'icbc',
    title: '工行贷款台账',
    partner,
    connector: 'file',
    asOfFileName: '_(\\d{4})(\\d{2})(\\d{2})',
    books: { [book.definition.name]: own },
  }) as FileSourceFile;
  return mirroredSource(dropFeed(openDrop('icbc', folder, file), file, definitions, '1'), await newStore()).source;
}

async function contentOf(form: Form, header: readonly Column[], lines: readonly (readonly RawValue[])[]): Promise<Buffer> {
  if (form.format === 'xlsx') {
    const cells = lines.map((line) => line.map((cell, index) => asNumber(cell, (header[index] as Column).type) ?? null));
    return writeWorkbook([{ data: [header.map(({ name }) => name), ...cells] as SheetData, sheet: '台账' }]).toBuffer();
  }
  const text = form.format === 'jsonl' ? jsonLines(header, lines) : separated(form.format === 'csv' ? ',' : '\t', [header.map(({ name }) => name), ...lines]);
  return iconv.encode(text, form.encoding ?? 'utf-8', { addBOM: form.marked ?? false });
}

function jsonLines(header: readonly Column[], lines: readonly (readonly RawValue[])[]): string {
  const objects = lines.map((line) => Object.fromEntries(header.map(({ name, type }, index) => [name, asNumber(line[index], type)])));
  return objects.map((object) => `${JSON.stringify(object)}\n`).join('');
}

function separated(delimiter: string, lines: readonly (readonly RawValue[])[]): string {
  const cellOf = (cell: RawValue): string => {
    const text = String(cell ?? '');
    return /["\r\n,\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return lines.map((line) => `${line.map(cellOf).join(delimiter)}\r\n`).join('');
}
