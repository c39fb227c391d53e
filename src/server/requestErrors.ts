/**
 * The status of an answer that has errors and no data, as GraphQL-over-HTTP has it.
 *
 * Under `application/graphql-response+json` it is 4xx. Under `application/json`, which is also what a client gets that
 * names no type, the status speaks of the HTTP request alone: a well-formed request with a wrong document gets 200.
 * Apollo Server answers 400 for both. It chooses the media type after its plugins have run, so the plugin marks the
 * answer, and the server's last hook, which sees the type, reads the mark.
 */
import type { ApolloServerPlugin } from '@apollo/server';
import type { FastifyReply } from 'fastify';
import { internalErrorCode } from '../schema/errors.js';

/** The header that marks such an answer until its status is settled. */
export const requestErrorMark = 'x-parkhub-request-error';

/** Marks the answers to well-formed requests whose document or variables are wrong. */
export const requestErrorPlugin: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async willSendResponse({ response }) {
        if (response.body.kind !== 'single') return;
        const { errors, data } = response.body.singleResult;
        if (data !== undefined || !errors?.length) return;
        const codes = errors.map((error) => error.extensions?.code);
        if (codes.includes(internalErrorCode) || codes.includes('BAD_REQUEST')) return;
        // A plugin that refuses an operation throws no status of its own, and Apollo Server takes that for a fault.
        if (response.http.status === undefined || response.http.status === 500) response.http.status = 400;
        response.http.headers.set(requestErrorMark, 'yes');
      },
    };
  },
};

/** Takes the mark off, and gives a marked answer of type application/json the status 200. */
export function settleStatus(reply: FastifyReply): void {
  if (!reply.hasHeader(requestErrorMark)) return;
  reply.removeHeader(requestErrorMark);
  // An export has no media type of GraphQL's: what is refused there has a status that says so.
  if (reply.request.routeOptions.url !== '/graphql') return;
  if (reply.statusCode === 400 && String(reply.getHeader('content-type')).startsWith('application/json')) reply.code(200);
}
