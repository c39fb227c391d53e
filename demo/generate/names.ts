/** Made-up names of companies: place, two characters, trade, 有限公司. No two alike. */
import type { Random } from './random.js';
import type { FieldWords } from './vocabulary.js';

const FIRST =
  '安百邦博辰诚驰创德鼎东恩帆丰峰富冠广海瀚豪昊恒弘鸿华汇佳嘉建金锦精景九聚凯康科兰朗乐力立联亮林凌隆茂铭牧诺普齐启千乾青擎融锐瑞润森尚盛硕思腾天通拓万维沃熙翔新信星轩亚扬耀一亿益盈永优宇裕元源远云泽展昭振正致智中众卓';
const SECOND =
  '安昂奥博辰成诚达道德迪鼎都尔帆方飞菲丰福刚格冠海涵翰航禾恒虹华辉惠骥佳嘉坚杰捷晶炬凯康可朗乐理力利联良亮霖凌隆迈茂美蒙铭能诺派培鹏平谱琪奇骐千强勤青泉仁荣瑞润森尚盛石舒曙硕泰涛特腾天田通途旺威为维伟沃熙祥翔信兴旭雅扬阳业易益毅盈永友宇誉原源远悦越云泽展哲臻振正志洲卓';

/** Well-known names that chance must not hit. */
const TAKEN = [
  '华为',
  '百度',
  '中兴',
  '中科',
  '中石',
  '天通',
  '金蝶',
  '科达',
  '新华',
  '海康',
  '美的',
  '华安',
  '汇丰',
  '恒瑞',
  '拓新',
  '广兴',
  '康达',
  '建业',
  '金龙',
  '联通',
  '中信',
  '中华',
  '新天',
  '科力',
];

const PLACES: readonly (readonly [string, number])[] = [
  ['新乡市', 62],
  ['河南', 26],
  ['新乡', 12],
];

/** Makes names, each once. */
export class NameMaker {
  readonly #random: Random;
  readonly #cores: Set<string>;

  /** `others`: names whose two characters may not come again. */
  constructor(random: Random, others: readonly string[] = []) {
    this.#random = random;
    this.#cores = new Set([
      ...TAKEN,
      ...others.map((name) => PLACES.reduce((core, [place]) => (core.startsWith(place) ? core.slice(place.length) : core), name).slice(0, 2)),
    ]);
  }

  /** A name for a company of the field; `team` leaves the legal form away, for an applicant that is not yet a company. */
  make(words: FieldWords, team = false): string {
    for (;;) {
      const core = this.#random.pick([...FIRST]) + this.#random.pick([...SECOND]);
      if (core[0] === core[1] || this.#cores.has(core)) continue;
      this.#cores.add(core);
      const trade = this.#random.pick(words.trades);
      return team ? `${core}${trade}创业团队` : `${this.#random.pickWeighted(PLACES)}${core}${trade}有限公司`;
    }
  }
}
