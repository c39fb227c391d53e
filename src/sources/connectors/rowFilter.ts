/** The row filters of a mapping (`where`), over raw cells in memory. */
import type { RowFilter } from '../../config/sourceFile.js';
import type { RawValue } from '../raw.js';

/** Cells by column name. Without a prototype, so that a column called `constructor` or `__proto__` is a column like any other. */
export function cellsOf(entries: Iterable<readonly [string, RawValue]>): Record<string, RawValue> {
  const cells: Record<string, RawValue> = Object.create(null);
  for (const [name, value] of entries) cells[name] = value;
  return cells;
}

/** The text of a cell as filters, skips and joins compare it: trimmed; the empty text for no value. A date is its ISO instant. */
export function textOf(value: RawValue): string {
  if (value === null || value === undefined) return '';
  return (value instanceof Date ? value.toISOString() : String(value)).trim();
}

/**
 * Whether the row keeps every filter. Two-valued: an empty cell differs from every value (`notEquals` keeps it, `equals`
 * and `in` do not).
 */
export function keepsRowFilters(cells: Readonly<Record<string, RawValue>>, filters: readonly RowFilter[] | undefined): boolean {
  return (filters ?? []).every((filter) => {
    const text = textOf(cells[filter.column]);
    if (filter.equals !== undefined) return text === textOf(filter.equals);
    if (filter.notEquals !== undefined) return text !== textOf(filter.notEquals);
    if (filter.in !== undefined) return filter.in.some((value) => text === textOf(value));
    return (text === '') === filter.empty;
  });
}
