/**
 * `extensions.sources`: the sources that did not answer an operation as they should, whether its document asks for their
 * reports or not. An answer without it is one to which every source that was asked contributed, in full and by itself.
 */
import type { ApolloServerPlugin } from '@apollo/server';
import { HubContext } from '../schema/context.js';
import { shownDrift } from '../schema/sourceReport.js';
import type { SourceReport } from '../sources/book.js';

/** A source's report as programs read it: in the words of the graph's own SourceReport. */
interface ShownReport {
  readonly sourceId: string;
  readonly state: SourceReport['state'];
  readonly asOf: string | null;
  readonly message: string | null;
  readonly drift?: readonly object[];
}

/** Adds the reports to the answers that lack something. */
export const sourceReportsPlugin: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async willSendResponse({ response, contextValue }) {
        if (response.body.kind !== 'single' || !(contextValue instanceof HubContext)) return;
        const sources = contextValue.reports().filter(isFaulty).map(shown);
        if (sources.length === 0) return;
        const { singleResult } = response.body;
        singleResult.extensions = { ...singleResult.extensions, sources };
      },
    };
  },
};

/** Whether a source did not answer in full and by itself. */
export function isFaulty({ state, drift }: SourceReport): boolean {
  return state === 'STALE' || state === 'UNAVAILABLE' || drift !== undefined;
}

/** A report as programs read it. */
export function shown({ sourceId, state, asOf, message, drift }: SourceReport): ShownReport {
  return {
    sourceId,
    state,
    asOf,
    message,
    ...(drift && { drift: drift.map(shownDrift) }),
  };
}
