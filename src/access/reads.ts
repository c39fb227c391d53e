/**
 * Whose data one operation reads: what its books give that not everyone sees, by source, entity, scope and company.
 *
 * What is public is what the rules show to anyone, asked of the same table; so nothing that a rule opens to a viewer can be
 * missing here. A row counts when a book gives it, with the scopes of those of its attributes that the viewer sees and that
 * not everyone does; a total counts for each company whose rows it is made of.
 */
import { allDefinitions, definitionOf, type EntityDefinition } from '../entities/definition.js';
import { Tenant } from '../entities/index.js';
import { SCOPES, type Scope } from '../rules/authorization.js';
import { attributesIn } from '../sources/drift.js';
import { matches, valueOf } from '../sources/evaluate.js';
import { isPlain } from '../sources/plan.js';
import type { NotedPart, NotedRows, NotedTotals, ReadNotes } from '../sources/readNotes.js';
import type { Condition, Row, RowsAsk, TotalsAsk, TotalsRow } from '../sources/source.js';
import { noConsents } from './consents.js';
import { grantsOf, scopeOf, tenantAttributeOf } from './rules.js';
import type { TracedRows } from './traceChain.js';
import { publicViewer } from './viewer.js';

/** The USCCs of the companies that rows of an entity are about, by their keys in a source. */
export type CompaniesOf = (definition: EntityDefinition, source: string, keys: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/** Most companies that a total names. A figure over more says nothing of one of them. */
export const MOST_NAMED = 2_000;

/** Rows under the same scopes, by what names their company; of totals the rows by company. */
interface Noted {
  readonly part: NotedPart;
  readonly ask: TracedRows['ask'];
  readonly scopes: readonly Scope[];
  /** Keys of the rows so far, where a row may come twice. */
  readonly keys: Set<string> | undefined;
  readonly counts: Map<string, number>;
  rows: number;
  /** A total was over more companies than are named. */
  many: boolean;
}

/** What anyone sees of an entity. */
interface Published {
  readonly always: ReadonlySet<string> | undefined;
  readonly sometimes: readonly { readonly when: Condition; readonly sees: ReadonlySet<string> }[];
  /** What must be known of a row to tell which of those it keeps. */
  readonly deciding: readonly string[];
}

/** How a row names its company: by an attribute, or by one that names another row of its source which does. */
interface Naming {
  readonly attribute: string;
  readonly through?: EntityDefinition;
}

/** An ask for rows, and what the book gave of it. */
interface Asked {
  readonly part: NotedPart;
  readonly naming: Naming | undefined;
  readonly scopesOf: (read: Row, shown: Row) => readonly Scope[] | undefined;
  /** Rows as they were read, by how they are shown where that is otherwise. */
  readonly reads: Map<Row, Row>;
  readonly given: (readonly Row[])[];
}

/** What an operation read so far. What is looked at row by row is looked at once, when the answer is complete. */
export class OperationReads implements ReadNotes {
  private asked: Asked[] = [];
  private totalled = new Map<string, Noted>();
  private others: TracedRows[] = [];

  constructor(private readonly companiesOf: CompaniesOf) {}

  async rows(part: NotedPart, ask: RowsAsk): Promise<NotedRows | undefined> {
    const published = await publishedOf(part);
    const touched = attributesIn(ask).filter((name) => part.definition.attributes.has(name));
    const { always } = published;
    if (always && ask.attributes.every((name) => always.has(name)) && touched.every((name) => always.has(name))) return undefined;
    const naming = namingOf(part.definition);
    const asked: Asked = { part, naming, scopesOf: scopesBy(part.definition, published, ask.attributes, touched), reads: new Map(), given: [] };
    return {
      beside: naming ? [naming.attribute, ...published.deciding] : published.deciding,
      shown: (read, shown) => void asked.reads.set(shown, read),
      given: (rows) => {
        if (asked.given.length === 0) this.asked.push(asked);
        asked.given.push(rows);
      },
    };
  }

  async totals(part: NotedPart, ask: TotalsAsk): Promise<NotedTotals | undefined> {
    const { definition } = part;
    const published = await publishedOf(part);
    const touched = attributesIn(ask).filter((name) => definition.attributes.has(name));
    const hidden = touched.filter((name) => !published.always?.has(name));
    if (published.always && hidden.length === 0) return undefined;
    const noted = notedIn(this.totalled, part, 'TOTALS', scopesOfAttributes(definition, hidden, published.always === undefined), false);
    const naming = namingOf(definition);
    const place = naming ? ask.groupBy.findIndex(({ attribute }) => attribute === naming.attribute) : -1;
    const counted = ask.figures.findIndex((figure) => figure.function === 'count');
    const add = (company: string | null, rows: number): void => {
      noted.rows += rows;
      count(noted, company, rows);
    };
    if (!naming || place >= 0) {
      return {
        whose: undefined,
        read: (totals) => {
          for (const { group, figures } of totals) add(naming ? textOf(group[place]) : null, Number(figures[counted] ?? 1));
          noted.many ||= noted.counts.size > MOST_NAMED;
        },
      };
    }
    const keyed = ask.keys ? [{ attribute: ask.keys.attribute, year: false }] : [];
    const { entity, where, keys } = ask;
    const groupBy = [...keyed, { attribute: naming.attribute, year: false }];
    const most = keys ? { keys } : { limit: MOST_NAMED + 1 };
    return {
      whose: { entity, where, groupBy, figures: [{ function: 'count' }], ...most },
      read: (_totals, whose: readonly TotalsRow[]) => {
        for (const { group, figures } of whose) add(textOf(group.at(-1)), Number(figures[0] ?? 0));
        noted.many ||= noted.counts.size > MOST_NAMED;
      },
    };
  }

  /** Notes what no book gave. */
  also(reads: readonly TracedRows[]): void {
    this.others.push(...reads);
  }

  /** What was read since this was last asked. */
  async take(): Promise<TracedRows[]> {
    const noted = [...this.givenRows(), ...this.totalled.values()].filter(({ rows }) => rows > 0);
    this.asked = [];
    const { others } = this;
    this.totalled = new Map();
    this.others = [];
    return [...(await Promise.all(noted.map((one) => this.tracedRows(one)))), ...others];
  }

  private givenRows(): Iterable<Noted> {
    const found = new Map<string, Noted>();
    const lists = new Map<string, number>();
    for (const { part, given } of this.asked) lists.set(nameOf(part), (lists.get(nameOf(part)) ?? 0) + given.length);
    for (const { part, naming, scopesOf, reads, given } of this.asked) {
      // A list holds no row twice.
      const mayRepeat = (lists.get(nameOf(part)) ?? 0) > 1;
      let last: { readonly scopes: readonly Scope[] | undefined; readonly noted: Noted | undefined } | undefined;
      for (const rows of given) {
        for (const shown of rows) {
          const read = reads.get(shown) ?? shown;
          const scopes = scopesOf(read, shown);
          // Rows come in runs of the same kind: the note of the one before is most often that of this one.
          if (!last || last.scopes !== scopes) last = { scopes, noted: scopes && notedIn(found, part, 'ROWS', scopes, mayRepeat) };
          const { noted } = last;
          if (!noted || noted.keys?.has(read.key)) continue;
          noted.keys?.add(read.key);
          noted.rows++;
          if (naming) count(noted, textOf(valueOf(read, naming.attribute)), 1);
        }
      }
    }
    return found.values();
  }

  private async tracedRows({ part, ask, scopes, counts, rows, many }: Noted): Promise<TracedRows> {
    const head = { source: part.source.id, entity: part.definition.name, ask, scopes, rows };
    if (many) return { ...head, companies: null };
    const through = namingOf(part.definition)?.through;
    if (!through || counts.size === 0) return { ...head, companies: counts };
    const named = await this.companiesOf(through, part.source.id, [...counts.keys()]);
    const companies = new Map<string, number>();
    for (const [name, number] of counts) {
      const company = named.get(name);
      if (company !== undefined) companies.set(company, (companies.get(company) ?? 0) + number);
    }
    return { ...head, companies };
  }
}

function nameOf({ definition, source }: NotedPart): string {
  return `${definition.name}/${source.id}`;
}

function notedIn(known: Map<string, Noted>, part: NotedPart, ask: TracedRows['ask'], scopes: readonly Scope[], mayRepeat: boolean): Noted {
  const name = `${nameOf(part)} ${scopes.join()}`;
  const found = known.get(name) ?? {
    part,
    ask,
    scopes,
    keys: mayRepeat ? new Set<string>() : undefined,
    counts: new Map<string, number>(),
    rows: 0,
    many: false,
  };
  known.set(name, found);
  return found;
}

function count({ counts }: Noted, company: string | null, rows: number): void {
  if (company !== null) counts.set(company, (counts.get(company) ?? 0) + rows);
}

/** Gives the scopes under which a row is read; undefined for one of which the viewer sees no more than anyone. */
function scopesBy(
  definition: EntityDefinition,
  published: Published,
  wanted: readonly string[],
  touched: readonly string[],
): (read: Row, shown: Row) => readonly Scope[] | undefined {
  // Rows of the same form and the same public part are alike: there are a few, and many rows of each.
  const forms = new Map<object, Map<string, readonly Scope[] | undefined>>();
  let lastForm: object | undefined;
  let last: readonly Scope[] | undefined;
  return (read, shown) => {
    const form = Object.getPrototypeOf(shown) as object;
    if (published.sometimes.length === 0 && form === lastForm) return last;
    const given = published.sometimes.map(({ when }) => matches(read, when));
    const name = given.join();
    const ofForm = forms.get(form) ?? new Map<string, readonly Scope[] | undefined>();
    forms.set(form, ofForm);
    lastForm = form;
    if (ofForm.has(name)) {
      last = ofForm.get(name);
      return last;
    }
    const isPublic = published.always !== undefined || given.includes(true);
    const seenByAll = new Set([...(published.always ?? []), ...published.sometimes.flatMap(({ sees }, index) => (given[index] ? [...sees] : []))]);
    // What is hidden of a row is in its form, which reads as null: see bound.ts.
    const seen = [...new Set([...wanted.filter((attribute) => !(attribute in form)), ...touched])];
    const beyond = seen.filter((attribute) => !seenByAll.has(attribute));
    last = isPublic && beyond.length === 0 ? undefined : scopesOfAttributes(definition, beyond, !isPublic);
    ofForm.set(name, last);
    return last;
  };
}

/** @param existence that there is such a row is not public either */
function scopesOfAttributes(definition: EntityDefinition, attributes: readonly string[], existence: boolean): Scope[] {
  const found = new Set<Scope | null | undefined>(attributes.map((name) => scopeOf(definition, name) ?? definition.scope));
  if (existence) found.add(definition.scope);
  return SCOPES.filter((scope) => found.has(scope));
}

const publications = new Map<string, Promise<Published>>();

/** What the rules show to anyone; the same for every operation. */
function publishedOf(part: NotedPart): Promise<Published> {
  const name = nameOf(part);
  const known = publications.get(name) ?? published(part.definition, part.source.id);
  publications.set(name, known);
  return known;
}

async function published(definition: EntityDefinition, source: string): Promise<Published> {
  const grants = await grantsOf(publicViewer, definition, source, noConsents);
  const every = grants.filter(({ when }) => when === 'every');
  // A condition that crosses books is not looked at: its rows are noted, public or not.
  const sometimes = grants.flatMap(({ when, sees }) => (when !== 'every' && isPlain(when) ? [{ when, sees }] : []));
  const always = every.length > 0 ? new Set(every.flatMap(({ sees }) => [...sees])) : undefined;
  return { always, sometimes, deciding: sometimes.flatMap(({ when }) => comparedIn(when)) };
}

const namings = new Map<EntityDefinition, Naming | undefined>();

function namingOf(definition: EntityDefinition): Naming | undefined {
  if (!namings.has(definition)) namings.set(definition, findNaming(definition));
  return namings.get(definition);
}

function findNaming(definition: EntityDefinition): Naming | undefined {
  const own = tenantAttributeOf(definition);
  if (own !== undefined) return { attribute: own };
  for (const { from, to, target, withinSource } of definition.links) {
    const through = definitionOf(target());
    const isKey = to === undefined || to === 'key' || to === through.key;
    if (withinSource && isKey && through.target !== Tenant && tenantAttributeOf(through) !== undefined) return { attribute: from, through };
  }
  return undefined;
}

/** The entities whose rows are of companies. */
export function companysEntities(): { readonly entity: string; readonly by: string; readonly through: string | null }[] {
  return allDefinitions().flatMap((definition) => {
    const naming = namingOf(definition);
    return naming ? [{ entity: definition.name, by: naming.attribute, through: naming.through?.name ?? null }] : [];
  });
}

function comparedIn(condition: Condition): string[] {
  if ('all' in condition) return condition.all.flatMap(comparedIn);
  if ('any' in condition) return condition.any.flatMap(comparedIn);
  if ('not' in condition) return comparedIn(condition.not);
  return [condition.attribute];
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
