import { describe, expect, it } from 'vitest';
import { checkSourceFile } from '../../src/config/checkSourceFile.js';
import { describeProblem } from '../../src/config/problem.js';
import { sourceFileSchema } from '../../src/config/sourceFile.js';
import { parseYaml } from '../../src/config/yaml.js';
import { bankYml } from './parkFolder.js';

/** What is wrong with a source whose connection is this. */
function problemsOf(connection: string): string[] {
  const text = bankYml('icbc').replace(/^connection:.*\n(?: +\w+:.*\n)*/m, `connection: ${connection}\n`);
  if (!text.includes(connection)) throw new Error('Expected a connection in the file.');
  const parsed = parseYaml(text, 'icbc/source.yml', sourceFileSchema);
  return parsed.ok ? checkSourceFile(parsed.value, parsed.lineOf).map(describeProblem) : parsed.problems.map(describeProblem);
}

describe('the connection of a database', () => {
  it.each([
    '{type: sqlite, file: book.db}',
    '{type: postgres, url: {env: ICBC_DATABASE_URL}}',
    '{type: mysql, url: {env: ICBC_DATABASE_URL}, pool: 8, ssl: true}',
    '{type: postgres, host: db.icbc.example, database: lending, user: parkhub, password: {env: ICBC_PASSWORD}}',
    '{type: mariadb, host: 10.1.2.3, port: 3307, database: 贷款, user: parkhub, password: {env: ICBC_PASSWORD}, ssl: {ca: ca.pem}, pool: 1}',
    '{type: postgres, host: "::1", database: lending, user: parkhub}',
  ])('may be %s', (connection) => {
    expect(problemsOf(connection)).toEqual([]);
  });

  it.each([
    ['{type: oracle, url: {env: X}}', /connection\.type: expected .*sqlite.*postgres.*mariadb.*mysql.*, but got: oracle/],
    ['{type: postgres}', /connection: expected url \(the name of an environment variable\), or host, database and user, but got: none of them/],
    ['{type: postgres, host: db}', /connection\.database: expected a field named database, but got: none/],
    ['{type: postgres, url: {env: X}, host: db}', /connection\.host: expected no host beside url, which says it already/],
    ['{type: postgres, url: {env: X}, password: {env: Y}}', /connection\.password: expected no password beside url/],
    ['{type: mariadb, host: "db/../x", database: a, user: b}', /connection\.host: expected a host name or an IP address/],
    ['{type: mariadb, host: db, port: 70000, database: a, user: b}', /connection\.port: expected a number of at most 65535/],
    ['{type: mariadb, host: db, database: a, user: b, pool: 0}', /connection\.pool: expected a number of at least 1/],
    ['{type: mariadb, host: db, database: a, user: b, ssl: {verify: false}}', /connection\.ssl/],
    ['{type: sqlite, file: book.db, pool: 3}', /connection\.pool: expected no field of this name/],
  ])('may not be %s', (connection, problem) => {
    expect(problemsOf(connection).join('\n')).toMatch(problem);
  });

  it.each([
    '{type: postgres, url: "postgres://hub:geheim@db/lending"}',
    '{type: postgres, host: db, database: a, user: b, password: geheim}',
    '{type: mariadb, host: "hub:geheim@db", database: a, user: b}',
  ])('holds no secret, and shows none where it does: %s', (connection) => {
    const problems = problemsOf(connection);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.join('\n')).not.toContain('geheim');
  });
});
