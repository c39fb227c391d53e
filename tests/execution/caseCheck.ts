/** A case of execution: what is asked of which schema, and what is answered, by graphql-js too. */
import { buildSchema, execute, type GraphQLInterfaceType, type GraphQLObjectType, parse } from 'graphql';
import { expect } from 'vitest';
import { Executor } from '../../src/execution/executor.js';
import { type Execute, told } from './compare.js';

export interface Case {
  readonly schema: string;
  readonly ask: string;
  readonly root?: unknown;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
  readonly gives: object;
  readonly isTypeOf?: Readonly<Record<string, (value: Record<string, unknown>) => unknown>>;
  readonly resolveType?: (value: Record<string, unknown>) => unknown;
}

export const later = async <T>(value: T): Promise<T> => value;
export const fails = async (message = 'bad'): Promise<never> => {
  throw new Error(message);
};
export const throws = (): never => {
  throw new Error('bad');
};
export const error = (message: string, path: (string | number)[], column: number, line = 1) => ({ message, locations: [{ line, column }], path });

function schemaOf({ schema, isTypeOf = {}, resolveType }: Case) {
  const built = buildSchema(schema);
  for (const [name, is] of Object.entries(isTypeOf)) (built.getType(name) as GraphQLObjectType).isTypeOf = is as never;
  if (resolveType) for (const name of ['Pet', 'Any']) if (built.getType(name)) (built.getType(name) as GraphQLInterfaceType).resolveType = resolveType as never;
  return built;
}

export async function check(item: Case): Promise<void> {
  const schema = schemaOf(item);
  const document = parse(item.ask);
  const executor = new Executor(schema);
  const ways: Execute[] = [(request) => executor.execute(request), (request) => execute({ schema, ...request }), (request) => executor.execute(request)];
  const answers = [];
  for (const way of ways)
    answers.push(
      await way({
        document,
        rootValue: typeof item.root === 'function' ? item.root() : item.root,
        variableValues: item.variables,
        operationName: item.operationName,
      }),
    );
  expect(JSON.parse(JSON.stringify(answers[0]))).toEqual(item.gives);
  expect(told(answers[0] as never)).toBe(told(answers[1] as never));
  // By the plan that was kept.
  expect(told(answers[2] as never)).toBe(told(answers[1] as never));
}
