/** Asks a hub over HTTP: a typed document in, its typed result out. */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';

/** An error of a GraphQL answer, as the hub shows it. */
export interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string } & Readonly<Record<string, unknown>>;
}

/** The hub answered with errors, or with something that is no answer of GraphQL. */
export class AskError extends Error {
  constructor(
    message: string,
    /** What the hub says of each error; empty where the answer was none of GraphQL's. */
    readonly errors: readonly AnswerError[],
    /** What could be answered all the same. */
    readonly data: unknown,
  ) {
    super(message);
    this.name = 'AskError';
  }
}

/** Where the hub is and how it is asked. */
export interface ClientOptions {
  /** The address of the graph: "http://localhost:4000/graphql". */
  readonly url: string;
  /** Who asks: a hub token or an access token, or what gives one for each request, where they are renewed. The public without. */
  readonly token?: string | (() => string | Promise<string>);
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sends each operation's hash, as the manifest has it, in the text's place: for a hub that takes no other operations. */
  readonly persisted?: boolean;
  /** In place of the platform's own fetch. */
  readonly fetch?: typeof fetch;
}

/** Asks one operation. Throws an AskError where the answer has errors. */
export interface Ask {
  <Result, Variables>(document: TypedDocumentNode<Result, Variables>, variables: NoInfer<Variables>): Promise<Result>;
  /** An operation whose variables may all be left out. */
  <Result>(document: TypedDocumentNode<Result, Record<string, never>>): Promise<Result>;
}

/** Makes the function that asks a hub. */
export function createClient({ url, token, headers = {}, persisted = false, fetch: send = fetch }: ClientOptions): Ask {
  return async function ask<Result, Variables>(document: TypedDocumentNode<Result, Variables>, variables?: Variables): Promise<Result> {
    const sent = new Headers({ ...headers, 'content-type': 'application/json', accept: 'application/json' });
    if (token !== undefined) sent.set('authorization', `Bearer ${typeof token === 'string' ? token : await token()}`);
    const response = await send(url, {
      method: 'POST',
      headers: sent,
      body: JSON.stringify({ ...(persisted ? { documentId: hashOf(document) } : { query: print(document) }), variables }),
    });
    const { data, errors = [] } = await readAnswer<Result>(response);
    if (errors.length > 0 || data === undefined || data === null) {
      throw new AskError(`The hub could not answer all of it: ${errors.map(({ message }) => message).join(' ')}`, errors, data);
    }
    return data;
  };
}

/** The hash that codegen wrote into the document. */
function hashOf(document: object): string {
  const { hash } = ('__meta__' in document ? document.__meta__ : {}) as { hash?: string };
  if (hash === undefined) throw new Error('Expected an operation of web/operations with its hash. Run: npx graphql-codegen');
  return hash;
}

/** Something between us and the hub (a proxy, a wrong address) may answer in another form. */
async function readAnswer<Result>(response: Response): Promise<{ data?: Result | null; errors?: AnswerError[] }> {
  const text = await response.text();
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    answer = undefined;
  }
  if (typeof answer === 'object' && answer !== null && ('data' in answer || 'errors' in answer))
    return answer as { data?: Result | null; errors?: AnswerError[] };
  throw new AskError(
    `Expected an answer of GraphQL, but got: status ${response.status}, ${text.length} characters of ${response.headers.get('content-type') ?? 'no type'}.`,
    [],
    undefined,
  );
}
