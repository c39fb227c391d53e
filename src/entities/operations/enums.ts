import { defineEnum, type ValueOf } from '../enums.js';

export const ApplicationState = defineEnum('ApplicationState', 'Where an application stands. 入园申请状态', {
  QUALIFICATION_REVIEW: 'In qualification review. 资质审定',
  PROJECT_REVIEW: 'In project review. 项目评审',
  WAITING_LIST: 'Approved, waiting for space. 排队入驻',
  ADMITTED: 'Admission contract signed. 签约入孵',
  REJECTED: 'Rejected. 未通过',
});
export type ApplicationState = ValueOf<typeof ApplicationState>;

export const EvictionReason = defineEnum('EvictionReason', 'Why a tenant was evicted. 清退原因', {
  NOT_MOVED_IN: 'Holds space, but the team has not moved in. 占而不驻',
  NO_PATENT_NO_OUTPUT: 'Neither patent nor output in the observation period. 观察期内无专利无产值',
  BELOW_EXPECTATION: 'Output and patents below what the assessment expects. 产值和专利不符合考核预期',
});
export type EvictionReason = ValueOf<typeof EvictionReason>;

export const GraduationGround = defineEnum('GraduationGround', 'On which ground a tenant graduated (国科发区〔2018〕300号). 毕业条件', {
  HNTE: 'Recognised as HNTE. 认定为高新技术企业',
  FINANCED: 'More than 5 million yuan of venture money. 累计获得天使或创业投资超过500万元',
  REVENUE: 'More than 10 million yuan of revenue over two years running. 连续两年营业收入累计超过1000万元',
  MERGED_OR_LISTED: 'Merged, acquired, quoted or listed. 被兼并、收购或在国内外资本市场挂牌、上市',
});
export type GraduationGround = ValueOf<typeof GraduationGround>;
