/** A few rows of a book as the partner gave them, beside what the mapping makes of them. */

import type { ShownRows } from '../access/shown.js';
import { allDefinitions } from '../entities/definition.js';
import { valueKinds } from '../entities/kinds.js';
import type { Hub, SourceStatus } from '../hub.js';
import type { Row, SetAside } from '../sources/source.js';
import { table } from './table.js';
import type { Terminal } from './terminal.js';

/** One row: its raw cells by column, and its attributes as the graph would show them, or why it was set aside. */
interface SampleRow {
  readonly raw: Readonly<Record<string, string>>;
  readonly mapped: Readonly<Record<string, string>> | null;
  readonly setAside: string | null;
}

/** The sampled rows of one book of one source. */
export interface BookSample {
  readonly source: string;
  readonly entity: string;
  readonly rows: readonly SampleRow[];
}

/** Reads so many rows of each book of each source that is there: as they are shown, and as the trace records them. */
export async function sampleBooks(hub: Hub, statuses: readonly SourceStatus[], count: number): Promise<{ samples: BookSample[]; shown: ShownRows[] }> {
  const samples: BookSample[] = [];
  const shown: ShownRows[] = [];
  for (const { id, state, books } of statuses) {
    if (state === 'UNAVAILABLE') continue;
    for (const { entity } of books) {
      const rows = await hub.sample(id, entity, count);
      samples.push({ source: id, entity, rows: rows.map(({ raw, row }) => toSampleRow(entity, raw, row)) });
      const read = rows.flatMap(({ row }) => (isSetAside(row) ? [] : [row]));
      shown.push({ source: id, entity, rows: read, setAside: rows.length - read.length });
    }
  }
  return { samples, shown };
}

/** The sample as text: the partner's cells to the left, the attributes to the right. */
export function sampleText({ source, entity, rows }: BookSample, terminal: Terminal): string {
  const head = terminal.style('heading', `${source} · ${entity}`);
  if (rows.length === 0) return `${head}\n(no rows)`;
  const drawn = rows.map(({ raw, mapped, setAside }) => [lines(raw), mapped ? lines(mapped) : terminal.style('warning', `set aside: ${setAside}`)]);
  // A line between two rows: each is many lines high.
  return `${head}\n${table(
    ['As the partner gave it', 'As the graph shows it'],
    drawn.flatMap((row, index) => (index === 0 ? [row] : [['', ''], row])),
    terminal,
  )}`;
}

function toSampleRow(entity: string, raw: Readonly<Record<string, unknown>>, row: Row | SetAside): SampleRow {
  const cells = Object.fromEntries(Object.entries(raw).map(([column, cell]) => [column, cellText(cell)]));
  if (isSetAside(row)) return { raw: cells, mapped: null, setAside: `${String(row.place)}: ${String(row.reason)}` };
  const attributes = allDefinitions().find(({ name }) => name === entity)?.attributes ?? new Map();
  const mapped = Object.entries(row as Row).flatMap(([name, value]) => {
    const attribute = attributes.get(name);
    if (attribute === undefined || value === undefined) return [];
    return [[name, value === null ? '(empty)' : String(valueKinds[attribute.kind as keyof typeof valueKinds].graphql.serialize(value))]];
  });
  return { raw: cells, mapped: Object.fromEntries(mapped), setAside: null };
}

function isSetAside(row: Row | SetAside): row is SetAside {
  return 'reason' in row && 'place' in row;
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined || cell === '') return '(empty)';
  return cell instanceof Date ? cell.toISOString() : String(cell);
}

function lines(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}
