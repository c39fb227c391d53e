/** Reads rows and totals of one source out of one database: cuts long key lists, decodes, and reports each statement. */
import type { Value } from '../../../entities/kinds.js';
import type { RawValue } from '../../mapping.js';
import { mergeTotals } from '../../mergeTotals.js';
import type { Row, RowsAsk, SetAside, StatementListener, TotalsAsk, TotalsRow } from '../../source.js';
import type { Binding, Parameter } from './binding.js';
import type { Dialect } from './dialect.js';
import { type Excluded, rowsStatement, type SqlStatement, totalsStatement } from './statement.js';

/** A result row of the driver, by column name. */
export type RawRow = Readonly<Record<string, RawValue>>;

/** A database that the connector may read. */
export interface SqlDatabase {
  readonly dialect: Dialect;
  query(text: string, parameters: readonly Parameter[]): Promise<RawRow[]>;
  /** The rows of a statement as they come, so that a table of any size costs the same memory. */
  stream(text: string, parameters: readonly Parameter[]): AsyncIterable<RawRow>;
  close(): Promise<void>;
}

/** What a reading of rows gave. */
export interface Reading {
  readonly rows: Row[];
  readonly setAside: SetAside[];
}

/** Parameters that are kept free for filters when a key list is cut. */
const ROOM_FOR_FILTERS = 1_000;

/** Reads one source's bindings. */
export class SqlReader {
  constructor(
    private readonly source: string,
    private readonly database: SqlDatabase,
    private readonly onStatement: StatementListener | undefined,
  ) {}

  /** The rows of an ask, with those that do not fit the mapping set aside. */
  async rows(binding: Binding, ask: RowsAsk, excluded: Excluded, asOf: string, signal: AbortSignal): Promise<Reading> {
    const { dialect } = this.database;
    const reading: Reading = { rows: [], setAside: [] };
    for (const part of cut(ask, dialect.maximumParameters - excluded.keys.length - ROOM_FOR_FILTERS)) {
      for (const raw of await this.run(binding.entity, rowsStatement(dialect, binding, part, excluded), signal)) {
        const result = binding.row(raw, ask.attributes, asOf);
        if (result.ok) reading.rows.push(result.row);
        else reading.setAside.push(result.setAside);
      }
    }
    return reading;
  }

  /** The figures of an ask, by group. */
  async totals(binding: Binding, ask: TotalsAsk, excluded: Excluded, signal: AbortSignal): Promise<TotalsRow[]> {
    const { dialect } = this.database;
    const found: TotalsRow[] = [];
    for (const part of cut(ask, dialect.maximumParameters - excluded.keys.length - ROOM_FOR_FILTERS)) {
      for (const raw of await this.run(binding.entity, totalsStatement(dialect, binding, part, excluded), signal)) found.push(decodeTotals(binding, ask, raw));
    }
    // Several codes of a partner may mean one value of ours, and a cut key list gives a group in pieces.
    return mergeTotals(found, ask.figures);
  }

  /** Runs any statement of this source and reports it. */
  async run(entity: string, statement: SqlStatement, signal: AbortSignal): Promise<RawRow[]> {
    signal.throwIfAborted();
    const start = performance.now();
    const rows = await this.database.query(statement.text, statement.parameters);
    this.onStatement?.({ source: this.source, entity, text: statement.text, rows: rows.length, milliseconds: performance.now() - start });
    return rows;
  }
}

/** The ask in pieces whose key lists fit a statement. */
function* cut<Ask extends RowsAsk | TotalsAsk>(ask: Ask, most: number): Generator<Ask> {
  if (!ask.keys || ask.keys.values.length <= most) {
    yield ask;
    return;
  }
  const { attribute, values } = ask.keys;
  for (let start = 0; start < values.length; start += most) yield { ...ask, keys: { attribute, values: values.slice(start, start + most) } };
}

function decodeTotals(binding: Binding, ask: TotalsAsk, raw: RawRow): TotalsRow {
  const group = ask.groupBy.map((grouping, index): Value => {
    const column = binding.column(grouping.attribute);
    if (column.constant !== undefined) return grouping.year && column.constant !== null ? Number(String(column.constant).slice(0, 4)) : column.constant;
    const value = raw[`g${index}`];
    if (value === null || value === undefined) return null;
    return grouping.year ? Number(value) : column.decode(value);
  });
  const figures = ask.figures.map((figure, index): Value => {
    const value = raw[`f${index}`];
    if (figure.function === 'count' || figure.function === 'countValues' || figure.function === 'countDistinct') return Number(value);
    if (value === null || value === undefined) return null;
    return figure.function === 'sum' ? BigInt(value as string | number) : binding.column(figure.attribute as string).decode(value);
  });
  return { group, figures };
}
