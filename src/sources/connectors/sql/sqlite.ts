import type { Dialect } from './dialect.js';

/** SQLite 3.45 (libsql). */
export const sqlite: Dialect = {
  name: 'sqlite',
  maximumParameters: 32_766,
  columns: {
    statement: ({ table }) => ({ text: 'SELECT name FROM pragma_table_info(?)', parameters: [table] }),
    read: (row) => ({ name: String(row.name) }),
  },
  ignoresCase: true,
  storage: (expression) => `CASE typeof(${expression}) WHEN 'integer' THEN 'whole' WHEN 'real' THEN 'fractional' WHEN 'text' THEN 'text' END`,
  parameter: () => '?',
  quote: (identifier) => `"${identifier.replaceAll('"', '""')}"`,
  typed: (parameter, as) => (as === 'number' ? `CAST(${parameter} AS NUMERIC)` : as === 'whole' ? `CAST(${parameter} AS INTEGER)` : parameter),
  cell: (expression) => sqlite.exact(expression),
  amount: (expression) => expression,
  // A survey that found whole numbers says so: `whole` where all are, `other` where some are.
  text: (expression, type) => `${type.kind === 'whole' || type.kind === 'other' ? `CAST(${expression} AS TEXT)` : expression} COLLATE BINARY`,
  exact: (expression) => `CASE typeof(${expression}) WHEN 'integer' THEN CAST(${expression} AS TEXT) ELSE ${expression} END`,
  // Whole numbers stay whole: as a float they would lose digits beyond 2^53.
  scaled: (expression, factor) =>
    `CASE typeof(${expression}) WHEN 'integer' THEN ${expression} * ${factor} ELSE CAST(ROUND(${expression} * ${factor}) AS INTEGER) END`,
  joined: (expressions, between = '-') => `(${expressions.join(` || '${between}' || `)})`,
  order: (expression, descending, nullsFirst) => `${expression} ${descending ? 'DESC' : 'ASC'} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`,
  list: {
    parameter: (values) => JSON.stringify(values),
    holds: (expression, parameter, as) => `${expression} IN (SELECT ${sqlite.typed('value', as)} FROM json_each(${parameter}))`,
  },
  gathered: (columns) => (columns.length === 1 ? `json_group_array(${columns[0]})` : `json_group_array(json_array(${columns.join(', ')}))`),
  // SQLite would walk the index of what it groups by, and look up each row of the table by itself to see whether it is wanted.
  ungrouped: (expression) => `+${expression}`,
  placeOf: (expression, parameter) => `instr(${expression}, ${parameter})`,
  year: (expression) => `CAST(substr(${expression}, 1, 4) AS INTEGER)`,
};
