import type { Dialect } from './dialect.js';

/** SQLite 3.45 (libsql). */
export const sqlite: Dialect = {
  name: 'sqlite',
  maximumParameters: 32_766,
  columnNames: (parameter) => `SELECT name FROM pragma_table_info(${parameter})`,
  parameter: () => '?',
  quote: (identifier) => `"${identifier.replaceAll('"', '""')}"`,
  number: (parameter) => `CAST(${parameter} AS NUMERIC)`,
  text: (expression) => `${expression} COLLATE BINARY`,
  numberAsText: (expression) => `CAST(${expression} AS TEXT)`,
  storage: (expression) => `CASE typeof(${expression}) WHEN 'integer' THEN 'whole' WHEN 'real' THEN 'fractional' WHEN 'text' THEN 'text' END`,
  exact: (expression) => `CASE typeof(${expression}) WHEN 'integer' THEN CAST(${expression} AS TEXT) ELSE ${expression} END`,
  // Whole numbers stay whole: as a float they would lose digits beyond 2^53.
  scaled: (expression, factor) =>
    `CASE typeof(${expression}) WHEN 'integer' THEN ${expression} * ${factor} ELSE CAST(ROUND(${expression} * ${factor}) AS INTEGER) END`,
  oneOfArray: (expression, parameter, numeric) => `${expression} IN (SELECT ${numeric ? 'CAST(value AS NUMERIC)' : 'value'} FROM json_each(${parameter}))`,
  placeOf: (expression, parameter) => `instr(${expression}, ${parameter})`,
  year: (expression) => `CAST(substr(${expression}, 1, 4) AS INTEGER)`,
};
