import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ReadTrace } from '../../src/access/trace.js';
import { beginningOf, ChainCheck, following, lineOf, operationOf, type TraceRecord } from '../../src/access/traceChain.js';
import { TraceFile } from '../../src/access/traceFile.js';
import { formatHead, headFileOf, parseHead, readHead } from '../../src/access/traceHead.js';
import { isJournal, journalsOf } from '../../src/access/traceJournal.js';
import { build, root } from '../helpers/commandLine.js';
import { copyOf, faultsOf, operation, removeTraces, tamper, traceFile, written } from './traceFile.js';

afterAll(removeTraces);

describe('the trace', () => {
  test('keeps what was written, and gives a company its own of it, the last first', async () => {
    const trace = new ReadTrace(traceFile(), 'test');
    await trace.write(operation('first', ['A', 'B']));
    await trace.write(operation('second', ['B']));
    await trace.write({ ...operation('third', ['A']), address: null });
    const reads = await trace.readsOf('A', { limit: 10 });
    expect(reads.map(({ id, operation: name, reads: own }) => [id, name, own.map(({ rows, companies }) => [rows, companies])])).toEqual([
      [3, 'third', [[1, new Map([['A', 1]])]]],
      [1, 'first', [[1, new Map([['A', 1]])]]],
    ]);
    expect(JSON.stringify(reads)).not.toMatch(/"B"|192\.0\.2\.7/);
    expect(reads.map(({ origin }) => origin)).toEqual([null, expect.stringMatching(/^[0-9a-f]{12}$/)]);
    expect((await trace.readsOf('A', { limit: 1, before: 3 })).map(({ id }) => id)).toEqual([1]);
    expect(await trace.readsOf("A' OR 1=1 --", { limit: 10 })).toEqual([]);
    expect(await trace.verify()).toMatchObject({ records: 3, head: { seq: 3 }, faults: [] });
    await trace.close();
  });

  test('makes no file before there is something to keep', async () => {
    const file = traceFile();
    const trace = new ReadTrace(file, 'test');
    expect(await trace.readsOf('A', { limit: 10 })).toEqual([]);
    expect(await trace.verify()).toEqual({ records: 0, head: beginningOf('test'), waiting: 0, faults: [] });
    await trace.close();
    expect([existsSync(file), existsSync(headFileOf(file))]).toEqual([false, false]);
  });

  test('is changed by nobody who uses it: rows can neither be changed nor removed', async () => {
    const database = new Database(await written(2));
    for (const statement of [
      `UPDATE read_trace SET content = '[]'`,
      'DELETE FROM read_trace',
      'DELETE FROM read_trace_company',
      `UPDATE read_trace_company SET uscc = 'X'`,
    ])
      expect(() => database.prepare(statement).run([])).toThrow(/kept as it is/);
    database.close();
  });

  test('gives back only when the record can be found by another process', async () => {
    const file = traceFile();
    const trace = new ReadTrace(file, 'test');
    for (let index = 1; index <= 5; index++) {
      await trace.write(operation(`op${index}`));
      // As another process would look: nothing of it is in this one's memory.
      const other = new ReadTrace(file, 'test');
      expect((await other.verify()).waiting + (await other.verify()).records).toBe(index);
      expect((await other.readsOf('A', { limit: 9 })).map(({ operation: name }) => name)).toContain(`op${index}`);
      await other.close();
    }
    await trace.close();
  });

  test('takes those who wait into one transaction, each with its own record', async () => {
    const file = traceFile();
    const trace = new ReadTrace(file, 'test');
    await Promise.all(Array.from({ length: 1_200 }, (_, index) => trace.write(operation(`op${index}`, [`U${index}`]))));
    expect(await trace.verify()).toMatchObject({ records: 1_200, faults: [] });
    expect((await trace.readsOf('U777', { limit: 5 })).map(({ operation: name }) => name)).toEqual(['op777']);
    await trace.close();
  });

  test('takes what comes at the very moment its writer ends', async () => {
    const trace = new ReadTrace(traceFile(), 'test');
    // Each is written when the one before has just been: at the end of its writer, in the steps after it.
    for (let steps = 0; steps < 8; steps++) {
      await trace.write(operation('before'));
      for (let step = 0; step < steps; step++) await null;
      await trace.write(operation('after'));
    }
    expect(await trace.verify()).toMatchObject({ records: 16, faults: [] });
    await trace.close();
  });

  test('is one chain, whoever writes it at once', async () => {
    const file = traceFile();
    const traces = Array.from({ length: 4 }, () => new ReadTrace(file, 'test'));
    await Promise.all(traces.flatMap((trace, writer) => Array.from({ length: 50 }, (_, index) => trace.write(operation(`${writer}.${index}`)))));
    const names = (await traces[0]?.readsOf('A', { limit: 1_000 }))?.map(({ operation: name }) => name);
    expect(new Set(names).size).toBe(200);
    expect(await traces[1]?.verify()).toMatchObject({ records: 200, faults: [] });
    await Promise.all(traces.map((trace) => trace.close()));
  });

  test('takes no record while its files are elsewhere, and goes on when they are back', async () => {
    const file = traceFile();
    const trace = new ReadTrace(file, 'test');
    const files = [file, `${file}-wal`, `${file}-shm`];
    await trace.write(operation('first', ['A']));
    for (const name of files) renameSync(name, `${name}.away`);
    // What was recorded before that was seen is kept in the journal.
    const seen = ['first'];
    for (let index = 0; ; index++) {
      const recorded = await trace.write(operation(`meanwhile ${index}`, ['A'])).then(
        () => true,
        (error: Error) => {
          expect(error.message).toMatch(/no longer/);
          return false;
        },
      );
      if (!recorded) break;
      seen.push(`meanwhile ${index}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    // Nor in another file that was put there.
    writeFileSync(file, '');
    await expect(trace.write(operation('nor here', ['A']))).rejects.toThrow(/no longer/);
    for (const name of files) renameSync(`${name}.away`, name);
    await trace.write(operation('last', ['A']));
    expect((await trace.readsOf('A', { limit: 100 })).map(({ operation: name }) => name)).toEqual([...seen, 'last'].reverse());
    expect(await trace.verify()).toMatchObject({ records: seen.length + 1, faults: [] });
    await trace.close();
  });

  test('is not begun anew where its head says that there were records', async () => {
    const file = await written(2);
    renameSync(file, `${file}.away`);
    const trace = new ReadTrace(file, 'test');
    await expect(trace.write(operation('first again', ['A']))).rejects.toThrow(/2 records, but it is not there/);
    expect(existsSync(file)).toBe(false);
    expect((await trace.verify()).faults).not.toEqual([]);
    renameSync(`${file}.away`, file);
    await trace.write(operation('third', ['A']));
    expect(await trace.verify()).toMatchObject({ records: 3, faults: [] });
    await trace.close();
  });

  test('puts what a killed process left in its journal into the chain once, whoever looks first, and takes the journal away', async () => {
    const file = await written(2);
    const journal = `${file}-journal-999999999-00`;
    const left = [lineOf(operation('left 1', ['A'])), '{"no": "record"}', lineOf(operation('left 2', ['A']))];
    // Of its last line half was written: nobody was answered with it.
    writeFileSync(journal, `${left.join('\n')}\n${left[0]?.slice(0, 30)}`);
    expect(await faultsOf(file)).toEqual([]);
    const traces = [new ReadTrace(file, 'test'), new ReadTrace(file, 'test')];
    expect(await traces[0]?.verify()).toMatchObject({ records: 2, waiting: 2 });
    for (const found of await Promise.all(traces.map((trace) => trace.readsOf('A', { limit: 9 }))))
      expect(found.map(({ operation: name }) => name)).toEqual(['left 2', 'left 1']);
    expect(await traces[1]?.verify()).toMatchObject({ records: 4, waiting: 0, faults: [] });
    // Another process may have that number: one that was silent for a minute is not waited for.
    expect(existsSync(journal)).toBe(true);
    utimesSync(journal, new Date(0), new Date(0));
    await traces[0]?.readsOf('A', { limit: 9 });
    expect(existsSync(journal)).toBe(false);
    await Promise.all(traces.map((trace) => trace.close()));
    expect(readdirSync(path.dirname(file)).filter((name) => name.includes('journal'))).toEqual([]);
  });

  test('puts no line twice that its own process has put into the chain since it was read', async () => {
    const file = await written(1);
    const [name, line] = ['test.trace.db-journal-1-00', { journal: 'test.trace.db-journal-1-00', text: lineOf(operation('once')), end: 10 }];
    const opened = new TraceFile(file, 'writing');
    // Another process read the line; its own puts it there, takes the journal away and forgets it.
    expect(opened.chain([line], beginningOf('test')).count).toBe(1);
    expect(opened.chain([line], beginningOf('test')).count).toBe(0);
    opened.forget(name);
    expect(opened.chain([line], beginningOf('test'), () => isJournal(file, name)).count).toBe(0);
    opened.close();
    expect(await faultsOf(file)).toEqual([]);
  });

  test('is read by many while journals come and go, each record once', async () => {
    const file = traceFile();
    const reader = new ReadTrace(file, 'test');
    const recorded: string[] = [];
    for (let round = 0; round < 25; round++) {
      const writer = new ReadTrace(file, 'test');
      for (let index = 0; index < 4; index++) {
        await writer.write(operation(`${round}.${index}`));
        recorded.push(`${round}.${index}`);
      }
      await Promise.all([writer.close(), reader.readsOf('A', { limit: 1 })]);
    }
    expect((await reader.readsOf('A', { limit: 1_000 })).map(({ operation: name }) => name).sort()).toEqual([...recorded].sort());
    await reader.close();
  });

  test('begins another journal where its own was taken away, and loses nothing', async () => {
    const file = traceFile();
    const trace = new ReadTrace(file, 'test');
    for (let index = 0; index < 5; index++) {
      await trace.write(operation(`op${index}`));
      for (const name of journalsOf(file)) rmSync(path.join(path.dirname(file), name));
      await new Promise((resolve) => setTimeout(resolve, 120));
    }
    expect(await trace.verify()).toMatchObject({ records: 5, faults: [] });
    await trace.close();
  });

  test('lists what follows a record that is none', async () => {
    const file = await written(150);
    tamper(file, `UPDATE read_trace SET content = '{' WHERE seq = 1`, `UPDATE read_trace SET content = '[1,2,3,4,5,6,"U1"]' WHERE seq = 2`);
    tamper(file, 'DELETE FROM read_trace_company', 'UPDATE read_trace_listed SET "upTo" = 0');
    const trace = new ReadTrace(file, 'test');
    expect((await trace.readsOf('U1', { limit: 1_000 })).map(({ id }) => id)).toEqual(Array.from({ length: 49 }, (_, index) => 149 - 3 * index));
    await trace.close();
  });

  test('fails who waits for it where it cannot be written, and goes on when it can', async () => {
    const file = traceFile();
    writeFileSync(file, 'this is no database, and long enough to be taken for one: '.repeat(20));
    const trace = new ReadTrace(file, 'test');
    await expect(trace.write(operation('lost'))).rejects.toThrow();
    await expect(Promise.all([trace.write(operation('a')), trace.write(operation('b'))])).rejects.toThrow();
    rmSync(file);
    await trace.write(operation('kept'));
    expect(await trace.verify()).toMatchObject({ records: 1, faults: [] });
    await trace.close();
  });
});

describe('checking it finds', () => {
  let whole: string;
  beforeAll(async () => {
    whole = await written(9);
    expect(await faultsOf(whole)).toEqual([]);
  });

  const notWritten = (seq: number) => `record ${seq} is not what was written, or does not follow the one before it`;

  test.each<[string, readonly string[], readonly string[]]>([
    ['a changed record', [`UPDATE read_trace SET content = replace(content, '李娜', '李四') WHERE seq = 4`], [notWritten(4)]],
    ['a changed hash', [`UPDATE read_trace SET hash = '${'0'.repeat(64)}' WHERE seq = 4`], [notWritten(4), notWritten(5)]],
    ['a removed record', ['DELETE FROM read_trace WHERE seq = 4'], ['record 4 is missing', 'record 4 is listed for companies, and is missing']],
    ['removed records', ['DELETE FROM read_trace WHERE seq IN (4, 5)', 'DELETE FROM read_trace_company WHERE seq IN (4, 5)'], ['records 4 to 5 are missing']],
    ['a removed beginning', ['DELETE FROM read_trace WHERE seq < 3', 'DELETE FROM read_trace_company WHERE seq < 3'], ['records 1 to 2 are missing']],
    [
      'records that changed places',
      ['UPDATE read_trace SET seq = 100 WHERE seq = 4', 'UPDATE read_trace SET seq = 4 WHERE seq = 5', 'UPDATE read_trace SET seq = 5 WHERE seq = 100'],
      [notWritten(4), 'record 4 was written under another number', notWritten(5), 'record 5 was written under another number', notWritten(6)],
    ],
    [
      'a cut off end',
      ['DELETE FROM read_trace WHERE seq > 7', 'DELETE FROM read_trace_company WHERE seq > 7'],
      ['the end is missing: there were 9 records, and there are 7'],
    ],
    ['everything gone', ['DELETE FROM read_trace', 'DELETE FROM read_trace_company'], ['the end is missing: there were 9 records, and there are 0']],
    [
      'a record that was put in',
      [`INSERT INTO read_trace (seq, content, hash) VALUES (10, '[]', '${'0'.repeat(64)}')`],
      [notWritten(10), 'record 10 was written under another number'],
    ],
    [
      'a record taken off a company',
      [`DELETE FROM read_trace_company WHERE seq = 4`],
      ['record 4 is not listed for the companies that it names, or for others'],
    ],
    [
      'a record put on another company',
      [`INSERT INTO read_trace_company VALUES ('X', 4)`],
      ['record 4 is not listed for the companies that it names, or for others'],
    ],
    [
      'no table at all',
      ['DROP TABLE read_trace'],
      ['the trace cannot be read beyond record 0 (SQLITE_ERROR)', 'the end is missing: there were 9 records, and there are 0'],
    ],
  ])('%s', async (_what, statements, faults) => {
    const file = copyOf(whole);
    tamper(file, ...statements);
    const found = await faultsOf(file);
    expect(found.filter((fault) => faults.includes(fault))).toEqual(faults);
    // What is not touched is not blamed: records 1 and 2 are as they were, unless they are the ones.
    if (!/beginning|everything|no table/.test(_what)) expect(found.join()).not.toMatch(/record [12] is/);
  });

  test('a chain that was written anew after a change, by the head beside it or noted elsewhere', async () => {
    const forged = await written(9);
    tamper(forged, 'DELETE FROM read_trace', 'DELETE FROM read_trace_company', 'UPDATE read_trace_listed SET "upTo" = 0');
    rmSync(headFileOf(forged));
    await written(10, forged);
    expect(await faultsOf(forged)).toEqual([]);
    const noted = readHead(headFileOf(whole));
    const other = traceFile();
    const trace = new ReadTrace(other, 'test');
    for (let index = 0; index < 10; index++) await trace.write(operation(`forged${index}`));
    await trace.close();
    expect(await faultsOf(other, noted as NonNullable<typeof noted>)).toEqual(['record 9 is not the one that was the last when the head was noted']);
    writeFileSync(headFileOf(other), readFileSync(headFileOf(whole)));
    expect(await faultsOf(other)).toEqual(['record 9 is not the one that was the last when the head was noted']);
  });

  test('another park’s records, a lost head, and a head that is none', async () => {
    expect(await faultsOf(copyOf(whole), undefined, 'other')).toEqual([notWritten(1)]);
    const file = copyOf(whole);
    rmSync(headFileOf(file));
    expect(await faultsOf(file)).toEqual(['the head beside the trace: expected the number and the hash of its last record, but got no such file']);
    // Looking makes none.
    expect(existsSync(headFileOf(file))).toBe(false);
    writeFileSync(headFileOf(file), 'x');
    expect(await faultsOf(file)).toEqual(['the head beside the trace: expected the number and the hash of its last record, but got another text']);
    rmSync(file);
    expect(await faultsOf(copyOf(whole), { seq: 12, hash: '0'.repeat(64) })).toEqual(['the end is missing: there were 12 records, and there are 9']);
  });

  test('any one change of any record: no two traces have the same head', () => {
    const name = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(name, fc.array(fc.constantFrom('A', 'B', 'C'), { maxLength: 3 })), { minLength: 1, maxLength: 8 }),
        fc.nat(),
        name,
        (operations, at, other) => {
          const chain = (given: typeof operations): TraceRecord[] => {
            const records: TraceRecord[] = [];
            for (const [text, usccs] of given) records.push(following(records.at(-1) ?? beginningOf('p'), operation(text, usccs)));
            return records;
          };
          const faults = (records: readonly TraceRecord[], head?: TraceRecord): number => {
            const check = new ChainCheck(beginningOf('p'), head ? [head] : []);
            return records.flatMap((record) => check.next(record)).length + check.end().length;
          };
          const records = chain(operations);
          const index = at % operations.length;
          expect(faults(records, records.at(-1))).toBe(0);
          expect(operationOf((records[index] as TraceRecord).content)).toMatchObject({ seq: index + 1, operation: operations[index]?.[0] });
          expect(faults(records.toSpliced(index, 1), records.at(-1))).toBeGreaterThan(0);
          fc.pre(other !== operations[index]?.[0]);
          const content = following(records[index - 1] ?? beginningOf('p'), operation(other, operations[index]?.[1])).content;
          expect(faults(records.with(index, { ...(records[index] as TraceRecord), content }))).toBeGreaterThan(0);
          const rewritten = chain(operations.with(index, [other, operations[index]?.[1] ?? []]));
          expect(faults(rewritten, records.at(-1))).toBeGreaterThan(0);
        },
      ),
    );
  });

  test('a record says all that it was written of', () => {
    const counts = fc
      .dictionary(fc.string({ maxLength: 4 }), fc.integer({ min: 1, max: 3 }), { noNullPrototype: true })
      .map((given) => new Map(Object.entries(given)));
    fc.assert(
      fc.property(fc.array(fc.option(counts), { maxLength: 4 }), (given) => {
        const reads = given.map((companies) => ({ source: 's', entity: 'Loan', ask: 'TOTALS' as const, scopes: ['CREDIT' as const], rows: 7, companies }));
        const { content } = following(beginningOf('p'), { ...operation('op'), reads });
        expect(operationOf(content)).toEqual({ ...operation('op'), reads, seq: 1 });
      }),
    );
  });

  test('heads are read as they are printed', () => {
    const head = { seq: 12, hash: 'ab'.repeat(32) };
    expect(parseHead(formatHead(head))).toEqual(head);
    for (const text of ['', '12', `x:${head.hash}`, `12:${head.hash}0`, `12:${head.hash}\n`, `-1:${head.hash}`]) expect(parseHead(text)).toBeNull();
  });
});

describe('a process that is killed', () => {
  const script = path.join(root, 'tests/helpers/killedReader.mjs');
  beforeAll(build);

  test.each([1, 2, 3])('has recorded every read that it answered (%i)', async () => {
    const file = traceFile();
    const child = spawn(process.execPath, [script, file], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    let answered = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      answered += chunk;
      if (answered.length > 4_000) child.kill('SIGKILL');
    });
    expect(await once(child, 'close')).toEqual([null, 'SIGKILL']);
    const names = answered.split('\n').slice(0, -1);
    expect(names.length).toBeGreaterThan(100);
    const trace = new ReadTrace(file, 'test');
    expect((await trace.verify()).faults).toEqual([]);
    const recorded = new Set((await trace.readsOf('A', { limit: 1_000_000 })).map(({ operation: name }) => name));
    expect(names.filter((name) => !recorded.has(name))).toEqual([]);
    await trace.write(operation('next'));
    expect((await trace.verify()).faults).toEqual([]);
    await trace.close();
  });
});
