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

/** Rows under the same scopes, each by its key with what names its company; of totals the companies with their rows. */
interface Noted {
  readonly part: NotedPart;
  readonly ask: TracedRows['ask'];
  readonly scopes: readonly Scope[];
  readonly rows: Map<string, string | null>;
  readonly totals: Map<string, number>;
  /** Rows of totals. */
  total: number;
  /** A total was over more companies than are named. */
  many: boolean;
}

/** What anyone sees of an entity. */
interface Published {
  readonly always: ReadonlySet<string> | undefined;
  readonly sometimes: readonly { readonly when: Condition; readonly sees: ReadonlySet<string> }[];
}

/** How a row names its company: by an attribute, or by one that names another row of its source which does. */
interface Naming {
  readonly attribute: string;
  readonly through?: EntityDefinition;
}

/** What is to be known of the rows of an ask. */
interface Asked {
  readonly part: NotedPart;
  readonly naming: Naming | undefined;
  readonly scopesOf: (read: Row, shown: Row) => readonly Scope[] | undefined;
}

/** What an operation read so far. */
export class OperationReads implements ReadNotes {
  private noted = new Map<string, Noted>();
  /** Rows that came and were not given so far. */
  private readonly pending = new Map<Row, Asked & { readonly read?: Row }>();
  private last: Noted | undefined;

  constructor(private readonly companiesOf: CompaniesOf) {}

  async rows(part: NotedPart, ask: RowsAsk): Promise<NotedRows | undefined> {
    const published = await publishedOf(part);
    const touched = attributesIn(ask).filter((name) => part.definition.attributes.has(name));
    const wanted = [...new Set([...ask.attributes, ...touched])];
    if (published.always && wanted.every((name) => published.always?.has(name))) return undefined;
    const naming = namingOf(part.definition);
    const deciding = published.sometimes.flatMap(({ when }) => comparedIn(when));
    const asked: Asked = { part, naming, scopesOf: scopesBy(part.definition, published, ask.attributes, touched) };
    return {
      beside: [...(naming ? [naming.attribute] : []), ...deciding],
      row: (read, shown) => void this.pending.set(shown, shown === read ? asked : { ...asked, read }),
    };
  }

  given(shown: readonly Row[]): void {
    for (const row of shown) {
      const asked = this.pending.get(row);
      if (!asked) continue;
      this.pending.delete(row);
      const read = asked.read ?? row;
      const scopes = asked.scopesOf(read, row);
      // Rows come in runs of the same kind: the note of the one before is most often that of this one.
      if (scopes !== this.last?.scopes || asked.part !== this.last?.part) this.last = scopes && this.of(asked.part, 'ROWS', scopes);
      this.last?.rows.set(read.key, asked.naming ? textOf(valueOf(read, asked.naming.attribute)) : null);
    }
  }

  async totals(part: NotedPart, ask: TotalsAsk): Promise<NotedTotals | undefined> {
    const { definition } = part;
    const published = await publishedOf(part);
    const touched = attributesIn(ask).filter((name) => definition.attributes.has(name));
    const hidden = touched.filter((name) => !published.always?.has(name));
    if (published.always && hidden.length === 0) return undefined;
    const noted = this.of(part, 'TOTALS', scopesOfAttributes(definition, hidden, published.always === undefined));
    const naming = namingOf(definition);
    const place = naming ? ask.groupBy.findIndex(({ attribute }) => attribute === naming.attribute) : -1;
    const count = ask.figures.findIndex((figure) => figure.function === 'count');
    const add = (company: string | null, rows: number): void => {
      noted.total += rows;
      if (company !== null) noted.totals.set(company, (noted.totals.get(company) ?? 0) + rows);
    };
    if (!naming || place >= 0) {
      return {
        whose: undefined,
        read: (totals) => {
          for (const { group, figures } of totals) add(naming ? textOf(group[place]) : null, Number(figures[count] ?? 1));
          noted.many ||= noted.totals.size > MOST_NAMED;
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
        noted.many ||= noted.totals.size > MOST_NAMED;
      },
    };
  }

  /** What was read since this was last asked. */
  async take(): Promise<TracedRows[]> {
    const noted = [...this.noted.values()];
    this.noted = new Map();
    this.last = undefined;
    const found = await Promise.all(noted.map((one) => this.tracedRows(one)));
    return found.filter(({ rows }) => rows > 0);
  }

  private of(part: NotedPart, ask: TracedRows['ask'], scopes: readonly Scope[]): Noted {
    const name = `${part.source.id} ${part.definition.name} ${ask} ${scopes.join()}`;
    const known = this.noted.get(name);
    if (known) return known;
    const made: Noted = { part, ask, scopes, rows: new Map(), totals: new Map(), total: 0, many: false };
    this.noted.set(name, made);
    return made;
  }

  private async tracedRows({ part, ask, scopes, rows, totals, total, many }: Noted): Promise<TracedRows> {
    const head = { source: part.source.id, entity: part.definition.name, ask, scopes };
    const through = namingOf(part.definition)?.through;
    const names = new Set([...rows.values(), ...(many ? [] : totals.keys())].filter((name) => name !== null));
    const named = through && names.size > 0 ? await this.companiesOf(through, part.source.id, [...names]) : undefined;
    const companies: Record<string, number> = {};
    const add = (name: string | null, count: number): void => {
      const company = name === null ? undefined : named ? named.get(name) : through ? undefined : name;
      if (company !== undefined) companies[company] = (companies[company] ?? 0) + count;
    };
    for (const name of rows.values()) add(name, 1);
    if (!many) for (const [name, count] of totals) add(name, count);
    return { ...head, rows: ask === 'ROWS' ? rows.size : total, companies: many ? null : companies };
  }
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
  const nothing = '';
  return (read, shown) => {
    const form = Object.getPrototypeOf(shown) as object;
    if (published.sometimes.length === 0 && forms.get(form)?.has(nothing)) return forms.get(form)?.get(nothing);
    const given = published.sometimes.map(({ when }) => matches(read, when));
    const name = given.join() || nothing;
    const ofForm = forms.get(form) ?? new Map<string, readonly Scope[] | undefined>();
    forms.set(form, ofForm);
    if (ofForm.has(name)) return ofForm.get(name);
    const isPublic = published.always !== undefined || given.includes(true);
    const seenByAll = new Set([...(published.always ?? []), ...published.sometimes.flatMap(({ sees }, index) => (given[index] ? [...sees] : []))]);
    // What is hidden of a row is in its form, which reads as null: see bound.ts.
    const seen = [...new Set([...wanted.filter((attribute) => !Object.hasOwn(form, attribute)), ...touched])];
    const beyond = seen.filter((attribute) => !seenByAll.has(attribute));
    const scopes = isPublic && beyond.length === 0 ? undefined : scopesOfAttributes(definition, beyond, !isPublic);
    ofForm.set(name, scopes);
    return scopes;
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
function publishedOf({ definition, source }: NotedPart): Promise<Published> {
  const name = `${definition.name}/${source.id}`;
  const known = publications.get(name) ?? published(definition, source.id);
  publications.set(name, known);
  return known;
}

async function published(definition: EntityDefinition, source: string): Promise<Published> {
  const grants = await grantsOf(publicViewer, definition, source, noConsents);
  const every = grants.filter(({ when }) => when === 'every');
  // A condition that crosses books is not looked at: its rows are noted, public or not.
  const sometimes = grants.flatMap(({ when, sees }) => (when !== 'every' && isPlain(when) ? [{ when, sees }] : []));
  return { always: every.length > 0 ? new Set(every.flatMap(({ sees }) => [...sees])) : undefined, sometimes };
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
