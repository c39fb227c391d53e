/**
 * Who may see what, once more and in plain words: the reference that the hub's rules are tested against. It shares no code
 * with src/access, and says for one row and one viewer whether the row is there and which of its attributes show.
 */
import '../../src/entities/index.js';
import type { Scope } from '../../src/entities/scope.js';
import type { Row } from '../../src/sources/source.js';

/** A viewer, as far as the model knows of it. */
export type ModelViewer =
  | { kind: 'PUBLIC' }
  | { kind: 'TENANT'; uscc: string }
  | { kind: 'INVESTOR'; source: string; funds: readonly string[] | 'all' }
  | { kind: 'BANK'; source: string }
  | { kind: 'PARK'; role: 'ANALYST' | 'OPERATOR' | 'ADMIN' }
  | { kind: 'SERVICE'; source: string };

/** An authorization in force. */
export interface ModelConsent {
  readonly tenant: string;
  readonly grantee: string;
  readonly scope: Scope;
}

/** All there is. */
export interface ModelWorld {
  readonly rows: readonly Row[];
  readonly consents: readonly ModelConsent[];
}

/** What is public of rows that are public, beside the key. */
const PUBLIC_OF_EVERY_ROW: Readonly<Record<string, readonly string[] | 'all'>> = {
  Park: 'all',
  Carrier: 'all',
  Accreditation: 'all',
  ReportedFigure: 'all',
  Donation: 'all',
  Certification: 'all',
  Award: 'all',
  Graduation: 'all',
  LoanProduct: 'all',
  Tenant: ['name', 'industry', 'technologyField', 'stage', 'status', 'enteredOn', 'leftOn'],
  Bank: ['name', 'shortName'],
  Investor: ['name', 'shortName'],
};

const PUBLIC_OF_GRANTED_PATENTS = ['tenantUscc', 'kind', 'title', 'status', 'filedOn', 'grantedOn'];

/** What an authorization of the tenant opens: the scope of each entity, and of it all that is not public. */
const SCOPES: Readonly<Record<string, Scope>> = {
  Tenant: 'IDENTITY',
  FormerName: 'IDENTITY',
  Shareholding: 'IDENTITY',
  AnnualReport: 'OPERATING',
  Application: 'OPERATING',
  Eviction: 'OPERATING',
  Lease: 'OPERATING',
  ProductClaim: 'OPERATING',
  RentWaiver: 'OPERATING',
  Patent: 'INTELLECTUAL_PROPERTY',
  PatentExtract: 'INTELLECTUAL_PROPERTY',
  Investment: 'FINANCING',
  ParkFunding: 'FINANCING',
  PortfolioReport: 'FINANCING',
  Loan: 'CREDIT',
  BorrowerProfile: 'CREDIT',
  PatentPledge: 'CREDIT',
};

/** What an investor thinks and does about a holding is not its tenant's to see. */
const INVESTORS_OWN = ['PortfolioReport', 'Fund', 'CashFlow', 'Valuation'];
/** Of these there is no tenant to ask, or the park itself holds them. */
const KEY_ATTRIBUTES: Readonly<Record<string, string>> = {
  Tenant: 'uscc',
  Carrier: 'code',
  Certification: 'number',
  Lease: 'number',
  Patent: 'applicationNumber',
  PatentExtract: 'number',
  Unit: 'number',
  Bank: 'code',
  BorrowerProfile: 'number',
  Loan: 'number',
  LoanProduct: 'code',
  PatentPledge: 'number',
  CashFlow: 'number',
  Fund: 'code',
  Investment: 'number',
  Investor: 'code',
  ParkFunding: 'number',
  PortfolioReport: 'number',
  Valuation: 'number',
  Application: 'number',
  Donation: 'number',
  RentWaiver: 'number',
  Shelter: 'number',
};

/** The attributes that show; undefined where the row is not there for the viewer. */
export function shownOf(viewer: ModelViewer, row: Row, world: ModelWorld, all: readonly string[]): ReadonlySet<string> | undefined {
  const shown = new Set<string>();
  let isThere = false;
  const show = (attributes: readonly string[]): void => {
    isThere = true;
    for (const name of attributes) shown.add(name);
  };
  const { entity, source } = row;
  const tenant = (entity === 'Tenant' ? row.uscc : 'tenantUscc' in row ? row.tenantUscc : null) as string | null;

  const published = PUBLIC_OF_EVERY_ROW[entity];
  if (published) show(published === 'all' ? all : published);
  if (entity === 'Patent' && row.status === 'GRANTED') show(PUBLIC_OF_GRANTED_PATENTS);
  if (entity === 'Investment' && viewer.kind === 'INVESTOR') show(['tenantUscc', 'round', 'date']);

  if (viewer.kind === 'TENANT' && tenant === viewer.uscc && SCOPES[entity] && !INVESTORS_OWN.includes(entity)) show(all);
  if (viewer.kind === 'PARK' && source === 'park') show(all);
  if ('source' in viewer) {
    if (source === viewer.source && isOfItsFunds(viewer, row, world)) show(all);
    if ((entity === 'Bank' || entity === 'Investor') && row.key === viewer.source) show(all);
  }
  const grantee = viewer.kind === 'PARK' ? 'park' : viewer.kind === 'BANK' || viewer.kind === 'INVESTOR' ? viewer.source : undefined;
  const consent = world.consents.some((given) => given.grantee === grantee && given.tenant === tenant && given.scope === SCOPES[entity]);
  if (consent) show(all);

  if (isThere && KEY_ATTRIBUTES[entity]) shown.add(KEY_ATTRIBUTES[entity]);
  return isThere ? shown : undefined;
}

function isOfItsFunds(viewer: ModelViewer, row: Row, { rows }: ModelWorld): boolean {
  if (viewer.kind !== 'INVESTOR' || viewer.funds === 'all') return true;
  const { funds } = viewer;
  const held = rows.filter((other) => other.entity === 'Investment' && other.source === row.source && funds.includes(other.fundCode as string));
  switch (row.entity) {
    case 'Fund':
      return funds.includes(row.key);
    case 'Investment':
      return funds.includes(row.fundCode as string);
    case 'CashFlow':
    case 'Valuation':
      return held.some((investment) => investment.number === row.investmentNumber);
    default:
      return held.some((investment) => investment.tenantUscc === row.tenantUscc);
  }
}
