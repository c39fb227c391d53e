/** A trace of its own for a test, and the hands of who would change it. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { ReadTrace, type TracedOperation } from '../../src/access/trace.js';
import { headFileOf } from '../../src/access/traceHead.js';

const folders: string[] = [];

/** Takes away every folder that was made. For afterAll. */
export function removeTraces(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

/** The file of a new trace. */
export function traceFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'parkhub-trace-'));
  folders.push(folder);
  return join(folder, 'test.trace.db');
}

/** An operation that read one row of each of these companies. */
export function operation(name: string, usccs: readonly string[] = ['A']): TracedOperation {
  return {
    at: '2022-03-15T02:00:00.000Z',
    viewer: { kind: 'BANK', name: '李娜', via: 'test', of: 'icbc' },
    operation: name,
    document: null,
    address: '192.0.2.7',
    exported: false,
    reads: [{ source: 'icbc', entity: 'Loan', ask: 'ROWS', scopes: ['CREDIT'], rows: usccs.length, companies: new Map(usccs.map((uscc) => [uscc, 1])) }],
    authorizations: [],
  };
}

/** A trace of so many records, closed. */
export async function written(count: number, file = traceFile()): Promise<string> {
  const trace = new ReadTrace(file, 'test');
  for (let index = 0; index < count; index++) await trace.write(operation(`op${index}`, [`U${index % 3}`]));
  // Whoever looks for a company's has all records listed.
  await trace.readsOf('U0', { limit: 1 });
  await trace.close();
  return file;
}

/** Runs statements on the file as somebody would who has it, and whom no trigger stops. */
export function tamper(file: string, ...statements: readonly string[]): void {
  const database = new Database(file);
  const triggers = database.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all([]) as { name: string }[];
  for (const { name } of triggers) database.prepare(`DROP TRIGGER ${name}`).run([]);
  for (const statement of statements) database.prepare(statement).run([]);
  database.close();
}

/** A copy of a trace with its head. */
export function copyOf(file: string): string {
  const copy = traceFile();
  copyFileSync(file, copy);
  copyFileSync(headFileOf(file), headFileOf(copy));
  return copy;
}

/** What checking a trace finds. */
export async function faultsOf(file: string, noted?: Parameters<ReadTrace['verify']>[0], parkId = 'test'): Promise<string[]> {
  const trace = new ReadTrace(file, parkId);
  try {
    return (await trace.verify(noted)).faults.map(({ message }) => message);
  } finally {
    await trace.close();
  }
}
