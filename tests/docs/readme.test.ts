/** What the documents say is true: the first query and its answer, the commands, the links. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { demonstrationTokenTable, playgroundAddress } from '../../src/cli/demonstrationTokens.js';
import { exitCodes } from '../../src/cli/exitCodes.js';
import { firstQuery } from '../../src/cli/firstQuery.js';
import { setAsideLines, shortSourceTable } from '../../src/cli/sourceReport.js';
import type { Terminal } from '../../src/cli/terminal.js';
import { root } from '../helpers/commandLine.js';
import { startDemonstration } from '../helpers/demonstration.js';
import { openTestHub, type TestHub } from '../helpers/hub.js';
import { tenant } from '../helpers/viewers.js';
import { startTestServer } from '../server/testServer.js';
import { anchorsOf, blocksOf, codeSpansOf, linksOf, markdownFiles } from './markdown.js';

const read = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');
const query = read('docs/first-query.graphql').trim();
const answer = read('docs/first-query.json').trim();
const plainTerminal: Terminal = {
  print: () => undefined,
  note: () => undefined,
  style: (_style, text) => text,
  progress: (_text, work) => work(() => undefined),
};

describe('the first query', () => {
  let hub: TestHub;
  beforeAll(async () => {
    // The clock stands: what is kept for a while does not grow old between two asks.
    hub = await openTestHub({ clock: () => new Date('2026-11-23T00:00:00Z'), viewer: tenant('91410771MA3XGWU758') });
  });
  afterAll(() => hub?.close());

  it('is answered by the hub as docs/first-query.json says', async () => {
    expect({ data: await hub.ask(query) }).toEqual(JSON.parse(answer));
  });

  it('crosses the register and all six books', async () => {
    hub.statements.length = 0;
    await hub.ask(query);
    expect([...new Set(hub.statements.map(({ source }) => source))].sort()).toEqual(['bocom', 'hongtu', 'huakai', 'huayu', 'icbc', 'park', 'spdb']);
  });

  it('costs one statement or request for each link and source: four at the register, one at each partner', async () => {
    expect(await hub.counts(query)).toEqual({ bocom: 1, hongtu: 1, huakai: 1, huayu: 1, icbc: 1, park: 4, spdb: 1 });
    const asked = hub.statements.map(({ source, entity }) => `${source} ${entity}`);
    expect(new Set(asked).size).toBe(asked.length);
  });

  it('costs a hub that was just opened one survey more at each database that it reads live: the columns of its two tables, and its rows', async () => {
    const fresh = await openTestHub({ clock: () => new Date('2026-11-23T00:00:00Z'), viewer: tenant('91410771MA3XGWU758') });
    try {
      await fresh.ask(query);
      const asked = fresh.statements.map(({ source }) => source).sort();
      expect(asked).toEqual([
        ...['bocom', 'hongtu', 'huakai', 'huakai', 'huakai', 'huakai', 'huayu', 'icbc', 'icbc', 'icbc', 'icbc'],
        ...['park', 'park', 'park', 'park', 'spdb'],
      ]);
    } finally {
      await fresh.close();
    }
  });

  it('is the one that `parkhub serve` prints', () => {
    expect(firstQuery.trim()).toBe(query);
  });

  it.each(['README.md', 'README.zh-CN.md'])('is printed by %s, with its answer, letter by letter', (file) => {
    const blocks = blocksOf(read(file));
    expect(blocks.filter(({ language }) => language === 'graphql').map(({ text }) => text)).toContain(query);
    expect(blocks.filter(({ language }) => language === 'json').map(({ text }) => text)).toContain(answer);
  });

  it.each(['README.md', 'README.zh-CN.md'])('stands in %s below what `npm start` says of the sources', async (file) => {
    const printed = blocksOf(read(file)).find(({ language }) => language === 'text')?.text ?? '';
    const at = /^huakai .* (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)/m.exec(printed)?.[1] ?? '';
    const started = await openTestHub({ clock: () => new Date(at) });
    try {
      const statuses = await started.hub.sourceStatuses();
      const lines = (text: string): string[] => text.split('\n').map((line) => line.trimEnd());
      expect(lines(printed)).toEqual(expect.arrayContaining(lines(shortSourceTable(statuses, plainTerminal))));
      expect(printed).toContain(setAsideLines(statuses, plainTerminal).join('\n'));
    } finally {
      await started.close();
    }
  });

  it.each(['README.md', 'README.zh-CN.md'])('has above it in %s who gets a token at `npm start`; the tokens themselves are never the same', async (file) => {
    const started = await startDemonstration();
    try {
      const printed = blocksOf(read(file)).find(({ language }) => language === 'text')?.text;
      const shown = demonstrationTokenTable(
        started.tokens.map(({ viewer }) => ({ viewer, token: 'phk_…' })),
        plainTerminal,
      );
      expect(started.tokens.every(({ token }) => /^phk_\S{43}$/.test(token))).toBe(true);
      expect(printed).toContain(shown);
      expect(printed).toContain(`  Playground  ${playgroundAddress('http://127.0.0.1:4000', [{ viewer: 'one', token: 'phk_…' }])}\n`);
    } finally {
      await started.close();
    }
  });

  it.each(['README.md', 'README.zh-CN.md'])('has below it in %s a command that a shell takes, and that the hub answers whoever has the token', async (file) => {
    const command = blocksOf(read(file)).find(({ language }) => language === 'sh')?.text ?? '';
    const started = await startDemonstration();
    onTestFinished(() => started.close());
    const { url } = await startTestServer(started.hub);
    const asked = async (token: string): Promise<string> => {
      const script = command.replace('http://127.0.0.1:4000', url).replace('phk_…', token);
      // The shell itself says how it reads the line; curl need not be there.
      const { stdout } = await promisify(execFile)('sh', ['-c', `curl() { printf '%s\\0' "$@"; }\n${script}`]);
      const [address = '', ...options] = stdout.split('\0');
      const values = (flag: string): string[] => options.flatMap((option, index) => (option === flag ? [options[index + 1] ?? ''] : []));
      const headers = Object.fromEntries(values('-H').map((header) => header.split(': ') as [string, string]));
      return (await fetch(address, { method: 'POST', headers, body: values('-d')[0] ?? null })).text();
    };
    const name = '新乡百都医疗器械有限公司';
    expect(JSON.parse(await asked(started.tokenOf('tenant 91410771MA3XGWU758')))).toEqual({
      data: { tenant: { name, latestAnnualReport: { year: 2021, output: '9954088.19', staff: 14 } } },
    });
    expect(JSON.parse(await asked('phk_nobody'))).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  it('is missed where the hub would answer otherwise', async () => {
    expect({ data: await hub.ask(query.replace('eq: ACTIVE', 'eq: REPAID')) }).not.toEqual(JSON.parse(answer));
  });
});

describe('the query of a park whose bank is down', () => {
  it.each(['README.md', 'README.zh-CN.md'])('is answered over HTTP as %s says', async (file) => {
    const blocks = blocksOf(read(file));
    const at = blocks.findIndex(({ text }) => text.includes('query OneBankDown'));
    const hub = await startDemonstration({ variables: { SPDB_API_URL: 'http://127.0.0.1:9/api' } });
    try {
      const server = await startTestServer(hub.hub);
      const { body } = await server.ask(blocks[at]?.text ?? '', {}, { authorization: `Bearer ${hub.tokenOf('tenant 91410771MA3XGWU758')}` });
      expect(body).toEqual(JSON.parse(blocks[at + 1]?.text ?? ''));
    } finally {
      await hub.close();
    }
  });
});

describe('the commands', () => {
  const { scripts, engines } = JSON.parse(read('package.json')) as { scripts: Record<string, string>; engines: { node: string } };

  it.each(markdownFiles().filter((file) => !file.startsWith('benchmarks/')))('that %s names are scripts of package.json', (file) => {
    const named = [...read(file).matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)].map(([, run, short]) => run ?? short ?? '');
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it.each(['README.md', 'README.zh-CN.md'])('npm start and npm test stand in %s, with the Node that they need', (file) => {
    const text = read(file);
    const blocks = blocksOf(text).map((block) => block.text);
    for (const command of ['npm start', 'npm test']) expect(blocks.some((block) => block.split('\n').some((line) => line.startsWith(command)))).toBe(true);
    expect(engines.node).toContain('^20.19.0');
    expect(text).toContain('20.19');
  });

  it.each(['README.md', 'README.zh-CN.md', 'docs/operations.md'])('exit with the codes that %s lists, and no others', (file) => {
    const rows = [...read(file).matchAll(/^\| `?(\d)`? \| /gm)].map(([, code]) => Number(code));
    expect(rows).toEqual(Object.values(exitCodes).map(({ code }) => code));
  });

  it.each(['docs/operations.md', 'docs/command-line.md'])('say of their exit codes what %s says', (file) => {
    const text = read(file);
    for (const { code, meaning } of Object.values(exitCodes)) expect(text).toContain(`| ${code} | ${meaning} |`);
  });
});

describe('the figures of the article', () => {
  it.each(['README.md', 'README.zh-CN.md'])('stand in %s as the graph computes them', async (file) => {
    const rows = [...read(file).matchAll(/^\| [^|]+ \| [^|]+ \| ([^|]+) \| `park\.figures\((\d{4})\)\.(\w+)` \|$/gm)];
    expect(rows.length).toBeGreaterThanOrEqual(15);
    const hub = await openTestHub();
    try {
      for (const [, computed, year, field] of rows) {
        const selection = field === 'financing' ? 'financing { totals { sum { amount } } }' : field;
        const { park } = await hub.ask(`{ park { figures(years: [${year}]) { ${selection} } } }`);
        const [figures] = park.figures;
        const value = field === 'financing' ? figures.financing.totals[0].sum.amount : figures[field as string];
        expect(`${field} ${year}: ${computed?.trim()}`).toBe(`${field} ${year}: ${value}`);
      }
    } finally {
      await hub.close();
    }
  });
});

describe('the links', () => {
  it.each(markdownFiles())('of %s lead somewhere', (file) => {
    const folder = path.dirname(path.join(root, file));
    const broken = linksOf(read(file)).filter((link) => {
      if (/^[a-z]+:/.test(link)) return false;
      const [target = '', anchor] = link.split('#');
      const full = target === '' ? path.join(root, file) : path.join(folder, decodeURIComponent(target));
      if (!fs.existsSync(full)) return true;
      return anchor !== undefined && full.endsWith('.md') && !anchorsOf(fs.readFileSync(full, 'utf8')).includes(decodeURIComponent(anchor));
    });
    expect(broken).toEqual([]);
  });

  it.each(markdownFiles())('and file names in %s are of this repository', (file) => {
    const names = codeSpansOf(read(file)).filter((span) => /^(src|docs|tests|parks|scripts|demo|web|benchmarks)\/[\w./-]+$/.test(span));
    expect(names.filter((name) => !fs.existsSync(path.join(root, name)))).toEqual([]);
  });

  it('are found in a text, and those in code are not', () => {
    const text = '# A [b](c.md)\n\n![d](e.svg) `[f](g)`\n\n```\n[h](i)\n```\n<img src="j.png">';
    expect(linksOf(text)).toEqual(['c.md', 'e.svg', 'j.png']);
    expect(anchorsOf('# One *two*, three!\n## 四 五\n')).toEqual(['one-two-three', '四-五']);
  });
});
