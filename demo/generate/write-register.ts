/** The park's register: one CSV for each entity that the park itself holds. Headers are the attributes' names. */
import { compareText } from '../../src/values/text.js';
import { formatYuan } from './amounts.js';
import { GUANGXING, GUANGXING_CLAIMS, REPORTED_FIGURES } from './article.js';
import { makeAwards } from './awards.js';
import { companyNamed } from './companies.js';
import type { World } from './world.js';
import { csvText } from './write-csv.js';

type Cell = string | number | null;

/** The register's files by name, as texts in UTF-8. */
export function registerFiles(world: World): Map<string, string> {
  const files = new Map<string, string>();
  /** A file whose columns are the named members of its rows, in this order. */
  const add = <Row>(
    name: string,
    columns: readonly (keyof Row & string)[],
    rows: readonly Row[],
    write: Partial<Record<keyof Row & string, (row: Row) => Cell>> = {},
  ): void => {
    const cells = rows.map((row) => columns.map((column) => cellText(write[column] ? write[column](row) : (row[column] as Cell | bigint))));
    files.set(`${name}.csv`, csvText([columns, ...cells]));
  };
  const left = (status: string) =>
    world.companies
      .filter((company) => company.status === status)
      .sort((a, b) => compareText(a.leftOn as string, b.leftOn as string) || compareText(a.uscc, b.uscc));
  const keyed = <Row>(prefix: string, rows: readonly Row[]): (Row & { key: string })[] =>
    rows.map((row, index) => ({ key: `${prefix}-${String(index + 1).padStart(2, '0')}`, ...row }));

  add(
    'tenants',
    ['uscc', 'name', 'industry', 'technologyField', 'stage', 'status', 'registeredCapital', 'foundedOn', 'enteredOn', 'leftOn', 'registrationNumber'],
    world.companies.map((company) => ({ ...company, registrationNumber: world.registrationNumbers.get(company.uscc) ?? null })),
  );
  add('formerNames', ['key', 'tenantUscc', 'name', 'changedOn'], keyed('former', world.formerNames));
  add('units', ['number', 'carrierCode', 'building', 'floor', 'area'], world.units, { area: (row) => tenths(row.area) });
  add('leases', ['number', 'tenantUscc', 'unitNumber', 'area', 'monthlyRent', 'startedOn', 'endedOn'], world.leases, { area: (row) => tenths(row.area) });
  add('annualReports', ['key', 'tenantUscc', 'year', 'output', 'revenue', 'researchSpending', 'taxPaid', 'staff', 'scienceStaff'], world.reports);
  add('patents', ['applicationNumber', 'tenantUscc', 'kind', 'title', 'status', 'filedOn', 'grantedOn'], world.patents);
  add('patentExtracts', ['number', 'tenantUscc', 'patentNumber', 'drawnOn', 'pledgedOn'], world.stated.extracts);
  add('shareholdings', ['key', 'tenantUscc', 'holderName', 'investorCode', 'stake', 'registeredOn'], world.stated.shareholdings, {
    stake: (row) => (row.stake / 10_000).toFixed(4),
  });
  add('certifications', ['number', 'tenantUscc', 'kind', 'issuedOn', 'validTo'], world.certifications);
  add('awards', ['key', 'tenantUscc', 'competition', 'prize', 'year'], keyed('award', makeAwards(world.companies)));
  const guangxing = companyNamed(world.companies, GUANGXING).uscc;
  add(
    'productClaims',
    ['key', 'tenantUscc', 'product', 'measure', 'low', 'high', 'unit'],
    keyed(
      'claim',
      GUANGXING_CLAIMS.map((claim) => ({ tenantUscc: guangxing, product: '发泡板材生产线双履带层压机', ...claim })),
    ),
  );
  add(
    'accreditations',
    ['key', 'kind', 'level', 'year', 'authority', 'holder'],
    keyed('accreditation', [
      // Who held the recognition in 2003 is not known: the park has been run for three years only.
      { kind: 'INCUBATOR', level: 'NATIONAL', year: 2003, authority: '科技部', holder: null },
      { kind: 'MAKER_SPACE', level: 'MUNICIPAL', year: null, authority: null, holder: null },
      { kind: 'ACCELERATOR', level: 'PILOT', year: null, authority: null, holder: null },
    ]),
  );
  add('reportedFigures', ['key', 'term', 'year', 'value', 'unit', 'qualifier', 'statement', 'note'], keyed('figure', REPORTED_FIGURES));
  add('parkFundings', ['number', 'tenantUscc', 'kind', 'amount', 'date'], world.parkFundings);
  add('applications', ['number', 'applicantName', 'tenantUscc', 'state', 'appliedOn', 'decidedOn'], world.applications);
  add(
    'evictions',
    ['tenantUscc', 'reason', 'date'],
    left('EVICTED').map((company) => ({ tenantUscc: company.uscc, reason: company.reason as string, date: company.leftOn })),
  );
  add(
    'graduations',
    ['tenantUscc', 'ground', 'date'],
    left('GRADUATED').map((company) => ({ tenantUscc: company.uscc, ground: company.ground as string, date: company.leftOn })),
  );
  add('rentWaivers', ['number', 'tenantUscc', 'amount', 'startedOn', 'endedOn', 'occasion'], world.rentWaivers);
  add('donations', ['number', 'donorName', 'tenantUscc', 'goods', 'amount', 'date', 'shelterNumber'], world.donations);
  add('shelters', ['number', 'name', 'suppliedOn'], world.shelters);
  return files;
}

/** Money is the only bigint that comes here as it is. */
function cellText(cell: Cell | bigint): string | null {
  if (typeof cell === 'bigint') return formatYuan(cell);
  return cell === null ? null : String(cell);
}

function tenths(area: bigint): string {
  return area % 10n === 0n ? `${area / 10n}` : `${area / 10n}.${area % 10n}`;
}
