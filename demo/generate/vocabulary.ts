/** The words that made-up companies, products and patents are named from, by field of technology. */
import type { TechnologyField } from '../../src/entities/tenancy/enums.js';

/** What a field of technology brings with it. */
export interface FieldWords {
  readonly field: TechnologyField;
  /** How many of a hundred companies are in it. */
  readonly weight: number;
  /** GB/T 4754-2017 section and division. */
  readonly industries: readonly string[];
  /** The trade in a company's name: 新乡市××【智能装备】有限公司. */
  readonly trades: readonly string[];
  /** What its patents are about. */
  readonly products: readonly string[];
  /** The part or deed that a patent improves. */
  readonly features: readonly string[];
}

/** One entry for each of the eight fields of 国科发火〔2016〕32号. */
export const FIELDS: readonly FieldWords[] = [
  {
    field: 'ADVANCED_MANUFACTURING',
    weight: 33,
    industries: ['C34', 'C35', 'C35', 'C40', 'C33'],
    trades: ['智能装备', '机械科技', '自动化科技', '精密机械', '数控科技', '智能制造'],
    products: [
      '五轴加工中心',
      '振动筛',
      '输送机',
      '起重机',
      '滤芯焊接设备',
      '自动上料机',
      '数控车床',
      '包装生产线',
      '码垛机器人',
      '筛分设备',
      '液压机',
      '层压机',
    ],
    features: ['定位夹具', '减振机构', '自动润滑装置', '除尘装置', '防护装置', '送料机构', '翻转机构', '张紧装置', '在线检测装置', '传动机构'],
  },
  {
    field: 'ELECTRONIC_INFORMATION',
    weight: 24,
    industries: ['I65', 'I65', 'I64', 'C39'],
    trades: ['信息技术', '软件科技', '物联网科技', '网络科技', '电子科技', '数据科技'],
    products: [
      '农业物联网终端',
      '车间数据采集终端',
      '智能门禁',
      '冷链监测终端',
      '能耗监测网关',
      '无线传感节点',
      '工业相机',
      '边缘计算网关',
      '智能水表',
      '考勤终端',
    ],
    features: ['数据传输电路', '散热结构', '低功耗唤醒电路', '安装支架', '防水外壳', '信号增强装置', '供电电路', '图像识别系统', '告警系统'],
  },
  {
    field: 'BIOLOGY_AND_MEDICINE',
    weight: 11,
    industries: ['C27', 'C27', 'M73', 'C35'],
    trades: ['生物科技', '医疗科技', '医疗器械', '生物技术', '医药科技'],
    products: ['一次性采血器', '体外诊断试剂盒', '医用雾化器', '康复训练器', '核酸提取仪', '医用敷料', '理疗床', '培养箱', '医用护理垫', '骨科固定支具'],
    features: ['密封结构', '消毒装置', '恒温装置', '可调节支撑装置', '防污染结构', '取样装置', '固定装置'],
  },
  {
    field: 'NEW_MATERIALS',
    weight: 12,
    industries: ['C26', 'C29', 'C30', 'C28'],
    trades: ['新材料科技', '新材料', '高分子材料', '复合材料科技'],
    products: ['发泡板材', '耐磨涂层', '玻璃纤维滤纸', '改性塑料颗粒', '碳纤维管', '保温板', '陶瓷刀具', '电池隔膜', '水性涂料', '再生橡胶板'],
    features: ['混料装置', '烘干装置', '裁切装置', '制备装置', '冷却装置', '收卷装置', '成型模具', '研磨装置'],
  },
  {
    field: 'HIGH_TECH_SERVICES',
    weight: 7,
    industries: ['M73', 'M74', 'M75', 'L72'],
    trades: ['检测技术', '工业设计', '工程技术', '科技服务', '技术服务'],
    products: ['水质检测仪', '土壤采样器', '建材试验机', '无损探伤仪', '计量标定台', '环境试验箱', '展示台', '检测样品架'],
    features: ['夹持装置', '校准装置', '采样装置', '防护装置', '升降机构', '照明装置'],
  },
  {
    field: 'ENERGY',
    weight: 7,
    industries: ['C38', 'C38', 'D44'],
    trades: ['新能源科技', '能源科技', '电源科技', '节能科技'],
    products: ['锂电池模组', '动力电池箱', '光伏支架', '充电桩', '空气能热泵', '余热回收设备', '化成分容柜', '储能电源'],
    features: ['散热装置', '均衡电路', '固定装置', '防尘装置', '监测装置', '绝缘结构', '换热装置'],
  },
  {
    field: 'RESOURCES_AND_ENVIRONMENT',
    weight: 5,
    industries: ['N77', 'C35', 'D46'],
    trades: ['环保科技', '环境科技', '环境工程', '水务科技'],
    products: ['污水处理设备', '除尘器', '废气吸附塔', '污泥脱水机', '垃圾分选机', '反渗透净水机', '曝气设备'],
    features: ['反冲洗装置', '加药装置', '过滤机构', '刮泥机构', '清灰装置', '排渣装置'],
  },
  {
    field: 'AEROSPACE',
    weight: 1,
    industries: ['C37'],
    trades: ['航空科技', '无人机科技'],
    products: ['植保无人机', '航测无人机', '航空滤芯', '飞行器起落架'],
    features: ['快拆结构', '减震支架', '喷洒装置', '折叠机臂', '密封结构'],
  },
];

/** The words of a field. */
export function wordsOf(field: TechnologyField): FieldWords {
  const found = FIELDS.find((entry) => entry.field === field);
  if (!found) throw new Error(`wordsOf: expected one of the eight fields, but got: ${field}.`);
  return found;
}
