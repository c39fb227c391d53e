import { GraphQLError, GraphQLScalarType, Kind, print, type ValueNode } from 'graphql';
import { isUscc } from '../rules/uscc.js';
import { formatDecimal, parseDecimal } from '../values/decimal.js';
import { formatYuan, parseYuan } from '../values/money.js';
import { isDate, parseDateTime } from '../values/time.js';

/** How a scalar reads its text; undefined when the text is not of its form. */
type TextParser = (text: string) => unknown;

function textScalar(name: string, description: string, expected: string, parse: TextParser, serialize: (value: unknown) => string): GraphQLScalarType {
  const read = (text: unknown, shown: string, nodes?: ValueNode): unknown => {
    const value = typeof text === 'string' ? parse(text) : undefined;
    if (value === undefined) throw new GraphQLError(`${name}: expected ${expected}, but got: ${shown}.`, { nodes, extensions: { code: 'BAD_USER_INPUT' } });
    return value;
  };
  return new GraphQLScalarType({
    name,
    description,
    serialize,
    parseValue: (value) => read(value, JSON.stringify(value) ?? String(value)),
    parseLiteral: (node) => read(node.kind === Kind.STRING || node.kind === Kind.INT || node.kind === Kind.FLOAT ? node.value : undefined, print(node), node),
  });
}

/** An amount in CNY; a bigint of fen inside, "14500000.00" (yuan) outside. */
export const MoneyScalar = textScalar(
  'Money',
  'An exact amount in CNY (yuan), a decimal string with two places: "14500000.00". 人民币金额（元）',
  'yuan as a string with at most two decimal places such as "14500000.00"',
  parseYuan,
  (value) => formatYuan(value as bigint),
);

/** An exact decimal; a bigint of millionths inside, "0.5685" outside. */
export const DecimalScalar = textScalar(
  'Decimal',
  'An exact decimal (a ratio, a rate, an area in m²), a plain decimal string with at most six places: "0.5685". 小数',
  'a decimal as a string with at most six decimal places such as "0.5685"',
  parseDecimal,
  (value) => formatDecimal(value as bigint),
);

/** A day, "2021-12-31". */
export const DateScalar = textScalar(
  'Date',
  'A day in the park (Asia/Shanghai), YYYY-MM-DD. 日期',
  'a day that exists, as YYYY-MM-DD',
  (text) => (isDate(text) ? text : undefined),
  (value) => value as string,
);

/** An instant in UTC, "2021-12-31T16:00:00.000Z". */
export const DateTimeScalar = textScalar(
  'DateTime',
  'An instant, ISO 8601 in UTC with milliseconds: "2022-01-05T02:24:54.000Z". 时间',
  'an ISO 8601 instant with its zone such as "2022-01-05T10:24:54+08:00"',
  parseDateTime,
  (value) => value as string,
);

/** A unified social credit code. */
export const UsccScalar = textScalar(
  'USCC',
  'A unified social credit code, 18 characters, check character included (GB 32100-2015). 统一社会信用代码',
  '18 characters of a unified social credit code whose check character is right',
  (text) => (isUscc(text) ? text : undefined),
  (value) => value as string,
);
