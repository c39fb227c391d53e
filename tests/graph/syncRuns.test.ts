import fs from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../helpers/commandLine.js';
import { openTestHub, type TestHub } from '../helpers/hub.js';
import { type LoanLine, loanFile, loanSource, writeLoanPark } from '../helpers/loanPark.js';

async function bank(): Promise<TestHub & { drop: (name: string, lines: readonly LoanLine[]) => void }> {
  const folder = temporaryFolder();
  const drops = writeLoanPark(folder.path, loanSource());
  const test = await openTestHub({ parkFolder: folder.path });
  onTestFinished(async () => {
    await test.close();
    folder.remove();
  });
  return { ...test, drop: (name, lines) => fs.writeFileSync(path.join(drops, name), loanFile(lines)) };
}

it('asks for the runs of a source, the last first; one that is read live has none', async () => {
  const { hub, ask, drop } = await bank();
  drop('贷款_20211231.csv', [
    { number: 'A', balance: 1 },
    { number: 'B', balance: '?' },
  ]);
  await hub.sync(['bank'], { by: '王敏' });
  drop('贷款_20220331.csv', [{ number: 'B', balance: 2 }]);
  await hub.sync(['bank'], { by: '王敏' });
  const { sources } = await ask(
    '{ sources { id syncRuns { by asOf read accepted changed closed quarantined failure } last: syncRuns(first: 1) { read } none: syncRuns(first: 0) { read } } }',
  );
  expect(sources[1]).toEqual({
    id: 'bank',
    syncRuns: [
      { by: '王敏', asOf: '2022-03-31T15:59:59.999Z', read: 1, accepted: 1, changed: 1, closed: 1, quarantined: 0, failure: null },
      { by: '王敏', asOf: '2021-12-31T15:59:59.999Z', read: 2, accepted: 1, changed: 1, closed: 0, quarantined: 1, failure: null },
    ],
    last: [{ read: 1 }],
    none: [],
  });
  // The register was looked at for this answer.
  expect(sources[0].syncRuns).toMatchObject([{ by: 'hub', quarantined: 0 }]);
  const demo = await openTestHub();
  onTestFinished(() => demo.close());
  const runs = (await demo.ask('{ sources { id syncRuns { by } } }')).sources as { id: string; syncRuns: object[] }[];
  expect(runs.filter((source) => source.syncRuns.length > 0).map(({ id }) => id)).toEqual(['park', 'bocom', 'hongtu']);
});

it('asks for the rows in quarantine, with reason, place and raw row, until a drop is right', async () => {
  const { ask, drop } = await bank();
  const rows = '{ sources { id books { entity read accepted setAside(first: 2) { file sheet line place reason cells { column value } } } } }';
  const loans = async () => (await ask(rows)).sources[1].books[0];
  drop('贷款_20211231.csv', [
    { number: 'A', balance: 1 },
    { number: 'B', balance: '约二元' },
    { number: 'C', balance: '' },
    { number: 'D', balance: '?' },
  ]);
  expect(await loans()).toEqual({
    entity: 'Loan',
    read: 4,
    accepted: 1,
    setAside: [
      {
        file: '贷款_20211231.csv',
        sheet: null,
        line: 3,
        place: '贷款_20211231.csv line 3',
        reason: expect.stringMatching(/^balance \(column 余额\): expected an amount in 元.*but got: "约二元"/),
        cells: [
          { column: '借据号', value: 'B' },
          { column: '余额', value: '约二元' },
        ],
      },
      expect.objectContaining({ line: 4, cells: expect.arrayContaining([{ column: '余额', value: '' }]) }),
    ],
  });
  drop('贷款_20220101.csv', [{ number: 'B', balance: 2 }]);
  expect(await loans()).toEqual({ entity: 'Loan', read: 1, accepted: 1, setAside: [] });
});

it('has the sheet and the row of a workbook, and raw cells of a live source', async () => {
  const demo = await openTestHub();
  onTestFinished(() => demo.close());
  const { sources } = await demo.ask('{ sources { id books { setAside { file sheet line cells { column value } } } } }');
  const asideOf = (id: string): { file: string | null; sheet: string | null; line: number | null; cells: object[] }[] =>
    sources.find((source: { id: string }) => source.id === id).books.flatMap((book: { setAside: object[] }) => book.setAside);
  expect(asideOf('hongtu')).toEqual([expect.objectContaining({ file: expect.stringMatching(/\.xlsx$/), sheet: expect.any(String), line: expect.any(Number) })]);
  expect(asideOf('icbc')).toEqual([expect.objectContaining({ file: null, sheet: null, line: null, cells: expect.arrayContaining([]) })]);
  expect(asideOf('icbc')[0]?.cells.length).toBeGreaterThan(5);
});

it('refuses to list more than a thousand, or fewer than none', async () => {
  const { execute, drop } = await bank();
  drop('贷款_20211231.csv', [{ number: 'A', balance: '?' }]);
  for (const [document, got] of [
    ['{ sources { syncRuns(first: 1001) { by } } }', 1001],
    ['{ sources { syncRuns(first: -1) { by } } }', -1],
    ['{ sources { books { setAside(first: 1001) { place } } } }', 1001],
  ] as const) {
    const { errors } = await execute(document);
    expect(errors?.[0]?.message).toBe(`first: expected 0 to 1000, but got: ${got}.`);
  }
});

it('tells no answer of closed rows, and finds them by no id', async () => {
  const { ask, hub, drop } = await bank();
  drop('贷款_20211231.csv', [
    { number: 'A', balance: 1 },
    { number: 'B', balance: 2 },
  ]);
  await hub.sync(['bank'], { by: 'tester' });
  const { loans } = await ask('{ loans(orderBy: [{ number: ASC }]) { nodes { id } } }');
  drop('贷款_20220331.csv', [{ number: 'B', balance: 2 }]);
  await hub.sync(['bank'], { by: 'tester' });
  const after = await ask(
    `query ($id: ID!) { loans { nodes { number } totals { count sum { balance } } } node(id: $id) { id } tenants { nodes { loans { nodes { number } } } } banks { nodes { loans { totals { count } } } } }`,
    { id: loans.nodes[0].id },
  );
  expect(after).toMatchObject({
    loans: { nodes: [{ number: 'B' }], totals: [{ count: 1, sum: { balance: '2.00' } }] },
    node: null,
    banks: { nodes: [{ loans: { totals: [{ count: 1 }] } }] },
  });
});
