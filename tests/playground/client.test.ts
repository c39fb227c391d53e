import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { HubError } from '../../src/schema/errors.js';
import { AskError, createClient } from '../../web/src/client.js';
import { handMadeHub } from '../server/handMadeHub.js';
import { startTestServer } from '../server/testServer.js';

const greeting = parse('query Greeting($count: Int!) { greeting(count: $count) }') as TypedDocumentNode<{ greeting: string | null }, { count: number }>;
const context = parse('query Context { context }') as TypedDocumentNode<{ context: string }, { [key: string]: never }>;
const half = parse('query Half { greeting failing }') as TypedDocumentNode<{ greeting: string }, { [key: string]: never }>;

describe('the typed client', () => {
  it('asks with variables, and without where the operation takes none', async () => {
    const { url } = await startTestServer(handMadeHub());
    const ask = createClient({ url: `${url}/graphql` });
    expect((await ask(greeting, { count: 2 })).greeting).toBe('你好 你好');
    expect((await ask(context)).context).toBe('{}');
  });

  it('does not compile where a variable is missing or of the wrong type', async () => {
    const { url } = await startTestServer(handMadeHub());
    const ask = createClient({ url: `${url}/graphql` });
    // @ts-expect-error the operation has a variable that must be given
    await expect(ask(greeting)).rejects.toThrow('Variable "$count" of required type "Int!" was not provided.');
    // @ts-expect-error a number is expected
    await expect(ask(greeting, { count: 'two' })).rejects.toThrow('Variable "$count" got invalid value "two"');
  });

  it('throws what the hub says of an error, with what could be answered', async () => {
    const { url } = await startTestServer(handMadeHub({ failing: () => new HubError('NOT_FOUND', 'No such tenant.') }));
    const error = await createClient({ url: `${url}/graphql` })(half).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AskError);
    expect(error).toMatchObject({
      message: 'The hub could not answer all of it: No such tenant.',
      errors: [{ message: 'No such tenant.', path: ['failing'], extensions: { code: 'NOT_FOUND' } }],
      data: { greeting: '你好', failing: null },
    });
  });

  it('says what came where it was no answer of GraphQL', async () => {
    const { url } = await startTestServer(handMadeHub());
    await expect(createClient({ url: `${url}/playground` })(context)).rejects.toThrow('Nothing is here.');
    const page = async (): Promise<Response> => new Response('<html>Bad gateway</html>', { status: 502, headers: { 'content-type': 'text/html' } });
    await expect(createClient({ url: `${url}/graphql`, fetch: page })(context)).rejects.toThrow(
      'Expected an answer of GraphQL, but got: status 502, 24 characters of text/html.',
    );
  });
});
