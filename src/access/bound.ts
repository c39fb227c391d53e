/**
 * The rules bound into a book: what each ask of one entity in one source becomes for the viewer who asks.
 *
 * - An ask sees only rows in which all is visible that it filters, orders, groups, adds up or finds rows by: so nothing that
 *   is hidden of a row can be told from an answer, a count or an order.
 * - A row shows what the viewer's grants give of it. The rest reads as null, and is noted when it is read: `extensions.hidden`.
 * - What the grants need to know of a row is read with it, and each row is held against them again when it comes: a source
 *   that hands over more than it was asked for gives nothing away.
 */
import type { EntityDefinition } from '../entities/definition.js';
import type { Value } from '../entities/kinds.js';
import { matches } from '../sources/evaluate.js';
import type { BookCondition } from '../sources/plan.js';
import type { Condition, Row } from '../sources/source.js';
import type { Consents } from './consents.js';
import { grantsOf, type HiddenReason, hiddenReason } from './rules.js';
import type { TokenViewer } from './viewer.js';

/** What an answer lacks for this viewer. */
export interface HiddenNote extends HiddenReason {
  readonly source: string;
  readonly entity: string;
  readonly attribute: string;
  /**
   * NULL: the field is null in the rows; ROWS_LEFT_OUT: the ask rests on it, and did not see rows in which it is hidden. Of the
   * attribute `*`: no row that was asked for shows, and the source was not asked.
   */
  readonly effect: 'NULL' | 'ROWS_LEFT_OUT';
  /** Keys of the rows in which it is null, where others of the book may show it; undefined where none does. */
  readonly keys: readonly string[] | undefined;
}

/** Makes a condition that crosses books one that the entity's own book can answer; asks as the hub itself. */
export type GrantPlanner = (entity: string, condition: BookCondition) => Promise<Condition | undefined>;

/** A grant whose condition one book can answer. */
interface PlannedGrant {
  readonly when: 'every' | Condition;
  readonly sees: ReadonlySet<string>;
}

/** What one viewer may see, for one operation: authorizations and holdings are looked up once for it. */
export class Access {
  private readonly views = new Map<string, Promise<PartView>>();
  private readonly notes = new Map<string, { note: Omit<HiddenNote, 'keys'>; keys: Set<string>; isMixed: boolean }>();

  constructor(
    readonly viewer: TokenViewer,
    private readonly consents: Consents,
    private readonly plan: GrantPlanner,
  ) {}

  /** What the viewer sees of one entity in one source. */
  of(definition: EntityDefinition, source: string): Promise<PartView> {
    const name = `${definition.name}/${source}`;
    const known = this.views.get(name) ?? this.look(definition, source);
    this.views.set(name, known);
    return known;
  }

  /** What the operation's answers lacked so far. */
  hidden(): HiddenNote[] {
    const found = [...this.notes.values()].map(({ note, keys, isMixed }): HiddenNote => ({ ...note, keys: isMixed ? [...keys].sort() : undefined }));
    const nameOf = (note: HiddenNote): string => [note.entity, note.source, note.attribute, note.effect].join('\n');
    return found.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  }

  /** Notes that an attribute is hidden: in the row of this key, or for rows that an ask left out. */
  note(definition: EntityDefinition, source: string, attribute: string, effect: HiddenNote['effect'], key?: string, isMixed = false): void {
    const name = `${definition.name}\n${source}\n${attribute}\n${effect}`;
    let known = this.notes.get(name);
    if (!known) {
      const note = { source, entity: definition.name, attribute, effect, ...hiddenReason(this.viewer, definition, attribute) };
      known = { note, keys: new Set(), isMixed };
      this.notes.set(name, known);
    }
    if (key !== undefined && isMixed) known.keys.add(key);
  }

  private async look(definition: EntityDefinition, source: string): Promise<PartView> {
    const grants = await grantsOf(this.viewer, definition, source, this.consents);
    const planned = await Promise.all(
      grants.map(async ({ when, sees }): Promise<PlannedGrant> => {
        if (when === 'every') return { when, sees };
        return { when: (await this.plan(definition.name, when)) ?? 'every', sees };
      }),
    );
    return new PartView(definition, source, planned, this);
  }
}

/** What a book asks of one part, as far as it matters here. */
interface BoundAsk {
  readonly where?: Condition | undefined;
  /** The keys that rows are asked by; the ask rests on their attribute. */
  readonly keys?: { readonly attribute: string; readonly values: readonly Value[] } | undefined;
  /** What it rests on beside: its order, groups and figures, and what else its rows must show. */
  readonly rests: readonly string[];
}

/** An ask for rows with the viewer's rules in it. */
export interface BoundRows {
  readonly where: Condition | undefined;
  /** The attributes to read: those that are wanted, and those that decide what is shown. */
  readonly attributes: readonly string[];
  /**
   * A row as the viewer sees it; undefined for one that it does not see, or of which it does not see what the ask rests on.
   *
   * @param row as it was read
   * @param shown the row to show, where that is another
   */
  show(row: Row, shown?: Row): Row | undefined;
}

/** What a viewer sees of one entity in one source. */
export class PartView {
  /** Every row is seen whole: there is nothing to bind. */
  readonly isOpen: boolean;
  private readonly conditional: readonly { readonly when: Condition; readonly sees: ReadonlySet<string> }[];
  private readonly always: ReadonlySet<string>;
  private readonly everyRow: boolean;
  /** Attributes that the grants need to know of a row. */
  private readonly deciding: readonly string[];
  /** What rows of the same grants look like: what is hidden of them reads as null. */
  private readonly forms = new Map<string, Form>();

  constructor(
    private readonly definition: EntityDefinition,
    private readonly source: string,
    grants: readonly PlannedGrant[],
    private readonly access: Access,
  ) {
    const every = grants.filter(({ when }) => when === 'every');
    this.everyRow = every.length > 0;
    this.always = unionOf(every.map(({ sees }) => sees));
    this.isOpen = this.everyRow && seesAll(definition, this.always);
    // A grant that shows no more than every row does decides nothing.
    this.conditional = grants.flatMap(({ when, sees }) => (when === 'every' || (this.everyRow && isWithin(sees, this.always)) ? [] : [{ when, sees }]));
    this.deciding = [...new Set(this.conditional.flatMap(({ when }) => attributesOf(when)))].filter((name) => !isOfEveryRow(name));
  }

  /** The condition of an ask with what the viewer may see; undefined where it can see nothing. What is left out is noted. */
  where(ask: BoundAsk): { readonly condition: Condition | undefined } | undefined {
    if (this.isOpen) return { condition: ask.where };
    if (!this.everyRow && this.conditional.length === 0) return this.nothing();
    const seen = this.seenBy(this.touched(ask));
    if (seen.some((conditions) => conditions.length === 0)) return this.nothing();
    // Whoever sees an attribute of a row sees the row.
    if (seen.length === 0 && !this.everyRow) seen.push(this.conditional.map(({ when }) => when));
    if (seen.length === 0) return { condition: ask.where };
    const needed: Condition[] = [];
    for (const conditions of seen) {
      const any = conditions.map((condition) => narrowed(condition, ask.keys)).filter((condition) => !isOfNoRow(condition));
      // None of those it is asked about has authorised it.
      if (any.length === 0) return this.nothing();
      needed.push(any.length === 1 ? (any[0] as Condition) : { any });
    }
    return { condition: { all: [...(ask.where ? [ask.where] : []), ...needed] } };
  }

  /** The viewer sees no row that is asked for: noted, so that an empty answer is told from one without rows. */
  private nothing(): undefined {
    if (!this.everyRow) this.access.note(this.definition, this.source, '*', 'ROWS_LEFT_OUT');
  }

  /** An ask for rows with the rules in it; undefined where the viewer can see none. */
  rows(ask: BoundAsk, attributes: readonly string[]): BoundRows | undefined {
    const bound = this.where(ask);
    if (!bound) return undefined;
    if (this.isOpen) return { where: bound.condition, attributes, show: (row, shown = row) => shown };
    const touched = this.touched(ask);
    // Whether it makes a difference which grants a row has.
    const decides =
      this.conditional.length > 0 &&
      (!this.everyRow || [...attributes, ...touched].some((name) => !this.always.has(name) && this.conditional.some(({ sees }) => sees.has(name))));
    return {
      where: bound.condition,
      attributes: decides ? [...new Set([...attributes, ...this.deciding])] : attributes,
      show: (row, shown = row) => {
        const given = decides ? this.conditional.map(({ when }) => matches(row, when)) : [];
        if (!this.everyRow && !given.includes(true)) return undefined;
        const form = this.form(given);
        return touched.some((name) => form.hidden.has(name)) ? undefined : formed(shown, form, shown === row);
      },
    };
  }

  /** What an ask rests on, without what every row shows. */
  private touched({ where, keys, rests }: BoundAsk): string[] {
    const all = new Set([...(where ? attributesOf(where) : []), ...(keys ? [keys.attribute] : []), ...rests]);
    return [...all].filter((name) => !isOfEveryRow(name) && !this.always.has(name));
  }

  /** For each of the attributes, the conditions of the grants that show it; attributes that the same grants show count once. */
  private seenBy(attributes: readonly string[]): Condition[][] {
    const found = new Map<string, Condition[]>();
    for (const name of attributes) {
      const numbers = [...this.conditional.keys()].filter((index) => this.conditional[index]?.sees.has(name));
      // Where there is no row but what the grants show whole, nothing is left out.
      if (this.everyRow || numbers.length < this.conditional.length) this.access.note(this.definition, this.source, name, 'ROWS_LEFT_OUT');
      found.set(
        numbers.join(),
        numbers.map((index) => (this.conditional[index] as { when: Condition }).when),
      );
    }
    return [...found.values()];
  }

  /** @param given whether the row has each of the conditional grants */
  private form(given: readonly boolean[]): Form {
    const name = given.map(Number).join('');
    const known = this.forms.get(name);
    if (known) return known;
    const seen = unionOf([...(this.everyRow ? [this.always] : []), ...this.conditional.flatMap(({ sees }, index) => (given[index] ? [sees] : []))]);
    const { hidden, prototype } = hiddenForm(this.definition, seen);
    const form = { hidden, prototype: Object.create(prototype, { [view]: { value: this } }) };
    this.forms.set(name, form);
    return form;
  }

  /** Notes that what is hidden of a row was read. */
  noteHidden(attribute: string, key: string): void {
    const isMixed = this.conditional.some(({ sees }) => sees.has(attribute));
    this.access.note(this.definition, this.source, attribute, 'NULL', key, isMixed);
  }
}

/** What rows of the same grants look like. */
interface Form {
  readonly hidden: ReadonlySet<string>;
  readonly prototype: object;
}

/** How a row tells by whom it is seen. */
const view = Symbol('view');

const hiddenForms = new WeakMap<EntityDefinition, WeakMap<ReadonlySet<string>, Form>>();

/** The form of rows of which these attributes are seen. Made once for a set: those of the rules are the same for every operation. */
function hiddenForm(definition: EntityDefinition, seen: ReadonlySet<string>): Form {
  const forms = hiddenForms.get(definition) ?? new WeakMap<ReadonlySet<string>, Form>();
  hiddenForms.set(definition, forms);
  const known = forms.get(seen);
  if (known) return known;
  const hidden = new Set([...definition.attributes.keys()].filter((attribute) => !seen.has(attribute)));
  const prototype = {};
  for (const attribute of hidden) {
    Object.defineProperty(prototype, attribute, {
      get(this: Row & { readonly [view]: PartView }) {
        this[view].noteHidden(attribute, this.key);
        return null;
      },
    });
  }
  const form = { hidden, prototype };
  forms.set(seen, form);
  return form;
}

const nothing: ReadonlySet<string> = new Set();

/** The names of all sets: one of the sets itself, where the others say no more. */
function unionOf(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  return sets.find((set) => sets.every((other) => isWithin(other, set))) ?? (sets.length === 0 ? nothing : new Set(sets.flatMap((set) => [...set])));
}

function isWithin(names: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  if (names === others) return true;
  if (names.size > others.size) return false;
  for (const name of names) if (!others.has(name)) return false;
  return true;
}

function seesAll({ attributes }: EntityDefinition, seen: ReadonlySet<string>): boolean {
  if (seen.size < attributes.size) return false;
  for (const name of attributes.keys()) if (!seen.has(name)) return false;
  return true;
}

/** The row without what is hidden of it: that reads as null. @param isAsRead it has values only, none that fails when it is read */
function formed(row: Row, { hidden, prototype }: Form, isAsRead: boolean): Row {
  if (hidden.size === 0) return row;
  const made = Object.create(prototype) as Record<string, unknown>;
  if (isAsRead) {
    for (const name of Object.keys(row)) if (!hidden.has(name)) made[name] = row[name];
    return made as Row;
  }
  for (const name of Object.getOwnPropertyNames(row)) {
    if (hidden.has(name)) continue;
    const descriptor = Object.getOwnPropertyDescriptor(row, name) as PropertyDescriptor;
    if (descriptor.get) Object.defineProperty(made, name, descriptor);
    else made[name] = descriptor.value;
  }
  return made as Row;
}

/** A long list of those who gave an authorization is cut to those that an ask is about: it is put to the source with each ask. */
function narrowed(condition: Condition, keys: BoundAsk['keys']): Condition {
  if (!keys || !('attribute' in condition) || condition.is !== 'in' || condition.attribute !== keys.attribute) return condition;
  const listed = new Set(condition.value as readonly Value[]);
  return { ...condition, value: keys.values.filter((value) => listed.has(value)) };
}

function isOfNoRow(condition: Condition): boolean {
  return 'attribute' in condition && condition.is === 'in' && (condition.value as readonly Value[]).length === 0;
}

/** Source, key and date are seen wherever a row is. */
function isOfEveryRow(name: string): boolean {
  return name === 'source' || name === 'key' || name === 'asOf';
}

function attributesOf(condition: Condition): string[] {
  if ('all' in condition) return condition.all.flatMap(attributesOf);
  if ('any' in condition) return condition.any.flatMap(attributesOf);
  if ('not' in condition) return attributesOf(condition.not);
  return [condition.attribute];
}
