import fs from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { exitCodes } from '../../src/cli/exitCodes.js';
import { build, root, run, serve, temporaryFolder } from '../helpers/commandLine.js';
import { openTestHub } from '../helpers/hub.js';

// Each test runs several commands, and a hub beside them.
vi.setConfig({ testTimeout: 60_000 });
beforeAll(build);

const folder = temporaryFolder();
afterAll(() => folder.remove());

const demonstration = path.join(root, 'parks/xinxiang');
// One store for what only reads the register; tests of tokens of their own have others.
const store = { PARKHUB_STORE: path.join(folder.path, 'store') };

let stores = 0;
function ownStore() {
  const variables = { PARKHUB_STORE: path.join(folder.path, `own-${++stores}`) };
  return { variables, token: (command: string, ...args: string[]) => run(['token', command, demonstration, ...args], variables) };
}

const statusWith = async (url: string, token?: string): Promise<number> =>
  (
    await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: '{"query":"{ park { name } }"}',
    })
  ).status;

describe('parkhub token', () => {
  test('issues a token and shows it once, lists it without, and revokes it for a hub that serves, at once', async () => {
    const { variables, token } = ownStore();
    const serving = await serve(demonstration, variables);
    try {
      const issued = await token('issue', '--name', '王敏', '--bank', 'icbc', '--expires', '30', '--by', '李强');
      expect({ code: issued.code, stderr: issued.stderr }).toEqual({ code: 0, stderr: '' });
      const secret = /^phk_[A-Za-z0-9_-]{43}$/m.exec(issued.stdout)?.[0] ?? '';
      expect(secret).not.toBe('');
      const id = /^ *(\d+) +王敏 +bank icbc +in force +李强 /m.exec(issued.stdout)?.[1] ?? '';
      expect(await statusWith(serving.url, secret)).toBe(200);

      await expect
        .poll(async () => JSON.parse((await token('list', '--json')).stdout).find((other: { name: string }) => other.name === '王敏'))
        .toMatchObject({
          id: Number(id),
          grant: { kind: 'BANK', source: 'icbc' },
          issuedBy: '李强',
          lastUsedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
          revoked: null,
          state: 'IN_FORCE',
        });
      const listed = await token('list');
      expect(listed.stdout).toMatch(/^No\. +Name +Viewer +State +Issued by +At +Expires +Last used +Revoked$/m);
      expect(listed.stdout + (await token('list', '--json')).stdout).not.toMatch(/phk_/);

      const revoked = await token('revoke', id);
      expect({ code: revoked.code, stderr: revoked.stderr }).toEqual({ code: 0, stderr: '' });
      expect(revoked.stdout).toMatch(new RegExp(`王敏 +bank icbc +revoked .* ${userInfo().username}, \\S+Z$`, 'm'));
      expect(await statusWith(serving.url, secret)).toBe(401);
      expect(await statusWith(serving.url)).toBe(200);
      const again = await token('revoke', id);
      expect(again).toMatchObject({
        code: exitCodes.refused.code,
        stdout: '',
        stderr: expect.stringMatching(/^parkhub: token: expected one that is not revoked/),
      });
    } finally {
      await serving.stop();
    }
  });

  test.each([
    [['--tenant', '91410771ma3xgwu758'], { kind: 'TENANT', uscc: '91410771MA3XGWU758' }],
    [['--investor', 'hongtu'], { kind: 'INVESTOR', source: 'hongtu', funds: 'all' }],
    [['--investor', 'hongtu', '--fund', 'HT-A', '--fund', 'HT-B'], { kind: 'INVESTOR', source: 'hongtu', funds: ['HT-A', 'HT-B'] }],
    [['--role', 'operator'], { kind: 'PARK', role: 'OPERATOR' }],
    [['--service', 'spdb'], { kind: 'SERVICE', source: 'spdb' }],
  ])('issues one by %j, for 90 days unless told', async (args, grant) => {
    const { code, stdout } = await run(['token', 'issue', demonstration, '--name', 'x', '--json', ...args], store);
    expect(code).toBe(0);
    const issued = JSON.parse(stdout) as { token: string; grant: object; issuedAt: string; expiresAt: string };
    expect(issued).toMatchObject({ token: expect.stringMatching(/^phk_/), grant });
    expect(Date.parse(issued.expiresAt) - Date.parse(issued.issuedAt)).toBe(90 * 86_400_000);
    expect(stdout).not.toContain('hash');
  });

  test.each([
    [['--bank', 'hongtu'], 'refused', /Expected the source of a bank, one of bocom, icbc, spdb, but got: hongtu\./],
    [['--investor', 'icbc'], 'refused', /Expected the source of an investor, one of hongtu, huakai, huayu, but got: icbc\./],
    [['--investor', 'huakai', '--fund', 'HK01', '--fund', 'HK1'], 'refused', /--fund: expected a fund of huakai, one of HK01, HK02, HK03, but got: HK1\./],
    [['--service', 'park'], 'refused', /Expected the source of a partner, one of .*, but got: park\./],
    [['--tenant', '91410771MA0000001P'], 'refused', /--tenant: expected the USCC of a tenant of the park, past or present/],
    [['--tenant', "x' OR 1=1"], 'refused', /--tenant: expected the USCC of a tenant/],
    [['--role', 'admin', '--name', ''], 'refused', /name: expected 1 to 80 printable characters, but got: none/],
    [[], 'wrongUse', /Expected one of --tenant, --investor, --bank, --role and --service, but got: none/],
    [['--bank', 'icbc', '--role', 'admin'], 'wrongUse', /but got: 2 of them/],
    [['--bank', 'icbc', '--fund', 'F1'], 'wrongUse', /Expected --fund beside --investor/],
    [['--role', 'god'], 'wrongUse', /Allowed choices are analyst, operator, admin/],
    [['--role', 'admin', '--expires', '367'], 'wrongUse', /Expected a whole number from 1 to 366, but got: 367/],
    [['--role', 'admin', '--expires', '0'], 'wrongUse', /Expected a whole number from 1 to 366, but got: 0/],
  ] as const)('refuses issue %j with one line, and makes none', async (args, exitCode, line) => {
    const finished = await run(['token', 'issue', demonstration, '--name', 'x', ...args], store);
    expect(finished.stderr).toMatch(line);
    expect(finished.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect({ code: finished.code, stdout: finished.stdout }).toEqual({ code: exitCodes[exitCode].code, stdout: '' });
  });

  test('refuses a fund that it cannot ask about, and says why', async () => {
    const away = { ...store, HUAYU_API_URL: 'http://127.0.0.1:9/api', HUAYU_API_TOKEN: 'x', PARKHUB_LOG_LEVEL: 'silent' };
    const { code, stdout, stderr } = await run(['token', 'issue', demonstration, '--name', 'x', '--investor', 'huayu', '--fund', 'HY-1'], away);
    expect({ code, stdout }).toEqual({ code: exitCodes.refused.code, stdout: '' });
    expect(stderr).toMatch(/^parkhub: --fund: expected codes that huayu knows, but its book cannot be asked: .* Ask again later\.$/m);
    // Of all of them there is nothing to ask.
    expect((await run(['token', 'issue', demonstration, '--name', 'x', '--investor', 'huayu'], away)).code).toBe(0);
  });

  test('refuses to revoke what there is not', async () => {
    const { token } = ownStore();
    expect(await token('revoke', '1')).toMatchObject({
      code: exitCodes.refused.code,
      stderr: expect.stringMatching(/^parkhub: token: expected the number of a token, but got: 1\./),
    });
    expect((await token('revoke', 'phk_x')).code).toBe(exitCodes.wrongUse.code);
    expect((await token('list')).stdout).toBe('There is no token.\n');
  });
});

describe('parkhub serve', () => {
  test('prints a token for each kind of viewer of a demonstration park, good for 12 hours', async () => {
    const { variables, token } = ownStore();
    const serving = await serve(demonstration, variables);
    await serving.printed(/Stop with Ctrl\+C/);
    const rows = [...serving.output().stdout.matchAll(/^(\S.*\S) +(phk_\S{43})$/gm)].map(([, viewer = '', secret = '']) => [viewer, secret] as const);
    expect(rows.map(([viewer]) => viewer)).toEqual([
      'tenant 91410771MA3XGWU758',
      'investor hongtu',
      'bank icbc',
      'park analyst',
      'park operator',
      'park admin',
      'service of icbc',
    ]);
    for (const [, secret] of rows) expect(await statusWith(serving.url, secret)).toBe(200);
    expect(await statusWith(serving.url)).toBe(200);
    // What is seen goes by the token: a bank's officer its own loans and some more, an investor those of companies that let it, the public none.
    const loansSeen = async (token?: string): Promise<number> => {
      const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
      const answer = await fetch(`${serving.url}/graphql`, { method: 'POST', headers, body: '{"query":"{ loans { totalCount } }"}' });
      return ((await answer.json()) as { data: { loans: { totalCount: number } } }).data.loans.totalCount;
    };
    const tokens = new Map(rows);
    const [ofBank, ofInvestor] = [await loansSeen(tokens.get('bank icbc')), await loansSeen(tokens.get('investor hongtu'))];
    expect(ofInvestor).toBeGreaterThan(0);
    expect(ofBank).toBeGreaterThan(ofInvestor);
    expect(await loansSeen()).toBe(0);
    await serving.stop();
    const listed = JSON.parse((await token('list', '--json')).stdout) as { expiresAt: string; issuedAt: string }[];
    expect(listed.map(({ expiresAt, issuedAt }) => Date.parse(expiresAt) - Date.parse(issuedAt))).toEqual(rows.map(() => 12 * 3_600_000));

    const hub = await openTestHub({ store: path.join(variables.PARKHUB_STORE) });
    try {
      const viewers = await Promise.all(rows.map(([, secret]) => hub.hub.authenticate(`Bearer ${secret}`)));
      expect(viewers.map((viewer) => (viewer.kind === 'PARK' ? viewer.role : viewer.kind))).toEqual([
        'TENANT',
        'INVESTOR',
        'BANK',
        'ANALYST',
        'OPERATOR',
        'ADMIN',
        'SERVICE',
      ]);
    } finally {
      await hub.close();
    }
  });

  test('makes no token for a park that is no demonstration, and none is there by default', async () => {
    const park = path.join(folder.path, 'real', 'xinxiang');
    fs.cpSync(demonstration, park, { recursive: true });
    const file = path.join(park, 'park.yml');
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(/^demonstration: true$/m, 'demonstration: false'));
    const variables = { PARKHUB_STORE: path.join(folder.path, 'real-store') };
    const serving = await serve(park, variables);
    try {
      await serving.printed(/Stop with Ctrl\+C/);
      expect(serving.output().stdout).not.toMatch(/phk_|token/i);
      for (const token of ['admin', 'phk_', `phk_${'0'.repeat(43)}`, `phk_${'A'.repeat(43)}`, 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.'])
        expect(await statusWith(serving.url, token)).toBe(401);
      expect((await run(['token', 'list', park], variables)).stdout).toBe('There is no token.\n');
    } finally {
      await serving.stop();
    }
  });
});
