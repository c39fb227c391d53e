import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openTestHub, type TestHub } from '../helpers/hub.js';
import { startTestServer, type TestServer } from '../server/testServer.js';
import { buildPlayground, hasChromium, launchBrowser, type Misdeeds, textOf, watch, withoutChromium, write } from './browser.js';
import { readyQueryFiles } from './readyQueryFiles.js';

/** The first tabs: one query as seen by five viewers. */
const SEEN_BY = ['AsPublic', 'AsTenant', 'AsInvestor', 'AsBank', 'AsPark'];

describe.runIf(hasChromium)('the playground in a browser', { timeout: 60_000 }, () => {
  let browser: Browser;
  let built: Awaited<ReturnType<typeof buildPlayground>>;
  let opened: TestHub;

  beforeAll(async () => {
    built = await buildPlayground();
    browser = await launchBrowser();
    opened = await openTestHub();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await opened?.close();
    await built?.remove();
  });

  /** Opens the playground as a new visitor, and waits until it knows the schema. */
  async function open(): Promise<{ page: Page; server: TestServer; misdeeds: Misdeeds }> {
    const server = await startTestServer(opened.hub, built.folder);
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, permissions: ['clipboard-read', 'clipboard-write'] });
    onTestFinished(() => page.close());
    const misdeeds = watch(page, server.url);
    await page.goto(`${server.url}/playground`);
    await page.locator('.graphiql-query-editor .view-lines').waitFor();
    return { page, server, misdeeds };
  }

  it('names the park and has the ready queries in its tabs', async () => {
    const { page } = await open();
    await page.locator('header.hub strong').getByText('新乡·创客小镇').waitFor();
    expect(await page.title()).toBe('新乡·创客小镇 · parkhub');
    const tabs = await page.locator('.graphiql-tab-button').allTextContents();
    expect(tabs.map((title) => title.trim())).toEqual([...SEEN_BY, ...readyQueryFiles().flatMap(({ operations }) => operations)]);
  });

  it('runs the query of a tab and shows the answer', async () => {
    const { page, misdeeds } = await open();
    await write(page, 'query Asked { park { name __typename } }');
    await page.locator('.graphiql-execute-button').click();
    await expect.poll(() => textOf(page.locator('.graphiql-response .view-lines'))).toContain('"name": "新乡·创客小镇", "__typename": "Park"');
    expect(misdeeds).toEqual({ complaints: [], strangers: [], failures: [] });
  });

  it('draws the plan of the last answer beside it, and keeps it out of the answer', async () => {
    const { page, misdeeds } = await open();
    await page.getByRole('button', { name: 'Show Plan 查询计划' }).click();
    await page.locator('.plan-empty').waitFor();
    await write(page, '{ tenants(where: { loans: { some: {} } }) { totalCount } nowhere: loans(where: { number: { eq: "none" } }) { nodes { id } } }');
    await page.locator('.graphiql-execute-button').click();
    await page.locator('.plan-asks li').first().waitFor();
    const asks = (await page.locator('.plan-asks .plan-what').allTextContents()).map((text) => text.trim());
    expect(asks.sort()).toEqual([
      ...['bocom Loan', 'bocom Loan totals', 'icbc Loan', 'icbc Loan totals'],
      ...['park Tenant totals', 'spdb Loan', 'spdb Loan totals'],
    ]);
    expect(await page.locator('.plan-asks .live .plan-came').first().textContent()).toMatch(/^[\d,]+ (rows?|groups?) · [\d.,]+ ms$/);
    expect(await page.locator('.plan-cost').textContent()).toMatch(/^Cost 查询成本 [\d,]+ of 1,000,000, objects 对象 [\d,]+ of 250,000$/);
    expect(await page.locator('.plan-crossings li').textContent()).toMatch(/^Tenant\.loans: the other book first, \d+ keys carried over/);
    const answer = await textOf(page.locator('.graphiql-response .view-lines'));
    expect(answer).toContain('"totalCount"');
    expect(answer).not.toContain('explain');
    expect(misdeeds).toEqual({ complaints: [], strangers: [], failures: [] });
  });

  it('shows the docs of the schema', async () => {
    const { page } = await open();
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.locator('.graphiql-doc-explorer').getByText('Query', { exact: true }).first().click();
    await page.locator('.graphiql-doc-explorer').getByText('tenants', { exact: true }).waitFor();
  });

  it('completes fields and marks wrong ones, from its workers', async () => {
    const { page, misdeeds } = await open();
    await write(page, '{ park { nam } }');
    const place = await page.locator('.graphiql-query-editor .squiggly-error').boundingBox();
    await page.mouse.move((place?.x ?? 0) + 5, (place?.y ?? 0) + 10, { steps: 3 });
    await page.getByText('Cannot query field "nam" on type "Park".').first().waitFor();
    await write(page, '{ park { oper');
    await page.keyboard.press('ControlOrMeta+Space');
    await page.locator('.suggest-widget .monaco-list-row', { hasText: 'operatedSince' }).waitFor();
    expect(page.workers().length).toBeGreaterThan(0);
    expect(misdeeds).toEqual({ complaints: [], strangers: [], failures: [] });
  });

  it('opens a ready query in a new tab from its menu, with its variables', async () => {
    const { page } = await open();
    const files = readyQueryFiles();
    const index = files.findIndex(({ variables }) => Object.keys(variables).length > 0);
    await page.locator('select.ready-queries').selectOption(String(SEEN_BY.length + index));
    const opened = SEEN_BY.length + files.length;
    await page.locator('.graphiql-tab').nth(opened).waitFor();
    const [variable] = Object.keys(files[index]?.variables ?? {});
    await page.locator('.graphiql-editor-tool .view-lines').getByText(`"${variable}"`).first().waitFor();
    await expect.poll(() => page.locator('.graphiql-tab-button').nth(opened).textContent()).toContain(files[index]?.operations[0]);
  });

  it('blocks what another page would have it load', async () => {
    const { page, misdeeds } = await open();
    await page.evaluate(`document.head.append(Object.assign(document.createElement('script'), { src: 'https://example.com/stranger.js' }))`);
    await expect.poll(() => misdeeds.complaints.join()).toContain('Content Security Policy');
  });
});

// A test of its own rather than a condition alone, so that the report says what to do.
if (!hasChromium) it.skip(`the playground in a browser: ${withoutChromium}`, () => {});
