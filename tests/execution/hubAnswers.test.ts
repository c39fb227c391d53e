/** Over the hub's own schema the executor answers as graphql-js does: random documents over random worlds, as random viewers, with fields that fail. */
import fc from 'fast-check';
import { type DocumentNode, execute, type GraphQLResolveInfo, type GraphQLSchema, isObjectType, Kind, parse, visit } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { hubSchema } from '../../src/schema/build.js';
import { HubError } from '../../src/schema/errors.js';
import { anyDocument } from '../access/randomDocument.js';
import { anyViewer, type Draw, drawer, makeWorld, openWorld } from '../access/world.js';
import { told, unheardFailures } from './compare.js';

/** Documents of a run: so many in CI. */
const DOCUMENTS = 1_000;
const DOCUMENTS_OF_A_WORLD = 25;

/** Which fields fail: by their place in the answer, so that they fail alike for both. */
let failing: { readonly seed: number; readonly of: number } | undefined;

function fails(info: GraphQLResolveInfo): boolean {
  if (!failing) return false;
  let state = failing.seed;
  for (let at: GraphQLResolveInfo['path'] | undefined = info.path; at; at = at.prev)
    for (const character of String(at.key)) state = Math.imul(state ^ character.charCodeAt(0), 16_777_619);
  return ((state ^ (state >>> 15)) >>> 0) % 1000 < failing.of;
}

/** Every resolver of the schema fails where it is told to: thrown, or promised. */
function breakResolvers(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const { resolve } = field;
      if (!resolve) continue;
      field.resolve = (source, given, context, info) => {
        if (!fails(info)) return resolve(source, given, context, info);
        const error = new HubError('MADE', `${info.fieldName} fails.`, { at: info.fieldName });
        if (info.fieldName.length % 2 === 0) throw error;
        return Promise.reject(error);
      };
    }
  }
}

/** The document with conditions here and there, and the variables that they rest on. */
function conditioned(document: DocumentNode, draw: Draw): { document: DocumentNode; variables: Record<string, boolean> } {
  const variables: Record<string, boolean> = {};
  const changed = visit(document, {
    Field: (node) => {
      if (draw(8) > 0) return undefined;
      const name = `v${draw(4)}`;
      variables[name] = draw(3) > 0;
      const value = { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: name } } as const;
      const argument = { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: 'if' }, value } as const;
      return { ...node, directives: [{ kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: draw(2) === 0 ? 'include' : 'skip' }, arguments: [argument] }] };
    },
  });
  const declared = parse(`query (${['v0', 'v1', 'v2', 'v3'].map((name) => `$${name}: Boolean = true`).join(', ')}) { x }`).definitions[0] as never;
  const { variableDefinitions } = declared as { variableDefinitions: never };
  return {
    document: visit(changed, { OperationDefinition: (node) => ({ ...node, variableDefinitions }) }),
    variables,
  };
}

describe("over the hub's schema", () => {
  const unheard = unheardFailures();
  let schema: GraphQLSchema;
  beforeAll(async () => {
    schema = await hubSchema();
    breakResolvers(schema);
  });

  it('the executor gives the data and the errors that graphql-js gives, in their order', async () => {
    const seen = { withErrors: 0, withoutErrors: 0 };
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const draw = drawer(seed);
        const world = makeWorld(draw);
        const viewer = draw(2) === 0 ? 'SYSTEM' : anyViewer(draw, world);
        const hub = await openWorld(world);
        for (let count = 0; count < DOCUMENTS_OF_A_WORLD; count++) {
          const text = anyDocument(draw, schema, world.rows);
          const { document, variables } = conditioned(parse(text), draw);
          failing = { seed: draw(1_000_000), of: [0, 40, 200][draw(3)] as number };
          const shown = `${JSON.stringify([viewer, variables, failing])} ${text}`;
          const expected = await hub.ask(viewer, document, { variables, execute: (request) => execute({ schema, ...request }) });
          await new Promise(setImmediate);
          unheard.length = 0;
          const actual = await hub.ask(viewer, document, { variables });
          expect(told(actual), shown).toBe(told(expected));
          await new Promise(setImmediate);
          expect(unheard).toEqual([]);
          if (expected.errors) seen.withErrors++;
          else seen.withoutErrors++;
        }
      }),
      { numRuns: DOCUMENTS / DOCUMENTS_OF_A_WORLD },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(DOCUMENTS / 10);
  }, 300_000);
});
