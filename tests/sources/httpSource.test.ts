import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type PartnerApi, startPartnerApi } from '../../demo/partner-api/server.js';
import type { Source } from '../../src/sources/source.js';
import { refusal } from './fileFolder.js';
import { cashFlow, loan, loansAsk, never, openSource, sendJson, sourceFile, TOKEN, testPartner, uscc } from './httpPartner.js';

const partner = testPartner();
let api: PartnerApi | undefined;
let folder: string | undefined;
afterEach(async () => {
  await api?.close();
  if (folder) rmSync(folder, { recursive: true });
  api = folder = undefined;
});

/** The stand-in with these rows, for loans as spdb and for cash flows as huayu. */
async function standIn(rows: unknown[], flows: unknown[] = []): Promise<{ loans: string; flows: string }> {
  folder = mkdtempSync(join(tmpdir(), 'parkhub-partner-'));
  writeFileSync(join(folder, 'spdb.json'), JSON.stringify({ resources: { '/v1/loans': rows } }));
  writeFileSync(join(folder, 'huayu.json'), JSON.stringify({ resources: { '/v1/flows': flows } }));
  api = await startPartnerApi({ dataFolder: folder, tokens: { spdb: TOKEN, huayu: TOKEN } });
  return { loans: api.environment.SPDB_API_URL as string, flows: api.environment.HUAYU_API_URL as string };
}

const keys = async (source: Source, ask: Partial<Parameters<typeof loansAsk>[0]> = {}) => (await source.rows(loansAsk(ask), never())).map((row) => row.key);

describe('rows of many keys', () => {
  it('are asked for in one request per batch, and come as the ask orders them', async () => {
    const { source, statements } = openSource((await standIn([loan(1), loan(2), loan(3), loan(4), loan(5)])).loans);
    const values = [uscc(5), uscc(1), uscc(9), uscc(3), uscc(2), uscc(1)];
    const descending = { attribute: 'amount', descending: true, nullsFirst: false };
    expect(await keys(source, { keys: { attribute: 'tenantUscc', values }, order: [descending, ...loansAsk().order] })).toEqual([
      'L005',
      'L003',
      'L002',
      'L001',
    ]);
    expect(statements.map(({ source: id, entity, text, rows }) => [id, entity, text, rows]).sort()).toEqual([
      ['spdb', 'Loan', 'POST /v1/loans/query', 2],
      ['spdb', 'Loan', 'POST /v1/loans/query', 2],
    ]);
  });

  it('are asked for by GET where the partner wants it so', async () => {
    const { source, statements } = openSource((await standIn([], [cashFlow(1, 'P1'), cashFlow(2, 'P2'), cashFlow(3, 'P1')])).flows);
    const ask = { ...loansAsk(), entity: 'CashFlow', keys: { attribute: 'investmentNumber', values: ['P1', 'P3'] } };
    expect((await source.rows(ask, never())).map((row) => row.key)).toEqual(['F1', 'F3']);
    expect(statements.map((statement) => statement.text)).toEqual(['GET /v1/flows']);
  });

  it('are never asked for with a key that a GET would split', async () => {
    const { source } = openSource((await standIn([], [cashFlow(1, 'P1'), cashFlow(2, 'P1,P2'), cashFlow(3, 'P2')])).flows);
    const ask = { ...loansAsk(), entity: 'CashFlow', keys: { attribute: 'investmentNumber', values: ['P1,P2'] } };
    expect((await source.rows(ask, never())).map((row) => row.key)).toEqual(['F2']);
  });

  it('keep the limit per key, the condition, and drop what was not asked for', async () => {
    const rows = [loan(1), loan(1, { loanNo: 'L901' }), loan(1, { loanNo: 'L902', class: 2 }), loan(2)];
    const url = await partner.start((_request, response) => sendJson(response, { data: { list: rows } }));
    const { source } = openSource(url);
    const asked = { attribute: 'tenantUscc', values: [uscc(1)] };
    expect(await keys(source, { keys: asked })).toEqual(['L001', 'L901', 'L902']);
    expect(await keys(source, { keys: asked, limit: 2 })).toEqual(['L001', 'L901']);
    expect(await keys(source, { keys: asked, where: { attribute: 'classification', is: 'eq', value: 'SPECIAL_MENTION' } })).toEqual(['L902']);
  });

  it('cost no request when there are none', async () => {
    const { source, statements } = openSource('http://127.0.0.1:1');
    expect(await keys(source, { keys: { attribute: 'tenantUscc', values: [] } })).toEqual([]);
    expect(statements).toEqual([]);
  });

  it('are as of the instant of asking, and say how they came', async () => {
    const { source, clock } = openSource((await standIn([loan(1)])).loans);
    clock.now += 5_000;
    const [row] = await source.rows(loansAsk({ keys: { attribute: 'tenantUscc', values: [uscc(1)] } }), never());
    expect(row).toMatchObject({
      entity: 'Loan',
      source: 'spdb',
      key: 'L001',
      asOf: '2022-01-05T08:00:05.000Z',
      how: 'LIVE',
      amount: 100050n,
      rate: 38500n,
      productCode: null,
    });
  });

  it('are refused when the partner gives only a first page of them', async () => {
    const url = await partner.start((_request, response) => sendJson(response, { items: [cashFlow(1, 'P1')], next_cursor: 'more' }));
    const ask = { ...loansAsk(), entity: 'CashFlow', keys: { attribute: 'investmentNumber', values: ['P1'] } };
    expect((await refusal(openSource(url).source.rows(ask, never()))).message).toMatch(/^CashFlow: expected all rows of the keys in one answer/);
  });
});

describe('pages, totals and keys of other attributes', () => {
  it('are answered over one reading of all pages', async () => {
    const { source, statements } = openSource((await standIn([1, 2, 3, 4, 5].map((number) => loan(number)))).loans);
    expect(await keys(source)).toEqual(['L001', 'L002', 'L003', 'L004', 'L005']);
    expect(await keys(source, { limit: 2, after: { values: ['L002'], inclusive: false } })).toEqual(['L003', 'L004']);
    expect(await keys(source, { keys: { attribute: 'number', values: ['L004'] } })).toEqual(['L004']);
    const totals = { entity: 'Loan', groupBy: [], figures: [{ function: 'count' as const }, { function: 'sum' as const, attribute: 'amount' }] };
    expect(await source.totals(totals, never())).toEqual([{ group: [], figures: [5, 1_500_250n] }]);
    expect(statements.map((statement) => [statement.text, statement.rows])).toEqual([
      ['GET /v1/loans', 2],
      ['GET /v1/loans', 2],
      ['GET /v1/loans', 1],
    ]);
  });

  it('follow cursors to the end', async () => {
    const { source, statements } = openSource(
      (
        await standIn(
          [],
          [1, 2, 3, 4].map((number) => cashFlow(number, 'P1')),
        )
      ).flows,
    );
    expect((await source.rows({ ...loansAsk(), entity: 'CashFlow' }, never())).map((row) => row.key)).toEqual(['F1', 'F2', 'F3', 'F4']);
    expect(statements).toHaveLength(2);
  });

  it('share a reading that is under way, and its result while it is fresh', async () => {
    const { source, statements, clock } = openSource((await standIn([loan(1)])).loans);
    await Promise.all([keys(source), keys(source), source.totals({ entity: 'Loan', groupBy: [], figures: [{ function: 'count' }] }, never())]);
    const once = statements.length;
    clock.now += 29_999;
    const [row] = await source.rows(loansAsk(), never());
    expect(row?.asOf).toBe('2022-01-05T08:00:00.000Z');
    expect(statements).toHaveLength(once);
    clock.now += 1;
    const [later] = await source.rows(loansAsk(), never());
    expect(later?.asOf).toBe('2022-01-05T08:00:30.000Z');
    expect(statements).toHaveLength(2 * once);
  });

  it('do not keep a reading that failed', async () => {
    let fail = true;
    const url = await partner.start((_request, response) => (fail ? response.writeHead(500).end() : sendJson(response, { data: { list: [] } })));
    const { source } = openSource(url);
    expect((await refusal(source.rows(loansAsk(), never()))).reason).toBe('UNREACHABLE');
    fail = false;
    expect(await keys(source)).toEqual([]);
  });

  it('leave the reading to the others when one gives up', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const url = await partner.start((_request, response) => void held.then(() => sendJson(response, { data: { list: [] } })));
    const { source } = openSource(url);
    const hasty = new AbortController();
    const given = refusal(source.rows(loansAsk(), hasty.signal));
    const patient = source.rows(loansAsk(), never());
    hasty.abort();
    expect(await given).toMatchObject({ reason: 'TIMED_OUT', message: 'the ask was given up before the whole book was read.' });
    release();
    expect(await patient).toEqual([]);
  });

  it('lose no rows to a partner that gives shorter pages than it was asked for', async () => {
    const file = sourceFile();
    if ('path' in (file.books.Loan?.from ?? {})) Object.assign((file.books.Loan as { from: { paging: object } }).from.paging, { pageSize: 1000 });
    const url = await partner.start((request, response) => {
      const number = Number(new URL(request.url ?? '', 'http://x').searchParams.get('pageNo'));
      sendJson(response, { data: { list: [1, 2, 3, 4, 5].slice((number - 1) * 2, number * 2).map((entry) => loan(entry)) } });
    });
    expect(await keys(openSource(url, { file }).source)).toEqual(['L001', 'L002', 'L003', 'L004', 'L005']);
  });

  it('end at a partner that answers a number beyond the end with the last page', async () => {
    const url = await partner.start((request, response) => {
      const number = Math.min(Number(new URL(request.url ?? '', 'http://x').searchParams.get('pageNo')), 2);
      sendJson(response, { data: { list: [loan(2 * number - 1), loan(2 * number)] } });
    });
    expect(await keys(openSource(url).source)).toEqual(['L001', 'L002', 'L003', 'L004']);
  });

  it('are refused by a partner that does not know the page parameter', async () => {
    const url = await partner.start((_request, response) => sendJson(response, { data: { list: [loan(1), loan(2)] } }));
    expect((await refusal(openSource(url).source.rows(loansAsk(), never()))).message).toBe(
      'Loan: expected page 2, but got: page 1 again. Does the partner know the parameter pageNo?',
    );
  });

  for (const [name, answer] of [
    ['gives one cursor again', () => ({ items: [], next_cursor: 'same' })],
    ['never ends', (count: number) => ({ items: [], next_cursor: `c${count}` })],
  ] as const) {
    it(`are refused by a partner that ${name}`, async () => {
      let count = 0;
      const url = await partner.start((_request, response) => sendJson(response, answer(count++)));
      const error = await refusal(openSource(url).source.rows({ ...loansAsk(), entity: 'CashFlow' }, never()));
      expect(error.reason).toBe('MALFORMED');
      expect(error.message).toMatch(
        name === 'never ends' ? /expected at most 10000 pages/ : /expected a new cursor with each page, but got: one of an earlier page after page 2/,
      );
    });
  }
});

describe('a survey', () => {
  it('reads anew, and says what became of every row', async () => {
    const rows = [
      loan(1),
      loan(2, { borrower: { creditCode: '91410702MA0000000X' } }),
      loan(3, { class: 9 }),
      loan(4, { status: 'VOID', class: 9 }),
      loan(5),
      loan(5, { amount: 1 }),
      loan(6, { loanNo: 2 ** 60 }),
      'no object',
    ];
    const url = await partner.start((request, response) => {
      const all = request.url?.includes('flows') ? [] : request.url?.includes('pageNo=1&') ? rows : [];
      sendJson(response, { items: [], data: { list: all } });
    });
    const { source, statements } = openSource(url);
    const [loans, flows] = await source.survey(never());
    expect(loans).toMatchObject({ entity: 'Loan', read: 7, accepted: 1 });
    expect(loans?.setAside.map((aside) => [aside.place, aside.reason.slice(0, 40)])).toEqual([
      ['page 1 row 2', expect.stringMatching(/^tenantUscc/)],
      ['page 1 row 3', expect.stringMatching(/^classification/)],
      ['page 1 row 7', expect.stringMatching(/^loanNo: expected a number of at most 15/)],
      ['page 1 row 8', expect.stringMatching(/^expected an object, but got: a string/)],
      ['page 1 row 5', expect.stringMatching(/^expected an id of its own/)],
      ['page 1 row 6', expect.stringMatching(/^expected an id of its own/)],
    ]);
    expect(loans?.setAside[0]?.raw).toMatchObject({ loanNo: 'L002', 'borrower.creditCode': '91410702MA0000000X' });
    expect(flows).toEqual({ entity: 'CashFlow', read: 0, accepted: 0, setAside: [] });
    const before = statements.length;
    await source.survey(never());
    expect(statements).toHaveLength(2 * before);
  });

  it('counts a row once that slid onto the next page while it was read', async () => {
    const pages = [[loan(1), loan(2)], [loan(2), loan(3)], []];
    const url = await partner.start((request, response) =>
      sendJson(response, { items: [], data: { list: request.url?.includes('flows') ? [] : pages.shift() } }),
    );
    const [loans] = await openSource(url).source.survey(never());
    expect(loans).toEqual({ entity: 'Loan', read: 3, accepted: 3, setAside: [] });
  });

  it('leaves rows that are set aside out of batches, without failing them', async () => {
    const url = await partner.start((_request, response) => sendJson(response, { data: { list: [loan(1), loan(2, { amount: '很多' }), null] } }));
    expect(await keys(openSource(url).source, { keys: { attribute: 'tenantUscc', values: [uscc(1), uscc(2)] } })).toEqual(['L001']);
  });

  it('has samples of raw rows beside what the mapping makes of them', async () => {
    const { source, statements } = openSource((await standIn([loan(1), loan(2, { class: 9 }), loan(3)])).loans);
    const samples = await source.sample('Loan', 2, never());
    expect(samples.map((sample) => [sample.raw.loanNo, 'reason' in sample.row ? 'aside' : 'row'])).toEqual([
      ['L001', 'row'],
      ['L002', 'aside'],
    ]);
    expect(statements).toHaveLength(1);
  });
});

describe('an HTTP source', () => {
  it('tells what it holds', () => {
    const { source } = openSource('http://127.0.0.1:1');
    expect([...source.entities]).toEqual(['Loan', 'CashFlow']);
    expect(source.how).toBe('LIVE');
    expect(source.asOf()).toBe('2022-01-05T08:00:00.000Z');
  });

  it('stops a reading when it is closed', async () => {
    const url = await partner.start(() => undefined);
    const { source } = openSource(url);
    const reading = refusal(source.rows(loansAsk(), never()));
    const started = performance.now();
    await source.close();
    expect((await reading).reason).toBe('TIMED_OUT');
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('refuses an entity that it does not hold, or that is none', async () => {
    const { source } = openSource('http://127.0.0.1:1');
    expect((await refusal(source.rows(loansAsk({ entity: 'Fund' }), never()))).message).toBe('expected one of the books Loan, CashFlow, but got: Fund.');
    expect(() => openSource('http://127.0.0.1:1', { definitions: [] })).toThrow('books: expected the name of an entity, but got: Loan.');
  });
});
