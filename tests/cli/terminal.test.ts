import { describe, expect, test } from 'vitest';
import { table } from '../../src/cli/table.js';
import { processTerminal } from '../../src/cli/terminal.js';

/** A stream that keeps what is written to it, with the traits of a terminal. */
function stream(traits: { isTTY: boolean; columns?: number; colours?: boolean }): NodeJS.WriteStream & { written: string } {
  const kept = {
    ...traits,
    written: '',
    hasColors: () => traits.colours ?? false,
    write: (text: string) => {
      kept.written += text;
      return true;
    },
    cursorTo: () => true,
    clearLine: () => true,
    moveCursor: () => true,
    on: () => kept,
    once: () => kept,
    off: () => kept,
    removeListener: () => kept,
  };
  return kept as unknown as NodeJS.WriteStream & { written: string };
}

describe('the terminal', () => {
  test.each([
    ['no terminal', { isTTY: false, columns: 80 }],
    ['a terminal without a width', { isTTY: true, columns: 0 }],
  ])('shows no progress on %s', async (_name, traits) => {
    const stderr = stream(traits);
    expect(await processTerminal(stream({ isTTY: false }), stderr).progress('Waiting …', () => Promise.resolve(7))).toBe(7);
    expect(stderr.written).toBe('');
  });

  test('shows progress on a terminal, and lets a failure through', async () => {
    const stderr = stream({ isTTY: true, columns: 80 });
    await expect(processTerminal(stream({ isTTY: true }), stderr).progress('Waiting …', () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(stderr.written).toContain('Waiting …');
  });

  test('uses colours only where the terminal has them', () => {
    const styled = (traits: { isTTY: boolean; colours: boolean }): string => processTerminal(stream(traits), stream(traits)).style('bad', 'text');
    expect(styled({ isTTY: true, colours: false })).toBe('text');
    expect(styled({ isTTY: false, colours: true })).toBe('text');
  });

  test('keeps what was asked for apart from what is said beside it', () => {
    const [stdout, stderr] = [stream({ isTTY: false }), stream({ isTTY: false })];
    const terminal = processTerminal(stdout, stderr);
    terminal.print('answer');
    terminal.note('beside');
    expect([stdout.written, stderr.written]).toEqual(['answer\n', 'beside\n']);
  });
});

test('a table counts a Chinese character as two columns and has no spaces at the ends of its lines', () => {
  const plain = processTerminal(stream({ isTTY: false }), stream({ isTTY: false }));
  const rows = [
    ['浦发银行', '27'],
    ['ICBC', '5'],
  ];
  expect(table(['Name', 'Rows'], rows, plain, [1])).toBe('Name      Rows\n浦发银行    27\nICBC         5');
});
