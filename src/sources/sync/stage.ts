/**
 * Where a sync puts the rows of a book before any answer may see them: a temporary table of its own connection. It lies
 * in a file, so that a book of any size costs the same memory, and is gone with the process: a sync that is killed
 * leaves nothing to clean up, and holds no lock on the store while it reads.
 */
import { setImmediate as turn } from 'node:timers/promises';
import type { Attribute, EntityDefinition } from '../../entities/definition.js';
import type { Value } from '../../entities/kinds.js';
import { sqlite } from '../connectors/sql/sqlite.js';
import { PLACES_OF_SHARED_KEY, sharedKeyReason } from '../mapping.js';
import type { RawRecord } from '../raw.js';
import type { Row } from '../source.js';
import type { SyncSession } from './session.js';

/** What a staged row is to be. */
const ACCEPTED = 0;
const SET_ASIDE = 1;
const CLOSING = 2;

/** Rows that go into the stage with one statement. */
const AT_ONCE = 500;
/** Keys that are looked at with one statement. */
const KEYS_AT_ONCE = 1_000;

/** A row for the stage: a row of ours, one that closes a key, or one that is set aside for a reason. */
export type StagedRow = { readonly part: number; readonly record: RawRecord } & (
  | { readonly row: Row }
  | { readonly closes: string }
  | { readonly reason: string; readonly key: string | null }
);

/** How many rows of the stage are what. */
export interface StageCounts {
  readonly accepted: number;
  readonly setAside: number;
}

/** The staged rows of one book. */
export class Stage {
  /** The table, quoted. */
  readonly table: string;
  private readonly attributes: readonly Attribute[];
  private readonly insertion: string;
  private readonly atOnce: number;
  private waiting: StagedRow[] = [];
  private isIndexed = false;

  private constructor(
    private readonly session: SyncSession,
    readonly definition: EntityDefinition,
  ) {
    this.table = `temp.${sqlite.quote(`stage ${definition.table}`)}`;
    this.attributes = [...definition.attributes.values()];
    const columns = [...OWN_COLUMNS.map(([name]) => name), ...this.attributes.map(columnOf)];
    this.atOnce = Math.max(1, Math.min(AT_ONCE, Math.floor(sqlite.maximumParameters / columns.length)));
    this.insertion = `INSERT INTO ${this.table} (${columns.join(', ')}) VALUES `;
  }

  /** An empty stage for a book; one of the same connection that was there before is gone. */
  static async open(session: SyncSession, definition: EntityDefinition): Promise<Stage> {
    const stage = new Stage(session, definition);
    const columns = [
      '"position" INTEGER PRIMARY KEY',
      ...OWN_COLUMNS.map(([name, type]) => `${name} ${type}`),
      ...stage.attributes.map((attribute) => `${columnOf(attribute)} ${affinityOf(attribute)}`),
    ];
    await session.run(`DROP TABLE IF EXISTS ${stage.table}`);
    await session.run(`CREATE TABLE ${stage.table} (${columns.join(', ')})`);
    return stage;
  }

  /** Adds a row; it is in the table after `settle`. */
  async add(row: StagedRow): Promise<void> {
    this.waiting.push(row);
    if (this.waiting.length >= this.atOnce) await this.flush();
  }

  /**
   * Ends the adding: rows that share a key within a part are set aside.
   *
   * @param mayRepeat of rows with one key and the very same raw row the first is kept, and the others never were
   */
  async settle(mayRepeat: boolean): Promise<void> {
    await this.flush();
    await this.index();
    if (mayRepeat) {
      await this.session.run(
        `DELETE FROM ${this.table} AS later WHERE "state" = ${ACCEPTED} AND EXISTS (SELECT 1 FROM ${this.table} AS first
         WHERE first."key" = later."key" AND first."part" = later."part" AND first."state" = ${ACCEPTED}
           AND first."raw" = later."raw" AND first."position" < later."position")`,
      );
    }
    await this.setAsideSharedKeys();
  }

  /** Sets aside every row whose required link leads to no accepted row of the other book, and gives how many there were. */
  async setAsideDangling(from: Attribute, to: string, target: EntityDefinition, others: Stage | undefined): Promise<number> {
    const column = columnOf(from);
    const named = to === 'key' ? (target.key ?? 'key') : to;
    const expected = `${from.name}: expected the ${named} of one of the ${target.plural}, but got: `;
    const there = others && `SELECT 1 FROM ${others.table} AS other WHERE other.${others.linked(to)} = own.${column} AND other."state" = ${ACCEPTED}`;
    return this.session.write(
      `UPDATE ${this.table} AS own SET "state" = ${SET_ASIDE}, "reason" = ? || ${column} || ', which is not among them'
       WHERE own."state" = ${ACCEPTED}${there === undefined ? '' : ` AND NOT EXISTS (${there})`}`,
      [expected],
    );
  }

  /** Makes the look-up of a link's target quick. */
  async indexFor(to: string): Promise<void> {
    if (to !== 'key')
      await this.session.run(
        `CREATE INDEX IF NOT EXISTS temp.${sqlite.quote(`stage ${this.definition.table} ${to}`)} ON ${this.unqualified()} (${this.linked(to)})`,
      );
  }

  async counts(): Promise<StageCounts> {
    const [row] = await this.session.rows<{ total: number; aside: number | null }>(
      `SELECT COUNT(*) AS total, SUM("state" = ${SET_ASIDE}) AS aside FROM ${this.table}`,
    );
    const setAside = row?.aside ?? 0;
    return { accepted: (row?.total ?? 0) - setAside, setAside };
  }

  /** Leaves of each key only what the last part says that names it. */
  async keepLast(): Promise<void> {
    await this.session.run(
      `DELETE FROM ${this.table} AS earlier WHERE EXISTS (SELECT 1 FROM ${this.table} AS later WHERE later."key" = earlier."key" AND later."part" > earlier."part")`,
    );
  }

  private async flush(): Promise<void> {
    const rows = this.waiting;
    if (rows.length === 0) return;
    this.waiting = [];
    const places = `(${Array.from({ length: OWN_COLUMNS.length + this.attributes.length }, () => '?').join(', ')})`;
    await this.session.run(
      this.insertion + rows.map(() => places).join(', '),
      rows.flatMap((row) => this.parameters(row)),
    );
    // Answers wait for nothing longer than one statement.
    await turn();
  }

  private parameters(staged: StagedRow): (Value | undefined)[] {
    const { place, at, cells } = staged.record;
    const own = (state: number, key: string | null, reason: string | null): (Value | undefined)[] => [
      staged.part,
      state,
      key,
      place,
      at?.file ?? null,
      at?.sheet ?? null,
      at?.line ?? null,
      reason,
      rawText(cells),
    ];
    const attributes = (row?: Row): (Value | undefined)[] => this.attributes.map(({ name }) => row?.[name] ?? null);
    if ('row' in staged) return [...own(ACCEPTED, staged.row.key, null), ...attributes(staged.row)];
    if ('closes' in staged) return [...own(CLOSING, staged.closes, null), ...attributes()];
    return [...own(SET_ASIDE, staged.key, staged.reason), ...attributes()];
  }

  private async index(): Promise<void> {
    if (this.isIndexed) return;
    this.isIndexed = true;
    await this.session.run(`CREATE INDEX temp.${sqlite.quote(`stage ${this.definition.table} key`)} ON ${this.unqualified()} ("key", "part")`);
  }

  private async setAsideSharedKeys(): Promise<void> {
    let [key, part] = ['', -1];
    for (;;) {
      const shared = await this.session.rows<{ key: string; part: number; count: number }>(
        `SELECT "key", "part", COUNT(*) AS count FROM ${this.table} WHERE "state" <> ${SET_ASIDE} AND ("key", "part") > (?, ?)
         GROUP BY "key", "part" HAVING COUNT(*) > 1 ORDER BY "key", "part" LIMIT ${KEYS_AT_ONCE}`,
        [key, part],
      );
      for (const same of shared) await this.setAsideKey(same.key, same.part, same.count);
      const last = shared.at(-1);
      if (!last || shared.length < KEYS_AT_ONCE) return;
      ({ key, part } = last);
      await turn();
    }
  }

  private async setAsideKey(key: string, part: number, count: number): Promise<void> {
    const bearers = `"key" = ? AND "part" = ? AND "state" <> ${SET_ASIDE}`;
    const places = await this.session.rows<{ place: string }>(
      `SELECT "place" FROM ${this.table} WHERE ${bearers} ORDER BY "position" LIMIT ${PLACES_OF_SHARED_KEY}`,
      [key, part],
    );
    const reason = sharedKeyReason(
      key,
      places.map(({ place }) => place),
      count,
    );
    await this.session.run(`UPDATE ${this.table} SET "state" = ${SET_ASIDE}, "reason" = ? WHERE ${bearers}`, [reason, key, part]);
  }

  /** The column that a link names. */
  private linked(to: string): string {
    const attribute = this.definition.attributes.get(to);
    return attribute ? columnOf(attribute) : '"key"';
  }

  /** CREATE INDEX names the schema with the index, not with the table. */
  private unqualified(): string {
    return this.table.slice('temp.'.length);
  }
}

/** Conditions on the rows of a stage. */
export const staged = {
  isAccepted: `"state" = ${ACCEPTED}`,
  isSetAside: `"state" = ${SET_ASIDE}`,
  isClosing: `"state" = ${CLOSING}`,
} as const;

/** The column of an attribute in a stage, quoted. The prefix keeps it from a stage's own. */
export function columnOf(attribute: Attribute): string {
  return sqlite.quote(`our ${attribute.column}`);
}

const OWN_COLUMNS: readonly (readonly [name: string, type: string])[] = [
  ['"part"', 'INTEGER'],
  ['"state"', 'INTEGER'],
  ['"key"', 'TEXT'],
  ['"place"', 'TEXT'],
  ['"file"', 'TEXT'],
  ['"sheet"', 'TEXT'],
  ['"line"', 'INTEGER'],
  ['"reason"', 'TEXT'],
  ['"raw"', 'TEXT'],
];

function affinityOf({ kind }: Attribute): string {
  return kind === 'money' || kind === 'decimal' || kind === 'integer' || kind === 'boolean' ? 'INTEGER' : 'TEXT';
}

/** The raw row as JSON; a whole number of any length as a text. */
function rawText(cells: RawRecord['cells']): string {
  return JSON.stringify(cells, (_name, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}
