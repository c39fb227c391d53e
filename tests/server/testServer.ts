import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { Hub } from '../../src/hub.js';
import { type RunningServer, type ServerOptions, startServer } from '../../src/server/http.js';

/** A server for one test: its address, what it logged, and the ways to ask it. */
export interface TestServer extends RunningServer {
  /** The log's lines so far. */
  readonly logged: Record<string, unknown>[];
  /** Asks /graphql with POST, and gives the answer's status, type, and body. */
  ask(query: string, variables?: object, headers?: Record<string, string>): Promise<{ status: number; type: string; text: string; body: Answer }>;
}

/** An answer of GraphQL. */
export interface Answer {
  data?: Record<string, unknown> | null;
  extensions?: Record<string, unknown>;
  errors?: { message: string; path?: unknown[]; locations?: unknown[]; extensions: Record<string, unknown> }[];
}

/** Starts a server over a hub on a free port, open as a demonstration's; it stops with the test. */
export async function startTestServer(hub: Hub, playgroundFolder = '/nonexistent', options: Partial<ServerOptions> = {}): Promise<TestServer> {
  const logged: Record<string, unknown>[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const settings: ServerOptions['settings'] = { introspection: 'all', playground: true, rate: 0, ...options.settings };
  const server = await startServer({ hub, host: '127.0.0.1', port: 0, playgroundFolder, log, ...options, settings });
  onTestFinished(() => server.close());
  return {
    ...server,
    logged,
    async ask(query, variables, headers = {}) {
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables }),
      });
      const text = await response.text();
      return { status: response.status, type: response.headers.get('content-type') ?? '', text, body: JSON.parse(text) as Answer };
    },
  };
}
