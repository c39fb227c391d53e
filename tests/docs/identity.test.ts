/** docs/identity.md, done as it says: its blocks are written to a copy of the park, its commands are run, and what it prints is what comes. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NAME_SCORES } from '../../src/rules/companyName.js';
import { formatDecimal } from '../../src/values/decimal.js';
import { build, root, run, temporaryFolder } from '../helpers/commandLine.js';
import { demoPark, openTestHub } from '../helpers/hub.js';
import { blocksOf } from './markdown.js';

const page = fs.readFileSync(path.join(root, 'docs/identity.md'), 'utf8');
const blocks = blocksOf(page);
const textOf = (language: string, index: number): string => blocks.filter((block) => block.language === language)[index]?.text ?? '';

const folder = temporaryFolder();
const park = path.join(folder.path, 'xinxiang');
const store = path.join(folder.path, 'store');
beforeAll(() => {
  build();
  fs.cpSync(demoPark, park, { recursive: true });
  fs.mkdirSync(path.join(park, 'weihe'));
  fs.writeFileSync(path.join(park, 'weihe/loans_20211231.csv'), `${textOf('csv', 0)}\n`);
  fs.writeFileSync(path.join(park, 'weihe/source.yml'), `${textOf('yaml', 0)}\n`);
});
afterAll(() => folder.remove());

/** Instants differ, and nothing else. */
const withoutTimes = (text: string): string => text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, 'TIME').trimEnd();
const identity = async (...args: string[]) => {
  const [command = '', ...rest] = args;
  return run(['identity', command, park, ...rest], { PARKHUB_STORE: store });
};

describe('docs/identity.md', () => {
  it('prints what its commands print', async () => {
    const listed = (await identity('list')).stdout;
    expect(listed.trimEnd()).toBe(textOf('text', 0));
    const idOf = (name: string): string => new RegExp(`^(weihe\\.[0-9a-f]+) .*${name}`, 'm').exec(listed)?.[1] ?? '';
    const [, company = '', uscc = '', by = ''] = /identity accept \S+ (\S+) (\S+) --by (\S+)/.exec(page) ?? [];
    expect(company).toBe(idOf('博辉'));
    expect(withoutTimes((await identity('accept', company, uscc, '--by', by)).stdout)).toBe(withoutTimes(textOf('text', 1)));
    await identity('accept', idOf('博骥'), '914107710222258687', '--by', '王敏');
    await identity('reject', idOf('永样'), '91410771MA9KY6L90U', '--by', '王敏');
    const refused = await identity('accept', company, '914107710222258687', '--by', '李强');
    expect({ code: refused.code, text: withoutTimes(refused.stderr) }).toEqual({ code: 7, text: withoutTimes(textOf('text', 2)) });
    await identity('withdraw', '2', '--by', '李强');
    expect(withoutTimes((await identity('history')).stdout)).toBe(withoutTimes(textOf('text', 3)));

    const hub = await openTestHub({ parkFolder: park, variables: { PARKHUB_STORE: store } });
    try {
      expect({ data: await hub.ask(textOf('graphql', 0)) }).toEqual(JSON.parse(textOf('json', 0)));
    } finally {
      await hub.close();
    }
  }, 120_000);

  it('states the rule of the score', () => {
    const rows = [...page.matchAll(/^\| `(\w+)` \| ([\d.]+)/gm)].map(([, ground, worth]) => [ground, worth]);
    expect(rows).toEqual(Object.entries(NAME_SCORES).map(([ground, worth]) => [ground, formatDecimal(worth)]));
  });
});
