import fs from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operationOf } from '../../src/access/traceChain.js';
import { TraceFile } from '../../src/access/traceFile.js';
import { exitCodes } from '../../src/cli/exitCodes.js';
import { asViewer, build, run, serve, temporaryFolder } from '../helpers/commandLine.js';
import { registrationNumber, uscc, writeDrop, writeRegister } from '../helpers/identityPark.js';

beforeAll(build);

const folder = temporaryFolder();
afterAll(() => folder.remove());

let parks = 0;
let refusing: ReturnType<typeof park> | undefined;
let first: string | undefined;

/** A park of its own for a test, whose bank names companies without USCCs, with a store of its own. */
function park(lines?: Parameters<typeof writeDrop>[2]) {
  const home = path.join(folder.path, String(++parks));
  const at = path.join(home, 'park');
  fs.mkdirSync(at, { recursive: true });
  writeRegister(at);
  writeDrop(
    at,
    'bank',
    lines ?? [
      ['1', '新乡市百都医疗器械有限责任公司', registrationNumber(1), 10],
      ['2', '新乡市百都医疗器械有限责任公司', registrationNumber(1), 20],
      ['3', '新乡田园合作有限公司', '', 40],
    ],
  );
  const variables = { PARKHUB_STORE: path.join(home, 'store') };
  return {
    at,
    variables,
    identity: (...args: string[]) => run(['identity', args[0] as string, at, ...args.slice(1)], variables),
    companies: async (): Promise<{ id: string; name: string; candidates: { uscc: string; score: string }[] }[]> =>
      JSON.parse((await run(['identity', 'list', at, '--json'], variables)).stdout).companies,
  };
}

function post(url: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
}

describe('parkhub identity', () => {
  test('lists companies with their candidates, takes decisions, and keeps them on record', async () => {
    const { identity, companies, variables } = park();
    const listed = await identity('list');
    expect({ code: listed.code, stderr: listed.stderr }).toEqual({ code: 0, stderr: '' });
    expect(listed.stdout).toMatch(/^Company +Name +Registration number +Rows +Tenant +Score +Grounds +Its name$/m);
    expect(listed.stdout).toMatch(
      /^bank\.[0-9a-f]{16} +新乡市百都医疗器械有限责任公司 +410771000000018 +2 +91410771MA0000001P +0\.988888 +SAME_REGISTRATION_NUMBER SAME_NORMALISED_NAME +新乡市百都医疗器械有限公司$/m,
    );
    expect(listed.stdout).toMatch(
      /^bank\.[0-9a-f]{16} +新乡田园合作有限公司 +1 +91410771MA0000003X +0\.85 = +SAME_FORMER_NAME +新乡田园合作有限公司\n +91410771MA00000041 +0\.85 = /m,
    );

    const file = new TraceFile(
      path.join(variables.PARKHUB_STORE, fs.readdirSync(variables.PARKHUB_STORE).find((name) => name.endsWith('.trace.db')) ?? ''),
      'reading',
    );
    const [record] = file.recordsAfter(0, 10).map(({ content }) => operationOf(content));
    file.close();
    expect(record).toMatchObject({ viewer: { kind: 'SYSTEM', name: userInfo().username, via: 'cli' }, operation: 'parkhub identity list' });
    expect(record?.reads).toEqual([
      { source: 'bank', entity: 'OpenCompany', ask: 'ROWS', scopes: ['IDENTITY'], rows: 2, companies: new Map() },
      { source: 'park', entity: 'Tenant', ask: 'ROWS', scopes: ['IDENTITY'], rows: 3, companies: new Map([1, 3, 4].map((number) => [uscc(number), 1])) },
    ]);

    const [baidu, field] = await companies();
    const accepted = await identity('accept', baidu?.id ?? '', uscc(1), '--by', '王敏');
    expect({ code: accepted.code, stderr: accepted.stderr }).toEqual({ code: 0, stderr: '' });
    expect(accepted.stdout).toMatch(
      /^ +1 +bank +新乡市百都医疗器械有限责任公司 +410771000000018 +is +91410771MA0000001P +0\.988888 +王敏 +\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/m,
    );
    expect((await identity('reject', field?.id ?? '', uscc(4))).stdout).toMatch(new RegExp(`is not +91410771MA00000041 +0\\.85 +${userInfo().username} `));
    expect(await companies()).toEqual([
      expect.objectContaining({ id: field?.id, rejected: [uscc(4)], candidates: [expect.objectContaining({ uscc: uscc(3), tied: false })] }),
    ]);

    expect((await identity('withdraw', '1', '--by', '李强')).code).toBe(0);
    const history = (await identity('history')).stdout.trimEnd().split('\n');
    expect(history).toHaveLength(3);
    expect(history[1]).toMatch(/^ +2 .* is not /);
    expect(history[2]).toMatch(/^ +1 .* is +.* 王敏 +\S+Z +李强, \S+Z$/);
    expect((await companies()).map(({ id }) => id)).toEqual([baidu?.id, field?.id]);
    expect(JSON.parse((await identity('history', '--json', '--first', '1')).stdout)).toMatchObject([
      { id: 2, verdict: 'REJECTED', score: '0.85', withdrawn: null },
    ]);
  });

  test('is seen by a hub that serves, at once', async () => {
    const { at, variables, identity, companies } = park();
    const serving = await serve(at, variables);
    try {
      const bank = await asViewer(at, variables, '--bank', 'bank');
      const operator = await asViewer(at, variables, '--role', 'operator', '--name', '李强');
      // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
      const ask = async (query: string, viewer = bank): Promise<any> => ((await (await post(serving.url, { query }, viewer)).json()) as { data: unknown }).data;
      const joined = `{ tenant(uscc: "${uscc(1)}") { loans { nodes { number } } } }`;
      expect((await ask(joined)).tenant.loans.nodes).toEqual([]);
      expect((await identity('accept', (await companies())[0]?.id ?? '', uscc(1))).code).toBe(0);
      expect((await ask(joined)).tenant.loans.nodes).toEqual([{ number: '1' }, { number: '2' }]);
      const { withdrawAlias } = await ask('mutation { withdrawAlias(decision: "1", by: "王敏") { inForce withdrawnBy } }', operator);
      // Who did it is who asked, whatever the question says.
      expect(withdrawAlias).toEqual({ inForce: false, withdrawnBy: '李强 (token 2)' });
      expect((await identity('history')).stdout).toMatch(/ 李强 \(token 2\), /);
    } finally {
      await serving.stop();
    }
  }, 60_000);

  test('lets no mutation through a GET, which any page could have a browser send', async () => {
    const { at, variables } = park();
    const serving = await serve(at, variables);
    try {
      const query = encodeURIComponent('mutation { withdrawAlias(decision: "1", by: "x") { id } }');
      const answer = await fetch(`${serving.url}/graphql?query=${query}`, { headers: { 'apollo-require-preflight': 'true' } });
      expect(answer.status).toBe(405);
      const form = await fetch(`${serving.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'text/plain' },
        body: JSON.stringify({ query: 'mutation { withdrawAlias(decision: "1", by: "x") { id } }' }),
      });
      expect(form.status).toBeGreaterThanOrEqual(400);
    } finally {
      await serving.stop();
    }
  });

  test.each([
    [
      ['accept', 'bank.0123456789abcdef', uscc(1)],
      exitCodes.refused.code,
      /^parkhub: company: expected the id of a company that a source names without a USCC, but got: bank\.0123456789abcdef/,
    ],
    [['accept', 'FIRST', uscc(99)], exitCodes.refused.code, /^parkhub: uscc: expected that of a tenant of the park, past or present, but got: /],
    [['accept', 'FIRST', "x' OR 1=1"], exitCodes.refused.code, /^parkhub: uscc: expected that of a tenant/],
    [['accept', 'FIRST', uscc(1), '--by', ''], exitCodes.refused.code, /^parkhub: by: expected the name of the officer/],
    [['withdraw', '7'], exitCodes.refused.code, /^parkhub: decision: expected the number of a decision, but got: 7\./],
    [['withdraw', 'x'], exitCodes.wrongUse.code, /Expected a whole number from 1 to 999999, but got: x/],
    [['list', '--source', 'nobody'], exitCodes.refused.code, /^parkhub: sourceId: expected one of the sources park, bank, but got: nobody/],
    [['list', '--first', '0'], exitCodes.wrongUse.code, /Expected a whole number from 1 to 1000, but got: 0/],
  ])('refuses %j in one line', async (args, code, line) => {
    // Nothing of it is ever done: one park serves all.
    refusing ??= park();
    const { identity, companies } = refusing;
    if (args.includes('FIRST')) first ??= (await companies())[0]?.id;
    const answer = await identity(...args.map((arg) => (arg === 'FIRST' ? (first ?? '') : arg)));
    expect({ code: answer.code, stdout: answer.stdout }).toEqual({ code, stdout: '' });
    expect(answer.stderr).toMatch(line);
    expect(answer.stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test('writes out what is not seen of a name', async () => {
    const { identity } = park([
      ['1', '百都科技', '', 1],
      ['2', '百都\u200b科技', '', 1],
      ['3', '百都\u00a0科技', '', 1],
    ]);
    const { stdout } = await identity('list');
    expect(stdout).toContain('百都\\u{200b}科技');
    expect(stdout).toContain('百都\\u{a0}科技');
  });

  test('says so where there is nothing to say', async () => {
    const { identity } = park([]);
    expect((await identity('list')).stdout).toBe('Every company that a source names is identified.\n');
    expect((await identity('history')).stdout).toBe('Nobody has said anything yet.\n');
  });
});
