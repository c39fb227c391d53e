/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** Who recognised it. 认定级别 */
export type AccreditationLevel =
  /** Municipal. 市级 */
  | 'MUNICIPAL'
  /** National. 国家级 */
  | 'NATIONAL'
  /** Pilot. 试点 */
  | 'PILOT'
  /** Provincial. 省级 */
  | 'PROVINCIAL';

/** Compares a AccreditationLevel. Several fields must all hold. 比较条件 */
export type AccreditationLevelFilter = {
  /** Equal. 等于 */
  eq?: AccreditationLevel | null | undefined;
  /** One of these, at most 1000. 属于 */
  in?: Array<AccreditationLevel> | null | undefined;
  /** Empty (true) or not (false). 是否为空 */
  isNull?: boolean | null | undefined;
};

/** What is said of rows of AnnualReport behind a link. Several fields must all hold. 关联筛选 */
export type AnnualReportListWhere = {
  /** Every row keeps this, or there is none. 全部 */
  every?: AnnualReportWhere | null | undefined;
  /** No row keeps this; {} asks for no row. 不存在 */
  none?: AnnualReportWhere | null | undefined;
  /** At least one row keeps this; {} asks for any row. 存在 */
  some?: AnnualReportWhere | null | undefined;
};

/** Which rows of AnnualReport. Several fields must all hold. 筛选条件 */
export type AnnualReportWhere = {
  /** All of these hold. 且 */
  and?: Array<AnnualReportWhere> | null | undefined;
  /** This does not hold. 非 */
  not?: AnnualReportWhere | null | undefined;
  /** At least one of these holds. 或 */
  or?: Array<AnnualReportWhere> | null | undefined;
  /** Output value of the year. 年产值 */
  output?: MoneyFilter | null | undefined;
  /** Research and development spending of the year. 研发费用 */
  researchSpending?: MoneyFilter | null | undefined;
  /** Operating revenue of the year. 营业收入 */
  revenue?: MoneyFilter | null | undefined;
  /** Science and technology staff. 科技人员 */
  scienceStaff?: IntFilter | null | undefined;
  /** The id of the source. 来源标识 */
  sourceId?: TextFilter | null | undefined;
  /** Staff at the end of the year. 年末从业人员 */
  staff?: IntFilter | null | undefined;
  /** Taxes paid in the year. 实际上缴税费 */
  taxPaid?: MoneyFilter | null | undefined;
  /** The tenant. 企业 */
  tenant?: TenantWhere | null | undefined;
  /** USCC of the tenant. 企业统一社会信用代码 */
  tenantUscc?: UsccFilter | null | undefined;
  /** Year. 年度 */
  year?: IntFilter | null | undefined;
};

/** What is said of rows of Application behind a link. Several fields must all hold. 关联筛选 */
export type ApplicationListWhere = {
  /** Every row keeps this, or there is none. 全部 */
  every?: ApplicationWhere | null | undefined;
  /** No row keeps this; {} asks for no row. 不存在 */
  none?: ApplicationWhere | null | undefined;
  /** At least one row keeps this; {} asks for any row. 存在 */
  some?: ApplicationWhere | null | undefined;
};

/** Where an application stands. 入园申请状态 */
export type ApplicationState =
  /** Admission contract signed. 签约入孵 */
  | 'ADMITTED'
  /** In project review. 项目评审 */
  | 'PROJECT_REVIEW'
  /** In qualification review. 资质审定 */
  | 'QUALIFICATION_REVIEW'
  /** Rejected. 未通过 */
  | 'REJECTED'
  /** Approved, waiting for space. 排队入驻 */
  | 'WAITING_LIST';

/** Compares a ApplicationState. Several fields must all hold. 比较条件 */
export type ApplicationStateFilter = {
  /** Equal. 等于 */
  eq?: ApplicationState | null | undefined;
  /** One of these, at most 1000. 属于 */
  in?: Array<ApplicationState> | null | undefined;
  /** Empty (true) or not (false). 是否为空 */
  isNull?: boolean | null | undefined;
};

/** Which rows of Application. Several fields must all hold. 筛选条件 */
export type ApplicationWhere = {
  /** All of these hold. 且 */
  and?: Array<ApplicationWhere> | null | undefined;
  /** Name of the applicant. 申请企业（团队）名称 */
  applicantName?: TextFilter | null | undefined;
  /** Applied on. 申请日期 */
  appliedOn?: DateFilter | null | undefined;
  /** Decided on. 决定日期 */
  decidedOn?: DateFilter | null | undefined;
  /** This does not hold. 非 */
  not?: ApplicationWhere | null | undefined;
  /** Number. 申请编号 */
  number?: TextFilter | null | undefined;
  /** At least one of these holds. 或 */
  or?: Array<ApplicationWhere> | null | undefined;
  /** The id of the source. 来源标识 */
  sourceId?: TextFilter | null | undefined;
  /** Where it stands. 状态 */
  state?: ApplicationStateFilter | null | undefined;
  /** The tenant it became. 入驻企业 */
  tenant?: TenantWhere | null | undefined;
  /** USCC, once it is a tenant. 统一社会信用代码 */
  tenantUscc?: UsccFilter | null | undefined;
};

/** What is said of rows of Award behind a link. Several fields must all hold. 关联筛选 */
export type AwardListWhere = {
  /** Every row keeps this, or there is none. 全部 */
  every?: AwardWhere | null | undefined;
  /** No row keeps this; {} asks for no row. 不存在 */
  none?: AwardWhere | null | undefined;
  /** At least one row keeps this; {} asks for any row. 存在 */
  some?: AwardWhere | null | undefined;
};

/** Which rows of Award. Several fields must all hold. 筛选条件 */
export type AwardWhere = {
  /** All of these hold. 且 */
  and?: Array<AwardWhere> | null | undefined;
  /** Competition. 赛事名称 */
  competition?: TextFilter | null | undefined;
  /** This does not hold. 非 */
  not?: AwardWhere | null | undefined;
  /** At least one of these holds. 或 */
  or?: Array<AwardWhere> | null | undefined;
  /** Prize. 奖项 */
  prize?: TextFilter | null | undefined;
  /** The id of the source. 来源标识 */
  sourceId?: TextFilter | null | undefined;
  /** Who won it. 获奖企业 */
  tenant?: TenantWhere | null | undefined;
  /** USCC of the tenant. 企业统一社会信用代码 */
  tenantUscc?: UsccFilter | null | undefined;
  /** Year. 年度 */
  year?: IntFilter | null | undefined;
};

/** Which rows of Bank. Several fields must all hold. 筛选条件 */
export type BankWhere = {
  /** All of these hold. 且 */
  and?: Array<BankWhere> | null | undefined;
  /** What its credit files say of borrowers. 授信客户资料 */
  borrowerProfiles?: BorrowerProfileListWhere | null | undefined;
  /** First three digits of its CNAPS codes, where known. 联行号行别代码 */
  cnapsPrefix?: TextFilter | null | undefined;
  /** Its code: the id of the source that holds its book. 机构代码 */
  code?: TextFilter | null | undefined;
  /** Its loan products. 贷款产品 */
  loanProducts?: LoanProductListWhere | null | undefined;
  /** Its loans. 贷款 */
  loans?: LoanListWhere | null | undefined;
  /** Name as registered. 名称 */
  name?: TextFilter | null | undefined;
  /** This does not hold. 非 */
  not?: BankWhere | null | undefined;
  /** At least one of these holds. 或 */
  or?: Array<BankWhere> | null | undefined;
  /** Patents that are pledged to it. 专利权质押 */
  patentPledges?: PatentPledgeListWhere | null | undefined;
  /** Short name. 简称 */
  shortName?: TextFilter | null | undefined;
  /** The id of the source. 来源标识 */
  sourceId?: TextFilter | null | undefined;
  /** Unified social credit code, where known. 统一社会信用代码 */
  uscc?: UsccFilter | null | undefined;
};

/** What is said of rows of BorrowerProfile behind a link. Several fields must all hold. 关联筛选 */
export type BorrowerProfileListWhere = {
  /** Every row keeps this, or there is none. 全部 */
  every?: BorrowerProfileWhere | null | undefined;
  /** No row keeps this; {} asks for no row. 不存在 */
  none?: BorrowerProfileWhere | null | undefined;
  /** At least one row keeps this; {} asks for any row. 存在 */
  some?: BorrowerProfileWhere | null | undefined;
};

/** Which rows of BorrowerProfile. Several fields must all hold. 筛选条件 */
export type BorrowerProfileWhere = {
  /** All of these hold. 且 */
  and?: Array<BorrowerProfileWhere> | null | undefined;
  /** The bank. 银行 */
  bank?: BankWhere | null | undefined;
  /** As of when the bank wrote it down. 资料日期 */
  date?: DateFilter | null | undefined;
  /** This does not hold. 非 */
  not?: BorrowerProfileWhere | null | undefined;
  /** The bank's number of the entry in its credit file. 资料编号 */
  number?: TextFilter | null | undefined;
  /** At least one of these holds. 或 */
  or?: Array<BorrowerProfileWhere> | null | undefined;
  /** Registered capital. 注册资本 */
  registeredCapital?: MoneyFilter | null | undefined;
  /** Operating revenue of the year. 营业收入 */
  revenue?: MoneyFilter | null | undefined;
  /** The id of the source. 来源标识 */
  sourceId?: TextFilter | null | undefined;
  /** Staff at the end of the year. 年末从业人员 */
  staff?: IntFilter | null | undefined;
  /** The borrower. 借款企业 */
  tenant?: TenantWhere | null | undefined;
  /** USCC of the borrower. 借款人统一社会信用代码 */
  tenantUscc?: UsccFilter | null | undefined;
  /** The year that staff and revenue speak of. 报表年度 */
  year?: IntFilter | null | undefined;
};

/** A link of the incubation chain. 孵化载体类型 */
export type CarrierKind =
  /** Accelerator. 加速器 */
  | 'ACCELERATOR'
  /** Incubator. 孵化器 */
  | 'INCUBATOR'
  /** Maker space. 众创空间 */
  | 'MAKER_SPACE';

/** Compares a CarrierKind. Several fields must all hold. 比较条件 */
export type CarrierKindFilter = {
  /** Equal. 等于 */
  eq?: CarrierKind | null | undefined;
  /** One of these, at most 1000. 属于 */
  in?: Array<CarrierKind> | null | undefined;
  /** Empty (true) or not (false). 是否为空 */
  isNull?: boolean | null | undefined;
};

/** Which rows of Carrier. Several fields must all hold. 筛选条件 */
export type CarrierWhere = {
  /** All of these hold. 且 */
  and?: Array<CarrierWhere> | null | undefined;
  /** Code. 载体编号 */
  code?: TextFilter | null | undefined;
  /** Link of the chain. 类型 */
  kind?: CarrierKindFilter | null | undefined;
  /** Level of its recognition. 级别 */
  level?: AccreditationLevelFilter | null | undefined;
  /** Name. 名称 */
  name?: TextFilter | null | undefined;
  /** This does not hold. 非 */
  not?: CarrierWhere | null | undefined;
  /** At least one of these holds. 或 */
  or?: Array<CarrierWhere> | null | undefined;
  /** The id of the source. 来源标识 */
  sourceId?: TextFilter | null | undefined;
  /** Floor area in m². 总面积（平方米） */
  totalArea?: DecimalFilter | null | undefined;
  /** Its units. 房源单元 */
  units?: UnitListWhere | null | undefined;
};

/** Direction of a cash flow of a holding. 现金流类型 */
export type CashFlowKind =
  /** Paid into the company. 出资 */
  | 'CONTRIBUTION'
  /** Received from the company. 分配 */
  | 'DISTRIBUTION';

/** Compares a CashFlowKind. Several fields must all hold. 比较条件 */
export type CashFlowKindFilter = {
  /** Equal. 等于 */
  eq?: CashFlowKind | null | undefined;
  /** One of these, at most 1000. 属于 */
  in?: Array<CashFlowKind> | null | undefined;
  /** Empty (true) or not (false). 是否为空 */
  isNull?: boolean | null | undefined;
};

/** What is said of rows of CashFlow behind a link. Several fields must all hold. 关联筛选 */
export type CashFlowListWhere = {
  /** Every row keeps this, or there is none. 全部 */
  every?: CashFlowWhere | null | undefined;
  /** No row keeps this; {} asks for no row. 不存在 */
  none?: CashFlowWhere | null | undefined;
  /** At least one row keeps this; {} asks for any row. 存在 */
  some?: CashFlowWhere | null | undefined;
};

/** Which rows of CashFlow. Several fields must all hold. 筛选条件 */
export type CashFlowWhere = {
  /** Amount, not signed. 金额 */
  amount?: MoneyFilter | null | undefined;
  /** All of these hold. 且 */
  and?: Array<CashFlowWhere> | null | undefined;
  /** Value date. 日期 */
  date?: DateFilter | null | undefined;
  /** The investment. 投资项目 */
  investment?: InvestmentWhere | null | undefined;
  /** Number of the investment. 项目编号 */
  investmentNumber?: TextFilter | null | undefined;
  /** Direction. 类型 */
  kind?: CashFlowKindFilter | null | undefined;
  /** This does not hold. 非 */
  not?: CashFlowWhere | null | undefined;
  /** The investor's number of the cash flow. 流水编号 */
  number?: TextFilter | null | undefined;
  /** At least one of these holds. 或 */
  or?: Array<CashFlowWhere> | null | undefined;
  /** The id of the source. 来源标识 */
  sourceId?: TextFilter | null | undefined;
};

/** Kind of certification. 资质类型 */
export type CertificationKind =
  /** High and new technology enterprise (国科发火〔2016〕32号). 高新技术企业 */
  | 'HNTE'
  /** Technology-based small or medium enterprise (国科发政〔2017〕115号). 科技型中小企业 */
  | 'TECH_SME';

/** Compares a CertificationKind. Several fields must all hold. 比较条件 */
export type CertificationKindFilter = {
  /** Equal. 等于 */
  eq?: CertificationKind | null | undefined;
  /** One of these, at most 1000. 属于 */
  in?: Array<CertificationKind> | null | undefined;
  /** Empty (true) or not (false). 是否为空 */
  isNull?: boolean | null | undefined;
};

/** What is said of rows of Certification behind a link. Several fields must all hold. 关联筛选 */
export type CertificationListWhere = {
  /** Every row keeps this, or there is none. 全部 */
  every?: CertificationWhere | null | undefined;
  /** No row keeps this; {} asks for no row. 不存在 */
  none?: CertificationWhere | null | undefined;
  /** At least one row keeps this; {} asks for any row. 存在 */
  some?: CertificationWhere | null | undefined;
};

/** Which rows of Certification. Several fields must all hold. 筛选条件 */
export type CertificationWhere = {
  /** All of these hold. 且 */
  and?: Array<CertificationWhere> | null | undefined;
  /** Issued (or published) on. 发证（公告）日期 */
  issuedOn?: DateFilter | null | undefined;
  /** Kind. 类型 */
  kind?: CertificationKindFilter | null | undefined;
  /** This does not hold. 非 */
  not?: CertificationWhere | null | undefined;
  /** Certificate or entry number. 证书编号（入库编号） */
  number?: TextFilter | null | undefined;
  /** At least one of these holds. 或 */
  or?: Array<CertificationWhere> | null | undefined;
  /** The id of the source. 来源标识 */
  sourceId?: TextFilter | null | undefined;
  /** Its holder. 持证企业 */
  tenant?: TenantWhere | null | undefined;
  /** USCC of the tenant. 企业统一社会信用代码 */
  tenantUscc?: UsccFilter | null | undefined;
  /** Valid to. 有效期至 */
  validTo?: DateFilter | null | undefined;
};

/** Compares a date. Several fields must all hold. 比较条件 */
export type DateFilter = {
  /** Equal. 等于 */
  eq?: string | null | undefined;
  /** Greater. 大于 */
  gt?: string | null | undefined;
  /** Greater or equal. 大于等于 */
  gte?: string | null | undefined;
  /** One of these, at most 1000. 属于 */
  in?: Array<string> | null | undefined;
  /** Empty (true) or not (false). 是否为空 */
  isNull?: boolean | null | undefined;
  /** Less. 小于 */
  lt?: string | null | undefined;
  /** Less or equal. 小于等于 */
  lte?: string | null | undefined;
};

/** Compares a decimal. Several fields must all hold. 比较条件 */
export type DecimalFilter = {
  /** Equal. 等于 */
  eq?: string | null | undefined;
  /** Greater. 大于 */
  gt?: string | null | undefined;
  /** Greater or equal. 大于等于 */
  gte?: string | null | undefined;
  /** One of these, at most 1000. 属于 */
  in?: Array<string> | null | undefined;
  /** Empty (true) or not (false). 是否为空 */
  isNull?: boolean | null | undefined;
  /** Less. 小于 */
  lt?: string | null | undefined;
  /** Less or equal. 小于等于 */
  lte?: string | null | undefined;
};

/** What is said of rows of Donation behind a link. Several fields must all hold. 关联筛选 */
export type DonationListWhere = {
  /** Every row keeps this, or there is none. 全部 */
  every?: DonationWhere | null | undefined;
  /** No row keeps this; {} asks for no row. 不存在 */
  none?: DonationWhere | null | undefined;
  /** At least one row keeps this; {} asks for any row. 存在 */
  some?: DonationWhere | null | undefined;
};

/** Which rows of Donation. Several fields must all hold. 筛选条件 */
export type DonationWhere = {
  /** Value. 价值 */
  amount?: MoneyFilter | null | undefined;
  /** All of these hold. 且 */
  and?: Array<DonationWhere> | null | undefined;
  /** Given on. 捐赠日期 */
  date?: DateFilter | null | undefined;
  /** Donor. 捐赠方 */
  donorName?: TextFilter | null | undefined;
  /** Goods. 物资 */
  goods?: TextFilter | null | undefined;
  /** This does not hold. 非 */
  not?: DonationWhere | null | undefined;
  /** Number. 编号 */
  number?: TextFilter | null | undefined;
  /** At least one of these holds. 或 */
  or?: Array<DonationWhere> | null | undefined;
  /** Where it went. 安置点 */
  shelter?: ShelterWhere | null | undefined;
  /** Number of the shelter it went to. 安置点编号 */
  shelterNumber?: TextFilter | null | undefined;
  /** The id of the source. 来源标识 */
  sourceId?: TextFilter | null | undefined;
  /** The donor, where it is a tenant. 捐赠企业 */
  tenant?: TenantWhere | null | undefined;
  /** USCC, where the donor is a tenant. 统一社会信用代码 */
  tenantUscc?: UsccFilter | null | undefined;
};

/** Why a tenant was evicted. 清退原因 */
export type EvictionReason =
  /** Output and patents below what the assessment expects. 产值和专利不符合考核预期 */
  | 'BELOW_EXPECTATION'
  /** Holds space, but the team has not moved in. 占而不驻 */
  | 'NOT_MOVED_IN'
  /** Neither patent nor output in the observation period. 观察期内无专利无产值 */
  | 'NO_PATENT_NO_OUTPUT';

/** Compares a EvictionReason. Several fields must all hold. 比较条件 */
export type EvictionReasonFilter = {
  /** Equal. 等于 */
  eq?: EvictionReason | null | undefined;
  /** One of these, at most 1000. 属于 */
  in?: Array<EvictionReason> | null | undefined;
  /** Empty (true) or not (false). 是否为空 */
  isNull?: boolean | null | undefined;
};

/** Which rows of Eviction. Several fields must all hold. 筛选条件 */
export type EvictionWhere = {
  /** All of these hold. 且 */
  and?: Array<EvictionWhere> | null | undefined;
  /** Evicted on. 清退日期 */
  date?: DateFilter | null | undefined;
  /** This does not hold. 非 */
  not?: EvictionWhere | null | undefined;
  /** At least one of these holds. 或 */
  or?: Array<EvictionWhere> | null | undefined;
  /** Reason. 原因 */
  reason?: EvictionReasonFilter | null | undefined;
  /** The id of the source. 来源标识 */
  sourceId?: TextFilter | null | undefined;
  /** The tenant. 企业 */
  tenant?: TenantWhere | null | undefined;
  /** USCC of the tenant. 企业统一社会信用代码 */
  tenantUscc?: UsccFilter | null | undefined;
};

/** A fact of a tenant that more than one source may state. 企业事实 */
export type Fact =
  /** Whether a patent of it is pledged; the subject is the application number. 专利权质押 */
  | 'PATENT_PLEDGE'
  /** Registered capital; it has no subject. 注册资本 */
  | 'REGISTERED_CAPITAL'
  /** Operating revenue of a year; the subject is the year. 营业收入 */
  | 'REVENUE'
  /** Staff at the end of a year; the subject is the year. 年末从业人员 */
  | 'STAFF'
  /** What a partner investor's funds hold of it together; the subject is the investor's code. 投资机构持股比例 */
  | 'STAKE';

/** What is said of rows of FormerName behind a link. Several fields must all hold. 关联筛选 */
export type FormerNameListWhere = {
  /** Every row keeps this, or there is none. 全部 */
  every?: FormerNameWhere | null | undefined;
  /** No row keeps this; {} asks for no row. 不存在 */
  none?: FormerNameWhere | null | undefined;
  /** At least one row keeps this; {} asks for any row. 存在 */
  some?: FormerNameWhere | null | undefined;
};

/** Which rows of FormerName. Several fields must all hold. 筛选条件 */
export type FormerNameWhere = {
  /** All of these hold. 且 */
  and?: Array<FormerNameWhere> | null | undefined;
  /** Changed to the next name on. 变更日期 */
  changedOn?: DateFilter | null | undefined;
  /** The name as it was registered. 曾用企业名称 */
  name?: TextFilter | null | undefined;
  /** This does not hold. 非 */
  not?: FormerNameWhere | null | undefined;
  /** At least one of these holds. 或 */
  or?: Array<FormerNameWhere> | null | undefined;
  /** The id of the source. 来源标识 */
  sourceId?: TextFilter | null | undefined;
  /** Who bore it. 企业 */
  tenant?: TenantWhere | null | undefined;
  /** USCC of the tenant. 企业统一社会信用代码 */
  tenantUscc?: UsccFilter | null | undefined;
};

/** What is said of rows of Fund behind a link. Several fields must all hold. 关联筛选 */
export type FundListWhere = {
  /** Every row keeps this, or there is none. 全部 */
  every?: FundWhere | null | undefined;
  /** No row keeps this; {} asks for no row. 不存在 */
  none?: FundWhere | null | undefined;
  /** At least one row keeps this; {} asks for any row. 存在 */
  some?: FundWhere | null | undefined;
};

/** Operating state of a fund, in the words of AMAC. 基金运作状态 */
export type FundState =
  /** Liquidation delayed. 延期清算 */
  | 'DELAYED_LIQUIDATION'
  /** Liquidated early. 提前清算 */
  | 'EARLY_LIQUIDATION'
  /** Liquidated in due time. 正常清算 */
  | 'LIQUIDATION'
  /** In operation. 正在运作 */
  | 'OPERATING';

/** Compares a FundState. Several fields must all hold. 比较条件 */
export type FundStateFilter = {
  /** Equal. 等于 */
  eq?: FundState | null | undefined;
  /** One of these, at most 1000. 属于 */
  in?: Array<FundState> | null | undefined;
  /** Empty (true) or not (false). 是否为空 */
  isNull?: boolean | null | undefined;
};

/** Which rows of Fund. Several fields must all hold. 筛选条件 */
export type FundWhere = {
  /** All of these hold. 且 */
  and?: Array<FundWhere> | null | undefined;
  /** The investor's code of the fund. 基金编号 */
  code?: TextFilter | null | undefined;
  /** Capital committed to the fund. 认缴规模 */
  commitment?: MoneyFilter | null | undefined;
  /** AMAC filing code, where known. 备案编码 */
  filingCode?: TextFilter | null | undefined;
  /** Its investments. 投资项目 */
  investments?: InvestmentListWhere | null | undefined;
  /** Who manages it. 管理人 */
  investor?: InvestorWhere | null | undefined;
  /** Name. 基金名称 */
  name?: TextFilter | null | undefined;
  /** This does not hold. 非 */
  not?: FundWhere | null | undefined;
  /** At least one of these holds. 或 */
  or?: Array<FundWhere> | null | undefined;
  /** The id of the source. 来源标识 */
  sourceId?: TextFilter | null | undefined;
  /** Operating state. 运作状态 */
  state?: FundStateFilter | null | undefined;
  /** Year of the first drawdown. 成立年份 */
  vintageYear?: IntFilter | null | undefined;
};

/** On which ground a tenant graduated (国科发区〔2018〕300号). 毕业条件 */
export type GraduationGround =
  /** More than 5 million yuan of venture money. 累计获得天使或创业投资超过500万元 */
  | 'FINANCED'
  /** Recognised as HNTE. 认定为高新技术企业 */
  | 'HNTE'
  /** Merged, acquired, quoted or listed. 被兼并、收购或在国内外资本市场挂牌、上市 */
  | 'MERGED_OR_LISTED'
  /** More than 10 million yuan of revenue over two years running. 连续两年营业收入累计超过1000万元 */
  | 'REVENUE';

/** Compares a GraduationGround. Several fields must all hold. 比较条件 */
export type GraduationGroundFilter = {
  /** Equal. 等于 */
  eq?: GraduationGround | null | undefined;
  /** One of these, at most 1000. 属于 */
  in?: Array<GraduationGround> | null | undefined;
  /** Empty (true) or not (false). 是否为空 */
  isNull?: boolean | null | undefined;
};

/** Which rows of Graduation. Several fields must all hold. 筛选条件 */
export type GraduationWhere = {
  /** All of these hold. 且 */
  and?: Array<GraduationWhere> | null | undefined;
  /** Graduated on. 毕业日期 */
  date?: DateFilter | null | undefined;
  /** Ground. 毕业条件 */
  ground?: GraduationGroundFilter | null | undefined;
  /** This does not hold. 非 */
  not?: GraduationWhere | null | undefined;
  /** At least one of these holds. 或 */
  or?: Array<GraduationWhere> | null | undefined;
  /** The id of the source. 来源标识 */
  sourceId?: TextFilter | null | undefined;
  /** The tenant. 企业 */
  tenant?: TenantWhere | null | undefined;
  /** USCC of the tenant. 企业统一社会信用代码 */
  tenantUscc?: UsccFilter | null | undefined;
};

/** Compares a integer. Several fields must all hold. 比较条件 */
export type IntFilter = {
  /** Equal. 等于 */
  eq?: number | null | undefined;
  /** Greater. 大于 */
  gt?: number | null | undefined;
  /** Greater or equal. 大于等于 */
  gte?: number | null | undefined;
  /** One of these, at most 1000. 属于 */
  in?: Array<number> | null | undefined;
  /** Empty (true) or not (false). 是否为空 */
  isNull?: boolean | null | undefined;
  /** Less. 小于 */
  lt?: number | null | undefined;
  /** Less or equal. 小于等于 */
  lte?: number | null | undefined;
};

/** What is said of rows of Investment behind a link. Several fields must all hold. 关联筛选 */
export type InvestmentListWhere = {
  /** Every row keeps this, or there is none. 全部 */
  every?: InvestmentWhere | null | undefined;
  /** No row keeps this; {} asks for no row. 不存在 */
  none?: InvestmentWhere | null | undefined;
  /** At least one row keeps this; {} asks for any row. 存在 */
  some?: InvestmentWhere | null | undefined;
};

/** Round of an investment. 投资轮次 */
export type InvestmentRound =
  /** A. A轮 */
  | 'A'
  /** Angel. 天使轮 */
  | 'ANGEL'
  /** B. B轮 */
  | 'B'
  /** C. C轮 */
  | 'C'
  /** Pre-A. Pre-A轮 */
  | 'PRE_A'
  /** Seed. 种子轮 */
  | 'SEED'
  /** Strategic. 战略投资 */
  | 'STRATEGIC';

/** Compares a InvestmentRound. Several fields must all hold. 比较条件 */
export type InvestmentRoundFilter = {
  /** Equal. 等于 */
  eq?: InvestmentRound | null | undefined;
  /** One of these, at most 1000. 属于 */
  in?: Array<InvestmentRound> | null | undefined;
  /** Empty (true) or not (false). 是否为空 */
  isNull?: boolean | null | undefined;
};

/** State of a holding. 持有状态 */
export type InvestmentStatus =
  /** Exited. 全部退出 */
  | 'EXITED'
  /** Held. 持有 */
  | 'HELD'
  /** Partly exited. 部分退出 */
  | 'PARTLY_EXITED'
  /** Written off. 核销 */
  | 'WRITTEN_OFF';

/** Compares a InvestmentStatus. Several fields must all hold. 比较条件 */
export type InvestmentStatusFilter = {
  /** Equal. 等于 */
  eq?: InvestmentStatus | null | undefined;
  /** One of these, at most 1000. 属于 */
  in?: Array<InvestmentStatus> | null | undefined;
  /** Empty (true) or not (false). 是否为空 */
  isNull?: boolean | null | undefined;
};

/** Which rows of Investment. Several fields must all hold. 筛选条件 */
export type InvestmentWhere = {
  /** Amount invested (cost). 投资金额 */
  amount?: MoneyFilter | null | undefined;
  /** All of these hold. 且 */
  and?: Array<InvestmentWhere> | null | undefined;
  /** Its cash flows. 现金流 */
  cashFlows?: CashFlowListWhere | null | undefined;
  /** Invested on. 投资日期 */
  date?: DateFilter | null | undefined;
  /** The fund that invested. 投资基金 */
  fund?: FundWhere | null | undefined;
  /** Code of the fund. 基金编号 */
  fundCode?: TextFilter | null | undefined;
  /** The investor. 投资机构 */
  investor?: InvestorWhere | null | undefined;
  /** This does not hold. 非 */
  not?: InvestmentWhere | null | undefined;
  /** The investor's number of the investment. 项目编号 */
  number?: TextFilter | null | undefined;
  /** At least one of these holds. 或 */
  or?: Array<InvestmentWhere> | null | undefined;
  /** Round. 轮次 */
  round?: InvestmentRoundFilter | null | undefined;
  /** The id of the source. 来源标识 */
  sourceId?: TextFilter | null | undefined;
  /** Stake held, as a ratio. 持股比例 */
  stake?: DecimalFilter | null | undefined;
  /** State of the holding. 持有状态 */
  status?: InvestmentStatusFilter | null | undefined;
  /** The company. 被投企业 */
  tenant?: TenantWhere | null | undefined;
  /** USCC of the tenant. 企业统一社会信用代码 */
  tenantUscc?: UsccFilter | null | undefined;
  /** Its valuations. 估值 */
  valuations?: ValuationListWhere | null | undefined;
};

/** Which rows of Investor. Several fields must all hold. 筛选条件 */
export type InvestorWhere = {
  /** All of these hold. 且 */
  and?: Array<InvestorWhere> | null | undefined;
  /** Its code: the id of the source that holds its book. 机构代码 */
  code?: TextFilter | null | undefined;
  /** Funds it manages. 管理的基金 */
  funds?: FundListWhere | null | undefined;
  /** Its investments. 投资项目 */
  investments?: InvestmentListWhere | null | undefined;
  /** AMAC manager registration number, where known. 基金管理人登记编号 */
  managerNumber?: TextFilter | null | undefined;
  /** Name as registered. 名称 */
  name?: TextFilter | null | undefined;
  /** This does not hold. 非 */
  not?: InvestorWhere | null | undefined;
  /** At least one of these holds. 或 */
  or?: Array<InvestorWhere> | null | undefined;
  /** Its follow-up reports. 投后报告 */
  portfolioReports?: PortfolioReportListWhere | null | undefined;
  /** Short name. 简称 */
  shortName?: TextFilter | null | undefined;
  /** The id of the source. 来源标识 */
  sourceId?: TextFilter | null | undefined;
  /** Unified social credit code, where known. 统一社会信用代码 */
  uscc?: UsccFilter | null | undefined;
};

/** What is said of rows of Lease behind a link. Several fields must all hold. 关联筛选 */
export type LeaseListWhere = {
  /** Every row keeps this, or there is none. 全部 */
  every?: LeaseWhere | null | undefined;
  /** No row keeps this; {} asks for no row. 不存在 */
  none?: LeaseWhere | null | undefined;
  /** At least one row keeps this; {} asks for any row. 存在 */
  some?: LeaseWhere | null | undefined;
};

/** Which rows of Lease. Several fields must all hold. 筛选条件 */
export type LeaseWhere = {
  /** All of these hold. 且 */
  and?: Array<LeaseWhere> | null | undefined;
  /** Area let in m². 租赁面积（平方米） */
  area?: DecimalFilter | null | undefined;
  /** Last day; null while it runs. 终止日 */
  endedOn?: DateFilter | null | undefined;
  /** Rent a month. 月租金 */
  monthlyRent?: MoneyFilter | null | undefined;
  /** This does not hold. 非 */
  not?: LeaseWhere | null | undefined;
  /** Number. 合同编号 */
  number?: TextFilter | null | undefined;
  /** At least one of these holds. 或 */
  or?: Array<LeaseWhere> | null | undefined;
  /** The id of the source. 来源标识 */
  sourceId?: TextFilter | null | undefined;
  /** First day. 起租日 */
  startedOn?: DateFilter | null | undefined;
  /** The tenant. 承租企业 */
  tenant?: TenantWhere | null | undefined;
  /** USCC of the tenant. 企业统一社会信用代码 */
  tenantUscc?: UsccFilter | null | undefined;
  /** The unit. 单元 */
  unit?: UnitWhere | null | undefined;
  /** Number of the unit. 单元编号 */
  unitNumber?: TextFilter | null | undefined;
};

/** The five classes (银监发〔2007〕54号); the last three are non-performing. 贷款五级分类 */
export type LoanClassification =
  /** Doubtful. 可疑 */
  | 'DOUBTFUL'
  /** Loss. 损失 */
  | 'LOSS'
  /** Normal. 正常 */
  | 'NORMAL'
  /** Special mention. 关注 */
  | 'SPECIAL_MENTION'
  /** Substandard. 次级 */
  | 'SUBSTANDARD';

/** Compares a LoanClassification. Several fields must all hold. 比较条件 */
export type LoanClassificationFilter = {
  /** Equal. 等于 */
  eq?: LoanClassification | null | undefined;
  /** One of these, at most 1000. 属于 */
  in?: Array<LoanClassification> | null | undefined;
  /** Empty (true) or not (false). 是否为空 */
  isNull?: boolean | null | undefined;
};

/** Kind of loan, by what secures it. 贷款种类 */
export type LoanKind =
  /** On credit. 信用贷 */
  | 'CREDIT'
  /** Guaranteed. 担保贷（保证） */
  | 'GUARANTEED'
  /** Mortgage. 抵押贷 */
  | 'MORTGAGE'
  /** Pledge of intellectual property. 知识产权质押贷 */
  | 'PLEDGE_IP'
  /** Other pledge. 其他质押贷 */
  | 'PLEDGE_OTHER'
  /** Technology loan of the provincial scheme. 科技贷 */
  | 'TECH_LOAN'
  /** Linked to a venture investment. 投联贷 */
  | 'VENTURE_LINKED';

/** Compares a LoanKind. Several fields must all hold. 比较条件 */
export type LoanKindFilter = {
  /** Equal. 等于 */
  eq?: LoanKind | null | undefined;
  /** One of these, at most 1000. 属于 */
  in?: Array<LoanKind> | null | undefined;
  /** Empty (true) or not (false). 是否为空 */
  isNull?: boolean | null | undefined;
};

/** What is said of rows of Loan behind a link. Several fields must all hold. 关联筛选 */
export type LoanListWhere = {
  /** Every row keeps this, or there is none. 全部 */
  every?: LoanWhere | null | undefined;
  /** No row keeps this; {} asks for no row. 不存在 */
  none?: LoanWhere | null | undefined;
  /** At least one row keeps this; {} asks for any row. 存在 */
  some?: LoanWhere | null | undefined;
};

/** What is said of rows of LoanProduct behind a link. Several fields must all hold. 关联筛选 */
export type LoanProductListWhere = {
  /** Every row keeps this, or there is none. 全部 */
  every?: LoanProductWhere | null | undefined;
  /** No row keeps this; {} asks for no row. 不存在 */
  none?: LoanProductWhere | null | undefined;
  /** At least one row keeps this; {} asks for any row. 存在 */
  some?: LoanProductWhere | null | undefined;
};

/** Which rows of LoanProduct. Several fields must all hold. 筛选条件 */
export type LoanProductWhere = {
  /** All of these hold. 且 */
  and?: Array<LoanProductWhere> | null | undefined;
  /** The bank. 银行 */
  bank?: BankWhere | null | undefined;
  /** The bank's code of the product. 产品编号 */
  code?: TextFilter | null | undefined;
  /** Kind. 种类 */
  kind?: LoanKindFilter | null | undefined;
  /** Loans of this product. 贷款 */
  loans?: LoanListWhere | null | undefined;
  /** Most that is lent to one company. 最高额度 */
  maximumAmount?: MoneyFilter | null | undefined;
  /** Longest term in months. 最长期限（月） */
  maximumMonths?: IntFilter | null | undefined;
  /** Name. 产品名称 */
  name?: TextFilter | null | undefined;
  /** This does not hold. 非 */
  not?: LoanProductWhere | null | undefined;
  /** At least one of these holds. 或 */
  or?: Array<LoanProductWhere> | null | undefined;
  /** The id of the source. 来源标识 */
  sourceId?: TextFilter | null | undefined;
};

/** State of a loan. 贷款状态 */
export type LoanStatus =
  /** Running. 正常还款 */
  | 'ACTIVE'
  /** Overdue. 逾期 */
  | 'OVERDUE'
  /** Repaid. 结清 */
  | 'REPAID'
  /** Written off. 核销 */
  | 'WRITTEN_OFF';

/** Compares a LoanStatus. Several fields must all hold. 比较条件 */
export type LoanStatusFilter = {
  /** Equal. 等于 */
  eq?: LoanStatus | null | undefined;
  /** One of these, at most 1000. 属于 */
  in?: Array<LoanStatus> | null | undefined;
  /** Empty (true) or not (false). 是否为空 */
  isNull?: boolean | null | undefined;
};

/** Which rows of Loan. Several fields must all hold. 筛选条件 */
export type LoanWhere = {
  /** Amount lent. 贷款金额 */
  amount?: MoneyFilter | null | undefined;
  /** All of these hold. 且 */
  and?: Array<LoanWhere> | null | undefined;
  /** Balance outstanding. 贷款余额 */
  balance?: MoneyFilter | null | undefined;
  /** The lender. 贷款银行 */
  bank?: BankWhere | null | undefined;
  /** Class, as the bank states it. 五级分类 */
  classification?: LoanClassificationFilter | null | undefined;
  /** Drawn on. 放款日 */
  date?: DateFilter | null | undefined;
  /** Kind. 种类 */
  kind?: LoanKindFilter | null | undefined;
  /** Matures on. 到期日 */
  maturesOn?: DateFilter | null | undefined;
  /** This does not hold. 非 */
  not?: LoanWhere | null | undefined;
  /** The bank's number of the loan (IOU). 借据号 */
  number?: TextFilter | null | undefined;
  /** At least one of these holds. 或 */
  or?: Array<LoanWhere> | null | undefined;
  /** Patents that secure it. 专利权质押 */
  patentPledges?: PatentPledgeListWhere | null | undefined;
  /** The product. 贷款产品 */
  product?: LoanProductWhere | null | undefined;
  /** The bank's code of the product. 产品编号 */
  productCode?: TextFilter | null | undefined;
  /** Contract rate a year, as a ratio ("0.0385" is 3.85 %). 年利率 */
  rate?: DecimalFilter | null | undefined;
  /** The id of the source. 来源标识 */
  sourceId?: TextFilter | null | undefined;
  /** State. 状态 */
  status?: LoanStatusFilter | null | undefined;
  /** The borrower. 借款企业 */
  tenant?: TenantWhere | null | undefined;
  /** USCC of the borrower. 借款人统一社会信用代码 */
  tenantUscc?: UsccFilter | null | undefined;
};

/** Compares a money. Several fields must all hold. 比较条件 */
export type MoneyFilter = {
  /** Equal. 等于 */
  eq?: string | null | undefined;
  /** Greater. 大于 */
  gt?: string | null | undefined;
  /** Greater or equal. 大于等于 */
  gte?: string | null | undefined;
  /** One of these, at most 1000. 属于 */
  in?: Array<string> | null | undefined;
  /** Empty (true) or not (false). 是否为空 */
  isNull?: boolean | null | undefined;
  /** Less. 小于 */
  lt?: string | null | undefined;
  /** Less or equal. 小于等于 */
  lte?: string | null | undefined;
};

/** How the park's own money came. 自有资金投入方式 */
export type ParkFundingKind =
  /** As equity. 股权 */
  | 'EQUITY'
  /** As a loan. 借款 */
  | 'LOAN';

/** Compares a ParkFundingKind. Several fields must all hold. 比较条件 */
export type ParkFundingKindFilter = {
  /** Equal. 等于 */
  eq?: ParkFundingKind | null | undefined;
  /** One of these, at most 1000. 属于 */
  in?: Array<ParkFundingKind> | null | undefined;
  /** Empty (true) or not (false). 是否为空 */
  isNull?: boolean | null | undefined;
};

/** What is said of rows of ParkFunding behind a link. Several fields must all hold. 关联筛选 */
export type ParkFundingListWhere = {
  /** Every row keeps this, or there is none. 全部 */
  every?: ParkFundingWhere | null | undefined;
  /** No row keeps this; {} asks for no row. 不存在 */
  none?: ParkFundingWhere | null | undefined;
  /** At least one row keeps this; {} asks for any row. 存在 */
  some?: ParkFundingWhere | null | undefined;
};

/** Which rows of ParkFunding. Several fields must all hold. 筛选条件 */
export type ParkFundingWhere = {
  /** Amount. 金额 */
  amount?: MoneyFilter | null | undefined;
  /** All of these hold. 且 */
  and?: Array<ParkFundingWhere> | null | undefined;
  /** Paid on. 日期 */
  date?: DateFilter | null | undefined;
  /** As equity or as a loan. 方式 */
  kind?: ParkFundingKindFilter | null | undefined;
  /** This does not hold. 非 */
  not?: ParkFundingWhere | null | undefined;
  /** Number. 编号 */
  number?: TextFilter | null | undefined;
  /** At least one of these holds. 或 */
  or?: Array<ParkFundingWhere> | null | undefined;
  /** The id of the source. 来源标识 */
  sourceId?: TextFilter | null | undefined;
  /** The tenant. 企业 */
  tenant?: TenantWhere | null | undefined;
  /** USCC of the tenant. 企业统一社会信用代码 */
  tenantUscc?: UsccFilter | null | undefined;
};

/** What is said of rows of PatentExtract behind a link. Several fields must all hold. 关联筛选 */
export type PatentExtractListWhere = {
  /** Every row keeps this, or there is none. 全部 */
  every?: PatentExtractWhere | null | undefined;
  /** No row keeps this; {} asks for no row. 不存在 */
  none?: PatentExtractWhere | null | undefined;
  /** At least one row keeps this; {} asks for any row. 存在 */
  some?: PatentExtractWhere | null | undefined;
};

/** Which rows of PatentExtract. Several fields must all hold. 筛选条件 */
export type PatentExtractWhere = {
  /** All of these hold. 且 */
  and?: Array<PatentExtractWhere> | null | undefined;
  /** Drawn on. 查询日期 */
  drawnOn?: DateFilter | null | undefined;
  /** This does not hold. 非 */
  not?: PatentExtractWhere | null | undefined;
  /** Number of the copy. 副本编号 */
  number?: TextFilter | null | undefined;
  /** At least one of these holds. 或 */
  or?: Array<PatentExtractWhere> | null | undefined;
  /** The patent. 专利 */
  patent?: PatentWhere | null | undefined;
  /** Application number of the patent. 专利申请号 */
  patentNumber?: TextFilter | null | undefined;
  /** Day of registration of the pledge that it shows; empty where it shows none. 质押登记日期 */
  pledgedOn?: DateFilter | null | undefined;
  /** The id of the source. 来源标识 */
  sourceId?: TextFilter | null | undefined;
  /** The tenant. 企业 */
  tenant?: TenantWhere | null | undefined;
  /** USCC of the tenant. 企业统一社会信用代码 */
  tenantUscc?: UsccFilter | null | undefined;
};

/** Kind of patent. 专利类型 */
export type PatentKind =
  /** Design. 外观设计 */
  | 'DESIGN'
  /** Invention. 发明专利 */
  | 'INVENTION'
  /** Utility model. 实用新型 */
  | 'UTILITY_MODEL';

/** Compares a PatentKind. Several fields must all hold. 比较条件 */
export type PatentKindFilter = {
  /** Equal. 等于 */
  eq?: PatentKind | null | undefined;
  /** One of these, at most 1000. 属于 */
  in?: Array<PatentKind> | null | undefined;
  /** Empty (true) or not (false). 是否为空 */
  isNull?: boolean | null | undefined;
};

/** What is said of rows of Patent behind a link. Several fields must all hold. 关联筛选 */
export type PatentListWhere = {
  /** Every row keeps this, or there is none. 全部 */
  every?: PatentWhere | null | undefined;
  /** No row keeps this; {} asks for no row. 不存在 */
  none?: PatentWhere | null | undefined;
  /** At least one row keeps this; {} asks for any row. 存在 */
  some?: PatentWhere | null | undefined;
};

/** What is said of rows of PatentPledge behind a link. Several fields must all hold. 关联筛选 */
export type PatentPledgeListWhere = {
  /** Every row keeps this, or there is none. 全部 */
  every?: PatentPledgeWhere | null | undefined;
  /** No row keeps this; {} asks for no row. 不存在 */
  none?: PatentPledgeWhere | null | undefined;
  /** At least one row keeps this; {} asks for any row. 存在 */
  some?: PatentPledgeWhere | null | undefined;
};

/** Which rows of PatentPledge. Several fields must all hold. 筛选条件 */
export type PatentPledgeWhere = {
  /** All of these hold. 且 */
  and?: Array<PatentPledgeWhere> | null | undefined;
  /** To whom it is pledged. 质权人 */
  bank?: BankWhere | null | undefined;
  /** The loan that it secures. 所担保的贷款 */
  loan?: LoanWhere | null | undefined;
  /** The bank's number of the loan that it secures, where it names one. 借据号 */
  loanNumber?: TextFilter | null | undefined;
  /** This does not hold. 非 */
  not?: PatentPledgeWhere | null | undefined;
  /** Number of the pledge. 质押编号 */
  number?: TextFilter | null | undefined;
  /** At least one of these holds. 或 */
  or?: Array<PatentPledgeWhere> | null | undefined;
  /** The patent. 专利 */
  patent?: PatentWhere | null | undefined;
  /** Application number of the patent. 专利申请号 */
  patentNumber?: TextFilter | null | undefined;
  /** Registered with CNIPA on: the day on which the pledge arises (Civil Code, art. 444). 质押登记日期 */
  registeredOn?: DateFilter | null | undefined;
  /** Released on; empty while it runs. 质押注销日期 */
  releasedOn?: DateFilter | null | undefined;
  /** The id of the source. 来源标识 */
  sourceId?: TextFilter | null | undefined;
  /** Who pledged it. 出质人 */
  tenant?: TenantWhere | null | undefined;
  /** USCC of the tenant that pledged it. 出质人统一社会信用代码 */
  tenantUscc?: UsccFilter | null | undefined;
};

/** Legal state of a patent. 法律状态 */
export type PatentStatus =
  /** Filed. 申请 */
  | 'FILED'
  /** Granted. 授权 */
  | 'GRANTED'
  /** Lapsed or refused. 失效 */
  | 'LAPSED';

/** Compares a PatentStatus. Several fields must all hold. 比较条件 */
export type PatentStatusFilter = {
  /** Equal. 等于 */
  eq?: PatentStatus | null | undefined;
  /** One of these, at most 1000. 属于 */
  in?: Array<PatentStatus> | null | undefined;
  /** Empty (true) or not (false). 是否为空 */
  isNull?: boolean | null | undefined;
};

/** Which rows of Patent. Several fields must all hold. 筛选条件 */
export type PatentWhere = {
  /** All of these hold. 且 */
  and?: Array<PatentWhere> | null | undefined;
  /** Application number with its check character (ZC 0006-2003). 专利申请号 */
  applicationNumber?: TextFilter | null | undefined;
  /** Copies of CNIPA's register of it. 专利登记簿副本 */
  extracts?: PatentExtractListWhere | null | undefined;
  /** Filed on. 申请日 */
  filedOn?: DateFilter | null | undefined;
  /** Granted on. 授权公告日 */
  grantedOn?: DateFilter | null | undefined;
  /** Kind. 类型 */
  kind?: PatentKindFilter | null | undefined;
  /** This does not hold. 非 */
  not?: PatentWhere | null | undefined;
  /** At least one of these holds. 或 */
  or?: Array<PatentWhere> | null | undefined;
  /** Its pledges to banks. 质押 */
  pledges?: PatentPledgeListWhere | null | undefined;
  /** The id of the source. 来源标识 */
  sourceId?: TextFilter | null | undefined;
  /** Legal state. 法律状态 */
  status?: PatentStatusFilter | null | undefined;
  /** Who filed it. 申请人 */
  tenant?: TenantWhere | null | undefined;
  /** USCC of the tenant. 企业统一社会信用代码 */
  tenantUscc?: UsccFilter | null | undefined;
  /** Title. 名称 */
  title?: TextFilter | null | undefined;
};

/** What is said of rows of PortfolioReport behind a link. Several fields must all hold. 关联筛选 */
export type PortfolioReportListWhere = {
  /** Every row keeps this, or there is none. 全部 */
  every?: PortfolioReportWhere | null | undefined;
  /** No row keeps this; {} asks for no row. 不存在 */
  none?: PortfolioReportWhere | null | undefined;
  /** At least one row keeps this; {} asks for any row. 存在 */
  some?: PortfolioReportWhere | null | undefined;
};

/** Which rows of PortfolioReport. Several fields must all hold. 筛选条件 */
export type PortfolioReportWhere = {
  /** All of these hold. 且 */
  and?: Array<PortfolioReportWhere> | null | undefined;
  /** Written on. 报告日期 */
  date?: DateFilter | null | undefined;
  /** The investor. 投资机构 */
  investor?: InvestorWhere | null | undefined;
  /** This does not hold. 非 */
  not?: PortfolioReportWhere | null | undefined;
  /** The investor's number of the report. 报告编号 */
  number?: TextFilter | null | undefined;
  /** At least one of these holds. 或 */
  or?: Array<PortfolioReportWhere> | null | undefined;
  /** Operating revenue of the year. 营业收入 */
  revenue?: MoneyFilter | null | undefined;
  /** The id of the source. 来源标识 */
  sourceId?: TextFilter | null | undefined;
  /** Staff at the end of the year. 年末从业人员 */
  staff?: IntFilter | null | undefined;
  /** The company. 被投企业 */
  tenant?: TenantWhere | null | undefined;
  /** USCC of the tenant. 企业统一社会信用代码 */
  tenantUscc?: UsccFilter | null | undefined;
  /** The year that it speaks of. 报告年度 */
  year?: IntFilter | null | undefined;
};

/** What is said of rows of ProductClaim behind a link. Several fields must all hold. 关联筛选 */
export type ProductClaimListWhere = {
  /** Every row keeps this, or there is none. 全部 */
  every?: ProductClaimWhere | null | undefined;
  /** No row keeps this; {} asks for no row. 不存在 */
  none?: ProductClaimWhere | null | undefined;
  /** At least one row keeps this; {} asks for any row. 存在 */
  some?: ProductClaimWhere | null | undefined;
};

/** Which rows of ProductClaim. Several fields must all hold. 筛选条件 */
export type ProductClaimWhere = {
  /** All of these hold. 且 */
  and?: Array<ProductClaimWhere> | null | undefined;
  /** The upper end of a range. 上限 */
  high?: DecimalFilter | null | undefined;
  /** The value, or the lower end of a range. 数值（下限） */
  low?: DecimalFilter | null | undefined;
  /** What is measured, in English lower camel case ("lineSpeed"). 指标 */
  measure?: TextFilter | null | undefined;
  /** This does not hold. 非 */
  not?: ProductClaimWhere | null | undefined;
  /** At least one of these holds. 或 */
  or?: Array<ProductClaimWhere> | null | undefined;
  /** Product. 产品 */
  product?: TextFilter | null | undefined;
  /** The id of the source. 来源标识 */
  sourceId?: TextFilter | null | undefined;
  /** Who states it. 企业 */
  tenant?: TenantWhere | null | undefined;
  /** USCC of the tenant. 企业统一社会信用代码 */
  tenantUscc?: UsccFilter | null | undefined;
  /** Unit. 单位 */
  unit?: TextFilter | null | undefined;
};

/** What is said of rows of RentWaiver behind a link. Several fields must all hold. 关联筛选 */
export type RentWaiverListWhere = {
  /** Every row keeps this, or there is none. 全部 */
  every?: RentWaiverWhere | null | undefined;
  /** No row keeps this; {} asks for no row. 不存在 */
  none?: RentWaiverWhere | null | undefined;
  /** At least one row keeps this; {} asks for any row. 存在 */
  some?: RentWaiverWhere | null | undefined;
};

/** Which rows of RentWaiver. Several fields must all hold. 筛选条件 */
export type RentWaiverWhere = {
  /** Rent waived. 减免金额 */
  amount?: MoneyFilter | null | undefined;
  /** All of these hold. 且 */
  and?: Array<RentWaiverWhere> | null | undefined;
  /** Last day of the period. 减免期止 */
  endedOn?: DateFilter | null | undefined;
  /** This does not hold. 非 */
  not?: RentWaiverWhere | null | undefined;
  /** Number. 编号 */
  number?: TextFilter | null | undefined;
  /** Occasion. 事由 */
  occasion?: TextFilter | null | undefined;
  /** At least one of these holds. 或 */
  or?: Array<RentWaiverWhere> | null | undefined;
  /** The id of the source. 来源标识 */
  sourceId?: TextFilter | null | undefined;
  /** First day of the period. 减免期起 */
  startedOn?: DateFilter | null | undefined;
  /** The tenant. 企业 */
  tenant?: TenantWhere | null | undefined;
  /** USCC of the tenant. 企业统一社会信用代码 */
  tenantUscc?: UsccFilter | null | undefined;
};

/** What is said of rows of Shareholding behind a link. Several fields must all hold. 关联筛选 */
export type ShareholdingListWhere = {
  /** Every row keeps this, or there is none. 全部 */
  every?: ShareholdingWhere | null | undefined;
  /** No row keeps this; {} asks for no row. 不存在 */
  none?: ShareholdingWhere | null | undefined;
  /** At least one row keeps this; {} asks for any row. 存在 */
  some?: ShareholdingWhere | null | undefined;
};

/** Which rows of Shareholding. Several fields must all hold. 筛选条件 */
export type ShareholdingWhere = {
  /** All of these hold. 且 */
  and?: Array<ShareholdingWhere> | null | undefined;
  /** Name of the shareholder. 股东名称 */
  holderName?: TextFilter | null | undefined;
  /** Code of the partner investor who is the shareholder or manages it; empty where none does. 投资机构代码 */
  investorCode?: TextFilter | null | undefined;
  /** This does not hold. 非 */
  not?: ShareholdingWhere | null | undefined;
  /** At least one of these holds. 或 */
  or?: Array<ShareholdingWhere> | null | undefined;
  /** Registered on. 登记日期 */
  registeredOn?: DateFilter | null | undefined;
  /** The id of the source. 来源标识 */
  sourceId?: TextFilter | null | undefined;
  /** Stake, as a ratio. 持股比例 */
  stake?: DecimalFilter | null | undefined;
  /** The tenant. 企业 */
  tenant?: TenantWhere | null | undefined;
  /** USCC of the tenant. 企业统一社会信用代码 */
  tenantUscc?: UsccFilter | null | undefined;
};

/** Which rows of Shelter. Several fields must all hold. 筛选条件 */
export type ShelterWhere = {
  /** All of these hold. 且 */
  and?: Array<ShelterWhere> | null | undefined;
  /** What it was given. 收到的物资 */
  donations?: DonationListWhere | null | undefined;
  /** Name. 名称 */
  name?: TextFilter | null | undefined;
  /** This does not hold. 非 */
  not?: ShelterWhere | null | undefined;
  /** Number. 编号 */
  number?: TextFilter | null | undefined;
  /** At least one of these holds. 或 */
  or?: Array<ShelterWhere> | null | undefined;
  /** The id of the source. 来源标识 */
  sourceId?: TextFilter | null | undefined;
  /** Supplied on. 物资送达日期 */
  suppliedOn?: DateFilter | null | undefined;
};

/** What became of a source in an answer. 来源状态 */
export type SourceState =
  /** Not asked: the viewer may see nothing of what was to be asked of it. 无权访问 */
  | 'DENIED'
  /** Read from the partner for this answer. 实时 */
  | 'LIVE'
  /** Read from the hub's copy. 镜像 */
  | 'MIRRORED'
  /** Did not answer, or not in full: its last good copy was read, as of the time that is stated. 旧副本 */
  | 'STALE'
  /** Did not answer: its rows are missing. 不可用 */
  | 'UNAVAILABLE';

/** The eight fields of 国科发火〔2016〕32号. 国家重点支持的高新技术领域 */
export type TechnologyField =
  /** Advanced manufacturing and automation. 先进制造与自动化 */
  | 'ADVANCED_MANUFACTURING'
  /** Aerospace. 航空航天 */
  | 'AEROSPACE'
  /** Biology and new medicine. 生物与新医药 */
  | 'BIOLOGY_AND_MEDICINE'
  /** Electronic information. 电子信息 */
  | 'ELECTRONIC_INFORMATION'
  /** New energy and energy saving. 新能源与节能 */
  | 'ENERGY'
  /** High-tech services. 高技术服务 */
  | 'HIGH_TECH_SERVICES'
  /** New materials. 新材料 */
  | 'NEW_MATERIALS'
  /** Resources and environment. 资源与环境 */
  | 'RESOURCES_AND_ENVIRONMENT';

/** Compares a TechnologyField. Several fields must all hold. 比较条件 */
export type TechnologyFieldFilter = {
  /** Equal. 等于 */
  eq?: TechnologyField | null | undefined;
  /** One of these, at most 1000. 属于 */
  in?: Array<TechnologyField> | null | undefined;
  /** Empty (true) or not (false). 是否为空 */
  isNull?: boolean | null | undefined;
};

/** Where a company stands with the park. 企业状态 */
export type TenantStatus =
  /** Evicted by bottom elimination. 清退 */
  | 'EVICTED'
  /** Graduated. 毕业 */
  | 'GRADUATED'
  /** In the park. 在园 */
  | 'IN_PARK';

/** Compares a TenantStatus. Several fields must all hold. 比较条件 */
export type TenantStatusFilter = {
  /** Equal. 等于 */
  eq?: TenantStatus | null | undefined;
  /** One of these, at most 1000. 属于 */
  in?: Array<TenantStatus> | null | undefined;
  /** Empty (true) or not (false). 是否为空 */
  isNull?: boolean | null | undefined;
};

/** Which rows of Tenant. Several fields must all hold. 筛选条件 */
export type TenantWhere = {
  /** All of these hold. 且 */
  and?: Array<TenantWhere> | null | undefined;
  /** Its figures by year. 年度报表 */
  annualReports?: AnnualReportListWhere | null | undefined;
  /** Its applications. 入园申请 */
  applications?: ApplicationListWhere | null | undefined;
  /** Prizes it won. 获奖 */
  awards?: AwardListWhere | null | undefined;
  /** What banks' credit files say of it. 授信客户资料 */
  borrowerProfiles?: BorrowerProfileListWhere | null | undefined;
  /** Its certifications. 资质 */
  certifications?: CertificationListWhere | null | undefined;
  /** What it gave. 捐赠 */
  donations?: DonationListWhere | null | undefined;
  /** Entered the park on. 入驻日期 */
  enteredOn?: DateFilter | null | undefined;
  /** Its eviction. 清退记录 */
  eviction?: EvictionWhere | null | undefined;
  /** Names that it bore before. 曾用名 */
  formerNames?: FormerNameListWhere | null | undefined;
  /** Founded on. 成立日期 */
  foundedOn?: DateFilter | null | undefined;
  /** Its graduation. 毕业记录 */
  graduation?: GraduationWhere | null | undefined;
  /** Industry, GB/T 4754-2017 section and division ("C35"). 国民经济行业 */
  industry?: TextFilter | null | undefined;
  /** Investments in it. 股权投资 */
  investments?: InvestmentListWhere | null | undefined;
  /** Its leases. 租赁合同 */
  leases?: LeaseListWhere | null | undefined;
  /** Left the park on (graduated or evicted). 离园日期 */
  leftOn?: DateFilter | null | undefined;
  /** What banks lent it. 银行贷款 */
  loans?: LoanListWhere | null | undefined;
  /** Name as registered. 企业名称 */
  name?: TextFilter | null | undefined;
  /** This does not hold. 非 */
  not?: TenantWhere | null | undefined;
  /** At least one of these holds. 或 */
  or?: Array<TenantWhere> | null | undefined;
  /** The park's own money in it. 园区自有资金投入 */
  parkFundings?: ParkFundingListWhere | null | undefined;
  /** Copies of CNIPA's register of its patents. 专利登记簿副本 */
  patentExtracts?: PatentExtractListWhere | null | undefined;
  /** Patents that it pledged to banks. 专利权质押 */
  patentPledges?: PatentPledgeListWhere | null | undefined;
  /** Patents it filed. 申报专利 */
  patents?: PatentListWhere | null | undefined;
  /** What investors' follow-ups say of it. 投后报告 */
  portfolioReports?: PortfolioReportListWhere | null | undefined;
  /** What it states of its products. 产品指标 */
  productClaims?: ProductClaimListWhere | null | undefined;
  /** Registered capital. 注册资本 */
  registeredCapital?: MoneyFilter | null | undefined;
  /** Business registration number from before the USCC, 15 digits (GS 15-2006). 注册号 */
  registrationNumber?: TextFilter | null | undefined;
  /** Rent waived for it. 租金减免 */
  rentWaivers?: RentWaiverListWhere | null | undefined;
  /** Who holds how much of it. 股权登记 */
  shareholdings?: ShareholdingListWhere | null | undefined;
  /** The id of the source. 来源标识 */
  sourceId?: TextFilter | null | undefined;
  /** Stage in the incubation chain. 孵化阶段 */
  stage?: CarrierKindFilter | null | undefined;
  /** Where it stands with the park. 状态 */
  status?: TenantStatusFilter | null | undefined;
  /** Field of technology. 技术领域 */
  technologyField?: TechnologyFieldFilter | null | undefined;
  /** Unified social credit code; joins all books. 统一社会信用代码 */
  uscc?: UsccFilter | null | undefined;
};

/** Compares a text. Several fields must all hold. 比较条件 */
export type TextFilter = {
  /** Contains; tells capital letters apart. 包含 */
  contains?: string | null | undefined;
  /** Equal. 等于 */
  eq?: string | null | undefined;
  /** Greater. 大于 */
  gt?: string | null | undefined;
  /** Greater or equal. 大于等于 */
  gte?: string | null | undefined;
  /** One of these, at most 1000. 属于 */
  in?: Array<string> | null | undefined;
  /** Empty (true) or not (false). 是否为空 */
  isNull?: boolean | null | undefined;
  /** Less. 小于 */
  lt?: string | null | undefined;
  /** Less or equal. 小于等于 */
  lte?: string | null | undefined;
  /** Starts with; tells capital letters apart. 开头为 */
  startsWith?: string | null | undefined;
};

/** What is said of rows of Unit behind a link. Several fields must all hold. 关联筛选 */
export type UnitListWhere = {
  /** Every row keeps this, or there is none. 全部 */
  every?: UnitWhere | null | undefined;
  /** No row keeps this; {} asks for no row. 不存在 */
  none?: UnitWhere | null | undefined;
  /** At least one row keeps this; {} asks for any row. 存在 */
  some?: UnitWhere | null | undefined;
};

/** Which rows of Unit. Several fields must all hold. 筛选条件 */
export type UnitWhere = {
  /** All of these hold. 且 */
  and?: Array<UnitWhere> | null | undefined;
  /** Floor area in m². 面积（平方米） */
  area?: DecimalFilter | null | undefined;
  /** Building. 楼栋 */
  building?: TextFilter | null | undefined;
  /** Its carrier. 所属载体 */
  carrier?: CarrierWhere | null | undefined;
  /** Code of its carrier. 载体编号 */
  carrierCode?: TextFilter | null | undefined;
  /** Floor. 楼层 */
  floor?: IntFilter | null | undefined;
  /** Its leases. 租赁合同 */
  leases?: LeaseListWhere | null | undefined;
  /** This does not hold. 非 */
  not?: UnitWhere | null | undefined;
  /** Number. 单元编号 */
  number?: TextFilter | null | undefined;
  /** At least one of these holds. 或 */
  or?: Array<UnitWhere> | null | undefined;
  /** The id of the source. 来源标识 */
  sourceId?: TextFilter | null | undefined;
};

/** Compares a uscc. Several fields must all hold. 比较条件 */
export type UsccFilter = {
  /** Equal. 等于 */
  eq?: string | null | undefined;
  /** Greater. 大于 */
  gt?: string | null | undefined;
  /** Greater or equal. 大于等于 */
  gte?: string | null | undefined;
  /** One of these, at most 1000. 属于 */
  in?: Array<string> | null | undefined;
  /** Empty (true) or not (false). 是否为空 */
  isNull?: boolean | null | undefined;
  /** Less. 小于 */
  lt?: string | null | undefined;
  /** Less or equal. 小于等于 */
  lte?: string | null | undefined;
};

/** What is said of rows of Valuation behind a link. Several fields must all hold. 关联筛选 */
export type ValuationListWhere = {
  /** Every row keeps this, or there is none. 全部 */
  every?: ValuationWhere | null | undefined;
  /** No row keeps this; {} asks for no row. 不存在 */
  none?: ValuationWhere | null | undefined;
  /** At least one row keeps this; {} asks for any row. 存在 */
  some?: ValuationWhere | null | undefined;
};

/** How a holding was valued. 估值方法 */
export type ValuationMethod =
  /** At cost. 成本法 */
  | 'COST'
  /** Price of the last round. 最近融资价格法 */
  | 'LAST_ROUND'
  /** Market multiples. 市场乘数法 */
  | 'MULTIPLES'
  /** Net assets. 净资产法 */
  | 'NET_ASSETS';

/** Compares a ValuationMethod. Several fields must all hold. 比较条件 */
export type ValuationMethodFilter = {
  /** Equal. 等于 */
  eq?: ValuationMethod | null | undefined;
  /** One of these, at most 1000. 属于 */
  in?: Array<ValuationMethod> | null | undefined;
  /** Empty (true) or not (false). 是否为空 */
  isNull?: boolean | null | undefined;
};

/** Which rows of Valuation. Several fields must all hold. 筛选条件 */
export type ValuationWhere = {
  /** All of these hold. 且 */
  and?: Array<ValuationWhere> | null | undefined;
  /** As of. 估值基准日 */
  date?: DateFilter | null | undefined;
  /** The investment. 投资项目 */
  investment?: InvestmentWhere | null | undefined;
  /** Number of the investment. 项目编号 */
  investmentNumber?: TextFilter | null | undefined;
  /** Method. 估值方法 */
  method?: ValuationMethodFilter | null | undefined;
  /** This does not hold. 非 */
  not?: ValuationWhere | null | undefined;
  /** The investor's number of the valuation. 估值编号 */
  number?: TextFilter | null | undefined;
  /** At least one of these holds. 或 */
  or?: Array<ValuationWhere> | null | undefined;
  /** The id of the source. 来源标识 */
  sourceId?: TextFilter | null | undefined;
  /** Fair value of the holding. 公允价值 */
  value?: MoneyFilter | null | undefined;
};

export type DiscrepanciesQueryVariables = Exact<{
  facts?: Array<Fact> | Fact | null | undefined;
  least?: string | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type DiscrepanciesQuery = { discrepancies: { nodes: Array<{ tenantUscc: string, fact: Fact, subject: string | null, relativeDifference: string | null, tenant: { name: string | null } | null, statements: Array<{ date: string | null, entity: string, rowIds: Array<string>, value: { text: string }, provenance: { sourceId: string, asOf: string } }>, difference: { text: string } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null }, sources: Array<{ sourceId: string, state: SourceState }> } | null };

export type FinancingBySourceQueryVariables = Exact<{
  from: string;
  to: string;
}>;


export type FinancingBySourceQuery = { financing: { totals: Array<{ count: number, group: { sourceId: string | null }, sum: { amount: string | null } }>, sources: Array<{ sourceId: string, state: SourceState, asOf: string | null, message: string | null }> } | null };

export type ParkFiguresQueryVariables = Exact<{
  years: Array<number> | number;
}>;


export type ParkFiguresQuery = { park: { name: string, figures: Array<{ year: number, tenantCount: number, hnteCount: number, techSmeCount: number, jobs: number | null, output: string | null, hnteOutputShare: string | null }> } };

export type PortfolioQueryVariables = Exact<{
  investor: string;
  first: number;
  after?: string | null | undefined;
}>;


export type PortfolioQuery = { portfolio: { investor: { name: string }, totals: { holdings: number, cost: string, value: string, multiple: string | null, lent: string, loanBalance: string }, holdings: { nodes: Array<{ id: string, round: InvestmentRound | null, amount: string | null, stake: string | null, latestValuation: { date: string | null, value: string | null } | null, tenant: { uscc: string, name: string | null, loans: { nodes: Array<{ id: string, balance: string | null, classification: LoanClassification | null, bank: { shortName: string } | null }> } | null } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null, sources: Array<{ sourceId: string, state: SourceState, message: string | null }> } | null };

export type TenantsPageQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  where?: TenantWhere | null | undefined;
}>;


export type TenantsPageQuery = { tenants: { totalCount: number, nodes: Array<{ id: string, uscc: string, name: string | null, stage: CarrierKind | null, technologyField: TechnologyField | null, status: TenantStatus | null, enteredOn: string | null, latestAnnualReport: { year: number | null, output: string | null, staff: number | null } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };


export const DiscrepanciesDocument = {"__meta__":{"hash":"sha256:d8ff443883ea1e5e92ff1e998045fc30c3c8ae50850dce57b391300f92b55a3a"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Discrepancies"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"facts"}},"type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Fact"}}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"least"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Decimal"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"discrepancies"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"facts"},"value":{"kind":"Variable","name":{"kind":"Name","value":"facts"}}},{"kind":"Argument","name":{"kind":"Name","value":"minimumRelativeDifference"},"value":{"kind":"Variable","name":{"kind":"Name","value":"least"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"tenantUscc"}},{"kind":"Field","name":{"kind":"Name","value":"tenant"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"fact"}},{"kind":"Field","name":{"kind":"Name","value":"subject"}},{"kind":"Field","name":{"kind":"Name","value":"statements"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"value"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"text"}}]}},{"kind":"Field","name":{"kind":"Name","value":"date"}},{"kind":"Field","name":{"kind":"Name","value":"entity"}},{"kind":"Field","name":{"kind":"Name","value":"rowIds"}},{"kind":"Field","name":{"kind":"Name","value":"provenance"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sourceId"}},{"kind":"Field","name":{"kind":"Name","value":"asOf"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"difference"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"text"}}]}},{"kind":"Field","name":{"kind":"Name","value":"relativeDifference"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sourceId"}},{"kind":"Field","name":{"kind":"Name","value":"state"}}]}}]}}]}}]} as unknown as DocumentNode<DiscrepanciesQuery, DiscrepanciesQueryVariables>;
export const FinancingBySourceDocument = {"__meta__":{"hash":"sha256:bd7ccd04080bf7e552baa3a7a2832738a31d8ad1efe684708551af047ffa67c0"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FinancingBySource"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"from"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Date"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"to"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Date"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"financing"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"where"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"date"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"gte"},"value":{"kind":"Variable","name":{"kind":"Name","value":"from"}}},{"kind":"ObjectField","name":{"kind":"Name","value":"lte"},"value":{"kind":"Variable","name":{"kind":"Name","value":"to"}}}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totals"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"groupBy"},"value":{"kind":"ListValue","values":[{"kind":"EnumValue","value":"SOURCE_ID"}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"group"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sourceId"}}]}},{"kind":"Field","name":{"kind":"Name","value":"count"}},{"kind":"Field","name":{"kind":"Name","value":"sum"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sourceId"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"asOf"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<FinancingBySourceQuery, FinancingBySourceQueryVariables>;
export const ParkFiguresDocument = {"__meta__":{"hash":"sha256:e971308942b512bf16bd1f3c20f8fe58f266b574e2f20affcfe329cddcd38051"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ParkFigures"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"years"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"park"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"figures"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"years"},"value":{"kind":"Variable","name":{"kind":"Name","value":"years"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"year"}},{"kind":"Field","name":{"kind":"Name","value":"tenantCount"}},{"kind":"Field","name":{"kind":"Name","value":"hnteCount"}},{"kind":"Field","name":{"kind":"Name","value":"techSmeCount"}},{"kind":"Field","name":{"kind":"Name","value":"jobs"}},{"kind":"Field","name":{"kind":"Name","value":"output"}},{"kind":"Field","name":{"kind":"Name","value":"hnteOutputShare"}}]}}]}}]}}]} as unknown as DocumentNode<ParkFiguresQuery, ParkFiguresQueryVariables>;
export const PortfolioDocument = {"__meta__":{"hash":"sha256:16492c751384cde4fb7ded1fe420cd22d63a4ecc88df1c345ad330c6bfdaaa7f"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Portfolio"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"investor"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"portfolio"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"investor"},"value":{"kind":"Variable","name":{"kind":"Name","value":"investor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"investor"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totals"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"holdings"}},{"kind":"Field","name":{"kind":"Name","value":"cost"}},{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"multiple"}},{"kind":"Field","name":{"kind":"Name","value":"lent"}},{"kind":"Field","name":{"kind":"Name","value":"loanBalance"}}]}},{"kind":"Field","name":{"kind":"Name","value":"holdings"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"ListValue","values":[{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"amount"},"value":{"kind":"EnumValue","value":"DESC"}}]}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"round"}},{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"stake"}},{"kind":"Field","name":{"kind":"Name","value":"latestValuation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"date"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"tenant"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"uscc"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"loans"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"balance"}},{"kind":"Field","name":{"kind":"Name","value":"classification"}},{"kind":"Field","name":{"kind":"Name","value":"bank"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"shortName"}}]}}]}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sourceId"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<PortfolioQuery, PortfolioQueryVariables>;
export const TenantsPageDocument = {"__meta__":{"hash":"sha256:11e942d1ba1d916d03a183448c53e6f34fac2c0a5c8307fa2e6d088b4ca83288"},"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"TenantsPage"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"where"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"TenantWhere"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"tenants"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"where"},"value":{"kind":"Variable","name":{"kind":"Name","value":"where"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"ListValue","values":[{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"name"},"value":{"kind":"EnumValue","value":"ASC"}}]}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"uscc"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"stage"}},{"kind":"Field","name":{"kind":"Name","value":"technologyField"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"enteredOn"}},{"kind":"Field","name":{"kind":"Name","value":"latestAnnualReport"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"year"}},{"kind":"Field","name":{"kind":"Name","value":"output"}},{"kind":"Field","name":{"kind":"Name","value":"staff"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<TenantsPageQuery, TenantsPageQueryVariables>;