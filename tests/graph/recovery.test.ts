/** A source that failed is used again when it is back; the clock is the test's. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startPartnerApi } from '../../demo/partner-api/server.js';
import { openTestHub, type TestHub } from '../helpers/hub.js';
import { copyPark } from './bigPark.js';

interface LoanNode {
  readonly provenance: { readonly sourceId: string };
}

const startOf2022 = Date.parse('2022-01-05T02:00:00.000Z');

let whole: LoanNode[];

beforeAll(async () => {
  const hub = await openTestHub();
  whole = (await hub.ask('{ loans(first: 1000) { nodes { provenance { sourceId } } } }')).loans.nodes;
  await hub.close();
});

describe('a source that is back', () => {
  const stateQuery = '{ loans(first: 1000) { nodes { provenance { sourceId } } sources { sourceId state } } }';

  async function stateOf(hub: TestHub, source: string): Promise<{ state: string; rows: number }> {
    const { loans } = await hub.ask(stateQuery);
    return {
      state: loans.sources.find(({ sourceId }: { sourceId: string }) => sourceId === source).state,
      rows: loans.nodes.filter(({ provenance }: LoanNode) => provenance.sourceId === source).length,
    };
  }

  const rowsOf = (source: string): number => whole.filter(({ provenance }) => provenance.sourceId === source).length;

  it('is used again after its rest: a database that could not be opened', async () => {
    const park = await copyPark();
    let now = startOf2022;
    const file = join(park.parkFolder, 'icbc/book.db');
    const good = await readFile(file);
    await writeFile(file, 'garbage '.repeat(2_000));
    const hub = await openTestHub({ ...park, clock: () => new Date(now) });
    onTestFinished(async () => {
      await hub.close();
      await park.remove();
    });
    expect(await stateOf(hub, 'icbc')).toEqual({ state: 'UNAVAILABLE', rows: 0 });
    await writeFile(file, good);
    now += 4_999;
    expect(await stateOf(hub, 'icbc')).toEqual({ state: 'UNAVAILABLE', rows: 0 });
    now += 2;
    expect(await stateOf(hub, 'icbc')).toEqual({ state: 'LIVE', rows: rowsOf('icbc') });
  });

  it('is used again at once: a drop that lacked a file', async () => {
    const park = await copyPark();
    let now = startOf2022;
    const file = join(park.parkFolder, 'bocom/客户信息_20211231.csv');
    const good = await readFile(file);
    const hub = await openTestHub({ ...park, clock: () => new Date(now) });
    onTestFinished(async () => {
      await hub.close();
      await park.remove();
    });
    expect(await stateOf(hub, 'bocom')).toEqual({ state: 'MIRRORED', rows: rowsOf('bocom') });
    await rm(file);
    // The copy is looked after every five seconds.
    expect((await stateOf(hub, 'bocom')).state).toBe('MIRRORED');
    now += 5_001;
    expect(await stateOf(hub, 'bocom')).toEqual({ state: 'UNAVAILABLE', rows: 0 });
    await writeFile(file, good);
    expect(await stateOf(hub, 'bocom')).toEqual({ state: 'MIRRORED', rows: rowsOf('bocom') });
  });

  it('is used again at once: an API that was down', async () => {
    let now = startOf2022;
    const { partnerData, remove } = await copyPark();
    const first = await startPartnerApi({ dataFolder: partnerData });
    const port = Number(new URL(first.url).port);
    const token = first.environment.SPDB_API_TOKEN as string;
    const hub = await openTestHub({ variables: { SPDB_API_URL: first.environment.SPDB_API_URL, SPDB_API_TOKEN: token }, clock: () => new Date(now) });
    onTestFinished(async () => {
      await hub.close();
      await remove();
    });
    expect(await stateOf(hub, 'spdb')).toEqual({ state: 'LIVE', rows: rowsOf('spdb') });
    await first.close();
    // What was read a moment ago is still fresh.
    now += 29_000;
    expect((await stateOf(hub, 'spdb')).state).toBe('LIVE');
    now += 2_000;
    expect(await stateOf(hub, 'spdb')).toEqual({ state: 'UNAVAILABLE', rows: 0 });
    const second = await startPartnerApi({ dataFolder: partnerData, port, tokens: { spdb: token } });
    expect(await stateOf(hub, 'spdb')).toEqual({ state: 'LIVE', rows: rowsOf('spdb') });
    await second.close();
  });
});
