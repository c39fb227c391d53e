/**
 * Rows that the hub must not take at their word, one for each way in which books go wrong. The mapping sets them aside with
 * their reason; the article's totals do not count them. parks/xinxiang/README.md lists them.
 */
import { yuan } from './amounts.js';
import type { InvestmentRow, ValuationRow } from './capital.js';
import { brokenUscc, UsccMaker } from './codes.js';
import type { LoanRow } from './lending.js';
import { Random } from './random.js';
import type { World } from './world.js';

/** What is wrong in the six books, made from rows that are right. */
export interface Faults {
  /** icbc: a class that the bank's code list does not have; the rest of it is a loan of 2021. */
  readonly unknownClass: LoanRow;
  /** icbc: rows that the bank has deleted (no fault: the row filter leaves them out). */
  readonly deleted: readonly LoanRow[];
  /** bocom: an amount that no one can read, "约120万". */
  readonly unreadableAmount: LoanRow;
  /** hongtu: a USCC whose check character is wrong. */
  readonly brokenCode: { readonly row: InvestmentRow; readonly uscc: string };
  /** spdb: comes twice, with two balances. */
  readonly twice: LoanRow;
  /** spdb: a loan to a company that was never in the park (no fault: the graph gives no tenant for it). */
  readonly stranger: { readonly row: LoanRow; readonly uscc: string; readonly name: string };
  /** spdb: a loan that was cancelled before it was drawn (no fault: the row filter leaves it out). */
  readonly cancelled: LoanRow;
  /** huayu: a valuation method that its code list does not have. */
  readonly unknownMethod: ValuationRow;
}

/** The faulty rows of a world. */
export function makeFaults({ companies, investors }: World): Faults {
  const random = new Random('xinxiang/faults');
  const inPark = companies.filter((company) => company.status === 'IN_PARK' && company.techSmeYears.includes(2021) && company.enteredOn < '2020-01-01');
  const loan = (number: string, amount: number, date: string, maturesOn: string, productCode: string | null, kind: LoanRow['kind']): LoanRow => ({
    number,
    company: random.pick(inPark),
    productCode,
    kind,
    amount: yuan(amount),
    balance: yuan(amount),
    rate: 435,
    date,
    maturesOn,
    classification: 'NORMAL',
    status: 'ACTIVE',
  });
  const held = investors.huayu.investments.find((row) => row.status === 'HELD' && row.date < '2019-01-01') as InvestmentRow;
  const broken = {
    ...(investors.hongtu.investments.at(-1) as InvestmentRow),
    number: 'HT-2021-099',
    amount: yuan(600_000),
    date: '2021-09-17',
    company: random.pick(inPark),
  };
  const stranger = new UsccMaker(new Random('xinxiang/stranger')).make('2016-03-10');
  return {
    unknownClass: loan('17040202199001', 500_000, '2021-06-16', '2022-06-16', 'P0101', 'CREDIT'),
    deleted: [
      loan('17040202199002', 800_000, '2021-03-11', '2022-03-11', 'P0203', 'GUARANTEED'),
      loan('17040202099003', 300_000, '2020-05-20', '2021-05-20', 'P0101', 'CREDIT'),
    ],
    unreadableAmount: loan('BOCXX21JJ0099', 1_200_000, '2021-08-25', '2022-08-25', 'KJD', 'TECH_LOAN'),
    brokenCode: { row: broken, uscc: brokenUscc(broken.company.uscc) },
    twice: loan('SPD-2020-000999', 240_000, '2020-10-15', '2022-10-15', 'spd-kjkd', 'CREDIT'),
    stranger: {
      row: { ...loan('SPD-2019-000777', 150_000, '2019-05-14', '2020-05-14', 'spd-kjkd', 'CREDIT'), balance: 0n, status: 'REPAID' },
      uscc: stranger,
      name: '新乡市衡水岸电子有限公司',
    },
    cancelled: loan('SPD-2021-000888', 400_000, '2021-04-20', '2022-04-20', 'spd-zlzy', 'PLEDGE_IP'),
    unknownMethod: { number: 'QX-GZ-9001', investmentNumber: held.number, date: '2021-12-31', value: held.amount * 3n, method: 'MULTIPLES' },
  };
}

/** Balance of the second of the two rows with one number. */
export const SECOND_BALANCE = yuan(180_000);
