/** docs/access.md names every entity of the table, each once. */
import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { rules } from '../../src/access/rules.js';
import { root } from '../helpers/commandLine.js';

it('the page has every entity of the rules in its table, once', () => {
  const page = fs.readFileSync(path.join(root, 'docs/access.md'), 'utf8');
  const table = page.slice(page.indexOf('## The table'), page.indexOf('A row that is seen'));
  const named = table
    .split('\n')
    .slice(4)
    .flatMap((line) => (line.split('|')[1] ?? '').split(',').map((name) => name.trim()))
    .filter((name) => name !== '');
  expect(named.sort()).toEqual(Object.keys(rules).sort());
});
