/** docs/exports.md, done as it says: its document is exported, and what it prints is what comes. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/schema/limits.js';
import { asViewer, build, root, run, type Serving, serve, temporaryFolder } from '../helpers/commandLine.js';
import { demoPark } from '../helpers/hub.js';
import { blocksOf } from './markdown.js';

const page = fs.readFileSync(path.join(root, 'docs/exports.md'), 'utf8');
const blocks = blocksOf(page);
const textOf = (language: string, index = 0): string => blocks.filter((block) => block.language === language)[index]?.text ?? '';

const folder = temporaryFolder();
const store = { PARKHUB_STORE: path.join(folder.path, 'store') };
let serving: Serving;
let token: string;
beforeAll(async () => {
  build();
  fs.writeFileSync(path.join(folder.path, 'loans.graphql'), textOf('graphql'));
  serving = await serve(demoPark, store);
  token = (await asViewer(demoPark, store, '--bank', 'bocom')).authorization.replace('Bearer ', '');
});
afterAll(async () => {
  await serving?.stop();
  folder.remove();
});

const exported = (...args: string[]) => run(['export', '--query', 'loans.graphql', '--url', serving.url, ...args], { PARKHUB_TOKEN: token }, folder.path);

describe('docs/exports.md', () => {
  it('prints what its command prints, and the file that it leaves', async () => {
    const { code, stderr } = await exported('--out', 'loans.csv');
    expect(code).toBe(0);
    expect(textOf('text').trim()).toBe(`$ parkhub export --query loans.graphql --out loans.csv\n${stderr.trim()}`);
    expect(fs.readFileSync(path.join(folder.path, 'loans.csv'), 'utf8').replace('\uFEFF', '').replaceAll('\r\n', '\n').trim()).toBe(textOf('csv').trim());
  });

  it('prints the same as JSON Lines', async () => {
    expect((await exported('--format', 'jsonl')).stdout.trim()).toBe(textOf('json').trim());
  });

  it('has a request that works', async () => {
    const [, body = ''] = /-d '(.*?)'/.exec(textOf('text', 1)) ?? [];
    const headers = Object.fromEntries(
      [...textOf('text', 1).matchAll(/-H ['"](.*?): (.*?)['"]/g)].map(([, name = '', value = '']) => [name, value.replace('$PARKHUB_TOKEN', token)]),
    );
    const response = await fetch(`${serving.url}/export`, { method: 'POST', headers, body });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8; header=present']);
    expect((await response.text()).split('\r\n')[0]).toBe('number,balance,extensions.hidden');
  });

  it('names the bound that there is', () => {
    expect(page).toContain(`At most ${DEFAULT_LIMITS.exportRows.toLocaleString('en')} rows`);
  });
});
