/** How the editor asks the hub: as the open tab's viewer, and in a way that ends with the tab. */
import type { Fetcher, FetcherParams, FetcherReturnType } from '@graphiql/toolkit';
import { type ExecutionResult, GraphQLError, Kind, parse } from 'graphql';
import { keepAnswer } from './answers.js';
import { withoutPlan } from './plan.js';
import { dropViewer, type Viewer, viewers } from './viewers.js';

/** The hub that serves this page; relative, so that it may stand behind a prefix. */
export const endpoint = new URL('../graphql', window.location.href).href;

type Asked = Pick<FetcherParams, 'query' | 'variables'> & { operationName?: string | null | undefined };
type Headers = Readonly<Record<string, string>>;

/**
 * Asks the hub, and has it tell its plan.
 *
 * Not a promise but something to subscribe to: GraphiQL shows the answer of a promise in whichever tab is open when it comes,
 * perhaps another viewer's; what it has subscribed to it gives up when the tab is left, or when it is told to stop. The
 * request is cancelled then, and so is the hub's work.
 */
export const fetcher: Fetcher = ({ operationName, ...asked }, options) => {
  const headers = (options?.headers ?? {}) as Headers;
  if (operationName === 'IntrospectionQuery') return send(asked, { ...bearer(schemaReader()), ...headers });
  // GraphiQL learns the name of a tab's operation a moment after the tab is opened, and until then sends the name of the
  // last one. A document with one operation needs no name.
  const request: Asked = hasOneOperation(asked.query) ? asked : { ...asked, operationName };
  const answers: Observable<ExecutionResult> = {
    subscribe(observer) {
      const abort = new AbortController();
      ask(request, headers, abort.signal).then(
        (answer) => {
          if (abort.signal.aborted) return;
          observer.next(answer);
          observer.complete();
        },
        (reason: unknown) => {
          if (!abort.signal.aborted) observer.error(reason);
        },
      );
      return { unsubscribe: () => abort.abort() };
    },
  };
  // The type has a second form of `subscribe`, of functions in place of the observer, in which GraphiQL does not ask.
  return answers as FetcherReturnType;
};

/** What GraphiQL subscribes to. */
interface Observable<T> {
  subscribe(observer: { next: (value: T) => void; error: (reason: unknown) => void; complete: () => void }): { unsubscribe: () => void };
}

async function ask(request: Asked, headers: Headers, signal: AbortSignal): Promise<ExecutionResult> {
  const { current } = viewers();
  // Whoever writes the header by hand is somebody whom the page does not know.
  const byHand = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
  const viewer = byHand ? undefined : current;
  const answer = withoutPlan(await send(request, { ...bearer(viewer), ...headers, 'x-parkhub-explain': 'true' }, signal));
  const isRefused = answer.errors?.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED');
  if (signal.aborted) return answer;
  keepAnswer({ answer, askedAs: viewer?.title ?? 'whom the headers name 请求头所指', isRefused: isRefused === true });
  if (isRefused && viewer) dropViewer(viewer.id);
  return answer;
}

async function send(request: Asked, headers: Headers, signal?: AbortSignal): Promise<ExecutionResult> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { accept: 'application/json', ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(request),
    ...(signal && { signal }),
  });
  return (await response.json()) as ExecutionResult;
}

/** The hub may tell its schema to the park's staff alone. */
function schemaReader(): Viewer | undefined {
  return viewers().known.find(({ meant }) => meant.startsWith('PARK'));
}

function bearer(viewer: Viewer | undefined): Headers {
  return viewer?.token === undefined ? {} : { authorization: `Bearer ${viewer.token}` };
}

function hasOneOperation(query: string): boolean {
  try {
    return parse(query).definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length === 1;
  } catch (error) {
    // The hub says what is wrong with the document, and where.
    if (error instanceof GraphQLError) return false;
    throw error;
  }
}
