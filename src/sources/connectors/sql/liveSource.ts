/**
 * A partner's database, read live.
 *
 * What an ask says is done in the database, so far as the column's own form allows it. Whether it does is not assumed:
 * a survey reads every row once, sets aside those that break the mapping (the statements leave them out by key), and
 * finds the columns in which some row is written unlike the others (an amount kept as text, "2021/3/5" among
 * "2021/03/05"). An ask that compares, orders or adds up such a column is answered from all rows in memory instead:
 * slower, never wrong. The survey is made anew when it has grown old, or when a reading meets a row that it did not know.
 */
import type { BookMapping, SqlSourceFile } from '../../../config/sourceFile.js';
import type { EntityDefinition } from '../../../entities/definition.js';
import { encodeCell } from '../../decode.js';
import { selectRows, totalRows } from '../../evaluate.js';
import { createMapper, type RawRecord, setAsideDuplicates } from '../../mapping.js';
import {
  type Condition,
  type Row,
  type RowsAsk,
  type SetAside,
  type Source,
  SourceError,
  type StatementListener,
  type Survey,
  type TotalsAsk,
  type TotalsRow,
} from '../../source.js';
import type { Binding, Parameter } from './binding.js';
import { mappedBinding } from './mappedBinding.js';
import { type RawRow, type SqlDatabase, SqlReader } from './reader.js';

interface LiveOptions {
  readonly file: SqlSourceFile;
  readonly definitions: ReadonlyMap<string, EntityDefinition>;
  readonly database: SqlDatabase;
  readonly clock: () => Date;
  readonly onStatement?: StatementListener | undefined;
}

interface LiveBook {
  readonly definition: EntityDefinition;
  readonly mapping: BookMapping;
  readonly binding: Binding;
  surveyed?: Promise<Surveyed>;
}

/** What a survey found, as the statements need it. */
interface Surveyed {
  readonly survey: Survey;
  readonly at: number;
  readonly excluded: { readonly keys: readonly Parameter[] };
  /** Attributes that cannot be compared, ordered or added up in the database. */
  readonly irregular: ReadonlySet<string>;
}

/** How long a survey is believed, in milliseconds. */
const SURVEY_LASTS = 300_000;
/** A partner that changes rows faster than it can be surveyed gets its page short. */
const MOST_ATTEMPTS = 3;
/** More rows to leave out than this are not named in a statement; the ask is answered in memory. */
const MOST_EXCLUDED = 2_000;

/** A partner's database as a source. */
export class LiveSqlSource implements Source {
  readonly id: string;
  readonly how = 'LIVE';
  readonly entities: ReadonlySet<string>;
  private readonly books = new Map<string, LiveBook>();
  private readonly reader: SqlReader;

  constructor(private readonly options: LiveOptions) {
    const { file, definitions, database } = options;
    this.id = file.id;
    this.reader = new SqlReader(file.id, database, options.onStatement);
    for (const [entity, mapping] of Object.entries(file.books)) {
      const definition = definitions.get(entity);
      if (!definition) throw new SourceError(file.id, 'MISCONFIGURED', `${file.id} declares a book of ${entity}, which the hub does not know.`);
      this.books.set(entity, { definition, mapping, binding: mappedBinding({ dialect: database.dialect, definition, mapping, source: file }) });
    }
    this.entities = new Set(this.books.keys());
  }

  asOf(): string {
    return this.options.clock().toISOString();
  }

  async rows(ask: RowsAsk, signal: AbortSignal): Promise<Row[]> {
    return this.guarded(async () => {
      const book = this.bookOf(ask.entity);
      const touched = new Set([...attributesIn(ask.where), ...ask.order.map((term) => term.attribute), ...(ask.keys ? [ask.keys.attribute] : [])]);
      for (let attempt = 1; ; attempt++) {
        const surveyed = await this.surveyOf(book, signal);
        if (!fits(surveyed, touched) || !this.keepsOrder(book, [...orderedIn(ask.where), ...ask.order.map((term) => term.attribute)]))
          return selectRows(await this.allRows(book, surveyed, signal), ask);
        const reading = await this.reader.rows(book.binding, ask, surveyed.excluded, this.asOf(), signal);
        if (reading.setAside.length === 0 || attempt === MOST_ATTEMPTS) return reading.rows;
        // The partner changed a row since the survey: the rows that it pushed out of a page are only found by asking again.
        if (book.surveyed) delete book.surveyed;
      }
    });
  }

  async totals(ask: TotalsAsk, signal: AbortSignal): Promise<TotalsRow[]> {
    return this.guarded(async () => {
      const book = this.bookOf(ask.entity);
      const touched = new Set([
        ...attributesIn(ask.where),
        ...ask.groupBy.map((grouping) => grouping.attribute),
        ...ask.figures.flatMap((figure) => figure.attribute ?? []),
        ...(ask.keys ? [ask.keys.attribute] : []),
      ]);
      const surveyed = await this.surveyOf(book, signal);
      const ordered = [
        ...orderedIn(ask.where),
        ...ask.groupBy.flatMap((grouping) => (grouping.year ? [grouping.attribute] : [])),
        ...ask.figures.flatMap((figure) => (figure.function === 'minimum' || figure.function === 'maximum' ? [figure.attribute as string] : [])),
      ];
      // Several codes of the partner may mean one value: only our values can be told apart.
      const distinct = ask.figures.some((figure) => figure.function === 'countDistinct');
      if (!fits(surveyed, touched) || !this.keepsOrder(book, ordered) || distinct) return totalRows(await this.allRows(book, surveyed, signal), ask);
      return this.reader.totals(book.binding, ask, surveyed.excluded, signal);
    });
  }

  async survey(signal: AbortSignal): Promise<Survey[]> {
    return this.guarded(async () => {
      const surveys: Survey[] = [];
      for (const book of this.books.values()) {
        delete book.surveyed;
        surveys.push((await this.surveyOf(book, signal)).survey);
      }
      return surveys;
    });
  }

  async sample(entity: string, count: number, signal: AbortSignal): Promise<{ raw: RawRow; row: Row | SetAside }[]> {
    return this.guarded(async () => {
      const { binding, definition } = this.bookOf(entity);
      const attributes = [...definition.attributes.keys()];
      const raws = await this.readRaw(binding, attributes, signal, count);
      return raws.map((raw) => {
        const result = binding.row(raw, attributes, this.asOf());
        return { raw, row: result.ok ? result.row : result.setAside };
      });
    });
  }

  async close(): Promise<void> {
    await this.options.database.close();
  }

  private bookOf(entity: string): LiveBook {
    const book = this.books.get(entity);
    if (!book) throw new Error(`${this.id} holds no book of ${entity}.`);
    return book;
  }

  /** Whether the partner's own form of all these attributes has the order (and the letters) of our values. */
  private keepsOrder(book: LiveBook, attributes: readonly string[]): boolean {
    return attributes.every((name) => {
      const column = book.binding.column(name);
      return column.constant !== undefined || column.monotone;
    });
  }

  private async surveyOf(book: LiveBook, signal: AbortSignal): Promise<Surveyed> {
    const known = await book.surveyed?.catch(() => undefined);
    if (known && this.options.clock().getTime() - known.at < SURVEY_LASTS) return known;
    // One survey serves all asks that wait for it; a failed one is not kept.
    const pending = this.makeSurvey(book, signal);
    book.surveyed = pending;
    pending.catch(() => {
      if (book.surveyed === pending) delete book.surveyed;
    });
    return pending;
  }

  private async makeSurvey(book: LiveBook, signal: AbortSignal): Promise<Surveyed> {
    const { binding, definition, mapping } = book;
    const numeric = [...definition.attributes.keys()].filter((name) => {
      const column = binding.column(name);
      return column.numeric && column.constant === undefined;
    });
    const kinds = numeric.map((name) => ({
      name: `stored as number: ${name}`,
      expression: this.options.database.dialect.storedAsNumber(binding.column(name).expression),
    }));
    const raws = await this.readRaw(binding, [...definition.attributes.keys()], signal, undefined, kinds);
    const mapper = createMapper(definition, mapping, { id: this.id, timeZone: this.options.file.timeZone, how: 'LIVE' });
    const mapped = raws.map((raw) => {
      const record: RawRecord = { place: binding.place(raw), cells: raw };
      return { record, result: mapper.map(record, this.asOf()) };
    });
    const { accepted, setAside } = setAsideDuplicates(mapped.flatMap(({ record, result }) => (result.ok ? [{ row: result.row, record }] : [])));
    const faulty = [...mapped.flatMap(({ record, result }) => (result.ok ? [] : [{ record, setAside: result.setAside }])), ...setAside];
    const irregular = new Set<string>();
    for (const { row, record } of accepted) {
      for (const name of [...definition.attributes.keys(), 'key']) if (!irregular.has(name) && !isRegular(book, name, row, record.cells)) irregular.add(name);
    }
    const key = mapping.columns[definition.key ?? 'key'];
    const keys = faulty.flatMap(({ record }) => {
      const raw = key?.column === undefined ? key?.columns?.map((own) => String(record.cells[own] ?? '')).join('-') : record.cells[key.column];
      return raw === null || raw === undefined ? [] : [raw as Parameter];
    });
    return {
      survey: { entity: definition.name, read: raws.length, accepted: accepted.length, setAside: faulty.map((entry) => entry.setAside) },
      at: this.options.clock().getTime(),
      excluded: { keys: [...new Set(keys)] },
      irregular,
    };
  }

  /** Every accepted row, mapped, for asks that the database cannot answer. */
  private async allRows(book: LiveBook, surveyed: Surveyed, signal: AbortSignal): Promise<Row[]> {
    const { binding, definition } = book;
    const attributes = [...definition.attributes.keys()];
    const raws = await this.readRaw(binding, attributes, signal);
    const out = new Set<unknown>(surveyed.excluded.keys.map(String));
    const asOf = this.asOf();
    return raws.flatMap((raw) => {
      const result = binding.row(raw, attributes, asOf);
      return result.ok && !out.has(result.row.key) ? [result.row] : [];
    });
  }

  private async readRaw(
    binding: Binding,
    attributes: readonly string[],
    signal: AbortSignal,
    count?: number,
    more: readonly { name: string; expression: string }[] = [],
  ): Promise<RawRow[]> {
    const { dialect } = this.options.database;
    const parameters: Parameter[] = [];
    const parameter = (value: Parameter): string => {
      parameters.push(value);
      return dialect.parameter(parameters.length);
    };
    const columns = [...binding.selection(attributes), ...more].map(({ name, expression }) => `${expression} AS ${dialect.quote(name)}`);
    const base = binding.base.map((condition) => condition(parameter));
    const limit = count === undefined ? '' : ` LIMIT ${parameter(count)}`;
    const text = `SELECT ${columns.join(', ')} FROM ${binding.from}${base.length ? ` WHERE ${base.join(' AND ')}` : ''}${limit}`;
    return this.reader.run(binding.entity, { text, parameters }, signal);
  }

  /** Whatever the driver throws becomes an error without its SQL. */
  private async guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof SourceError || (error instanceof Error && error.name === 'AbortError') || (error instanceof Error && error.name === 'TimeoutError'))
        throw error;
      throw new SourceError(this.id, 'REFUSED', 'The database of this source did not answer a statement.', { cause: error });
    }
  }
}

/** Whether the cell of an accepted row is written as the filters will look for it. */
function isRegular(book: LiveBook, name: string, row: Row, cells: RawRecord['cells']): boolean {
  const column = book.binding.column(name);
  const attribute = name === 'key' && book.definition.key ? book.definition.key : name;
  const mapped = book.mapping.columns[attribute];
  const value = row[name] ?? null;
  if (!mapped || column.constant !== undefined) return true;
  if (mapped.columns) return true;
  const raw = cells[mapped.column as string];
  if (value === null) return raw === null;
  if (column.numeric) return Number(cells[`stored as number: ${name}`]) === 1 || name === 'key';
  const defined = book.definition.attributes.get(attribute);
  const encoded = defined ? encodeCell(defined, mapped, value) : (value as string);
  return Array.isArray(encoded) ? encoded.some((code) => String(code) === String(raw)) : encoded === raw;
}

/** Whether the database can be trusted with an ask that touches these attributes. */
function fits(surveyed: Surveyed, touched: ReadonlySet<string>): boolean {
  if (surveyed.excluded.keys.length > MOST_EXCLUDED) return false;
  for (const attribute of touched) if (surveyed.irregular.has(attribute)) return false;
  return true;
}

/** Attributes of which a condition asks more than equality. */
function orderedIn(condition: Condition | undefined): string[] {
  if (!condition) return [];
  if ('all' in condition) return condition.all.flatMap(orderedIn);
  if ('any' in condition) return condition.any.flatMap(orderedIn);
  if ('not' in condition) return orderedIn(condition.not);
  return condition.is === 'eq' || condition.is === 'in' || condition.is === 'isNull' ? [] : [condition.attribute];
}

function attributesIn(condition: Condition | undefined): string[] {
  if (!condition) return [];
  if ('all' in condition) return condition.all.flatMap(attributesIn);
  if ('any' in condition) return condition.any.flatMap(attributesIn);
  if ('not' in condition) return attributesIn(condition.not);
  return [condition.attribute];
}
