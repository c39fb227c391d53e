import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import LibsqlDatabase from 'libsql';
import { afterAll, beforeAll, expect, it, describe as suite } from 'vitest';
import { hasServer, type RunningServer, type ServerKind, startServer } from '../helpers/databases.js';
import { demoPark, openTestHub, type TestHub } from '../helpers/hub.js';
import { READER, ServerDatabase, typeOf } from './sqlServer.js';

const SOURCES = ['icbc', 'huakai'] as const;

/** The demonstration's two databases, moved to a server as a partner would have them there. */
async function moved(server: RunningServer): Promise<string> {
  const park = await mkdtemp(join(tmpdir(), 'parkhub-moved-'));
  await cp(demoPark, park, { recursive: true });
  for (const id of SOURCES) {
    const database = await ServerDatabase.create(server);
    const book = new LibsqlDatabase(join(demoPark, id, 'book.db'));
    const tables = book.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as { name: string }[];
    for (const { name } of tables) {
      const columns = book.prepare('SELECT name, type, pk FROM pragma_table_info(?)').all(name) as { name: string; type: string; pk: number }[];
      const numeric = server.kind === 'PostgreSQL' ? 'NUMERIC' : 'DECIMAL(30, 8)';
      const written = columns.map((column) => {
        const type =
          column.type === 'NUMERIC' ? numeric : column.type === 'INTEGER' ? 'BIGINT' : /(_on|_date|as_of)$/.test(column.name) ? 'DATE' : 'VARCHAR(200)';
        return `${database.quote(column.name)} ${type}${column.pk ? ' PRIMARY KEY' : ''}`;
      });
      await database.run(`CREATE TABLE ${database.quote(name)} (${written.join(', ')})`);
      const rows = book.prepare(`SELECT * FROM "${name}"`).raw().all() as (string | number | null)[][];
      await database.insert(name, rows);
    }
    book.close();
    const file = join(park, id, 'source.yml');
    const text = await readFile(file, 'utf8');
    const { host, port } = server.access;
    const connection = `connection:\n  type: ${typeOf(server.kind)}\n  host: ${host}\n  port: ${port}\n  database: ${database.name}\n  user: ${READER.user}\n  password: { env: BOOK_PASSWORD }\n`;
    expect(text).toContain('connection:\n  type: sqlite\n  file: book.db\n');
    await writeFile(file, text.replace('connection:\n  type: sqlite\n  file: book.db\n', connection));
    await rm(join(park, id, 'book.db'));
  }
  return park;
}

const documents: readonly (readonly [string, string])[] = [
  [
    'a page of loans by amount',
    '{ loans(first: 50, orderBy: [{amount: DESC}]) { nodes { number amount balance rate date maturesOn kind classification status tenant { name } product { name } } } }',
  ],
  [
    'loans of tenants of an industry',
    '{ loans(first: 20, where: {date: {gte: "2020-01-01"}, tenant: {industry: {contains: "3"}}}, orderBy: [{date: ASC}]) { nodes { number date } sources { sourceId state } } }',
  ],
  [
    'investments with their cash flows and valuations',
    '{ investments(first: 50, orderBy: [{date: DESC}]) { nodes { number amount date stake round status fund { name vintageYear } cashFlows { nodes { number amount date } } valuations { nodes { number value date } } } } }',
  ],
  ['totals by class', '{ loans { totals(groupBy: [CLASSIFICATION]) { count sum { amount balance } } } }'],
  ['what became of every row', '{ sources { id state message books { entity read accepted } } }'],
];

suite.each(['PostgreSQL', 'MariaDB'] as const)('the demonstration with its databases on %s', (kind: ServerKind) => {
  const own = hasServer(kind) ? it : it.skip;
  let server: RunningServer;
  let park: string;
  let here: TestHub;
  let there: TestHub;

  beforeAll(async () => {
    if (!hasServer(kind)) return;
    server = await startServer(kind);
    park = await moved(server);
    here = await openTestHub();
    there = await openTestHub({ parkFolder: park, variables: { BOOK_PASSWORD: READER.password } });
  }, 120_000);
  afterAll(async () => {
    await here?.close();
    await there?.close();
    await server?.remove();
    if (park) await rm(park, { recursive: true });
  });

  own.each(documents)('answers as with its files: %s', async (_name, document) => {
    const answer = await there.execute(document);
    expect(answer.errors).toBeUndefined();
    expect(JSON.parse(JSON.stringify(answer.data))).toEqual(await here.ask(document));
  });

  own('says which variable it needs, and nothing of the server, where the password is not set', async () => {
    const without = await openTestHub({ parkFolder: park });
    const { sources } = await without.ask('{ sources { id state message } }');
    await without.close();
    expect(sources.filter(({ state }: { state: string }) => state === 'UNAVAILABLE')).toEqual(
      [...SOURCES]
        .sort((a, b) => (a < b ? -1 : 1))
        .map((id) => ({ id, state: 'UNAVAILABLE', message: `${id} needs BOOK_PASSWORD in the environment of the hub, and it is not set.` })),
    );
  });
});
