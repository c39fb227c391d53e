/** Who sends a request: asked before anything of it is read. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Authenticate } from '../access/authenticate.js';
import { UnauthenticatedError } from '../access/refusal.js';
import type { Viewer } from '../access/viewer.js';

/** Counts the request for its viewer, or, where its token was refused, for its address; the answer where it is one too many. */
interface Counting {
  enter(request: FastifyRequest, reply: FastifyReply, viewer: Viewer | undefined): FastifyReply | undefined;
}

const viewers = new WeakMap<FastifyRequest, Viewer>();

/** Refuses the requests to the routes of the scope whose Authorization header is not accepted, all alike: why is in the log. */
export function addAuthentication(scope: FastifyInstance, authenticate: Authenticate, counting: Counting, log: Logger): void {
  scope.addHook('onRequest', async (request, reply) => {
    try {
      // Node keeps the first of several such headers, and a proxy before it perhaps the last.
      const headers = request.raw.headersDistinct.authorization ?? [];
      if (headers.length > 1) throw new UnauthenticatedError('more than one Authorization header');
      const viewer = await authenticate(headers[0]);
      viewers.set(request, viewer);
      return counting.enter(request, reply, viewer);
    } catch (error) {
      if (!(error instanceof UnauthenticatedError)) throw error;
      const tooMany = counting.enter(request, reply, undefined);
      if (tooMany) return tooMany;
      log.warn({ reason: error.reason, address: request.ip }, 'A request was refused: nobody is known by its Authorization header.');
      return reply
        .code(401)
        .header('www-authenticate', 'Bearer realm="parkhub", error="invalid_token"')
        .send({ errors: [{ message: error.message, extensions: error.extensions }] });
    }
  });
}

/** Who sent the request. Throws where nobody asked: no route gives an answer then. */
export function viewerOf(request: FastifyRequest): Viewer {
  const viewer = viewers.get(request);
  if (!viewer) throw new Error('Expected a request whose sender was asked for, but got one whose was not.');
  return viewer;
}
