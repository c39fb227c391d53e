/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
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

/** What became of a source in an answer. 来源状态 */
export type SourceState =
  /** Read from the partner for this answer. 实时 */
  | 'LIVE'
  /** Read from the hub's copy. 镜像 */
  | 'MIRRORED'
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
  /** Entered the park on. 入驻日期 */
  enteredOn?: DateFilter | null | undefined;
  /** Founded on. 成立日期 */
  foundedOn?: DateFilter | null | undefined;
  /** Industry, GB/T 4754-2017 section and division ("C35"). 国民经济行业 */
  industry?: TextFilter | null | undefined;
  /** Left the park on (graduated or evicted). 离园日期 */
  leftOn?: DateFilter | null | undefined;
  /** Name as registered. 企业名称 */
  name?: TextFilter | null | undefined;
  /** This does not hold. 非 */
  not?: TenantWhere | null | undefined;
  /** At least one of these holds. 或 */
  or?: Array<TenantWhere> | null | undefined;
  /** Registered capital. 注册资本 */
  registeredCapital?: MoneyFilter | null | undefined;
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

export type FinancingBySourceQueryVariables = Exact<{
  from: string;
  to: string;
}>;


export type FinancingBySourceQuery = { financing: { totals: Array<{ count: number, group: { sourceId: string | null }, sum: { amount: string | null } }>, sources: Array<{ sourceId: string, state: SourceState, asOf: string | null, message: string | null }> } };

export type ParkFiguresQueryVariables = Exact<{
  years: Array<number> | number;
}>;


export type ParkFiguresQuery = { park: { name: string, figures: Array<{ year: number, tenantCount: number, hnteCount: number, techSmeCount: number, jobs: number, output: string, hnteOutputShare: string | null }> } };

export type PortfolioQueryVariables = Exact<{
  investor: string;
  first: number;
  after?: string | null | undefined;
}>;


export type PortfolioQuery = { portfolio: { investor: { name: string }, totals: { holdings: number, cost: string, value: string, multiple: string | null, lent: string, loanBalance: string }, holdings: { nodes: Array<{ id: string, round: InvestmentRound, amount: string, stake: string, latestValuation: { date: string, value: string } | null, tenant: { uscc: string, name: string, loans: { nodes: Array<{ id: string, balance: string, classification: LoanClassification, bank: { shortName: string } }> } } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } }, sources: Array<{ sourceId: string, state: SourceState, message: string | null }> } | null };

export type TenantsPageQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  where?: TenantWhere | null | undefined;
}>;


export type TenantsPageQuery = { tenants: { totalCount: number, nodes: Array<{ id: string, uscc: string, name: string, stage: CarrierKind, technologyField: TechnologyField, status: TenantStatus, enteredOn: string, latestAnnualReport: { year: number, output: string, staff: number } | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };


export const FinancingBySourceDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FinancingBySource"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"from"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Date"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"to"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Date"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"financing"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"where"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"date"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"gte"},"value":{"kind":"Variable","name":{"kind":"Name","value":"from"}}},{"kind":"ObjectField","name":{"kind":"Name","value":"lte"},"value":{"kind":"Variable","name":{"kind":"Name","value":"to"}}}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totals"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"groupBy"},"value":{"kind":"ListValue","values":[{"kind":"EnumValue","value":"SOURCE_ID"}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"group"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sourceId"}}]}},{"kind":"Field","name":{"kind":"Name","value":"count"}},{"kind":"Field","name":{"kind":"Name","value":"sum"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"amount"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sourceId"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"asOf"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<FinancingBySourceQuery, FinancingBySourceQueryVariables>;
export const ParkFiguresDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ParkFigures"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"years"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"park"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"figures"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"years"},"value":{"kind":"Variable","name":{"kind":"Name","value":"years"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"year"}},{"kind":"Field","name":{"kind":"Name","value":"tenantCount"}},{"kind":"Field","name":{"kind":"Name","value":"hnteCount"}},{"kind":"Field","name":{"kind":"Name","value":"techSmeCount"}},{"kind":"Field","name":{"kind":"Name","value":"jobs"}},{"kind":"Field","name":{"kind":"Name","value":"output"}},{"kind":"Field","name":{"kind":"Name","value":"hnteOutputShare"}}]}}]}}]}}]} as unknown as DocumentNode<ParkFiguresQuery, ParkFiguresQueryVariables>;
export const PortfolioDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Portfolio"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"investor"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"portfolio"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"investor"},"value":{"kind":"Variable","name":{"kind":"Name","value":"investor"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"investor"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totals"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"holdings"}},{"kind":"Field","name":{"kind":"Name","value":"cost"}},{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"multiple"}},{"kind":"Field","name":{"kind":"Name","value":"lent"}},{"kind":"Field","name":{"kind":"Name","value":"loanBalance"}}]}},{"kind":"Field","name":{"kind":"Name","value":"holdings"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"ListValue","values":[{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"amount"},"value":{"kind":"EnumValue","value":"DESC"}}]}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"round"}},{"kind":"Field","name":{"kind":"Name","value":"amount"}},{"kind":"Field","name":{"kind":"Name","value":"stake"}},{"kind":"Field","name":{"kind":"Name","value":"latestValuation"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"date"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}},{"kind":"Field","name":{"kind":"Name","value":"tenant"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"uscc"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"loans"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"balance"}},{"kind":"Field","name":{"kind":"Name","value":"classification"}},{"kind":"Field","name":{"kind":"Name","value":"bank"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"shortName"}}]}}]}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"sources"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sourceId"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<PortfolioQuery, PortfolioQueryVariables>;
export const TenantsPageDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"TenantsPage"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"where"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"TenantWhere"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"tenants"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"where"},"value":{"kind":"Variable","name":{"kind":"Name","value":"where"}}},{"kind":"Argument","name":{"kind":"Name","value":"orderBy"},"value":{"kind":"ListValue","values":[{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"name"},"value":{"kind":"EnumValue","value":"ASC"}}]}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"uscc"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"stage"}},{"kind":"Field","name":{"kind":"Name","value":"technologyField"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"enteredOn"}},{"kind":"Field","name":{"kind":"Name","value":"latestAnnualReport"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"year"}},{"kind":"Field","name":{"kind":"Name","value":"output"}},{"kind":"Field","name":{"kind":"Name","value":"staff"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<TenantsPageQuery, TenantsPageQueryVariables>;