import { type ConstValueNode, GraphQLError, parseConstValue } from 'graphql';
import { describe, expect, it } from 'vitest';
import { DateScalar, DateTimeScalar, DecimalScalar, MoneyScalar, UsccScalar } from '../../src/schema/scalars.js';

describe.each([
  [MoneyScalar, '"14500000.00"', 1_450_000_000n, '14500000.00'],
  [MoneyScalar, '12.5', 1250n, '12.50'],
  [MoneyScalar, '-3', -300n, '-3.00'],
  [DecimalScalar, '"0.5685"', 568_500n, '0.5685'],
  [DecimalScalar, '"-1.500000"', -1_500_000n, '-1.5'],
  [DateScalar, '"2020-02-29"', '2020-02-29', '2020-02-29'],
  [DateTimeScalar, '"2022-01-05T10:24:54+08:00"', '2022-01-05T02:24:54.000Z', '2022-01-05T02:24:54.000Z'],
  [UsccScalar, '"91100000100003962T"', '91100000100003962T', '91100000100003962T'],
])('%s of the literal %s', (scalar, literal, inside, outside) => {
  it('is read exactly, and written in one form', () => {
    expect(scalar.parseLiteral(parseConstValue(literal))).toBe(inside);
    expect(scalar.serialize(inside)).toBe(outside);
    expect(scalar.parseValue(outside)).toBe(inside);
  });
});

describe.each([
  [MoneyScalar, '"1.234"'],
  [MoneyScalar, '"1,000.00"'],
  [MoneyScalar, '1e3'],
  [MoneyScalar, '{yuan: 1}'],
  [MoneyScalar, 'true'],
  [DecimalScalar, '"0.1234567"'],
  [DecimalScalar, '"NaN"'],
  [DateScalar, '"2021-02-29"'],
  [DateScalar, '"2021-2-1"'],
  [DateTimeScalar, '"2022-01-05T10:24:54"'],
  [UsccScalar, '"91100000100003962X"'],
  [UsccScalar, '"91100000100003962t"'],
])('%s of the literal %s', (scalar, literal) => {
  it('is refused with what was expected, what came, and where', () => {
    const node = parseConstValue(literal) as ConstValueNode;
    const refused = (): unknown => scalar.parseLiteral(node);
    expect(refused).toThrow(GraphQLError);
    expect(refused).toThrow(new RegExp(`^${scalar.name}: expected .*, but got: `));
    try {
      refused();
    } catch (error) {
      expect((error as GraphQLError).nodes).toEqual([node]);
      expect((error as GraphQLError).message).not.toContain('undefined');
    }
  });
});

it('a number in a variable is no amount: it may have been a float on the way', () => {
  expect(() => MoneyScalar.parseValue(12.5)).toThrow('Money: expected yuan as a string with at most two decimal places such as "14500000.00", but got: 12.5.');
});
