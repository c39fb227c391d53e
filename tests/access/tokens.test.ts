import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Grant } from '../../src/access/grant.js';
import { UnauthenticatedError } from '../../src/access/refusal.js';
import { HubTokens } from '../../src/access/tokens.js';
import { temporaryFolder } from '../sources/sqlPartner.js';
import { opened } from '../store/storeFile.js';

const bank: Grant = { kind: 'BANK', source: 'icbc' };
const DAY = 86_400_000;

/** The tokens of a store as one process sees them, with a clock that the test turns. */
async function tokensIn(file?: string) {
  const store = await opened(file);
  const clock = { now: new Date('2026-11-25T08:00:00Z') };
  const problems: unknown[] = [];
  const tokens = new HubTokens(
    { ...store, exclusively: (work) => work() },
    () => clock.now,
    (error) => problems.push(error),
  );
  const issue = (order: Partial<Parameters<HubTokens['issue']>[0]> = {}) => tokens.issue({ name: '王敏', grant: bank, lifetime: DAY, by: '李强', ...order });
  const pass = (milliseconds: number): void => {
    clock.now = new Date(clock.now.getTime() + milliseconds);
  };
  return { store, tokens, issue, pass, problems };
}

const refused = async (work: Promise<unknown>): Promise<UnauthenticatedError> => {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UnauthenticatedError);
  return error as UnauthenticatedError;
};

describe('a hub token', () => {
  it('is 256 random bits behind phk_, and is of whom it was made for', async () => {
    const { tokens, issue } = await tokensIn();
    const { token, issued } = await issue();
    expect(token).toMatch(/^phk_[A-Za-z0-9_-]{43}$/);
    expect(Buffer.from(token.slice(4), 'base64url')).toHaveLength(32);
    expect((await issue()).token).not.toBe(token);
    expect(await tokens.check(token)).toEqual({ kind: 'BANK', source: 'icbc', name: '王敏 (token 1)', via: 'token' });
    expect(issued).toEqual({
      id: 1,
      name: '王敏',
      grant: bank,
      issuedBy: '李强',
      issuedAt: '2026-11-25T08:00:00.000Z',
      expiresAt: '2026-11-26T08:00:00.000Z',
      lastUsedAt: null,
      revoked: null,
      state: 'IN_FORCE',
    });
  });

  it.each<Grant>([
    { kind: 'TENANT', uscc: '91410771MA3XGWU758' },
    { kind: 'INVESTOR', source: 'hongtu', funds: 'all' },
    { kind: 'INVESTOR', source: 'hongtu', funds: ['F1', 'F2'] },
    { kind: 'PARK', role: 'ANALYST' },
    { kind: 'PARK', role: 'ADMIN' },
    { kind: 'SERVICE', source: 'spdb' },
  ])('is of a viewer %j', async (grant) => {
    const { tokens, issue } = await tokensIn();
    expect(await tokens.check((await issue({ grant })).token)).toEqual({ ...grant, name: '王敏 (token 1)', via: 'token' });
  });

  it('is nowhere in the store: only its SHA-256 is', async () => {
    const { store, tokens, issue } = await tokensIn();
    const { token } = await issue();
    await tokens.check(token);
    await tokens.settle();
    const folder = dirname(store.file);
    const bytes = Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));
    expect(bytes.includes(createHash('sha256').update(token).digest('hex'))).toBe(true);
    expect(bytes.includes(token)).toBe(false);
    expect(bytes.includes(token.slice(4))).toBe(false);
    expect(bytes.includes(Buffer.from(token.slice(4), 'base64url'))).toBe(false);
    expect(JSON.stringify(await tokens.list())).not.toContain(createHash('sha256').update(token).digest('hex'));
  });

  it('is good until the instant at which it expires', async () => {
    const { tokens, issue, pass } = await tokensIn();
    const { token } = await issue({ lifetime: 12 * 3_600_000 });
    pass(12 * 3_600_000 - 1);
    await tokens.check(token);
    pass(1);
    expect((await refused(tokens.check(token))).reason).toBe('hub token 1 expired at 2026-11-25T20:00:00.000Z');
    expect(await tokens.list()).toMatchObject([{ state: 'EXPIRED' }]);
  });

  it('that is revoked by one process is refused at the next request of every other', async () => {
    const file = join(temporaryFolder(), 'store.db');
    const [first, second] = [await tokensIn(file), await tokensIn(file)];
    const { token, issued } = await first.issue();
    const other = await first.issue();
    await first.tokens.check(token);
    await second.tokens.check(token);
    const revoked = await second.tokens.revoke(issued.id, '赵磊');
    expect(revoked).toMatchObject({ state: 'REVOKED', revoked: { by: '赵磊', at: '2026-11-25T08:00:00.000Z' } });
    for (const { tokens } of [first, second]) {
      expect((await refused(tokens.check(token))).reason).toMatch(/was revoked/);
      await tokens.check(other.token);
      expect(await tokens.list()).toMatchObject([{ state: 'IN_FORCE' }, { state: 'REVOKED' }]);
    }
  });

  it('is revoked once, and only where there is one', async () => {
    const { tokens, issue } = await tokensIn();
    await issue();
    await tokens.revoke(1, '赵磊');
    await expect(tokens.revoke(1, '钱进')).rejects.toMatchObject({ code: 'ALREADY_REVOKED', message: expect.stringContaining('赵磊') });
    await expect(tokens.revoke(2, '钱进')).rejects.toMatchObject({ code: 'UNKNOWN_TOKEN' });
    expect(await tokens.list()).toMatchObject([{ revoked: { by: '赵磊' } }]);
  });

  it('shows when it was last used, written at most once a minute', async () => {
    const { store, tokens, issue, pass } = await tokensIn();
    const { token } = await issue();
    const used = async (): Promise<string | null | undefined> => {
      await tokens.check(token);
      await tokens.settle();
      return (await tokens.list())[0]?.lastUsedAt;
    };
    let writes = 0;
    await store.writer.query('CREATE TABLE seen (x)');
    await store.writer.query('CREATE TRIGGER seeing AFTER UPDATE ON hub_token BEGIN INSERT INTO seen VALUES (1); END');
    const written = async (): Promise<number> => {
      const before = writes;
      writes = ((await store.reader.query('SELECT COUNT(*) AS n FROM seen')) as { n: number }[])[0]?.n ?? 0;
      return writes - before;
    };
    expect(await used()).toBe('2026-11-25T08:00:00.000Z');
    pass(59_999);
    expect(await used()).toBe('2026-11-25T08:00:00.000Z');
    await Promise.all(Array.from({ length: 20 }, () => tokens.check(token)));
    expect(await written()).toBe(1);
    pass(1);
    await Promise.all(Array.from({ length: 20 }, () => tokens.check(token)));
    expect(await used()).toBe('2026-11-25T08:01:00.000Z');
    expect(await written()).toBe(1);
  });

  it('counts a refused use for nothing', async () => {
    const { tokens, issue } = await tokensIn();
    const { token } = await issue();
    await tokens.revoke(1, '赵磊');
    await refused(tokens.check(token));
    await tokens.settle();
    expect((await tokens.list())[0]?.lastUsedAt).toBeNull();
  });

  it('is checked while another process keeps the store from being written; its use is noted after that', async () => {
    const { store, tokens, issue } = await tokensIn();
    const { token } = await issue();
    const other = await store.connect();
    await other.query('BEGIN IMMEDIATE');
    await tokens.check(token);
    expect((await tokens.list())[0]?.lastUsedAt).toBeNull();
    await other.query('COMMIT');
    await other.destroy();
    await tokens.settle();
    expect((await tokens.list())[0]?.lastUsedAt).toBe('2026-11-25T08:00:00.000Z');
  });

  it('is good though its use cannot be noted', async () => {
    const { store, tokens, issue, problems } = await tokensIn();
    const { token } = await issue();
    await store.writer.query("CREATE TRIGGER refusing BEFORE UPDATE ON hub_token BEGIN SELECT RAISE(ABORT, 'no'); END");
    expect(await tokens.check(token)).toMatchObject({ kind: 'BANK' });
    await tokens.settle();
    expect(problems).toHaveLength(1);
  });
});

describe('what no token is', () => {
  it('is refused whatever text it is', async () => {
    const { tokens, issue } = await tokensIn();
    const { token } = await issue();
    const near = fc
      .tuple(fc.integer({ min: 0, max: token.length - 1 }), fc.constantFrom(...'ABCxyz019_-= \n\0é'))
      .map(([at, character]) => token.slice(0, at) + character + token.slice(at + 1));
    const texts = fc.oneof(
      fc.string(),
      near,
      fc.constantFrom(`${token} `, `${token}=`, token.slice(0, -1), token.toUpperCase(), `phk_${token}`, '', 'phk_', "phk_' OR 1=1 --"),
    );
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        fc.pre(text !== token);
        await refused(tokens.check(text));
      }),
      { numRuns: 500 },
    );
  });

  it('has no second way of being written: the last character carries four bits only', async () => {
    const { tokens, issue } = await tokensIn();
    const { token } = await issue();
    const same = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']
      .map((last) => token.slice(0, -1) + last)
      .filter((text) => text !== token && Buffer.from(text.slice(4), 'base64url').equals(Buffer.from(token.slice(4), 'base64url')));
    expect(same).toHaveLength(3);
    for (const text of same) await refused(tokens.check(text));
  });

  it.each([
    ['a viewer that there is not', '{"kind":"GOD"}'],
    ['a viewer that only tests have', '{"kind":"SYSTEM"}'],
    ['the public', '{"kind":"PUBLIC"}'],
    ['a bank whose source is the register', '{"kind":"BANK","source":"park"}'],
    ['more than a viewer', '{"kind":"PARK","role":"ADMIN","name":"x"}'],
    ['no JSON', '{'],
    ['nothing', 'null'],
  ])('is a row of the store with %s', async (_what, viewer) => {
    const { store, tokens, issue } = await tokensIn();
    const { token } = await issue();
    await store.writer.query('UPDATE hub_token SET viewer = ?', [viewer]);
    expect((await refused(tokens.check(token))).reason).toMatch(/no viewer that this version knows/);
    expect(await tokens.list()).toMatchObject([{ grant: null }]);
  });

  it('is one whose expiry cannot be read', async () => {
    const { store, tokens, issue } = await tokensIn();
    const { token } = await issue();
    await store.writer.query("UPDATE hub_token SET expires_at = 'never'");
    await refused(tokens.check(token));
  });
});

describe('issuing', () => {
  it.each([
    ['a name that is empty', { name: ' ' }],
    ['a name with a line break', { name: 'a\nb' }],
    ['a name that turns the writing round', { name: 'a\u202eb' }],
    ['a long name', { name: 'x'.repeat(81) }],
    ['no time', { lifetime: 0 }],
    ['time that runs backwards', { lifetime: -1 }],
    ['no number', { lifetime: Number.NaN }],
    ['more than 366 days', { lifetime: 366 * DAY + 1 }],
    ['a bank whose source is the register', { grant: { kind: 'BANK', source: 'park' } as const }],
    ['a USCC that is none', { grant: { kind: 'TENANT', uscc: 'x' } as const }],
    ['a viewer that only tests have', { grant: { kind: 'SYSTEM' } as never }],
  ])('refuses %s', async (_what, order) => {
    const { tokens, issue } = await tokensIn();
    await expect(issue(order)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await tokens.list()).toEqual([]);
  });

  it('takes 366 days, and a name of eighty characters beyond the first plane', async () => {
    const { issue } = await tokensIn();
    const { issued } = await issue({ lifetime: 366 * DAY, name: '𠮷'.repeat(80) });
    expect(issued).toMatchObject({ expiresAt: '2027-11-26T08:00:00.000Z', name: '𠮷'.repeat(80) });
  });

  it('of one issuer drops what has expired of its own, and gives no number twice', async () => {
    const { tokens, issue, pass } = await tokensIn();
    await issue({ by: 'demo' });
    await issue();
    pass(DAY);
    const kept = await issue({ by: 'demo' });
    await tokens.forgetExpired('demo');
    expect((await tokens.list()).map(({ id }) => id)).toEqual([3, 2]);
    await tokens.check(kept.token);
    pass(DAY);
    await tokens.forgetExpired('demo');
    expect((await issue()).issued.id).toBe(4);
  });
});
