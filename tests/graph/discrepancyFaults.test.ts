/** Discrepancies where a source fails, where its columns changed, and where books say odd things. */
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import type { TestHub } from '../helpers/hub.js';
import type { TemporaryPark } from './bigPark.js';
import { type Shown, shown, wholePark } from './discrepancyCases.js';
import { declareInPark, dying, hubForTest, Meddler, type Partner, parkForTest, partners } from './faultyPark.js';

/** Four sources state its revenue of 2020; 华誉齐贤 with its value-added tax. */
const FOUR = '91410771MA4057M43B';
const clock = () => new Date('2022-01-05T02:00:00.000Z');

interface Answer {
  readonly nodes: readonly Shown[];
  readonly states: Readonly<Record<string, string>>;
}

async function ofTenant(hub: TestHub, uscc: string, facts: string): Promise<Answer> {
  const { tenant } = await hub.ask(
    `{ tenant(uscc: "${uscc}") { discrepancies(facts: [${facts}]) { nodes { ${shown.selection} } sources { sourceId state message } } } }`,
  );
  const { nodes, sources } = tenant.discrepancies;
  return { nodes: nodes.map(shown.of), states: Object.fromEntries(sources.map(({ sourceId, state }: Record<string, string>) => [sourceId, state])) };
}

const revenue = (statements: readonly string[]): Shown[] => [{ what: 'REVENUE 2020', difference: '265292.00', relative: '0.115044', statements }];
const [bocom, huayu, icbc, register] = [
  'bocom BorrowerProfile 2021-09-27: 2040710.00',
  'huayu PortfolioReport 2021-03-03: 2306002.00',
  'icbc BorrowerProfile 2021-09-17: 2040710.00',
  'park AnnualReport -: 2040710.00',
];
const well = { bocom: 'MIRRORED', hongtu: 'MIRRORED', huakai: 'LIVE', huayu: 'LIVE', icbc: 'LIVE', park: 'LIVE' };

describe('a source that fails', () => {
  it('costs its own statements: what the others state differently is still there', async () => {
    const meddler = new Meddler();
    const hub = await hubForTest({ intercept: meddler.intercept, clock });
    expect(await ofTenant(hub, FOUR, 'REVENUE')).toEqual({ nodes: revenue([bocom, huayu, icbc, register] as string[]), states: well });
    meddler.let('bocom', dying);
    expect(await ofTenant(hub, FOUR, 'REVENUE')).toEqual({ nodes: revenue([huayu, icbc, register] as string[]), states: { ...well, bocom: 'UNAVAILABLE' } });
  });

  it('makes "no discrepancy" a "not known", which the reports tell', async () => {
    const meddler = new Meddler();
    const hub = await hubForTest({ intercept: meddler.intercept, clock });
    meddler.let('huayu', dying);
    expect(await ofTenant(hub, FOUR, 'REVENUE')).toEqual({ nodes: [], states: { ...well, huayu: 'UNAVAILABLE' } });
  });

  it.each(partners)('of the whole park: %s costs what rests on it, and is named', async (partner: Partner) => {
    const meddler = new Meddler();
    const hub = await hubForTest({ intercept: meddler.intercept, clock });
    const whole = await wholePark(hub);
    meddler.let(partner, dying);
    const { discrepancies } = await hub.ask('{ discrepancies(first: 1000) { sources { sourceId state } } }');
    expect(discrepancies.sources.filter(({ state }: { state: string }) => state === 'UNAVAILABLE')).toEqual([{ sourceId: partner, state: 'UNAVAILABLE' }]);
    const left = whole
      .map((one) => ({ ...one, statements: one.statements.filter((text) => !text.startsWith(`${partner} `)) }))
      .filter(({ statements }) => new Set(statements.map((text) => text.split(': ')[1])).size > 1);
    expect(await wholePark(hub)).toEqual(left);
    expect(left.length).toBeLessThanOrEqual(whole.length);
  });

  it('the register, leaves what the partners state differently, of companies that are not known then', async () => {
    const meddler = new Meddler();
    const hub = await hubForTest({ intercept: meddler.intercept, clock });
    meddler.let('park', dying);
    const { data, errors } = await hub.execute('{ discrepancies { nodes { tenantUscc fact subject tenant { name } } sources { sourceId state } } }');
    const { discrepancies } = JSON.parse(JSON.stringify(data));
    const known = (uscc: string, fact: string) => ({ tenantUscc: uscc, fact, subject: '2020', tenant: null });
    expect(discrepancies.nodes).toEqual([known(FOUR, 'REVENUE'), known('91410771MA44FE2F35', 'REVENUE'), known('91410771MA44UX992W', 'STAFF')]);
    expect(discrepancies.sources).toContainEqual({ sourceId: 'park', state: 'UNAVAILABLE' });
    expect(errors?.map(({ path }) => path?.join('.'))).toEqual([
      'discrepancies.nodes.0.tenant',
      'discrepancies.nodes.1.tenant',
      'discrepancies.nodes.2.tenant',
    ]);
  });

  it('with the policy stale, states what its last good copy holds, and the statement says so', async () => {
    const park = await parkForTest();
    await declareInPark(park, 'huayu', 'policy: stale');
    const meddler = new Meddler();
    const hub = await hubForTest({ ...park, intercept: meddler.intercept, clock });
    await hub.hub.sourceStatuses();
    meddler.let('huayu', dying);
    expect(await ofTenant(hub, FOUR, 'REVENUE')).toEqual({ nodes: revenue([bocom, huayu, icbc, register] as string[]), states: { ...well, huayu: 'STALE' } });
    const { tenant } = await hub.ask(`{ tenant(uscc: "${FOUR}") { discrepancies { nodes { statements { provenance { sourceId how } } } } } }`);
    expect(tenant.discrepancies.nodes[0].statements[1].provenance).toEqual({ sourceId: 'huayu', how: 'LAST_GOOD_COPY' });
  });

  it('with the policy fail, makes an error of the discrepancies, and of nothing beside them', async () => {
    const park = await parkForTest();
    await declareInPark(park, 'icbc', 'policy: fail');
    const meddler = new Meddler();
    const hub = await hubForTest({ ...park, intercept: meddler.intercept, clock });
    meddler.let('icbc', dying);
    const { data, errors } = await hub.execute(`{ tenant(uscc: "${FOUR}") { uscc discrepancies { nodes { fact } } } discrepancies { nodes { fact } } }`);
    expect(JSON.parse(JSON.stringify(data))).toEqual({ tenant: { uscc: FOUR, discrepancies: null }, discrepancies: null });
    expect(errors?.map(({ path }) => path?.join('.')).sort()).toEqual(['discrepancies', 'tenant.discrepancies']);
  });

  it('whose column is gone, costs what rests on the column; its other statements are compared', async () => {
    const park = await parkForTest();
    inDatabase(park, 'icbc', ['ALTER TABLE kh_zl RENAME COLUMN yysr TO yysr_yuan', "UPDATE kh_zl SET cyrs = cyrs + 1 WHERE zlbh = 'ZL2021-004'"]);
    const hub = await hubForTest({ ...park, clock });
    expect((await ofTenant(hub, FOUR, 'REVENUE')).nodes).toEqual(revenue([bocom, huayu, register] as string[]));
    expect((await ofTenant(hub, '91410771MA3XK7NY53', 'STAFF, REVENUE')).nodes).toMatchObject([{ what: 'STAFF 2020', difference: '4' }]);
    const { tenant } = await hub.ask(`{ tenant(uscc: "${FOUR}") { discrepancies { sources { sourceId drift { entity attributes } } } } }`);
    expect(tenant.discrepancies.sources.find(({ sourceId }: { sourceId: string }) => sourceId === 'icbc').drift).toEqual([
      { entity: 'BorrowerProfile', attributes: ['revenue'] },
    ]);
  });
});

describe('odd books', () => {
  it('two entries of one bank for one year: the later counts; of one day, both', async () => {
    const park = await parkForTest();
    inDatabase(park, 'icbc', [
      // Wrong, but older than what is there.
      "INSERT INTO kh_zl SELECT 'A1', khh, '20210105', bbnd, cyrs + 50, yysr, zczb FROM kh_zl WHERE zlbh = 'ZL2021-001'",
      // Wrong, and of the same day.
      "INSERT INTO kh_zl SELECT 'A2', khh, zlrq, bbnd, cyrs + 50, yysr, zczb FROM kh_zl WHERE zlbh = 'ZL2021-002'",
    ]);
    const hub = await hubForTest({ ...park, clock });
    const before = await wholePark(await hubForTest({ clock }));
    const added = (await wholePark(hub)).filter((one) => !before.some((other) => JSON.stringify(other) === JSON.stringify(one)));
    expect(added).toHaveLength(1);
    expect(added[0]).toMatchObject({ what: 'STAFF 2020', difference: '50' });
    expect(added[0]?.statements.map((text) => text.split(' ').slice(0, 2).join(' '))).toEqual([
      'icbc BorrowerProfile',
      'icbc BorrowerProfile',
      'park AnnualReport',
    ]);
  });

  it('an entry without revenue, without a year, or of a company that nobody else names, states nothing that differs', async () => {
    const park = await parkForTest();
    inDatabase(park, 'icbc', [
      "UPDATE kh_zl SET yysr = NULL, cyrs = NULL WHERE zlbh = 'ZL2021-004'",
      "UPDATE kh_zl SET bbnd = NULL, cyrs = 9999 WHERE zlbh = 'ZL2021-001'",
      "INSERT INTO kh_jbxx VALUES ('KX', '无名', '91410771MA3X000103', '1')",
      "INSERT INTO kh_zl VALUES ('A1', 'KX', '20210105', 2020, 5, 1, 1)",
    ]);
    const hub = await hubForTest({ ...park, clock });
    const before = await wholePark(await hubForTest({ clock }));
    expect(await wholePark(hub)).toEqual(before.filter(({ statements }) => !statements.includes('icbc BorrowerProfile 2021-08-17: 11')));
  });

  it('a patent that the register does not know, and one whose copy the park never drew, state nothing that differs', async () => {
    const park = await parkForTest();
    const number = "'202199999999.9'";
    inDatabase(park, 'icbc', [`INSERT INTO zl_zy SELECT 'A1', khh, ${number}, NULL, '20210105', NULL FROM zl_zy WHERE zybh = 'ZY-1704-0001'`]);
    const hub = await hubForTest({ ...park, clock });
    expect(await wholePark(hub)).toEqual(await wholePark(await hubForTest({ clock })));
    const { patentPledges } = await hub.ask(
      '{ patentPledges(where: { number: { eq: "A1" } }) { nodes { patent { title } loan { number } tenant { name } bank { code } } } }',
    );
    expect(patentPledges.nodes).toEqual([{ patent: null, loan: null, tenant: { name: expect.any(String) }, bank: { code: 'icbc' } }]);
  });

  it('a bank that released its pledge does not contradict another bank’s that runs', async () => {
    const park = await parkForTest();
    const path = join(park.partnerData, 'spdb.json');
    const data = JSON.parse(await readFile(path, 'utf8'));
    // 浦发银行 had the patent that 工商银行 holds now.
    data.resources['/v1/pledges'].push({
      pledgeNo: 'A1',
      pledgor: { name: '新乡市智勤复合材料科技有限公司', creditCode: '91410771MA3XK7NY53' },
      patentNo: '201921543361.5',
      loanNo: null,
      registeredAt: 1_577_808_000_000,
      releasedAt: 1_609_430_400_000,
    });
    await writeFile(path, JSON.stringify(data));
    const hub = await hubForTest({ ...park, clock });
    expect(await ofTenant(hub, '91410771MA3XK7NY53', 'PATENT_PLEDGE')).toEqual({ nodes: [], states: { icbc: 'LIVE', park: 'LIVE', spdb: 'LIVE' } });
    inDatabase(park, 'icbc', ["DELETE FROM zl_zy WHERE zlh = '201921543361.5'"]);
    const without = await hubForTest({ ...park, clock });
    expect((await ofTenant(without, '91410771MA3XK7NY53', 'PATENT_PLEDGE')).nodes).toMatchObject([
      { what: 'PATENT_PLEDGE 201921543361.5', statements: ['park PatentExtract 2021-11-17: true', 'spdb PatentPledge 2021-01-01: false'] },
    ]);
  });

  it('two funds of one investor are added up; what was exited counts nothing; a shareholder who is no partner states nothing', async () => {
    const uscc = '91410771MA9FKFWT85';
    const park = await parkForTest();
    const register = join(park.parkFolder, 'register/shareholdings.csv');
    const first = await hubForTest({ ...park, clock });
    expect((await ofTenant(first, uscc, 'STAKE')).nodes).toMatchObject([{ what: 'STAKE hongtu', difference: '0.0072' }]);
    await appendFile(register, `A1,${uscc},红土创新二期,hongtu,0.0072,2021-03-01\nA2,${uscc},创始人,,0.8,2019-03-01\n`);
    const second = await hubForTest({ ...park, clock });
    expect((await ofTenant(second, uscc, 'STAKE')).nodes).toEqual([]);
    // 联创华凯 leaves 新乡市信海软件科技有限公司, which its register does not know yet.
    inDatabase(park, 'huakai', ["UPDATE deals SET status_code = 'FE' WHERE deal_no = 'HK-2019-008'"]);
    const third = await hubForTest({ ...park, clock });
    expect((await ofTenant(third, '91410771MA44UX992W', 'STAKE')).nodes).toMatchObject([{ what: 'STAKE huakai', difference: '0.1123', relative: '1' }]);
    // Written off in its accounts, it is a shareholder still.
    inDatabase(park, 'huakai', ["UPDATE deals SET status_code = 'WO' WHERE deal_no = 'HK-2019-008'"]);
    const fourth = await hubForTest({ ...park, clock });
    expect((await ofTenant(fourth, '91410771MA44UX992W', 'STAKE')).nodes).toEqual([]);
  });

  it('a row that breaks the mapping states nothing', async () => {
    const park = await parkForTest();
    const path = join(park.parkFolder, 'bocom/授信客户资料_20211231.csv');
    const text = iconv.decode(await readFile(path), 'gb18030');
    await writeFile(path, iconv.encode(text.replace('203.6', '约203.6').replace('445.6818', '约445'), 'gb18030'));
    const hub = await hubForTest({ ...park, clock });
    const { nodes } = await ofTenant(hub, '91410771MA44FE2F35', 'REVENUE');
    expect(nodes).toEqual([]);
    const { sources } = await hub.ask('{ sources { id books { entity setAside { reason } } } }');
    const books = sources.find(({ id }: { id: string }) => id === 'bocom').books as { entity: string; setAside: { reason: string }[] }[];
    expect(books.find(({ entity }) => entity === 'BorrowerProfile')?.setAside[0]?.reason).toMatch(/^revenue \(column 营业收入（万元）\)/);
  });
});

function inDatabase({ parkFolder }: TemporaryPark, partner: 'icbc' | 'huakai', statements: readonly string[]): void {
  const database = new Database(join(parkFolder, partner, 'book.db'));
  for (const statement of statements) database.exec(statement);
  database.close();
}
