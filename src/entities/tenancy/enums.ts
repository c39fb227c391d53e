import { defineEnum, type ValueOf } from '../enums.js';

export const CarrierKind = defineEnum('CarrierKind', 'A link of the incubation chain. 孵化载体类型', {
  MAKER_SPACE: 'Maker space. 众创空间',
  INCUBATOR: 'Incubator. 孵化器',
  ACCELERATOR: 'Accelerator. 加速器',
});
export type CarrierKind = ValueOf<typeof CarrierKind>;

export const AccreditationLevel = defineEnum('AccreditationLevel', 'Who recognised it. 认定级别', {
  NATIONAL: 'National. 国家级',
  PROVINCIAL: 'Provincial. 省级',
  MUNICIPAL: 'Municipal. 市级',
  PILOT: 'Pilot. 试点',
});
export type AccreditationLevel = ValueOf<typeof AccreditationLevel>;

export const TenantStatus = defineEnum('TenantStatus', 'Where a company stands with the park. 企业状态', {
  IN_PARK: 'In the park. 在园',
  GRADUATED: 'Graduated. 毕业',
  EVICTED: 'Evicted by bottom elimination. 清退',
});
export type TenantStatus = ValueOf<typeof TenantStatus>;

export const TechnologyField = defineEnum('TechnologyField', 'The eight fields of 国科发火〔2016〕32号. 国家重点支持的高新技术领域', {
  ELECTRONIC_INFORMATION: 'Electronic information. 电子信息',
  BIOLOGY_AND_MEDICINE: 'Biology and new medicine. 生物与新医药',
  AEROSPACE: 'Aerospace. 航空航天',
  NEW_MATERIALS: 'New materials. 新材料',
  HIGH_TECH_SERVICES: 'High-tech services. 高技术服务',
  ENERGY: 'New energy and energy saving. 新能源与节能',
  RESOURCES_AND_ENVIRONMENT: 'Resources and environment. 资源与环境',
  ADVANCED_MANUFACTURING: 'Advanced manufacturing and automation. 先进制造与自动化',
});
export type TechnologyField = ValueOf<typeof TechnologyField>;

export const PatentKind = defineEnum('PatentKind', 'Kind of patent. 专利类型', {
  INVENTION: 'Invention. 发明专利',
  UTILITY_MODEL: 'Utility model. 实用新型',
  DESIGN: 'Design. 外观设计',
});
export type PatentKind = ValueOf<typeof PatentKind>;

export const PatentStatus = defineEnum('PatentStatus', 'Legal state of a patent. 法律状态', {
  FILED: 'Filed. 申请',
  GRANTED: 'Granted. 授权',
  LAPSED: 'Lapsed or refused. 失效',
});
export type PatentStatus = ValueOf<typeof PatentStatus>;

export const CertificationKind = defineEnum('CertificationKind', 'Kind of certification. 资质类型', {
  HNTE: 'High and new technology enterprise (国科发火〔2016〕32号). 高新技术企业',
  TECH_SME: 'Technology-based small or medium enterprise (国科发政〔2017〕115号). 科技型中小企业',
});
export type CertificationKind = ValueOf<typeof CertificationKind>;

export const FigureQualifier = defineEnum('FigureQualifier', 'How exactly a reported figure is stated. 数据口径', {
  EXACT: 'As printed. 确数',
  ABOUT: 'About (约). 约数',
  AT_LEAST: 'At least, "余". 以上',
  MORE_THAN: 'More than (超过). 超过',
  TARGET: 'A target, not a result. 目标',
});
export type FigureQualifier = ValueOf<typeof FigureQualifier>;
