/** Serves the explorer's built files at /playground/. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Where the explorer is served. */
export const playgroundPath = '/playground';

/** Adds the explorer's routes. Where it was not built they answer 404 and say so; the graph runs without it. */
export async function servePlayground(server: FastifyInstance, folder: string): Promise<void> {
  server.get('/', (_request, reply) => reply.redirect(playgroundPath));
  if (!existsSync(path.join(folder, 'index.html'))) {
    server.get(playgroundPath, (_request, reply) =>
      reply.code(404).type('text/plain; charset=utf-8').send('The playground is not built. Run: npm run build\n'),
    );
    return;
  }
  // Relative addresses inside the page need the slash.
  server.get(playgroundPath, (_request, reply) => reply.redirect(`${playgroundPath}/`));
  await server.register(fastifyStatic, {
    root: path.resolve(folder),
    prefix: `${playgroundPath}/`,
    index: 'index.html',
    dotfiles: 'ignore',
    cacheControl: false,
    // Names under assets/ carry a hash of their content, so they may be kept; the page that names them may not.
    setHeaders: (reply, file) => {
      reply.header('cache-control', file.includes(`${path.sep}assets${path.sep}`) ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
