import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { useEffect, useState } from 'react';
import { endpoint, fetcher } from './fetcher.js';
import { planPlugin } from './PlanPanel.js';
import { ReadyQueryMenu } from './ReadyQueryMenu.js';
import { readyQueries } from './readyQueries.js';
import { SeenAs } from './SeenAs.js';
import { TabViewers, ViewerHint, ViewerPicker } from './ViewerPicker.js';

const plugins = [HISTORY_PLUGIN, planPlugin];

/** Every scalar of the hub is a string in JSON; the variables' editor checks that. */
const scalars = Object.fromEntries(['Date', 'DateTime', 'Decimal', 'Money', 'USCC'].map((name) => [name, { type: 'string' }]));

/** The explorer: GraphiQL with the ready queries in its tabs, under a line that names the hub and who asks. */
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
        <ViewerPicker />
        <code>{endpoint}</code>
      </header>
      <ViewerHint />
      <GraphiQL fetcher={fetcher} plugins={plugins} defaultTabs={[...readyQueries]} customScalarSchemas={scalars} defaultEditorToolsVisibility="variables">
        <GraphiQL.Logo>
          <TabViewers />
          <ReadyQueryMenu />
        </GraphiQL.Logo>
        <GraphiQL.Footer>
          <SeenAs />
        </GraphiQL.Footer>
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
