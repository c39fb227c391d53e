/** Documents and variables that are wrong, asked over HTTP as a client would: each error names what is wrong, and nothing of the inside. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestHub, type TestHub } from '../helpers/hub.js';
import { startTestServer } from '../server/testServer.js';

describe('a document or variable that is wrong', () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await openTestHub();
  });
  afterAll(() => hub?.close());

  it.each<[string, Record<string, unknown> | undefined, string, string]>([
    ['{ loans { nodes { amout } } }', undefined, 'GRAPHQL_VALIDATION_FAILED', 'Cannot query field "amout" on type "Loan". Did you mean "amount"?'],
    [
      '{ loans(frist: 3) { totalCount } }',
      undefined,
      'GRAPHQL_VALIDATION_FAILED',
      'Unknown argument "frist" on field "Query.loans". Did you mean "first" or "last"?',
    ],
    ['{ loans { nodes { amount }', undefined, 'GRAPHQL_PARSE_FAILED', 'Syntax Error: Expected Name, found <EOF>.'],
    [
      'query ($first: Int) { loans(first: $first) { totalCount } }',
      { first: 'three' },
      'BAD_USER_INPUT',
      'Variable "$first" got invalid value "three"; Int cannot represent non-integer value: "three"',
    ],
    ['query ($uscc: USCC!) { tenant(uscc: $uscc) { name } }', {}, 'BAD_USER_INPUT', 'Variable "$uscc" of required type "USCC!" was not provided.'],
    [
      'query ($uscc: USCC!) { tenant(uscc: $uscc) { name } }',
      { uscc: '91410771MA477G3A3Y' },
      'BAD_USER_INPUT',
      'Variable "$uscc" got invalid value "91410771MA477G3A3Y"; USCC: expected 18 characters',
    ],
    ['{ tenant(uscc: "91410771MA477G3A3Y") { name } }', undefined, 'GRAPHQL_VALIDATION_FAILED', 'USCC: expected 18 characters'],
    [
      'query ($where: LoanWhere) { loans(where: $where) { totalCount } }',
      { where: { amount: { gt: '1.234' } } },
      'BAD_USER_INPUT',
      'at "where.amount.gt"; Money: expected yuan as a string with at most two decimal places',
    ],
    [
      'query ($where: LoanWhere) { loans(where: $where) { totalCount } }',
      { where: { classification: { eq: 'BAD' } } },
      'BAD_USER_INPUT',
      'Value "BAD" does not exist in "LoanClassification" enum.',
    ],
    [
      'query ($where: LoanWhere) { loans(where: $where) { totalCount } }',
      { where: { amount: null } },
      'BAD_USER_INPUT',
      'where.amount: expected a condition, but got: null.',
    ],
    ['{ loans(first: 5000) { totalCount } }', undefined, 'BAD_USER_INPUT', 'first: expected 0 to 1000, but got: 5000.'],
    ['{ loans(after: "x") { nodes { id } } }', undefined, 'BAD_USER_INPUT', 'after: expected a cursor that this list gave'],
    ['{ park { figures(years: [1]) { output } } }', undefined, 'BAD_USER_INPUT', 'years: expected years from 1949 to 9999, but got: 1.'],
  ])('is named by its error: %s %j', async (document, variables, code, message) => {
    const server = await startTestServer(hub.hub);
    const { body, text } = await server.ask(document, variables);
    expect(Object.values(body.data ?? {}).filter((value) => value !== null)).toEqual([]);
    expect(body.errors).toHaveLength(1);
    expect(body.errors?.[0]?.message).toContain(message);
    expect(body.errors?.[0]?.extensions).toEqual({ code });
    expect(text).not.toMatch(/stack|node_modules|\/work|\/tmp|SELECT/);
  });
});
