import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../src/server/http.js';
import { openTestHub, type TestHub } from '../helpers/hub.js';

let hub: TestHub;
let server: RunningServer;
beforeAll(async () => {
  hub = await openTestHub();
  server = await startServer({ hub: hub.hub, host: '127.0.0.1', port: 0, playgroundFolder: '/nowhere', log: pino({ level: 'silent' }) });
});
afterAll(async () => {
  await server.close();
  await hub.close();
});

const document = '{ tenants(where: {name: {contains: "百都"}, loans: {some: {}}}) { nodes { name } totalCount } }';

async function ask(
  headers: Record<string, string>,
  extensions?: object,
): Promise<{ data: object; extensions?: { explain: { asks: object[]; crossings: object[] } } }> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: document, extensions }),
  });
  return (await response.json()) as Awaited<ReturnType<typeof ask>>;
}

it('tells who asks for it which source was asked what, how many rows came, and how a filter followed its link', async () => {
  const { data, extensions } = await ask({ 'x-parkhub-explain': 'true' });
  expect(data).toEqual({ tenants: { nodes: [{ name: '新乡百都医疗器械有限公司' }], totalCount: 1 } });
  const time = expect.any(Number);
  expect(extensions?.explain.crossings).toEqual([
    { crossing: 'Tenant.loans', askingRows: 1, otherRows: null, first: 'ASKING_SIDE', keys: 1, milliseconds: time },
  ]);
  // The one company's key is asked for, and its loans; then the page and its count.
  expect(
    extensions?.explain.asks
      .map((one) => `${(one as { sourceId: string }).sourceId} ${(one as { entity: string }).entity} ${(one as { ask: string }).ask}`)
      .sort(),
  ).toEqual(
    ['bocom', 'icbc', 'spdb']
      .map((source) => `${source} Loan TOTALS`)
      .concat(['park Tenant ROWS', ...Array(2).fill('park Tenant TOTALS')])
      .sort(),
  );
  expect(extensions?.explain.asks).toContainEqual({
    sourceId: 'park',
    entity: 'Tenant',
    ask: 'ROWS',
    by: 'HUB',
    rows: 1,
    state: 'LIVE',
    startedAt: time,
    milliseconds: time,
  });
});

it('tells who asks for it in the request as well', async () => {
  const [byHeader, byExtension] = [await ask({ 'x-parkhub-explain': 'true' }), await ask({}, { explain: true })];
  expect(byExtension.extensions?.explain.asks).toHaveLength(byHeader.extensions?.explain.asks.length ?? -1);
});

it('tells no one else', async () => {
  expect(await ask({})).not.toHaveProperty('extensions');
  expect(await ask({ 'x-parkhub-explain': 'false' })).not.toHaveProperty('extensions');
  expect(await ask({}, { explain: 'true' })).not.toHaveProperty('extensions');
});

it('says nothing of statements, files or hosts', async () => {
  const { extensions } = await ask({ 'x-parkhub-explain': 'true' });
  expect(JSON.stringify(extensions)).not.toMatch(/SELECT|http|127\.0|\/v1|\.db/);
});
