import { createGraphiQLFetcher, type Fetcher, type FetcherOpts, type FetcherReturnType } from '@graphiql/toolkit';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { GraphQLError, Kind, parse } from 'graphql';
import { useEffect, useState } from 'react';
import { planPlugin } from './PlanPanel.js';
import { withoutPlan } from './plan.js';
import { ReadyQueryMenu } from './ReadyQueryMenu.js';
import { readyQueries } from './readyQueries.js';

/** The hub that serves this page; relative, so that it may stand behind a prefix. */
const endpoint = new URL('../graphql', window.location.href).href;

const send = createGraphiQLFetcher({ url: endpoint, enableIncrementalDelivery: false });
const plugins = [HISTORY_PLUGIN, planPlugin];

/**
 * Asks the hub, and has it tell its plan.
 *
 * GraphiQL learns the name of a tab's operation a moment after the tab is opened, and until then sends the name of the
 * last one. A document with one operation needs no name.
 */
const fetcher: Fetcher = async ({ operationName, ...asked }, options) => {
  const request = hasOneOperation(asked.query) ? asked : { ...asked, operationName };
  // GraphiQL's own question for the schema asks no source.
  const headers = { ...options?.headers, ...(operationName !== 'IntrospectionQuery' && { 'x-parkhub-explain': 'true' }) };
  return withoutPlan(await send(request, { ...options, headers } as FetcherOpts)) as FetcherReturnType;
};

function hasOneOperation(query: string): boolean {
  try {
    return parse(query).definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length === 1;
  } catch (error) {
    // The hub says what is wrong with the document, and where.
    if (error instanceof GraphQLError) return false;
    throw error;
  }
}

/** Every scalar of the hub is a string in JSON; the variables' editor checks that. */
const scalars = Object.fromEntries(['Date', 'DateTime', 'Decimal', 'Money', 'USCC'].map((name) => [name, { type: 'string' }]));

/** The explorer: GraphiQL with the ready queries in its tabs, under a line that names the hub. */
export function Playground() {
  const park = useParkName();
  useEffect(() => {
    if (park) document.title = `${park} · parkhub`;
  }, [park]);
  return (
    <>
      <header className="hub">
        <strong>{park ?? 'parkhub'}</strong>
        {park && <span>parkhub</span>}
        <code>{endpoint}</code>
      </header>
      <GraphiQL fetcher={fetcher} plugins={plugins} defaultTabs={[...readyQueries]} customScalarSchemas={scalars} defaultEditorToolsVisibility="variables">
        <GraphiQL.Logo>
          <ReadyQueryMenu />
        </GraphiQL.Logo>
      </GraphiQL>
    </>
  );
}

/** The park's name, once the hub has told it; the page does without where it does not. */
function useParkName(): string | undefined {
  const [name, setName] = useState<string>();
  useEffect(() => {
    const abort = new AbortController();
    askParkName(abort.signal).then(setName, (reason: unknown) => {
      if (!abort.signal.aborted) console.warn('The hub did not tell its name.', reason);
    });
    return () => abort.abort();
  }, []);
  return name;
}

async function askParkName(signal: AbortSignal): Promise<string | undefined> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ park { name } }' }),
    signal,
  });
  const answer = (await response.json()) as { data?: { park?: { name?: string } | null } | null };
  return answer.data?.park?.name;
}
