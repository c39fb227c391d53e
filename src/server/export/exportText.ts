/** Pages of rows as the text of a file, and what goes with it in the answer's headers. */
import type { HiddenField } from '../../schema/context.js';
import { HubError } from '../../schema/errors.js';
import type { SourceReport } from '../../sources/book.js';
import { shown } from '../sourceReports.js';
import { csvHead, csvRow } from './csv.js';
import { ExportError, type ExportPage, said } from './exportPages.js';
import type { ExportPlan } from './exportPlan.js';
import { HiddenCells } from './hiddenCells.js';
import { columnsOf, EXTENSIONS } from './rowShape.js';

/** A form in which rows leave. */
export interface ExportFormat {
  readonly mediaType: string;
  readonly contentType: string;
  readonly fileEnding: string;
  /** The text itself says that it has come to its end; else only the connection does. */
  readonly hasEnd: boolean;
  /** Makes the writer of one export. Throws a HubError where the rows do not fit the form. */
  readonly writer: (plan: ExportPlan) => ExportWriter;
}

/** Writes the rows of one export. */
export interface ExportWriter {
  readonly head: string;
  page(page: ExportPage): string;
  /** What comes after the last row. */
  end(summary: ExportSummary): string;
  /** What is said of an export that breaks off, where the form has a place for it. */
  broken(error: ExportError): string;
}

/** The whole of what was exported. */
interface ExportSummary {
  readonly rows: number;
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
  readonly hidden: readonly object[];
  readonly sources: readonly object[];
}

const csv: ExportFormat = {
  mediaType: 'text/csv',
  contentType: 'text/csv; charset=utf-8; header=present',
  fileEnding: 'csv',
  hasEnd: false,
  writer: ({ shape, idName }) => {
    const columns = columnsOf(shape);
    return {
      head: csvHead(columns),
      page: ({ rows, hidden }) => {
        const cells = new HiddenCells(hidden, idName);
        return rows.map((row) => csvRow(columns, row, columnsHidden(columns, cells.take(row, shape)))).join('');
      },
      // A table has nothing but rows: that it ended, and was not broken off, says that it is whole.
      end: () => '',
      broken: () => '',
    };
  },
};

/** A hidden link hides every column behind it. */
function columnsHidden(columns: readonly { readonly name: string }[], places: readonly string[]): string[] {
  if (places.length === 0) return [];
  return columns.flatMap(({ name }) => (places.some((place) => name === place || name.startsWith(`${place}.`)) ? [name] : []));
}

const jsonLines: ExportFormat = {
  mediaType: 'application/x-ndjson',
  contentType: 'application/x-ndjson; charset=utf-8',
  fileEnding: 'jsonl',
  hasEnd: true,
  writer: ({ shape, idName }) => ({
    head: '',
    page: ({ rows, hidden }) => {
      const cells = new HiddenCells(hidden, idName);
      return rows
        .map((row) => {
          const places = cells.take(row, shape);
          return `${JSON.stringify(places.length === 0 ? row : { ...row, [EXTENSIONS]: { hidden: places } })}\n`;
        })
        .join('');
    },
    end: ({ rows, hasNextPage, endCursor, hidden, sources }) =>
      `${JSON.stringify({ [EXTENSIONS]: { export: { rows, hasNextPage, endCursor }, hidden, sources } })}\n`,
    broken: ({ errors }) => `${JSON.stringify({ errors })}\n`,
  }),
};

/** The forms, the one that is given to who takes any first. */
export const exportFormats: readonly ExportFormat[] = [csv, jsonLines];

/** The form that an Accept header asks for; undefined where it takes none of them. */
export function formatOf(accept: string | undefined): ExportFormat | undefined {
  const ranges = (accept ?? '*/*').split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    return { type, quality: quality === undefined ? 1 : Number(quality.slice(2)) || 0 };
  });
  const qualityOf = ({ mediaType }: ExportFormat): number => {
    const names = [mediaType, `${mediaType.split('/')[0]}/*`, '*/*'];
    // The nearest range counts: "text/csv;q=0, */*" takes no CSV.
    return names.map((name) => ranges.find(({ type }) => type === name)?.quality).find((quality) => quality !== undefined) ?? 0;
  };
  const ranked = exportFormats.map((format) => ({ format, quality: qualityOf(format) })).filter(({ quality }) => quality > 0);
  return ranked.sort((a, b) => b.quality - a.quality)[0]?.format;
}

/** What the first page's header says of the whole, for a table has no other place: rows that were left out, and old copies. */
export function notesOf({ hidden, sources }: ExportPage): string | undefined {
  const leftOut = hidden.filter(({ effect }) => effect === 'ROWS_LEFT_OUT').map(({ source, entity, attribute }) => `${source} ${entity}.${attribute}`);
  if (leftOut.length === 0 && sources.length === 0) return undefined;
  const notes = JSON.stringify({
    leftOut: leftOut.slice(0, MOST_NOTED),
    sources: sources.slice(0, MOST_NOTED).map(({ sourceId, state, asOf }) => ({ sourceId, state, asOf })),
  });
  // A header is ASCII.
  return notes.replace(/[^ -~]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** So many names fit into a header. */
const MOST_NOTED = 40;

/** The text of an export, a page at a time. Throws an ExportError where it breaks off, after what the form says of it. */
export async function* exportText(writer: ExportWriter, first: ExportPage, others: AsyncIterable<ExportPage>): AsyncGenerator<string, void> {
  const hidden = new Map<string, object>();
  const sources = new Map<string, SourceReport>();
  let rows = 0;
  let last = first;
  const take = (page: ExportPage): string => {
    for (const note of page.hidden) hidden.set(nameOf(note), withoutIds(note));
    for (const report of page.sources) sources.set(report.sourceId, report);
    rows += page.rows.length;
    last = page;
    return writer.page(page);
  };
  yield writer.head + take(first);
  try {
    for await (const page of others) {
      const stale = page.sources.find(({ sourceId, state }) => state === 'STALE' && !sources.has(sourceId));
      if (stale) throw changed(stale);
      yield take(page);
    }
  } catch (error) {
    if (error instanceof ExportError) yield writer.broken(error);
    throw error;
  }
  const { hasNextPage, endCursor } = last;
  yield writer.end({ rows, hasNextPage, endCursor, hidden: [...hidden.values()], sources: [...sources.values()].map(shown) });
}

function nameOf({ entity, source, attribute, effect }: HiddenField): string {
  return `${entity} ${source} ${attribute} ${effect}`;
}

/** Which rows is said at each row. */
function withoutIds({ ids: _ids, ...note }: HiddenField): object {
  return note;
}

/** Rows of the day before, after rows of today: no whole. */
function changed({ sourceId, message }: SourceReport): ExportError {
  return ExportError.of(
    new HubError('SOURCE_UNAVAILABLE', `${said(sourceId, message)} It answered earlier pages itself. Ask again later.`, { source: sourceId }),
    503,
  );
}
