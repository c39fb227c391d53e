import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DataSource, EntitySchema } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { GuardedLibsql } from '../../src/sources/connectors/sql/libsqlDriver.js';
import { migrations } from '../../src/store/migrations/index.js';
import { openStore, StoreTooNewError, StoreUnusableError, storeEntities } from '../../src/store/store.js';
import { temporaryFolder } from '../sources/sqlPartner.js';
import { opened } from './storeFile.js';

type Schema = { type: string; name: string; sql: string | null }[];

const schemaOf = async (source: DataSource): Promise<Schema> =>
  (await source.query("SELECT type, name, sql FROM sqlite_master WHERE name NOT IN ('migration', 'sqlite_sequence') ORDER BY type, name")) as Schema;

/** What TypeORM would change to make the database what these entities say. */
async function changesFor(file: string, entities: unknown[]): Promise<string[]> {
  const source = new DataSource({
    type: 'better-sqlite3',
    driver: GuardedLibsql,
    database: file,
    entities: entities as never,
    migrationsTableName: 'migration',
  });
  await source.initialize();
  try {
    return (await source.driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query);
  } finally {
    await source.destroy();
  }
}

const extra = new EntitySchema({ name: 'extra', tableName: 'extra', columns: { id: { type: 'integer', primary: true } } });

describe('the migrations', () => {
  it('make exactly the tables that the entity files state', async () => {
    const store = await opened();
    expect(await changesFor(store.file, storeEntities)).toEqual([]);
    const tables = (await schemaOf(store.reader)).filter(({ type }) => type === 'table').map(({ name }) => name);
    expect(tables).toEqual(store.writer.entityMetadatas.map(({ tableName }) => tableName).sort());
  });

  it('would be found wanting: a table too few, a table too many, a column or an index that differs', async () => {
    const { file, close, writer } = await opened();
    expect(await changesFor(file, [...storeEntities, extra])).toEqual([expect.stringMatching(/^CREATE TABLE "extra"/)]);
    await writer.query('ALTER TABLE loan DROP COLUMN balance');
    await writer.query('DROP INDEX loan_tenant_uscc');
    await close();
    const changes = await changesFor(file, storeEntities);
    expect(changes.some((change) => change.includes('"balance"'))).toBe(true);
    expect(changes.some((change) => change.includes('loan_tenant_uscc'))).toBe(true);
  });

  it('run on a fresh store, in a folder that is made for it, and never again', async () => {
    const file = join(temporaryFolder(), 'new', 'deep', 'store.db');
    const first = await opened(file);
    expect(first.migrated).toEqual(migrations.map(({ name }) => name));
    const schema = await schemaOf(first.reader);
    await first.close();
    const second = await opened(file);
    expect(second.migrated).toEqual([]);
    expect(await schemaOf(second.reader)).toEqual(schema);
    expect(await second.reader.query('SELECT name FROM migration')).toEqual(migrations.map(({ name }) => ({ name })));
  });

  it('can be taken back, one after the other, and run again', async () => {
    const { writer } = await opened();
    const before = await schemaOf(writer);
    for (const _migration of migrations) await writer.undoLastMigration();
    expect(await schemaOf(writer)).toEqual([]);
    await writer.runMigrations();
    expect(await schemaOf(writer)).toEqual(before);
  });

  it('that fail leave nothing half made', async () => {
    const file = join(temporaryFolder(), 'store.db');
    const own = new GuardedLibsql(file, {});
    own.prepare('CREATE TABLE valuation (x)').run([]);
    await expect(openStore(file)).rejects.toThrow(/valuation/);
    expect(own.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('migration', 'sqlite_sequence')").all([])).toEqual([
      { name: 'valuation' },
    ]);
    own.prepare('DROP TABLE valuation').run([]);
    expect((await opened(file)).migrated).toEqual(migrations.map(({ name }) => name));
  });

  it('have names that are their own and in the order of their times', () => {
    const names = migrations.map((migration) => new migration().name);
    expect(names).toEqual(migrations.map(({ name }) => name));
    const times = names.map((name) => Number(/\d{13}$/.exec(name)?.[0]));
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  });
});

describe('a store that is newer than the hub', () => {
  /** A store that two migrations have been run on which nobody here knows, in another journal mode than ours. */
  function newer(): { file: string; catchUp(): void } {
    const file = join(temporaryFolder(), 'store.db');
    const own = new GuardedLibsql(file, {});
    const run = (text: string): void => void own.prepare(text).run([]);
    run('CREATE TABLE migration (id integer PRIMARY KEY AUTOINCREMENT NOT NULL, timestamp bigint NOT NULL, name varchar NOT NULL)');
    run("INSERT INTO migration (timestamp, name) VALUES (9990000000000, 'Later9990000000000'), (9990000000001, 'Latest9990000000001')");
    return { file, catchUp: () => run('DELETE FROM migration') };
  }

  it('is refused with the names of the migrations that are not known, and is left as it was', async () => {
    const { file } = newer();
    const before = readFileSync(file);
    const error = await openStore(file).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StoreTooNewError);
    expect(error).toMatchObject({ unknown: ['Later9990000000000', 'Latest9990000000001'] });
    expect((error as Error).message).toBe(
      `The store is newer than this version of parkhub: expected no migrations after ${migrations.at(-1)?.name}, but got: Later9990000000000, Latest9990000000001. Update parkhub, or name another store.`,
    );
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(readdirSync(dirname(file))).toEqual(['store.db']);
  });

  it('is opened again when the hub has caught up', async () => {
    const { file, catchUp } = newer();
    await expect(openStore(file)).rejects.toThrow(StoreTooNewError);
    catchUp();
    expect((await opened(file)).migrated).toEqual(migrations.map(({ name }) => name));
  });
});

describe('an open store', () => {
  it('reads by a connection that cannot write', async () => {
    const { reader, writer } = await opened();
    const insert = "INSERT INTO bank (source, \"key\", as_of, code, name, short_name) VALUES ('park', 'icbc', 'x', 'icbc', '工商银行', '工行')";
    await expect(reader.query(insert)).rejects.toThrow(/readonly/);
    await writer.query(insert);
    expect(await reader.query('SELECT name FROM bank')).toEqual([{ name: '工商银行' }]);
  });

  it('may be opened twice at once, and by two at the same moment', async () => {
    const file = join(temporaryFolder(), 'store.db');
    const [first, second] = await Promise.all([opened(file), opened(file)]);
    expect([...first.migrated, ...second.migrated]).toEqual(migrations.map(({ name }) => name));
    await first.writer.query("INSERT INTO sync_state VALUES ('a', 'Loan', 'f', 'x', 'y', 1, 1, NULL)");
    expect(await second.reader.query('SELECT source FROM sync_state')).toEqual([{ source: 'a' }]);
  });

  it('keeps whole numbers exact, small and large', async () => {
    const { reader, writer } = await opened();
    const insert = 'INSERT INTO sync_state VALUES (?, ?, ?, ?, ?, ?, ?, NULL)';
    await writer.query(insert, ['a', 'Loan', 'f', 'x', 'y', 5, 9_007_199_254_740_993n]);
    expect(await reader.query('SELECT typeof(rows_read) AS type, CAST(rows_accepted AS TEXT) AS text FROM sync_state')).toEqual([
      { type: 'integer', text: '9007199254740993' },
    ]);
  });
});

describe('a file that is no store', () => {
  it('is refused and left as it was', async () => {
    const file = join(temporaryFolder(), 'store.db');
    const content = Buffer.from('这不是数据库，'.repeat(200));
    writeFileSync(file, content);
    await expect(openStore(file)).rejects.toThrow(StoreUnusableError);
    expect(readFileSync(file).equals(content)).toBe(true);
  });

  it('is no folder', async () => {
    const folder = temporaryFolder();
    await expect(openStore(folder)).rejects.toThrow(StoreUnusableError);
    expect(existsSync(folder)).toBe(true);
  });
});
