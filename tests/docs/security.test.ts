/** docs/security.md says of each limit what the code says. */
import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { createEnvironment } from '../../src/config/environment.js';
import { DEFAULT_LIMITS } from '../../src/schema/limits.js';
import { root } from '../helpers/commandLine.js';

const page = fs.readFileSync(path.join(root, 'docs/security.md'), 'utf8');
const table = page.slice(page.indexOf('## Limits'), page.indexOf('## Who reaches the hub'));
/** What a limit is said to be: "`depth`: 20", "`timeBudget`: 30 s". */
const said = new Map(
  [...table.matchAll(/`(\w+)`: ([\d,]+)( s)?/g)].map(([, name, figure = '', seconds]) => [name, Number(figure.replaceAll(',', '')) * (seconds ? 1_000 : 1)]),
);

it.each(Object.entries(DEFAULT_LIMITS))('the page has the limit %s as %i', (name, bound) => {
  expect(said.get(name)).toBe(bound);
});

it('the page has the rates of a viewer', () => {
  const { rate, atOnce } = createEnvironment({}).settings;
  expect([said.get('PARKHUB_RATE'), said.get('PARKHUB_AT_ONCE')]).toEqual([rate, atOnce]);
});

it('the page has each of the 13 checks of the hardening lists, and each has its test', () => {
  const checks = page.slice(page.indexOf('## The public hardening lists'), page.indexOf('## Tried'));
  const rows = checks.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| check'));
  const tests = fs.readFileSync(path.join(root, 'tests/server/hardening.test.ts'), 'utf8');
  expect(rows).toHaveLength(13);
  for (let number = 1; number <= 13; number++) expect(tests).toMatch(new RegExp(`['"\`]${number}\\b`));
});
