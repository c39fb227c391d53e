import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { buildSchema, type GraphQLSchema, Kind, type OperationDefinitionNode, parse, validate } from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';
import { describe, expect, it } from 'vitest';
import { type ReadyQueryFile, readyQueryFiles } from './readyQueryFiles.js';

const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));

/** What the schema says against a document and its variables. */
function objections(against: GraphQLSchema, { document, variables }: Pick<ReadyQueryFile, 'document' | 'variables'>): string[] {
  const errors = validate(against, document).map(({ message }) => message);
  if (errors.length > 0) return errors;
  const operation = document.definitions.find((definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION);
  const definitions = operation?.variableDefinitions ?? [];
  const strangers = Object.keys(variables).filter((name) => !definitions.some(({ variable }) => variable.name.value === name));
  const { errors: wrong = [] } = getVariableValues(against, definitions, variables);
  return [...wrong.map(({ message }) => message), ...strangers.map((name) => `Variable "$${name}" is given, but not asked for.`)];
}

describe('the ready queries of the playground', () => {
  const files = readyQueryFiles();

  it('are there for each kind of user', () => {
    const kinds = ['the public 公众', 'park staff 园区人员', 'investors 投资机构', 'bank officers 银行客户经理', 'front-end developers 前端开发'];
    const told = files.map(({ text }) => /^# For (.+): /.exec(text)?.[1]);
    expect(told).toEqual(kinds);
  });

  it.each(files.map((file) => [file.file, file] as const))('%s fits the schema, with its variables', (_name, file) => {
    expect(objections(schema, file)).toEqual([]);
  });

  it('have one named operation each, and no name twice, for it is the title of the tab', () => {
    for (const { file, operations } of files) expect(operations, file).toEqual([expect.stringMatching(/^[A-Z]\w+$/)]);
    expect(new Set(files.flatMap(({ operations }) => operations)).size).toBe(files.length);
  });

  it('say as whom they are asked', () => {
    expect(files.map(({ meant }) => meant)).toEqual(['PUBLIC', 'PARK OPERATOR', 'INVESTOR', 'BANK', 'BANK']);
  });

  it('say in Chinese, too, what they are for', () => {
    for (const { file, text } of files) expect(text.slice(0, text.indexOf('\nquery')), file).toMatch(/^# \p{Script=Han}{4}.*$/mu);
  });

  it('have no variables lying about without a query', () => {
    for (const file of readdirSync('web/playground/queries').filter((name) => name.endsWith('.json'))) {
      expect(existsSync(`web/playground/queries/${file.replace(/\.json$/, '.graphql')}`), file).toBe(true);
    }
  });
});

describe('the check of ready queries', () => {
  it.each([
    ['a field that does not exist', '{ prak { name } }', {}, 'Cannot query field "prak"'],
    ['a variable of the wrong type', 'query ($years: [Int!]!) { park { figures(years: $years) { year } } }', { years: ['last'] }, 'got invalid value "last"'],
    ['a variable that nothing asks for', '{ park { name } }', { year: 2021 }, 'Variable "$year" is given, but not asked for.'],
  ])('refuses %s', (_name, text, variables, objection) => {
    expect(objections(schema, { document: parse(text), variables }).join()).toContain(objection);
  });
});
