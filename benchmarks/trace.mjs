/**
 * What the trace of reads costs an answer: `cd benchmarks && node trace.mjs [--rounds 30] [--answers 60]`.
 *
 * Serves the demonstration park to viewers who read what is not public (a company its own file, the park's operator the
 * register of fifty companies), over HTTP, and asks as one client and as sixteen at once, in turns with the trace and
 * without. Prints medians of the rounds. The goal is 5 %.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../scripts/lib/prepare.mjs';
import { inTurns, prepared, rounded, serveDemonstration } from './lib/answers.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '30' }, answers: { type: 'string', default: '60' } } });
const [rounds, answers] = [Number(values.rounds), Number(values.answers)];

const { OperationReads } = await prepared()('src/access/reads.js');
const cases = [
  [
    "README's query, by the company",
    { kind: 'TENANT', uscc: '91410771MA3XGWU758', name: 'company', via: 'test' },
    await readFile(path.join(root, 'docs/first-query.graphql'), 'utf8'),
  ],
  [
    '50 companies with capital and last report, by an operator',
    { kind: 'PARK', role: 'OPERATOR', name: 'operator', via: 'test' },
    '{ tenants(first: 50) { nodes { uscc name registeredCapital latestAnnualReport { year output staff } } } }',
  ],
];

/** Without: nothing is noted and nothing is written, as if there were no trace. */
const { rows, totals } = OperationReads.prototype;
const switchTrace = (on) => {
  OperationReads.prototype.rows = on ? rows : async () => undefined;
  OperationReads.prototype.totals = on ? totals : async () => undefined;
};

const served = await serveDemonstration();
try {
  const lines = [];
  for (const [answer, viewer, query] of cases) {
    served.as(viewer);
    for (const clients of [1, 16]) {
      const way = (on) => () => {
        switchTrace(on);
        return served.ask(query, clients, answers);
      };
      const [without, traced] = await inTurns([way(false), way(true)], rounds);
      lines.push({
        answer,
        clients,
        'without, ms': rounded(without.median('milliseconds')),
        'with, ms': rounded(traced.median('milliseconds')),
        'more, %': rounded(traced.more('milliseconds'), 1),
        'CPU without, ms': rounded(without.quartile('cpu') / 1_000),
        'more CPU, %': rounded(traced.moreOfQuartile('cpu'), 1),
        'of the median, %': rounded(traced.more('cpu'), 1),
      });
    }
  }
  console.log(`Node ${process.versions.node}, ${process.platform} ${process.arch}; ${rounds} rounds of ${answers} answers, in turns`);
  console.table(lines);
} finally {
  switchTrace(true);
  await served.close();
}
