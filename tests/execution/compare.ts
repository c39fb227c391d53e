/** What two executions are compared by. */
import { type ExecutionResult, GraphQLError } from 'graphql';
import { afterAll, beforeAll } from 'vitest';
import type { ExecutionRequest } from '../../src/execution/executor.js';

/** All that can be told of an answer, errors in their order. */
export function told({ data, errors, ...others }: ExecutionResult): string {
  return JSON.stringify({
    data,
    others,
    errors: errors?.map((error) => ({
      isGraphQL: error instanceof GraphQLError,
      shown: error.toJSON(),
      nodes: error.nodes?.map(({ kind, loc }) => [kind, loc?.start]),
      origin: String(error.originalError),
    })),
  });
}

/** A way of executing. */
export type Execute = (request: ExecutionRequest) => ExecutionResult | Promise<ExecutionResult>;

/**
 * What fails while nobody listens, in the tests of a file. graphql-js leaves the other items of a list to fail so when one of them
 * fails at once; the executor must not, for it would end the process.
 */
export function unheardFailures(): unknown[] {
  const unheard: unknown[] = [];
  const others = process.listeners('unhandledRejection');
  const hear = (reason: unknown): void => void unheard.push(reason);
  beforeAll(() => {
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', hear);
  });
  afterAll(() => {
    process.off('unhandledRejection', hear);
    for (const other of others) process.on('unhandledRejection', other);
  });
  return unheard;
}
