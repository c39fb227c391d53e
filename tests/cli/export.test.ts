import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { exitCodes } from '../../src/cli/exitCodes.js';
import { RowCounter } from '../../src/cli/exportRows.js';
import { asViewer, build, root, run, type Serving, serve, temporaryFolder } from '../helpers/commandLine.js';

const folder = temporaryFolder();
const demonstration = path.join(root, 'parks/xinxiang');
const store = { PARKHUB_STORE: path.join(folder.path, 'store') };
let serving: Serving;
let token: string;
let loans: string;

beforeAll(async () => {
  build();
  serving = await serve(demonstration, store);
  token = (await asViewer(demonstration, store, '--bank', 'icbc')).authorization.replace('Bearer ', '');
  loans = path.join(folder.path, 'loans.graphql');
  fs.writeFileSync(loans, 'query Nightly($kind: [LoanKind!]) { loans(where: { kind: { in: $kind } }) { nodes { number balance } } }');
});
afterAll(async () => {
  await serving?.stop();
  folder.remove();
});

const exported = (args: readonly string[], variables: Record<string, string> = { PARKHUB_TOKEN: token }) =>
  run(['export', '--url', serving.url, '--query', loans, ...args], variables);

/** A server that answers as it is told, in place of a hub. */
async function answering(answer: http.RequestListener): Promise<string> {
  const server = http.createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('parkhub export', () => {
  test('writes what the holder of the token may see to a file of its own, and says how many rows', async () => {
    const out = path.join(folder.path, 'loans.csv');
    const { code, stdout, stderr } = await exported(['--out', out]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    const [head, ...rows] = fs.readFileSync(out, 'utf8').trimEnd().split('\r\n');
    expect(head).toBe('\uFEFFnumber,balance,extensions.hidden');
    expect(rows.length).toBeGreaterThan(5);
    expect(stderr).toBe(`Wrote ${out}: ${rows.length} rows.\n`);
    expect(fs.statSync(out).mode & 0o777).toBe(0o600);
    expect(fs.readdirSync(folder.path).filter((name) => name.includes('.part'))).toEqual([]);

    const lines = path.join(folder.path, 'loans.jsonl');
    expect((await exported(['--out', lines])).stderr).toBe(`Wrote ${lines}: ${rows.length} rows.\n`);
    expect(JSON.parse(fs.readFileSync(lines, 'utf8').split('\n')[0] ?? '')).toEqual({ number: expect.any(String), balance: expect.any(String) });
  });

  test('prints it where no file is named, and takes variables and another variable for the token', async () => {
    const all = await exported(['--format', 'jsonl'], { MINE: token, PARKHUB_TOKEN: 'wrong' });
    expect(all.code).toBe(exitCodes.refused.code);
    const some = await exported(['--format', 'jsonl', '--token-env', 'MINE', '--variables', '{"kind": []}'], { MINE: token });
    expect(some).toEqual({ code: 0, stdout: expect.stringMatching(/^\{"extensions":\{"export":\{"rows":0,/), stderr: '' });
  });

  test('asks as the public where there is no token: of loans it has none', async () => {
    const { code, stdout } = await exported([], {});
    expect({ code, stdout }).toEqual({ code: 0, stdout: '\uFEFFnumber,balance,extensions.hidden\r\n' });
  });

  test.each<[string, readonly string[], Record<string, string>, keyof typeof exitCodes, RegExp]>([
    ['a token that is refused', [], { PARKHUB_TOKEN: 'phk_wrong' }, 'refused', /^parkhub: .*Authorization/],
    ['a document that is none', ['--variables', '{"kind": ["NONE"]}'], {}, 'refused', /^parkhub: Variable "\$kind"/],
    ['variables that are no JSON', ['--variables', '{'], {}, 'wrongUse', /^parkhub: Expected --variables to be JSON/],
    ['a document that is not there', ['--query', '/nonexistent.graphql'], {}, 'wrongUse', /^parkhub: Expected --query to be a file/],
    ['a variable that is not set', ['--token-env', 'NOT_SET'], {}, 'wrongUse', /^parkhub: Expected a token in the variable NOT_SET/],
    ['a file that cannot be written', ['--out', '/nonexistent/loans.csv'], {}, 'wrongUse', /^parkhub: Expected --out to be a file that can be written/],
    ['an address that is none', ['--url', 'hub'], {}, 'wrongUse', /^parkhub: --url: expected the address of a hub/],
    ['a token over plain HTTP', ['--url', 'http://hub.example.cn'], { PARKHUB_TOKEN: 'phk_secret' }, 'wrongUse', /^parkhub: --url: expected https/],
    ['nobody at the address', ['--url', 'http://127.0.0.1:9'], {}, 'brokenOff', /^parkhub: Expected a hub at .*, but it cannot be reached\.$/],
    ['a form that there is not', ['--format', 'xlsx'], {}, 'wrongUse', /Allowed choices are csv, jsonl/],
  ])('ends for %s with one line and a code of its own', async (_what, args, variables, exit, line) => {
    const { code, stdout, stderr } = await exported(args, variables);
    expect({ code, stdout }).toEqual({ code: exitCodes[exit].code, stdout: '' });
    expect(stderr.trimEnd()).toMatch(line);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).not.toContain('phk_');
  });

  test('keeps the file of yesterday where the export breaks off, and says why where it is told', async () => {
    const out = path.join(folder.path, 'kept.jsonl');
    fs.writeFileSync(out, 'yesterday');
    const url = await answering((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.write('{"number":"1"}\n{"errors":[{"message":"icbc: The database has gone."}]}\n', () => setTimeout(() => response.destroy(), 100));
    });
    const { code, stderr } = await exported(['--url', url, '--out', out]);
    expect({ code, stderr }).toEqual({
      code: exitCodes.brokenOff.code,
      stderr: 'parkhub: The export broke off after 1 row: icbc: The database has gone. Ask again.\n',
    });
    expect(fs.readFileSync(out, 'utf8')).toBe('yesterday');
    expect(fs.readdirSync(folder.path).filter((name) => name.includes('.part'))).toEqual([]);
  });

  test('takes no lines for whole that have no end, and follows no redirect with its token', async () => {
    const short = await answering((_request, response) => response.end('{"number":"1"}\n'));
    expect((await exported(['--url', short, '--format', 'jsonl'])).code).toBe(exitCodes.brokenOff.code);
    const elsewhere = await answering((_request, response) => response.writeHead(307, { location: serving.url }).end());
    expect((await exported(['--url', elsewhere])).code).toBe(exitCodes.brokenOff.code);
  });

  test('says what a source lacks, with the code of sources', async () => {
    const url = await answering((_request, response) =>
      response.writeHead(503, { 'retry-after': '30' }).end('{"errors":[{"message":"icbc: gone.","extensions":{"code":"SOURCE_UNAVAILABLE"}}]}'),
    );
    expect(await exported(['--url', url])).toEqual({ code: exitCodes.sources.code, stdout: '', stderr: 'parkhub: icbc: gone. Ask again in 30 s.\n' });
  });

  test('says what a filter left out', async () => {
    const file = path.join(folder.path, 'left.graphql');
    fs.writeFileSync(file, '{ tenants(where: { registeredCapital: { gt: "0.00" } }) { nodes { name } } }');
    const { code, stderr } = await exported(['--query', file]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'Left out: rows in which park Tenant.registeredCapital is hidden.\n' });
  });
});

describe('the rows that pass', () => {
  const counted = (format: 'csv' | 'jsonl', text: string, size: number): number => {
    const counter = new RowCounter(format);
    counter.resume();
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += size) counter.write(bytes.subarray(at, at + size));
    return counter.rows;
  };
  test.each([1, 2, 7, 1_000])('are counted over breaks within cells and within chunks of %i bytes', (size) => {
    expect(counted('csv', '\uFEFFa,b\r\n"一\r\n""二""\r\n",1\r\n3,4\r\n', size)).toBe(2);
    expect(counted('csv', '\uFEFFa,b\r\n', size)).toBe(0);
    expect(counted('jsonl', '{"a":"\\n"}\n{"errors":"of the row"}\n', size)).toBe(2);
    expect(counted('jsonl', '{"a":1}\n{"extensions":{"export":{"rows":1}}}\n', size)).toBe(1);
  });
});
