/**
 * The rows of the benchmark: companies with their reports and patents, investors with funds and investments, banks with
 * loans. The same rows for the same sizes, on every run and machine; all are made up.
 */
import { random, uscc } from '../../lib/park.mjs';

const { patentCheckCharacter } = await import('../../../dist/src/rules/patentNumber.js');

/** The sizes unless told. */
export const SIZES = { tenants: 20_000, investments: 40_000, loans: 60_000, patents: 60_000, years: 4, banks: 3, investors: 3, funds: 4 };
/** Investments of a fund: what the portfolio question asks. */
export const HOLDINGS = 50;
const LAST_YEAR = 2021;

const FIELDS = ['ELECTRONIC_INFORMATION', 'BIOLOGY_AND_MEDICINE', 'NEW_MATERIALS', 'HIGH_TECH_SERVICES', 'ENERGY', 'ADVANCED_MANUFACTURING'];
const STAGES = ['MAKER_SPACE', 'INCUBATOR', 'ACCELERATOR'];
const ROUNDS = ['SEED', 'ANGEL', 'PRE_A', 'A', 'B'];
const LOAN_KINDS = ['CREDIT', 'GUARANTEED', 'MORTGAGE', 'PLEDGE_IP', 'TECH_LOAN'];
const CLASSES = ['NORMAL', 'NORMAL', 'NORMAL', 'NORMAL', 'NORMAL', 'NORMAL', 'SPECIAL_MENTION', 'SUBSTANDARD', 'DOUBTFUL', 'LOSS'];

/** Everything as tables: each with its columns and its rows, which are made when they are read. */
export function tablesOf(sizes) {
  const banks = range(sizes.banks, (bank) => ({
    code: `bank${bank + 1}`,
    name: `测量示范银行第${bank + 1}股份有限公司`,
    shortName: `测量银行${bank + 1}`,
    uscc: uscc(9_000_000 + bank),
    cnapsPrefix: String(901 + bank),
  }));
  const investors = range(sizes.investors, (investor) => ({
    code: `investor${investor + 1}`,
    name: `测量示范创业投资第${investor + 1}有限公司`,
    shortName: `测量创投${investor + 1}`,
  }));
  const fundCount = Math.ceil(sizes.investments / HOLDINGS);
  const funds = range(fundCount, (fund) => fundRow(fund, sizes));
  return {
    tenants: () => rowsOf(sizes.tenants, tenantRow),
    annualReports: () => rowsOf(sizes.tenants * sizes.years, (number) => reportRow(number, sizes.years)),
    patents: () => rowsOf(sizes.patents, (number) => patentRow(number, sizes.tenants)),
    banks: () => banks,
    investors: () => investors,
    funds: () => funds,
    investments: () => rowsOf(sizes.investments, (number) => investmentRow(number, sizes)),
    loans: () => rowsOf(sizes.loans, (number) => loanRow(number, sizes)),
  };
}

/** The codes of the funds of the investor who asks: the first investor has so many funds and no more. */
export function askedFunds(sizes) {
  return range(Math.min(sizes.funds, Math.ceil(sizes.investments / HOLDINGS)), fundCode);
}

function tenantRow(number) {
  const draw = random(number + 1);
  const founded = 2000 + Math.floor(draw() * 15);
  const isGone = draw() < 0.2;
  return {
    uscc: uscc(number),
    name: `新乡市第${number}号测量科技有限公司`,
    industry: `C${String(Math.floor(draw() * 100)).padStart(2, '0')}`,
    technologyField: pick(FIELDS, draw),
    stage: pick(STAGES, draw),
    status: isGone ? 'GRADUATED' : 'IN_PARK',
    registeredCapital: money(draw, 10_000_000),
    foundedOn: day(founded, draw),
    enteredOn: day(founded + 2, draw),
    leftOn: isGone ? day(founded + 5, draw) : '',
  };
}

function reportRow(number, years) {
  const draw = random(10_000_000 + number);
  const tenant = Math.floor(number / years);
  const year = LAST_YEAR - years + 1 + (number % years);
  const staff = 3 + Math.floor(draw() * 200);
  return {
    key: `${uscc(tenant)}-${year}`,
    tenantUscc: uscc(tenant),
    year,
    output: money(draw, 50_000_000),
    revenue: money(draw, 50_000_000),
    researchSpending: money(draw, 4_000_000),
    taxPaid: money(draw, 2_000_000),
    staff,
    scienceStaff: Math.floor(staff * draw()),
  };
}

function patentRow(number, tenants) {
  const draw = random(20_000_000 + number);
  const year = 2012 + Math.floor(draw() * 8);
  const isGranted = draw() < 0.7;
  const digits = `${year}2${String(number).padStart(7, '0')}`;
  return {
    applicationNumber: `${digits}.${patentCheckCharacter(digits)}`,
    tenantUscc: uscc(Math.floor(draw() * tenants)),
    kind: 'UTILITY_MODEL',
    title: `一种第${number}号测量装置`,
    status: isGranted ? 'GRANTED' : 'FILED',
    filedOn: day(year, draw),
    grantedOn: isGranted ? day(year + 1, draw) : '',
  };
}

function fundCode(fund) {
  return `F${String(fund).padStart(5, '0')}`;
}

function investorOf(fund, { investors, funds }) {
  return investors === 1 || fund < funds ? 'investor1' : `investor${2 + (fund % (investors - 1))}`;
}

function fundRow(fund, sizes) {
  const draw = random(30_000_000 + fund);
  return {
    code: fundCode(fund),
    investorCode: investorOf(fund, sizes),
    name: `测量创业投资基金第${fund}期`,
    vintageYear: 2010 + Math.floor(draw() * 8),
    commitment: money(draw, 100_000_000),
    state: 'OPERATING',
  };
}

function investmentRow(number, sizes) {
  const draw = random(40_000_000 + number);
  const fund = Math.floor(number / HOLDINGS);
  return {
    number: `TZ${String(number).padStart(8, '0')}`,
    tenantUscc: uscc(Math.floor(draw() * sizes.tenants)),
    investorCode: investorOf(fund, sizes),
    fundCode: fundCode(fund),
    round: pick(ROUNDS, draw),
    amount: money(draw, 20_000_000),
    date: day(2016 + Math.floor(draw() * 5), draw),
    stake: `0.${String(1 + Math.floor(draw() * 2_000)).padStart(4, '0')}`,
    status: draw() < 0.9 ? 'HELD' : 'EXITED',
  };
}

function loanRow(number, sizes) {
  const draw = random(50_000_000 + number);
  const year = 2015 + Math.floor(draw() * 6);
  const state = draw();
  return {
    number: `JJ${String(number).padStart(9, '0')}`,
    tenantUscc: uscc(Math.floor(draw() * sizes.tenants)),
    bankCode: `bank${1 + (number % sizes.banks)}`,
    productCode: `P${1 + Math.floor(draw() * 9)}`,
    kind: pick(LOAN_KINDS, draw),
    amount: money(draw, 5_000_000),
    balance: money(draw, 1_000_000),
    rate: `0.0${String(300 + Math.floor(draw() * 300))}`,
    date: day(year, draw),
    maturesOn: day(year + 2, draw),
    classification: pick(CLASSES, draw),
    status: state < 0.5 ? 'ACTIVE' : state < 0.6 ? 'OVERDUE' : 'REPAID',
  };
}

function* rowsOf(count, row) {
  for (let number = 0; number < count; number++) yield row(number);
}

function range(count, make) {
  return Array.from({ length: count }, (_, number) => make(number));
}

function pick(values, draw) {
  return values[Math.floor(draw() * values.length)];
}

/** An amount in yuan, with its fen. */
function money(draw, most) {
  return (Math.floor(draw() * most * 100) / 100).toFixed(2);
}

function day(year, draw) {
  return `${year}-${String(1 + Math.floor(draw() * 12)).padStart(2, '0')}-${String(1 + Math.floor(draw() * 28)).padStart(2, '0')}`;
}
