/** What the article prints (新乡日报, 2022-01-05) and the rows must add up to; and the same as reported figures, in its words. */
import { yuan } from './amounts.js';

/** The figures that rows carry. Money in fen. */
export const ARTICLE = {
  tenants: 146,
  highTech: { 2018: 5, 2020: 15, 2021: 24 },
  techSme: { 2018: 10, 2019: 21, 2020: 36, 2021: 54 },
  /** 2018 and 2021 are the article's; the years between are ours. */
  output: { 2018: yuan(200_000_000), 2019: yuan(258_400_000), 2020: yuan(331_600_000), 2021: yuan(420_000_000) },
  /** 56.85 % of the output of 2021. */
  highTechOutput2021: yuan(238_770_000),
  jobs2021: 1_235,
  patents: 890,
  inventions: 48,
  totalArea: 36_000,
  evicted: 64,
  /** "More than 200". */
  graduates: 206,
  rentWaived: yuan(590_000),
  /** "40余万". */
  reliefGoods: yuan(406_800),
  shelters: 24,
  financing2021: yuan(14_500_000),
} as const;

/** The tenant that the article tells of; the legal form of its name is ours. */
export const GUANGXING = '新乡市广兴科技有限公司';

/** The graduate that the article names. */
export const TUOXIN = '新乡拓新药业股份有限公司';

/** One row of reportedFigures.csv. */
export interface ReportedFigureRow {
  readonly term: string;
  readonly year: number | null;
  readonly value: string;
  readonly unit: 'CNY' | '%' | 'm2' | 'count' | 'year' | 'month' | 'ratio';
  readonly qualifier: 'EXACT' | 'ABOUT' | 'AT_LEAST' | 'MORE_THAN' | 'TARGET';
  readonly statement: string;
  readonly note: string | null;
}

const figure = (
  term: string,
  year: number | null,
  value: string,
  unit: ReportedFigureRow['unit'],
  statement: string,
  note: string | null = null,
  qualifier: ReportedFigureRow['qualifier'] = 'EXACT',
): ReportedFigureRow => ({ term, year, value, unit, qualifier, statement, note });

/** Every figure of the article that is not a tenant's own claim, as printed. */
export const REPORTED_FIGURES: readonly ReportedFigureRow[] = [
  figure('tenantCount', 2021, '146', 'count', '截至目前，已有146家企业入驻园区', 'The same 146 are called 入驻, 科技型, 落户孵化 and 在孵 in turn.'),
  figure('hnteCount', 2021, '24', 'count', '其中有24家高新技术企业'),
  figure('hnteCount', 2018, '5', 'count', '高新技术企业数量由2018年的5家增长至今年的24家', '"今年" is 2021 in a paper of 2022-01-05.'),
  figure('reportedHnteShare', 2021, '16.5', '%', '24家成功申报为国家认定高新技术企业，占园区企业总数的16.5%', '24 of 146 is 16.44 %, rounded 16.4 %.'),
  figure('techSmeCount', 2021, '54', 'count', '54家科技型中小企业', 'May overlap with the 24 HNTEs: the union is between 54 and 78.'),
  figure('techSmeCount', 2018, '10', 'count', '科技型中小企业数量由2018年的10家增长至今年的54家'),
  figure('cityIncubatorCount', 2021, '31', 'count', '高企数量在新乡31家孵化器中名列前茅', 'No rank is stated; once by 高企数量, once by 高企总量.'),
  figure(
    'hnteTarget',
    2022,
    '35',
    'count',
    '到明年年底，园区高企数量有望增加至35家',
    '24 and the further 11. "明年" is 2022 by the writing, 2023 by the date of print.',
    'TARGET',
  ),
  figure(
    'hnteAdded',
    null,
    '9',
    'count',
    '新增9家高企，预计再增11家',
    'Only in a sub-heading, without a period; the rows take it for 2021 (15 at the end of 2020).',
  ),
  figure('totalArea', 2021, '36000', 'm2', '总面积达3.6万㎡', "The total area, not the area in tenants' use."),
  figure('annualOutput', 2021, '420000000', 'CNY', '园区产值从2018年的2亿元增长至今年的4.2亿元', 'Rounded to ten million yuan.'),
  figure('annualOutput', 2018, '200000000', 'CNY', '园区产值从2018年的2亿元增长至今年的4.2亿元', 'Rounded to a hundred million yuan.'),
  figure('hnteOutputShare', 2021, '56.85', '%', '24家高企年总产值占创客小镇2021年总产值的56.85%', 'Two places, of a total that is rounded to 4.2亿.'),
  figure('jobs', 2021, '1235', 'count', '解决就业岗位1235个'),
  figure('patentsFiled', 2021, '890', 'count', '园区企业申报专利总数890个', 'Filed, not granted; cumulative is our reading.'),
  figure('inventionPatents', 2021, '48', 'count', '其中发明专利48项', 'Not said whether filed or granted; the classifier changes from 个 to 项.'),
  figure(
    'financingFacilitated',
    2021,
    '14500000',
    'CNY',
    '2021年辅助园区企业融资总额达1450万元',
    '"辅助": helped along. Not split into equity and debt, nor by partner.',
  ),
  figure('admissionRate', null, '0.333333', 'ratio', '从比例上看，最终成功入园的企业仅有1/3', 'One third; the base is not stated.'),
  figure('evictedCount', 2021, '64', 'count', '2018年末起……目前已清退了约64家企业', 'Since the end of 2018; "约".', 'ABOUT'),
  figure('observationPeriod', null, '6', 'month', '半年观察期内既无专利也无产值的'),
  figure('rentWaived', null, '590000', 'CNY', '在疫情期间，创客小镇为在孵企业减免了59万元租金', 'The year is not stated; the rows take it for 2020.'),
  figure(
    'reliefGoodsRaised',
    2021,
    '400000',
    'CNY',
    '园区筹募社会物资40余万元用于一线救灾工作',
    'The year is not stated; the flood was that of July 2021.',
    'AT_LEAST',
  ),
  figure('shelterCount', 2021, '24', 'count', '精准采购抗洪物资扶持24个灾民安置点'),
  figure(
    'graduateCount',
    2021,
    '200',
    'count',
    '园区已累计毕业企业超过200家',
    'Cumulative: cannot be of three years of operation; since 2003 presumably.',
    'MORE_THAN',
  ),
  figure(
    'nationalRecognitionYear',
    2003,
    '2003',
    'year',
    '创客小镇于2003年被科技部认定为国家级孵化器',
    'The holder of 2003 must be older than the park, which has been run for three years; it is not named.',
  ),
  figure('operatingYears', 2021, '3', 'year', '创客小镇运营3年来'),
  figure('bottomEliminationStart', 2018, '2018', 'year', '2018年末起，创客小镇对入园企业的考核启用了“末位淘汰”的制度', 'The end of 2018; no day is stated.'),
  figure('occupancy', 2021, '100', '%', '我们园区现在处于满载状态，但依旧有优质企业排队入驻', 'Printed as a state, full (满载); 100 % is our reading.'),
  figure(
    'premises',
    2021,
    '300',
    'm2',
    '而在半年前，这家企业还在300㎡的厂房里自制五轴数控机床进行产品研发',
    'Of 广兴科技, half a year before; not said whether the new plant is in the park.',
  ),
];

/** What 广兴科技 states of its laminating machine 发泡板材生产线双履带层压机. */
export const GUANGXING_CLAIMS: readonly { measure: string; low: string; high: string | null; unit: string }[] = [
  { measure: 'precision', low: '-0.15', high: '0.15', unit: 'mm' },
  { measure: 'machineLength', low: '37', high: null, unit: 'm' },
  { measure: 'machineWidth', low: '1.3', high: null, unit: 'm' },
  { measure: 'energySaving', low: '40', high: '50', unit: '%' },
  { measure: 'lineSpeed', low: '3', high: null, unit: 'm/min' },
  // "Not above 30": the lower end of the range is not stated.
  { measure: 'noise', low: '0', high: '30', unit: 'dB' },
];
