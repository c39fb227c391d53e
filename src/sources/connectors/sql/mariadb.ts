/**
 * MariaDB 10.6 and later, and MySQL 8.0.17 and later.
 *
 * Columns are in most cases of a collation that takes small letters for capitals. Texts are compared by the bytes of
 * UTF-8 instead, which is the order of code points, without the padding of blanks that most collations have. An index of
 * the column serves equality all the same: the bare column finds the rows, and more; the exact comparison keeps the right ones.
 */
import { type Collation, type ColumnKind, type ColumnType, DIGITS_AND_CAPITALS } from './columnType.js';
import type { Dialect } from './dialect.js';
import type { RawRow } from './reader.js';

const KINDS: Readonly<Record<string, ColumnKind>> = {
  char: 'text',
  varchar: 'text',
  tinytext: 'text',
  text: 'text',
  mediumtext: 'text',
  longtext: 'text',
  tinyint: 'whole',
  smallint: 'whole',
  mediumint: 'whole',
  int: 'whole',
  bigint: 'whole',
  year: 'whole',
  bit: 'whole',
  decimal: 'decimal',
  float: 'float',
  double: 'float',
  date: 'day',
  datetime: 'moment',
  timestamp: 'moment',
  binary: 'bytes',
  varbinary: 'bytes',
  tinyblob: 'bytes',
  blob: 'bytes',
  mediumblob: 'bytes',
  longblob: 'bytes',
};

/** Of a general collation letters stand where their capitals do; everything else of ASCII in its place. */
const WITHOUT_SMALL_LETTERS = /^[ -`{-~]*$/;
/** Collations of the Unicode standard, and of Chinese; languages of Europe have letters of their own among those of ASCII. */
const OF_NO_LANGUAGE =
  /^((utf8(mb[34])?_)?(unicode|unicode_520|unicode_nopad|unicode_520_nopad|(uca1400|uca1400_nopad|0900|zh_0900)_a[is])_c[is]|(gbk|gb2312)_chinese_ci)$/;
const DECIMAL = 'DECIMAL(65, 30)';

const COLUMNS = `SELECT COLUMN_NAME AS name, DATA_TYPE AS type, IS_NULLABLE AS nullable, COLLATION_NAME AS collation
FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = COALESCE(?, DATABASE()) AND TABLE_NAME = ?`;

/** MariaDB. */
export const mariadb: Dialect = withCollation('mariadb', 'utf8mb4_nopad_bin');

/** MySQL, whose collation without padding has another name. */
export const mysql: Dialect = withCollation('mysql', 'utf8mb4_0900_bin');

function withCollation(name: string, codePoints: string): Dialect {
  const dialect: Dialect = {
    name,
    maximumParameters: 65_535,
    columns: {
      statement: ({ schema, table }) => ({ text: COLUMNS, parameters: [schema ?? null, table] }),
      read: (row) => ({ name: String(row.name), type: typeOf(row) }),
    },
    ignoresCase: true,
    parameter: () => '?',
    quote: (identifier) => `\`${identifier.replaceAll('`', '``')}\``,
    typed: (parameter, as) => {
      if (as === 'number') return `CAST(${parameter} AS ${DECIMAL})`;
      if (as === 'whole') return `CAST(${parameter} AS SIGNED)`;
      return as === 'day' ? `CAST(${parameter} AS DATE)` : parameter;
    },
    cell: (expression, type) => {
      if (type.name === 'bit') return `CAST(${expression} AS UNSIGNED)`;
      // Systems keep days as midnights; a time of day is shown, and refused by the mapping.
      if (type.kind === 'moment') return `IF(TIME(${expression}) = 0, ${asText(`DATE(${expression})`)}, ${asText(expression)})`;
      return type.kind === 'other' ? asText(expression) : expression;
    },
    // The text of a float is the number that its owner wrote; the float itself is a neighbour of it.
    amount: (expression, type) => (type.kind === 'float' ? `CAST(${asText(expression)} AS ${DECIMAL})` : expression),
    text: (expression, type) => {
      if (type.kind !== 'text') return `${asText(dialect.cell(expression, type))} COLLATE ${codePoints}`;
      return `${type.collation?.name.startsWith('utf8mb4_') ? expression : `CONVERT(${expression} USING utf8mb4)`} COLLATE ${codePoints}`;
    },
    exact: asText,
    scaled: (expression, factor) => `ROUND(CAST(${expression} AS DECIMAL(50, 15)) * ${factor})`,
    joined: (expressions, between = '-') => `CONCAT(${expressions.join(`, '${between}', `)})`,
    order: (expression, descending, nullsFirst) => {
      const term = `${expression} ${descending ? 'DESC' : 'ASC'}`;
      // Where empty cells stand by themselves where they are wanted, an index serves the order.
      return descending === nullsFirst ? `(${expression} IS NULL) ${nullsFirst ? 'DESC' : 'ASC'}, ${term}` : term;
    },
    placeOf: (expression, parameter) => `LOCATE(${parameter}, ${expression})`,
    year: (expression, type) => (type.kind === 'day' || type.kind === 'moment' ? `YEAR(${expression})` : `LEFT(${expression}, 4)`),
  };
  return dialect;
}

function asText(expression: string): string {
  return `CAST(${expression} AS CHAR CHARACTER SET utf8mb4)`;
}

function typeOf(row: RawRow): ColumnType {
  const name = String(row.type);
  const collation = row.collation === null || row.collation === undefined ? undefined : String(row.collation);
  // ENUM and SET are ordered by their place in the list of their values.
  const kind = KINDS[name] ?? 'other';
  const type = { kind, name, filled: row.nullable === 'NO' };
  return kind === 'text' && collation !== undefined ? { ...type, collation: collationOf(collation) } : type;
}

function collationOf(name: string): Collation {
  // Latin letters of one byte, or the code points themselves.
  if (/^(utf8mb4|utf8mb3|utf8|ascii)(_0900|_nopad)?_bin$/.test(name))
    return { name, equals: /_(0900|nopad)_bin$/.test(name) ? 'same' : 'blanks', orders: 'all' };
  if (/^utf8(mb[34])?_general_(nopad_)?ci$/.test(name)) return { name, equals: 'more', orders: WITHOUT_SMALL_LETTERS };
  return { name, equals: 'more', orders: OF_NO_LANGUAGE.test(name) ? DIGITS_AND_CAPITALS : undefined };
}
