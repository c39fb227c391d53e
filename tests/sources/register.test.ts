import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ParkFile, parkFileSchema } from '../../src/config/parkFile.js';
import { describeProblem } from '../../src/config/problem.js';
import { type SourceFile, sourceFileSchema } from '../../src/config/sourceFile.js';
import { REGISTER, registerFeed } from '../../src/sources/register.js';
import { SourceError } from '../../src/sources/source.js';
import { mirroredSource, newStore } from './memoryFeed.js';
import { never, temporaryFolder, uscc } from './sqlPartner.js';

const park: ParkFile = parkFileSchema.parse({
  id: 'xinxiang',
  name: '新乡·创客小镇',
  operator: '创客小镇',
  city: '新乡市',
  zone: '新乡高新区',
  areaCode: '410771',
  operatedSince: '2018-12-01',
  asOf: '2021-12-31T15:59:59.000Z',
  carriers: [{ code: 'FHQ', name: '孵化器', kind: 'INCUBATOR', level: 'NATIONAL', totalArea: 21_000.5 }],
  ruleSets: [],
  assessment: { observationMonths: 6, criteria: [] },
});

const partner = (id: string, own: Record<string, unknown>): SourceFile =>
  sourceFileSchema.parse({ id, title: id, connector: 'sql', connection: { type: 'sqlite', file: 'book.db' }, partner: own, books: {} });
const sources = [
  partner('icbc', { kind: 'bank', name: '中国工商银行股份有限公司', shortName: '工商银行', uscc: '91100000100003962T', cnapsPrefix: '102' }),
  partner('hongtu', { kind: 'investor', name: '红土创新', shortName: '红土' }),
];

const HEADERS = {
  tenants: 'uscc,name,industry,technologyField,stage,status,registeredCapital,foundedOn,enteredOn,leftOn',
  units: 'number,carrierCode,building,floor,area',
  leases: 'number,tenantUscc,unitNumber,area,monthlyRent,startedOn,endedOn',
};
const tenant = (code: string): string => `${code},某公司,C35,NEW_MATERIALS,INCUBATOR,IN_PARK,1000000.00,2019-01-01,2019-02-01,`;
const unit = (number: string, carrier = 'FHQ'): string => `${number},${carrier},A座,1,109.5`;
const lease = (number: string, code: string, unitNumber = 'U1'): string => `${number},${code},${unitNumber},100,2000.00,2020-01-01,`;

type Files = Partial<Record<keyof typeof HEADERS, readonly string[]>>;

function parkFolder(files: Files, others: Record<string, string> = {}): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'register'));
  for (const [name, rows] of Object.entries(files))
    writeFileSync(join(folder, 'register', `${name}.csv`), [HEADERS[name as keyof Files], ...rows, ''].join('\n'));
  for (const [name, content] of Object.entries(others)) writeFileSync(join(folder, 'register', name), content);
  return folder;
}

async function register(folder: string, version = '1', own = sources) {
  const { feed, problems } = await registerFeed(folder, park, own, version);
  return { feed, problems: problems.map(describeProblem), ...mirroredSource(feed, await newStore(), REGISTER) };
}

const ask = (entity: string, attributes: string[] = []) => ({ entity, attributes, order: [{ attribute: 'key', descending: false, nullsFirst: false }] });

describe('the register', () => {
  it('holds the park and its carriers from park.yml, and its partners from each source.yml', async () => {
    const { source, problems } = await register(parkFolder({}));
    expect(problems).toEqual([]);
    const all = async (entity: string, attributes: string[]) => source.rows(ask(entity, attributes), never());
    expect(await all('Park', ['name', 'areaCode', 'operatedSince', 'observationMonths'])).toMatchObject([
      {
        key: 'xinxiang',
        name: '新乡·创客小镇',
        areaCode: '410771',
        operatedSince: '2018-12-01',
        observationMonths: 6,
        asOf: '2021-12-31T15:59:59.000Z',
        source: 'park',
      },
    ]);
    expect(await all('Carrier', ['code', 'totalArea'])).toMatchObject([{ code: 'FHQ', totalArea: 21_000_500_000n }]);
    expect(await all('Bank', ['shortName', 'uscc', 'cnapsPrefix'])).toMatchObject([
      { key: 'icbc', shortName: '工商银行', uscc: '91100000100003962T', cnapsPrefix: '102' },
    ]);
    expect(await all('Investor', ['shortName', 'uscc', 'managerNumber'])).toMatchObject([
      { key: 'hongtu', shortName: '红土', uscc: null, managerNumber: null },
    ]);
    expect((await source.survey()).flatMap((survey) => survey.setAside)).toEqual([]);
  });

  it('holds one CSV file for each entity, named by its plural', async () => {
    const { source, problems } = await register(parkFolder({ tenants: [tenant(uscc(1))], units: [unit('U1')], leases: [lease('L1', uscc(1))] }));
    expect(problems).toEqual([]);
    expect([...source.entities].sort()).toEqual(['Bank', 'Carrier', 'Investor', 'Lease', 'Park', 'Tenant', 'Unit']);
    expect(await source.rows(ask('Lease', ['tenantUscc', 'unitNumber', 'area', 'monthlyRent', 'endedOn']), never())).toMatchObject([
      { key: 'L1', tenantUscc: uscc(1), unitNumber: 'U1', area: 100_000_000n, monthlyRent: 200_000n, endedOn: null },
    ]);
  });

  it('is nothing more where a park has no such folder', async () => {
    const { source, problems } = await register(temporaryFolder());
    expect([problems, [...source.entities].sort()]).toEqual([[], ['Bank', 'Carrier', 'Investor', 'Park']]);
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'register'), 'no folder');
    expect((await register(folder)).problems).toEqual(['register: expected a folder that can be read, but got: none (ENOTDIR)']);
  });

  it('names a file that is of no entity, or of one that it does not hold, and goes on without it', async () => {
    const others = {
      'people.csv': 'a,b\n1,2\n',
      'banks.csv': 'code\nx\n',
      'loans.csv': 'number\nx\n',
      'Tenants.csv': 'uscc\n',
      'notes.txt': 'x',
      '.tenants.csv': 'x',
    };
    const { source, problems } = await register(parkFolder({ tenants: [tenant(uscc(1))] }, others));
    const problem = (name: string): string => `register/${name}: name: expected the plural of an entity of the register, such as tenants.csv, but got: ${name}`;
    expect(problems).toEqual(['Tenants.csv', 'banks.csv', 'loans.csv', 'people.csv'].map(problem));
    expect((await source.rows(ask('Tenant'), never())).map(({ key }) => key)).toEqual([uscc(1)]);
    expect(source.entities.has('Loan')).toBe(false);
  });

  it('is read again when a file, park.yml, a partner or the hub changes, and not otherwise', async () => {
    const folder = parkFolder({ tenants: [tenant(uscc(1))] });
    const fingerprint = async (version = '1', own = sources, ownPark = park) => (await registerFeed(folder, ownPark, own, version)).feed.fingerprint();
    const first = await fingerprint();
    expect(await fingerprint()).toBe(first);
    const others = [await fingerprint('2'), await fingerprint('1', sources.slice(1)), await fingerprint('1', sources, { ...park, name: '另一个' })];
    writeFileSync(join(folder, 'register', 'tenants.csv'), [HEADERS.tenants, tenant(uscc(2))].join('\n'));
    others.push(await fingerprint());
    expect(new Set([first, ...others]).size).toBe(5);
  });

  it('takes up what changes while the hub runs; a file that goes is an error that names it and no folder', async () => {
    const folder = parkFolder({ tenants: [tenant(uscc(1))] });
    const { source, pass } = await register(folder);
    const keys = async () => (await source.rows(ask('Tenant'), never())).map(({ key }) => key);
    expect(await keys()).toEqual([uscc(1)]);
    const file = join(folder, 'register', 'tenants.csv');
    writeFileSync(file, [HEADERS.tenants, tenant(uscc(1)), tenant(uscc(2))].join('\n'));
    pass(5_000);
    expect(await keys()).toEqual([uscc(1), uscc(2)]);
    rmSync(file);
    pass(5_000);
    const gone = keys();
    await expect(gone).rejects.toBeInstanceOf(SourceError);
    await expect(gone).rejects.toMatchObject({
      source: 'park',
      reason: 'UNREACHABLE',
      message: expect.stringMatching(/^register\/tenants\.csv: expected a file that exists/),
    });
    await expect(gone).rejects.not.toMatchObject({ message: expect.stringContaining(folder) });
    symlinkSync('/etc/hostname', file);
    await expect(keys()).rejects.toMatchObject({ message: expect.stringContaining('a link that leads out of it') });
  });

  it('keeps a row that breaks its form aside, with the line that it stands in', async () => {
    const { source } = await register(
      parkFolder({
        tenants: [tenant(uscc(1)), tenant('91410771MA00000000'), tenant(uscc(2)).replace('C35', 'C3500'), tenant(uscc(3)).replace('IN_PARK', '在园')],
      }),
    );
    const survey = (await source.survey()).find(({ entity }) => entity === 'Tenant');
    expect(survey).toMatchObject({ read: 4, accepted: 1 });
    expect(survey?.setAside.map(({ place }) => place)).toEqual(['tenants.csv line 3', 'tenants.csv line 4', 'tenants.csv line 5']);
  });

  it('tells that a column is missing instead of reading it as empty', async () => {
    const folder = parkFolder({}, { 'tenants.csv': `${HEADERS.tenants.replace(',leftOn', '')}\n${tenant(uscc(1)).slice(0, -1)}\n` });
    const { source } = await register(folder);
    const survey = (await source.survey()).find(({ entity }) => entity === 'Tenant');
    expect(survey).toMatchObject({ accepted: 0, setAside: [{ reason: expect.stringContaining('expected a column leftOn in the row') }] });
  });
});

describe('a row of the register that must lead somewhere', () => {
  it('and leads nowhere is set aside with its own line and cells, and so is what hangs on it', async () => {
    const files: Files = {
      tenants: [tenant(uscc(1))],
      units: [unit('U1'), unit('U2', 'NONE')],
      leases: [lease('L1', uscc(1)), lease('L2', uscc(2)), lease('L3', uscc(1), 'U2'), lease('L4', uscc(1), 'U9')],
    };
    const { source } = await register(parkFolder(files));
    expect((await source.rows(ask('Lease'), never())).map(({ key }) => key)).toEqual(['L1']);
    expect((await source.rows(ask('Unit'), never())).map(({ key }) => key)).toEqual(['U1']);
    const surveys = await source.survey();
    const aside = surveys.flatMap((survey) => survey.setAside.map(({ place, reason, raw }) => [place, reason, raw.number]));
    expect(aside.sort()).toEqual([
      ['leases.csv line 3', `tenantUscc: expected the uscc of one of the tenants, but got: ${uscc(2)}, which is not among them`, 'L2'],
      ['leases.csv line 4', 'unitNumber: expected the number of one of the units, but got: U2, which is not among them', 'L3'],
      ['leases.csv line 5', 'unitNumber: expected the number of one of the units, but got: U9, which is not among them', 'L4'],
      ['units.csv line 3', 'carrierCode: expected the code of one of the carriers, but got: NONE, which is not among them', 'U2'],
    ]);
    expect(surveys.find(({ entity }) => entity === 'Lease')).toMatchObject({ read: 4, accepted: 1 });
  });

  it('is set aside where the other file is not there at all, and the file is asked for', async () => {
    const { source, problems } = await register(parkFolder({ units: [unit('U1')], leases: [lease('L1', uscc(1))] }));
    expect(problems).toEqual(['register/leases.csv: rows: expected a file tenants.csv beside it, whose rows they name, but got: nothing of this name']);
    expect(await source.rows(ask('Lease'), never())).toEqual([]);
  });

  it('comes back when what it names does', async () => {
    const folder = parkFolder({ tenants: [], units: [unit('U1')], leases: [lease('L1', uscc(1))] });
    const { source, pass } = await register(folder);
    expect(await source.rows(ask('Lease'), never())).toEqual([]);
    writeFileSync(join(folder, 'register', 'tenants.csv'), [HEADERS.tenants, tenant(uscc(1))].join('\n'));
    pass(5_000);
    expect((await source.rows(ask('Lease'), never())).map(({ key }) => key)).toEqual(['L1']);
    expect((await source.survey()).flatMap((survey) => survey.setAside)).toEqual([]);
  });
});
