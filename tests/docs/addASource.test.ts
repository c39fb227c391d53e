/** docs/add-a-source.md, done as it says: its blocks are written to a copy of the park, and what it prints is what comes. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadPark } from '../../src/config/park.js';
import { describeProblem } from '../../src/config/problem.js';
import { root, temporaryFolder } from '../helpers/commandLine.js';
import { demoPark, openTestHub } from '../helpers/hub.js';
import { type Block, blocksOf } from './markdown.js';

const blocks = blocksOf(fs.readFileSync(path.join(root, 'docs/add-a-source.md'), 'utf8'));
const textOf = (language: string, index: number): string => (blocks.filter((block: Block) => block.language === language)[index] as Block).text;
const [book, first, right, codes] = [textOf('csv', 0), textOf('yaml', 0), textOf('yaml', 1), textOf('yaml', 2)];
const complete = right.replace(/^ {8}values: .*正常.*$/m, codes);

const folder = temporaryFolder();
const park = path.join(folder.path, 'xinxiang');
beforeAll(() => {
  fs.cpSync(demoPark, park, { recursive: true });
  fs.mkdirSync(path.join(park, 'muye'));
  fs.writeFileSync(path.join(park, 'muye/loans_20211231.csv'), `${book}\n`);
});
afterAll(() => folder.remove());

async function problemsOf(source: string): Promise<string> {
  fs.writeFileSync(path.join(park, 'muye/source.yml'), `${source}\n`);
  return (await loadPark(park)).problems.map(describeProblem).join('\n');
}

/** The attributes that the page shows of a row, to the right of what the partner gave. */
function shownRight(sample: string, number: string): Record<string, string> {
  const start = sample.split('\n').findIndex((line) => line.includes(`number: ${number}`));
  const lines = sample.split('\n').slice(start, start + 11);
  return Object.fromEntries(lines.map((line) => /(\w+): (\S+)$/.exec(line)?.slice(1, 3) as [string, string]));
}

describe('docs/add-a-source.md', () => {
  it('names the mistakes of its first source.yml as the hub does', async () => {
    expect(await problemsOf(first)).toBe(textOf('text', 0));
    expect(await problemsOf(first.replace('万块', '万元'))).toBe(textOf('text', 1));
  });

  it('shows what the right one makes of the rows, and which is kept aside', async () => {
    expect(await problemsOf(right)).toBe('');
    const output = textOf('text', 2);
    const hub = await openTestHub({ parkFolder: park });
    try {
      const status = (await hub.hub.sourceStatuses()).find(({ id }) => id === 'muye');
      const [loans] = status?.books ?? [];
      expect(output).toMatch(new RegExp(`Loan +${loans?.read} +${loans?.accepted} +${loans?.setAside.length}$`, 'm'));
      expect(output).toContain(loans?.setAside.map(({ place, reason }) => `muye Loan: ${place}: ${reason}`).join('\n'));
      const { loans: asked } = await hub.ask(
        '{ loans(where: { sourceId: { eq: "muye" } }) { nodes { number tenantUscc kind amount balance rate date maturesOn classification status } } }',
      );
      for (const row of asked.nodes) expect(shownRight(output, row.number)).toMatchObject(row);
      expect(asked.nodes).toHaveLength(2);
    } finally {
      await hub.close();
    }
  });

  it('gets the answer that it prints', async () => {
    expect(await problemsOf(complete)).toBe('');
    const hub = await openTestHub({ parkFolder: park });
    try {
      expect({ data: await hub.ask(textOf('graphql', 0)) }).toEqual(JSON.parse(textOf('json', 0)));
    } finally {
      await hub.close();
    }
  });

  it('explains every field of the form, and none that is not there', () => {
    const text = fs.readFileSync(path.join(root, 'docs/add-a-source.md'), 'utf8');
    const form = fs.readFileSync(path.join(root, 'src/config/sourceFile.ts'), 'utf8');
    const fields = [...form.matchAll(/^\s+(\w+): (?:z\.|name\b|text\b|fromEnvironment|partner\b|sqlTable|fileTable|column\b|z$)/gm)].map(
      ([, field]) => field as string,
    );
    expect(fields.length).toBeGreaterThan(40);
    expect([...new Set(fields)].filter((field) => !new RegExp(`\\b${field}\\b`).test(text))).toEqual([]);
  });
});
