/** Records reads, many at once, and says of each that it was answered: what a hub does, until it is killed. Argument: the file of the trace. */
import 'reflect-metadata';
import { writeSync } from 'node:fs';
import { ReadTrace } from '../../dist/src/access/trace.js';

const trace = new ReadTrace(process.argv[2], 'test');
const reads = [{ source: 'icbc', entity: 'Loan', ask: 'ROWS', scopes: ['CREDIT'], rows: 1, companies: new Map([['A', 1]]) }];
const viewer = { kind: 'BANK', name: 'x', via: 'test', of: 'icbc' };

async function client(number) {
  for (let turn = 0; ; turn++) {
    const operation = `${number}.${turn}`;
    await trace.write({ at: '2022-03-15T02:00:00.000Z', viewer, operation, document: null, address: null, exported: false, reads, authorizations: [] });
    // At once, as a socket takes an answer: nothing of it is left in this process.
    writeSync(1, `${operation}\n`);
  }
}
await Promise.all(Array.from({ length: 8 }, (_, number) => client(number)));
