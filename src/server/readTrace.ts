/** Records what an operation read before its answer leaves; an answer that cannot be recorded does not leave. */
import type { ApolloServerPlugin } from '@apollo/server';
import type { Logger } from 'pino';
import { HubContext } from '../schema/context.js';

/** The plugin, with the log that is told of what could not be recorded. */
export function readTracePlugin(log: Logger): ApolloServerPlugin {
  return {
    async requestDidStart() {
      return {
        // Apollo Server waits for it before it hands the answer on.
        async willSendResponse({ response, contextValue, operationName, queryHash }) {
          if (!(contextValue instanceof HubContext)) return;
          try {
            const { exported } = contextValue;
            await contextValue.recordReads({ operation: operationName ?? null, document: exported ?? queryHash ?? null, exported: exported !== undefined });
          } catch (error) {
            log.error({ err: error }, 'A read could not be recorded; its answer is withheld.');
            const message = 'This read could not be recorded, so its answer is withheld. Ask again later.';
            response.http.status = 503;
            response.body = { kind: 'single', singleResult: { errors: [{ message, extensions: { code: 'TRACE_UNAVAILABLE' } }] } };
          }
        },
      };
    },
  };
}
