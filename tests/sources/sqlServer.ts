/** Partners' databases on real servers, and live sources over them. */
import { onTestFinished } from 'vitest';
import { type SqlSourceFile, sourceFileSchema } from '../../src/config/sourceFile.js';
import { allDefinitions } from '../../src/entities/definition.js';
import type { Parameter } from '../../src/sources/connectors/sql/binding.js';
import { LiveSqlSource } from '../../src/sources/connectors/sql/liveSource.js';
import { openPartnerDatabase } from '../../src/sources/connectors/sql/openDatabase.js';
import type { SqlDatabase } from '../../src/sources/connectors/sql/reader.js';
import type { RawValue } from '../../src/sources/raw.js';
import type { Statement } from '../../src/sources/source.js';
import type { RunningServer, ServerKind } from '../helpers/databases.js';
import { temporaryFolder } from './sqlPartner.js';

/** The user that the hub is given by the partner, and its password. */
export const READER = { user: 'hub', password: 'a\'b"c\\d %中' };

let databases = 0;

/** A database of its own on a server, with a user that may read it. */
export class ServerDatabase {
  private constructor(
    readonly server: RunningServer,
    readonly name: string,
  ) {}

  static async create(server: RunningServer): Promise<ServerDatabase> {
    const name = `partner${process.pid}_${++databases}`;
    await server.createDatabase(name);
    const database = new ServerDatabase(server, name);
    const password = READER.password;
    if (server.kind === 'PostgreSQL')
      await database.run(
        `DO $x$ BEGIN CREATE ROLE hub LOGIN PASSWORD '${password.replaceAll("'", "''")}'; EXCEPTION WHEN duplicate_object THEN NULL; END $x$`,
        // What a partner grants by mistake; the hub's own connection must still only read.
        `GRANT ALL ON SCHEMA public TO hub`,
        'ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO hub',
      );
    else
      await database.run(
        `CREATE USER IF NOT EXISTS 'hub'@'127.0.0.1' IDENTIFIED BY '${password.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`,
        `GRANT ALL ON \`${name}\`.* TO 'hub'@'127.0.0.1'`,
      );
    return database;
  }

  /** Runs statements as the partner. */
  run(...statements: string[]): Promise<Record<string, unknown>[]> {
    return this.server.run(this.name, ...statements);
  }

  /** Inserts rows of as many values as the table has columns. */
  async insert(table: string, rows: readonly (readonly RawValue[])[]): Promise<void> {
    const text = (value: RawValue): string => {
      if (value === null || value === undefined) return 'NULL';
      if (typeof value === 'number' || typeof value === 'bigint') return String(value);
      const escaped = String(value).replaceAll("'", "''");
      return `'${this.server.kind === 'MariaDB' ? escaped.replaceAll('\\', '\\\\') : escaped}'`;
    };
    for (let start = 0; start < rows.length; start += 1_000) {
      const values = rows.slice(start, start + 1_000).map((row) => `(${row.map(text).join(', ')})`);
      await this.run(
        this.server.kind === 'PostgreSQL' ? "SET TIME ZONE 'Asia/Shanghai'" : "SET time_zone = '+08:00'",
        `INSERT INTO ${this.quote(table)} VALUES ${values.join(', ')}`,
      );
    }
  }

  quote(name: string): string {
    return this.server.kind === 'PostgreSQL' ? `"${name.replaceAll('"', '""')}"` : `\`${name.replaceAll('`', '``')}\``;
  }

  /** How source.yml names the connection. */
  get connection(): Record<string, unknown> {
    const { host, port } = this.server.access;
    return { type: typeOf(this.server.kind), host, port, database: this.name, user: READER.user, password: { env: 'HUB_PASSWORD' } };
  }
}

/** The name of a server's kind in source.yml. */
export function typeOf(kind: ServerKind): 'postgres' | 'mariadb' {
  return kind === 'PostgreSQL' ? 'postgres' : 'mariadb';
}

/** The declaration of a source over a server. */
export function serverSourceFile(connection: Record<string, unknown>, books: Record<string, unknown>, rest: Record<string, unknown> = {}): SqlSourceFile {
  const partner = { kind: 'bank', name: '工商银行', shortName: '工行' };
  return sourceFileSchema.parse({ id: 'icbc', title: '工行贷款台账', partner, connector: 'sql', connection, books, ...rest }) as SqlSourceFile;
}

/** Opens the hub's own connection. */
export async function openHubDatabase(
  file: SqlSourceFile,
  secrets: Readonly<Record<string, string>> = { HUB_PASSWORD: READER.password },
  folder = temporaryFolder(),
): Promise<SqlDatabase> {
  const database = await openPartnerDatabase(file, folder, (name) => {
    const value = secrets[name];
    if (value === undefined) throw new Error(`${name} is not set.`);
    return value;
  });
  onTestFinished(() => database.close());
  return database;
}

/** A live source over a database on a server, with what it was asked and a clock that is moved by hand. */
export async function serverSource(
  database: ServerDatabase,
  books: Record<string, unknown>,
  options: { piece?: number; file?: Record<string, unknown>; connection?: Record<string, unknown> } = {},
) {
  const statements: Statement[] = [];
  let now = Date.parse('2022-01-01T00:00:00Z');
  const file = serverSourceFile({ ...database.connection, ...options.connection }, books, { deadline: 30_000, ...options.file });
  const opened = await openHubDatabase(file);
  const asked: { readonly text: string; readonly parameters: readonly Parameter[] }[] = [];
  const query: SqlDatabase['query'] = (text, parameters, signal) => {
    asked.push({ text, parameters });
    return opened.query(text, parameters, signal);
  };
  const source = new LiveSqlSource({
    file,
    definitions: new Map(allDefinitions().map((definition) => [definition.name, definition])),
    database: { ...opened, query },
    clock: () => new Date(now),
    onStatement: (statement) => statements.push(statement),
    ...(options.piece === undefined ? {} : { piece: options.piece }),
  });
  onTestFinished(() => source.close());
  return { source, statements, asked, database: opened, pass: (milliseconds: number) => (now += milliseconds) };
}
