/**
 * Nothing hidden comes out, by no way: random worlds, authorizations, viewers and documents.
 *
 * Each document is asked twice, in a world and in one that differs from it only where the viewer may not look: other hidden
 * values, other rows that it does not see, more or fewer of them. Both answers must be the same to the byte: then no value,
 * count, total, order, cursor or error rests on what is hidden. So are the files of exports, in both forms. And every row that comes is held against the reference model:
 * it is there for the viewer, each field that the viewer may see has its value, and each other is null.
 */
import fc from 'fast-check';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { hubSchema } from '../../src/schema/build.js';
import { globalId } from '../../src/schema/ids.js';
import { rowsOf } from './exporting.js';
import { anyDocument, anyExport, rowsIn, writtenValue } from './randomDocument.js';
import type { ModelViewer, ModelWorld } from './referenceModel.js';
import { anyViewer, attributesOf, drawer, elsewhere, makeWorld, openWorld, seenOf } from './world.js';

/** Documents of a run: so many in CI. */
const DOCUMENTS = 10_000;
const DOCUMENTS_OF_A_WORLD = 40;
const EXPORTS_OF_A_WORLD = 4;

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

/** What an export says to be hidden of the row itself, and what the model hides of it. */
function wrongMarks(viewer: ModelViewer, world: ModelWorld, rows: readonly Record<string, unknown>[]): string[] {
  const byId = new Map(world.rows.map((row) => [globalId(row), row]));
  return rows.flatMap(({ id, extensions, ...fields }) => {
    const row = byId.get(id as string);
    if (!row) return [];
    const seen = seenOf(viewer, row, world);
    const expected = [...attributesOf(row.entity).keys()].filter((name) => name in fields && !seen?.has(name)).sort();
    const places = ((extensions as { hidden: string[] } | undefined)?.hidden ?? []).filter((place) => attributesOf(row.entity).has(place)).sort();
    return text(places) === text(expected) ? [] : [`${row.entity} ${row.key}: expected ${text(expected)} to be marked as hidden, but got: ${text(places)}`];
  });
}

describe('of what a viewer may not see', () => {
  it('nothing comes out, by no document', async () => {
    const schema = await hubSchema();
    let [rows, exported, marked] = [0, 0, 0];
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
        for (let count = 0; count < EXPORTS_OF_A_WORLD; count++) {
          const document = anyExport(draw, schema, world.rows);
          const parsed = parse(document, { noLocation: true });
          const shown = `${text(viewer)} exports ${document}`;
          expect(await there.export(viewer, parsed, 'csv'), shown).toBe(await here.export(viewer, parsed, 'csv'));
          const lines = await here.export(viewer, parsed, 'jsonl');
          expect(await there.export(viewer, parsed, 'jsonl'), shown).toBe(lines);
          const given = rowsOf(lines);
          expect(wrongRows(viewer, world, given), shown).toEqual([]);
          expect(wrongMarks(viewer, world, given), shown).toEqual([]);
          exported += given.length;
          marked += given.filter((row) => 'extensions' in row).length;
        }
      }),
      { numRuns: DOCUMENTS / DOCUMENTS_OF_A_WORLD },
    );
    // The documents are not answered with nothing.
    expect(rows).toBeGreaterThan(DOCUMENTS);
    expect(exported).toBeGreaterThan(400);
    expect(marked).toBeGreaterThan(100);
  }, 600_000);
});
