/** Applications, evictions, graduations, rent waivers, and what was given in the flood of July 2021. */
import { compareText } from '../../src/values/text.js';
import { allocateSteps, yuan } from './amounts.js';
import { ARTICLE } from './article.js';
import { addDays, earlier, later, pad, randomWorkday, yearOf } from './calendar.js';
import { type Company, OPERATED_SINCE } from './companies.js';
import { NameMaker } from './names.js';
import { Random } from './random.js';
import type { LeaseRow } from './tenancy.js';
import { FIELDS } from './vocabulary.js';

/** A row of applications.csv. */
export interface ApplicationRow {
  readonly number: string;
  readonly applicantName: string;
  readonly tenantUscc: string | null;
  readonly state: 'QUALIFICATION_REVIEW' | 'PROJECT_REVIEW' | 'WAITING_LIST' | 'ADMITTED' | 'REJECTED';
  readonly appliedOn: string;
  readonly decidedOn: string | null;
}

/** Applications that are not decided at the end of 2021. */
const PENDING = { WAITING_LIST: 12, PROJECT_REVIEW: 9, QUALIFICATION_REVIEW: 11 } as const;

/** An application for every entry since the operation began, twice as many rejected, and some pending. */
export function makeApplications(companies: readonly Company[]): ApplicationRow[] {
  const random = new Random('xinxiang/applications');
  const names = new NameMaker(
    new Random('xinxiang/applicants'),
    companies.map((company) => company.name),
  );
  const rows: Omit<ApplicationRow, 'number'>[] = [];
  const entered = companies.filter((company) => company.enteredOn >= OPERATED_SINCE);
  for (const company of entered) {
    const decidedOn = later(randomWorkday(random, addDays(company.enteredOn, -32), addDays(company.enteredOn, -5)), addDays(OPERATED_SINCE, 13));
    const appliedOn = later(randomWorkday(random, addDays(decidedOn, -55), addDays(decidedOn, -16)), randomWorkday(random, '2018-12-03', '2018-12-11'));
    rows.push({ applicantName: company.name, tenantUscc: company.uscc, state: 'ADMITTED', appliedOn, decidedOn });
  }
  const applicant = (): string => {
    const words = random.pickWeighted(FIELDS.map((field) => [field, field.weight] as const));
    return names.make(words, random.chance(30));
  };
  for (let index = 0; index < 2 * entered.length; index++) {
    const appliedOn = randomWorkday(random, '2018-12-03', '2021-11-19');
    const decidedOn = earlier(randomWorkday(random, addDays(appliedOn, 12), addDays(appliedOn, 60)), '2021-12-30');
    rows.push({ applicantName: applicant(), tenantUscc: null, state: 'REJECTED', appliedOn, decidedOn });
  }
  const pending = (state: keyof typeof PENDING, first: string, last: string): void => {
    for (let index = 0; index < PENDING[state]; index++) {
      rows.push({ applicantName: applicant(), tenantUscc: null, state, appliedOn: randomWorkday(random, first, last), decidedOn: null });
    }
  };
  pending('WAITING_LIST', '2021-07-05', '2021-11-12');
  pending('PROJECT_REVIEW', '2021-11-01', '2021-12-10');
  pending('QUALIFICATION_REVIEW', '2021-12-06', '2021-12-30');
  rows.sort((a, b) => compareText(a.appliedOn, b.appliedOn) || compareText(a.applicantName, b.applicantName));
  const counts = new Map<number, number>();
  return rows.map((row) => {
    const year = yearOf(row.appliedOn);
    counts.set(year, (counts.get(year) ?? 0) + 1);
    return { number: `SQ${year}-${pad(counts.get(year) as number, 3)}`, ...row };
  });
}

/** A row of rentWaivers.csv; money in fen. */
export interface RentWaiverRow {
  readonly number: string;
  readonly tenantUscc: string;
  readonly amount: bigint;
  readonly startedOn: string;
  readonly endedOn: string;
  readonly occasion: string;
}

const WAIVED = { from: '2020-02-01', to: '2020-04-30', months: 3n } as const;

/** 590,000 yuan in the epidemic of 2020, shared out by rent among those who leased all the time; whole yuan. */
export function makeRentWaivers(leases: readonly LeaseRow[]): RentWaiverRow[] {
  const leased = leases.filter((lease) => lease.startedOn <= '2020-01-20' && (lease.endedOn === null || lease.endedOn >= WAIVED.to));
  const amounts = allocateSteps(
    ARTICLE.rentWaived,
    100n,
    leased.map((lease) => Number(lease.monthlyRent / 100n)),
  );
  return leased.map((lease, index) => {
    const amount = amounts[index] as bigint;
    if (amount > lease.monthlyRent * WAIVED.months) throw new Error(`makeRentWaivers: more is waived than the rent of lease ${lease.number}.`);
    return {
      number: `JM2020-${pad(index + 1, 3)}`,
      tenantUscc: lease.tenantUscc,
      amount,
      startedOn: WAIVED.from,
      endedOn: WAIVED.to,
      occasion: '新冠肺炎疫情',
    };
  });
}

/** A row of shelters.csv. */
export interface ShelterRow {
  readonly number: string;
  readonly name: string;
  readonly suppliedOn: string;
}

/** A row of donations.csv; money in fen. */
export interface DonationRow {
  readonly number: string;
  readonly donorName: string;
  readonly tenantUscc: string | null;
  readonly goods: string;
  readonly amount: bigint;
  readonly date: string;
  readonly shelterNumber: string;
}

/** Districts and how many of the 24 made-up shelters each has. */
const SHELTERS: readonly (readonly [district: string, count: number])[] = [
  ['卫辉市', 9],
  ['凤泉区', 5],
  ['牧野区', 4],
  ['辉县市', 3],
  ['新乡县', 2],
  ['红旗区', 1],
];

const GOODS = [
  '瓶装饮用水',
  '方便面',
  '面包与火腿肠',
  '救生衣',
  '雨衣雨靴',
  '消毒液与口罩',
  '棉被',
  '折叠床',
  '发电机',
  '抽水泵',
  '应急照明灯',
  '大米与食用油',
  '常用药品',
  '编织袋',
] as const;

const OTHER_DONORS = ['园区员工自发捐赠', '创客小镇运营团队', '园区党员志愿服务队', '爱心市民（未具名）', '园区毕业企业联合捐赠'] as const;

/** The shelters, and donations of 406,800 yuan: each shelter got at least one. */
export function makeRelief(companies: readonly Company[]): { shelters: ShelterRow[]; donations: DonationRow[] } {
  const random = new Random('xinxiang/relief');
  const shelters = SHELTERS.flatMap(([district, count]) => Array.from({ length: count }, (_, index) => `${district}${index + 1}号安置点`)).map(
    (name, index) => ({
      number: `AZD-${pad(index + 1, 2)}`,
      name,
      suppliedOn: randomWorkday(random, '2021-07-23', '2021-08-06'),
    }),
  );
  const donors = random.shuffled(companies.filter((company) => company.status === 'IN_PARK' && company.enteredOn < '2021-06-01'));
  const given = [...shelters, ...shelters, ...Array.from({ length: 16 }, () => random.pick(shelters))];
  const amounts = allocateSteps(
    ARTICLE.reliefGoods,
    yuan(100),
    given.map(() => random.integer(10, 60)),
    5n,
  );
  const donations = given.map((shelter, index) => {
    const tenant = index % 5 === 4 ? undefined : donors[index];
    return {
      donorName: tenant?.name ?? random.pick(OTHER_DONORS),
      tenantUscc: tenant?.uscc ?? null,
      goods: random.pick(GOODS),
      amount: amounts[index] as bigint,
      date: addDays(shelter.suppliedOn, -random.integer(0, 2)),
      shelterNumber: shelter.number,
    };
  });
  donations.sort(
    (a, b) =>
      compareText(a.date, b.date) || compareText(a.shelterNumber, b.shelterNumber) || compareText(a.donorName, b.donorName) || compareText(a.goods, b.goods),
  );
  return { shelters, donations: donations.map((row, index) => ({ number: `JZ2021-${pad(index + 1, 2)}`, ...row })) };
}
