/** "Who sees what" of the READMEs: each cell is what the demonstration answers that viewer. */
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Viewer } from '../../src/access/viewer.js';
import { firstQuery } from '../../src/cli/firstQuery.js';
import { root } from '../helpers/commandLine.js';
import { type Demonstration, startDemonstration } from '../helpers/demonstration.js';
import { anyone, askAs, bank, investor, park, tenant } from '../helpers/viewers.js';

const VIEWERS: readonly Viewer[] = [anyone, tenant('91410771MA3XGWU758'), investor('hongtu'), bank('icbc'), park('OPERATOR')];

interface FirstAnswer {
  readonly name: string | null;
  readonly latestAnnualReport: { readonly output: string | null } | null;
  readonly investments: { readonly nodes: readonly { readonly amount: string | null; readonly provenance: { readonly sourceId: string } }[] };
  readonly loans: { readonly nodes: readonly { readonly balance: string | null; readonly provenance: { readonly sourceId: string } }[] };
}

const NOTHING = '—';

/** What an answer shows in the rows of the table, from the top. */
function shownIn({ name, latestAnnualReport, investments, loans }: FirstAnswer): string[] {
  const of = <Row extends { readonly provenance: { readonly sourceId: string } }>(rows: readonly Row[], source: string, value: (row: Row) => string | null) =>
    rows
      .filter(({ provenance }) => provenance.sourceId === source)
      .map((row) => value(row) ?? 'hidden')
      .join(', ') || NOTHING;
  return [
    name === null ? NOTHING : 'yes',
    latestAnnualReport?.output ?? NOTHING,
    ...['hongtu', 'huakai', 'huayu'].map((source) => of(investments.nodes, source, ({ amount }) => amount)),
    ...['bocom', 'icbc', 'spdb'].map((source) => of(loans.nodes, source, ({ balance }) => balance)),
  ];
}

/** The cells of the table below a heading, without its first column. */
function cellsOf(file: string, heading: string): string[][] {
  const text = fs.readFileSync(path.join(root, file), 'utf8');
  const table = text
    .slice(text.indexOf(`\n${heading}\n`))
    .split('\n')
    .filter((line) => line.startsWith('|'));
  const rows = table.slice(2, 10).map((line) =>
    line
      .split('|')
      .slice(2, -1)
      .map((cell) => cell.trim()),
  );
  return rows.map((cells) => cells.map((cell) => cell.replace(/^可见$/, 'yes').replace(/^不可见$/, 'hidden')));
}

describe('"Who sees what"', () => {
  let started: Demonstration;
  /** The same park before any company has authorised anybody. */
  let closed: Demonstration;
  beforeAll(async () => {
    started = await startDemonstration();
    closed = await startDemonstration({ consents: { authorised: async () => new Set() } });
  });
  afterAll(async () => {
    await started?.close();
    await closed?.close();
  });

  it.each([
    ['README.md', '## Who sees what'],
    ['README.zh-CN.md', '## 谁能看到什么'],
  ])('of %s says what each viewer is answered, and marks what an authorization opened', async (file, heading) => {
    const columns = await Promise.all(
      VIEWERS.map(async (viewer) => {
        const [open, shut] = await Promise.all([started, closed].map(async ({ hub }) => shownIn((await askAs(hub, viewer, firstQuery)).tenant)));
        return (open ?? []).map((cell, row) => (cell === shut?.[row] ? cell : `${cell} *`));
      }),
    );
    const expected = (columns[0] ?? []).map((_cell, row) => columns.map((column) => column[row]));
    expect(expected).toHaveLength(8);
    expect(cellsOf(file, heading)).toEqual(expected);
  });
});
