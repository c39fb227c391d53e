/** The carriers, their units, and who leased which unit when: no unit twice at once, and none empty at the end. */

import type { CarrierKind } from '../../src/entities/tenancy/enums.js';
import { compareText } from '../../src/values/text.js';
import { allocateSteps } from './amounts.js';
import { GUANGXING } from './article.js';
import { AS_OF, addDays, daysBetween, later, pad, randomWorkday, yearOf } from './calendar.js';
import { type Company, companyNamed } from './companies.js';
import { Random } from './random.js';

/** A carrier as park.yml states it, and how the generator divides it. */
interface CarrierPlan {
  readonly code: string;
  readonly kind: CarrierKind;
  /** m². */
  readonly totalArea: number;
  readonly buildings: readonly string[];
  readonly floors: number;
  readonly units: number;
  /** Yuan a month for a m². */
  readonly rent: number;
  /** Weights of the units' areas. */
  readonly spread: readonly [number, number];
}

/** The three carriers of park.yml: 36,000 m² in all. */
export const CARRIERS: readonly CarrierPlan[] = [
  { code: 'ZCKJ', kind: 'MAKER_SPACE', totalArea: 3_000, buildings: ['A座'], floors: 3, units: 30, rent: 18, spread: [7, 16] },
  { code: 'FHQ', kind: 'INCUBATOR', totalArea: 21_000, buildings: ['B座', 'C座', 'D座'], floors: 6, units: 98, rent: 14, spread: [8, 26] },
  { code: 'JSQ', kind: 'ACCELERATOR', totalArea: 12_000, buildings: ['1号厂房', '2号厂房'], floors: 2, units: 26, rent: 11, spread: [22, 70] },
];

/** A row of units.csv; the area in tenths of a m². */
export interface UnitRow {
  readonly number: string;
  readonly carrierCode: string;
  readonly building: string;
  readonly floor: number;
  readonly area: bigint;
}

/** A row of leases.csv; the area in tenths of a m², the rent in fen. */
export interface LeaseRow {
  readonly number: string;
  readonly tenantUscc: string;
  readonly unitNumber: string;
  readonly area: bigint;
  readonly monthlyRent: bigint;
  readonly startedOn: string;
  readonly endedOn: string | null;
}

/** What 广兴科技 had half a year before, and what it has now, in tenths of a m². */
const GUANGXING_AREAS = { before: 3_000n, now: 8_600n } as const;
const GUANGXING_MOVE = '2021-07-01';

/** The units: areas add up to each carrier's, in steps of half a m². */
export function makeUnits(): UnitRow[] {
  const random = new Random('xinxiang/units');
  const units: UnitRow[] = [];
  for (const carrier of CARRIERS) {
    // The two units of 广兴科技 are as the article has them, or as large as its machine wants.
    const fixed = carrier.kind === 'INCUBATOR' ? [GUANGXING_AREAS.before] : carrier.kind === 'ACCELERATOR' ? [GUANGXING_AREAS.now] : [];
    const rest = BigInt(carrier.totalArea * 10) - fixed.reduce((all, area) => all + area, 0n);
    const weights = Array.from({ length: carrier.units - fixed.length }, () => random.integer(...carrier.spread));
    const areas = [...fixed, ...allocateSteps(rest, 5n, weights)];
    const perFloor = Math.ceil(carrier.units / (carrier.buildings.length * carrier.floors));
    areas.forEach((area, index) => {
      const place = Math.floor(index / perFloor);
      const building = carrier.buildings[Math.floor(place / carrier.floors)] as string;
      const floor = 1 + (place % carrier.floors);
      units.push({
        number: `${carrier.code}-${building.slice(0, 1)}${floor}${pad(1 + (index % perFloor), 2)}`,
        carrierCode: carrier.code,
        building,
        floor,
        area,
      });
    });
  }
  return units;
}

/** A time in which a company needs a unit. */
interface Stay {
  readonly company: Company;
  readonly startedOn: string;
  readonly endedOn: string | null;
  readonly wants: readonly CarrierKind[];
}

/** The leases, in the order of their start; writes into each company the stage that its last unit stands for. */
export function makeLeases(companies: readonly Company[], units: readonly UnitRow[]): LeaseRow[] {
  const random = new Random('xinxiang/leases');
  const taken = new Map(units.map((unit) => [unit.number, [] as { startedOn: string; endedOn: string | null; company: Company }[]]));
  const isFree = (unit: UnitRow, startedOn: string, endedOn: string | null): boolean =>
    (taken.get(unit.number) ?? []).every((lease) => (lease.endedOn !== null && lease.endedOn < startedOn) || (endedOn !== null && lease.startedOn > endedOn));
  const letUnit = (unit: UnitRow, stay: Omit<Stay, 'wants'>): void => {
    taken.get(unit.number)?.push({ startedOn: stay.startedOn, endedOn: stay.endedOn, company: stay.company });
  };
  const guangxing = companyNamed(companies, GUANGXING);
  const unitOf = (area: bigint): UnitRow => units.find((unit) => unit.area === area) as UnitRow;
  letUnit(unitOf(GUANGXING_AREAS.before), { company: guangxing, startedOn: guangxing.enteredOn, endedOn: addDays(GUANGXING_MOVE, -1) });
  letUnit(unitOf(GUANGXING_AREAS.now), { company: guangxing, startedOn: GUANGXING_MOVE, endedOn: null });

  for (const stay of staysOf(random, companies)) {
    const free = units.filter((unit) => isFree(unit, stay.startedOn, stay.endedOn));
    const wanted = stay.wants.map((kind) => free.filter((unit) => carrierOf(unit).kind === kind)).find((list) => list.length > 0);
    if (!wanted) throw new Error(`makeLeases: expected a free unit from ${stay.startedOn} to ${stay.endedOn ?? 'today'}, but there is none.`);
    letUnit(random.pick(wanted), stay);
  }
  letTheRest(random, companies, units, taken);

  const leases = units.flatMap((unit) => (taken.get(unit.number) ?? []).map((lease) => ({ unit, ...lease })));
  leases.sort((a, b) => compareText(a.startedOn, b.startedOn) || compareText(a.unit.number, b.unit.number));
  const counts = new Map<number, number>();
  return leases.map(({ unit, company, startedOn, endedOn }) => {
    company.stage = carrierOf(unit).kind;
    const year = yearOf(startedOn);
    counts.set(year, (counts.get(year) ?? 0) + 1);
    return {
      number: `ZL${year}-${pad(counts.get(year) as number, 3)}`,
      tenantUscc: company.uscc,
      unitNumber: unit.number,
      area: unit.area,
      // Yuan a m² and month, in fen: tenths of a m² times fen, divided by ten.
      monthlyRent: (unit.area * BigInt(carrierOf(unit).rent * 100)) / 10n,
      startedOn,
      endedOn,
    };
  });
}

/** One stay for a company, two where it moved on; those who had left before the park's operation have their leases in its predecessor's files. */
function staysOf(random: Random, companies: readonly Company[]): Stay[] {
  const stays: Stay[] = [];
  for (const company of companies) {
    if (company.name === GUANGXING || (company.leftOn !== null && company.leftOn < '2018-12-01')) continue;
    const months = Math.floor(daysBetween(company.enteredOn, company.leftOn ?? AS_OF) / 30);
    const grown = company.highTechIssues.length > 0 && company.status === 'IN_PARK';
    if (company.status === 'IN_PARK' && !grown && months > 20 && random.chance(22)) {
      const moved = randomWorkday(random, later(addDays(company.enteredOn, 300), '2019-06-03'), '2021-10-29');
      stays.push({ company, startedOn: company.enteredOn, endedOn: addDays(moved, -1), wants: ['MAKER_SPACE', 'INCUBATOR', 'ACCELERATOR'] });
      stays.push({ company, startedOn: moved, endedOn: null, wants: ['INCUBATOR', 'MAKER_SPACE', 'ACCELERATOR'] });
      continue;
    }
    const small = months < 18 && random.chance(45);
    const wants: readonly CarrierKind[] = grown
      ? ['ACCELERATOR', 'INCUBATOR', 'MAKER_SPACE']
      : small
        ? ['MAKER_SPACE', 'INCUBATOR', 'ACCELERATOR']
        : ['INCUBATOR', 'MAKER_SPACE', 'ACCELERATOR'];
    stays.push({ company, startedOn: company.enteredOn, endedOn: company.leftOn, wants });
  }
  return stays.sort((a, b) => compareText(a.startedOn, b.startedOn) || compareText(a.company.uscc, b.company.uscc));
}

/** What stands empty at the end is let to HNTEs as their second unit: the park is full. */
function letTheRest(
  random: Random,
  companies: readonly Company[],
  units: readonly UnitRow[],
  taken: ReadonlyMap<string, { startedOn: string; endedOn: string | null; company: Company }[]>,
): void {
  const growing = random.shuffled(
    companies.filter(
      (company) => company.status === 'IN_PARK' && company.highTechIssues.length > 0 && company.enteredOn < '2020-06-01' && company.name !== GUANGXING,
    ),
  );
  for (const unit of units) {
    const leases = taken.get(unit.number) ?? [];
    if (leases.some((lease) => lease.endedOn === null)) continue;
    const company = growing.shift();
    if (!company) throw new Error('letTheRest: more empty units than growing tenants.');
    const free = leases.reduce((last, lease) => later(last, lease.endedOn as string), '2020-09-30');
    const startedOn = free >= addDays(AS_OF, -8) ? addDays(free, 1) : randomWorkday(random, addDays(free, 1), AS_OF);
    leases.push({ startedOn, endedOn: null, company });
  }
}

/** The carrier plan of a unit. */
export function carrierOf(unit: UnitRow): CarrierPlan {
  return CARRIERS.find((carrier) => carrier.code === unit.carrierCode) as CarrierPlan;
}
