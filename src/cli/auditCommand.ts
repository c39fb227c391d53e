/** `parkhub audit verify`: whether the record of reads is as it was written. */

import { ReadTrace, type TraceVerdict } from '../access/trace.js';
import { formatHead, parseHead } from '../access/traceHead.js';
import { readEnvironment } from '../config/environment.js';
import { traceFileOf } from '../hub.js';
import { CommandFailure } from './failure.js';
import { requirePark } from './openPark.js';
import type { Terminal } from './terminal.js';

/** The options of `parkhub audit verify`. */
export interface AuditOptions {
  /** A head that was noted elsewhere. */
  readonly head?: string;
  readonly json?: boolean;
}

/**
 * Follows the chain of a park's trace. Opens no source, and changes nothing.
 * @throws CommandFailure traceBroken, when a record was changed, moved, removed or cut off; wrongUse, for what is no head
 */
export async function verifyTrace(park: string, options: AuditOptions, terminal: Terminal): Promise<void> {
  const loaded = await requirePark(park);
  const noted = options.head === undefined ? undefined : parseHead(options.head);
  if (noted === null) throw new CommandFailure('wrongUse', `--head: expected NUMBER:HASH as audit verify prints it, but got: ${options.head}.`);
  const trace = new ReadTrace(traceFileOf(readEnvironment(), loaded.park.id), loaded.park.id);
  try {
    const verdict = await terminal.progress('Following the chain …', () => trace.verify(noted));
    if (options.json) terminal.print(JSON.stringify({ whole: verdict.faults.length === 0, ...verdict, head: formatHead(verdict.head) }, null, 2));
    else describe(verdict, terminal);
    const [first] = verdict.faults;
    if (first) throw new CommandFailure('traceBroken', `Expected the trace as it was written, but ${first.message}.`);
  } finally {
    await trace.close();
  }
}

function describe({ records, head, waiting, faults }: TraceVerdict, terminal: Terminal): void {
  if (faults.length > 0) for (const { message } of faults) terminal.print(terminal.style('bad', message));
  else if (records === 0) terminal.print('Nothing that is not public has been read yet.');
  else terminal.print(`${records} ${records === 1 ? 'record' : 'records'}; the chain is whole.`);
  if (waiting > 0)
    terminal.print(`${waiting} more ${waiting === 1 ? 'waits' : 'wait'} in a journal, until the hub puts ${waiting === 1 ? 'it' : 'them'} into the chain.`);
  terminal.print(`Head: ${formatHead(head)}`);
}
