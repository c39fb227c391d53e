import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  companyScore,
  coreName,
  formsOf,
  LEAST_SIMILARITY,
  NAME_SCORES,
  nameEvidence,
  nearness,
  normalName,
  pairWeight,
  regionsOf,
  SAME_NUMBER_SCORE,
  similarity,
} from '../../src/rules/companyName.js';

const regions = regionsOf('410771', '新乡市');
const evidence = (given: string, own: string, isFormer = false) => nameEvidence(formsOf(given, regions), formsOf(own, regions), isFormer);

/** Texts of what names are made of, and of anything. */
const names = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'新乡河南市省百都科技有限责任公司股份（）()【】　 Ａa·\u200b\u0301é') }),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
);

describe('a normal name', () => {
  it.each([
    ['full width', 'ＡＢＣ科技有限公司', 'ABC科技有限公司'],
    ['capital letters', 'abc科技有限公司', 'ABC科技有限公司'],
    ['brackets', '百都（新乡）科技有限公司', '百都(新乡)科技有限公司'],
    ['other brackets', '百都【新乡】科技有限公司', '百都(新乡)科技有限公司'],
    ['square brackets', '百都[新乡]科技有限公司', '百都(新乡)科技有限公司'],
    ['有限责任公司', '百都科技有限责任公司', '百都科技有限公司'],
    ['股份公司', '百都科技股份公司', '百都科技股份有限公司'],
    ['blanks', ' 百都 科技　有限公司\u00a0', '百都科技有限公司'],
    ['invisible characters', '百\u200b都\ufeff科技\u2060有限\u00ad公司\u202e', '百都科技有限公司'],
    ['composition', 'Cafe\u0301科技', 'CAFÉ科技'],
  ])('is the same but for %s', (_what, name, normal) => {
    expect(normalName(name)).toBe(normal);
  });

  it.each([
    ['a company limited by shares', '百都科技股份有限公司', '百都科技有限公司'],
    ['another place', '百都(新乡)科技有限公司', '百都(郑州)科技有限公司'],
    ['a branch', '百都科技有限公司新乡分公司', '百都科技有限公司'],
  ])('is not the same for %s', (_what, a, b) => {
    expect(normalName(a)).not.toBe(normalName(b));
  });

  it('of a normal name is itself', () => {
    fc.assert(
      fc.property(names, (name) => {
        expect(normalName(normalName(name))).toBe(normalName(name));
      }),
    );
  });

  it('is the same for every width, and for composed and decomposed characters', () => {
    const widen = (text: string): string => text.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0));
    fc.assert(
      fc.property(names, (name) => {
        expect(normalName(widen(name))).toBe(normalName(name));
        expect(normalName(name.normalize('NFD'))).toBe(normalName(name.normalize('NFC')));
      }),
    );
  });
});

describe('a core name', () => {
  it.each([
    ['新乡市百都科技有限公司', '百都科技'],
    ['河南省新乡市百都科技有限责任公司', '百都科技'],
    ['河南百都科技股份有限公司', '百都科技'],
    ['百都（河南）科技有限公司', '百都科技'],
    ['百都·科技公司', '百都科技'],
    ['百都科技有限公司新乡分公司', '百都科技有限公司新乡分公司'],
    ['新乡市', ''],
    ['', ''],
  ])('of %s is %j', (name, core) => {
    expect(coreName(name, regions)).toBe(core);
  });

  it('goes without the places around the park only', () => {
    expect(regions).toEqual(['新乡市', '河南市', '河南省', '新乡', '河南']);
    expect(coreName('郑州百都科技有限公司', regions)).toBe('郑州百都科技');
    expect(regionsOf('990000', '某州')).toEqual(['某州']);
  });
});

describe('similarity', () => {
  it('is symmetric, 0 to 1, and 1 of a text with itself', () => {
    fc.assert(
      fc.property(names, names, (a, b) => {
        const found = similarity(a, b);
        expect(found).toBe(similarity(b, a));
        expect(found >= 0n && found <= 1_000_000n).toBe(true);
        if (a !== '') expect(similarity(a, a)).toBe(1_000_000n);
      }),
    );
  });

  it('goes by how rare what they share is', () => {
    const common = new Set(['物联', '联网', '网科', '科技']);
    const weight = (pair: string) => pairWeight(common.has(pair) ? 20 : 1);
    expect(similarity('博骥物联网科技', '兰翔物联网科技', weight)).toBe(90_909n);
    expect(similarity('博骥物联网科技', '博骥物联科技', weight)).toBe(792_453n);
    expect(similarity('博骥物联网科技', '博骥物联网科技', weight)).toBe(1_000_000n);
    fc.assert(
      fc.property(names, names, fc.integer({ min: 1, max: 2_000_000 }), (a, b, many) => {
        const odd = (pair: string) => pairWeight((pair.codePointAt(0) ?? 0) % 2 === 0 ? many : 1);
        expect(similarity(a, b, odd)).toBe(similarity(b, a, odd));
        expect(similarity(a, b, odd) >= 0n && similarity(a, b, odd) <= 1_000_000n).toBe(true);
      }),
    );
  });

  it.each([
    ['永样智能制造', '永祥智能制造', 833_333n],
    ['永智能制造', '永祥智能制造', 833_333n],
    ['永祥智能制造', '永祥智能制造', 1_000_000n],
    ['永样智能制作', '永祥智能制造', 0n],
    ['百都', '百度', 500_000n],
    ['', '百', 0n],
    ['', '', 0n],
    ['\u{1f600}永', '永', 500_000n],
    ['aba', 'aa', 666_667n],
  ])('of one slip of the pen: %s and %s', (a, b, expected) => {
    expect(nearness(a, b)).toBe(expected);
    expect(nearness(b, a)).toBe(expected);
  });

  it.each([
    ['百都医疗器械', '百都医疗设备', 600_000n],
    ['百都医疗器械', '白都医疗器械', 800_000n],
    ['百都', '百', 0n],
    ['', '', 0n],
    ['aaaa', 'aa', 500_000n],
  ])('of %s and %s is exact', (a, b, expected) => {
    expect(similarity(a, b)).toBe(expected);
  });
});

describe('what a name is worth', () => {
  it.each([
    ['百都科技有限公司', '百都科技有限公司', 'SAME_NAME', 900_000n],
    [' 百都科技有限公司 ', '百都科技有限公司', 'SAME_NAME', 900_000n],
    ['百都科技有限责任公司', '百都科技有限公司', 'SAME_NORMALISED_NAME', 800_000n],
    ['新乡市百都科技有限公司', '河南百都科技股份有限公司', 'SAME_CORE_NAME', 650_000n],
    ['新乡市白都医疗器械有限公司', '新乡市百都医疗器械有限公司', 'SIMILAR_NAME', 458_333n],
  ])('%s for %s: %s', (given, own, ground, score) => {
    expect(evidence(given, own)).toEqual({ ground, score });
    const former = evidence(given, own, true);
    expect(former?.ground).toBe(ground.replace('_NAME', '_FORMER_NAME'));
    expect((former?.score ?? 0n) < score).toBe(true);
  });

  it.each([
    ['新乡市齐荣精密机械有限公司', '新乡市乾力电子技术有限公司'],
    ['', ''],
    ['有限公司', '新乡市'],
    ['\u200b', '百都科技有限公司'],
  ])('is nothing for %j and %j', (given, own) => {
    expect(evidence(given, own)).toBeUndefined();
  });

  it('is the same both ways, and less the less the names are alike', () => {
    fc.assert(
      fc.property(names, names, (a, b) => {
        expect(evidence(a, b)).toEqual(evidence(b, a));
      }),
    );
    const order = [NAME_SCORES.SAME_NAME, NAME_SCORES.SAME_FORMER_NAME, NAME_SCORES.SAME_NORMALISED_NAME, NAME_SCORES.SAME_NORMALISED_FORMER_NAME];
    const all = [...order, NAME_SCORES.SAME_CORE_NAME, NAME_SCORES.SAME_CORE_FORMER_NAME, NAME_SCORES.SIMILAR_NAME, NAME_SCORES.SIMILAR_FORMER_NAME];
    expect([...all].sort((a, b) => Number(b - a))).toEqual(all);
    expect(LEAST_SIMILARITY > 0n).toBe(true);
  });
});

describe('the score of a company', () => {
  it.each([
    ['the same number and the registered name', 900_000n, 'same', 1_000_000n],
    ['the same number and no name', 0n, 'same', 900_000n],
    ['the registered name alone', 900_000n, 'unknown', 900_000n],
    ['the registered name under another number', 900_000n, 'other', 450_000n],
    ['nothing', 0n, 'unknown', 0n],
  ] as const)('of %s', (_what, name, number, score) => {
    expect(companyScore(name, number)).toBe(score);
  });

  it('is 0 to 1, and rises with the name', () => {
    const worth = fc.bigInt(0n, NAME_SCORES.SAME_NAME);
    fc.assert(
      fc.property(worth, worth, fc.constantFrom('same', 'other', 'unknown'), (a, b, number) => {
        const [less, more] = a < b ? [a, b] : [b, a];
        expect(companyScore(less, number) <= companyScore(more, number)).toBe(true);
        for (const name of [a, b]) expect(companyScore(name, number) >= 0n && companyScore(name, number) <= 1_000_000n).toBe(true);
        expect(companyScore(a, 'same') >= SAME_NUMBER_SCORE).toBe(true);
        expect(companyScore(a, 'other') <= companyScore(a, 'unknown')).toBe(true);
      }),
    );
  });
});
