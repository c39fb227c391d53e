/** What became of each source that an operation asked, in its answer's `extensions.sources`. */
import type { ApolloServerPlugin } from '@apollo/server';
import { HubContext } from '../schema/context.js';
import type { SourceReport } from '../sources/book.js';

/** A source's report as programs read it: in the words of the graph's own SourceReport. */
interface ShownReport {
  readonly sourceId: string;
  readonly state: SourceReport['state'];
  readonly asOf: string | null;
  readonly message: string | null;
  readonly drift?: readonly object[];
}

/** Adds the reports to every answer whose operation asked a source, whether its document asks for them or not. */
export const sourceReportsPlugin: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async willSendResponse({ response, contextValue }) {
        if (response.body.kind !== 'single' || !(contextValue instanceof HubContext)) return;
        const sources = contextValue.reports().map(shown);
        if (sources.length === 0) return;
        const { singleResult } = response.body;
        singleResult.extensions = { ...singleResult.extensions, sources };
      },
    };
  },
};

function shown({ sourceId, state, asOf, message, drift }: SourceReport): ShownReport {
  return {
    sourceId,
    state,
    asOf,
    message,
    ...(drift && {
      drift: drift.map(({ entity, missing, added, attributes }) => ({ entity, missingColumns: missing, newColumns: added, attributes })),
    }),
  };
}
