import type { Dialect } from './dialect.js';

/** SQLite 3.45 (libsql). */
export const sqlite: Dialect = {
  name: 'sqlite',
  maximumParameters: 32_766,
  parameter: () => '?',
  quote: (identifier) => `"${identifier.replaceAll('"', '""')}"`,
  number: (parameter) => `CAST(${parameter} AS NUMERIC)`,
  storedAsNumber: (expression) => `typeof(${expression}) IN ('integer', 'real')`,
  exact: (expression) => `CASE typeof(${expression}) WHEN 'integer' THEN CAST(${expression} AS TEXT) ELSE ${expression} END`,
  scaled: (expression, factor) => `CAST(ROUND(${expression} * ${factor}) AS INTEGER)`,
  oneOfArray: (expression, parameter, numeric) => `${expression} IN (SELECT ${numeric ? 'CAST(value AS NUMERIC)' : 'value'} FROM json_each(${parameter}))`,
  placeOf: (expression, parameter) => `instr(${expression}, ${parameter})`,
  year: (expression) => `CAST(substr(${expression}, 1, 4) AS INTEGER)`,
};
