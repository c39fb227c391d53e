import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfinementError, confine, loadPark } from '../../src/config/park.js';
import { describeProblem } from '../../src/config/problem.js';
import { bankYml, folderWith, PARK_YML } from './parkFolder.js';

async function linesOf(folder: string): Promise<{ sources: string[]; lines: string[]; ok: boolean }> {
  const loaded = await loadPark(folder);
  return { ok: loaded.ok, sources: loaded.ok ? loaded.sources.map(({ file }) => file.id) : [], lines: loaded.problems.map(describeProblem) };
}

describe('a park', () => {
  it('is its park.yml and every folder with a source.yml, in the order of their ids', async () => {
    const folder = folderWith({
      'park.yml': PARK_YML,
      'spdb/source.yml': bankYml('spdb'),
      'icbc/source.yml': bankYml('icbc'),
      'register/tenants.csv': '',
      'README.md': '',
    });
    const loaded = await loadPark(folder);
    if (!loaded.ok) throw new Error(loaded.problems.map(describeProblem).join('\n'));
    expect(loaded.problems).toEqual([]);
    expect(loaded.park).toMatchObject({ id: 'xinxiang', timeZone: 'Asia/Shanghai', asOf: '2021-12-31T16:00:00.000Z' });
    expect(loaded.sources.map((source) => [source.folder, source.file.id])).toEqual([
      [join(folder, 'icbc'), 'icbc'],
      [join(folder, 'spdb'), 'spdb'],
    ]);
    expect(loaded.sources[0]?.file.books.Loan?.columns.number).toEqual({ column: 'dkbh' });
  });

  it('may say what the claims of an access token make of a viewer; what is wrong there is named', async () => {
    const rules = (viewer: string) => folderWith({ 'park.yml': `viewers:\n  - { claim: roles, has: x, viewer: ${viewer} }\n${PARK_YML}` });
    const loaded = await loadPark(rules('{ kind: BANK, source: icbc }'));
    expect(loaded.ok && loaded.park.viewers).toEqual([{ claim: 'roles', has: 'x', viewer: { kind: 'BANK', source: 'icbc' } }]);
    for (const viewer of ['{ kind: GOD }', '{ kind: SYSTEM }', '{ kind: BANK }', '{ kind: PARK, role: admin }', '{ kind: BANK, source: icbc, role: ADMIN }']) {
      const { ok, lines } = await linesOf(rules(viewer));
      expect(ok).toBe(false);
      expect(lines[0]).toMatch(/^park\.yml:2: viewers\.0\.viewer.*: expected .*, but got: /);
    }
  });

  it('may be a link to a folder', async () => {
    const folder = folderWith({ 'real/park.yml': PARK_YML, 'real/icbc/source.yml': bankYml('icbc') });
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    expect(await linesOf(join(folder, 'link'))).toEqual({ ok: true, sources: ['icbc'], lines: [] });
  });
});

describe('a source that is wrong', () => {
  it('is left out with its file, line and field; the others stay', async () => {
    const folder = folderWith({
      'park.yml': PARK_YML,
      'icbc/source.yml': bankYml('icbc').replace('unit: 万元}\n      balance', 'unit: 万块}\n      balance'),
      'spdb/source.yml': bankYml('spdb').replace('amount:', 'amuont:'),
      'bocom/source.yml': bankYml('bocom'),
    });
    expect(await linesOf(folder)).toEqual({
      ok: true,
      sources: ['bocom'],
      lines: [
        'icbc/source.yml:19: books.Loan.columns.amount.unit: expected one of 分, 元, 千元, 万元, 百万元, 亿元, %, ‰, bp (did you mean 万元?), but got: 万块',
        'spdb/source.yml:15: books.Loan.columns.amount: expected a column for amount, which every Loan has, but got: none',
        'spdb/source.yml:19: books.Loan.columns.amuont: expected an attribute of Loan: one of number, tenantUscc, productCode, kind, amount, balance, rate, date, maturesOn, classification, status (did you mean amount?), but got: amuont',
      ],
    });
  });

  it.each([
    ['whose id is not the name of its folder', 'icbc', bankYml('ibcc'), "icbc/source.yml:1: id: expected the name of the source's folder, icbc, but got: ibcc"],
    ["whose id is the register's", 'park', bankYml('park'), "park/source.yml:1: id: expected another id: park is the hub's own register, but got: park"],
    [
      'that is no YAML',
      'icbc',
      'id: [',
      'icbc/source.yml:1: expected valid YAML 1.2, but got: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    ['that is empty', 'icbc', '', 'icbc/source.yml:1: expected a block of fields, but got: an empty value'],
    ['in another encoding', 'icbc', new Uint8Array([0xc4, 0xe3]), 'icbc/source.yml: expected text in UTF-8, but got: bytes that are not UTF-8'],
    ['that is too large', 'icbc', `#${'x'.repeat(1024 * 1024)}`, 'icbc/source.yml: expected at most 1048576 bytes, but got: 1048577 bytes'],
  ])('%s', async (_, name, content, line) => {
    const { ok, sources, lines } = await linesOf(folderWith({ 'park.yml': PARK_YML, [`${name}/source.yml`]: content }));
    expect({ ok, sources }).toEqual({ ok: true, sources: [] });
    expect(lines[0]).toBe(line);
  });

  it('under another name is noticed', async () => {
    const { lines } = await linesOf(folderWith({ 'park.yml': PARK_YML, 'icbc/source.yaml': bankYml('icbc') }));
    expect(lines).toEqual(['icbc/source.yml: expected a file named source.yml, but got: one named source.yaml']);
  });

  it('that is a folder is noticed', async () => {
    const folder = folderWith({ 'park.yml': PARK_YML });
    mkdirSync(join(folder, 'icbc', 'source.yml'), { recursive: true });
    expect((await linesOf(folder)).lines).toEqual(['icbc/source.yml: expected a file, but got: a folder or a device']);
  });

  it('outside the park is not followed, whether its folder or its file is the link', async () => {
    const outside = folderWith({ 'icbc/source.yml': bankYml('icbc') });
    const folder = folderWith({ 'park.yml': PARK_YML, 'spdb/loans.db': '' });
    symlinkSync(join(outside, 'icbc'), join(folder, 'icbc'));
    symlinkSync(join(outside, 'icbc', 'source.yml'), join(folder, 'spdb', 'source.yml'));
    const { ok, sources, lines } = await linesOf(folder);
    expect({ ok, sources }).toEqual({ ok: true, sources: [] });
    expect(lines).toEqual([
      'icbc/source.yml: expected a folder within the park, but got: a link that leads out of it',
      'spdb/source.yml: expected a file within the folder: spdb/source.yml, but got: a link that leads out of it',
    ]);
    expect(lines.join('\n')).not.toContain(outside);
  });
});

describe('a folder that is not a park', () => {
  it.each([
    ['missing', () => join(folderWith({}), 'xinxiang'), 'xinxiang: expected a park: a folder that holds a park.yml, but got: nothing of this name'],
    ['a file', () => join(folderWith({ xinxiang: '' }), 'xinxiang'), 'xinxiang: expected a park: a folder that holds a park.yml, but got: a file'],
    [
      'empty',
      () => join(folderWith({ 'xinxiang/README.md': '' }), 'xinxiang'),
      'xinxiang: expected a park: a folder that holds a park.yml, but got: a folder without a park.yml',
    ],
    [
      'with a misnamed file',
      () => join(folderWith({ 'xinxiang/park.yaml': PARK_YML }), 'xinxiang'),
      'xinxiang: expected a park: a folder that holds a park.yml, but got: a park.yaml',
    ],
  ])('for it is %s, is one clear line', async (_, make, line) => {
    expect(await linesOf(make())).toEqual({ ok: false, sources: [], lines: [line] });
  });

  it.each([
    ['id: xinxiang', 'id: Xin Xiang', 'park.yml:1: id: expected lower-case letters, digits and hyphens, but got: Xin Xiang'],
    ['operatedSince: 2018-11-01', 'operatedSince: 2018-11-31', 'park.yml:7: operatedSince: expected a day that exists, but got: 2018-11-31'],
    [
      'asOf: 2022-01-01T00:00:00+08:00',
      'asOf: 2021-12-31',
      'park.yml:8: asOf: expected an instant with its zone such as 2021-12-31T23:59:59+08:00, but got: 2021-12-31',
    ],
    ['code: B', 'code: A', 'park.yml:11: carriers.1.code: expected a code of its own, but got: A, which another carrier has'],
    [
      'effectiveTo: 2025-06-30',
      'effectiveTo: 2018-06-30',
      'park.yml:13: ruleSets.0.effectiveTo: expected a day that exists, not before effectiveFrom, but got: 2018-06-30',
    ],
    ['"100000.00"', '"10万"', 'park.yml:17: assessment.criteria.0.output: expected yuan as a text such as "1000000.00", but got: 10万'],
    [
      'level: NATIONAL',
      'level: NATOINAL',
      'park.yml:10: carriers.0.level: expected one of NATIONAL, PROVINCIAL, MUNICIPAL, PILOT (did you mean NATIONAL?), but got: NATOINAL',
    ],
    ['observationMonths: 6\n', '', 'park.yml:14: assessment.observationMonths: expected a field named observationMonths: a number, but got: none'],
  ])('for %j was written as %j, names the line', async (right, wrong, line) => {
    const { ok, lines } = await linesOf(folderWith({ 'park.yml': PARK_YML.replace(right, wrong) }));
    expect(ok).toBe(false);
    expect(lines).toContain(line);
  });

  it.skipIf(process.getuid?.() === 0)('for it cannot be read, says so', async () => {
    const folder = folderWith({ 'park.yml': PARK_YML });
    chmodSync(join(folder, 'park.yml'), 0);
    expect(await linesOf(folder)).toMatchObject({ ok: false, lines: ['park.yml: expected a file that can be read, but got: none (EACCES)'] });
  });
});

describe('a confined name', () => {
  it('gives the real path of what is within the folder', () => {
    const folder = folderWith({ 'loans.db': '', 'data/a.csv': '', '..hidden': '' });
    expect(['loans.db', 'data/a.csv', './loans.db', '..hidden'].map((name) => confine(folder, name))).toEqual(
      ['loans.db', 'data/a.csv', 'loans.db', '..hidden'].map((name) => join(folder, name)),
    );
  });

  it('follows a link that stays within', () => {
    const folder = folderWith({ 'loans_2021.db': '' });
    symlinkSync('loans_2021.db', join(folder, 'loans.db'));
    expect(confine(folder, 'loans.db')).toBe(join(folder, 'loans_2021.db'));
  });

  it.each(['', '.', '..', '/etc/passwd', '../x', 'a/../../x', 'a/..', '..\\x', 'C:\\x', 'C:x', 'a\0b', 'missing', 'missing/../loans.db'])(
    'is not %j',
    (name) => {
      const folder = folderWith({ 'loans.db': '', 'a/b': '' });
      expect(() => confine(folder, name)).toThrow(ConfinementError);
    },
  );

  it('does not lead out through a link, nor to a neighbour whose name begins alike', () => {
    const folder = folderWith({ 'icbc/a': '', 'icbc2/secret': '', secret: '' });
    const home = join(folder, 'icbc');
    symlinkSync('../secret', join(home, 'file'));
    symlinkSync('..', join(home, 'up'));
    symlinkSync('../icbc2', join(home, 'neighbour'));
    symlinkSync('/dev/zero', join(home, 'device'));
    writeFileSync(join(home, 'inside'), '');
    for (const name of ['file', 'up', 'up/secret', 'up/icbc/../secret', 'neighbour/secret', 'device']) {
      expect(() => confine(home, name)).toThrow(ConfinementError);
    }
    expect(confine(home, 'up/icbc/inside')).toBe(join(home, 'inside'));
  });

  it('that is refused shows no absolute path', () => {
    const folder = folderWith({});
    for (const name of ['missing', '../x']) {
      try {
        confine(folder, name);
        expect.unreachable();
      } catch (error) {
        expect((error as Error).message).not.toContain(folder);
      }
    }
  });
});
