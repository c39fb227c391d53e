/** Plain tables for a terminal: columns, no frames; Chinese characters count as two columns. */
import Table from 'cli-table3';
import type { Terminal } from './terminal.js';

const noFrame = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
  ].map((part) => [part, '']),
);

/** The table as text, without a line break at the end. `right` names the columns, from 0, whose cells are numbers. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], terminal: Terminal, right: readonly number[] = []): string {
  const drawn = new Table({
    head: head.map((cell) => terminal.style('faint', cell)),
    chars: { ...noFrame, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: head.map((_cell, column) => (right.includes(column) ? 'right' : 'left')),
  });
  for (const row of rows) drawn.push([...row]);
  return drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** An instant as tables show it: to the second. */
export function withoutMilliseconds(instant: string): string {
  return instant.replace(/\.\d+Z$/, 'Z');
}
