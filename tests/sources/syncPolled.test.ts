import fs from 'node:fs';
import path from 'node:path';
import { graphql } from 'graphql';
import Database from 'libsql';
import pino from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hubViewer } from '../../src/access/viewer.js';
import { createEnvironment } from '../../src/config/environment.js';
import { type Hub, openHub } from '../../src/hub.js';
import type { Statement } from '../../src/sources/source.js';
import { loanSource, writeLoanPark } from '../helpers/loanPark.js';
import { loan, sendJson, sourceFile, TOKEN, testPartner, uscc } from './httpPartner.js';
import { temporaryFolder } from './sqlPartner.js';

const partner = testPartner();
const NIGHTLY = { mode: 'mirrored', sync: { schedule: '0 2 * * *' } };

/** A park whose only partner is declared so, with its store. */
function park(source: object): {
  folder: string;
  store: string;
  open: (url?: string) => Promise<{ hub: Hub; statements: Statement[]; numbers: () => Promise<string[]> }>;
} {
  const folder = temporaryFolder();
  const bank = writeLoanPark(path.join(folder, 'park'), source);
  const { id } = source as { id: string };
  if (id !== 'bank') fs.renameSync(bank, path.join(folder, 'park', id));
  const store = path.join(folder, 'store');
  return {
    folder: path.join(folder, 'park', id),
    store,
    open: async (url) => {
      const statements: Statement[] = [];
      const hub = await openHub({
        parkFolder: path.join(folder, 'park'),
        environment: createEnvironment({ PARKHUB_STORE: store, SPDB_API_URL: url, SPDB_API_TOKEN: TOKEN }),
        log: pino({ level: 'silent' }),
        onStatement: (statement) => statements.push(statement),
      });
      let isOpen = true;
      const { close } = hub;
      hub.close = async () => {
        if (isOpen) await close();
        isOpen = false;
      };
      onTestFinished(() => hub.close());
      expect(hub.problems).toEqual([]);
      const numbers = async (): Promise<string[]> => {
        const source = '{ loans(orderBy: [{ number: ASC }]) { nodes { number provenance { how } } } }';
        const { data, errors } = await graphql({ schema: hub.schema, source, contextValue: hub.createContext({ viewer: hubViewer }) });
        expect(errors).toBeUndefined();
        const { nodes } = (data as unknown as { loans: { nodes: { number: string; provenance: { how: string } }[] } }).loans;
        expect(nodes.every(({ provenance }) => provenance.how === 'MIRRORED')).toBe(true);
        return nodes.map(({ number }) => number);
      };
      return { hub, statements, numbers };
    },
  };
}

describe('a mirrored API', () => {
  const declared = (): object => {
    const { Loan } = JSON.parse(JSON.stringify(sourceFile())).books;
    return { ...sourceFile(), ...NIGHTLY, books: { Loan } };
  };

  it('is copied page by page, and asked no more by those who ask the hub', async () => {
    let rows: unknown[] = [loan(1), loan(2), loan(3), loan(4, { class: 9 }), loan(5, { status: 'VOID' })];
    const requests: string[] = [];
    const url = await partner.start((request, response) => {
      requests.push(request.url ?? '');
      const number = Number(new URL(request.url ?? '', 'http://x').searchParams.get('pageNo'));
      sendJson(response, { data: { list: rows.slice((number - 1) * 2, number * 2) } });
    });
    const { open } = park(declared());
    const { hub, numbers, statements } = await open(url);
    expect(await hub.sync(['spdb'], { by: 'tester' })).toMatchObject([{ run: { read: 4, accepted: 3, changed: 3, quarantined: 1 } }]);
    expect(requests.map((asked) => new URL(asked, 'http://x').searchParams.get('pageNo'))).toEqual(['1', '2', '3']);
    expect(statements.filter(({ text }) => text === 'GET /v1/loans').map((statement) => statement.rows)).toEqual([2, 2, 1]);
    rows = [loan(2), loan(3, { amount: 7 })];
    expect(await numbers()).toEqual(['L001', 'L002', 'L003']);
    expect(requests).toHaveLength(3);
    // Each run reads: only so is it known what has changed.
    expect(await hub.sync(['spdb'], { by: 'tester' })).toMatchObject([{ run: { read: 2, changed: 1, closed: 1, quarantined: 0 } }]);
    expect(await hub.sync(['spdb'], { by: 'tester' })).toMatchObject([{ run: { read: 2, changed: 0, closed: 0 } }]);
    expect(await numbers()).toEqual(['L002', 'L003']);
  });

  it('counts a row once that slid onto the next page, and sets rows aside that differ under one key', async () => {
    const pages: unknown[][] = [[loan(1), loan(2)], [loan(2), loan(3)], [loan(4), loan(4, { amount: 9 })], []];
    const url = await partner.start((_request, response) => sendJson(response, { data: { list: pages.shift() } }));
    const { hub, numbers } = await park(declared()).open(url);
    expect(await hub.sync(['spdb'], { by: 'tester' })).toMatchObject([{ run: { read: 5, accepted: 3, quarantined: 2 } }]);
    expect(await numbers()).toEqual(['L001', 'L002', 'L003']);
  });

  it('keeps its last copy through a night in which the partner breaks off; a hub that starts then serves it', async () => {
    let isBroken = false;
    const url = await partner.start((request, response) => {
      const number = Number(new URL(request.url ?? '', 'http://x').searchParams.get('pageNo'));
      if (isBroken && number === 2) return void response.writeHead(401).end();
      sendJson(response, { data: { list: number === 1 ? [loan(isBroken ? 8 : 1), loan(2)] : number === 2 ? [loan(3)] : [] } });
    });
    const { open } = park(declared());
    const first = await open(url);
    await first.hub.sync(['spdb'], { by: 'tester' });
    isBroken = true;
    const [outcome] = await first.hub.sync(['spdb'], { by: 'tester' });
    expect(outcome?.error?.message).toBe('the partner refused the token (status 401).');
    expect(await first.numbers()).toEqual(['L001', 'L002', 'L003']);
    await first.hub.close();
    const next = await open(url);
    expect(await next.numbers()).toEqual(['L001', 'L002', 'L003']);
  });

  it('that was never copied is copied when it is first asked', async () => {
    const url = await partner.start((_request, response) => sendJson(response, { data: { list: [loan(1)] } }));
    const { numbers } = await park(declared()).open(url);
    expect(await numbers()).toEqual(['L001']);
  });
});

describe('a mirrored database', () => {
  const book = {
    from: { table: 'dk' },
    columns: {
      number: 'bh',
      tenantUscc: 'xydm',
      kind: { constant: 'CREDIT' },
      amount: { column: 'je', unit: '万元' },
      balance: { column: 'je', unit: '万元' },
      rate: { constant: '0.04' },
      date: { constant: '2021-03-05' },
      maturesOn: { constant: '2022-03-05' },
      classification: { constant: 'NORMAL' },
      status: { constant: 'ACTIVE' },
    },
  };
  const declared = (): object => {
    const { asOfFileName: _asOf, ...rest } = loanSource(book) as { asOfFileName: string };
    return { ...rest, connector: 'sql', connection: { type: 'sqlite', file: 'book.db' }, ...NIGHTLY };
  };

  function partnerFile(folder: string): Database.Database {
    const database = new Database(path.join(folder, 'book.db'));
    onTestFinished(() => void database.close());
    database.exec('CREATE TABLE dk (bh TEXT, xydm TEXT, je NUMERIC)');
    return database;
  }

  it('is copied row by row, those without a key or a value into quarantine, and asked no more by those who ask the hub', async () => {
    const { folder, open } = park(declared());
    const database = partnerFile(folder);
    const insert = database.prepare('INSERT INTO dk VALUES (?, ?, ?)');
    database.exec('BEGIN');
    for (let index = 0; index < 1_200; index++) insert.run(`L${String(index).padStart(5, '0')}`, uscc(1), 1.5);
    database.exec('COMMIT');
    insert.run(null, uscc(1), 2);
    insert.run('X', uscc(1), null);
    insert.run('Y', uscc(1), 1);
    insert.run('Y', uscc(1), 1);
    const { hub, numbers, statements } = await open();
    expect(await hub.sync(['bank'], { by: 'tester' })).toMatchObject([{ run: { read: 1_204, accepted: 1_200, changed: 1_200, quarantined: 4 } }]);
    const readings = statements.filter(({ text }) => text.includes('"dk"'));
    expect(readings.map(({ rows }) => rows)).toEqual([1_204]);
    database.exec(`DELETE FROM dk WHERE bh IS NOT 'L00000'; UPDATE dk SET je = 2`);
    expect(await numbers()).toHaveLength(50);
    expect(statements.filter(({ text }) => text.includes('"dk"'))).toHaveLength(1);
    expect(await hub.sync(['bank'], { by: 'tester' })).toMatchObject([{ run: { read: 1, changed: 1, closed: 1_199, quarantined: 0 } }]);
    expect(await numbers()).toEqual(['L00000']);
  });

  it('keeps its last copy when the database has gone, and says so without its path', async () => {
    const { folder, open } = park(declared());
    partnerFile(folder).prepare('INSERT INTO dk VALUES (?, ?, ?)').run('A', uscc(1), 1);
    const { hub, numbers } = await open();
    await hub.sync(['bank'], { by: 'tester' });
    fs.writeFileSync(path.join(folder, 'book.db'), 'no database at all'.repeat(100));
    for (const side of ['-wal', '-shm']) fs.rmSync(path.join(folder, `book.db${side}`), { force: true });
    const [outcome] = await hub.sync(['bank'], { by: 'tester' });
    expect(outcome?.error).toMatchObject({ reason: 'MALFORMED', message: 'The database file of this source cannot be read as SQLite.' });
    expect(await numbers()).toEqual(['A']);
  });

  it('is copied anew when its mapping has changed since', async () => {
    const { folder, open } = park(declared());
    partnerFile(folder).prepare('INSERT INTO dk VALUES (?, ?, ?)').run('A', uscc(1), 1);
    const first = await open();
    expect(await first.numbers()).toEqual(['A']);
    await first.hub.close();
    const yml = path.join(folder, 'source.yml');
    fs.writeFileSync(yml, fs.readFileSync(yml, 'utf8').replaceAll('unit: 万元', 'unit: 元'));
    const { hub } = await open();
    const source = '{ loans { totals { sum { amount } } } }';
    expect(JSON.parse(JSON.stringify((await graphql({ schema: hub.schema, source, contextValue: hub.createContext({ viewer: hubViewer }) })).data))).toEqual({
      loans: { totals: [{ sum: { amount: '1.00' } }] },
    });
  });
});
