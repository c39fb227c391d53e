/** Takes "Did you mean …?" out of errors for those who may not ask about the schema: guesses would show it name by name. */
import type { ApolloServerPlugin } from '@apollo/server';

const MARK = Symbol('may not introspect');

/** Marks the context of an operation: what it is not shown by introspection no error is to show. */
export function withoutSuggestions<Context extends object>(context: Context): Context {
  return Object.assign(context, { [MARK]: true });
}

/** graphql-js ends a message with its suggestions; what it says before them stays. */
const SUGGESTION = / ?Did you mean [\s\S]*$/;

/** The plugin that does so. */
export const suggestionsPlugin: ApolloServerPlugin<object> = {
  async requestDidStart() {
    return {
      async willSendResponse({ response, contextValue }) {
        if (!(MARK in contextValue) || response.body.kind !== 'single') return;
        const { singleResult } = response.body;
        const { errors } = singleResult;
        if (errors) singleResult.errors = errors.map((error) => ({ ...error, message: error.message.replace(SUGGESTION, '') }));
      },
    };
  },
};
