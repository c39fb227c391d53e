import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';

/** Where Debian's package puts Chromium; PARKHUB_CHROMIUM names another. */
export const chromiumPath = process.env.PARKHUB_CHROMIUM ?? '/usr/bin/chromium';

/** Whether there is a browser to test with. */
export const hasChromium = existsSync(chromiumPath);

/** What to do where there is none. */
export const withoutChromium = `no browser at ${chromiumPath}: install it (Debian: apt-get install -y chromium) or name one in PARKHUB_CHROMIUM`;

/**
 * Builds the playground into a folder of its own: the tests are of the sources as they are, not of what was built last. In a
 * process of its own, for under vitest's NODE_ENV React would be built for development.
 */
export async function buildPlayground(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'parkhub-playground-'));
  await promisify(execFile)(process.execPath, ['node_modules/vite/bin/vite.js', 'build', 'web/playground', '--outDir', folder, '--emptyOutDir'], {
    env: { ...process.env, NODE_ENV: 'production' },
  });
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Puts a text in place of the open tab's query. */
export async function write(page: Page, text: string): Promise<void> {
  await page.locator('.graphiql-query-editor .monaco-editor').first().click();
  await page.keyboard.press('ControlOrMeta+A');
  // Pasted: what is typed gets closing brackets of the editor's own.
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  await page.keyboard.press('ControlOrMeta+V');
}

/** The text of an editor; Monaco breaks it into spans and writes hard spaces. */
export async function textOf(editor: Locator): Promise<string> {
  return ((await editor.textContent()) ?? '').replace(/\s+/g, ' ');
}

/** Starts a browser that asks nobody for anything by itself. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--headless',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** What a page did that it should not. */
export interface Misdeeds {
  /** Errors and warnings of the console, and exceptions that nobody caught. */
  readonly complaints: string[];
  /** Addresses outside the origin that were asked for. */
  readonly strangers: string[];
  /** Requests that failed or were answered with an error. */
  readonly failures: string[];
}

/** Watches a page from before its first request. */
export function watch(page: Page, origin: string): Misdeeds {
  const misdeeds: Misdeeds = { complaints: [], strangers: [], failures: [] };
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') misdeeds.complaints.push(message.text());
  });
  page.on('pageerror', (error) => misdeeds.complaints.push(String(error)));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith('data:')) misdeeds.strangers.push(url);
  });
  page.on('requestfailed', (request) => misdeeds.failures.push(`${request.url()}: ${request.failure()?.errorText}`));
  page.on('response', (response) => {
    if (response.status() >= 400) misdeeds.failures.push(`${response.url()}: ${response.status()}`);
  });
  return misdeeds;
}
