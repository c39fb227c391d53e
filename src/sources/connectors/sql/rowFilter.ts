/** The row filters of a mapping (`where`), as SQL. */
import type { RowFilter } from '../../../config/sourceFile.js';
import type { Parameter } from './binding.js';
import type { Dialect } from './dialect.js';
import type { BookTables } from './tables.js';

const NUMBER = /^-?\d{1,30}(\.\d{1,20})?$/;

/** The condition of a row filter, written with the placeholders that it is handed. */
export function conditionOfRowFilter(dialect: Dialect, tables: BookTables, filter: RowFilter, parameter: (value: Parameter) => string): string {
  const column = tables.quoted(filter.column);
  const type = tables.typeOf(filter.column);
  const { kind } = type;
  const isNumber = kind === 'whole' || kind === 'decimal' || kind === 'float';
  const compared = kind === 'any' ? column : isNumber ? dialect.amount(column, type) : dialect.text(column, type);
  const written = (value: string | number): string => {
    if (kind === 'any') return parameter(value);
    // A text that is no number is in no column of numbers.
    if (isNumber) return NUMBER.test(String(value)) ? dialect.typed(parameter(String(value)), 'number') : 'NULL';
    return parameter(String(value));
  };
  // The bare column beside the exact comparison: for an index of it.
  const nearly =
    kind === 'text' && compared !== column ? (values: readonly (string | number)[]) => `${column} IN (${values.map(written).join(', ')}) AND ` : undefined;
  if (filter.equals !== undefined) return `(${nearly?.([filter.equals]) ?? ''}${compared} = ${written(filter.equals)})`;
  if (filter.notEquals !== undefined) return `(${compared} <> ${written(filter.notEquals)} OR ${column} IS NULL)`;
  if (filter.in !== undefined) return `(${nearly?.(filter.in) ?? ''}${compared} IN (${filter.in.map(written).join(', ')}))`;
  const isText = kind === 'any' || kind === 'text';
  if (!isText) return `${column} IS ${filter.empty ? '' : 'NOT '}NULL`;
  return filter.empty ? `(${column} IS NULL OR ${compared} = '')` : `(${column} IS NOT NULL AND ${compared} <> '')`;
}
