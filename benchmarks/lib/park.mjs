/** Parks of made-up companies and loans, as large as a benchmark wants: the same rows on every run. */
import fs from 'node:fs';
import path from 'node:path';
import Database from 'libsql';

const { usccCheckCharacter } = await import('../../dist/src/rules/uscc.js');

/** A valid USCC for each number. */
export function uscc(number) {
  const first = `91410771MA${String(number).padStart(7, '0')}`;
  return first + usccCheckCharacter(first);
}

/** The same numbers on every run (mulberry32). */
export function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const INDUSTRIES = Array.from({ length: 100 }, (_, index) => `C${String(index).padStart(2, '0')}`);
const STAGES = ['INCUBATOR', 'ACCELERATOR', 'MAKER_SPACE'];

/** The nth company. One in a hundred is of industry C35. */
export function tenant(number) {
  const draw = random(number + 1);
  return {
    uscc: uscc(number),
    name: `新乡市第${number}科技有限公司`,
    industry: INDUSTRIES[Math.floor(draw() * 100)],
    technologyField: 'ADVANCED_MANUFACTURING',
    stage: STAGES[Math.floor(draw() * 3)],
    status: draw() < 0.8 ? 'IN_PARK' : 'GRADUATED',
    registeredCapital: `${1 + Math.floor(draw() * 900)}0000.00`,
    foundedOn: `20${String(Math.floor(draw() * 20)).padStart(2, '0')}-0${1 + Math.floor(draw() * 9)}-15`,
    enteredOn: '2020-03-01',
    leftOn: '',
  };
}

/** The classes of loans, as banks code them, and how many of a thousand loans are of each class or of one before it. */
const CLASSES = [
  ['1', 'NORMAL', 900],
  ['2', 'SPECIAL_MENTION', 950],
  ['3', 'SUBSTANDARD', 980],
  ['4', 'DOUBTFUL', 995],
  ['5', 'LOSS', 1000],
];

/** The nth loan of a bank to one of so many companies. */
export function loan(bank, number, tenants) {
  const draw = random((bank + 1) * 100_000_007 + number);
  const place = draw() * 1000;
  const [code, classification] = CLASSES.find(([, , upTo]) => place < upTo);
  const isActive = draw() < 0.4;
  return {
    number: `JJ${bank}${String(number).padStart(9, '0')}`,
    tenantUscc: uscc(Math.floor(draw() * tenants)),
    classCode: code,
    classification,
    stateCode: isActive ? '01' : '03',
    status: isActive ? 'ACTIVE' : 'REPAID',
    yuan: 10_000 + Math.floor(draw() * 5_000_000),
    date: new Date(Date.UTC(2012, 0, 1 + Math.floor(draw() * 3_600))).toISOString().slice(0, 10),
  };
}

/** Banks of a benchmark's park. */
export const BANKS = ['bank1', 'bank2', 'bank3'];

/** The park's own files: its register has so many companies, none where there are 0. */
export function writePark(folder, tenants) {
  fs.mkdirSync(path.join(folder, 'register'), { recursive: true });
  fs.writeFileSync(
    path.join(folder, 'park.yml'),
    `id: measured
name: 测量园
operator: 测量
city: 新乡市
zone: 新乡高新区
areaCode: "410771"
operatedSince: 2018-12-01
asOf: "2021-12-31T23:59:59+08:00"
demonstration: true
carriers:
  - { code: A, name: 甲, kind: INCUBATOR, level: NATIONAL, totalArea: 1 }
ruleSets: []
assessment: { observationMonths: 6, criteria: [] }
`,
  );
  if (tenants === 0) return;
  const columns = Object.keys(tenant(0));
  const lines = Array.from({ length: tenants }, (_, number) => Object.values(tenant(number)).join(','));
  fs.writeFileSync(path.join(folder, 'register/tenants.csv'), `${columns.join(',')}\n${lines.join('\n')}\n`);
}

/** source.yml of a bank whose database is read live. */
export function writeBank(folder, id, connection) {
  fs.mkdirSync(path.join(folder, id), { recursive: true });
  fs.writeFileSync(
    path.join(folder, id, 'source.yml'),
    `id: ${id}
title: 贷款系统
connector: sql
demonstration: true
partner: { kind: bank, name: 测量银行 ${id}, shortName: ${id} }
${connection}
books:
  Loan:
    from: { table: dk_jj }
    columns:
      number: jjbh
      tenantUscc: tyshxydm
      productCode: { constant: P }
      kind: { constant: CREDIT }
      amount: fkje
      balance: dkye
      rate: { constant: "0.04" }
      date: fkrq
      maturesOn: { constant: "2030-01-01" }
      classification: { column: wjfl, values: { "1": NORMAL, "2": SPECIAL_MENTION, "3": SUBSTANDARD, "4": DOUBTFUL, "5": LOSS } }
      status: { column: jjzt, values: { "01": ACTIVE, "03": REPAID } }
`,
  );
}

/** The indexes that a bank's book has: its key, the borrower, the day and the amount. */
export const BANK_INDEXES = [
  'CREATE INDEX dk_jj_kh ON dk_jj (tyshxydm)',
  'CREATE INDEX dk_jj_rq ON dk_jj (fkrq, jjbh)',
  'CREATE INDEX dk_jj_je ON dk_jj (fkje, jjbh)',
];

/** A row of dk_jj. */
export function bankRow(row) {
  return [row.number, row.tenantUscc, row.yuan, row.yuan / 2, row.date, row.classCode, row.stateCode];
}

/** The database of a bank as a file of SQLite, as its own system would keep it. */
export function writeBankFile(file, bank, loans, tenants) {
  const database = new Database(file);
  database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF');
  database.exec('CREATE TABLE dk_jj (jjbh TEXT PRIMARY KEY, tyshxydm TEXT, fkje NUMERIC, dkye NUMERIC, fkrq TEXT, wjfl TEXT, jjzt TEXT)');
  insert(database, 'dk_jj', 7, loans, (number) => bankRow(loan(bank, number, tenants)));
  for (const index of BANK_INDEXES) database.exec(index);
  database.exec('ANALYZE');
  database.close();
}

/** A row of tenants in the one database. */
export function oneTenantRow(number) {
  const row = tenant(number);
  return Object.values({ ...row, registeredCapital: Number(row.registeredCapital) * 100, leftOn: null });
}

/** A row of loans in the one database. */
export function oneLoanRow(id, bank, number, tenants) {
  const row = loan(bank, number, tenants);
  return [id, row.number, row.tenantUscc, row.yuan * 100, row.yuan * 50, row.date, row.classification, row.status];
}

/** The same companies and loans of all banks in one database, indexed alike: what the hub is measured against. */
export function writeOneDatabase(file, tenants, banks, loans) {
  const database = new Database(file);
  database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF');
  database.exec(
    'CREATE TABLE tenants (uscc TEXT PRIMARY KEY, name TEXT, industry TEXT, technology_field TEXT, stage TEXT, status TEXT, registered_capital INTEGER, founded_on TEXT, entered_on TEXT, left_on TEXT)',
  );
  insert(database, 'tenants', 10, tenants, oneTenantRow);
  database.exec(
    'CREATE TABLE loans (bank TEXT, number TEXT, uscc TEXT, amount INTEGER, balance INTEGER, date TEXT, classification TEXT, status TEXT, PRIMARY KEY (bank, number))',
  );
  for (const [bank, id] of banks.entries()) insert(database, 'loans', 8, loans, (number) => oneLoanRow(id, bank, number, tenants));
  for (const index of [
    'loans_uscc ON loans (uscc)',
    'loans_date ON loans (date, bank, number)',
    'loans_amount ON loans (amount, bank, number)',
    'loans_number ON loans (number)',
  ])
    database.exec(`CREATE INDEX ${index}`);
  database.exec('CREATE INDEX tenants_status ON tenants (status)');
  database.exec('ANALYZE');
  database.close();
}

function insert(database, table, columns, count, row) {
  const statement = database.prepare(`INSERT INTO ${table} VALUES (${Array(columns).fill('?').join(', ')})`);
  database.exec('BEGIN');
  for (let number = 0; number < count; number++) statement.run(row(number));
  database.exec('COMMIT');
}

/** The middle of measured times. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
