/**
 * A park whose partners name companies without a USCC: a bank with a database (by name), an investor with a drop (by name
 * and registration number), and a bank with an API (by name), each with a few rows.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { registrationCheckDigit } from '../../src/rules/registrationNumber.js';
import { usccCheckCharacter } from '../../src/rules/uscc.js';

/** A valid USCC for each number. */
export function uscc(number: number): string {
  const first = `91410771MA${String(number).padStart(7, '0')}`;
  return first + usccCheckCharacter(first);
}

/** A valid registration number for each number. */
export function registrationNumber(number: number): string {
  const first = `410771${String(number).padStart(8, '0')}`;
  return first + registrationCheckDigit(first);
}

/** A tenant of the register. */
export interface TenantLine {
  readonly uscc: string;
  readonly name: string;
  readonly registrationNumber?: string;
  readonly formerNames?: readonly string[];
}

/** The tenants of the park, unless told. */
export const TENANTS: readonly TenantLine[] = [
  { uscc: uscc(1), name: '新乡市百都医疗器械有限公司', registrationNumber: registrationNumber(1) },
  { uscc: uscc(2), name: '河南卓鼎科技有限公司', formerNames: ['新乡卓鼎信息有限公司'] },
  { uscc: uscc(3), name: '新乡市润丰农业科技有限公司', registrationNumber: registrationNumber(3), formerNames: ['新乡田园合作有限公司'] },
  { uscc: uscc(4), name: '河南田野农业有限公司', formerNames: ['新乡田园合作有限公司'] },
];

const constants = {
  kind: { constant: 'CREDIT' },
  rate: { constant: '0.04' },
  date: { constant: '2021-03-05' },
  maturesOn: { constant: '2022-03-05' },
  classification: { constant: 'NORMAL' },
  status: { constant: 'ACTIVE' },
};

/** The columns of a book of loans whose company is identified by these columns. */
export function loanColumns(identify: Readonly<Record<string, string>>, rest: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { number: 'no', tenantUscc: { identify }, amount: 'amount', balance: 'balance', ...constants, ...rest };
}

/** Writes a park with these tenants. */
export function writeRegister(folder: string, tenants: readonly TenantLine[] = TENANTS): void {
  mkdirSync(join(folder, 'register'), { recursive: true });
  const park = {
    id: 'identity',
    name: '测试园',
    operator: '测试',
    city: '新乡市',
    zone: '新乡高新区',
    areaCode: '410771',
    operatedSince: '2018-12-01',
    asOf: '2021-12-31T23:59:59+08:00',
    carriers: [{ code: 'A', name: '孵化器', kind: 'INCUBATOR', level: 'NATIONAL', totalArea: 1 }],
    ruleSets: [],
    assessment: { observationMonths: 6, criteria: [] },
  };
  writeFileSync(join(folder, 'park.yml'), stringify(park));
  const header = 'uscc,name,industry,technologyField,stage,status,registeredCapital,foundedOn,enteredOn,leftOn,registrationNumber';
  const lines = tenants.map(
    (tenant) =>
      `${tenant.uscc},${tenant.name},C35,ADVANCED_MANUFACTURING,INCUBATOR,IN_PARK,1000000.00,2012-01-01,2019-01-01,,${tenant.registrationNumber ?? ''}`,
  );
  writeFileSync(join(folder, 'register/tenants.csv'), `${[header, ...lines].join('\n')}\n`);
  const former = tenants.flatMap((tenant) => (tenant.formerNames ?? []).map((name) => `${tenant.uscc},${name},2016-05-04`));
  const named = former.map((line, index) => `former-${index + 1},${line}`);
  writeFileSync(join(folder, 'register/formerNames.csv'), `${['key,tenantUscc,name,changedOn', ...named].join('\n')}\n`);
}

/** Writes a source.yml into a folder of the park, and gives that folder. */
export function writeSource(folder: string, id: string, source: Readonly<Record<string, unknown>>): string {
  const own = join(folder, id);
  mkdirSync(own, { recursive: true });
  const partner = { kind: 'bank', name: `${id}银行`, shortName: id };
  writeFileSync(join(own, 'source.yml'), stringify({ id, title: `${id} 台账`, partner, ...source }));
  return own;
}

/** A bank with a drop of loans: `lines` are no, name, number, amount, balance. */
export function writeDrop(
  folder: string,
  id: string,
  lines: readonly (readonly [no: string, name: string, number: string, amount: number])[],
  identify: Readonly<Record<string, string>> = { name: '企业', registrationNumber: '注册号' },
): string {
  const own = writeSource(folder, id, {
    connector: 'file',
    books: { Loan: { from: { file: '贷款_*.csv', format: 'csv' }, columns: loanColumns(identify) } },
  });
  const rows = lines.map(([no, name, number, amount]) => [no, name, number, amount, amount].join(','));
  writeFileSync(join(own, '贷款_20211231.csv'), `${['no,企业,注册号,amount,balance', ...rows].join('\n')}\n`);
  return own;
}
