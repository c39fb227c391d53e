/** What a JSON Lines file in a drop folder may hold, and what becomes of it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileBank, openAbusedPark } from './abusedPark.js';

const NAME = '贷款_20211231.jsonl';
const bank = (book: object = {}) => fileBank({ file: '贷款_*.jsonl', format: 'jsonl' }, book);
const delivered = (content: string | Buffer, book: object = {}) => openAbusedPark(bank(book), (folder) => writeFileSync(join(folder, NAME), content));
const FIRST = '{"借据号": "FIRST", "余额": 1}\n';
const LAST = '{"借据号": "LAST", "余额": 3}\n';

describe('a line', () => {
  it.each<[name: string, reason: RegExp, line: string | Buffer]>([
    ['that is no JSON', /expected one JSON object in the line, but got: text that is no JSON/, '{"借据号": '],
    ['that is an array', /expected an object, but got: an array/, '["A", 1]'],
    ['that is null', /expected an object, but got: null/, 'null'],
    ['of two objects', /text that is no JSON/, '{} {}'],
    [
      'nested 100,000 levels deep',
      /expected at most 50 levels of nesting, but got: more/,
      `{"借据号": "A", "余额": 1, "x": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    ],
    [
      'of 3,000 values',
      /expected at most 2000 values in a row, but got: 3002/,
      JSON.stringify({ 借据号: 'A', 余额: 1, ...Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`c${index}`, 1])) }),
    ],
    ['with bytes that are no UTF-8', /bytes that mean nothing in it/, Buffer.from([0x7b, 0xff, 0x7d])],
    ['with half a character', /a text without control characters/, '{"借据号": "\\ud800", "余额": 1}'],
    ['with NUL', /a text without control characters/, '{"借据号": "A\\u0000B", "余额": 1}'],
    [
      'with a text of more than ten thousand characters',
      /expected at most 10000 characters, but got: 10001/,
      `{"借据号": "${'长'.repeat(10_001)}", "余额": 1}`,
    ],
    ['with 1e400', /expected a number within range, but got: one too great/, '{"借据号": "A", "余额": 1e400}'],
    ['with 2^63', /expected a number of at most 15 digits or a text/, '{"借据号": "A", "余额": 9223372036854775808}'],
    ['with __proto__ for its id', /number \(column 借据号\): expected a value/, '{"__proto__": {"借据号": "A"}, "余额": 1}'],
  ])('%s is set aside with its reason and place; the others stay', async (_name, reason, line) => {
    const park = await delivered(Buffer.concat([Buffer.from(FIRST), Buffer.from(line), Buffer.from(`\n${LAST}`)]));
    expect((await park.ask()).balances).toEqual({ FIRST: '1.00', LAST: '3.00' });
    expect(await park.setAside()).toEqual({ [`${NAME} line 2`]: expect.stringMatching(reason) });
  });

  it('with one name twice is read by the last, as JSON is', async () => {
    expect((await (await delivered('{"借据号": "A", "余额": 1, "余额": 2}\n')).ask()).balances).toEqual({ A: '2.00' });
  });

  it('without end refuses the file', async () => {
    const park = await delivered(`${FIRST}{"借据号": "${'x'.repeat(2_000_000)}`);
    expect(await park.askInVain()).toMatch(/^贷款_20211231\.jsonl: line 2: expected at most 1048576 characters in a line, but got: more\.$/);
  });
});

describe('a file without lines', () => {
  it('is a book without rows, not one that has lost its columns', async () => {
    const park = await delivered('');
    const { balances, report } = await park.ask();
    expect({ balances, report }).toMatchObject({ balances: {}, report: { state: 'MIRRORED', message: null } });
    expect(await park.setAside()).toEqual({});
  });

  it('of changes changes nothing', async () => {
    const park = await delivered(FIRST + LAST, { changes: { file: '变动_*.jsonl', closes: [{ column: '操作', equals: '删除' }] } });
    expect((await park.ask()).balances).toEqual({ FIRST: '1.00', LAST: '3.00' });
    writeFileSync(join(park.folder, '变动_20220331.jsonl'), '');
    const [outcome] = await park.hub.hub.sync(['bank'], { by: 'test' });
    expect(outcome?.run ?? outcome).toMatchObject({ changed: 0, closed: 0 });
    expect((await park.ask()).balances).toEqual({ FIRST: '1.00', LAST: '3.00' });
  });
});
