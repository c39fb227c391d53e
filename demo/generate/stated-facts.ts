/**
 * What banks and investors state of tenants beside what they lent and hold, and what the park has of shareholders and
 * pledges: mostly what the register says as well, and a handful of differences (see DIFFERENCES). Drawn after all else,
 * from a stream of its own.
 */
import { compareText } from '../../src/values/text.js';
import { permille, yuan } from './amounts.js';
import { AS_OF, addDays, earlier, later, pad, randomWorkday } from './calendar.js';
import type { InvestmentRow, InvestorBook } from './capital.js';
import type { Company } from './companies.js';
import type { BankBook, LoanRow } from './lending.js';
import type { PatentRow } from './patents.js';
import { Random } from './random.js';
import type { ReportRow } from './reports.js';

/** A row of a bank's credit file; money in fen. */
export interface ProfileRow {
  readonly number: string;
  readonly company: Company;
  readonly date: string;
  readonly year: number | null;
  readonly staff: number | null;
  readonly revenue: bigint | null;
  readonly registeredCapital: bigint;
}

/** A patent that is pledged to a bank. */
export interface PledgeRow {
  readonly number: string;
  readonly company: Company;
  readonly patentNumber: string;
  readonly loanNumber: string;
  readonly registeredOn: string;
  readonly releasedOn: string | null;
}

/** An investor's follow-up of a company; money in fen. */
export interface FollowUpRow {
  readonly number: string;
  readonly company: Company;
  readonly year: number;
  readonly date: string;
  readonly staff: number;
  readonly revenue: bigint;
}

/** A row of shareholdings.csv; the stake in basis points. */
export interface ShareholdingRow {
  readonly key: string;
  readonly tenantUscc: string;
  readonly holderName: string;
  readonly investorCode: string | null;
  readonly stake: number;
  readonly registeredOn: string;
}

/** A row of patentExtracts.csv. */
export interface ExtractRow {
  readonly number: string;
  readonly tenantUscc: string;
  readonly patentNumber: string;
  readonly drawnOn: string;
  readonly pledgedOn: string | null;
}

type InvestorId = 'huakai' | 'hongtu' | 'huayu';

/** All of them. */
export interface StatedFacts {
  readonly profiles: Readonly<Record<'icbc' | 'bocom', readonly ProfileRow[]>>;
  readonly pledges: Readonly<Record<'icbc' | 'spdb', readonly PledgeRow[]>>;
  readonly followUps: Readonly<Record<InvestorId, readonly FollowUpRow[]>>;
  readonly shareholdings: readonly ShareholdingRow[];
  readonly extracts: readonly ExtractRow[];
}

/**
 * The differences, each with its reason: parks/xinxiang/README.md lists them, tests/graph/discrepancies.test.ts pins what
 * the hub finds. Rows are named by the number that they get.
 */
const DIFFERENCES = {
  /** The bank counts those who were sent by an agency as well. */
  staffOfIcbc: { number: 'ZL2021-004', more: 3 },
  /** The bank wrote down a draft of the accounts, 4.5 % lower. */
  revenueOfBocom: { number: 'SX-2021-006', thousandths: 955 },
  /** The company raised its capital after the bank had written it down. */
  capitalOfIcbc: { number: 'ZL2021-009' },
  /** The investor counts the revenue with its value-added tax, 13 %. */
  revenueOfHuayu: { number: 'QX-TH-2020-003', thousandths: 1_130 },
  /** The investor counts those who left in December. */
  staffOfHuakai: { number: 'TH-2020-05', more: 4 },
  /** A later round diluted the stake; the investor's book has the old one. */
  stakeOfHongtu: { number: 'HT-2020-009', basisPoints: 540 },
  /** The investor has left; the company's registration still names its fund. */
  exitOfHuakai: { number: 'HK-2016-001' },
  /** The bank released it; CNIPA's register still shows the pledge. */
  releasedBySpdb: { patentOf: 'SPD-2020-000063', releasedOn: '2021-06-30' },
  /** The bank counts on it; CNIPA's register shows no pledge. */
  unregisteredAtIcbc: { patentOf: '17040202100028' },
} as const;

interface Known {
  readonly companies: readonly Company[];
  readonly reports: readonly ReportRow[];
  readonly patents: readonly PatentRow[];
  readonly investors: Readonly<Record<InvestorId, InvestorBook>>;
  readonly banks: Readonly<Record<'icbc' | 'bocom' | 'spdb', BankBook>>;
}

/** The rows. Throws an Error when a difference names a row that is not there. */
export function makeStatedFacts(known: Known): StatedFacts {
  const random = new Random('xinxiang/stated-facts');
  const profiles = {
    icbc: profilesOf(random, known, 'icbc', (count) => `ZL2021-${pad(count, 3)}`),
    bocom: profilesOf(random, known, 'bocom', (count) => `SX-2021-${pad(count, 3)}`),
  };
  const taken = new Set<string>();
  const pledges = {
    icbc: pledgesOf(random, known, 'icbc', taken, (count) => `ZY-1704-${pad(count, 4)}`),
    spdb: pledgesOf(random, known, 'spdb', taken, (count) => `SPD-ZY-${pad(count, 5)}`),
  };
  const followUps = {
    huakai: followUpsOf(random, known, 'huakai', (year, count) => `TH-${year}-${pad(count, 2)}`),
    hongtu: followUpsOf(random, known, 'hongtu', (year, count) => `HT-TH-${year}-${pad(count, 3)}`),
    huayu: followUpsOf(random, known, 'huayu', (year, count) => `QX-TH-${year}-${pad(count, 3)}`),
  };
  const facts = { profiles, pledges, followUps, shareholdings: shareholdingsOf(random, known), extracts: extractsOf(random, pledges) };
  checkDifferences(facts, known);
  return facts;
}

/** A bank's credit file of those of its borrowers who are in the park: the accounts of 2020, written down in 2021. */
function profilesOf(random: Random, { reports, banks }: Known, bank: 'icbc' | 'bocom', number: (count: number) => string): ProfileRow[] {
  const { staffOfIcbc, revenueOfBocom, capitalOfIcbc } = DIFFERENCES;
  return companiesOf(banks[bank].loans)
    .filter((company) => company.status === 'IN_PARK')
    .map((company, index): ProfileRow => {
      const own = number(index + 1);
      const report = reports.find((row) => row.tenantUscc === company.uscc && row.year === 2020);
      return {
        number: own,
        company,
        date: randomWorkday(random, later('2021-04-06', addDays(company.enteredOn, 20)), '2021-11-26'),
        year: report ? 2020 : null,
        staff: report ? report.staff + (own === staffOfIcbc.number ? staffOfIcbc.more : 0) : null,
        revenue: report ? (own === revenueOfBocom.number ? permille(report.revenue, revenueOfBocom.thousandths) : report.revenue) : null,
        registeredCapital: own === capitalOfIcbc.number ? company.registeredCapital / 2n : company.registeredCapital,
      };
    });
}

/** For each loan on intellectual property a granted patent of the borrower, or two of those who have many. */
function pledgesOf(random: Random, { patents, banks }: Known, bank: 'icbc' | 'spdb', taken: Set<string>, number: (count: number) => string): PledgeRow[] {
  const rows: Omit<PledgeRow, 'number'>[] = [];
  for (const loan of banks[bank].loans.filter(({ kind }) => kind === 'PLEDGE_IP')) {
    const granted = patents.filter((row) => row.tenantUscc === loan.company.uscc && row.status === 'GRANTED' && (row.grantedOn as string) < loan.date);
    const free = granted.filter((row) => !taken.has(row.applicationNumber));
    random
      .shuffled(free)
      .slice(0, free.length >= 4 ? 2 : 1)
      .forEach((patent, index) => {
        taken.add(patent.applicationNumber);
        const registeredOn = addDays(loan.date, random.integer(1, 6));
        rows.push({
          company: loan.company,
          patentNumber: patent.applicationNumber,
          loanNumber: loan.number,
          registeredOn,
          releasedOn: releaseOf(random, loan, registeredOn, index),
        });
      });
  }
  return rows.map((row, index) => ({ number: number(index + 1), ...row }));
}

/** A second pledge of a loan that is older than half a year was released since. */
function releaseOf(random: Random, loan: LoanRow, registeredOn: string, index: number): string | null {
  if (loan.number === DIFFERENCES.releasedBySpdb.patentOf) return DIFFERENCES.releasedBySpdb.releasedOn;
  return index === 1 && registeredOn < '2021-07-01' ? randomWorkday(random, addDays(registeredOn, 60), '2021-10-15') : null;
}

/** The follow-ups of what an investor holds, of the two years before the last, where the company was in the park. */
function followUpsOf(random: Random, { reports, investors }: Known, id: InvestorId, number: (year: number, count: number) => string): FollowUpRow[] {
  const { revenueOfHuayu, staffOfHuakai } = DIFFERENCES;
  const held = companiesOf(investors[id].investments.filter(isHeld));
  return [2019, 2020].flatMap((year) =>
    reports
      .filter((report) => report.year === year && held.some((company) => company.uscc === report.tenantUscc))
      .map((report, index): FollowUpRow => {
        const own = number(year, index + 1);
        return {
          number: own,
          company: held.find((company) => company.uscc === report.tenantUscc) as Company,
          year,
          date: randomWorkday(random, `${year + 1}-03-01`, `${year + 1}-05-28`),
          staff: report.staff + (own === staffOfHuakai.number ? staffOfHuakai.more : 0),
          revenue: own === revenueOfHuayu.number ? permille(report.revenue, revenueOfHuayu.thousandths) : report.revenue,
        };
      }),
  );
}

/** The funds of the partner investors among the shareholders, as the companies' registrations name them. */
function shareholdingsOf(random: Random, { investors }: Known): ShareholdingRow[] {
  const { stakeOfHongtu, exitOfHuakai } = DIFFERENCES;
  const rows = (Object.keys(investors) as InvestorId[]).flatMap((id) =>
    investors[id].investments
      .filter((row) => row.status !== 'EXITED' || row.number === exitOfHuakai.number)
      .map((row) => ({
        tenantUscc: row.company.uscc,
        holderName: investors[id].funds.find((fund) => fund.code === row.fundCode)?.name as string,
        investorCode: id,
        stake: row.number === stakeOfHongtu.number ? stakeOfHongtu.basisPoints : row.stake,
        registeredOn: earlier(addDays(row.date, random.integer(12, 45)), AS_OF),
      })),
  );
  rows.sort((a, b) => compareText(a.registeredOn, b.registeredOn) || compareText(a.tenantUscc, b.tenantUscc) || compareText(a.investorCode, b.investorCode));
  return rows.map((row, index) => ({ key: `shareholding-${pad(index + 1, 3)}`, ...row }));
}

/** A copy of CNIPA's register of every patent that a bank names, drawn by the park in the autumn of 2021 or later. */
function extractsOf(random: Random, pledges: StatedFacts['pledges']): ExtractRow[] {
  const { releasedBySpdb, unregisteredAtIcbc } = DIFFERENCES;
  return Object.values(pledges)
    .flat()
    .map((pledge, index): ExtractRow => {
      const { company, patentNumber, registeredOn, releasedOn, loanNumber } = pledge;
      const isShown = loanNumber === releasedBySpdb.patentOf || (releasedOn === null && loanNumber !== unregisteredAtIcbc.patentOf);
      return {
        number: `DJB2021-${pad(index + 1, 3)}`,
        tenantUscc: company.uscc,
        patentNumber,
        drawnOn: later(randomWorkday(random, '2021-11-01', '2021-12-24'), addDays(registeredOn, 2)),
        pledgedOn: isShown ? registeredOn : null,
      };
    });
}

function isHeld({ status }: InvestmentRow): boolean {
  return status === 'HELD' || status === 'PARTLY_EXITED';
}

/** The companies of rows, each once, in the order of their codes. */
function companiesOf(rows: readonly { readonly company: Company }[]): Company[] {
  return [...new Set(rows.map(({ company }) => company))].sort((a, b) => compareText(a.uscc, b.uscc));
}

/** A difference that names no row, or one without the value that it changes, would be none. */
function checkDifferences({ profiles, pledges, followUps }: StatedFacts, { investors }: Known): void {
  const numbers = new Set<string>([
    ...[...profiles.icbc, ...profiles.bocom].filter(({ year }) => year !== null).map((row) => row.number),
    ...Object.values(followUps)
      .flat()
      .filter(({ revenue }) => revenue > yuan(10_000))
      .map((row) => row.number),
    ...Object.values(pledges)
      .flat()
      .map((row) => row.loanNumber),
    ...Object.values(investors).flatMap((book) => book.investments.map((row) => row.number)),
  ]);
  const missing = Object.values(DIFFERENCES)
    .map((difference) => ('number' in difference ? difference.number : difference.patentOf))
    .filter((number) => !numbers.has(number));
  if (missing.length > 0) throw new Error(`makeStatedFacts: expected rows ${missing.join(', ')}, but there are none, or they state too little.`);
}
