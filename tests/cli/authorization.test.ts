import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ReadTrace } from '../../src/access/trace.js';
import { exitCodes } from '../../src/cli/exitCodes.js';
import { operation } from '../access/traceFile.js';
import { build, run, temporaryFolder } from '../helpers/commandLine.js';
import { uscc, writeDrop, writeRegister } from '../helpers/identityPark.js';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const at = path.join(folder.path, 'park');
const store = path.join(folder.path, 'store');
const paper = path.join(folder.path, 'consent.pdf');
const HASH = createHash('sha256').update('signed').digest('hex');
beforeAll(() => {
  build();
  fs.mkdirSync(at, { recursive: true });
  writeRegister(at);
  writeDrop(at, 'bank', []);
  fs.writeFileSync(paper, 'signed');
});

const authorization = (command: string, ...args: string[]) => run(['authorization', command, at, ...args], { PARKHUB_STORE: store });
const terms = ['--scopes', 'credit,OPERATING', '--purpose', 'BEFORE_LENDING', '--from', '2022-01-10', '--to', '2999-07-09'];

describe('parkhub authorization', () => {
  test('records what was signed on paper, lists it, and records that it is taken back', async () => {
    const granted = await authorization('grant', uscc(1), 'bank', ...terms, '--document', paper, '--by', '王敏', '--json');
    expect({ code: granted.code, stderr: granted.stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(granted.stdout)).toMatchObject({
      id: 1,
      tenantUscc: uscc(1),
      grantee: 'bank',
      scopes: ['OPERATING', 'CREDIT'],
      state: 'AUTHORISED',
      documentHash: HASH,
      requested: null,
      granted: { by: '王敏', kind: 'PAPER' },
      revoked: null,
    });
    const listed = await authorization('list', '--state', 'AUTHORISED', '--tenant', uscc(1));
    expect(listed.stdout).toMatch(
      new RegExp(
        `^ +1 +${uscc(1)} +bank +AUTHORISED +OPERATING CREDIT +BEFORE_LENDING +2022-01-10 to 2999-07-09 +${HASH.slice(0, 12)} +王敏 \\(on paper\\), `,
        'm',
      ),
    );
    const revoked = await authorization('revoke', '1', '--by', '李强', '--json');
    expect(JSON.parse(revoked.stdout)).toMatchObject({ state: 'REVOKED', revoked: { by: '李强', kind: 'PAPER' } });
    expect((await authorization('list', '--state', 'AUTHORISED')).stdout).toBe('There is no authorization.\n');
    expect((await authorization('revoke', '1')).code).toBe(exitCodes.refused.code);
  });

  test.each<[readonly string[], number, RegExp]>([
    [['grant', uscc(99), 'bank', ...terms, '--document', HASH], exitCodes.refused.code, /^parkhub: tenantUscc: expected that of a tenant of the park/],
    [
      ['grant', uscc(1), 'nobody', ...terms, '--document', HASH],
      exitCodes.refused.code,
      /^parkhub: grantee: expected one of the sources park, bank, but got: nobody/,
    ],
    [['grant', uscc(1), 'bank', '--document', HASH], exitCodes.refused.code, /^parkhub: scopes: expected one/],
    [['grant', 'x', 'bank', ...terms, '--document', HASH], exitCodes.wrongUse.code, /^parkhub: tenant: expected a USCC/],
    [['grant', uscc(1), 'bank', ...terms, '--document', '/nonexistent'], exitCodes.wrongUse.code, /^parkhub: --document: expected a file that can be read/],
    [
      ['grant', uscc(1), 'bank', ...terms, '--purpose', 'FUN', '--document', HASH],
      exitCodes.wrongUse.code,
      /^parkhub: --purpose: expected one of BEFORE_LENDING/,
    ],
    [
      ['grant', '--ask', '99', '--document', HASH],
      exitCodes.refused.code,
      /^parkhub: authorization: expected one that you may ask for, grant or revoke, but found none/,
    ],
    [['revoke', '99'], exitCodes.refused.code, /^parkhub: authorization: expected one that you may/],
    [['list', '--state', 'x'], exitCodes.wrongUse.code, /^parkhub: --state: expected one of AWAITING/],
  ])('refuses %j in one line', async ([command, ...args], code, line) => {
    const answer = await authorization(command as string, ...args);
    expect({ code: answer.code, stdout: answer.stdout }).toEqual({ code, stdout: '' });
    expect(answer.stderr).toMatch(line);
    expect(answer.stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('parkhub audit verify', () => {
  const verify = (...args: string[]) => run(['audit', 'verify', at, ...args], { PARKHUB_STORE: store });

  test('says that the chain is whole, prints its head, and finds what was changed or cut off', async () => {
    expect(await verify()).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Nothing that is not public has been read yet\.\nHead: 0:[0-9a-f]{64}\n$/),
    });
    const file = path.join(store, 'identity.trace.db');
    const trace = new ReadTrace(file, 'identity');
    for (const name of ['a', 'b', 'c']) await trace.write(operation(name));
    await trace.close();
    const whole = await verify();
    expect(whole).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^3 records; the chain is whole\.\nHead: 3:[0-9a-f]{64}\n$/) });
    const head = /Head: (\S+)/.exec(whole.stdout)?.[1] as string;
    expect((await verify('--head', head)).code).toBe(0);
    expect((await verify('--head', '3')).code).toBe(exitCodes.wrongUse.code);

    const database = new Database(file);
    database.exec('DROP TRIGGER read_trace_no_delete; DELETE FROM read_trace WHERE seq = 3');
    database.close();
    const cut = await verify();
    expect({ code: cut.code, stderr: cut.stderr }).toEqual({
      code: exitCodes.traceBroken.code,
      stderr: 'parkhub: Expected the trace as it was written, but the end is missing: there were 3 records, and there are 2.\n',
    });
    fs.rmSync(`${file}-head`);
    expect((await verify('--head', head)).stderr).toContain('the end is missing: there were 3 records, and there are 2');
    expect(JSON.parse((await verify('--json')).stdout)).toMatchObject({ whole: false, records: 2 });
  });
});
