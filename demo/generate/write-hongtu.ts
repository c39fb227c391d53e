/** 红土创新's book as it is dropped: a workbook of five sheets with merged titles, dates of both kinds, per cent, a totals row. */
import { unzipSync, type Zippable, zipSync } from 'fflate';
import writeWorkbook, { type Cell, type Row } from 'write-excel-file/node';
import { sum, tenThousands } from './amounts.js';
import { dayNumber } from './calendar.js';
import type { CashFlowRow, FundRow, InvestmentRow, ValuationRow } from './capital.js';
import type { Faults } from './faults.js';
import type { World } from './world.js';

const ROUNDS: Readonly<Record<InvestmentRow['round'], string>> = {
  SEED: '种子轮',
  ANGEL: '天使轮',
  PRE_A: 'Pre-A轮',
  A: 'A轮',
  B: 'B轮',
  C: 'C轮',
  STRATEGIC: '战略投资',
};
const STATES: Readonly<Record<InvestmentRow['status'], string>> = { HELD: '在管', PARTLY_EXITED: '部分退出', EXITED: '已退出', WRITTEN_OFF: '已核销' };
const FUND_STATES: Readonly<Record<FundRow['state'], string>> = {
  OPERATING: '正在运作',
  EARLY_LIQUIDATION: '提前清算',
  LIQUIDATION: '正常清算',
  DELAYED_LIQUIDATION: '延期清算',
};
const KINDS: Readonly<Record<CashFlowRow['kind'], string>> = { CONTRIBUTION: '出资', DISTRIBUTION: '分配' };
const METHODS: Readonly<Record<ValuationRow['method'], string>> = {
  COST: '成本法',
  LAST_ROUND: '最近融资价格法',
  MULTIPLES: '市场乘数法',
  NET_ASSETS: '净资产法',
};

/** The name of the workbook. */
export const HONGTU_FILE = '红土创新投资台账_2021年12月31日.xlsx';

/** The workbook. */
export async function hongtuWorkbook(world: World, faults: Faults): Promise<Uint8Array> {
  const book = world.investors.hongtu;
  const sheets = [
    {
      sheet: '基金',
      data: withTitle('基金一览表', [
        ['基金编号', '基金名称', '备案编码', '成立年份', '认缴规模', '运作状态'],
        ...book.funds.map((fund) => [fund.code, fund.name, fund.filingCode ?? '-', fund.vintageYear, amount(fund.commitment), FUND_STATES[fund.state]]),
      ]),
    },
    { sheet: '投资明细', data: withTitle('项目投资明细表', investmentRows(book.investments, faults)) },
    {
      sheet: '现金流',
      data: withTitle('项目现金流', [
        ['流水号', '项目编号', '方向', '日期', '金额'],
        ...book.cashFlows.map((row) => [row.number, row.investmentNumber, KINDS[row.kind], date(row.date), amount(row.amount)]),
      ]),
    },
    {
      sheet: '估值',
      // An empty row more above the header than the other sheets have.
      data: withTitle('项目估值表', [
        [],
        ['估值编号', '项目编号', '估值基准日', '公允价值', '估值方法'],
        ...book.valuations.map((row) => [row.number, row.investmentNumber, date(row.date), amount(row.value), METHODS[row.method]]),
      ]),
    },
    {
      sheet: '投后报告',
      data: withTitle('项目投后报告', [
        ['报告编号', '被投企业', '统一社会信用代码', '报告年度', '报告日期', '年末人数', '营业收入'],
        ...world.stated.followUps.hongtu.map(
          (row): Row => [row.number, row.company.name, row.company.uscc, row.year, date(row.date), row.staff, amount(row.revenue)],
        ),
      ]),
    },
  ];
  const archive = unzipSync(await writeWorkbook(sheets).toBuffer());
  // An archive keeps the time that a clock on the wall shows: asked for here, it is the same bytes in every zone.
  const mtime = new Date(2021, 11, 31, 18, 0, 0);
  const entries: Zippable = {};
  for (const [name, content] of Object.entries(archive)) entries[name] = [content, { mtime, level: 6 }];
  return zipSync(entries);
}

function investmentRows(investments: readonly InvestmentRow[], faults: Faults): Row[] {
  const rows: [InvestmentRow, string][] = [
    ...investments.map((row): [InvestmentRow, string] => [row, row.company.uscc]),
    [faults.brokenCode.row, faults.brokenCode.uscc],
  ];
  return [
    ['序号', '项目编号', '被投企业', '统一社会信用代码', '基金编号', '轮次', '投资金额', '投资日期', '持股比例', '持有状态'],
    ...rows.map(
      ([row, uscc], index): Row => [
        index + 1,
        row.number,
        row.company.name,
        uscc,
        row.fundCode,
        ROUNDS[row.round],
        amount(row.amount),
        chineseDay(row.date),
        { value: row.stake / 10_000, type: Number, format: '0.00%' },
        STATES[row.status],
      ],
    ),
    ['合计', null, null, null, null, null, amount(sum(rows.map(([row]) => row.amount))), null, null, null],
  ];
}

/** Two merged rows of titles above the table. */
function withTitle(title: string, rows: Row[]): Row[] {
  const width = Math.max(...rows.map((row) => row.length));
  const merged = (text: string, align: 'center' | 'right'): Row => [
    { value: text, columnSpan: width, align, fontWeight: 'bold' as const },
    ...Array.from({ length: width - 1 }, () => null),
  ];
  return [merged(`新乡红土创新资本创业投资有限公司${title}`, 'center'), merged('单位：万元    截至2021年12月31日', 'right'), ...rows];
}

function amount(fen: bigint): Cell {
  return { value: Number(tenThousands(fen)), type: Number, format: '#,##0.00' };
}

function date(day: string): Cell {
  return { value: new Date(dayNumber(day) * 86_400_000), type: Date, format: 'yyyy/mm/dd' };
}

/** 2021年3月5日: written by hand, without leading zeros. */
function chineseDay(day: string): string {
  const [year, month, date] = day.split('-').map(Number);
  return `${year}年${month}月${date}日`;
}
