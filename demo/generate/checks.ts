/** The rows' own sums against the article: a figure that is off stops the generator. */
import { isPatentNumber } from '../../src/rules/patentNumber.js';
import { isRegistrationNumber } from '../../src/rules/registrationNumber.js';
import { isUscc } from '../../src/rules/uscc.js';
import { formatYuan, sum } from './amounts.js';
import { ARTICLE, GUANGXING, TUOXIN } from './article.js';
import { AS_OF, yearOf } from './calendar.js';
import { inParkOn, OPERATED_SINCE } from './companies.js';
import { CARRIERS } from './tenancy.js';
import type { World } from './world.js';

/** Throws an Error that names every figure that is off. */
export function checkWorld(world: World): void {
  const wrong: string[] = [];
  const same = (figure: string, got: number | bigint | string, expected: number | bigint | string): void => {
    if (got !== expected) wrong.push(`${figure}: expected ${expected}, but got: ${got}`);
  };
  checkTenants(world, same);
  checkYears(world, same);
  checkSpace(world, same);
  checkOperations(world, same);
  checkMoney(world, same);
  if (wrong.length > 0) throw new Error(`The generated rows do not add up:\n${wrong.join('\n')}`);
}

type Same = (figure: string, got: number | bigint | string, expected: number | bigint | string) => void;

function checkTenants({ companies, certifications, patents, registrationNumbers, formerNames }: World, same: Same): void {
  const count = (status: string): number => companies.filter((company) => company.status === status).length;
  same('tenants in the park', count('IN_PARK'), ARTICLE.tenants);
  same('tenants in the park by their days', companies.filter((company) => inParkOn(company, AS_OF)).length, ARTICLE.tenants);
  same('evicted', count('EVICTED'), ARTICLE.evicted);
  same('evicted since the end of 2018', companies.filter((company) => company.reason && (company.leftOn as string) >= OPERATED_SINCE).length, ARTICLE.evicted);
  same('graduates', count('GRADUATED'), ARTICLE.graduates);
  same('names', new Set(companies.map((company) => company.name)).size, companies.length);
  same(
    'registration numbers that are right, and of one company',
    new Set([...registrationNumbers.values()].filter(isRegistrationNumber)).size,
    companies.filter((company) => company.foundedOn < '2015-10-01').length,
  );
  same('names, former ones too', new Set([...companies, ...formerNames].map(({ name }) => name)).size, companies.length + formerNames.length);
  const ofArticle = companies.filter(({ name }) => name === GUANGXING || name === TUOXIN).map(({ uscc }) => uscc);
  same('former names made up for a company of the article', formerNames.filter(({ tenantUscc }) => ofArticle.includes(tenantUscc)).length, 0);
  same('codes', new Set(companies.map((company) => company.uscc)).size, companies.length);
  same('codes that are wrong', companies.filter((company) => !isUscc(company.uscc)).length, 0);
  same('a code ends in 0', companies.some((company) => company.status === 'IN_PARK' && company.uscc.endsWith('0')) ? 1 : 0, 1);
  const byUscc = new Map(companies.map((company) => [company.uscc, company]));
  for (const [kind, years] of [
    ['HNTE', ARTICLE.highTech],
    ['TECH_SME', ARTICLE.techSme],
  ] as const) {
    for (const [year, expected] of Object.entries(years)) {
      // Of the years between, the article says nothing of tech SMEs; some who were entered then have left since.
      if (kind === 'TECH_SME' && (year === '2019' || year === '2020')) continue;
      const day = `${year}-12-31`;
      const valid = certifications.filter(
        (row) => row.kind === kind && row.issuedOn <= day && row.validTo >= day && inParkOn(byUscc.get(row.tenantUscc) as never, day),
      );
      same(`${kind} at the end of ${year}`, valid.length, expected);
      same(`${kind} holders at the end of ${year}`, new Set(valid.map((row) => row.tenantUscc)).size, expected);
    }
  }
  same('certificate numbers', new Set(certifications.map((row) => row.number)).size, certifications.length);
  same('entry numbers that are wrong', certifications.filter((row) => row.kind === 'TECH_SME' && !/^\d{4}\d{6}[0AB]\d{7}$/.test(row.number)).length, 0);
  same('patents', patents.length, ARTICLE.patents);
  same('patents of tenants in the park', patents.filter((row) => byUscc.get(row.tenantUscc)?.status === 'IN_PARK').length, ARTICLE.patents);
  same('inventions', patents.filter((row) => row.kind === 'INVENTION').length, ARTICLE.inventions);
  same('application numbers', new Set(patents.map((row) => row.applicationNumber)).size, ARTICLE.patents);
  same('application numbers that are wrong', patents.filter((row) => !isPatentNumber(row.applicationNumber)).length, 0);
  same('patents filed after the end of 2021', patents.filter((row) => row.filedOn > AS_OF || (row.grantedOn ?? AS_OF) > AS_OF).length, 0);
}

function checkYears({ companies, reports }: World, same: Same): void {
  const of = (year: number) => reports.filter((row) => row.year === year);
  const highTech = new Set(companies.filter((company) => company.status === 'IN_PARK' && company.highTechIssues.length > 0).map((company) => company.uscc));
  for (const [year, expected] of Object.entries(ARTICLE.output))
    same(`output of ${year}`, formatYuan(sum(of(Number(year)).map((row) => row.output))), formatYuan(expected));
  same(
    'output of the HNTEs in 2021',
    formatYuan(
      sum(
        of(2021)
          .filter((row) => highTech.has(row.tenantUscc))
          .map((row) => row.output),
      ),
    ),
    formatYuan(ARTICLE.highTechOutput2021),
  );
  same('reports of 2021', of(2021).length, ARTICLE.tenants);
  same(
    'jobs in 2021',
    of(2021).reduce((all, row) => all + row.staff, 0),
    ARTICLE.jobs2021,
  );
  same('reports with more science staff than staff', reports.filter((row) => row.scienceStaff > row.staff).length, 0);
  // 国科发区〔2018〕300号: sales of two years running together above ten million; those of 2017 are not in the register.
  const revenues = (uscc: string): bigint[] => reports.filter((row) => row.tenantUscc === uscc).map((row) => row.revenue);
  const onRevenue = companies.filter((company) => company.ground === 'REVENUE' && company.status === 'GRADUATED' && revenues(company.uscc).length >= 2);
  same('graduates on revenue without it', onRevenue.filter((company) => sum(revenues(company.uscc).slice(-2)) <= 1_000_000_000n).length, 0);
}

function checkSpace({ companies, units, leases }: World, same: Same): void {
  same(
    'area of the carriers',
    CARRIERS.reduce((all, carrier) => all + carrier.totalArea, 0),
    ARTICLE.totalArea,
  );
  for (const carrier of CARRIERS) {
    const own = units.filter((unit) => unit.carrierCode === carrier.code);
    same(`area of the units of ${carrier.code}`, sum(own.map((unit) => unit.area)), BigInt(carrier.totalArea * 10));
  }
  same('unit numbers', new Set(units.map((unit) => unit.number)).size, units.length);
  const running = leases.filter((lease) => lease.endedOn === null);
  same('area let', sum(running.map((lease) => lease.area)), BigInt(ARTICLE.totalArea * 10));
  same('units let', new Set(running.map((lease) => lease.unitNumber)).size, units.length);
  same('running leases', running.length, units.length);
  const inPark = companies.filter((company) => company.status === 'IN_PARK').map((company) => company.uscc);
  const holders = new Set(running.map((lease) => lease.tenantUscc));
  same('tenants without a lease', inPark.filter((uscc) => !holders.has(uscc)).length, 0);
  same('lessees who are not in the park', [...holders].filter((uscc) => !inPark.includes(uscc)).length, 0);
  const twice = leases.filter((a, index) =>
    leases.slice(index + 1).some((b) => a.unitNumber === b.unitNumber && (b.endedOn ?? AS_OF) >= a.startedOn && (a.endedOn ?? AS_OF) >= b.startedOn),
  );
  same('units let twice at once', twice.length, 0);
  same('leases that start after the end of 2021', leases.filter((lease) => lease.startedOn > AS_OF || (lease.endedOn ?? AS_OF) < lease.startedOn).length, 0);
}

function checkOperations({ companies, applications, rentWaivers, shelters, donations }: World, same: Same): void {
  const admitted = applications.filter((row) => row.state === 'ADMITTED');
  const decided = applications.filter((row) => row.decidedOn !== null);
  same('admitted, three times', admitted.length * 3, decided.length);
  same('decided that are neither admitted nor rejected', decided.filter((row) => row.state !== 'ADMITTED' && row.state !== 'REJECTED').length, 0);
  const entered = companies.filter((company) => company.enteredOn >= OPERATED_SINCE);
  same('entries through an application', new Set(admitted.map((row) => row.tenantUscc)).size, entered.length);
  same(
    'applications before their time',
    applications.filter((row) => row.appliedOn < OPERATED_SINCE || (row.decidedOn ?? AS_OF) < row.appliedOn || (row.decidedOn ?? AS_OF) > AS_OF).length,
    0,
  );
  same('names of applicants', new Set(applications.map((row) => row.applicantName)).size, applications.length);
  same('rent waived', formatYuan(sum(rentWaivers.map((row) => row.amount))), formatYuan(ARTICLE.rentWaived));
  same('relief goods', formatYuan(sum(donations.map((row) => row.amount))), formatYuan(ARTICLE.reliefGoods));
  same('shelters', shelters.length, ARTICLE.shelters);
  same('shelters supplied', new Set(donations.map((row) => row.shelterNumber)).size, ARTICLE.shelters);
}

function checkMoney({ companies, parkFundings, investors, banks }: World, same: Same): void {
  const in2021 = (rows: readonly { readonly date: string; readonly amount: bigint }[]): bigint =>
    sum(rows.filter((row) => yearOf(row.date) === 2021).map((row) => row.amount));
  const parts = [parkFundings, ...Object.values(investors).map((book) => book.investments), ...Object.values(banks).map((book) => book.loans)].map(in2021);
  same('financing of 2021', formatYuan(sum(parts)), formatYuan(ARTICLE.financing2021));
  same('parts of it that are nothing', parts.filter((part) => part === 0n).length, 0);
  const rows = [...Object.values(investors).flatMap((book) => book.investments), ...Object.values(banks).flatMap((book) => book.loans)];
  same('money that came outside the tenancy', rows.filter((row) => row.date < row.company.enteredOn || row.date > (row.company.leftOn ?? AS_OF)).length, 0);
  const financed = companies.filter((company) => company.ground === 'FINANCED' && (company.leftOn as string) >= OPERATED_SINCE);
  const venture = (uscc: string): bigint =>
    sum(Object.values(investors).flatMap((book) => book.investments.filter((row) => row.company.uscc === uscc).map((row) => row.amount)));
  same('graduates on venture money without it', financed.filter((company) => venture(company.uscc) <= 500_000_000n).length, 0);
}
