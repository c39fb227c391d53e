/**
 * A list of three banks' loans is walked page by page, forwards and backwards, while two of the banks add rows and take
 * some away: what was there all the time comes exactly once and in order, what came or went at most once.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import Database from 'libsql';
import { expect, it } from 'vitest';
import { compareText } from '../../src/values/text.js';
import { openTestHub } from '../helpers/hub.js';
import { copyPark } from './bigPark.js';

interface Loan {
  readonly id: string;
  readonly number: string;
  readonly amount: string;
}

/** What a bank does between two pages. */
interface Change {
  readonly bank: 'icbc' | 'bocom';
  /** Of the new loan, in 元; of the one that is taken away, its place among the added ones. */
  readonly amount: number;
  readonly removes: boolean;
}

const changes = fc.array(
  fc.record({ bank: fc.constantFrom<Change['bank']>('icbc', 'bocom'), amount: fc.integer({ min: 1, max: 300 }).map((n) => n * 10_000), removes: fc.boolean() }),
  { minLength: 1, maxLength: 12 },
);

it('a walk over changing books gives each row that stays exactly once, and no row twice', async () => {
  await fc.assert(
    fc.asyncProperty(changes, fc.boolean(), fc.integer({ min: 3, max: 9 }), async (sequence, isBackwards, size) => {
      const park = await copyPark();
      let now = Date.parse('2026-11-25T00:00:00Z');
      const hub = await openTestHub({ ...park, clock: () => new Date(now) });
      const icbc = new Database(join(park.parkFolder, 'icbc/book.db'));
      const ledger = join(park.parkFolder, 'bocom/贷款台账_20211231.csv');
      const added: { bank: Change['bank']; number: string }[] = [];
      const change = async ({ bank, amount, removes }: Change, index: number): Promise<void> => {
        const gone = removes ? added.findIndex((entry) => entry.bank === bank) : -1;
        const number = gone >= 0 ? (added.splice(gone, 1)[0]?.number as string) : `ZZ-${index}-${amount}`;
        if (gone < 0) added.push({ bank, number });
        if (bank === 'icbc') {
          if (gone >= 0) icbc.prepare('DELETE FROM dk_jj WHERE jjbh = ?').run(number);
          else icbc.prepare('INSERT INTO dk_jj SELECT ?, khh, cpbh, dklx, ?, dkye, nll, fkrq, dqrq, wjfl, jjzt, scbz FROM dk_jj LIMIT 1').run(number, amount);
        } else {
          const lines = iconv
            .decode(await readFile(ledger), 'gb18030')
            .trimEnd()
            .split(/\r?\n/);
          const line = `${number},C41070005,POJD,信用,${amount / 10_000},0.00,5.00,2018/01/10,2019/01/10,正常,已结清`;
          const changed = gone >= 0 ? lines.filter((text) => !text.startsWith(`${number},`)) : [...lines.slice(0, 1), line, ...lines.slice(1)];
          await writeFile(ledger, iconv.encode(`${changed.join('\r\n')}\r\n`, 'gb18030'));
        }
        // A drop is looked at every five seconds.
        now += 6_000;
      };
      const loans = async (given: string): Promise<{ nodes: Loan[]; pageInfo: { startCursor: string; endCursor: string; more: boolean } }> =>
        (
          await hub.ask(
            `{ loans(orderBy: [{amount: DESC}], ${given}) { nodes { id number amount } pageInfo { startCursor endCursor more: ${isBackwards ? 'hasPreviousPage' : 'hasNextPage'} } } }`,
          )
        ).loans;
      try {
        const before = (await loans('first: 1000')).nodes;
        const walked: Loan[] = [];
        let cursor: string | undefined;
        for (let page = 0; page < 100; page++) {
          const at = cursor === undefined ? '' : `, ${isBackwards ? 'before' : 'after'}: ${JSON.stringify(cursor)}`;
          const { nodes, pageInfo } = await loans(`${isBackwards ? 'last' : 'first'}: ${size}${at}`);
          if (isBackwards) walked.unshift(...nodes);
          else walked.push(...nodes);
          if (!pageInfo.more) break;
          cursor = isBackwards ? pageInfo.startCursor : pageInfo.endCursor;
          const next = sequence[page];
          if (next) await change(next, page);
        }
        const stayed = new Set(before.map(({ id }) => id));
        expect(walked.filter(({ id }) => stayed.has(id))).toEqual(before);
        expect(new Set(walked.map(({ id }) => id)).size).toBe(walked.length);
        const amounts = walked.map(({ amount }) => Number(amount));
        expect(amounts).toEqual([...amounts].sort((a, b) => b - a));
        // What is read anew is what is there now.
        const after = (await loans('first: 1000')).nodes.map(({ number }) => number).sort(compareText);
        expect(after).toEqual([...before.map(({ number }) => number), ...added.map(({ number }) => number)].sort(compareText));
      } finally {
        icbc.close();
        await hub.close();
        await park.remove();
      }
    }),
    { numRuns: 12 },
  );
}, 120_000);
