/**
 * `extensions.hidden`: what an answer lacks for its viewer, and why. A null without an entry there is an empty value; an answer
 * without it lacks nothing.
 */
import type { ApolloServerPlugin } from '@apollo/server';
import { HubContext } from '../schema/context.js';

/** Adds what is hidden to the answers that lack something. */
export const hiddenFieldsPlugin: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async willSendResponse({ response, contextValue }) {
        if (response.body.kind !== 'single' || !(contextValue instanceof HubContext)) return;
        const hidden = contextValue.hidden();
        if (hidden.length === 0) return;
        const { singleResult } = response.body;
        singleResult.extensions = { ...singleResult.extensions, hidden };
      },
    };
  },
};
