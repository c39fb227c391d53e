/** Has Apollo Server execute by the hub's own executor. Its option for another executor is the one for gateways. */
import type { ApolloServerOptions } from '@apollo/server';
import type { GraphQLSchema } from 'graphql';
import { Executor } from '../execution/executor.js';

type Gateway = NonNullable<ApolloServerOptions<object>['gateway']>;

/** The option `gateway` of an Apollo Server over a schema. */
export function executionOver(schema: GraphQLSchema): Gateway {
  const executor = new Executor(schema);
  return {
    onSchemaLoadOrUpdate: (loaded) => {
      loaded({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => undefined;
    },
    load: async () => ({
      executor: async ({ document, request, context }) =>
        executor.execute({ document, operationName: request.operationName, variableValues: request.variables, contextValue: context }),
    }),
    stop: async () => undefined,
  };
}
