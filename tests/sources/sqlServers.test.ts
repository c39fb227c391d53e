import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, onTestFinished, describe as suite } from 'vitest';
import { type RowsAsk, type Source, SourceError } from '../../src/sources/source.js';
import { freePort, hasServer, type RunningServer, type ServerKind, startServer } from '../helpers/databases.js';
import { loansAsk, loanTotals, never, temporaryFolder, uscc } from './sqlPartner.js';
import { openHubDatabase, READER, ServerDatabase, serverSource, serverSourceFile, typeOf } from './sqlServer.js';

const loans = {
  from: { table: 'dk' },
  columns: {
    number: 'bh',
    tenantUscc: 'xydm',
    kind: { constant: 'CREDIT' },
    amount: 'je',
    balance: { constant: 1 },
    rate: { constant: 1 },
    date: 'rq',
    maturesOn: { constant: '2030-01-01' },
    classification: { constant: 'NORMAL' },
    status: { constant: 'ACTIVE' },
  },
};

const TABLE = 'CREATE TABLE dk (bh VARCHAR(60), xydm VARCHAR(18), je DECIMAL(20, 2), rq DATE)';
const loan = (number: string, cells: { xydm?: string; je?: string; rq?: string | null } = {}) => {
  const { xydm = uscc(1), je = '100.00', rq = '2021-03-05' } = cells;
  return [number, xydm, je, rq];
};

/** Statements of each server that mean the same. */
const WAYS = {
  PostgreSQL: {
    sleep: (seconds: number) => `SELECT pg_sleep(${seconds})`,
    running: "SELECT COUNT(*) AS n FROM pg_stat_activity WHERE usename = 'hub' AND state = 'active'",
    connections: "SELECT COUNT(*) AS n FROM pg_stat_activity WHERE usename = 'hub'",
    ownZone: "SET TIME ZONE 'America/New_York'",
  },
  MariaDB: {
    // Its SLEEP and BENCHMARK end without an error when they are ended.
    sleep: (seconds: number) => `SELECT COUNT(*) AS n FROM seq_1_to_${seconds * 100_000} a JOIN seq_1_to_1000 b ON MD5(a.seq) < MD5(b.seq)`,
    running: "SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE USER = 'hub' AND COMMAND <> 'Sleep'",
    connections: "SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE USER = 'hub'",
    ownZone: "SET time_zone = '-05:00'",
  },
} as const;

async function refusal(asked: Promise<unknown>): Promise<SourceError> {
  const error = await asked.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SourceError);
  // Nothing of the server, its names, or the statement.
  expect((error as SourceError).message).not.toMatch(/SELECT|127\.0\.0\.1|localhost|partner\d|"hub"|'hub'|hub@|password authentication|\d{4,5}\b/);
  return error as SourceError;
}

const sums = (source: Source) => source.totals(loanTotals({ figures: [{ function: 'sum', attribute: 'amount' }] }), never());

const numberOf = async (database: ServerDatabase, text: string): Promise<number> => Number((await database.run(text))[0]?.n);

async function eventually(holds: () => Promise<boolean>, milliseconds = 15_000): Promise<number> {
  const started = performance.now();
  while (!(await holds())) {
    if (performance.now() - started > milliseconds) throw new Error('Expected it to hold in time.');
    await pause(20);
  }
  return performance.now() - started;
}

suite.each(['PostgreSQL', 'MariaDB'] as const)('a partner’s %s', (kind: ServerKind) => {
  const describe = hasServer(kind) ? suite : suite.skip;
  const ways = WAYS[kind];
  let server: RunningServer;

  beforeAll(async () => {
    if (hasServer(kind)) server = await startServer(kind, { ssl: true });
  });
  afterAll(() => server?.remove());

  async function bank(...rows: ReturnType<typeof loan>[]): Promise<ServerDatabase> {
    const database = await ServerDatabase.create(server);
    await database.run(TABLE);
    if (rows.length > 0) await database.insert('dk', rows);
    return database;
  }
  const fileOf = (database: ServerDatabase, connection: Record<string, unknown> = {}, rest: Record<string, unknown> = {}) =>
    serverSourceFile({ ...database.connection, ...connection }, { Loan: loans }, rest);
  const keys = async (source: { rows(ask: RowsAsk, signal: AbortSignal): Promise<readonly { key: string }[]> }, ask: Partial<RowsAsk> = {}) =>
    (await source.rows(loansAsk(ask), never())).map((row) => row.key);

  describe('a connection', () => {
    it('only reads, whatever the partner has granted', async () => {
      const database = await bank(loan('A'));
      const hub = await openHubDatabase(fileOf(database));
      const writes = [
        "INSERT INTO dk (bh) VALUES ('X')",
        "UPDATE dk SET bh = 'X'",
        'DELETE FROM dk',
        'DROP TABLE dk',
        'CREATE TABLE x (y INT)',
        'TRUNCATE TABLE dk',
      ];
      for (const text of writes)
        expect(await refusal(hub.query(text, [])), text).toMatchObject({ reason: 'REFUSED', message: 'The database of icbc lets the hub read only.' });
      expect(await hub.query('SELECT COUNT(*) AS n FROM dk', [])).toEqual([{ n: '1' }]);
      expect(await numberOf(database, "SELECT COUNT(*) AS n FROM dk WHERE bh = 'A'")).toBe(1);
    });

    it('does so on every connection of the pool', async () => {
      const database = await bank(loan('A'));
      const hub = await openHubDatabase(fileOf(database, { pool: 3 }));
      const refused = await Promise.all(
        Array.from({ length: 9 }, () => hub.query("INSERT INTO dk (bh) VALUES ('X')", []).catch((error: SourceError) => error.reason)),
      );
      expect(refused).toEqual(Array.from({ length: 9 }, () => 'REFUSED'));
    });

    it('takes one statement at a time', async () => {
      const database = await bank(loan('A'));
      const hub = await openHubDatabase(fileOf(database));
      await refusal(hub.query('SELECT 1; SELECT 2', []));
    });

    it('is made by a URL too, whose password may hold any character', async () => {
      const database = await bank(loan('A'));
      const { port } = server.access;
      const url = `${kind === 'PostgreSQL' ? 'postgresql' : 'mysql'}://${READER.user}:${encodeURIComponent(READER.password)}@127.0.0.1:${port}/${database.name}?sslmode=disable`;
      const hub = await openHubDatabase(serverSourceFile({ type: typeOf(kind), url: { env: 'BANK_URL' } }, { Loan: loans }), { BANK_URL: url });
      expect(await hub.query('SELECT bh FROM dk', [])).toEqual([{ bh: 'A' }]);
    });

    it.each([
      ['no URL', 'not a url'],
      ['another scheme', 'http://hub:geheim@127.0.0.1/x'],
      ['no database', 'SCHEME://hub:geheim@127.0.0.1'],
      ['no user', 'SCHEME://127.0.0.1/x'],
      ['a parameter of a driver', 'SCHEME://hub:geheim@127.0.0.1/x?statement_timeout=0'],
      ['a mode that there is not', 'SCHEME://hub:geheim@127.0.0.1/x?sslmode=prefer'],
    ])('by %s is refused without showing it', async (_name, text) => {
      const url = text.replace('SCHEME', typeOf(kind));
      const error = await refusal(openHubDatabase(serverSourceFile({ type: typeOf(kind), url: { env: 'BANK_URL' } }, { Loan: loans }), { BANK_URL: url }));
      expect(error.reason).toBe('MISCONFIGURED');
      expect(error.message).toMatch(/^BANK_URL, which icbc needs, is not what it should be: expected /);
      expect(error.message).not.toMatch(/geheim/);
    });

    it('with a wrong password, or to a database that is not there, is refused', async () => {
      const database = await bank(loan('A'));
      expect(await refusal(openHubDatabase(fileOf(database), { HUB_PASSWORD: 'geheim' }))).toMatchObject({
        reason: 'REFUSED',
        message: 'The database of icbc refused the user or the password of the hub.',
      });
      expect(await refusal(openHubDatabase(fileOf(database, { database: 'partner_none' })))).toMatchObject({ reason: 'REFUSED' });
      expect(await refusal(openHubDatabase(fileOf(database, { user: 'nobody' })))).toMatchObject({ reason: 'REFUSED' });
    });

    it('to a server that is down, or is no database, is an error in time', async () => {
      const database = await bank(loan('A'));
      expect(await refusal(openHubDatabase(fileOf(database, { port: await freePort() })))).toMatchObject({
        reason: 'UNREACHABLE',
        message: 'The database of icbc cannot be reached.',
      });
      const silent = net.createServer(() => undefined);
      const sockets = new Set<net.Socket>();
      silent.on('connection', (socket) => sockets.add(socket.on('error', () => undefined)));
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
      onTestFinished(() => {
        for (const socket of sockets) socket.destroy();
        silent.close();
      });
      const { port } = silent.address() as net.AddressInfo;
      const started = performance.now();
      expect(await refusal(openHubDatabase(fileOf(database, { port }, { deadline: 300 })))).toMatchObject({ reason: 'TIMED_OUT' });
      expect(performance.now() - started).toBeLessThan(10_000);
    });

    it('is encrypted where source.yml says so, and checks whose certificate it is shown', async () => {
      const database = await bank(loan('A'));
      const folder = temporaryFolder();
      const authority = path.join(folder, 'ca.pem');
      fs.copyFileSync(server.authority as string, authority);
      const secrets = { HUB_PASSWORD: READER.password };
      const encrypted =
        kind === 'PostgreSQL'
          ? 'SELECT CASE WHEN ssl THEN 1 ELSE 0 END AS n FROM pg_stat_ssl WHERE pid = pg_backend_pid()'
          : "SELECT (VARIABLE_VALUE <> '') AS n FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME = 'SSL_CIPHER'";
      const plain = await openHubDatabase(fileOf(database), secrets, folder);
      expect(await plain.query(encrypted, [])).toEqual([{ n: '0' }]);
      for (const host of ['127.0.0.1', 'localhost']) {
        const hub = await openHubDatabase(fileOf(database, { host, ssl: { ca: 'ca.pem' } }), secrets, folder);
        expect(await hub.query(encrypted, []), host).toEqual([{ n: '1' }]);
      }
      expect(await refusal(openHubDatabase(fileOf(database, { ssl: true }), secrets, folder))).toMatchObject({
        reason: 'REFUSED',
        message: expect.stringContaining('certificate'),
      });
      // Another name of this machine, which is not in the certificate.
      expect(await refusal(openHubDatabase(fileOf(database, { host: '127.0.0.2', ssl: { ca: 'ca.pem' } }), secrets, folder))).toMatchObject({ source: 'icbc' });
      expect(await refusal(openHubDatabase(fileOf(database, { ssl: { ca: 'none.pem' } }), secrets, folder))).toMatchObject({ reason: 'MISCONFIGURED' });
      expect(await refusal(openHubDatabase(fileOf(database, { ssl: { ca: '../ca.pem' } }), secrets, folder))).toMatchObject({ reason: 'MISCONFIGURED' });
      // A statement that is given up is ended there too.
      const hub = await openHubDatabase(fileOf(database, { ssl: { ca: 'ca.pem' } }), secrets, folder);
      await expect(hub.query(ways.sleep(30), [], AbortSignal.timeout(200))).rejects.toThrow();
      await eventually(async () => (await numberOf(database, ways.running)) === 0);
    });
  });

  describe('the pool', () => {
    it('has no more connections than source.yml says, and lets the others wait', async () => {
      const database = await bank(loan('A'));
      const hub = await openHubDatabase(fileOf(database, { pool: 2 }));
      const other = await openHubDatabase(fileOf(database, { pool: 1 }));
      const short = kind === 'PostgreSQL' ? 'SELECT pg_sleep(0.1)' : 'SELECT SLEEP(0.1) AS s';
      let most = 0;
      const watch = (async () => {
        for (let times = 0; times < 8; times++) most = Math.max(most, await numberOf(database, ways.connections));
      })();
      await Promise.all([...Array.from({ length: 12 }, () => hub.query(short, [])), other.query(short, []), watch]);
      expect(most).toBe(3);
    });

    it('that is used up costs an ask its deadline, not longer, and is of use again afterwards', async () => {
      const database = await bank(loan('A'));
      const hub = await openHubDatabase(fileOf(database, { pool: 1 }, { deadline: 20_000 }));
      const gone = new AbortController();
      const long = hub.query(ways.sleep(30), [], gone.signal).catch(() => 'given up');
      await eventually(async () => (await numberOf(database, ways.running)) === 1);
      await expect(hub.query('SELECT 1 AS n', [], AbortSignal.timeout(150))).rejects.toThrow(/timeout/);
      gone.abort();
      expect(await long).toBe('given up');
      expect(await hub.query('SELECT 1 AS n', [])).toEqual([{ n: '1' }]);
    });

    it('outlives a connection that the partner has killed', async () => {
      const database = await bank(loan('A'));
      const hub = await openHubDatabase(fileOf(database, { pool: 2 }));
      await Promise.all([hub.query('SELECT 1 AS n', []), hub.query('SELECT 1 AS n', [])]);
      if (kind === 'PostgreSQL') await database.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'hub'");
      else for (const { ID } of await database.run("SELECT ID FROM information_schema.PROCESSLIST WHERE USER = 'hub'")) await database.run(`KILL ${ID}`);
      await pause(50);
      expect(await hub.query('SELECT 1 AS n', [])).toEqual([{ n: '1' }]);
    });
  });

  describe('a statement that takes too long', () => {
    it('is ended by the database itself at the deadline of the source', async () => {
      const database = await bank(loan('A'));
      const hub = await openHubDatabase(fileOf(database, {}, { deadline: 300 }));
      const started = performance.now();
      // Without a signal: as if the hub had forgotten it.
      expect(await refusal(hub.query(ways.sleep(30), []))).toMatchObject({
        reason: 'TIMED_OUT',
        message: 'The database of icbc did not answer a statement in time.',
      });
      expect(performance.now() - started).toBeLessThan(10_000);
      expect(await numberOf(database, ways.running)).toBe(0);
      expect(await hub.query('SELECT 1 AS n', [])).toEqual([{ n: '1' }]);
    });

    it('is ended in the database when the asker gives up, and no other is', async () => {
      const database = await bank(loan('A'));
      const hub = await openHubDatabase(fileOf(database, { pool: 4 }, { deadline: 20_000 }));
      const gone = new AbortController();
      const left = [1, 2, 3].map(() => hub.query(ways.sleep(30), [], gone.signal).catch((error: Error) => error.message));
      await eventually(async () => (await numberOf(database, ways.running)) === 3);
      const kept = hub.query(kind === 'PostgreSQL' ? 'SELECT pg_sleep(0.5), 7 AS n' : 'SELECT SLEEP(0.5) AS s, 7 AS n', []);
      await pause(100);
      const started = performance.now();
      gone.abort(new Error('gone'));
      expect(await Promise.all(left)).toEqual(['gone', 'gone', 'gone']);
      expect(performance.now() - started).toBeLessThan(2_000);
      expect(await kept).toMatchObject([{ n: '7' }]);
      await eventually(async () => (await numberOf(database, ways.running)) === 0);
      expect(await Promise.all(Array.from({ length: 8 }, () => hub.query('SELECT 1 AS n', [])))).toHaveLength(8);
    });

    it('is ended when the source is closed', async () => {
      const database = await bank(loan('A'));
      const hub = await openHubDatabase(fileOf(database, {}, { deadline: 20_000 }));
      const left = hub.query(ways.sleep(30), []).catch((error: SourceError) => error.reason);
      await eventually(async () => (await numberOf(database, ways.running)) === 1);
      await hub.close();
      expect(await left).toBe('UNREACHABLE');
      await eventually(async () => (await numberOf(database, ways.connections)) === 0);
    });

    it('waits for a lock no longer than for anything else', async () => {
      const database = await bank(loan('A'));
      const hub = await openHubDatabase(fileOf(database, {}, { deadline: 1_000 }));
      const lock = kind === 'PostgreSQL' ? ['BEGIN', 'LOCK TABLE dk IN ACCESS EXCLUSIVE MODE', 'SELECT pg_sleep(4)'] : ['LOCK TABLES dk WRITE', 'DO SLEEP(4)'];
      const held = database.run(...lock);
      await pause(300);
      expect(await refusal(hub.query('SELECT * FROM dk', []))).toMatchObject({ reason: 'TIMED_OUT' });
      await held;
    });

    it('of an ask ends the ask, and the source answers the next one', async () => {
      const database = await bank(loan('A'));
      const slow =
        kind === 'PostgreSQL'
          ? 'CREATE VIEW slow AS SELECT dk.*, pg_sleep(30)::text AS s FROM dk'
          : 'CREATE VIEW slow AS SELECT dk.*, BENCHMARK(3000000000, MD5(bh)) AS s FROM dk';
      await database.run(slow);
      const { source, database: hub } = await serverSource(
        database,
        { Loan: { ...loans, from: { table: 'slow' }, columns: { ...loans.columns, productCode: 's' } } },
        { file: { deadline: 400 } },
      );
      const error = await refusal(source.rows(loansAsk({ attributes: ['productCode'] }), never()));
      expect(error.reason).toBe('TIMED_OUT');
      await eventually(async () => (await numberOf(database, ways.running)) === 0);
      expect(await hub.query('SELECT 1 AS n', [])).toEqual([{ n: '1' }]);
    });
  });

  describe('a server that goes away', () => {
    it('in the middle of a statement costs that statement, and is asked again when it is back', async () => {
      const own = await startServer(kind);
      onTestFinished(() => own.remove());
      const database = await ServerDatabase.create(own);
      await database.run(TABLE);
      await database.insert('dk', [loan('A'), loan('B')]);
      const { source, database: hub } = await serverSource(database, { Loan: loans }, { file: { deadline: 10_000 } });
      expect(await keys(source)).toEqual(['A', 'B']);
      const long = hub.query(ways.sleep(30), []).catch((error: SourceError) => [error.reason, error.message]);
      await eventually(async () => (await numberOf(database, ways.running)) === 1);
      await own.kill();
      expect(await long).toEqual([
        'UNREACHABLE',
        expect.stringMatching(/^The database of icbc (broke off its connection|is shutting down or starting up|cannot be reached)\.$/),
      ]);
      expect((await refusal(source.rows(loansAsk(), never()))).reason).toBe('UNREACHABLE');
      await own.start();
      expect(await keys(source)).toEqual(['A', 'B']);
      // In good order too, with connections that lie idle.
      await own.stop();
      await own.start();
      expect(await keys(source)).toEqual(['A', 'B']);
    }, 60_000);
  });

  describe('what is wrong with a table', () => {
    it('is said without SQL: it is not there, or lacks columns, which costs only what rests on them', async () => {
      const database = await bank(loan('A'));
      const missing = await serverSource(database, { Loan: { ...loans, from: { table: 'none' } } });
      expect(await refusal(keys(missing.source))).toMatchObject({
        reason: 'MALFORMED',
        message: 'The database of icbc has no table none that the hub may read.',
      });
      const drifted = await serverSource(database, { Loan: { ...loans, columns: { ...loans.columns, amount: 'je_old', tenantUscc: 'xy' } } });
      expect(await keys(drifted.source)).toEqual(['A']);
      expect(drifted.source.drift('Loan')).toMatchObject({ missing: ['xy', 'je_old'], attributes: ['tenantUscc', 'amount'], unreadable: false });
      expect(await refusal(sums(drifted.source))).toMatchObject({ reason: 'DRIFTED', message: expect.stringContaining('xy, je_old are missing') });
    });

    it('is found at once when a column goes, and when it is back at the next survey', async () => {
      const database = await bank(loan('A'));
      const { source, pass } = await serverSource(database, { Loan: loans });
      expect(await keys(source)).toEqual(['A']);
      await database.run('ALTER TABLE dk RENAME COLUMN je TO betrag');
      expect(await refusal(sums(source))).toMatchObject({ reason: 'DRIFTED' });
      expect(source.drift('Loan')).toMatchObject({ missing: ['je'], added: ['betrag'], attributes: ['amount'] });
      expect(await keys(source)).toEqual(['A']);
      await database.run('ALTER TABLE dk RENAME COLUMN betrag TO je');
      pass(400_000);
      expect(await keys(source)).toEqual(['A']);
      expect(source.drift('Loan')).toBeUndefined();
      expect(await sums(source)).not.toEqual([]);
    });

    it('that lies in another schema is read there', async () => {
      const database = await bank();
      const schema = kind === 'PostgreSQL' ? 'lending' : `${database.name}_2`;
      await database.run(`CREATE SCHEMA ${schema}`, `CREATE TABLE ${schema}.dk AS SELECT * FROM dk`);
      await database.run(
        kind === 'PostgreSQL' ? `GRANT USAGE ON SCHEMA lending TO hub; GRANT SELECT ON lending.dk TO hub` : `GRANT SELECT ON ${schema}.* TO 'hub'@'127.0.0.1'`,
      );
      await database.run(`INSERT INTO ${schema}.dk VALUES ('S', '${uscc(1)}', 1, '2021-01-01')`);
      const { source } = await serverSource(database, { Loan: { ...loans, from: { table: 'dk', schema } } });
      expect(await keys(source)).toEqual(['S']);
    });
  });

  describe('what it keeps', () => {
    it('comes as it stands there, whatever the zones of the server, the hub and the partner', async () => {
      const database = await ServerDatabase.create(server);
      const [instant, text, boolean] = kind === 'PostgreSQL' ? ['timestamptz', 'text', 'boolean'] : ['TIMESTAMP NULL', 'TEXT', 'BOOLEAN'];
      await database.run(
        `CREATE TABLE v (d DATE, t ${kind === 'PostgreSQL' ? 'timestamp' : 'DATETIME'}, i ${instant}, n NUMERIC(38, 10), b BIGINT, f DOUBLE PRECISION, r REAL, x ${text}, z ${boolean}, c CHAR(5))`,
        kind === 'PostgreSQL' ? "SET TIME ZONE 'Asia/Shanghai'" : "SET time_zone = '+08:00'",
        `INSERT INTO v VALUES ('2021-03-05', '2021-03-05 00:00:00', '2021-03-05 00:00:00', 123456789012345678.0123456789, 9223372036854775807, 0.1, 0.1, '广兴', true, 'ab')`,
      );
      const hub = await openHubDatabase(fileOf(database));
      expect(await hub.query('SELECT d, t, i, n, b, f, x FROM v', [])).toEqual([
        {
          d: '2021-03-05',
          t: '2021-03-05 00:00:00',
          i: kind === 'PostgreSQL' ? '2021-03-05 00:00:00+08' : '2021-03-05 00:00:00',
          n: '123456789012345678.0123456789',
          b: '9223372036854775807',
          f: '0.1',
          x: '广兴',
        },
      ]);
    });

    it('is a day in the partner’s zone, and an instant of a day is no day', async () => {
      const database = await ServerDatabase.create(server);
      const instant = kind === 'PostgreSQL' ? 'timestamptz' : 'TIMESTAMP NULL';
      await database.run(
        `CREATE TABLE dk (bh VARCHAR(60), xydm VARCHAR(18), je BIGINT, rq ${instant})`,
        kind === 'PostgreSQL' ? "SET TIME ZONE 'Asia/Shanghai'" : "SET time_zone = '+08:00'",
        `INSERT INTO dk VALUES ('A', '${uscc(1)}', 1, '2021-03-05'), ('B', '${uscc(1)}', 2, '2021-12-31'), ('C', '${uscc(1)}', 3, '2021-12-31 13:30:00')`,
      );
      const { source } = await serverSource(database, { Loan: loans });
      const by = { order: ['date', 'key'].map((attribute) => ({ attribute, descending: true, nullsFirst: false })) };
      expect((await source.rows(loansAsk(by), never())).map(({ key, date }) => [key, date])).toEqual([
        ['B', '2021-12-31'],
        ['A', '2021-03-05'],
      ]);
      expect(await keys(source, { where: { attribute: 'date', is: 'gt', value: '2021-03-05' } })).toEqual(['B']);
      expect(await keys(source, { where: { attribute: 'date', is: 'in', value: ['2021-03-05'] } })).toEqual(['A']);
      expect(
        await source.totals(loanTotals({ groupBy: [{ attribute: 'date', year: false }], figures: [{ function: 'maximum', attribute: 'date' }] }), never()),
      ).toHaveLength(2);
      expect(
        await source.totals(
          loanTotals({
            figures: [
              { function: 'maximum', attribute: 'date' },
              { function: 'minimum', attribute: 'date' },
            ],
          }),
          never(),
        ),
      ).toEqual([{ group: [], figures: ['2021-12-31', '2021-03-05'] }]);
      const [survey] = await source.survey(never());
      expect(survey?.setAside.map(({ reason }) => reason)).toEqual([
        expect.stringMatching(/^date \(column rq\): expected a day that exists, written yyyy-MM-dd, but got: "2021-12-31 13:30:00/),
      ]);
    });

    it('adds up exactly, beyond what a float or a 64-bit number holds', async () => {
      const database = await bank(loan('A', { je: '999999999999999.99' }), loan('B', { je: '999999999999999.99' }), loan('C', { je: '0.03' }));
      const { source, statements } = await serverSource(database, { Loan: loans });
      await keys(source);
      statements.length = 0;
      expect(await source.totals(loanTotals(), never())).toEqual([{ group: [], figures: [3, 200_000_000_000_000_001n] }]);
      expect(statements).toHaveLength(1);
    });

    it('is told apart by capital letters, accents and blanks, whatever the collation of the column', async () => {
      const database = await ServerDatabase.create(server);
      const words = ['a', 'A', 'á', 'ab', 'AB', 'Z', 'z', '1', '-', '_', '广兴', '\u{20000}', '\uFF01'];
      const collation = kind === 'PostgreSQL' ? 'COLLATE "en-x-icu"' : 'CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci';
      await database.run(`CREATE TABLE dk (bh VARCHAR(60) ${collation}, xydm VARCHAR(18), je BIGINT, rq DATE)`);
      await database.insert(
        'dk',
        words.map((word, index) => [word, uscc(index), index, '2021-03-05']),
      );
      const { source } = await serverSource(database, { Loan: loans });
      expect(await keys(source)).toEqual([...words].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
      for (const word of words) expect(await keys(source, { where: { attribute: 'number', is: 'eq', value: word } }), word).toEqual([word]);
      for (const other of ['a ', 'À', 'Ab', ' a', ''])
        expect(await keys(source, { where: { attribute: 'number', is: 'in', value: [other] } }), other).toEqual([]);
      expect(await keys(source, { where: { attribute: 'number', is: 'contains', value: 'B' } })).toEqual(['AB']);
      expect(await keys(source, { where: { not: { attribute: 'number', is: 'startsWith', value: 'a' } } })).not.toContain('ab');
    });
  });

  describe('SQL in values and names', () => {
    const hostile = ["'; DROP TABLE dk; --", '100%', '_', '"', "''", '\\', "\\'; DROP TABLE dk; --", '%_', '$1 ? :x @y', '`', "\\\\' OR 1=1 --"];

    it('is harmless in values: each is compared letter by letter', async () => {
      const database = await bank(...hostile.map((text) => loan(text)), loan('plain'));
      const { source } = await serverSource(database, { Loan: loans });
      for (const text of hostile) {
        expect(await keys(source, { where: { attribute: 'number', is: 'eq', value: text } }), text).toEqual([text]);
        expect(await keys(source, { where: { attribute: 'number', is: 'contains', value: text } }), text).toContain(text);
        expect(await keys(source, { keys: { attribute: 'number', values: [text] }, limit: 3 }), text).toEqual([text]);
        expect(
          await keys(source, { where: { attribute: 'number', is: 'in', value: [text, ...Array.from({ length: 200 }, (_, index) => `${text}${index}`)] } }),
          text,
        ).toEqual([text]);
      }
      for (const text of ['a\u0000b', '\u0000', '\ud800']) {
        expect(await keys(source, { where: { attribute: 'number', is: 'eq', value: text } })).toEqual([]);
        expect(await keys(source, { where: { attribute: 'number', is: 'contains', value: text } })).toEqual([]);
      }
      expect(await keys(source)).toHaveLength(hostile.length + 1);
    });

    it('is harmless in the names of tables and columns', async () => {
      const database = await ServerDatabase.create(server);
      const [table, column] = ['dk"`; DROP TABLE x; --', 'bh"` OR 1=1 --'];
      await database.run(
        `CREATE TABLE ${database.quote(table)} (${database.quote(column)} VARCHAR(60), ${database.quote('select')} VARCHAR(18), ${database.quote('金额（万元）')} NUMERIC(20, 4), ${database.quote('a b')} DATE)`,
        'CREATE TABLE x (y INT)',
      );
      await database.insert(table, [['A', uscc(1), '3', '2021-03-05']]);
      const { source } = await serverSource(database, {
        Loan: {
          from: { table },
          columns: { ...loans.columns, number: column, tenantUscc: 'select', amount: { column: '金额（万元）', unit: '万元' }, date: 'a b' },
        },
      });
      expect(await source.rows(loansAsk(), never())).toMatchObject([{ key: 'A', amount: 3_000_000n, date: '2021-03-05' }]);
      await database.run('SELECT y FROM x');
    });
  });

  describe('a large book', () => {
    const count = 1_000;
    let database: ServerDatabase;
    beforeAll(async () => {
      database = await bank(
        ...Array.from({ length: count }, (_, index) =>
          loan(`N${String(index).padStart(4, '0')}`, { je: `${index}.00`, xydm: uscc(index % 7), ...(index % 100 === 50 ? { rq: null } : {}) }),
        ),
        loan('N0003'),
        loan(' N0005 '),
        ['X', 'no uscc', '1', '2021-01-01'],
      );
      await database.run(`INSERT INTO dk VALUES (NULL, '${uscc(1)}', 1, '2021-01-01')`);
    });

    it('is surveyed in pieces: every row once, and those that share a key in whatever piece', async () => {
      const { source, statements } = await serverSource(database, { Loan: loans }, { piece: 90 });
      const [survey] = await source.survey(never());
      // Ten without a day, the three of the shared keys and their two fellows less one already, the one without a USCC, the one without a key.
      expect(survey).toMatchObject({ read: count + 4, accepted: count - 10 - 2 });
      expect(new Set(survey?.setAside.map(({ place }) => place))).toEqual(
        new Set([...Array.from({ length: 10 }, (_, index) => `dk N0${index}50`), 'dk N0003', 'dk N0005', 'dk  N0005 ', 'dk X', 'dk without a key']),
      );
      expect(Math.max(...statements.map(({ rows }) => rows))).toBeLessThanOrEqual(95);
      expect(statements.length).toBeGreaterThan(20);
    });

    it('answers as a small one does, in the database or in memory', async () => {
      const { source: pieces } = await serverSource(database, { Loan: loans }, { piece: 90 });
      const { source: whole } = await serverSource(database, { Loan: loans });
      const order = ['amount', 'key'].map((attribute) => ({ attribute, descending: true, nullsFirst: false }));
      const asks: Partial<RowsAsk>[] = [
        {},
        { limit: 7 },
        { order, limit: 5 },
        { order, limit: 5, after: { values: [500_00n, 'N0500'], inclusive: false } },
        { keys: { attribute: 'tenantUscc', values: [uscc(1), uscc(2)] }, limit: 3 },
        { where: { attribute: 'number', is: 'contains', value: '77' } },
      ];
      for (const ask of asks) {
        // In which order the keys of a batch come is left to the source.
        const compared = (found: string[]) => (ask.keys ? found.sort() : found);
        expect(compared(await keys(pieces, ask)), JSON.stringify(Object.keys(ask))).toEqual(compared(await keys(whole, ask)));
      }
      const groups = {
        groupBy: [{ attribute: 'tenantUscc', year: false }],
        figures: [
          { function: 'sum' as const, attribute: 'amount' },
          { function: 'countDistinct' as const, attribute: 'date' },
        ],
      };
      const sorted = (rows: readonly { group: readonly unknown[] }[]) => [...rows].sort((a, b) => (String(a.group[0]) < String(b.group[0]) ? -1 : 1));
      expect(sorted(await pieces.totals(loanTotals(groups), never()))).toEqual(sorted(await whole.totals(loanTotals(groups), never())));
    });

    it('keeps an ask no longer than its deadline, and has done its survey when the next one comes', async () => {
      const { source } = await serverSource(database, { Loan: loans }, { piece: 20 });
      const soon = new AbortController();
      setTimeout(() => soon.abort(new SourceError('icbc', 'TIMED_OUT', 'gave up')), 15);
      await expect(source.rows(loansAsk(), soon.signal)).rejects.toThrow('gave up');
      await eventually(async () => {
        const quick = AbortSignal.timeout(200);
        return source.rows(loansAsk({ limit: 1 }), quick).then(
          () => true,
          () => false,
        );
      });
    });
  });
});

suite('a machine without a server', () => {
  it('is told which tests were skipped, and how to have them', async () => {
    const { findServers, missingServers } = await import(path.join(import.meta.dirname, '../../scripts/lib/databaseServers.mjs'));
    expect(missingServers(findServers('', false))).toEqual([
      'The tests on PostgreSQL were skipped, for this machine has no PostgreSQL server. On Debian: apt-get install postgresql',
      'The tests on MariaDB were skipped, for this machine has no MariaDB server. On Debian: apt-get install mariadb-server',
    ]);
    expect(missingServers(findServers().filter(({ programs }: { programs?: object }) => programs))).toEqual([]);
  });
});
