/** What a source that fails costs an answer: its own rows, and nothing else; and what the answer says of it. */
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openTestHub, type TestHub, type TestHubOptions } from '../helpers/hub.js';
import { startTestServer } from '../server/testServer.js';
import { copyPark, type TemporaryPark } from './bigPark.js';

interface LoanNode {
  readonly id: string;
  readonly amount: string;
  readonly bank: { readonly code: string };
  readonly provenance: { readonly sourceId: string };
}

interface Report {
  readonly sourceId: string;
  readonly state: string;
  readonly asOf: string | null;
  readonly message: string | null;
}

/** A bank's book that cannot be read. */
interface Fault {
  readonly name: string;
  readonly source: 'icbc' | 'bocom' | 'spdb';
  readonly reason: string;
  readonly message: string | RegExp;
  /** Breaks the park, and gives what the hub is opened with beside it; servers that it starts go among those given. */
  breakPark(park: TemporaryPark, servers: Server[]): Promise<TestHubOptions>;
}

const loansQuery =
  '{ loans(first: 1000) { nodes { id amount bank { code } provenance { sourceId } } totalCount totals(groupBy: [SOURCE_ID]) { group { sourceId } count } sources { sourceId state asOf message } } }';

/** What no answer may hold: paths, addresses, SQL, tokens, stacks. */
const leaks = /\/tmp|\/work|\.db\b|127\.0\.0\.1|localhost|https?:|SELECT|SQLITE_|wrong-token|node_modules|\bat \w+ \(/;

let whole: LoanNode[];

beforeAll(async () => {
  const hub = await openTestHub();
  whole = (await hub.ask(loansQuery)).loans.nodes;
  await hub.close();
  expect(new Set(whole.map(({ provenance }) => provenance.sourceId))).toEqual(new Set(['bocom', 'icbc', 'spdb']));
});

const faults: Fault[] = [
  {
    name: 'a token that is not set',
    source: 'spdb',
    reason: 'MISCONFIGURED',
    message: 'spdb needs SPDB_API_TOKEN in the environment of the hub, and it is not set.',
    breakPark: async () => ({ variables: { SPDB_API_TOKEN: undefined } }),
  },
  {
    name: 'an address that is not set',
    source: 'spdb',
    reason: 'MISCONFIGURED',
    message: 'spdb needs SPDB_API_URL in the environment of the hub, and it is not set.',
    breakPark: async () => ({ variables: { SPDB_API_URL: '' } }),
  },
  {
    name: 'an address that is none',
    source: 'spdb',
    reason: 'MISCONFIGURED',
    message: 'the address in the environment: expected an http or https address.',
    breakPark: async () => ({ variables: { SPDB_API_URL: 'ftp://127.0.0.1/x' } }),
  },
  {
    name: 'a token that is wrong',
    source: 'spdb',
    reason: 'REFUSED',
    message: 'the partner refused the token (status 401).',
    breakPark: async () => ({ variables: { SPDB_API_TOKEN: 'wrong-token' } }),
  },
  {
    name: 'nobody at its address',
    source: 'spdb',
    reason: 'UNREACHABLE',
    message: 'the connection failed, or broke off within the answer.',
    breakPark: async () => ({ variables: { SPDB_API_URL: 'http://127.0.0.1:9/api' } }),
  },
  {
    name: 'an API that never answers',
    source: 'spdb',
    reason: 'TIMED_OUT',
    message: /did not answer within 300 ms|no complete answer within 300 ms/,
    breakPark: async ({ parkFolder }, servers) => {
      const path = join(parkFolder, 'spdb/source.yml');
      await writeFile(path, `deadline: 300\n${await readFile(path, 'utf8')}`);
      return { variables: { SPDB_API_URL: await listen(servers, () => undefined) } };
    },
  },
  {
    name: 'an API that answers with a page of HTML',
    source: 'spdb',
    reason: 'MALFORMED',
    message: 'expected content of type application/json, but got: text/html.',
    breakPark: async (_park, servers) => ({
      variables: {
        SPDB_API_URL: await listen(servers, (_request, response) =>
          response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>SELECT 1 at localhost</h1>'),
        ),
      },
    }),
  },
  {
    name: 'a database that is none',
    source: 'icbc',
    reason: 'MALFORMED',
    message: 'The database file of this source cannot be read as SQLite.',
    breakPark: ({ parkFolder }) => writeFile(join(parkFolder, 'icbc/book.db'), 'garbage '.repeat(2_000)).then(() => ({})),
  },
  {
    name: 'a database that is gone',
    source: 'icbc',
    reason: 'MISCONFIGURED',
    message: 'The database file of this source is not in its folder.',
    breakPark: ({ parkFolder }) => rm(join(parkFolder, 'icbc/book.db')).then(() => ({})),
  },
  {
    name: 'a database without its table',
    source: 'icbc',
    reason: 'MALFORMED',
    message: /^The database of icbc has no table dk_jj that the hub may read\.$/,
    breakPark: async ({ parkFolder }) => {
      const database = new Database(join(parkFolder, 'icbc/book.db'));
      database.exec('ALTER TABLE dk_jj RENAME TO dk_jj_2022');
      database.close();
      return {};
    },
  },
  {
    name: 'a file that was not delivered',
    source: 'bocom',
    reason: 'UNREACHABLE',
    message: /expected a file named 客户信息_\*\.csv in the drop folder, but got: none\./,
    breakPark: ({ parkFolder }) => rm(join(parkFolder, 'bocom/客户信息_20211231.csv')).then(() => ({})),
  },
];

/** The address of a server that answers so. */
async function listen(servers: Server[], answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe.each(faults)('$source with $name', (fault) => {
  let park: TemporaryPark;
  let hub: TestHub;
  const servers: Server[] = [];

  beforeAll(async () => {
    park = await copyPark();
    hub = await openTestHub({ ...park, ...(await fault.breakPark(park, servers)) });
  });

  afterAll(async () => {
    await hub?.close();
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
    await park?.remove();
  });

  const others = () => whole.filter(({ provenance }) => provenance.sourceId !== fault.source);

  it('costs its own rows, and the answer says so', async () => {
    const { loans } = await hub.ask(loansQuery);
    expect(loans.nodes).toEqual(others());
    expect(loans.totalCount).toBe(others().length);
    expect(loans.totals.map(({ group }: { group: { sourceId: string } }) => group.sourceId)).toEqual(
      ['bocom', 'icbc', 'spdb'].filter((id) => id !== fault.source),
    );
    const reports: Report[] = loans.sources;
    expect(reports.map(({ sourceId, state }) => `${sourceId} ${state}`)).toEqual(
      ['bocom MIRRORED', 'icbc LIVE', 'spdb LIVE'].map((line) => (line.startsWith(fault.source) ? `${fault.source} UNAVAILABLE` : line)),
    );
    const failed = reports.find(({ sourceId }) => sourceId === fault.source) as Report;
    expect(failed.asOf).toBeNull();
    if (typeof fault.message === 'string') expect(failed.message).toBe(fault.message);
    else expect(failed.message).toMatch(fault.message);
    expect(failed.message).not.toMatch(leaks);
  });

  it('leaves the bank itself, every link of the other rows, and the lists under a row', async () => {
    const data = await hub.ask(
      '{ banks { nodes { code name loans(first: 1000) { nodes { id } sources { sourceId state } } } } tenants(first: 1000) { nodes { loans { nodes { id tenant { name } } sources { sourceId state } } } } }',
    );
    for (const { code, loans } of data.banks.nodes) {
      expect(loans.nodes).toEqual(
        others()
          .filter(({ bank }) => bank.code === code)
          .map(({ id }) => ({ id })),
      );
      expect(loans.sources.map(({ sourceId }: Report) => sourceId)).toEqual([code]);
      expect(loans.sources[0].state === 'UNAVAILABLE').toBe(code === fault.source);
    }
    const lent = data.tenants.nodes.flatMap(({ loans }: { loans: { nodes: { id: string; tenant: object | null }[] } }) => loans.nodes);
    expect(lent.every(({ tenant }: { tenant: object | null }) => tenant !== null)).toBe(true);
    const ids = others().map(({ id }) => id);
    for (const { id } of lent) expect(ids).toContain(id);
    expect(lent.length).toBeGreaterThan(10);
    for (const { loans } of data.tenants.nodes) expect(loans.sources.map(({ sourceId }: Report) => sourceId)).toEqual(['bocom', 'icbc', 'spdb']);
  });

  it('is told by sources, and a row of it is no null without a word', async () => {
    const server = await startTestServer(hub.hub);
    const gone = whole.find(({ provenance }) => provenance.sourceId === fault.source) as LoanNode;
    const there = others()[0] as LoanNode;
    const answer = await server.ask(
      'query ($gone: ID!, $there: ID!) { gone: node(id: $gone) { id } there: node(id: $there) { id } sources { id state message } }',
      { gone: gone.id, there: there.id },
    );
    expect(answer.status).toBe(200);
    expect(answer.body.data).toMatchObject({ gone: null, there: { id: there.id } });
    expect(answer.body.errors).toHaveLength(1);
    const error = answer.body.errors?.[0];
    expect(error?.path).toEqual(['gone']);
    expect(error?.extensions).toEqual({ code: 'SOURCE_UNAVAILABLE', source: fault.source, reason: fault.reason });
    const { sources } = answer.body.data as { sources: { id: string; state: string }[] };
    expect(sources.filter(({ state }) => state === 'UNAVAILABLE').map(({ id }) => id)).toEqual([fault.source]);
    expect(answer.text).not.toMatch(leaks);
  });
});

describe('a link into a book that fails', () => {
  it('is null with an error for each row, which keeps the rest of the row', async () => {
    const park = await copyPark();
    const path = join(park.partnerData, 'spdb.json');
    const data = JSON.parse(await readFile(path, 'utf8'));
    delete data.resources['/v1/products'];
    await writeFile(path, JSON.stringify(data));
    const hub = await openTestHub(park);
    onTestFinished(async () => {
      await hub.close();
      await park.remove();
    });
    const server = await startTestServer(hub.hub);
    const { status, body, text } = await server.ask(
      '{ loans(first: 1000) { nodes { number productCode product { code } bank { code } } sources { sourceId state } } loanProducts { nodes { bank { code } } sources { sourceId state message } } }',
    );
    expect(status).toBe(200);
    type Node = { number: string; productCode: string | null; product: { code: string } | null; bank: { code: string } };
    const answer = body.data as { loans: { nodes: Node[]; sources: Report[] }; loanProducts: { nodes: Node[]; sources: Report[] } };
    const { nodes, sources } = answer.loans;
    expect(sources.map(({ state }) => state)).toEqual(['MIRRORED', 'LIVE', 'LIVE']);
    const lost = nodes.filter(({ bank, productCode }) => bank.code === 'spdb' && productCode !== null);
    expect(lost.length).toBeGreaterThan(5);
    for (const { product } of lost) expect(product).toBeNull();
    for (const { bank, productCode, product } of nodes) if (bank.code !== 'spdb') expect(product).toEqual(productCode === null ? null : { code: productCode });
    expect(body.errors).toHaveLength(lost.length);
    for (const error of body.errors ?? []) {
      expect(error.extensions).toMatchObject({ code: 'SOURCE_UNAVAILABLE', source: 'spdb' });
      expect((error.path as unknown[]).at(-1)).toBe('product');
    }
    // Many rows waited for one failure: the log has it once.
    expect(server.logged.filter(({ msg }) => msg === 'A source could not give its rows.')).toHaveLength(1);
    const products = answer.loanProducts;
    expect(new Set(products.nodes.map(({ bank }) => bank.code))).toEqual(new Set(['bocom', 'icbc']));
    expect(products.sources.at(-1)).toEqual({ sourceId: 'spdb', state: 'UNAVAILABLE', message: 'expected status 200, but got: 404.' });
    expect(text).not.toMatch(leaks);
  });
});

describe('all banks that fail at once', () => {
  it('leave an empty list with three reports, and everything else of the document', async () => {
    const park = await copyPark();
    await rm(join(park.parkFolder, 'icbc/book.db'));
    await rm(join(park.parkFolder, 'bocom/贷款台账_20211231.csv'));
    await rm(join(park.parkFolder, 'bocom/贷款台账_20210930.csv'));
    const hub = await openTestHub({ ...park, variables: { SPDB_API_TOKEN: 'wrong-token' } });
    onTestFinished(async () => {
      await hub.close();
      await park.remove();
    });
    const data = await hub.ask(
      '{ loans { nodes { id } totalCount totals { count sum { amount } } pageInfo { hasNextPage endCursor } sources { state } } financing(first: 1000) { nodes { __typename } } tenants { totalCount } portfolio(investor: "huakai") { totals { holdings lent } sources { sourceId state } } }',
    );
    const unavailable = { state: 'UNAVAILABLE' };
    expect(data.loans).toEqual({
      nodes: [],
      totalCount: 0,
      totals: [{ count: 0, sum: { amount: null } }],
      pageInfo: { hasNextPage: false, endCursor: null },
      sources: [unavailable, unavailable, unavailable],
    });
    expect(new Set(data.financing.nodes.map(({ __typename }: { __typename: string }) => __typename))).toEqual(new Set(['Investment', 'ParkFunding']));
    expect(data.tenants.totalCount).toBe(416);
    expect(data.portfolio.totals.holdings).toBeGreaterThan(5);
    expect(data.portfolio.sources.filter(({ state }: Report) => state === 'UNAVAILABLE').map(({ sourceId }: Report) => sourceId)).toEqual([
      'bocom',
      'icbc',
      'spdb',
    ]);
  });
});
