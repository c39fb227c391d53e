import { defineEnum, type ValueOf } from '../enums.js';

export const FundState = defineEnum('FundState', 'Operating state of a fund, in the words of AMAC. 基金运作状态', {
  OPERATING: 'In operation. 正在运作',
  EARLY_LIQUIDATION: 'Liquidated early. 提前清算',
  LIQUIDATION: 'Liquidated in due time. 正常清算',
  DELAYED_LIQUIDATION: 'Liquidation delayed. 延期清算',
});
export type FundState = ValueOf<typeof FundState>;

export const InvestmentRound = defineEnum('InvestmentRound', 'Round of an investment. 投资轮次', {
  SEED: 'Seed. 种子轮',
  ANGEL: 'Angel. 天使轮',
  PRE_A: 'Pre-A. Pre-A轮',
  A: 'A. A轮',
  B: 'B. B轮',
  C: 'C. C轮',
  STRATEGIC: 'Strategic. 战略投资',
});
export type InvestmentRound = ValueOf<typeof InvestmentRound>;

export const InvestmentStatus = defineEnum('InvestmentStatus', 'State of a holding. 持有状态', {
  HELD: 'Held. 持有',
  PARTLY_EXITED: 'Partly exited. 部分退出',
  EXITED: 'Exited. 全部退出',
  WRITTEN_OFF: 'Written off. 核销',
});
export type InvestmentStatus = ValueOf<typeof InvestmentStatus>;

export const CashFlowKind = defineEnum('CashFlowKind', 'Direction of a cash flow of a holding. 现金流类型', {
  CONTRIBUTION: 'Paid into the company. 出资',
  DISTRIBUTION: 'Received from the company. 分配',
});
export type CashFlowKind = ValueOf<typeof CashFlowKind>;

export const ValuationMethod = defineEnum('ValuationMethod', 'How a holding was valued. 估值方法', {
  COST: 'At cost. 成本法',
  LAST_ROUND: 'Price of the last round. 最近融资价格法',
  MULTIPLES: 'Market multiples. 市场乘数法',
  NET_ASSETS: 'Net assets. 净资产法',
});
export type ValuationMethod = ValueOf<typeof ValuationMethod>;

export const ParkFundingKind = defineEnum('ParkFundingKind', "How the park's own money came. 自有资金投入方式", {
  EQUITY: 'As equity. 股权',
  LOAN: 'As a loan. 借款',
});
export type ParkFundingKind = ValueOf<typeof ParkFundingKind>;
