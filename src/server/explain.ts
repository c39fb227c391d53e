/**
 * `extensions.explain`: what an operation may cost, what it asked of each source, and how its filters followed links, for who
 * sends the header `x-parkhub-explain: true`, or `"extensions": {"explain": true}` in the request. It names sources, entities,
 * rows and times, as far as the viewer may see them (`src/schema/explanation.ts`); no statement, path or host.
 */
import type { ApolloServerPlugin } from '@apollo/server';
import { HubContext } from '../schema/context.js';

const HEADER = 'x-parkhub-explain';

/** Adds the explanation to the answers of those who ask for it. */
export const explainPlugin: ApolloServerPlugin<object> = {
  async requestDidStart() {
    return {
      async willSendResponse({ request, response, contextValue }) {
        const isAsked = request.http?.headers.get(HEADER) === 'true' || request.extensions?.explain === true;
        if (!isAsked || response.body.kind !== 'single') return;
        // Apollo Server hands on a copy of the context, which is still one of these.
        if (!(contextValue instanceof HubContext)) return;
        const result = response.body.singleResult;
        result.extensions = { ...result.extensions, explain: contextValue.explanation };
      },
    };
  },
};
