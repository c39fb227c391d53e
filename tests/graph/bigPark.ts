/**
 * The demo park grown: a thousand and more rows of every entity, in every source that can be written by hand (all but
 * hongtu's workbook), each linked to a row of its own. Made in a temporary folder, the same on every run.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import Database from 'libsql';
import '../../src/entities/index.js';
import { type Attribute, allDefinitions, definitionOf, type EntityDefinition } from '../../src/entities/definition.js';
import { Tenant } from '../../src/entities/index.js';
import { patentCheckCharacter } from '../../src/rules/patentNumber.js';
import { usccCheckCharacter } from '../../src/rules/uscc.js';
import { demoPark, demoPartnerData } from '../helpers/hub.js';

/** Rows that are added to every book of the register. */
export const ADDED = 1_100;
/** Rows that are added to every book of each partner: three partners hold more than a thousand together. */
export const ADDED_AT_PARTNER = 520;

/** A park in a temporary folder, with its partners' data. */
export interface TemporaryPark {
  readonly parkFolder: string;
  readonly partnerData: string;
  remove(): Promise<void>;
}

/** A copy of the demo park and its partners' data, to be changed by a test. */
export async function copyPark(): Promise<TemporaryPark> {
  const folder = await mkdtemp(join(tmpdir(), 'parkhub-park-'));
  const parkFolder = join(folder, 'xinxiang');
  const partnerData = join(folder, 'partner-data');
  await cp(demoPark, parkFolder, { recursive: true });
  await cp(demoPartnerData, partnerData, { recursive: true });
  return { parkFolder, partnerData, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** A copy of the demo park with the added rows. */
export async function makeBigPark(): Promise<TemporaryPark> {
  const park = await copyPark();
  await growRegister(park.parkFolder);
  growIcbc(join(park.parkFolder, 'icbc/book.db'));
  growHuakai(join(park.parkFolder, 'huakai/book.db'));
  await growBocom(join(park.parkFolder, 'bocom'));
  await growApis(park.partnerData);
  return park;
}

/** The USCC of the nth added tenant. */
export function addedUscc(index: number): string {
  const seventeen = `91410771T${String(index).padStart(8, '0')}`;
  return seventeen + usccCheckCharacter(seventeen);
}

const indices = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

async function growRegister(parkFolder: string): Promise<void> {
  for (const definition of allDefinitions()) {
    const path = join(parkFolder, 'register', `${definition.plural}.csv`);
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const headers = (text.split(/\r?\n/)[0] as string).split(',');
    const lines = indices(ADDED).map((index) => headers.map((header) => cellOf(definition, header, index)).join(','));
    await writeFile(path, `${text.trimEnd()}\n${lines.join('\n')}\n`);
  }
  const yml = join(parkFolder, 'park.yml');
  const carriers = indices(ADDED).map((index) => `  - { code: C-${index}, name: 载体${index}, kind: INCUBATOR, level: MUNICIPAL, totalArea: 100 }`);
  await writeFile(yml, (await readFile(yml, 'utf8')).replace(/^carriers:$/m, `carriers:\n${carriers.join('\n')}`));
}

/** The key of the nth added row of an entity of the register. */
function keyOf(definition: EntityDefinition, index: number): string {
  if (definition.target === Tenant) return addedUscc(index);
  const key = definition.key === undefined ? undefined : definition.attributes.get(definition.key);
  if (key?.kind === 'uscc') return addedUscc(index);
  if (definition.name === 'Patent') return patentNumber(index);
  return `${definition.name[0]}-${index}`;
}

function patentNumber(index: number): string {
  const digits = `20211${String(index).padStart(7, '0')}`;
  return `${digits}.${patentCheckCharacter(digits)}`;
}

function cellOf(definition: EntityDefinition, header: string, index: number): string {
  const link = definition.links.find((candidate) => candidate.from === header);
  if (link) return keyOf(definitionOf(link.target()), index);
  if (header === 'key' || header === definition.key) return keyOf(definition, index);
  return plainCell(definition.attributes.get(header) as Attribute, index);
}

function plainCell(attribute: Attribute, index: number): string {
  switch (attribute.kind) {
    case 'money':
      return `${1000 + index}.25`;
    case 'decimal':
      return `${10 + (index % 7)}.5`;
    case 'integer':
      return String(2015 + (index % 7));
    case 'date':
      return `2021-0${1 + (index % 9)}-05`;
    case 'enum':
      return attribute.enum?.values[index % attribute.enum.values.length] as string;
    default:
      if (attribute.name === 'registrationNumber') return '';
      return attribute.length === 3 ? 'C35' : `甲${index}`;
  }
}

function growIcbc(file: string): void {
  insert(file, {
    kh_jbxx: (index) => [`KX${index}`, `企业${index}`, addedUscc(index), '1'],
    cp_ml: (index) => [`PX${index}`, `产品${index}`, '10', 500_000, 12, '1'],
    kh_zl: (index) => [`IXZ${index}`, `KX${index}`, '20210506', 2020, 20, 2_000_000 + index, 100],
    zl_zy: (index) => [`IXP${index}`, `KX${index}`, patentNumber(index), `IX${index}`, '20210308', null],
    dk_jj: (index) => [`IX${index}`, `KX${index}`, `PX${index}`, '10', 100_000 + index, 50_000, 4.5, '20210305', '20220305', '1', '01', '0'],
  });
}

function growHuakai(file: string): void {
  insert(file, {
    companies: (index) => [10_000 + index, `企业${index}`, addedUscc(index)],
    funds: (index) => [`HX${index}`, `基金${index}`, null, 2018, 5000, 'RUN'],
    deals: (index) => [`HXD${index}`, 10_000 + index, `HX${index}`, 'A', 100 + index, '2021-03-05', 5.5, 'H'],
    cash_flows: (index) => [`HXC${index}`, `HXD${index}`, 'OUT', '2021-03-05', 100 + index],
    marks: (index) => [`HXV${index}`, `HXD${index}`, '2021-12-31', 120 + index, 'COST'],
    reviews: (index) => [`HXR${index}`, 10_000 + index, 2020, '2021-04-06', 20, 200 + index],
  });
}

function insert(file: string, tables: Record<string, (index: number) => unknown[]>): void {
  const database = new Database(file);
  for (const [table, row] of Object.entries(tables)) {
    const statement = database.prepare(
      `INSERT INTO ${table} VALUES (${row(0)
        .map(() => '?')
        .join(', ')})`,
    );
    database.exec('BEGIN');
    for (const index of indices(ADDED_AT_PARTNER)) statement.run(...row(index));
    database.exec('COMMIT');
  }
  database.close();
}

async function growBocom(folder: string): Promise<void> {
  const append = async (name: string, row: (index: number) => string): Promise<void> => {
    const path = join(folder, name);
    const text = iconv.decode(await readFile(path), 'gb18030').trimEnd();
    await writeFile(path, iconv.encode(`${text}\r\n${indices(ADDED_AT_PARTNER).map(row).join('\r\n')}\r\n`, 'gb18030'));
  };
  await append('客户信息_20211231.csv', (index) => `CX${index},企业${index},${addedUscc(index)},新乡高新区支行`);
  await append('授信客户资料_20211231.csv', (index) => `BXZ${index},CX${index},2021/05/06,2020,20,${200 + index}.00,100.00`);
  await append('产品目录_20211231.csv', (index) => `BX${index},产品${index},信用,100.00,12`);
  await append(
    '贷款台账_20211231.csv',
    (index) => `BXL${index},CX${index},BX${index},信用,${10 + index}.50,"50,000.00",4.35,2021/03/05,2022/03/05,正常,未结清`,
  );
}

async function growApis(folder: string): Promise<void> {
  await grow(join(folder, 'spdb.json'), {
    '/v1/loans': (index) => ({
      loanNo: `SX${index}`,
      borrower: { name: `企业${index}`, creditCode: addedUscc(index) },
      product: { code: `SXP${index}` },
      security: 'unsecured',
      principal: { amount: `${100_000 + index}.00`, currency: 'CNY' },
      outstanding: 50_000,
      annualRate: '0.0450',
      disbursedAt: 1_614_873_600_000,
      dueDate: '2022-03-05',
      riskLevel: 'PASS',
      state: 'PERFORMING',
    }),
    '/v1/pledges': (index) => ({
      pledgeNo: `SXZ${index}`,
      pledgor: { name: `企业${index}`, creditCode: addedUscc(index) },
      patentNo: patentNumber(index),
      loanNo: `SX${index}`,
      registeredAt: 1_615_132_800_000,
      releasedAt: null,
    }),
    '/v1/products': (index) => ({ code: `SXP${index}`, title: `产品${index}`, security: 'unsecured', limit: { amount: '800000.00', months: 12 } }),
  });
  await grow(join(folder, 'huayu.json'), {
    '/api/v2/funds': (index) => ({
      fund_code: `YX${index}`,
      fund_name: `基金${index}`,
      amac_code: null,
      vintage: 2018,
      committed_k: 30_000,
      state: 'operating',
    }),
    '/api/v2/holdings': (index) => ({
      holding_no: `YXH${index}`,
      company: { name: `企业${index}`, credit_code: addedUscc(index) },
      fund_code: `YX${index}`,
      stage: 'series_a',
      cost_k: 500 + index,
      closed_on: '2021-03-05',
      ownership_bp: 550,
      state: 'active',
    }),
    '/api/v2/cash-flows': (index) => ({
      flow_no: `YXC${index}`,
      holding_no: `YXH${index}`,
      type: 'capital_call',
      value_date: '2021-03-05T00:00:00+08:00',
      amount_k: 500 + index,
    }),
    '/api/v2/reviews': (index) => ({
      review_no: `YXR${index}`,
      company: { name: `企业${index}`, credit_code: addedUscc(index) },
      fiscal_year: 2020,
      reviewed_on: '2021-04-06',
      headcount: 20,
      revenue_k: 2_000 + index,
    }),
    '/api/v2/valuations': (index) => ({ mark_no: `YXV${index}`, holding_no: `YXH${index}`, as_of: '2021.12.31', fair_value_k: 600 + index, basis: 'cost' }),
  });
}

async function grow(path: string, resources: Record<string, (index: number) => unknown>): Promise<void> {
  const data = JSON.parse(await readFile(path, 'utf8')) as { resources: Record<string, unknown[]> };
  for (const [resource, row] of Object.entries(resources)) data.resources[resource]?.push(...indices(ADDED_AT_PARTNER).map(row));
  await writeFile(path, JSON.stringify(data));
}
