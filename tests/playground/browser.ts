import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Where Debian's package puts Chromium; PARKHUB_CHROMIUM names another. */
export const chromiumPath = process.env.PARKHUB_CHROMIUM ?? '/usr/bin/chromium';

/** Whether there is a browser to test with. */
export const hasChromium = existsSync(chromiumPath);

/** What to do where there is none. */
export const withoutChromium = `no browser at ${chromiumPath}: install it (Debian: apt-get install -y chromium) or name one in PARKHUB_CHROMIUM`;

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
