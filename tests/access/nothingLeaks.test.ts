/**
 * Nothing hidden comes out, by no way: random worlds, authorizations, viewers and documents.
 *
 * Each document is asked twice, in a world and in one that differs from it only where the viewer may not look: other hidden
 * values, other rows that it does not see, more or fewer of them. Both answers must be the same to the byte: then no value,
 * count, total, order, cursor or error rests on what is hidden. And every row that comes is held against the reference model:
 * it is there for the viewer, each field that the viewer may see has its value, and each other is null.
 */
import fc from 'fast-check';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { hubSchema } from '../../src/schema/build.js';
import { globalId } from '../../src/schema/ids.js';
import { anyDocument, rowsIn, writtenValue } from './randomDocument.js';
import type { ModelViewer, ModelWorld } from './referenceModel.js';
import { anyViewer, attributesOf, drawer, elsewhere, makeWorld, openWorld, seenOf } from './world.js';

/** Documents of a run: so many in CI. */
const DOCUMENTS = 10_000;
const DOCUMENTS_OF_A_WORLD = 40;

const text = (value: unknown): string => JSON.stringify(value);

/** What is wrong with the rows of an answer, in the model's eyes. */
function wrongRows(viewer: ModelViewer, world: ModelWorld, data: unknown): string[] {
  const byId = new Map(world.rows.map((row) => [globalId(row), row]));
  return rowsIn(data).flatMap(({ entity, id, fields }) => {
    const row = byId.get(id);
    const seen = row && seenOf(viewer, row, world);
    if (!row || !seen) return [`${entity} ${id} is not there for the viewer`];
    return [...attributesOf(entity).keys()].flatMap((name) => {
      if (!(name in fields)) return [];
      const expected = seen.has(name) ? writtenValue(row, name) : null;
      return text(fields[name]) === text(expected) ? [] : [`${entity}.${name}: expected ${text(expected)}, but got: ${text(fields[name])}`];
    });
  });
}

describe('of what a viewer may not see', () => {
  it('nothing comes out, by no document', async () => {
    const schema = await hubSchema();
    let rows = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const draw = drawer(seed);
        const world = makeWorld(draw);
        const viewer = anyViewer(draw, world);
        const [here, there] = [await openWorld(world), await openWorld(elsewhere(viewer, world, draw))];
        for (let count = 0; count < DOCUMENTS_OF_A_WORLD; count++) {
          const document = anyDocument(draw, schema, world.rows);
          const parsed = parse(document, { noLocation: true });
          const answer = await here.ask(viewer, parsed);
          const other = await there.ask(viewer, parsed);
          const shown = `${text(viewer)} asks ${document}`;
          expect(text(other), shown).toBe(text(answer));
          expect(wrongRows(viewer, world, answer.data), shown).toEqual([]);
          rows += rowsIn(answer.data).length;
        }
      }),
      { numRuns: DOCUMENTS / DOCUMENTS_OF_A_WORLD },
    );
    // The documents are not answered with nothing.
    expect(rows).toBeGreaterThan(DOCUMENTS);
  }, 600_000);
});
