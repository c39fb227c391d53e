import fs from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operationOf } from '../../src/access/traceChain.js';
import { TraceFile } from '../../src/access/traceFile.js';
import { exitCodes } from '../../src/cli/exitCodes.js';
import type { BookSample } from '../../src/cli/sample.js';
import type { SourceStatus } from '../../src/hub.js';
import { build, root, run, temporaryFolder } from '../helpers/commandLine.js';

beforeAll(build);

const folder = temporaryFolder();
afterAll(() => folder.remove());

const demonstration = path.join(root, 'parks/xinxiang');
const store = { PARKHUB_STORE: path.join(folder.path, 'store') };
const ids = ['park', 'icbc', 'bocom', 'spdb', 'huakai', 'hongtu', 'huayu'];

interface Report {
  readonly park: string;
  readonly problems: readonly object[];
  readonly sources: readonly SourceStatus[];
  readonly samples?: readonly BookSample[];
}

describe('parkhub sources', () => {
  test('lists every source with the rows of each book', async () => {
    const { code, stdout, stderr } = await run(['sources', demonstration], store);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const id of ids) expect(stdout).toMatch(new RegExp(`^${id} .* (LIVE|MIRRORED) .* \\d+ +\\d+ +\\d+$`, 'm'));
    expect(stdout).toMatch(/^Source .* Read +Accepted +Set aside$/m);
  });

  test('names the place and the reason of every row that was set aside', async () => {
    const { stdout } = await run(['sources', demonstration], store);
    const report = JSON.parse((await run(['sources', demonstration, '--json'], store)).stdout) as Report;
    const aside = report.sources.flatMap(({ id, books }) => books.flatMap(({ setAside }) => setAside.map((row) => ({ id, ...row }))));
    expect(aside.length).toBeGreaterThan(0);
    for (const { id, entity, place, reason } of aside) expect(stdout).toContain(`${id} ${entity}: ${place}: ${reason}`);
  });

  test('--json counts no row twice and loses none', async () => {
    const { code, stdout } = await run(['sources', demonstration, '--json'], store);
    const report = JSON.parse(stdout) as Report;
    expect(code).toBe(0);
    expect(report).toMatchObject({ park: 'xinxiang', problems: [] });
    expect(report.sources.map(({ id }) => id).sort()).toEqual([...ids].sort());
    for (const { books } of report.sources) for (const { read, accepted, setAside } of books) expect(accepted + setAside.length).toBe(read);
  });

  test('says the same in every time zone', async () => {
    const withoutInstants = (text: string): string => text.replace(/"asOf": "[^"]*"/g, '');
    const [shanghai, honolulu] = await Promise.all(
      ['Asia/Shanghai', 'Pacific/Honolulu'].map((TZ) =>
        run(['sources', demonstration, '--json', '--check'], { PARKHUB_STORE: path.join(folder.path, TZ), TZ }),
      ),
    );
    expect(withoutInstants(shanghai?.stdout ?? '')).toBe(withoutInstants(honolulu?.stdout ?? 'none'));
  });

  test('fails when a source was left out, and still lists the others', async () => {
    const park = path.join(folder.path, 'left-out/xinxiang');
    fs.cpSync(demonstration, park, { recursive: true });
    fs.appendFileSync(path.join(park, 'icbc/source.yml'), '\nconector: sql\n');
    const { code, stdout, stderr } = await run(['sources', park], { PARKHUB_STORE: path.join(folder.path, 'left-out/store') });
    expect(code).toBe(exitCodes.sources.code);
    expect(stdout).toMatch(/^bocom .*(LIVE|MIRRORED)/m);
    expect(stderr).toMatch(
      /^icbc\/source\.yml:\d+: conector: expected .*\nparkhub: Expected every source to give its rows, but got: 1 problem in its configuration files\.\n$/,
    );
  });

  test('fails when a source is unavailable, and says why', async () => {
    const { code, stdout, stderr } = await run(['sources', demonstration], { ...store, HUAYU_API_URL: 'http://127.0.0.1:9/huayu', HUAYU_API_TOKEN: 'none' });
    expect(code).toBe(exitCodes.sources.code);
    expect(stdout).toMatch(/^huayu .*UNAVAILABLE/m);
    expect(stdout).toMatch(/^huayu is unavailable: .+/m);
    expect(stderr).toBe('parkhub: Expected every source to give its rows, but got: unavailable: huayu.\n');
    expect(stdout + stderr).not.toContain('127.0.0.1');
  });
});

describe('parkhub sources --check', () => {
  test("shows each book's rows as the partner gave them beside what the graph shows, and fails for rows set aside", async () => {
    const { code, stdout, stderr } = await run(['sources', demonstration, '--check', '--rows', '1'], store);
    expect(code).toBe(exitCodes.sources.code);
    expect(stderr).toBe('parkhub: Expected every source to give its rows, but got: rows that were set aside.\n');
    for (const id of ids.filter((id) => id !== 'park'))
      expect(stdout).toMatch(new RegExp(`^${id} · \\w+\\nAs the partner gave it +As the graph shows it\\n`, 'm'));
  });

  test('is on record before it is shown: who ran it, which rows of which companies; what is public is not', async () => {
    const variables = { PARKHUB_STORE: path.join(folder.path, 'recorded') };
    const { stdout } = await run(['sources', demonstration, '--check', '--json', '--rows', '2'], variables);
    const report = JSON.parse(stdout) as Report;
    const verified = await run(['audit', 'verify', demonstration], variables);
    expect(verified).toMatchObject({ code: 0, stdout: expect.stringMatching(/^1 record; the chain is whole\.\nHead: 1:/) });
    const file = new TraceFile(path.join(variables.PARKHUB_STORE, 'xinxiang.trace.db'), 'reading');
    const [record] = file.recordsAfter(0, 10).map(({ content }) => operationOf(content));
    file.close();
    expect(record).toMatchObject({ viewer: { kind: 'SYSTEM', name: userInfo().username, via: 'cli', of: null }, operation: 'parkhub sources --check' });
    const loans = report.samples?.find(({ source, entity }) => source === 'icbc' && entity === 'Loan')?.rows.flatMap(({ mapped }) => mapped?.tenantUscc ?? []);
    const read = record?.reads.find(({ source, entity, rows }) => source === 'icbc' && entity === 'Loan' && rows === loans?.length);
    expect(read).toMatchObject({ ask: 'ROWS', scopes: ['CREDIT'] });
    expect([...(read?.companies?.keys() ?? [])].sort()).toEqual([...new Set(loans)].sort());
    const aside = report.sources.flatMap(({ books }) => books.flatMap(({ setAside }) => setAside)).length;
    const withoutCompany = record?.reads.filter(({ companies }) => companies?.size === 0).reduce((sum, { rows }) => sum + rows, 0);
    expect(withoutCompany).toBeGreaterThanOrEqual(aside);
    expect(record?.reads.map(({ entity }) => entity)).not.toContain('Certification');
  });

  test('shows nothing that cannot be recorded', async () => {
    const variables = { PARKHUB_STORE: path.join(folder.path, 'unrecorded') };
    fs.mkdirSync(variables.PARKHUB_STORE);
    fs.writeFileSync(path.join(variables.PARKHUB_STORE, 'xinxiang.trace.db'), 'this is no database, and long enough to be taken for one: '.repeat(20));
    const { code, stdout, stderr } = await run(['sources', demonstration, '--check'], variables);
    expect({ code, stdout }).toEqual({ code: exitCodes.traceBroken.code, stdout: '' });
    expect(stderr).toBe('parkhub: Expected to record what this shows, but the trace of reads cannot be written; so it is not shown.\n');
  });

  test('--rows says how many rows of each book', async () => {
    for (const rows of [1, 3]) {
      const { stdout } = await run(['sources', demonstration, '--check', '--json', '--rows', String(rows)], store);
      const report = JSON.parse(stdout) as Report;
      expect(report.samples?.length).toBeGreaterThan(0);
      for (const sample of report.samples ?? []) {
        const book = report.sources.find(({ id }) => id === sample.source)?.books.find(({ entity }) => entity === sample.entity);
        expect(sample.rows).toHaveLength(Math.min(rows, book?.read ?? 0));
      }
    }
  });
});
