import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ConfigProblem, describeProblem } from '../../src/config/problem.js';
import { sourceFileSchema } from '../../src/config/sourceFile.js';
import { LARGEST_YAML, parseYaml } from '../../src/config/yaml.js';

const schema = z.strictObject({
  name: z.string().min(1).max(5),
  count: z.int().min(1).max(9).optional(),
  unit: z.enum(['分', '元', '万元']).optional(),
  flag: z.boolean().optional(),
  list: z
    .array(z.strictObject({ code: z.string() }))
    .min(1)
    .optional(),
  codes: z.record(z.string().regex(/^[a-z]$/, 'one small letter'), z.string()).optional(),
  secret: z.strictObject({ env: z.string().regex(/^[A-Z]+$/, 'the name of an environment variable') }).optional(),
  path: z.string().startsWith('/').optional(),
});

function problemsOf(text: string, of: z.ZodType = schema): ConfigProblem[] {
  const parsed = parseYaml(text, 'a.yml', of);
  return parsed.ok ? [] : parsed.problems;
}

const linesOf = (text: string, of: z.ZodType = schema): string[] => problemsOf(text, of).map(describeProblem);

describe('a file that is right', () => {
  it('gives its value, and the line of each field', () => {
    const parsed = parseYaml('name: a\n\nlist:\n  - code: x\n  - code: "y"\ncodes:\n  a: "1"\n', 'a.yml', schema);
    expect(parsed).toMatchObject({ ok: true, value: { name: 'a', list: [{ code: 'x' }, { code: 'y' }], codes: { a: '1' } } });
    const line = (...path: (string | number)[]) => parsed.lineOf(path);
    expect([line('name'), line('list'), line('list', 1, 'code'), line('codes', 'a'), line('codes', 'b'), line('nothing'), line()]).toEqual([
      1, 3, 5, 7, 6, 1, 1,
    ]);
  });

  it('keeps the names of fields as they are written', () => {
    const parsed = parseYaml('01: A\n1: B\n0x10: C\ntrue: D\n', 'a.yml', z.record(z.string(), z.string()));
    expect(parsed.ok && parsed.value).toEqual({ '01': 'A', '1': 'B', '0x10': 'C', true: 'D' });
  });

  it('is YAML 1.2: yes and no are texts', () => {
    expect(parseYaml('name: no\n', 'a.yml', schema)).toMatchObject({ ok: true, value: { name: 'no' } });
  });
});

describe('what is wrong with a field', () => {
  it.each([
    ['name: a\ncount: x', 'a.yml:2: count: expected a number, but got: x'],
    ['name: a\ncount: 1.5', 'a.yml:2: count: expected a whole number, but got: 1.5'],
    ['name: a\ncount: 10', 'a.yml:2: count: expected a number of at most 9, but got: 10'],
    ['name: 12', 'a.yml:1: name: expected a text (in quotes where it looks like a number or a truth value), but got: 12'],
    ['name: abcdef', 'a.yml:1: name: expected a text of at most 5 characters, but got: abcdef'],
    ['count: 1', 'a.yml:1: name: expected a field named name: a text (in quotes where it looks like a number or a truth value), but got: none'],
    ['name: a\nunit: 万块', 'a.yml:2: unit: expected one of 分, 元, 万元 (did you mean 万元?), but got: 万块'],
    ['name: a\nflag: 是', 'a.yml:2: flag: expected true or false, but got: 是'],
    ['name: a\n\nlist: []', 'a.yml:3: list: expected a list of at least 1 entries, but got: a list of 0'],
    [
      'name: a\nlist:\n  - code: x\n  - kode: y',
      'a.yml:4: list.1.code: expected a field named code: a text (in quotes where it looks like a number or a truth value), but got: none',
    ],
    ['name: a\ncodes: x', 'a.yml:2: codes: expected a block of fields, but got: x'],
    ['name: a\ncodes:\n  B: x', 'a.yml:3: codes.B: expected a name that is one small letter, but got: B'],
    ['name: a\npath: x', 'a.yml:2: path: expected a text that starts with /, but got: x'],
    ['name:', 'a.yml:1: name: expected a text (in quotes where it looks like a number or a truth value), but got: an empty value'],
    ['', 'a.yml:1: expected a block of fields, but got: an empty value'],
    ['- a', 'a.yml:1: expected a block of fields, but got: a list of 1'],
  ])('%j', (text, line) => {
    expect(linesOf(text)).toContain(line);
  });

  it('names a field that is not known, the known ones, and the nearest', () => {
    expect(linesOf('name: a\ncuont: 1\nzzz: 2')).toEqual([
      'a.yml:2: cuont: expected no field of this name; known are name, count, unit, flag, list, codes, secret, path (did you mean count?), but got: a field named cuont',
      'a.yml:3: zzz: expected no field of this name; known are name, count, unit, flag, list, codes, secret, path, but got: a field named zzz',
    ]);
  });

  it('is told for every field at once, in the order of the lines', () => {
    expect(problemsOf('unit: x\ncount: 0\nflag: 3\nother: 1').map(({ line, field }) => [line, field])).toEqual([
      [1, 'name'],
      [1, 'unit'],
      [2, 'count'],
      [3, 'flag'],
      [4, 'other'],
    ]);
  });

  it('does not show what may be a secret', () => {
    const texts = [
      'name: a\nsecret: postgres://u:hunter2@h/d',
      'name: a\nsecret: {env: hunter2}',
      'name: a\nunit: https://u:hunter2@h',
      'name: a\npassword: hunter2',
    ];
    for (const text of texts) {
      const lines = linesOf(text);
      expect(lines).not.toEqual([]);
      expect(lines.join('\n')).not.toContain('hunter2');
    }
  });
});

describe('a choice of forms', () => {
  const source = (columns: string, from = '{table: t}'): string =>
    [
      'id: a',
      'title: A',
      'partner: {kind: bank, name: A, shortName: A}',
      'connector: sql',
      'connection: {type: sqlite, file: a.db}',
      'books:',
      '  Loan:',
      `    from: ${from}`,
      '    columns:',
      ...columns.split('\n').map((line) => `      ${line}`),
    ].join('\n');

  it.each([
    [
      'amount: {column: je, unti: 万元}',
      '10: books.Loan.columns.amount.unti: expected no field of this name; known are column, columns, constant, unit, format, values, empty, identify (did you mean unit?)',
    ],
    [
      'amount: {column: je, unit: 万块}',
      '10: books.Loan.columns.amount.unit: expected one of 分, 元, 千元, 万元, 百万元, 亿元, %, ‰, bp (did you mean 万元?), but got: 万块',
    ],
    [
      'amount:\n  column: je\n  constant: 1',
      '10: books.Loan.columns.amount: expected exactly one of column, columns, constant and identify, but got: a block with column, constant',
    ],
    ['amount: ""', '10: books.Loan.columns.amount: expected a text of at least 1 characters'],
    ['amount: 3', '10: books.Loan.columns.amount: expected a text (in quotes where it looks like a number or a truth value); or a block of fields, but got: 3'],
  ])('%j is explained by the form that was meant', (columns, line) => {
    const lines = linesOf(source(columns), sourceFileSchema);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`a.yml:${line}`);
  });

  it.each([
    [
      '{tabel: t, as: x}',
      ['from.table: expected a field named table', 'from.tabel: expected no field of this name; known are table, schema, as (did you mean table?)'],
    ],
    ['{fiel: t.csv, format: csv}', ['from.file: expected a field named file', 'from.fiel: expected no field of this name']],
    ['{path: /v1, rows: data, paging: {style: pages}}', ['from.paging.style: expected one of page, cursor, offset, link (did you mean page?), but got: pages']],
    ['{}', ['from: expected a block with table; or a block with file and format; or a block with path and rows, but got: an empty block']],
  ])('%s is taken for the nearest', (from, expected) => {
    const lines = linesOf(source('amount: a', from), sourceFileSchema);
    expect(lines).toHaveLength(expected.length);
    for (const part of expected) expect(lines.join('\n')).toContain(part);
  });

  it.each([
    ['connector: sqll', 'connector: expected one of sql, file, http (did you mean sql?), but got: sqll'],
    ['title: A', 'connector: expected a field named connector: one of sql, file, http, but got: none'],
  ])('by its name: %j', (text, line) => {
    expect(linesOf(text, sourceFileSchema).join('\n')).toContain(line);
  });
});

describe('a file that is no YAML, or more than YAML should be', () => {
  it.each([
    ['a bracket that is not closed', 'name: [a\n', 2],
    ['a tab', 'name:\n\t- a\n', 2],
    ['a field that is there twice', 'name: a\ncount: 1\nname: b\n', 3],
    ['a second document', 'name: a\n---\nname: b\n', 2],
    ['an alias', 'name: &x a\ncodes:\n  a: *x\n', 3],
    ['a tag', 'name: !!js/function a\n', 1],
    ['a field name that is a list', '? [a]\n: b\n', 1],
    ['another version', '%YAML 1.1\n---\nname: no\n', 1],
    ['a field named __proto__', 'name: a\ncodes:\n  __proto__: x\n', 3],
  ])('%s', (_, text, line) => {
    const problems = problemsOf(text);
    expect(problems.map((problem) => problem.line)).toContain(line);
  });

  it.each([
    ['brackets', '['.repeat(100_000)],
    ['dashes', `${'- '.repeat(100_000)}a`],
    ['fields', 'a: '.repeat(50_000)],
    ['question marks', '? '.repeat(100_000)],
    ['braces', '{a: '.repeat(100_000)],
  ])('nested deeply by %s', (_, text) => {
    expect(linesOf(text)).toEqual(['a.yml: expected blocks and lists nested at most 40 deep, but got: a deeper nesting']);
  });

  it('a thousand million laughs', () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]', ...[...'bcdefghi'].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`)}]`)].join(
      '\n',
    );
    expect(problemsOf(bomb).every(({ got }) => got.startsWith('an alias'))).toBe(true);
  });

  it('a file that is too large', () => {
    expect(linesOf(`name: a # ${'长'.repeat(LARGEST_YAML / 3)}`)).toEqual([expect.stringContaining(`expected at most ${LARGEST_YAML} bytes`)]);
  });

  it('whatever it is, gives problems or a value, and throws nothing', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('name: ', '- ', '\n', '  ', '{', '}', '[', ']', '*a', '&a ', '!!', ': ', '"', "'", '|\n', '>', '%', '---\n', '<<: ', '? ', '#', '\t'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const parsed = parseYaml(pieces.join(''), 'a.yml', schema);
        if (!parsed.ok) {
          expect(parsed.problems.length).toBeGreaterThan(0);
          for (const problem of parsed.problems) expect(problem.line).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 500 },
    );
  });
});
