/**
 * How much speaks for a company that a partner names being one that the park knows: the name, and the business
 * registration number 注册号. The score only orders what a park officer looks at: it joins nothing.
 */
import { type Millionths, ratio } from '../values/decimal.js';

/** What may speak for (or against) a company being the one. */
export type Ground =
  | 'SAME_REGISTRATION_NUMBER'
  | 'OTHER_REGISTRATION_NUMBER'
  | 'SAME_NAME'
  | 'SAME_FORMER_NAME'
  | 'SAME_NORMALISED_NAME'
  | 'SAME_NORMALISED_FORMER_NAME'
  | 'SAME_CORE_NAME'
  | 'SAME_CORE_FORMER_NAME'
  | 'SIMILAR_NAME'
  | 'SIMILAR_FORMER_NAME';

/** What a name by itself is worth, in millionths: the one table of the rule. Of several names the one that is worth most counts. */
export const NAME_SCORES = {
  SAME_NAME: 900_000n,
  SAME_FORMER_NAME: 850_000n,
  SAME_NORMALISED_NAME: 800_000n,
  SAME_NORMALISED_FORMER_NAME: 750_000n,
  SAME_CORE_NAME: 650_000n,
  SAME_CORE_FORMER_NAME: 600_000n,
  /** Times the similarity, which is less than 1 here or of two names that are not the same. */
  SIMILAR_NAME: 550_000n,
  SIMILAR_FORMER_NAME: 500_000n,
} as const satisfies Partial<Record<Ground, Millionths>>;

/** Names less similar than this are not alike at all. */
export const LEAST_SIMILARITY: Millionths = 500_000n;

/** How much it says that two names share a pair of characters: the fewer names have it, the more. */
export type PairWeight = (pair: string) => bigint;

/** The same registration number is worth so much by itself; what the name is worth fills the rest up to 1. */
export const SAME_NUMBER_SCORE: Millionths = 900_000n;

const ONE: Millionths = 1_000_000n;

/** A name in the forms in which it is compared. */
export interface NameForms {
  /** Without blanks around it. */
  readonly text: string;
  readonly normal: string;
  /** Empty where nothing is left of it. */
  readonly core: string;
}

/** What one name of a tenant is worth for a name that a partner gives. */
export interface NameEvidence {
  readonly ground: keyof typeof NAME_SCORES;
  readonly score: Millionths;
}

/** The forms of a name. @param regions names of the places around, such as 河南 and 新乡市, which a core goes without */
export function formsOf(name: string, regions: readonly string[]): NameForms {
  return { text: name.trim(), normal: normalName(name), core: coreName(name, regions) };
}

/** What a name of the tenant says of the name given: undefined where they are not alike. */
export function nameEvidence(given: NameForms, own: NameForms, isFormer: boolean, weight?: PairWeight): NameEvidence | undefined {
  const found = alike(given, own, weight);
  if (!found) return undefined;
  const ground = `${found.ground}_${isFormer ? 'FORMER_' : ''}NAME` as keyof typeof NAME_SCORES;
  return { ground, score: (NAME_SCORES[ground] * found.similarity) / ONE };
}

/**
 * The score of a company, 0 to 1 in millionths. The same registration number is worth 0.9 and a tenth of the rest that the
 * name is worth; a number that is another one halves what the name is worth, for two companies may bear one name.
 *
 * @param name what its best name is worth
 * @param number whether both numbers are known, and are the same
 */
export function companyScore(name: Millionths, number: 'same' | 'other' | 'unknown'): Millionths {
  if (number === 'same') return SAME_NUMBER_SCORE + (name * (ONE - SAME_NUMBER_SCORE)) / NAME_SCORES.SAME_NAME;
  return number === 'other' ? name / 2n : name;
}

/**
 * A name as it is the same company's by law, however it is typed: full and half width (NFKC), brackets of all kinds as
 * round ones, without blanks and invisible characters, 有限责任公司 as 有限公司 and 股份公司 as 股份有限公司 (Company Law, art. 8).
 */
export function normalName(name: string): string {
  let text = name;
  // One step may open the way for another: taking out an invisible character joins what it kept apart.
  for (;;) {
    const next = normalStep(text);
    if (next === text) return text;
    text = next;
  }
}

/** A normal name without its legal form, the places before it or in brackets, and any other signs. */
export function coreName(name: string, regions: readonly string[]): string {
  let text = regions.reduce((left, region) => left.replaceAll(`(${region})`, ''), normalName(name));
  text = text.replace(/[\p{P}\p{S}]/gu, '').replace(/(股份)?有限公司$|(?<!分)公司$/u, '');
  for (;;) {
    const region = regions.find((place) => place !== '' && text.startsWith(place));
    if (region === undefined) return text;
    text = text.slice(region.length);
  }
}

/**
 * How alike two texts are, 0 to 1 in millionths: twice the pairs of neighbouring characters that they share, by all that
 * they have (Dice), each by its weight. So 物联网科技, which many names end with, makes no two of them alike.
 *
 * @param weight above 0; 1 for every pair unless told
 */
export function similarity(a: string, b: string, weight: PairWeight = () => 1n): Millionths {
  const [own, others] = [pairsOf(a), pairsOf(b)];
  const left = new Map<string, number>();
  for (const pair of own) left.set(pair, (left.get(pair) ?? 0) + 1);
  let shared = 0n;
  for (const pair of others) {
    const count = left.get(pair) ?? 0;
    if (count === 0) continue;
    left.set(pair, count - 1);
    shared += weight(pair);
  }
  const all = [...own, ...others].reduce((sum, pair) => sum + weight(pair), 0n);
  return ratio(2n * shared, all) ?? 0n;
}

/** How near two texts are where no more than one character was left out, put in or mistyped: the share of the longer that is the same; else 0. */
export function nearness(a: string, b: string): Millionths {
  const [own, others] = [[...a], [...b]];
  const longest = Math.max(own.length, others.length);
  const shortest = Math.min(own.length, others.length);
  let start = 0;
  while (start < shortest && own[start] === others[start]) start++;
  let end = 0;
  while (end < shortest - start && own[own.length - 1 - end] === others[others.length - 1 - end]) end++;
  const apart = longest - start - end;
  return apart > 1 || longest === 0 ? 0n : (ratio(BigInt(longest - apart), BigInt(longest)) as Millionths);
}

/** The weight of a pair that stands in so many of all names. */
export function pairWeight(names: number): bigint {
  return ONE / BigInt(Math.max(1, Math.min(names, 1_000_000)));
}

/** The pairs of neighbouring characters of a text; of a single character itself. */
export function pairsOf(text: string): string[] {
  const characters = [...text];
  if (characters.length < 2) return characters;
  return characters.slice(1).map((character, index) => `${characters[index]}${character}`);
}

function alike(
  given: NameForms,
  own: NameForms,
  weight?: PairWeight,
): { ground: 'SAME' | 'SAME_NORMALISED' | 'SAME_CORE' | 'SIMILAR'; similarity: Millionths } | undefined {
  if (given.text !== '' && given.text === own.text) return { ground: 'SAME', similarity: ONE };
  if (given.normal !== '' && given.normal === own.normal) return { ground: 'SAME_NORMALISED', similarity: ONE };
  if (given.core === '' || own.core === '') return undefined;
  if (given.core === own.core) return { ground: 'SAME_CORE', similarity: ONE };
  const [pairs, near] = [similarity(given.core, own.core, weight), nearness(given.core, own.core)];
  const found = pairs > near ? pairs : near;
  return found < LEAST_SIMILARITY ? undefined : { ground: 'SIMILAR', similarity: found };
}

function normalStep(text: string): string {
  return text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\p{Cc}\p{Cf}\p{Z}\p{Default_Ignorable_Code_Point}]/gu, '')
    .replace(/[[{【〔〖〘〚《〈「『]/gu, '(')
    .replace(/[\]}】〕〗〙〛》〉」』]/gu, ')')
    .replace(/股份有限责任公司|股份公司/gu, '股份有限公司')
    .replaceAll('有限责任公司', '有限公司');
}

/** Names of the provinces by the first two digits of an area code (GB/T 2260), without their kind. */
const PROVINCES: Readonly<Record<string, string>> = {
  11: '北京',
  12: '天津',
  13: '河北',
  14: '山西',
  15: '内蒙古',
  21: '辽宁',
  22: '吉林',
  23: '黑龙江',
  31: '上海',
  32: '江苏',
  33: '浙江',
  34: '安徽',
  35: '福建',
  36: '江西',
  37: '山东',
  41: '河南',
  42: '湖北',
  43: '湖南',
  44: '广东',
  45: '广西',
  46: '海南',
  50: '重庆',
  51: '四川',
  52: '贵州',
  53: '云南',
  54: '西藏',
  61: '陕西',
  62: '甘肃',
  63: '青海',
  64: '宁夏',
  65: '新疆',
};

/** The places that names of companies around carry, the longest first. @param areaCode of the park, six digits. @param city such as 新乡市 */
export function regionsOf(areaCode: string, city: string): string[] {
  const province = PROVINCES[areaCode.slice(0, 2)];
  const cityName = city.replace(/[市州盟]$/u, '');
  const places = [...(province ? [`${province}省`, `${province}市`, province] : []), city, ...(cityName.length > 1 ? [`${cityName}市`, cityName] : [])];
  return [...new Set(places)].filter((place) => place !== '').sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
}
