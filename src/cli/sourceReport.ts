/** What `parkhub serve` and `parkhub sources` print of a hub's sources. */
import type { ShownRows } from '../access/shown.js';
import { type ConfigProblem, describeProblem } from '../config/problem.js';
import type { SourceStatus } from '../hub.js';
import { describeDrift } from '../sources/drift.js';
import { table } from './table.js';
import type { Terminal } from './terminal.js';

/** So many set-aside rows of one book are printed; `--json` gives more. */
export const MOST_SET_ASIDE = 20;

/** One line for each source: its state, as of when it speaks, how many rows it has. */
export function shortSourceTable(statuses: readonly SourceStatus[], terminal: Terminal): string {
  const rows = statuses.map((status) => [
    status.id,
    status.title,
    status.connector,
    state(status, terminal),
    asOf(status),
    String(sum(status, 'accepted')),
    setAside(sumSetAside(status), terminal),
  ]);
  return table(['Source', 'Title', 'Connector', 'State', 'As of', 'Rows', 'Set aside'], rows, terminal, [5, 6]);
}

/** One line for each book of each source: rows read, accepted, set aside. */
export function longSourceTable(statuses: readonly SourceStatus[], terminal: Terminal): string {
  const rows = statuses.flatMap((status) => {
    const head = [status.id, status.title, status.connector, state(status, terminal), asOf(status)];
    if (status.books.length === 0) return [[...head, '', '', '', '']];
    return status.books.map((book, index) => [
      ...(index === 0 ? head : head.map(() => '')),
      book.entity,
      String(book.read),
      String(book.accepted),
      setAside(book.read - book.accepted, terminal),
    ]);
  });
  return table(['Source', 'Title', 'Connector', 'State', 'As of', 'Book', 'Read', 'Accepted', 'Set aside'], rows, terminal, [6, 7, 8]);
}

/** A line for each source that does not answer, and why; and for each book whose columns changed. */
export function unavailableLines(statuses: readonly SourceStatus[], terminal: Terminal): string[] {
  const unavailable = statuses
    .filter(({ state }) => state === 'UNAVAILABLE' || state === 'STALE')
    .map(({ id, state, message }) => {
      const instead = state === 'STALE' ? ', and its last good copy answers' : '';
      return `${terminal.style('bad', id)} is unavailable${instead}: ${message ?? 'it gave no reason.'}`;
    });
  const drifted = statuses.flatMap(({ id, books }) =>
    books.flatMap(({ drift }) => (drift ? [`${terminal.style('bad', id)} has changed its columns. ${describeDrift(drift)}`] : [])),
  );
  return [...unavailable, ...drifted];
}

/** A line for each row that was set aside: where it stands and why; the first of them where there are many. */
export function setAsideLines(statuses: readonly SourceStatus[], terminal: Terminal): string[] {
  return statuses.flatMap(({ id, books }) =>
    books.flatMap(({ entity, read, accepted, setAside: rows }) => {
      const lines = rows.slice(0, MOST_SET_ASIDE).map(({ place, reason }) => `${terminal.style('warning', id)} ${entity}: ${place}: ${reason}`);
      const rest = read - accepted - lines.length;
      return rest > 0 ? [...lines, `${terminal.style('warning', id)} ${entity}: and ${rest} more; --json lists a thousand of each book.`] : lines;
    }),
  );
}

/** The rows that were set aside as the trace records them: of each book so many of them. */
export function setAsideShown(statuses: readonly SourceStatus[], most?: number): ShownRows[] {
  return statuses.flatMap(({ id, books }) =>
    books.flatMap(({ entity, setAside: { length } }) => (length > 0 ? [{ source: id, entity, rows: [], setAside: Math.min(length, most ?? length) }] : [])),
  );
}

/** A line for each problem of a configuration file. */
export function problemLines(problems: readonly ConfigProblem[], terminal: Terminal): string[] {
  return problems.map((problem) => terminal.style('bad', describeProblem(problem)));
}

/** Whether any row of any source was set aside. */
export function anySetAside(statuses: readonly SourceStatus[]): boolean {
  return statuses.some((status) => sumSetAside(status) > 0);
}

function state(status: SourceStatus, terminal: Terminal): string {
  return terminal.style(status.state === 'UNAVAILABLE' || status.state === 'STALE' ? 'bad' : 'good', status.state);
}

/** Whole seconds are enough for people. */
function asOf(status: SourceStatus): string {
  return status.asOf?.replace(/\.\d+Z$/, 'Z') ?? '';
}

function setAside(count: number, terminal: Terminal): string {
  return count === 0 ? '0' : terminal.style('warning', String(count));
}

function sum({ books }: SourceStatus, count: 'read' | 'accepted'): number {
  return books.reduce((total, book) => total + book[count], 0);
}

/** Not the list's length: a long one is cut. */
function sumSetAside(status: SourceStatus): number {
  return sum(status, 'read') - sum(status, 'accepted');
}
