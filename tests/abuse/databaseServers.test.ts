/** What may happen between the hub and a partner's database server, and what becomes of it. */
import net, { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { hasServer, type RunningServer, type ServerKind, startServer } from '../helpers/databases.js';
import { READER, ServerDatabase } from '../sources/sqlServer.js';
import { openAbusedPark, sqlBank } from './abusedPark.js';

/** What is said otherwise to each server. */
const WAYS = {
  PostgreSQL: {
    table: 'CREATE TABLE loans (借据号 text PRIMARY KEY, 余额 numeric)',
    forever: 'CREATE VIEW slow AS SELECT l.借据号, l.余额 + length(pg_sleep(60)::text) AS 余额 FROM loans l',
    running: "SELECT COUNT(*) AS n FROM pg_stat_activity WHERE usename = 'hub' AND state = 'active'",
    lock: ['BEGIN', 'LOCK TABLE loans IN ACCESS EXCLUSIVE MODE', 'SELECT pg_sleep(2)'],
    retype: 'ALTER TABLE loans ALTER 余额 TYPE text USING 余额::text || $$元$$',
    disconnect: ["SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'hub'"],
    limit: (count: number) => [`ALTER ROLE hub CONNECTION LIMIT ${count}`],
  },
  MariaDB: {
    table: 'CREATE TABLE loans (借据号 VARCHAR(60) PRIMARY KEY, 余额 DECIMAL(30, 2))',
    forever: 'CREATE VIEW slow AS SELECT l.借据号, l.余额 + BENCHMARK(9000000000, MD5(l.借据号)) AS 余额 FROM loans l',
    running: "SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE USER = 'hub' AND COMMAND = 'Query'",
    lock: ['LOCK TABLES loans WRITE', 'DO SLEEP(2)'],
    retype: 'ALTER TABLE loans MODIFY 余额 VARCHAR(40)',
    disconnect: [],
    limit: (count: number) => [`ALTER USER 'hub'@'127.0.0.1' WITH MAX_USER_CONNECTIONS ${count}`],
  },
} as const;

/** Between the hub and a server: passes bytes on, or does not. */
async function between(port: number): Promise<{ port: number; behave(how: 'pass' | 'hang' | 'cut' | 'cut half way'): void }> {
  let behaviour: 'pass' | 'hang' | 'cut' | 'cut half way' = 'pass';
  const sockets = new Set<net.Socket>();
  const server = net.createServer((client) => {
    const upstream = net.connect(port, '127.0.0.1');
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.on('data', (chunk) => {
        if (behaviour === 'pass') to.write(chunk);
        if (behaviour === 'cut') from.destroy();
        // The question gets there; half of the answer comes back.
        if (behaviour === 'cut half way') {
          if (from === client) to.write(chunk);
          else to.write(chunk.subarray(0, Math.ceil(chunk.length / 2)), () => to.destroy());
        }
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, behave: (how) => (behaviour = how) };
}

describe.each(['PostgreSQL', 'MariaDB'] as const)('a partner’s %s', (kind: ServerKind) => {
  const ways = WAYS[kind];
  const test = hasServer(kind) ? it : it.skip;
  let server: RunningServer;

  beforeAll(async () => {
    if (hasServer(kind)) server = await startServer(kind);
  });
  afterAll(() => server?.remove());

  async function bankOf(options: { through?: number; on?: RunningServer; connection?: object } = {}) {
    const database = await ServerDatabase.create(options.on ?? server);
    await database.run(ways.table);
    await database.insert('loans', [
      ['A', 1],
      ['B', 2],
    ]);
    const connection = { ...database.connection, ...(options.through !== undefined && { port: options.through }), ...options.connection };
    return { database, ...(await openAbusedPark(sqlBank(connection), undefined, { HUB_PASSWORD: READER.password })) };
  }

  const WHOLE = { A: '1.00', B: '2.00' };
  const back = async ({ ask }: { ask: Awaited<ReturnType<typeof bankOf>>['ask'] }, expected: object = WHOLE) =>
    expect.poll(async () => (await ask()).balances, { timeout: 17_000, interval: 300 }).toEqual(expected);
  const count = async (database: ServerDatabase, text: string): Promise<number> => Number((await database.run(text))[0]?.n);

  test('that is killed while it is asked costs its rows, and is used again when it is back', { timeout: 60_000 }, async () => {
    const own = await startServer(kind);
    onTestFinished(() => own.remove());
    const bank = await bankOf({ on: own });
    expect((await bank.ask()).balances).toEqual(WHOLE);
    const asking = Promise.all(Array.from({ length: 10 }, () => bank.ask()));
    await own.kill();
    for (const { balances, report } of await asking) expect(balances).toEqual(report.state === 'LIVE' ? WHOLE : {});
    expect(await bank.askInVain()).toMatch(/^(The database of bank (cannot be reached|broke off its connection|is shutting down)|bank did not answer)/);
    await own.start();
    await back(bank);
  });

  test.each(['hang', 'cut', 'cut half way'] as const)(
    'whose connections %s costs its rows, and is used again when they are whole',
    { timeout: 60_000 },
    async (how) => {
      const line = await between(server.access.port);
      const bank = await bankOf({ through: line.port });
      expect((await bank.ask()).balances).toEqual(WHOLE);
      line.behave(how);
      const said = await bank.askInVain();
      expect(said).toMatch(
        how === 'hang'
          ? /^(bank did not answer|The database of bank did not answer)/
          : /^(The database of bank (broke off its connection|cannot be reached)|bank did not answer)/,
      );
      line.behave('pass');
      await back(bank);
    },
  );

  test('that hangs before the hub has connected costs its rows, and is used as soon as it answers', { timeout: 60_000 }, async () => {
    const line = await between(server.access.port);
    line.behave('hang');
    const bank = await bankOf({ through: line.port });
    expect(await bank.askInVain()).toMatch(/^(bank did not answer|The database of bank did not)/);
    line.behave('pass');
    await back(bank);
  });

  test('whose statement runs for ever is told to end it, and does', async () => {
    const database = await ServerDatabase.create(server);
    await database.run(ways.table, ways.forever);
    await database.insert('loans', [['A', 1]]);
    const source = sqlBank(database.connection) as { books: { Loan: { from: object } } } & Record<string, unknown>;
    source.books.Loan.from = { table: 'slow' };
    const bank = await openAbusedPark(source, undefined, { HUB_PASSWORD: READER.password });
    expect(await bank.askInVain()).toMatch(/did not answer/);
    await expect.poll(() => count(database, ways.running), { timeout: 10_000 }).toBe(0);
  });

  test('whose table is locked costs its rows until it is free', async () => {
    const bank = await bankOf();
    expect((await bank.ask()).balances).toEqual(WHOLE);
    const held = bank.database.run(...ways.lock);
    await expect.poll(async () => (await bank.ask()).report.state, { timeout: 5_000 }).toBe('UNAVAILABLE');
    await held;
    await back(bank);
  });

  test('that takes no more connections costs its rows until it does', async () => {
    const bank = await bankOf();
    await bank.database.run(...ways.limit(1));
    try {
      // One connection is enough for few asks, and too few for many: whoever gets none is told so.
      const { balances, report } = await bank.ask();
      if (report.state === 'LIVE') expect(balances).toEqual(WHOLE);
      expect(report.message ?? '').toMatch(/^$|^The database of bank takes no more connections\.$|refused|did not answer/);
    } finally {
      await bank.database.run(...ways.limit(kind === 'PostgreSQL' ? -1 : 0));
    }
    await back(bank);
  });

  test('whose column is of another type now is read as far as its cells can be', async () => {
    const bank = await bankOf();
    expect((await bank.ask()).balances).toEqual(WHOLE);
    await bank.database.run(ways.retype);
    await bank.database.run("INSERT INTO loans VALUES ('C', '约三')");
    // A survey sees the new type; until then statements that rest on the old one fail, or give what they gave.
    const setAside = await bank.setAside();
    expect(Object.values(setAside)).toEqual([expect.stringMatching(/^balance \(column 余额\): expected an amount in 元/)]);
    expect((await bank.ask()).balances).toEqual(WHOLE);
  });

  test('that lets the hub write is not written to', async () => {
    const bank = await bankOf();
    // What the hub is given by mistake: everything.
    await bank.database.run(kind === 'PostgreSQL' ? 'ALTER TABLE loans OWNER TO hub' : `GRANT ALL ON \`${bank.database.name}\`.* TO 'hub'@'127.0.0.1'`);
    await bank.database.run(
      kind === 'PostgreSQL'
        ? 'CREATE FUNCTION eat() RETURNS numeric LANGUAGE plpgsql AS $$ BEGIN DELETE FROM loans; RETURN 1; END $$'
        : 'CREATE FUNCTION eat() RETURNS DECIMAL(10, 2) DETERMINISTIC MODIFIES SQL DATA BEGIN DELETE FROM kept; RETURN 1; END',
    );
    // A view of the partner's that writes when it is read: the server refuses it, for the session only reads.
    if (kind === 'PostgreSQL') await bank.database.run('CREATE VIEW trap AS SELECT 借据号, eat() AS 余额 FROM loans');
    else await bank.database.run('CREATE TABLE kept AS SELECT * FROM loans', 'CREATE VIEW trap AS SELECT 借据号, eat() AS 余额 FROM loans');
    const source = sqlBank(bank.database.connection) as { books: { Loan: { from: object } } } & Record<string, unknown>;
    source.books.Loan.from = { table: 'trap' };
    const trapped = await openAbusedPark(source, undefined, { HUB_PASSWORD: READER.password });
    expect(await trapped.askInVain()).toMatch(
      // MariaDB does not even show such a view to a session that only reads.
      kind === 'PostgreSQL' ? /^The database of bank lets the hub read only\.$/ : /lets the hub read only\.$|has no table trap that the hub may read\.$/,
    );
    expect(await count(bank.database, `SELECT COUNT(*) AS n FROM ${kind === 'PostgreSQL' ? 'loans' : 'kept'}`)).toBe(2);
  });

  test('whose password is wrong, or not set, says so without names', async () => {
    const bank = await bankOf({ connection: { password: { env: 'UNSET' } } });
    expect(await bank.askInVain()).toMatch(/^bank needs UNSET in the environment of the hub, and it is not set\.$/);
    const wrong = await openAbusedPark(sqlBank(bank.database.connection), undefined, { HUB_PASSWORD: 'secret-of-nobody' });
    expect(await wrong.askInVain()).toBe('The database of bank refused the user or the password of the hub.');
  });
});
