import { defineEnum, type ValueOf } from '../enums.js';

export const LoanKind = defineEnum('LoanKind', 'Kind of loan, by what secures it. 贷款种类', {
  CREDIT: 'On credit. 信用贷',
  GUARANTEED: 'Guaranteed. 担保贷（保证）',
  MORTGAGE: 'Mortgage. 抵押贷',
  PLEDGE_IP: 'Pledge of intellectual property. 知识产权质押贷',
  PLEDGE_OTHER: 'Other pledge. 其他质押贷',
  TECH_LOAN: 'Technology loan of the provincial scheme. 科技贷',
  VENTURE_LINKED: 'Linked to a venture investment. 投联贷',
});
export type LoanKind = ValueOf<typeof LoanKind>;

export const LoanClassification = defineEnum('LoanClassification', 'The five classes (银监发〔2007〕54号); the last three are non-performing. 贷款五级分类', {
  NORMAL: 'Normal. 正常',
  SPECIAL_MENTION: 'Special mention. 关注',
  SUBSTANDARD: 'Substandard. 次级',
  DOUBTFUL: 'Doubtful. 可疑',
  LOSS: 'Loss. 损失',
});
export type LoanClassification = ValueOf<typeof LoanClassification>;

export const LoanStatus = defineEnum('LoanStatus', 'State of a loan. 贷款状态', {
  ACTIVE: 'Running. 正常还款',
  OVERDUE: 'Overdue. 逾期',
  REPAID: 'Repaid. 结清',
  WRITTEN_OFF: 'Written off. 核销',
});
export type LoanStatus = ValueOf<typeof LoanStatus>;
