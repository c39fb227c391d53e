/**
 * Who may see what: the one table. For each entity it says which kinds of viewers see which rows, and what of them.
 *
 * A row shows a viewer what any of the entity's rules gives it; a row to which no rule gives anything is not there for that
 * viewer. What no rule names is not seen: an entity without a line is seen by the park's admin alone. Rows that are seen are
 * seen with their source, key, id and date; which attributes are public, and which scope of consent opens the others, is
 * said in the entity file. `bound.ts` binds the rules into every ask of every book.
 *
 * Not asked here, and said once each: the figures of the park (`park.figures`) are public though they rest on rows that are
 * not: the hub adds them up itself (`HubContext.asHub`), and gives no row of them away. What is no row of a book (rows set
 * aside, runs, identities) is in `duties.ts`.
 */
import { Fund } from '../entities/capital/fund.js';
import { Investment } from '../entities/capital/investment.js';
import { allDefinitions, definitionOf, type EntityClass, type EntityDefinition } from '../entities/definition.js';
import type { Scope } from '../entities/scope.js';
import { Tenant } from '../entities/tenancy/tenant.js';
import type { BookCondition, Crossing } from '../sources/plan.js';
import type { Consents } from './consents.js';
import { granteeOf, ownSource, type TokenViewer, type ViewerKind } from './viewer.js';

/** Which rows of an entity a rule is about; `rowsOf` says what each means. */
export type RowsNamed =
  | 'EVERY_ROW'
  | 'GRANTED_PATENTS'
  | 'ROWS_OF_THE_REGISTER'
  | 'ROWS_OF_ITS_OWN_BOOK'
  | 'ROW_OF_ITSELF'
  | 'ROWS_ABOUT_ITSELF'
  | 'ROWS_ABOUT_WHO_AUTHORISED_IT';

/** One line of the table. */
export interface Rule {
  readonly to: readonly Exclude<ViewerKind, 'SYSTEM'>[];
  readonly rows: RowsNamed;
  /** All attributes; the public ones; those that the authorization is for; or these. */
  readonly sees: 'ALL' | 'PUBLIC' | 'AUTHORISED' | readonly string[];
}

const ANYONE = ['PUBLIC', 'TENANT', 'INVESTOR', 'BANK', 'PARK', 'SERVICE'] as const;

const published: Rule = { to: ANYONE, rows: 'EVERY_ROW', sees: 'PUBLIC' };
const grantedPatents: Rule = { to: ANYONE, rows: 'GRANTED_PATENTS', sees: 'PUBLIC' };
/** The public facts of a round. What it cost, and for which stake, is its investor's. */
const rounds: Rule = { to: ['INVESTOR'], rows: 'EVERY_ROW', sees: ['tenantUscc', 'round', 'date'] };
const register: Rule = { to: ['PARK'], rows: 'ROWS_OF_THE_REGISTER', sees: 'ALL' };
const ownBook: Rule = { to: ['INVESTOR', 'BANK', 'SERVICE'], rows: 'ROWS_OF_ITS_OWN_BOOK', sees: 'ALL' };
const partnerItself: Rule = { to: ['INVESTOR', 'BANK', 'SERVICE'], rows: 'ROW_OF_ITSELF', sees: 'ALL' };
const aboutItself: Rule = { to: ['TENANT'], rows: 'ROWS_ABOUT_ITSELF', sees: 'ALL' };
const authorised: Rule = { to: ['INVESTOR', 'BANK', 'PARK'], rows: 'ROWS_ABOUT_WHO_AUTHORISED_IT', sees: 'AUTHORISED' };

/** A tenant's file: the park's where it is in the register, else its partner's; the tenant's own; and whom it authorises. */
const tenantsFile = [register, ownBook, aboutItself, authorised];
/** The park holds none of it, and its staff sees of it what the tenant authorises the park to see. */
const creditFile = [ownBook, aboutItself, authorised];

/** The table: an entity's rules by its name. */
export const rules: Readonly<Record<string, readonly Rule[]>> = {
  // What the park publishes.
  Park: [published],
  Carrier: [published],
  Accreditation: [published],
  ReportedFigure: [published],
  Donation: [published],
  // Public record.
  Certification: [published],
  Award: [published],
  Graduation: [published],
  LoanProduct: [published],
  // Public in part.
  Tenant: [published, ...tenantsFile],
  Patent: [grantedPatents, ...tenantsFile],
  Bank: [published, register, partnerItself],
  Investor: [published, register, partnerItself],
  // What the park keeps of its tenants.
  AnnualReport: tenantsFile,
  Application: tenantsFile,
  Eviction: tenantsFile,
  FormerName: tenantsFile,
  Lease: tenantsFile,
  ParkFunding: tenantsFile,
  PatentExtract: tenantsFile,
  ProductClaim: tenantsFile,
  RentWaiver: tenantsFile,
  Shareholding: tenantsFile,
  // What the park keeps of itself.
  Unit: [register, ownBook],
  Shelter: [register, ownBook],
  // What banks keep.
  Loan: creditFile,
  BorrowerProfile: creditFile,
  PatentPledge: creditFile,
  // What investors keep. Their own work on a holding (what they think it worth, what flowed) is opened by no tenant.
  Investment: [rounds, ...creditFile],
  PortfolioReport: [ownBook, authorised],
  Fund: [ownBook],
  CashFlow: [ownBook],
  Valuation: [ownBook],
};

/** Of an entity that the table does not name: what the admin sees of it, and nobody else anything. */
const unnamed: readonly Rule[] = [{ to: ['PARK'], rows: 'EVERY_ROW', sees: 'ALL' }];

/** Rows of one book of one source, and what a viewer sees of them. */
export interface Grant {
  readonly rule: Rule;
  readonly when: 'every' | BookCondition;
  /** With the key; rows of a grant are seen even where nothing else of them is. */
  readonly sees: ReadonlySet<string>;
  /** The scope that authorizations opened, and the USCCs of whose, where they did. */
  readonly scope?: Scope;
  readonly tenants?: readonly string[];
}

/** Why a viewer does not see an attribute. */
export interface HiddenReason {
  /** NOT_AUTHORISED: the tenant's authorization for the scope would open it. */
  readonly reason: 'NOT_PUBLIC' | 'NOT_AUTHORISED';
  readonly scope: Scope | null;
}

/** The rules of an entity that give something to a viewer. */
export function rulesFor(viewer: TokenViewer, definition: EntityDefinition): readonly Rule[] {
  const own = Object.hasOwn(rules, definition.name) ? (rules[definition.name] as readonly Rule[]) : undefined;
  if (!own) return viewer.kind === 'PARK' && viewer.role === 'ADMIN' ? unnamed : [];
  return own.filter((rule) => (rule.to as readonly string[]).includes(viewer.kind));
}

/** What a viewer sees of an entity's book in one source: the rows of each grant, and what of them. Several may give a row. */
export async function grantsOf(viewer: TokenViewer, definition: EntityDefinition, source: string, consents: Consents): Promise<Grant[]> {
  const found = await Promise.all(
    rulesFor(viewer, definition).map(async (rule): Promise<Grant[]> => {
      if (rule.rows === 'ROWS_ABOUT_WHO_AUTHORISED_IT') return authorisedRows(viewer, definition, rule, consents);
      const when = rowsOf(rule.rows, viewer, definition, source);
      return when === undefined ? [] : [{ rule, when, sees: seenBy(rule, definition) }];
    }),
  );
  return found.flat();
}

/** Why what no grant shows of a row is hidden. */
export function hiddenReason(viewer: TokenViewer, definition: EntityDefinition, attribute: string): HiddenReason {
  const scope = scopeOf(definition, attribute);
  const canBeOpened = scope !== null && rulesFor(viewer, definition).some((rule) => rule.sees === 'AUTHORISED');
  return canBeOpened ? { reason: 'NOT_AUTHORISED', scope } : { reason: 'NOT_PUBLIC', scope: null };
}

/** The attribute by which a row names the tenant that it is about; undefined where it is about none. */
export const tenantAttributeOf = once((definition): string | undefined => (definition.target === Tenant ? 'uscc' : linkTo(definition, Tenant)?.from));

/** The scope of consent that opens an attribute, of rows in which it is not public; null where no consent does. */
export function scopeOf(definition: EntityDefinition, attribute: string): Scope | null {
  return definition.attributes.get(attribute)?.scope ?? definition.scope ?? null;
}

/** The attributes that are public where the row is. */
const publicAttributes = once(
  ({ attributes, key, public: named = [] }): ReadonlySet<string> =>
    new Set(named === 'all' ? attributes.keys() : [...named, ...(key === undefined ? [] : [key])]),
);

/** Undefined where there are none in this source. */
function rowsOf(
  rows: Exclude<RowsNamed, 'ROWS_ABOUT_WHO_AUTHORISED_IT'>,
  viewer: TokenViewer,
  definition: EntityDefinition,
  source: string,
): Grant['when'] | undefined {
  const about = tenantAttributeOf(definition);
  switch (rows) {
    case 'EVERY_ROW':
      return 'every';
    case 'GRANTED_PATENTS':
      return { attribute: 'status', is: 'eq', value: 'GRANTED' };
    case 'ROWS_OF_THE_REGISTER':
      return source === 'park' ? 'every' : undefined;
    case 'ROWS_OF_ITS_OWN_BOOK':
      if (source === 'park' || ownSource(viewer) !== source) return undefined;
      return viewer.kind === 'INVESTOR' && viewer.funds !== 'all' ? ofFunds(viewer.funds, definition) : 'every';
    case 'ROW_OF_ITSELF':
      return { attribute: 'key', is: 'eq', value: ownSource(viewer) ?? null };
    case 'ROWS_ABOUT_ITSELF':
      return viewer.kind === 'TENANT' && about !== undefined ? { attribute: about, is: 'eq', value: viewer.uscc } : undefined;
  }
}

/** The rows of an investor's own book that are of these funds: by the fund, by the investment, or by a company that the funds hold. */
function ofFunds(funds: readonly string[], definition: EntityDefinition): BookCondition | undefined {
  const ofInvestments = (attribute: string): BookCondition => ({ attribute, is: 'in', value: funds });
  if (definition.target === Fund) return { attribute: 'key', is: 'in', value: funds };
  const fund = linkTo(definition, Fund);
  if (fund) return ofInvestments(fund.from);
  const crossing = (from: string, to: string): Crossing => ({ name: `${definition.name}.investment`, entities: ['Investment'], from, to, withinSource: true });
  const heldBy = linkTo(definitionOf(Investment), Fund)?.from as string;
  const investment = linkTo(definition, Investment);
  if (investment) return { crossing: crossing(investment.from, investment.to), some: ofInvestments(heldBy) };
  const about = tenantAttributeOf(definition);
  return about === undefined ? undefined : { crossing: crossing(about, 'tenantUscc'), some: ofInvestments(heldBy) };
}

async function authorisedRows(viewer: TokenViewer, definition: EntityDefinition, rule: Rule, consents: Consents): Promise<Grant[]> {
  const about = tenantAttributeOf(definition);
  const grantee = granteeOf(viewer);
  if (about === undefined || grantee === undefined) return [];
  const found = await Promise.all(
    [...openedBy(definition)].map(async ([scope, sees]): Promise<Grant[]> => {
      const tenants = await consents.authorised(grantee, scope);
      if (tenants.size === 0) return [];
      const usccs = listOf(tenants);
      return [{ rule, when: { attribute: about, is: 'in', value: usccs }, sees, scope, tenants: usccs }];
    }),
  );
  return found.flat();
}

/** What each scope of consent shows of an entity's rows. */
const openedBy = once((definition): ReadonlyMap<Scope, ReadonlySet<string>> => {
  const scopes = new Map<Scope, Set<string>>();
  const about = tenantAttributeOf(definition);
  for (const name of definition.attributes.keys()) {
    const scope = scopeOf(definition, name);
    if (!scope) continue;
    const sees = scopes.get(scope) ?? new Set([...publicAttributes(definition), ...(about === undefined ? [] : [about])]);
    scopes.set(scope, sees.add(name));
  }
  return scopes;
});

const lists = new WeakMap<ReadonlySet<string>, readonly string[]>();

/** The USCCs in their order; the same list as long as the set holds the same, so that what is made of the list is made once. */
function listOf(tenants: ReadonlySet<string>): readonly string[] {
  const known = lists.get(tenants);
  if (known?.length === tenants.size && known.every((uscc) => tenants.has(uscc))) return known;
  const list = [...tenants].sort();
  lists.set(tenants, list);
  return list;
}

const allAttributes = once((definition): ReadonlySet<string> => new Set(definition.attributes.keys()));

function seenBy({ sees }: Rule, definition: EntityDefinition): ReadonlySet<string> {
  if (sees === 'ALL') return allAttributes(definition);
  if (sees === 'PUBLIC' || sees === 'AUTHORISED') return publicAttributes(definition);
  return namedAttributes(definition, sees);
}

const namedSets = new WeakMap<readonly string[], Map<EntityDefinition, ReadonlySet<string>>>();

/** These attributes with the key; the same set for the same line of the table. */
function namedAttributes(definition: EntityDefinition, names: readonly string[]): ReadonlySet<string> {
  const known = namedSets.get(names) ?? new Map<EntityDefinition, ReadonlySet<string>>();
  namedSets.set(names, known);
  const found = known.get(definition) ?? new Set([...names, ...(definition.key === undefined ? [] : [definition.key])]);
  known.set(definition, found);
  return found;
}

/** Found once for each entity: what its file says does not change. */
function once<T>(find: (definition: EntityDefinition) => T): (definition: EntityDefinition) => T {
  const known = new WeakMap<EntityDefinition, T>();
  return (definition) => {
    const found = known.get(definition) ?? find(definition);
    known.set(definition, found);
    return found;
  };
}

function linkTo(definition: EntityDefinition, target: EntityClass) {
  return definition.links.find((link) => link.target() === target);
}

/** The entities that the table names and that are none, and those that are and that it does not name. Both are to be empty. */
export function gapsOfTable(): { unknown: string[]; unnamed: string[] } {
  const names = allDefinitions().map(({ name }) => name);
  return { unknown: Object.keys(rules).filter((name) => !names.includes(name)), unnamed: names.filter((name) => !Object.hasOwn(rules, name)) };
}
