/**
 * What a viewer may see does come, all of it and exactly: lists, counts, totals, orders, pages and exports of random worlds in memory,
 * and of the demo park, whose rows lie in databases, files and APIs.
 */
import fc from 'fast-check';
import { type DocumentNode, execute } from 'graphql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hubViewer, type Viewer } from '../../src/access/viewer.js';
import { allDefinitions } from '../../src/entities/definition.js';
import { Scope } from '../../src/entities/scope.js';
import type { HubContext } from '../../src/schema/context.js';
import type { Row } from '../../src/sources/source.js';
import { openTestHub } from '../helpers/hub.js';
import { exporterOf } from './exporting.js';
import { checkList, LISTED } from './randomList.js';
import type { ModelConsent, ModelViewer, ModelWorld } from './referenceModel.js';
import { anyViewer, drawer, makeWorld, openWorld, type WorldHub } from './world.js';

const LISTS = 10_000;
const LISTS_OF_A_WORLD = 50;
const LISTS_OF_THE_DEMO = 400;

describe('what a viewer may see', () => {
  it('comes, all of it, in lists, counts, totals, orders and pages', async () => {
    let [rows, filtered] = [0, 0];
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const draw = drawer(seed);
        const world = makeWorld(draw);
        const hub = await openWorld(world);
        for (let count = 0; count < LISTS_OF_A_WORLD; count++) {
          const found = await checkList({ draw, world, hub, viewer: anyViewer(draw, world) }, LISTED[draw(LISTED.length)] as (typeof LISTED)[number]);
          rows += found.rows;
          if (found.filtered) filtered += 1;
        }
      }),
      { numRuns: LISTS / LISTS_OF_A_WORLD },
    );
    // The answers are not empty.
    expect(rows).toBeGreaterThan(LISTS / 2);
    expect(filtered).toBeGreaterThan(LISTS / 10);
  }, 600_000);

  it('comes out of databases, files and APIs alike', async () => {
    const consents: ModelConsent[] = [];
    const hub = await openTestHub({
      consents: {
        authorised: async (grantee, scope) =>
          new Set(consents.filter((given) => given.grantee === grantee && given.scope === scope).map(({ tenant }) => tenant)),
      },
    });
    onTestFinished(() => hub.close());
    const whole = hub.hub.createContext({ viewer: hubViewer }) as HubContext;
    const held = await Promise.all(
      allDefinitions().map(async (definition) => {
        const attributes = new Map([[definition.name, [...definition.attributes.keys()]]]);
        const { rows, reports } = await whole.books.of([definition]).page({ order: [], attributes });
        // A source that did not answer in time would be missing in the model, and come later.
        expect(reports.filter(({ failure }) => failure)).toEqual([]);
        return rows;
      }),
    );
    const world: ModelWorld = { rows: held.flat() as Row[], consents };
    // Companies that partners know.
    const known = [...new Set(world.rows.flatMap((row) => (row.entity === 'Loan' || row.entity === 'Investment' ? [row.tenantUscc as string] : [])))];
    const ask = async (asking: ModelViewer | 'SYSTEM', document: DocumentNode) => {
      const contextValue = hub.hub.createContext({ viewer: { ...(asking as ModelViewer), name: 'test', via: 'test' } as Viewer }) as HubContext;
      return { ...(await execute({ schema: hub.hub.schema, document, contextValue })), hidden: contextValue.hidden() };
    };
    const exporting = await exporterOf(hub.hub.schema);
    const exported: WorldHub['export'] = (viewer, document, form) =>
      exporting(document, form, () => hub.hub.createContext({ viewer: { ...viewer, name: 'test', via: 'test' } as Viewer }));
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const draw = drawer(seed);
        const pick = <T>(items: readonly T[]): T => items[draw(items.length)] as T;
        const viewer: ModelViewer = pick<ModelViewer>([
          { kind: 'PUBLIC' },
          { kind: 'TENANT', uscc: pick(known) },
          { kind: 'INVESTOR', source: 'hongtu', funds: ['HT-A'] },
          { kind: 'INVESTOR', source: pick(['huakai', 'hongtu', 'huayu']), funds: 'all' },
          { kind: 'BANK', source: pick(['icbc', 'bocom', 'spdb']) },
          { kind: 'PARK', role: 'ANALYST' },
          { kind: 'SERVICE', source: pick(['icbc', 'huayu']) },
        ]);
        const grantee = 'source' in viewer ? viewer.source : 'park';
        consents.splice(0, consents.length, ...known.filter(() => draw(4) === 0).map((tenant) => ({ tenant, grantee, scope: pick(Scope.values) })));
        for (let count = 0; count < 4; count++) await checkList({ draw, world, hub: { ask, export: exported }, viewer }, pick(LISTED));
      }),
      { numRuns: LISTS_OF_THE_DEMO / 4 },
    );
  }, 600_000);
});
