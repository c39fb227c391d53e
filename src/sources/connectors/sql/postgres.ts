/**
 * PostgreSQL 12 and later.
 *
 * Texts are compared with the collation "C", which is the order of code points in UTF-8. An index of a column of another
 * collation cannot serve that; equality of any deterministic collation is that of the texts themselves, so it is asked
 * of the bare column.
 */
import { type Collation, type ColumnKind, type ColumnType, DIGITS_AND_CAPITALS } from './columnType.js';
import type { ComparedAs, Dialect } from './dialect.js';
import type { RawRow } from './reader.js';

const KINDS: Readonly<Record<string, ColumnKind>> = {
  text: 'text',
  varchar: 'text',
  bpchar: 'text',
  name: 'text',
  citext: 'text',
  int2: 'whole',
  int4: 'whole',
  int8: 'whole',
  oid: 'whole',
  numeric: 'decimal',
  float4: 'float',
  float8: 'float',
  date: 'day',
  timestamp: 'moment',
  timestamptz: 'moment',
  bytea: 'bytes',
};

const TYPES: Readonly<Record<ComparedAs, string>> = { text: 'text', number: 'numeric', whole: 'bigint', day: 'date' };

// Through jsonb: which columns these catalogues have depends on the server's version.
const COLUMNS = `SELECT a.attname AS name, COALESCE(b.typname, t.typname) AS type, a.attnotnull AS filled, c.collname AS collation,
  to_jsonb(c) ->> 'collprovider' AS provider, to_jsonb(c) ->> 'collisdeterministic' AS deterministic,
  to_jsonb(d) ->> 'datlocprovider' AS default_provider, d.datcollate AS default_collation
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
LEFT JOIN pg_catalog.pg_collation c ON c.oid = a.attcollation
JOIN pg_catalog.pg_database d ON d.datname = current_database()
WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped`;

/** PostgreSQL. */
export const postgres: Dialect = {
  name: 'postgres',
  maximumParameters: 65_535,
  columns: {
    statement: ({ schema, table }) => ({ text: COLUMNS, parameters: [[...(schema ? [schema] : []), table].map((part) => postgres.quote(part)).join('.')] }),
    read: (row) => ({ name: String(row.name), type: typeOf(row) }),
  },
  ignoresCase: false,
  parameter: (index) => `$${index}`,
  quote: (identifier) => `"${identifier.replaceAll('"', '""')}"`,
  // A text takes the type of what it is compared with; a cast of its own would keep an index of CHAR from serving.
  typed: (parameter, as) => (as === 'text' ? parameter : `CAST(${parameter} AS ${TYPES[as]})`),
  cell: (expression, type) => {
    if (type.kind === 'bytes') return expression;
    // Systems keep days as midnights; a time of day is shown, and refused by the mapping.
    if (type.kind === 'moment') return `CASE WHEN ${expression} = date_trunc('day', ${expression}) THEN ${isoDay(expression)} ELSE ${asText(expression)} END`;
    return asText(expression);
  },
  // The text of a float is the number that its owner wrote; the float itself is a neighbour of it.
  amount: (expression, type) => (type.kind === 'float' ? `CAST(${asText(expression)} AS numeric)` : expression),
  text: (expression, type) => {
    const isPlain = type.kind === 'text' && type.name !== 'bpchar' && type.name !== 'citext';
    if (isPlain && type.collation?.equals === 'same' && type.collation.orders === 'all') return expression;
    return `${isPlain ? expression : type.kind === 'moment' ? `(${postgres.cell(expression, type)})` : asText(expression)} COLLATE "C"`;
  },
  exact: asText,
  scaled: (expression, factor) => `ROUND(CAST(${expression} AS numeric) * ${factor})`,
  joined: (expressions, between = '-') => `(${expressions.map(asText).join(` || '${between}' || `)})`,
  order: (expression, descending, nullsFirst) => `${expression} ${descending ? 'DESC' : 'ASC'} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`,
  list: {
    parameter: (values) => `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`,
    // An index of CHAR serves CHAR only.
    holds: (expression, parameter, as, type) =>
      `${expression} = ANY (CAST(${parameter} AS ${as === 'text' && type.name === 'bpchar' ? 'bpchar' : TYPES[as]}[]))`,
  },
  gathered: (columns) => `CAST(COALESCE(json_agg(${columns.length === 1 ? columns[0] : `json_build_array(${columns.join(', ')})`}), '[]') AS text)`,
  placeOf: (expression, parameter) => `strpos(${expression}, ${parameter})`,
  year: (expression, type) => (type.kind === 'day' || type.kind === 'moment' ? `EXTRACT(YEAR FROM ${expression})` : `substr(${expression}, 1, 4)`),
};

function asText(expression: string): string {
  return `CAST(${expression} AS text)`;
}

function isoDay(expression: string): string {
  return asText(`CAST(${expression} AS date)`);
}

function typeOf(row: RawRow): ColumnType {
  const name = String(row.type);
  const kind = KINDS[name] ?? 'other';
  const type = { kind, name, filled: row.filled === 't' };
  return kind === 'text' ? { ...type, collation: collationOf(row, name) } : type;
}

function collationOf(row: RawRow, type: string): Collation {
  const isDefault = row.collation === 'default';
  const name = isDefault ? String(row.default_collation) : String(row.collation);
  const provider = isDefault ? (row.default_provider ?? 'c') : row.provider;
  // 'b' is the builtin provider, whose every collation is in the order of code points; 'c' the C library, 'i' ICU.
  const byCodePoint = provider === 'b' || (provider === 'c' && (name === 'C' || name === 'POSIX')) || name === 'ucs_basic';
  const orders = byCodePoint ? 'all' : provider === 'i' || /^(C|en|zh)[._]/.test(name) ? DIGITS_AND_CAPITALS : undefined;
  if (type === 'citext' || row.deterministic === 'false') return { name, equals: 'more', orders: undefined };
  return { name, equals: type === 'bpchar' ? 'blanks' : 'same', orders };
}
