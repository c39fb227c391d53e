import { describe, expect, it } from 'vitest';
import { checkSourceFile } from '../../src/config/checkSourceFile.js';
import { describeProblem } from '../../src/config/problem.js';
import { sourceFileSchema } from '../../src/config/sourceFile.js';
import { parseYaml } from '../../src/config/yaml.js';
import { bankYml } from './parkFolder.js';

function linesOf(text: string): string[] {
  const parsed = parseYaml(text, 'test.yml', sourceFileSchema);
  if (!parsed.ok) throw new Error(parsed.problems.map(describeProblem).join('\n'));
  return checkSourceFile(parsed.value, parsed.lineOf).map(describeProblem);
}

/** The bank's file with one text changed. */
function changed(right: string, wrong: string): string {
  const text = bankYml('icbc');
  if (!text.includes(right)) throw new Error(`expected ${right} in the file`);
  return text.replace(right, wrong);
}

const FILE_YML = `id: hongtu
title: 红土项目表
connector: file
asOfFileName: '(\\d{4})(\\d{2})(\\d{2})'
partner: {kind: investor, name: 新乡红土创新资本创业投资有限公司, shortName: 红土}
books:
  Valuation:
    from: {file: 估值_*.xlsx, format: xlsx, sheet: 估值, headerRow: 3}
    columns:
      number: No.
      investmentNumber: 项目编号
      date: {column: 基准日, format: yyyy年MM月dd日}
      value: {column: 公允价值, unit: 万元}
      method: {column: 方法, values: {成本法: COST}}
`;

const HTTP_YML = `id: spdb
title: 浦发银行接口
connector: http
url: {env: SPDB_API_URL}
token: {env: SPDB_API_TOKEN}
partner: {kind: bank, name: 上海浦东发展银行, shortName: 浦发银行}
books:
  LoanProduct:
    from:
      path: /v1/products
      rows: data.items
      batch: {attribute: code, method: POST, path: /v1/products/query, parameter: codes, maximum: 100}
    columns:
      code: product.code
      name: product.name
      kind: {column: product.kind, values: {CR: CREDIT}}
`;

describe('a source.yml that fits the entities', () => {
  it.each([
    ['sql', bankYml('icbc')],
    ['file', FILE_YML],
    ['http', HTTP_YML],
  ])('has no problems (%s)', (_, text) => {
    expect(linesOf(text)).toEqual([]);
  });

  it.each([
    ['a nullable attribute that is mapped', 'number: dkbh', 'number: dkbh\n      productCode: {column: cpbh, empty: ["-"], values: {A: 科技贷}}'],
    ['a key of several columns', 'number: dkbh', 'number: {columns: [jgh, d.dkbh]}'],
    ['constants that decode', 'amount: {column: dkje, unit: 万元}', 'amount: {constant: "45.5", unit: 万元}'],
    ['a filter on a joined table', '    columns:', '    where: [{column: k.lx, equals: "1"}]\n    columns:'],
  ])('has no problems with %s', (_, right, text) => {
    expect(linesOf(changed(right, text))).toEqual([]);
  });
});

describe('what is wrong', () => {
  it.each([
    ['an entity that there is not', '  Loan:', '  Laon:', '11: books.Laon: expected one of Accreditation, ', '(did you mean Loan?), but got: Laon'],
    ['an entity whose rows are made elsewhere', '  Loan:', '  Bank:', '11: books.Bank: expected an entity other than Bank', 'but got: Bank'],
    [
      "another kind of partner's entity",
      'kind: bank',
      'kind: investor',
      '11: books.Loan: expected an entity that a partner of kind investor holds',
      'Loan, which belongs to a Bank',
    ],
    [
      "the entity's key under another name",
      'number: dkbh',
      'number: dkbh\n      key: dkbh',
      '17: books.Loan.columns.key: expected an attribute of Loan',
      'the key of Loan is its number',
    ],
    [
      'an attribute of Object',
      'number: dkbh',
      'number: dkbh\n      constructor: x',
      '17: books.Loan.columns.constructor: expected an attribute of Loan',
      'but got: constructor',
    ],
    [
      'an attribute that is not mapped',
      '      status: {constant: ACTIVE}\n',
      '',
      '15: books.Loan.columns.status: expected a column for status, which every Loan has',
      'but got: none',
    ],
    [
      'a unit of ratios for an amount',
      'dkje, unit: 万元',
      'dkje, unit: "%"',
      '19: books.Loan.columns.amount.unit: expected one of 分, 元, 千元, 万元, 百万元, 亿元, for amount is of kind money',
      'but got: %',
    ],
    [
      'a unit of money for a ratio',
      'unit: "%"',
      'unit: 万元',
      '21: books.Loan.columns.rate.unit: expected one of %, ‰, bp, for rate is of kind decimal',
      'but got: 万元',
    ],
    ['a unit for a text', 'number: dkbh', 'number: {column: dkbh, unit: 元}', '16: books.Loan.columns.number.unit: expected no unit', 'but got: 元'],
    ['a format for an amount', 'dkje, unit: 万元', 'dkje, format: excel', '19: books.Loan.columns.amount.format: expected no format', 'but got: excel'],
    [
      'values for an amount',
      'dkje, unit: 万元',
      'dkje, values: {a: b}',
      '19: books.Loan.columns.amount.values: expected no values',
      'but got: values for 1 codes',
    ],
    [
      'a value that is not ours',
      '"10": NORMAL',
      '"10": NROMAL',
      '24: books.Loan.columns.classification.values.10: expected one of NORMAL, SPECIAL_MENTION, SUBSTANDARD, DOUBTFUL, LOSS (did you mean NORMAL?)',
      'but got: NROMAL',
    ],
    [
      'a code that no cell can be',
      '"10": NORMAL',
      '" 10": NORMAL',
      '24: books.Loan.columns.classification.values. 10: expected a code without blanks around it',
      '" 10"',
    ],
    [
      'a constant that does not decode',
      'constant: ACTIVE',
      'constant: RUNNING',
      '25: books.Loan.columns.status.constant: expected one of the values of LoanStatus: ACTIVE, OVERDUE, REPAID, WRITTEN_OFF',
      'but got: "RUNNING"',
    ],
    [
      'a constant with codes',
      'constant: ACTIVE',
      'constant: ACTIVE, values: {a: ACTIVE}',
      '25: books.Loan.columns.status.values: expected none beside a constant',
      '',
    ],
    [
      'a constant for the key',
      'number: dkbh',
      'number: {constant: A}',
      '16: books.Loan.columns.number.constant: expected a column, for no two rows have the same key',
      '',
    ],
    [
      'several columns for what is no key',
      'status: {constant: ACTIVE}',
      'status: {columns: [a, b]}',
      '25: books.Loan.columns.status.columns: expected one column',
      'but got: a, b',
    ],
    [
      'a text that is too long for its attribute',
      'number: dkbh',
      `number: dkbh\n      productCode: {column: c, values: {A: ${'x'.repeat(41)}}}`,
      '17: books.Loan.columns.productCode.values.A: expected a text of at most 40 characters',
      '',
    ],
    [
      'days that a database cannot be asked for',
      'fkrq, format: yyyyMMdd',
      'fkrq, format: epochSeconds',
      '22: books.Loan.columns.date: expected a format in which a day is written in one way',
      'but got: epochSeconds',
    ],
    [
      'an alias that is not declared',
      'k.tyxydm',
      'kh.tyxydm',
      '17: books.Loan.columns.tenantUscc: expected one of the declared aliases d, k before the point (did you mean k?)',
      'but got: kh.tyxydm',
    ],
    [
      'an alias that is not declared, in a filter',
      '    columns:',
      '    where: [{column: x.lx, equals: "1"}]\n    columns:',
      '15: books.Loan.where.0.column: expected one of the declared aliases d, k',
      'but got: x.lx',
    ],
    [
      'an alias that is not declared, in a join',
      'khh: d.khh',
      'khh: e.khh',
      '14: books.Loan.joins.0.on.khh: expected one of the declared aliases d, k',
      'but got: e.khh',
    ],
    ['an alias that is taken', 'as: k,', 'as: d,', '14: books.Loan.joins.0.as: expected an alias of its own', 'd, which is taken'],
    [
      'a file in a database',
      '{table: dkht, as: d}',
      '{file: a.csv, format: csv}',
      '12: books.Loan.from: expected a table of the database (a block with table), for the connector is sql',
      'a file of the drop folder',
    ],
    [
      'a resource joined to a table',
      '{table: kh}',
      '{file: a.csv, format: csv}',
      '14: books.Loan.joins.0.from: expected a table of the database',
      'a file of the drop folder',
    ],
    [
      "a partner's USCC with a wrong check character",
      '91100000100003962T',
      '91100000100003962X',
      '9: partner.uscc: expected 18 characters of a USCC whose check character is right (the check character of the first seventeen is T)',
      'but got: 91100000100003962X',
    ],
    [
      'a time zone that there is not',
      'connector: sql',
      'connector: sql\ntimeZone: Asia/Xinxiang',
      '4: timeZone: expected a time zone such as Asia/Shanghai',
      'but got: Asia/Xinxiang',
    ],
  ])('%s', (_, right, wrong, start, end) => {
    const lines = linesOf(changed(right, wrong));
    const line = lines.find((candidate) => candidate.startsWith(`icbc/source.yml:${start}`));
    expect(line, lines.join('\n')).toContain(end);
  });

  it.each([
    ['no book', bankYml('icbc').replace(/books:[\s\S]*/, 'books: {}\n'), 'icbc/source.yml:10: books: expected at least one book, but got: none'],
    [
      'too few groups',
      FILE_YML.replace('(\\d{2})(\\d{2})', '(\\d{4})'),
      'hongtu/source.yml:4: asOfFileName: expected a regular expression with three groups: year, month and day, but got: one with 2 groups',
    ],
    [
      'no regular expression',
      FILE_YML.replace("'(\\d{4})(\\d{2})(\\d{2})'", "'('"),
      'hongtu/source.yml:4: asOfFileName: expected a regular expression with three groups: year, month and day, but got: a text that is none',
    ],
    [
      'a file elsewhere',
      FILE_YML.replace('估值_*.xlsx', '../估值.xlsx'),
      "hongtu/source.yml:8: books.Valuation.from.file: expected the name of a file in the source's folder, without folders, but got: ../估值.xlsx",
    ],
    [
      'an encoding of a workbook',
      FILE_YML.replace('sheet: 估值', 'encoding: gb18030'),
      'hongtu/source.yml:8: books.Valuation.from.encoding: expected no encoding, for the format is xlsx, but got: gb18030',
    ],
    [
      'a batch by what is not mapped',
      HTTP_YML.replace('attribute: code', 'attribute: cods'),
      'spdb/source.yml:12: books.LoanProduct.from.batch.attribute: expected one of the mapped attributes code, name, kind (did you mean code?), but got: cods',
    ],
    [
      'a join of an API',
      `${HTTP_YML}    joins:\n      - {from: {table: x}, as: x, on: {a: b}}\n`,
      'spdb/source.yml:17: books.LoanProduct.joins: expected no joins: an API gives nested objects, which are read by their path, but got: 1 joins',
    ],
    [
      'a name with the alias of nothing',
      bankYml('icbc').replace('number: dkbh', 'number: {column: a.b}'),
      'icbc/source.yml:16: books.Loan.columns.number: expected one of the declared aliases d, k before the point, but got: a.b',
    ],
  ])('%s', (_, text, line) => {
    expect(linesOf(text)).toContain(line);
  });
});
