/** What the three investors are made to hold: the figures of 2021 are the article's financing, the rest is colour. */
import type { FundState, InvestmentStatus } from '../../src/entities/capital/enums.js';
import { yuan } from './amounts.js';
import type { FundRow } from './capital.js';

/** What is planned of one holding: who, when, how much in thousands of yuan, and what became of it. */
export interface HoldingPlan {
  readonly who: 'guangxing' | 'highTech' | 'tenant' | 'financed' | 'graduate' | 'evicted';
  readonly year: number;
  readonly thousandYuan: number;
  readonly status: InvestmentStatus;
}

/** What is planned of one investor. */
export interface InvestorPlan {
  readonly prefix: string;
  readonly funds: readonly FundRow[];
  readonly holdings: readonly HoldingPlan[];
}

const plan = (who: HoldingPlan['who'], year: number, thousandYuan: number, status: InvestmentStatus = 'HELD'): HoldingPlan => ({
  who,
  year,
  thousandYuan,
  status,
});
const fund = (code: string, name: string, filingCode: string | null, vintageYear: number, million: number, state: FundState = 'OPERATING'): FundRow => ({
  code,
  name,
  filingCode,
  vintageYear,
  commitment: yuan(million * 1_000_000),
  state,
});

/** The investors' ids and plans. In 2021: 2.5, 2.0 and 1.5 million yuan. */
export const INVESTOR_PLANS: Readonly<Record<'huakai' | 'hongtu' | 'huayu', InvestorPlan>> = {
  huakai: {
    prefix: 'HK',
    funds: [
      fund('HK01', '华凯创新一期（示例）', 'SDEMO1', 2015, 50, 'DELAYED_LIQUIDATION'),
      fund('HK02', '华凯科技成长二期（示例）', null, 2018, 80),
      fund('HK03', '华凯创客种子（示例）', null, 2020, 20),
    ],
    holdings: [
      plan('graduate', 2016, 1_500, 'EXITED'),
      plan('graduate', 2017, 1_200, 'PARTLY_EXITED'),
      plan('highTech', 2017, 800),
      plan('financed', 2018, 3_000, 'PARTLY_EXITED'),
      plan('highTech', 2018, 600),
      plan('evicted', 2018, 300, 'WRITTEN_OFF'),
      plan('highTech', 2019, 900),
      plan('tenant', 2019, 333.3),
      plan('highTech', 2020, 1_000),
      plan('tenant', 2020, 450),
      plan('highTech', 2020, 750),
      plan('guangxing', 2021, 1_600),
      plan('highTech', 2021, 900),
    ],
  },
  hongtu: {
    prefix: 'HT',
    funds: [fund('HT-A', '红土创新新乡一号（示例）', 'SDEMO2', 2016, 60), fund('HT-B', '红土高新成长（示例）', null, 2019, 100)],
    holdings: [
      plan('graduate', 2016, 2_000, 'EXITED'),
      plan('highTech', 2017, 700, 'PARTLY_EXITED'),
      plan('graduate', 2017, 900, 'EXITED'),
      plan('highTech', 2018, 500),
      plan('evicted', 2018, 200, 'WRITTEN_OFF'),
      plan('financed', 2019, 2_200, 'PARTLY_EXITED'),
      plan('highTech', 2019, 1_100),
      plan('guangxing', 2020, 500),
      plan('highTech', 2020, 850),
      plan('tenant', 2020, 612.5),
      plan('highTech', 2021, 1_200),
      plan('tenant', 2021, 800),
    ],
  },
  huayu: {
    prefix: 'QX',
    funds: [
      fund('QX2014', '齐贤启航（示例）', null, 2014, 30, 'LIQUIDATION'),
      fund('QX2017', '齐贤创投一期（示例）', 'SDEMO3', 2017, 40),
      fund('QX2020', '齐贤天使（示例）', null, 2020, 20),
    ],
    holdings: [
      plan('graduate', 2015, 500, 'EXITED'),
      plan('graduate', 2017, 800, 'EXITED'),
      plan('highTech', 2017, 400),
      plan('tenant', 2018, 300),
      plan('highTech', 2018, 650, 'PARTLY_EXITED'),
      plan('tenant', 2019, 280),
      plan('highTech', 2019, 720),
      plan('evicted', 2019, 150, 'WRITTEN_OFF'),
      plan('tenant', 2020, 366.6),
      plan('highTech', 2020, 540),
      plan('highTech', 2021, 900),
      plan('tenant', 2021, 600),
    ],
  },
};
