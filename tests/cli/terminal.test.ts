import { PassThrough } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { expect, it } from 'vitest';
import { processTerminal } from '../../src/cli/terminal.js';

/** A stream that takes itself for a terminal of so many columns, and what was written to it. */
function terminalOf(columns: number): { stream: WriteStream; written: () => string } {
  const stream = new PassThrough() as unknown as WriteStream & { isTTY: boolean };
  Object.assign(stream, {
    isTTY: true,
    columns,
    hasColors: () => false,
    cursorTo: () => true,
    clearLine: () => true,
    moveCursor: () => true,
    getColorDepth: () => 1,
  });
  let written = '';
  stream.on('data', (chunk: Buffer) => {
    written += chunk.toString();
  });
  return { stream, written: () => written };
}

it.each([80, 0])('waits for the work at a terminal of %i columns, and gives what it gave', async (columns) => {
  const { stream } = terminalOf(columns);
  const slow = new Promise<string>((resolve) => setTimeout(() => resolve('done'), 50));
  expect(await processTerminal(stream, stream).progress('Opening …', slow)).toBe('done');
});

it('shows nothing where a terminal does not know its width', async () => {
  const { stream, written } = terminalOf(0);
  await processTerminal(stream, stream).progress('Opening …', Promise.resolve());
  expect(written()).toBe('');
});

it('shows what is under way where the width is known', async () => {
  const { stream, written } = terminalOf(80);
  await processTerminal(stream, stream).progress('Opening …', new Promise((resolve) => setTimeout(resolve, 50)));
  expect(written()).toContain('Opening …');
});
