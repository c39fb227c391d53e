/** As whom the Playground asks, in a real browser: the demonstration's viewers, and what strangers may try. */
import { readFileSync } from 'node:fs';
import type { Browser, Page, Response } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { playgroundAddress } from '../../src/cli/demonstrationTokens.js';
import type { ServerSettings } from '../../src/server/http.js';
import { type Demonstration, startDemonstration } from '../helpers/demonstration.js';
import { startTestServer, type TestServer } from '../server/testServer.js';
import { buildPlayground, hasChromium, launchBrowser, type Misdeeds, textOf, watch, withoutChromium, write } from './browser.js';
import { readyQueryFiles } from './readyQueryFiles.js';

const FIRST_QUERY = readFileSync('docs/first-query.graphql', 'utf8').trim();
const TENANT = 'tenant 91410771MA3XGWU758';

/** The first tabs, whose token each is asked with, and what the page calls its viewer. */
const FIVE = [
  ['AsPublic', undefined, 'Anyone 公众'],
  ['AsTenant', TENANT, 'Tenant 企业 91410771MA3XGWU758'],
  ['AsInvestor', 'investor hongtu', 'Investor 投资机构 hongtu'],
  ['AsBank', 'bank icbc', 'Bank 银行 icbc'],
  ['AsPark', 'park operator', 'Park operator 园区运营'],
] as const;

describe.runIf(hasChromium)('the viewers of the playground', { timeout: 60_000 }, () => {
  let browser: Browser;
  let built: Awaited<ReturnType<typeof buildPlayground>>;
  let demonstration: Demonstration;

  beforeAll(async () => {
    built = await buildPlayground();
    browser = await launchBrowser();
    demonstration = await startDemonstration();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await demonstration?.close();
    await built?.remove();
  });

  interface Visit {
    readonly page: Page;
    readonly server: TestServer;
    readonly misdeeds: Misdeeds;
    /** Every address that the browser asked for. */
    readonly addresses: string[];
  }

  /** Opens the playground as a new visitor, with the viewers of `npm start` unless another fragment is told. */
  async function open(fragment?: string, settings: Partial<ServerSettings> = {}): Promise<Visit> {
    const server = await startTestServer(demonstration.hub, built.folder, { settings });
    const page = await browser.newPage({ viewport: { width: 1500, height: 940 }, permissions: ['clipboard-read', 'clipboard-write'] });
    onTestFinished(() => page.close());
    const misdeeds = watch(page, server.url);
    const addresses: string[] = [];
    page.on('request', (request) => addresses.push(request.url()));
    page.on('dialog', (dialog) => {
      misdeeds.complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.goto(fragment === undefined ? playgroundAddress(server.url, demonstration.tokens) : `${server.url}/playground${fragment}`);
    await page.locator('.graphiql-query-editor .view-lines').waitFor();
    return { page, server, misdeeds, addresses };
  }

  const picker = (page: Page) => page.locator('.viewer select');
  const titlesOf = async (page: Page): Promise<string[]> => picker(page).locator('option').allTextContents();
  const chosen = (page: Page): Promise<string> =>
    picker(page).evaluate((select) => (select as unknown as { selectedOptions: { text: string }[] }).selectedOptions[0]?.text ?? '');
  const tab = (page: Page, name: string) => page.locator('.graphiql-tab-button', { hasText: name }).first();
  const allViewers = (page: Page): Promise<void> => expect.poll(() => titlesOf(page)).toHaveLength(demonstration.tokens.length + 2);

  /** Opens a tab, asks what is in it, and gives what went over the network. */
  async function run(page: Page, name?: string): Promise<{ authorization: string | undefined; answer: Record<string, unknown> }> {
    if (name !== undefined) {
      await tab(page, name).click();
      await page.locator('.graphiql-query-editor .view-lines').getByText(name).first().waitFor();
    }
    const isAnswer = (response: Response): boolean =>
      response.url().endsWith('/graphql') && !/IntrospectionQuery|\{ viewer \{ kind uscc/.test(response.request().postData() ?? '');
    const coming = page.waitForResponse(isAnswer);
    await page.locator('.graphiql-execute-button').click();
    const response = await coming;
    return { authorization: response.request().headers().authorization, answer: (await response.json()) as Record<string, unknown> };
  }

  const bearer = (viewer: string | undefined): Record<string, string> =>
    viewer === undefined ? {} : { authorization: `Bearer ${demonstration.tokenOf(viewer)}` };

  it('are taken out of the address at once, and stay out of addresses, cookies and what the browser keeps for good', async () => {
    const { page, server, misdeeds, addresses } = await open();
    expect(page.url()).toBe(`${server.url}/playground/`);
    await allViewers(page);
    expect((await titlesOf(page)).slice(0, 4)).toEqual(FIVE.slice(0, 4).map(([, , title]) => title));
    await run(page, 'AsTenant');
    expect(await page.evaluate<string>('JSON.stringify(localStorage) + document.cookie + location.href')).not.toContain('phk_');
    expect(addresses.filter((address) => address.includes('phk_'))).toEqual([]);
    expect(JSON.stringify(server.logged)).not.toContain('phk_');
    // Back does not lead to an address that holds them.
    expect(await page.evaluate<number>('history.length')).toBeLessThanOrEqual(2);
    expect(misdeeds).toEqual({ complaints: [], strangers: [], failures: [] });
  });

  it('see the same query as the hub answers each of them', async () => {
    const { page, server, misdeeds } = await open();
    await allViewers(page);
    const answers: unknown[] = [];
    for (const [name, viewer, title] of FIVE) {
      const { authorization, answer } = await run(page, name);
      expect(authorization, name).toBe(bearer(viewer).authorization);
      expect(await chosen(page)).toBe(title);
      const { body } = await server.ask(FIRST_QUERY, {}, bearer(viewer));
      const { explain: _plan, ...extensions } = answer.extensions as Record<string, unknown>;
      expect({ data: answer.data, ...(Object.keys(extensions).length > 0 && { extensions }) }, name).toEqual(body);
      await page.locator('.seen b').getByText(title).waitFor();
      answers.push(body.data);
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(FIVE.length);
    const { tenant: asBank } = answers[3] as { tenant: { loans: { nodes: unknown[] }; investments: { nodes: unknown[] } } };
    expect([asBank.loans.nodes.length, asBank.investments.nodes.length]).toEqual([4, 0]);
    expect(misdeeds).toEqual({ complaints: [], strangers: [], failures: [] });
  });

  it('are told what is hidden from them, by field, reason and scope', async () => {
    const { page } = await open();
    await allViewers(page);
    await run(page, 'AsTenant');
    await page.locator('.seen').getByText('no field hidden').waitFor();
    await run(page, 'AsInvestor');
    const badges = page.locator('.seen summary .badge');
    await expect
      .poll(() => badges.allTextContents())
      .toEqual(['4 fields hidden: NOT_AUTHORISED, scope FINANCING', '3 books hidden: NOT_AUTHORISED, scope CREDIT']);
    await page.locator('.seen summary').click();
    const rows = (await page.locator('.hidden-fields tbody tr').allTextContents()).map((text) => text.replace(/\s+/g, ' '));
    expect(rows).toEqual([
      ...['huakai', 'huayu'].flatMap((source) => ['amount', 'stake'].map((field) => `${source}Investment.${field}NOT_AUTHORISED scope FINANCING`)),
      ...['bocom', 'icbc', 'spdb'].map((source) => `${source}LoanNOT_AUTHORISED scope CREDIT`),
    ]);
    // Each tab has its own.
    await tab(page, 'AsTenant').click();
    await page.locator('.seen').getByText('no field hidden').waitFor();
  });

  it('each get the full answer of the ready query that is meant for them, and the editor objects to none', async () => {
    const { page, misdeeds } = await open();
    await allViewers(page);
    for (const { file, operations, meant } of readyQueryFiles()) {
      const { authorization, answer } = await run(page, operations[0]);
      expect([authorization !== undefined, answer.errors], file).toEqual([meant !== 'PUBLIC', undefined]);
      await expect.poll(() => textOf(page.locator('.graphiql-response .view-lines')), { message: file, timeout: 10_000 }).toMatch(/^\{ "data": \{ "\w+": [{[]/);
      expect(await page.locator('.graphiql-query-editor .squiggly-error').count(), file).toBe(0);
      expect(await page.locator('.hint').count(), file).toBe(0);
    }
    expect(misdeeds).toEqual({ complaints: [], strangers: [], failures: [] });
  });

  it('are chosen for one tab, and kept for it when the page is loaded anew', async () => {
    const { page } = await open();
    await allViewers(page);
    await tab(page, 'AsTenant').click();
    await picker(page).selectOption({ label: 'Bank 银行 icbc' });
    expect((await run(page)).authorization).toBe(bearer('bank icbc').authorization);
    await tab(page, 'AsInvestor').click();
    await expect.poll(() => chosen(page)).toBe('Investor 投资机构 hongtu');
    await tab(page, 'AsTenant').click();
    await expect.poll(() => chosen(page)).toBe('Bank 银行 icbc');
    // GraphiQL writes its tabs down half a second later.
    await page.waitForTimeout(800);
    await page.reload();
    await allViewers(page);
    await tab(page, 'AsTenant').click();
    await expect.poll(() => chosen(page)).toBe('Bank 银行 icbc');
    // A new tab asks as the last one did.
    await page.getByRole('button', { name: 'New tab' }).click();
    await expect.poll(() => chosen(page)).toBe('Bank 银行 icbc');
  });

  it('may be somebody else by a header that is written by hand', async () => {
    const { page, server } = await open();
    await allViewers(page);
    await page
      .getByRole('tab', { name: 'Headers' })
      .or(page.getByRole('button', { name: 'Headers' }))
      .first()
      .click();
    await page.locator('.graphiql-editor-tool .monaco-editor').last().click();
    await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(JSON.stringify({ Authorization: bearer('park admin').authorization }))})`);
    await page.keyboard.press('ControlOrMeta+V');
    expect((await run(page)).authorization).toBe(bearer('park admin').authorization);
    await page.locator('.seen b').getByText('whom the headers name').waitFor();
    expect(server.logged.filter(({ level }) => Number(level) >= 40)).toEqual([]);
  });

  it('are anyone where the address carries none, and the page says how to be others; a pasted token makes one', async () => {
    const { page, misdeeds } = await open('');
    await page.locator('.hint').getByText('open the address that npm start printed').waitFor();
    expect(await titlesOf(page)).toEqual(['Anyone 公众', 'Paste a token… 粘贴令牌']);
    await tab(page, 'AsBank').click();
    await page.locator('.hint').getByText('This tab is meant for Bank 银行, and asks as anyone.').waitFor();
    const asked = await run(page);
    expect([asked.authorization, Object.keys(asked.answer)]).toEqual([undefined, ['data', 'extensions']]);

    await picker(page).selectOption('paste');
    await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(` ${demonstration.tokenOf('bank icbc')}\n`)})`);
    await page.locator('.viewer input').press('ControlOrMeta+V');
    await expect.poll(() => chosen(page)).toBe('Bank 银行 icbc');
    expect(await page.locator('.hint').count()).toBe(0);
    expect((await run(page)).authorization).toBe(bearer('bank icbc').authorization);
    expect(misdeeds).toEqual({ complaints: [], strangers: [], failures: [] });
  });

  it('takes the viewers of an address that is entered over its own', async () => {
    const { page, server } = await open('');
    await page.goto(`${server.url}/playground/#viewers=${demonstration.tokenOf('bank icbc')}`);
    await expect.poll(() => titlesOf(page)).toEqual(['Anyone 公众', 'Bank 银行 icbc', 'Paste a token… 粘贴令牌']);
    expect(page.url()).toBe(`${server.url}/playground/`);
  });

  it('are told in words that a token has been revoked or has expired', async () => {
    const { hub } = demonstration;
    const { token, issued } = await hub.tokens.issue({ name: 'short', grant: { kind: 'BANK', source: 'spdb' }, lifetime: 3_600_000, by: 'test' });
    const { page } = await open(`#viewers=${token}`);
    await expect.poll(() => titlesOf(page)).toHaveLength(3);
    await tab(page, 'AsBank').click();
    await expect.poll(() => chosen(page)).toBe('Bank 银行 spdb');
    await hub.tokens.revoke(issued.id, 'test');
    const { answer } = await run(page);
    expect(answer).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    await page.locator('.seen.refused').getByText('The hub does not accept the token of Bank 银行 spdb: it has expired or was revoked.').waitFor();
    await page.locator('.hint').getByText('1 token was not accepted').waitFor();
    // The page forgets it, and goes on as anyone.
    expect(await titlesOf(page)).toEqual(['Anyone 公众', 'Paste a token… 粘贴令牌']);
    expect(await page.evaluate<string>('JSON.stringify(sessionStorage)')).not.toContain('phk_');
    expect((await run(page)).answer.errors).toBeUndefined();
  });

  it('never see in their tab what was asked in another', async () => {
    const { page } = await open();
    await allViewers(page);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/graphql', async (route) => {
      await held;
      await route.continue().catch(() => undefined);
    });
    await tab(page, 'AsTenant').click();
    await page.locator('.graphiql-execute-button').click();
    await tab(page, 'AsPublic').click();
    release();
    await page.waitForTimeout(500);
    expect(await textOf(page.locator('.graphiql-response .view-lines'))).not.toContain('data');
    expect(await page.locator('.seen').count()).toBe(0);
    await page.unroute('**/graphql');
    expect((await run(page)).answer.data).toMatchObject({ tenant: { latestAnnualReport: null } });
  });

  it('of the park tell the editor the schema, where the hub tells it to them alone', async () => {
    const { page } = await open(undefined, { introspection: 'park' });
    await allViewers(page);
    await tab(page, 'AsPublic').click();
    await write(page, '{ park { nam } }');
    await page.locator('.graphiql-query-editor .squiggly-error').first().waitFor();
  });

  describe('whom a stranger makes up', () => {
    it.each([
      ['a script', '#viewers=<script>alert(1)</script>'],
      ['an image', '#viewers=<img src=x onerror=alert(1)>.phk_<svg/onload=alert(2)>'],
      ['an address', '#javascript:alert(1)'],
      ['what is no UTF-8', '#viewers=%E0%A4%A.%00.%ff'],
      ['another list', '#tokens=__proto__.constructor'],
      ['very much', `#viewers=${'x.'.repeat(50_000)}`],
    ])('by %s does nothing, and is gone from the address', async (_name, fragment) => {
      const { page, server, misdeeds } = await open(fragment);
      await page.locator('header.hub strong').getByText('新乡·创客小镇').waitFor();
      expect(page.url()).toBe(`${server.url}/playground/`);
      expect(await titlesOf(page)).toEqual(['Anyone 公众', 'Paste a token… 粘贴令牌']);
      expect(await page.evaluate<string>("sessionStorage.getItem('parkhub.tokens') ?? ''")).not.toMatch(/alert|x/);
      expect((await run(page)).authorization).toBeUndefined();
      expect(misdeeds).toEqual({ complaints: [], strangers: [], failures: [] });
    });

    it('by tokens that look right is nobody, and is told so', async () => {
      const { page, misdeeds } = await open(`#viewers=${[1, 2, 3].map((digit) => `phk_${String(digit).repeat(43)}`).join('.')}`);
      await page.locator('.hint').getByText('3 tokens were not accepted').waitFor();
      expect(await titlesOf(page)).toEqual(['Anyone 公众', 'Paste a token… 粘贴令牌']);
      expect((await run(page)).authorization).toBeUndefined();
      expect(misdeeds.strangers).toEqual([]);
    });

    it('by what another page has put into the store does nothing', async () => {
      const { page, misdeeds } = await open('');
      await page.evaluate(`sessionStorage.setItem('parkhub.tokens', '{"x": 1}'); sessionStorage.setItem('parkhub.tabs', '[["a"], 7, null, "x"]')`);
      await page.reload();
      await page.locator('.graphiql-query-editor .view-lines').waitFor();
      await page.evaluate(`sessionStorage.setItem('parkhub.tokens', '["a\\\\nb", 7, "${'y'.repeat(9_000)}"]'); sessionStorage.setItem('parkhub.tabs', '{')`);
      await page.reload();
      await page.locator('.graphiql-query-editor .view-lines').waitFor();
      expect(await titlesOf(page)).toEqual(['Anyone 公众', 'Paste a token… 粘贴令牌']);
      // What was being loaded when the page was left has failed.
      expect([misdeeds.complaints, misdeeds.strangers]).toEqual([[], []]);
    });

    it('by a text that is no token is not accepted when it is pasted', async () => {
      const { page, misdeeds } = await open('');
      await picker(page).selectOption('paste');
      await page.evaluate(`navigator.clipboard.writeText('<b>not\\r\\nX-Evil: 1</b>')`);
      await page.locator('.viewer input').press('ControlOrMeta+V');
      await page.locator('.viewer').getByText('not accepted').waitFor();
      expect(misdeeds).toEqual({ complaints: [], strangers: [], failures: [] });
      await page.keyboard.press('Escape');
      await write(page, 'query Mine { viewer { kind } }');
      expect((await run(page)).answer.data).toEqual({ viewer: { kind: 'PUBLIC' } });
    });
  });
});

// A test of its own rather than a condition alone, so that the report says what to do.
if (!hasChromium) it.skip(`the viewers of the playground: ${withoutChromium}`, () => {});
