import { describe, expect, it } from 'vitest';
import { checkSourceFile } from '../../src/config/checkSourceFile.js';
import { describeProblem } from '../../src/config/problem.js';
import { sourceFileSchema } from '../../src/config/sourceFile.js';
import { parseYaml } from '../../src/config/yaml.js';
import { bankYml } from './parkFolder.js';

function linesOf(text: string): string[] {
  const parsed = parseYaml(text, 'test.yml', sourceFileSchema);
  if (!parsed.ok) return parsed.problems.map(describeProblem);
  return checkSourceFile(parsed.value, parsed.lineOf).map(describeProblem);
}

/** The bank's file with another line for the borrower. */
function identifiedBy(column: string, text = bankYml('icbc')): string[] {
  return linesOf(text.replace('tenantUscc: k.tyxydm', `tenantUscc: ${column}`));
}

describe('identify', () => {
  it.each([
    ['a name', '{identify: {name: k.khmc}}'],
    ['a registration number', '{identify: {registrationNumber: k.zch}}'],
    ['both', '{identify: {name: k.khmc, registrationNumber: zch}}'],
    ['texts that mean no value', '{identify: {name: k.khmc}, empty: ["-", 无]}'],
  ])('may be by %s', (_what, column) => {
    expect(identifiedBy(column)).toEqual([]);
  });

  it.each([
    ['nothing', '{identify: {}}', 'books.Loan.columns.tenantUscc.identify', 'name, registrationNumber, or both'],
    ['what is neither', '{identify: {name: k.khmc, nubmer: k.zch}}', 'books.Loan.columns.tenantUscc.identify', 'nubmer'],
    [
      'a column beside it',
      '{column: k.tyxydm, identify: {name: k.khmc}}',
      'books.Loan.columns.tenantUscc',
      'exactly one of column, columns, constant and identify',
    ],
    ['codes beside it', '{identify: {name: k.khmc}, values: {A: B}}', 'books.Loan.columns.tenantUscc.values', 'none beside identify'],
    ['a unit beside it', '{identify: {name: k.khmc}, unit: 元}', 'books.Loan.columns.tenantUscc.unit', 'none beside identify'],
    ['a table that is not joined', '{identify: {name: x.khmc}}', 'books.Loan.columns.tenantUscc.identify.name', 'one of the declared aliases d, k'],
  ])('is not by %s', (_what, column, field, expected) => {
    const lines = identifiedBy(column);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(field);
    expect(lines[0]).toContain(expected);
  });

  it('is for the USCC of a tenant only', () => {
    const text = bankYml('icbc').replace('number: dkbh', 'number: {identify: {name: dkbh}}');
    expect(linesOf(text)).toEqual([
      expect.stringContaining(
        'books.Loan.columns.number.identify: expected a column, for number (of kind text) is not the USCC of a tenant in another book, but got: identify',
      ),
    ]);
  });

  it('is asked in batches by one column only', () => {
    const http = (column: string): string[] =>
      linesOf(`id: spdb
title: 接口
connector: http
url: {env: SPDB_API_URL}
token: {env: SPDB_API_TOKEN}
partner: {kind: bank, name: 浦发银行, shortName: 浦发}
books:
  Loan:
    from: {path: /loans, rows: items, batch: {attribute: tenantUscc, method: POST, path: /query, parameter: names, maximum: 10}}
    columns:
      number: no
      tenantUscc: ${column}
      kind: {constant: CREDIT}
      amount: amount
      balance: amount
      rate: {constant: "0.04"}
      date: {constant: "2021-03-05"}
      maturesOn: {constant: "2022-03-05"}
      classification: {constant: NORMAL}
      status: {constant: ACTIVE}
`);
    expect(http('{identify: {name: borrower.name}}')).toEqual([]);
    expect(http('{identify: {name: borrower.name, registrationNumber: borrower.no}}')).toEqual([
      expect.stringContaining(
        'books.Loan.from.batch.attribute: expected an attribute of one column, for a request has one value for each key, but got: tenantUscc, of two',
      ),
    ]);
  });
});
