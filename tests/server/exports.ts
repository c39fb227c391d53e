/** Ways to ask for exports in tests. */
import { UnauthenticatedError } from '../../src/access/refusal.js';
import type { Viewer } from '../../src/access/viewer.js';
import type { Hub } from '../../src/hub.js';
import type { TestServer } from './testServer.js';

/** The hub, where each of the viewers is known by its name in the Authorization header. */
export function viewedBy(hub: Hub, viewers: Readonly<Record<string, Viewer>>): Hub {
  return {
    ...hub,
    authenticate: async (authorization) => {
      const viewer = viewers[authorization ?? 'anyone'];
      if (!viewer) throw new UnauthenticatedError('not one of the test');
      return viewer;
    },
  };
}

/** What is asked beside the query. */
export interface ExportOptions {
  readonly accept?: string;
  readonly variables?: object;
  readonly operationName?: string;
}

/** Asks POST /export. The text is that of a whole answer; one that breaks off rejects. */
export async function exportAs(server: Pick<TestServer, 'url'>, as: string | undefined, query: string, options: ExportOptions = {}) {
  const { accept, ...asked } = options;
  const response = await fetch(`${server.url}/export`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(as && { authorization: as }), ...(accept && { accept }) },
    body: JSON.stringify({ query, ...asked }),
  });
  // `text()` would take the byte order mark away.
  const text = Buffer.from(await response.arrayBuffer()).toString('utf8');
  return { status: response.status, type: response.headers.get('content-type') ?? '', headers: response.headers, text };
}

/** The rows of JSON Lines, and what the last line says of them. */
// biome-ignore lint/suspicious/noExplicitAny: rows of any shape
export function jsonLinesOf(text: string): { rows: any[]; end: any } {
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const end = lines.pop();
  if (!end?.extensions?.export) throw new Error(`Expected a whole export, but got: ${text.slice(-500)}`);
  return { rows: lines, end: end.extensions };
}
