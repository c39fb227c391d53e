/** The walls of the house, kept by reading the imports of every file. design.md says why each stands. */
import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { circlesOf, filesUnder, type Import, importsOf, type SourceText } from './helpers/imports.js';

const rooms = ['tenancy', 'capital', 'lending', 'operations'];

interface Wall {
  readonly name: string;
  readonly broken: (by: Import) => boolean;
}

const inside = (path: string, ...folders: string[]): boolean => folders.some((folder) => path === folder || path.startsWith(`${folder}/`));

/** The room a file belongs to ("capital", "views"), where it belongs to one. */
const roomOf = (path: string): string | undefined => /^src\/(?:entities|resolvers)\/([^/]+)\//.exec(path)?.[1];

/** The connector a file belongs to ("sql"), where it belongs to one. */
const connectorOf = (path: string): string | undefined => /^src\/sources\/connectors\/([^/]+)\//.exec(path)?.[1];

/** Whether a file of src/access tells who is asking, by a token; the others say what a viewer may see. */
const tellsWhoAsks = (path: string): boolean => /^src\/access\/(authenticate|claims|grant|keySet|oidc|refusal|tokens)\.ts$/.test(path);
/** What keeps records in the store and in files, unlike the rules, which are pure. */
const records = ['authorizationLog', 'authorizations', 'reads', 'shown', 'trace', 'traceChain', 'traceFile'].map((name) => `src/access/${name}.ts`);

const walls: readonly Wall[] = [
  {
    name: 'capital, lending and operations import tenancy, never each other, and tenancy none of them',
    broken: ({ from, to }) => {
      const [own, other] = [roomOf(from), roomOf(to)];
      return own !== undefined && other !== undefined && rooms.includes(own) && rooms.includes(other) && own !== other && other !== 'tenancy';
    },
  },
  { name: 'no room imports a view', broken: ({ from, to }) => rooms.includes(roomOf(from) ?? '') && roomOf(to) === 'views' },
  { name: 'entities import no resolver', broken: ({ from, to }) => inside(from, 'src/entities') && inside(to, 'src/resolvers') },
  { name: 'values import nothing of ours', broken: ({ from, to, ours }) => ours && inside(from, 'src/values') && !inside(to, 'src/values') },
  {
    name: 'rules import nothing of ours but values',
    broken: ({ from, to, ours }) => ours && inside(from, 'src/rules') && !inside(to, 'src/rules', 'src/values'),
  },
  {
    name: 'a viewer imports nothing of ours but values',
    broken: ({ from, to, ours }) => ours && from === 'src/access/viewer.ts' && !inside(to, 'src/values'),
  },
  {
    name: 'a resolver knows of the sources only the book, and the types of the contract',
    broken: ({ from, to, typeOnly }) =>
      inside(from, 'src/resolvers') && inside(to, 'src/sources') && to !== 'src/sources/book.ts' && !(typeOnly && to === 'src/sources/source.ts'),
  },
  {
    name: 'who may see what knows entities, values, and of the sources the contract and the plain evaluation of conditions',
    broken: ({ from, to, ours, typeOnly }) =>
      ours &&
      inside(from, 'src/access') &&
      !tellsWhoAsks(from) &&
      !records.includes(from) &&
      !inside(to, 'src/access', 'src/entities', 'src/values') &&
      to !== 'src/sources/evaluate.ts' &&
      !(typeOnly && (to === 'src/sources/source.ts' || to === 'src/sources/plan.ts')),
  },
  {
    name: 'who is asking and what a viewer may see know the viewer, and nothing of each other',
    broken: ({ from, to }) =>
      inside(from, 'src/access') &&
      inside(to, 'src/access') &&
      tellsWhoAsks(from) !== tellsWhoAsks(to) &&
      !(tellsWhoAsks(from) && to === 'src/access/viewer.ts'),
  },
  {
    name: 'of who may see what the sources know the rules as bound into a book',
    broken: ({ from, to }) => inside(from, 'src/sources') && inside(to, 'src/access') && !(from === 'src/sources/book.ts' && to === 'src/access/bound.ts'),
  },
  {
    name: 'no resolver decides who may see what',
    broken: ({ from, to, typeOnly }) => inside(from, 'src/resolvers') && inside(to, 'src/access') && !(typeOnly && records.includes(to)),
  },
  { name: 'sources import no resolver', broken: ({ from, to }) => inside(from, 'src/sources') && inside(to, 'src/resolvers') },
  {
    name: 'connectors do not import each other',
    broken: ({ from, to }) => connectorOf(from) !== undefined && connectorOf(to) !== undefined && connectorOf(from) !== connectorOf(to),
  },
  { name: 'nothing imports the command line', broken: ({ from, to }) => inside(to, 'src/cli') && !inside(from, 'src/cli') },
  {
    name: 'only the command line knows the demonstration, and the hub nothing of tests',
    broken: ({ from, to }) => (inside(from, 'src') && inside(to, 'demo') && !inside(from, 'src/cli')) || (inside(from, 'src', 'demo') && inside(to, 'tests')),
  },
];

const files = filesUnder(['src', 'demo'], ['.ts']);
const imports = files.flatMap(importsOf);

const readsEnvironment = ({ path, text }: SourceText): boolean =>
  path !== 'src/config/environment.ts' && /\bprocess\s*(\.\s*env\b|\[\s*['"]env['"])|\benv\b[^'"]*from\s+['"](node:)?process['"]/.test(text);

describe('the walls', () => {
  test.each(walls)('$name', ({ broken }) => {
    expect(imports.filter(broken).map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  test('an answer is asked as the hub itself for the figures of the park, and for nothing else', () => {
    const asking = filesUnder(['src/resolvers', 'src/server', 'src/schema'], ['.ts']).filter(({ text }) => /\basHub\b|\bhubViewer\b/.test(text));
    expect(asking.map(({ path }) => path).sort()).toEqual(['src/resolvers/views/figures.resolver.ts', 'src/schema/context.ts']);
  });

  test('no circle among value imports', () => {
    expect(circlesOf(imports)).toEqual([]);
  });

  test('the environment of the process is read in one file', () => {
    expect(
      filesUnder(['src'], ['.ts'])
        .filter(readsEnvironment)
        .map((file) => file.path),
    ).toEqual([]);
  });

  test('every import of ours leads to a file', () => {
    expect(imports.filter(({ to, ours }) => ours && !fs.existsSync(to)).map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  test('no file is longer than 400 lines', () => {
    const long = filesUnder(['src', 'demo', 'scripts', 'web'], ['.ts', '.tsx', '.mjs']).filter(({ text }) => text.split('\n').length > 401);
    expect(long.map(({ path, text }) => `${path}: ${text.split('\n').length - 1} lines`)).toEqual([]);
  });

  test('every room has the same folder under src/entities and src/resolvers', () => {
    const roomsUnder = (folder: string): string[] =>
      [...new Set(files.filter(({ path }) => path.startsWith(`${folder}/`)).map(({ path }) => roomOf(path)))].filter((room) => room !== undefined).sort();
    expect(roomsUnder('src/entities').filter((room) => room !== 'views')).toEqual([...rooms].sort());
    expect(roomsUnder('src/resolvers')).toEqual(expect.arrayContaining([...rooms].sort()));
  });
});

describe('the scanner', () => {
  const wallNamed = (start: string): Wall => {
    const wall = walls.find(({ name }) => name.startsWith(start));
    if (!wall) throw new Error(`Expected a wall whose name starts with "${start}".`);
    return wall;
  };

  test.each([
    ['capital, lending', 'src/entities/capital/fund.ts', "import { Loan } from '../lending/loan.js';"],
    ['capital, lending', 'src/resolvers/tenancy/tenant.resolver.ts', "export * from '../capital/fund.resolver.js';"],
    ['capital, lending', 'src/resolvers/lending/loan.resolver.ts', "import type { Fund } from '../../entities/capital/fund.js';"],
    ['no room', 'src/entities/capital/fund.ts', "import { Portfolio } from '../views/portfolio.js';"],
    ['entities import', 'src/entities/capital/fund.ts', "import '../../resolvers/capital/fund.resolver.js';"],
    ['values import', 'src/values/money.ts', "import { checkUscc } from '../rules/uscc.js';"],
    ['rules import', 'src/rules/uscc.ts', "import {\n  Loan,\n  LoanKind,\n} from '../entities/lending/loan.js';"],
    ['a viewer', 'src/access/viewer.ts', "import { HubError } from '../schema/errors.js';"],
    ['a resolver', 'src/resolvers/lending/loan.resolver.ts', "import { SqlSource } from '../../sources/connectors/sql/source.js';"],
    ['a resolver', 'src/resolvers/lending/loan.resolver.ts', "import { SourceError } from '../../sources/source.js';"],
    ['who may see', 'src/access/rules.ts', "import { Book } from '../sources/book.js';"],
    ['who may see', 'src/access/bound.ts', "import { SourceError } from '../sources/source.js';"],
    ['who is asking', 'src/access/tokens.ts', "import { rules } from './rules.js';"],
    ['who is asking', 'src/access/rules.ts', "import { HubTokens } from './tokens.js';"],
    ['of who may see', 'src/sources/connectors/sql/liveSource.ts', "import type { Viewer } from '../../../access/viewer.js';"],
    ['no resolver', 'src/resolvers/lending/lending.resolver.ts', "import type { Viewer } from '../../access/viewer.js';"],
    ['sources import', 'src/sources/book.ts', "import { x } from '../resolvers/lending/loan.resolver.js';"],
    ['connectors', 'src/sources/connectors/sql/source.ts', "import { x } from '../http/client.js';"],
    ['nothing imports', 'src/server/http.ts', "import { exitCodes } from '../cli/exitCodes.js';"],
    ['only the command line', 'src/sources/registry.ts', "const api = await import('../../demo/partner-api/server.js');"],
    ['only the command line', 'src/sources/registry.ts', "import { x } from '../../tests/helpers/setup.js';"],
  ])('sees that "%s …" is broken by %s', (name, path, text) => {
    expect(importsOf({ path, text }).filter(wallNamed(name).broken)).toHaveLength(1);
  });

  test.each([
    ['capital, lending', 'src/entities/capital/investment.ts', "import { Tenant } from '../tenancy/tenant.js';"],
    ['capital, lending', 'src/resolvers/views/portfolio.ts', "import { Loan } from '../../entities/lending/loan.js';"],
    [
      'a resolver',
      'src/resolvers/lending/loan.resolver.ts',
      "import type { Row } from '../../sources/source.js';\nimport { Book } from '../../sources/book.js';",
    ],
    ['who is asking', 'src/access/tokens.ts', "import type { Viewer } from './viewer.js';"],
    ['rules import', 'src/rules/uscc.ts', "import { parse } from '../values/text.js';\nimport { z } from 'zod';"],
    ['only the command line', 'src/cli/serve.ts', "await import('../../demo/partner-api/server.js');"],
    ['connectors', 'src/sources/connectors/sql/source.ts', " * import { x } from '../http/client.js';\n// import { x } from '../http/client.js';"],
  ])('lets pass under "%s …" what %s may do', (name, path, text) => {
    expect(importsOf({ path, text }).filter(wallNamed(name).broken)).toEqual([]);
  });

  test('finds a circle of values and not one of types', () => {
    const circle = [
      { path: 'src/a.ts', text: "import { b } from './b.js';" },
      { path: 'src/b.ts', text: "export { c } from './c.js';" },
      { path: 'src/c.ts', text: "import {\n  type A,\n  a,\n} from './a.js';" },
    ];
    expect(circlesOf(circle.flatMap(importsOf))).toEqual([['src/a.ts', 'src/b.ts', 'src/c.ts', 'src/a.ts']]);
    const types = circle.with(2, { path: 'src/c.ts', text: "import { type A } from './a.js';\nimport type { B } from './b.js';" });
    expect(circlesOf(types.flatMap(importsOf))).toEqual([]);
  });

  test.each(['const port = process.env.PORT;', "const port = process['env'].PORT;", "import { env } from 'node:process';", 'const { PORT } = process.env;'])(
    'sees a reading of the environment: %s',
    (text) => {
      expect(readsEnvironment({ path: 'src/server/http.ts', text })).toBe(true);
      expect(readsEnvironment({ path: 'src/config/environment.ts', text })).toBe(false);
    },
  );

  test('reads the files that are there', () => {
    expect(files.length).toBeGreaterThan(30);
    expect(imports.filter(({ ours }) => ours).length).toBeGreaterThan(50);
  });
});
