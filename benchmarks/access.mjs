/**
 * What access rules add to the README's query: `cd benchmarks && node access.mjs [--rounds 30] [--answers 60]`.
 *
 * Asks it over HTTP in turns as the hub itself, for whom there are no rules and no trace, and as the company that it is
 * about, who is answered the same to the letter: with the rules alone, and as it is served, with the trace of reads. Then
 * as the park's operator, as the public and as a bank, who see less of it. Prints medians of the rounds. The goal is 10 %.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../scripts/lib/prepare.mjs';
import { inTurns, prepared, rounded, serveDemonstration } from './lib/answers.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '30' }, answers: { type: 'string', default: '60' } } });
const [rounds, answers] = [Number(values.rounds), Number(values.answers)];

const { OperationReads } = await prepared()('src/access/reads.js');
const query = await readFile(path.join(root, 'docs/first-query.graphql'), 'utf8');
const hub = { kind: 'SYSTEM', name: 'hub', via: 'hub' };
const company = { kind: 'TENANT', uscc: '91410771MA3XGWU758', name: 'company', via: 'test' };
const ways = [
  ['the hub itself: no rules', hub, false],
  ['the company: rules', company, false],
  ['the company: rules and trace', company, true],
  ['the park’s operator', { kind: 'PARK', role: 'OPERATOR', name: 'operator', via: 'test' }, true],
  ['the public', { kind: 'PUBLIC', name: 'anonymous', via: 'anonymous' }, true],
  ['a bank', { kind: 'BANK', source: 'icbc', name: 'officer', via: 'test' }, true],
];

const { rows, totals } = OperationReads.prototype;
const switchTrace = (on) => {
  OperationReads.prototype.rows = on ? rows : async () => undefined;
  OperationReads.prototype.totals = on ? totals : async () => undefined;
};

const served = await serveDemonstration();
try {
  const lines = [];
  for (const clients of [1, 16]) {
    const asked = ways.map(([, viewer, traced]) => () => {
      switchTrace(traced);
      served.as(viewer);
      return served.ask(query, clients, answers);
    });
    const found = await inTurns(asked, rounds);
    for (const [index, [who]] of ways.entries()) {
      const figures = found[index];
      lines.push({
        'asked by': who,
        clients,
        bytes: figures.median('bytes'),
        ms: rounded(figures.median('milliseconds')),
        'more, %': rounded(figures.more('milliseconds'), 1),
        'CPU, ms': rounded(figures.quartile('cpu') / 1_000),
        'more CPU, %': rounded(figures.moreOfQuartile('cpu'), 1),
        'of the median, %': rounded(figures.more('cpu'), 1),
      });
    }
  }
  console.log(`Node ${process.versions.node}, ${process.platform} ${process.arch}; ${rounds} rounds of ${answers} answers, in turns`);
  console.table(lines);
} finally {
  switchTrace(true);
  await served.close();
}
