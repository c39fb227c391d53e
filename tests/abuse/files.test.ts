/** What a drop folder may hold, and what becomes of it. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { fileBank, openAbusedPark } from './abusedPark.js';

const NAME = '贷款_20211231.csv';
const csv = (...rows: string[]): string => ['借据号,余额', ...rows, ''].join('\n');
const drop = (content: string | Buffer) => (folder: string) => writeFileSync(join(folder, NAME), content);
const isRoot = process.getuid?.() === 0;

describe('in place of the file', () => {
  it.each<[name: string, message: RegExp, fill: (folder: string) => unknown]>([
    ['nothing', /^expected a file named 贷款_\*\.csv in the drop folder, but got: none/, () => undefined],
    ['a folder', /^贷款_20211231\.csv: expected an ordinary file, but got: a folder, a pipe or a device\.$/, (folder) => mkdirSync(join(folder, NAME))],
    [
      'a named pipe that nobody writes to',
      /^贷款_20211231\.csv: expected an ordinary file, but got: a folder, a pipe or a device\.$/,
      (folder) => execFileSync('mkfifo', [join(folder, NAME)]),
    ],
    ['a link to a file elsewhere', /a link that leads elsewhere/, (folder) => symlinkSync('/etc/passwd', join(folder, NAME))],
    ['a link to a device', /a link that leads elsewhere/, (folder) => symlinkSync('/dev/zero', join(folder, NAME))],
    ['a link to a folder elsewhere', /a link that leads elsewhere/, (folder) => symlinkSync('/etc', join(folder, NAME))],
    ['a link to nothing', /cannot be read or a link that leads elsewhere/, (folder) => symlinkSync('nothing', join(folder, NAME))],
    ['a link to itself', /cannot be read or a link that leads elsewhere/, (folder) => symlinkSync(NAME, join(folder, NAME))],
    ['a link to the good bank’s file', /a link that leads elsewhere/, (folder) => symlinkSync('../good/贷款_20211231.csv', join(folder, NAME))],
    ['an empty file', /expected the column names in row 1, but the file ends before it\.$/, drop('')],
    ['a file of blank lines', /expected the column names, but got: an empty row/, drop('\n\n\n')],
    ['a file of NUL bytes', /^The columns of bank changed\./, drop(Buffer.alloc(4096))],
    ['another kind of file', /./, drop(Buffer.from('504b0304aabbccdd0a', 'hex'))],
    [
      'a file larger than any that is read',
      /expected at most 512 MiB, but got: 600 MiB\. Ask the partner to split it\.$/,
      (folder) => {
        writeFileSync(join(folder, NAME), csv('A,1'));
        truncateSync(join(folder, NAME), 600 * 1024 * 1024);
      },
    ],
  ])('%s: the bank is unavailable, and the answer says why', async (_name, message, fill) => {
    const park = await openAbusedPark(fileBank(), fill);
    expect(await park.askInVain()).toMatch(message);
  });

  it.skipIf(isRoot)('a file that the hub may not read: likewise', async () => {
    const park = await openAbusedPark(fileBank(), (folder) => {
      drop(csv('A,1'))(folder);
      chmodSync(join(folder, NAME), 0o000);
    });
    expect(await park.askInVain()).toMatch(/cannot be (read|opened) \(EACCES\)/);
  });

  it('a pipe among good files costs nobody else the threads that files are read by', async () => {
    const park = await openAbusedPark(fileBank(), (folder) => {
      for (let number = 1; number <= 8; number++) execFileSync('mkfifo', [join(folder, `贷款_2022010${number}.csv`)]);
      drop(csv('A,1'))(folder);
    });
    expect(await park.askInVain()).toMatch(/but got: a folder, a pipe or a device/);
    expect(await park.askInVain()).toMatch(/but got: a folder, a pipe or a device/);
    for (let number = 1; number <= 8; number++) rmSync(join(park.folder, `贷款_2022010${number}.csv`));
    expect((await park.ask()).balances).toEqual({ A: '1.00' });
  });
});

describe('the column names', () => {
  it.each<[name: string, message: RegExp, content: string | Buffer]>([
    ['two of one name', /expected column names that differ, but got: 余额 twice\.$/, '借据号,余额,余额\nA,1,2\n'],
    ['an empty one', /expected a name for each column, but got: none for column 2/, '借据号,,余额\nA,1,2\n'],
    ['others than the mapping’s', /^The columns of bank changed\. Loan: 借据号 is missing/, '借据,余额\nA,1\n'],
    ['100,000', /expected at most 2000 columns, but got: 100002\.$/, `借据号,余额,${Array.from({ length: 100_000 }, (_, index) => `c${index}`)}\nA,1\n`],
    ['in another encoding', /State the file's encoding in source\.yml\.$/, iconv.encode(csv('A,1'), 'gb18030')],
    ['in UTF-16', /are not utf-8|the mapping|encoding/, iconv.encode(csv('A,1'), 'utf-16', { addBOM: true })],
  ])('%s: the bank is unavailable, and the answer says why', async (_name, message, content) => {
    const park = await openAbusedPark(fileBank(), drop(content));
    expect(await park.askInVain()).toMatch(message);
  });

  it('that are SQL are names like any other', async () => {
    const table = `x"; DROP TABLE loan; --`;
    const columns = { number: table, balance: "余额' OR 1=1" };
    const { columns: others } = (fileBank() as { books: { Loan: { columns: object } } }).books.Loan;
    const park = await openAbusedPark(
      fileBank({}, { columns: { ...others, ...columns } }),
      drop(`"x""; DROP TABLE loan; --",余额' OR 1=1\n"A'; DELETE FROM loan; --",1\n`),
    );
    expect((await park.ask()).balances).toEqual({ "A'; DELETE FROM loan; --": '1.00' });
  });
});

describe('a row', () => {
  it.each<[name: string, reason: RegExp, row: string | Buffer]>([
    ['with a cell of ten thousand characters', /number \(column 借据号\): expected a text of at most/, `${'长'.repeat(10_000)},1`],
    ['with a cell of more', /借据号: expected at most 10000 characters, but got: 10001$/, `${'长'.repeat(10_001)},1`],
    ['with too many cells', /expected 2 cells, one for each column name, but got: 3$/, 'A,1,2'],
    ['with too few', /expected 2 cells, one for each column name, but got: 1$/, 'A'],
    ['with NUL in a text', /a text without control characters/, 'A\0B,1'],
    ['with control characters in a text', /a text without control characters/, 'A\u001b[31mB,1'],
    ['with a text that turns its direction', /a text without control characters/, 'A\u202eB,1'],
    ['with bytes that mean nothing', /bytes that mean nothing in it$/, Buffer.from([0x41, 0xff, 0xfe, 0x2c, 0x31])],
    ['with half a character', /bytes that mean nothing in it$/, Buffer.from([0xe4, 0xb8, 0x2c, 0x31])],
    ['with half a pair of UTF-16 in UTF-8', /bytes that mean nothing in it$/, Buffer.from([0xed, 0xa0, 0x80, 0x2c, 0x31])],
    ['with a formula for an amount', /balance \(column 余额\): expected an amount/, `A,"=cmd|'/c calc'!A0"`],
    ['with a sum for an amount', /balance \(column 余额\): expected an amount/, 'A,=1+1'],
    ['with NaN for an amount', /balance \(column 余额\): expected an amount/, 'A,NaN'],
    ['with Infinity for an amount', /balance \(column 余额\): expected an amount/, 'A,Infinity'],
    // What Excel writes when a column is too narrow: digits are lost.
    ['with 1E+05 for an amount', /balance \(column 余额\): expected an amount/, 'A,1E+05'],
    ['with 1e400 for an amount', /balance \(column 余额\): expected/, 'A,1e400'],
    ['with an amount beyond what the store keeps', /balance \(column 余额\): expected/, 'A,99999999999999999999'],
    ['with a fraction of a fen', /balance \(column 余额\): expected/, 'A,0.001'],
    ['with an amount in hexadecimal', /balance \(column 余额\): expected an amount/, 'A,0x10'],
    ['with an empty amount', /balance \(column 余额\): expected a value/, 'A,'],
    ['without an id', /number \(column 借据号\): expected a value/, ',1'],
  ])('%s is set aside with its reason and place; the others stay', async (_name, reason, row) => {
    const park = await openAbusedPark(fileBank(), drop(Buffer.concat([Buffer.from('借据号,余额\nFIRST,1\n'), Buffer.from(row), Buffer.from('\nLAST,3\n')])));
    expect((await park.ask()).balances).toEqual({ FIRST: '1.00', LAST: '3.00' });
    expect(await park.setAside()).toEqual({ [`${NAME} line 3`]: expect.stringMatching(reason) });
  });

  it.each<[written: string, balance: string]>([
    ['-0', '0.00'],
    ['(1)', '-1.00'],
    ['（1）', '-1.00'],
    ['"1,234.50"', '1234.50'],
    ['１２３４．５', '1234.50'],
    ['-12.30', '-12.30'],
    ['￥5', '5.00'],
    ['9007199254740993', '9007199254740993.00'],
  ])('with the amount %s is read exactly', async (written, balance) => {
    const park = await openAbusedPark(fileBank(), drop(csv(`A,${written}`)));
    expect((await park.ask()).balances, JSON.stringify(await park.setAside())).toEqual({ A: balance });
  });

  it.each([
    '=1+1',
    "=cmd|'/c calc'!A0",
    '+1',
    '-1',
    '@SUM(A1)',
    '1;DROP TABLE loan',
    "' OR ''='",
    '<script>alert(1)</script>',
    '__proto__',
    'constructor',
    '{{7*7}}',
  ])('with the id %s keeps it letter by letter', async (id) => {
    const park = await openAbusedPark(fileBank(), drop(csv(`${id},1`, 'B,2')));
    expect((await park.ask()).balances).toEqual(
      Object.fromEntries([
        [id, '1.00'],
        ['B', '2.00'],
      ]),
    );
  });

  it.each(['2021-02-30', '2021-13-01', '0000-00-00', '2021-2-29', '明天', '44561.5'])('with the day %s is set aside', async (day) => {
    const { columns } = (fileBank() as { books: { Loan: { columns: object } } }).books.Loan;
    const park = await openAbusedPark(fileBank({}, { columns: { ...columns, date: '日期' } }), drop(`借据号,余额,日期\nA,1,${day}\nB,2,2021-03-05\n`));
    expect((await park.ask()).balances).toEqual({ B: '2.00' });
    expect(Object.values(await park.setAside())).toEqual([expect.stringMatching(/^date \(column 日期\): expected/)]);
  });
});

describe('a quote that is never closed', () => {
  it('refuses the file, instead of swallowing the rows behind it', async () => {
    const park = await openAbusedPark(fileBank(), drop(csv('A,1', 'B,"2', ...Array.from({ length: 1000 }, (_, index) => `C${index},1`))));
    expect(await park.askInVain()).toMatch(/^贷款_20211231\.csv: line 3: a quote is opened here and never closed\./);
  });

  it('makes the bank unavailable until it is closed; the copy of the drop before is kept', async () => {
    const park = await openAbusedPark(fileBank(), drop(csv('A,1')));
    expect((await park.ask()).balances).toEqual({ A: '1.00' });
    writeFileSync(join(park.folder, '贷款_20220331.csv'), csv('A,"2'));
    const [failed] = await park.hub.hub.sync(['bank'], { by: 'test' });
    expect(failed?.error?.message).toMatch(/never closed/);
    rmSync(join(park.folder, '贷款_20220331.csv'));
    const [again] = await park.hub.hub.sync(['bank'], { by: 'test' });
    // Nothing had to be copied: the old state was whole.
    expect(again?.run).toBeUndefined();
    writeFileSync(join(park.folder, '贷款_20220331.csv'), csv('A,2'));
    await park.hub.hub.sync(['bank'], { by: 'test' });
    expect((await park.ask()).balances).toEqual({ A: '2.00' });
  });

  it('under the policy stale leaves the copy of the drop before to answer, and says so', async () => {
    let now = Date.parse('2022-04-01T00:00:00Z');
    const park = await openAbusedPark(fileBank({}, {}, { policy: 'stale' }), drop(csv('A,1')), {}, () => new Date(now));
    expect((await park.ask()).balances).toEqual({ A: '1.00' });
    writeFileSync(join(park.folder, '贷款_20220331.csv'), csv('A,"2'));
    now += 10_000;
    const { balances, report } = await park.ask();
    expect(balances).toEqual({ A: '1.00' });
    expect(report).toMatchObject({ state: 'STALE', message: expect.stringMatching(/never closed/) });
  });
});

describe('a file in GB18030', () => {
  const bank = fileBank({ encoding: 'gb18030' });

  it('with bytes that are none sets those rows aside', async () => {
    const content = Buffer.concat([iconv.encode('借据号,余额\n甲,1\n', 'gb18030'), Buffer.from([0x81, 0x20, 0xff]), iconv.encode(',1\n乙,2\n', 'gb18030')]);
    const park = await openAbusedPark(bank, drop(content));
    expect((await park.ask()).balances).toEqual({ 甲: '1.00', 乙: '2.00' });
    expect(Object.values(await park.setAside())).toEqual([expect.stringMatching(/expected text in gb18030/)]);
  });

  it('that is UTF-8 in truth is refused, not read as other characters', async () => {
    const park = await openAbusedPark(bank, drop(csv('甲,1')));
    expect(await park.askInVain()).toMatch(/State the file's encoding|lacks: 借据号, 余额/);
  });
});

describe('a drop that changes while it is read', () => {
  const big = (balance: number): string => csv(...Array.from({ length: 60_000 }, (_, index) => `L${index},${balance}`));
  const balances = async (park: Awaited<ReturnType<typeof openAbusedPark>>) => {
    const { loans } = await park.hub.ask('{ loans(where: { sourceId: { eq: "bank" } }) { totals { count sum { balance } } } }');
    return loans.totals[0];
  };

  it.each<[name: string, change: (folder: string) => void]>([
    ['grows', (folder) => writeFileSync(join(folder, NAME), 'X,1\n', { flag: 'a' })],
    ['is cut off', (folder) => truncateSync(join(folder, NAME), 1000)],
    ['is written anew', (folder) => writeFileSync(join(folder, NAME), big(2))],
  ])('(%s) is not taken by half: all rows of one of its states, or a failure that says so', async (_name, change) => {
    const park = await openAbusedPark(fileBank({}, {}, { deadline: 30_000 }), drop(big(1)));
    let changed = false;
    const [outcome] = await park.hub.hub.sync(['bank'], {
      by: 'test',
      onProgress: ({ source, read }) => {
        if (source !== 'bank' || read < 1_000 || changed) return;
        changed = true;
        change(park.folder);
      },
    });
    expect(changed).toBe(true);
    expect(outcome?.error?.message).toMatch(/^贷款_20211231\.csv: (the file was changed while it was being read\.|line \d+)/);
    writeFileSync(join(park.folder, NAME), big(3));
    await park.hub.hub.sync(['bank'], { by: 'test' });
    expect(await balances(park)).toEqual({ count: 60_000, sum: { balance: '180000.00' } });
  });

  it.each<[name: string, change: (folder: string) => void]>([
    [
      'is replaced by another of its name',
      (folder) => {
        writeFileSync(join(folder, '.new'), big(2));
        renameSync(join(folder, '.new'), join(folder, NAME));
      },
    ],
    ['vanishes', (folder) => rmSync(join(folder, NAME))],
  ])('(%s) is read as it was opened', async (_name, change) => {
    const park = await openAbusedPark(fileBank({}, {}, { deadline: 30_000 }), drop(big(1)));
    let changed = false;
    const [outcome] = await park.hub.hub.sync(['bank'], {
      by: 'test',
      onProgress: ({ source, read }) => {
        if (source !== 'bank' || read < 1_000 || changed) return;
        changed = true;
        change(park.folder);
      },
    });
    expect(changed).toBe(true);
    expect(outcome?.run).toMatchObject({ read: 60_000, accepted: 60_000 });
    drop(csv('A,5'))(park.folder);
    await park.hub.hub.sync(['bank'], { by: 'test' });
    expect(await balances(park)).toEqual({ count: 1, sum: { balance: '5.00' } });
  });
});
