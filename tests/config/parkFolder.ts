import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

export const PARK_YML = `id: xinxiang
name: 新乡·创客小镇
operator: 创客小镇
city: 新乡市
zone: 新乡高新区
areaCode: "410771"
operatedSince: 2018-11-01
asOf: 2022-01-01T00:00:00+08:00
carriers:
  - {code: A, name: 孵化器, kind: INCUBATOR, level: NATIONAL, totalArea: 30000}
  - {code: B, name: 众创空间, kind: MAKER_SPACE, level: MUNICIPAL, totalArea: 6000}
ruleSets:
  - {rule: incubator, version: 国科发区〔2018〕300号, effectiveFrom: 2019-01-01, effectiveTo: 2025-06-30}
assessment:
  observationMonths: 6
  criteria:
    - {year: 1, output: "100000.00", patents: 1}
`;

/** A right source.yml of a bank whose database holds its loans. */
export function bankYml(id: string): string {
  return `id: ${id}
title: 工商银行新乡分行贷款台账
connector: sql
connection: {type: sqlite, file: loans.db}
partner:
  kind: bank
  name: 中国工商银行股份有限公司
  shortName: 工商银行
  uscc: 91100000100003962T
books:
  Loan:
    from: {table: dkht, as: d}
    joins:
      - {from: {table: kh}, as: k, on: {khh: d.khh}}
    columns:
      number: dkbh
      tenantUscc: k.tyxydm
      kind: {column: dkzl, values: {"1": CREDIT, "2": MORTGAGE}}
      amount: {column: dkje, unit: 万元}
      balance: {column: d.dkye, unit: 万元}
      rate: {column: ll, unit: "%"}
      date: {column: fkrq, format: yyyyMMdd}
      maturesOn: {column: dqrq, format: yyyyMMdd}
      classification: {column: wjfl, values: {"10": NORMAL, "20": SPECIAL_MENTION}}
      status: {constant: ACTIVE}
`;
}

/** A new folder with these files (by path, with the folders in it), removed after the test; absolute and real. */
export function folderWith(files: Record<string, string | Uint8Array>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'parkhub-config-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}
