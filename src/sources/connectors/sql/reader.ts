/** Reads rows and totals of one source out of one database: cuts long key lists, decodes, and reports each statement. */
import type { Value } from '../../../entities/kinds.js';
import type { RawValue } from '../../mapping.js';
import { mergeTotals } from '../../mergeTotals.js';
import { type Figure, type Row, type RowsAsk, type SetAside, SourceError, type StatementListener, type TotalsAsk, type TotalsRow } from '../../source.js';
import type { Binding, BoundColumn, Parameter } from './binding.js';
import type { Dialect } from './dialect.js';
import { type Excluded, rowsStatement, type SqlStatement, type TotalsStatement, totalsStatement } from './statement.js';

/** A result row of the driver, by column name. */
export type RawRow = Readonly<Record<string, RawValue>>;

/** A database that the connector may read. */
export interface SqlDatabase {
  readonly dialect: Dialect;
  /** Runs a statement. When the signal comes, it is ended in the database too, and its reason thrown. */
  query(text: string, parameters: readonly Parameter[], signal?: AbortSignal): Promise<RawRow[]>;
  /** The rows of a statement as they come, so that a table of any size costs the same memory; undefined where a reading must be cut in pieces instead. */
  readonly stream?: (text: string, parameters: readonly Parameter[]) => AsyncIterable<RawRow>;
  close(): Promise<void>;
}

/** What a reading of rows gave. */
export interface Reading {
  readonly rows: Row[];
  readonly setAside: SetAside[];
}

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
    for (const statement of this.pieces(binding, ask, (part) => rowsStatement(dialect, binding, part, excluded))) {
      for (const raw of await this.run(binding.entity, statement, signal)) {
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
    const decode = decoderOf(binding, ask);
    const found: TotalsRow[] = [];
    let pieces = 0;
    for (const statement of this.pieces(binding, ask, (part) => totalsStatement(dialect, binding, part, excluded))) {
      pieces += 1;
      for (const row of await this.totalsRows(binding, ask, statement, decode, signal)) found.push(row);
    }
    // Several codes of a partner may mean one value, and a cut key list gives a group in pieces.
    const isEachOnce = pieces === 1 && ask.groupBy.every(({ attribute, year }) => !year && isSingular(binding.column(attribute)));
    return isEachOnce ? found : mergeTotals(found, ask.figures);
  }

  private async totalsRows(binding: Binding, ask: TotalsAsk, statement: TotalsStatement, decode: Decoder, signal: AbortSignal): Promise<TotalsRow[]> {
    const { gathered, otherwise } = statement;
    const raws = await this.run(binding.entity, statement, signal);
    if (!gathered) return raws.map(decode.row);
    let cells = JSON.parse(String(raws[0]?.gathered)) as unknown[];
    if (otherwise && cells.length === ask.limit) return this.totalsRows(binding, ask, otherwise, decode, signal);
    if (otherwise) cells = unique(cells);
    const { only } = decode;
    // A hundred thousand keys come so: of each no more is made than what is wanted.
    if (only && gathered.length === 1) return (cells as RawValue[]).map((cell) => ({ group: [only(cell)], figures: NO_FIGURES }));
    return rowsOf(cells as RawValue[][], gathered).map(decode.row);
  }

  /** Runs any statement of this source and reports it. */
  async run(entity: string, statement: SqlStatement, signal: AbortSignal): Promise<RawRow[]> {
    signal.throwIfAborted();
    const start = performance.now();
    const rows = await this.database.query(statement.text, statement.parameters, signal);
    this.onStatement?.({ source: this.source, entity, text: statement.text, rows: rows.length, milliseconds: performance.now() - start });
    return rows;
  }

  /** The statements of an ask: one, or as many as its key list has to be cut into to fit the driver's parameters. */
  private *pieces<Ask extends RowsAsk | TotalsAsk, Written extends SqlStatement>(
    binding: Binding,
    ask: Ask,
    write: (part: Ask) => Written,
  ): Generator<Written> {
    const whole = write(ask);
    const most = this.database.dialect.maximumParameters;
    if (whole.parameters.length <= most) {
      yield whole;
      return;
    }
    const { attribute } = ask.keys ?? { attribute: 'key' };
    // Once each: in two pieces a key would be answered twice.
    const values = [...new Set(ask.keys?.values)];
    const column = binding.column(attribute);
    // A bare column that finds more is compared beside the exact one.
    const times = column.indexed ? 2 : 1;
    const widest = times * values.reduce<number>((width, value) => Math.max(width, [column.encode(value)].flat().length), 1);
    const besideKeys = write({ ...ask, keys: { attribute, values: [] } }).parameters.length;
    const atOnce = Math.floor((most - besideKeys) / widest);
    if (atOnce < 1)
      throw new SourceError(
        this.source,
        'REFUSED',
        `${this.source} takes at most ${most} values in one ask, but got: ${besideKeys} and more. Ask in several queries.`,
      );
    for (let start = 0; start < values.length; start += atOnce) yield write({ ...ask, keys: { attribute, values: values.slice(start, start + atOnce) } });
  }
}

/** The rows of a statement that came as one list. */
function rowsOf(list: readonly (readonly RawValue[] | RawValue)[], names: readonly string[]): RawRow[] {
  return list.map((cells) => {
    const row: Record<string, RawValue> = {};
    for (const [index, name] of names.entries()) row[name] = (names.length === 1 ? (cells as RawValue) : (cells as readonly RawValue[])[index]) ?? null;
    return row;
  });
}

/** Each once. */
function unique(list: readonly unknown[]): unknown[] {
  if (!Array.isArray(list[0])) return [...new Set(list)];
  return [...new Map(list.map((cells) => [JSON.stringify(cells), cells])).values()];
}

function groupOfConstant(constant: Value, year: boolean | undefined): Value {
  return year && constant !== null ? Number(String(constant).slice(0, 4)) : constant;
}

/** Whether two raw values never mean one of ours. */
function isSingular(column: BoundColumn): boolean {
  return column.constant !== undefined || column.singular;
}

/** How the rows of an ask's totals are read. */
interface Decoder {
  readonly row: (raw: RawRow) => TotalsRow;
  /** Where an ask has one group and no figures: how its cell is read. */
  readonly only: ((cell: RawValue) => Value) | undefined;
}

const NO_FIGURES: readonly Value[] = [];

function decoderOf(binding: Binding, ask: TotalsAsk): Decoder {
  const cells = ask.groupBy.map(({ attribute, year }): ((cell: RawValue | undefined) => Value) => {
    const column = binding.column(attribute);
    if (column.constant !== undefined) {
      const constant = groupOfConstant(column.constant, year);
      return () => constant;
    }
    return (cell) => (cell === null || cell === undefined ? null : year ? Number(cell) : column.decode(cell));
  });
  const names = cells.map((_read, index) => `g${index}`);
  const figures = ask.figures.map((figure, index): ((raw: RawRow) => Value) => {
    const column = figure.attribute === undefined ? undefined : binding.column(figure.attribute);
    const name = `f${index}`;
    const counts = figure.function === 'count' || figure.function === 'countValues' || figure.function === 'countDistinct';
    return (raw) => {
      const value = raw[name];
      if (column?.constant !== undefined) return figureOfConstant(figure, column.constant, Number(value));
      if (counts) return Number(value);
      if (value === null || value === undefined) return null;
      return figure.function === 'sum' ? BigInt(value as string | number) : (column as BoundColumn).decode(value);
    };
  });
  return {
    row: (raw) => ({ group: cells.map((read, index) => read(raw[names[index] as string])), figures: figures.map((read) => read(raw)) }),
    only: cells.length === 1 && figures.length === 0 ? cells[0] : undefined,
  };
}

function figureOfConstant(figure: Figure, constant: Value, rows: number): Value {
  const values = constant === null ? 0 : rows;
  switch (figure.function) {
    case 'count':
      return rows;
    case 'countValues':
      return values;
    case 'countDistinct':
      return Math.min(values, 1);
    case 'sum':
      return values === 0 ? null : BigInt(constant as bigint | number) * BigInt(values);
    case 'minimum':
    case 'maximum':
      return values === 0 ? null : constant;
  }
}
