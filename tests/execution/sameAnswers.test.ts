/** The executor answers as graphql-js does: random operations over a schema in which everything goes wrong that can. */
import fc from 'fast-check';
import { execute, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/execution/executor.js';
import { drawer } from '../access/world.js';
import { anyOperation } from './anyOperation.js';
import { type Execute, told, unheardFailures } from './compare.js';
import { type MadeContext, madeRoot, madeSchema } from './madeSchema.js';

/** Operations of a run: so many in CI. */
const OPERATIONS = 2_500;
const EXECUTIONS_OF_ONE = 1;

async function answered(
  how: Execute,
  document: ReturnType<typeof parse>,
  variableValues: Readonly<Record<string, unknown>>,
  behaviour: Omit<MadeContext, 'calls'>,
) {
  const context: MadeContext = { ...behaviour, calls: [] };
  const result = how({ document, variableValues, contextValue: context, rootValue: madeRoot(context) });
  const isPromise = result instanceof Promise;
  const answer = told(await result);
  // What is still under way goes on, and must not show in the answer that was given.
  for (let quiet = 0, calls = -1; quiet < 3; quiet = calls === context.calls.length ? quiet + 1 : 0) {
    calls = context.calls.length;
    await new Promise(setImmediate);
  }
  return { answer, isPromise, calls: context.calls };
}

describe('the executor', () => {
  const unheard = unheardFailures();
  const executor = new Executor(madeSchema);
  const planned: Execute = (request) => executor.execute(request);
  const plain: Execute = (request) => execute({ schema: madeSchema, ...request });

  it('gives the data, the errors and the calls of resolvers that graphql-js gives, in their order', async () => {
    const seen = { valid: 0, withErrors: 0, withoutErrors: 0, withoutData: 0 };
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const draw = drawer(seed);
        const { text, variables } = anyOperation(draw, madeSchema);
        const document = parse(text);
        // A document that is not valid is none that is executed.
        if (validate(madeSchema, document).length > 0) return;
        seen.valid++;
        const rates = [0, 30, 150];
        for (let count = 0; count < EXECUTIONS_OF_ONE; count++) {
          const behaviour = { seed: draw(1_000_000), faults: rates[draw(3)] as number, promised: [0, 200, 700][draw(3)] as number };
          const given = draw(12) === 0 ? {} : variables;
          const expected = await answered(plain, document, given, behaviour);
          unheard.length = 0;
          const actual = await answered(planned, document, given, behaviour);
          expect(actual, `${text}\n${JSON.stringify([given, behaviour])}`).toEqual(expected);
          expect(unheard).toEqual([]);
          if (expected.answer.includes('"errors":[')) seen.withErrors++;
          else seen.withoutErrors++;
          if (!expected.answer.startsWith('{"data":{')) seen.withoutData++;
        }
      }),
      { numRuns: OPERATIONS },
    );
    // The documents are valid, and what they are answered with is of every kind.
    expect(seen.valid).toBeGreaterThan(2_000);
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(OPERATIONS / 10);
  }, 300_000);
});
