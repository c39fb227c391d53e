/** Refuses operations that may cost too much, before anything is read; and lets their time go when they are answered. */
import type { ApolloServerPlugin } from '@apollo/server';
import type { OperationDefinitionNode } from 'graphql';
import { HubContext } from '../schema/context.js';
import { checkCost, costOf, type DocumentCost } from '../schema/cost.js';
import { costBesideBounds } from '../schema/explanation.js';
import type { Limits } from '../schema/limits.js';

/** Variables of one operation whose cost is remembered, and the longest of them. */
const MOST_REMEMBERED = 50;
const LONGEST_REMEMBERED = 2_000;

/** The plugin of one server: the cost of a document with the same variables is reckoned once, as long as the document is kept. */
export function limitsPlugin(limits: Limits): ApolloServerPlugin<object> {
  const known = new WeakMap<OperationDefinitionNode, Map<string, DocumentCost>>();
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, operation, request, contextValue }) {
          if (!operation) return;
          const { variables = {} } = request;
          const name = JSON.stringify(variables);
          const costs = known.get(operation) ?? new Map<string, DocumentCost>();
          const sourcesOf = contextValue instanceof HubContext ? contextValue.hub.sourcesOf : () => 1;
          const cost = costs.get(name) ?? costOf(schema, document, operation, variables, sourcesOf);
          // Wrong variables: the graph says which.
          if (!cost) return;
          if (name.length <= LONGEST_REMEMBERED && costs.size < MOST_REMEMBERED) known.set(operation, costs.set(name, cost));
          if (contextValue instanceof HubContext) contextValue.cost = costBesideBounds(cost, limits);
          checkCost(cost, limits);
        },
        async willSendResponse({ contextValue }) {
          if (contextValue instanceof HubContext) contextValue.close();
        },
      };
    },
  };
}
