import { GraphQLError, GraphQLInt, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { publicViewer } from '../../src/access/viewer.js';
import type { Hub, OperationOptions } from '../../src/hub.js';
import { DEFAULT_LIMITS, type Limits } from '../../src/schema/limits.js';
import { MoneyScalar } from '../../src/schema/scalars.js';

/** What the fields of a hand-made hub do. */
export interface HandMadeBehaviour {
  /** Thrown, synchronously, by the field `failing`. */
  failing?: () => unknown;
  /** Awaited by the field `slow`. */
  slow?: () => Promise<string>;
  /** Everybody is the public unless told. */
  authenticate?: Hub['authenticate'];
  createContext?: (operation?: OperationOptions) => object;
  limits?: Partial<Limits>;
}

/** A hub without a park: a schema of a few fields that behave as a test says. */
export function handMadeHub(behaviour: HandMadeBehaviour = {}): Hub {
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({
      name: 'Query',
      fields: {
        greeting: {
          type: GraphQLString,
          args: { count: { type: new GraphQLNonNull(GraphQLInt), defaultValue: 1 }, amount: { type: MoneyScalar } },
          resolve: (_root, { count }: { count: number }) => '你好 '.repeat(count).trim(),
        },
        failing: {
          type: GraphQLString,
          resolve: () => {
            throw behaviour.failing?.() ?? new GraphQLError('no failure was given');
          },
        },
        slow: { type: GraphQLString, resolve: () => behaviour.slow?.() },
        context: { type: GraphQLString, resolve: (_root, _args, context: object) => JSON.stringify(context) },
      },
    }),
  });
  return {
    parkId: 'test',
    parkName: 'Test park',
    schema,
    problems: [],
    migrated: [],
    sourceStatuses: async () => [],
    sample: async () => [],
    mirrored: [],
    sync: async () => [],
    keepSyncing: () => ({ stop: async () => {} }),
    identity: {
      open: async () => ({ companies: [], more: false, total: 0, reports: [] }),
      decisions: async () => [],
      decide: async () => Promise.reject(new Error('there is no one to identify')),
      withdraw: async () => Promise.reject(new Error('there is no decision')),
    },
    tokens: undefined as never,
    authenticate: behaviour.authenticate ?? (async () => publicViewer),
    // No field of it asks for any.
    authorizations: undefined as unknown as Hub['authorizations'],
    recordShown: async () => undefined,
    limits: { ...DEFAULT_LIMITS, ...behaviour.limits },
    createContext: behaviour.createContext ?? (() => ({})),
    close: async () => {},
  };
}
