/** The figures of the park are public; a figure of so few companies that one could be told from it is not. */
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Row } from '../../src/sources/source.js';
import { openTestHub } from '../helpers/hub.js';
import type { ModelViewer, ModelWorld } from './referenceModel.js';
import { anyone, askAs, investor, park } from './viewers.js';
import { drawer, makeWorld, openWorld, TENANTS } from './world.js';

const nobody: ModelViewer = { kind: 'PUBLIC' };
const analyst: ModelViewer = { kind: 'PARK', role: 'ANALYST' };

/** A world whose companies report so: output in yuan (null where they state none), by company; some of them HNTEs. */
function worldOf(outputs: readonly (number | null)[], hntes: readonly number[] = []): ModelWorld {
  const { rows } = makeWorld(drawer(7));
  const base = { source: 'park', asOf: '2022-01-01T00:00:00.000Z', how: 'LIVE' } as const;
  const reports = outputs.map((output, index) => ({
    ...base,
    entity: 'AnnualReport',
    key: `R${index}`,
    tenantUscc: TENANTS[index % TENANTS.length] as string,
    year: 2021,
    output: output === null ? null : BigInt(output) * 100n,
    revenue: 100n,
    researchSpending: null,
    staff: 1n,
  }));
  const tenants = rows.filter(({ entity }) => entity === 'Tenant').map((row): Row => ({ ...row, enteredOn: '2015-01-01', leftOn: null }) as Row);
  const certificates = hntes.map((index) => ({
    ...base,
    entity: 'Certification',
    key: `C${index}`,
    number: `C${index}`,
    tenantUscc: TENANTS[index] as string,
    kind: 'HNTE',
    issuedOn: '2020-01-01',
    validTo: '2023-01-01',
  }));
  const left = rows.filter(({ entity }) => !['AnnualReport', 'Tenant', 'Certification', 'RentWaiver', 'Lease'].includes(entity));
  return { rows: [...left, ...tenants, ...(reports as unknown as Row[]), ...(certificates as unknown as Row[])], consents: [] };
}

async function figures(world: ModelWorld, viewer: ModelViewer, fields: string) {
  const { data, errors, hidden } = await (await openWorld(world)).ask(viewer, parse(`{ park { figures(years: [2021]) { ${fields} } } }`));
  expect(errors).toBeUndefined();
  const { park: asked } = JSON.parse(JSON.stringify(data));
  return { ...asked.figures[0], hidden: (hidden as { attribute: string; reason: string }[]).map(({ attribute, reason }) => `${attribute} ${reason}`) };
}

describe('a figure over what companies report', () => {
  it('is told of three companies or more, and of none', async () => {
    expect(await figures(worldOf([1, 2, 3]), nobody, 'output jobs')).toMatchObject({ output: '6.00', jobs: 3, hidden: [] });
    expect(await figures(worldOf([]), nobody, 'output')).toEqual({ output: '0.00', hidden: [] });
  });

  it.each([[[5]], [[5, 6]]])('is null of %j, and says why', async (outputs) => {
    expect(await figures(worldOf(outputs), nobody, 'output revenue tenantCount')).toEqual({
      output: null,
      revenue: null,
      tenantCount: 4,
      hidden: ['output SMALL_GROUP', 'revenue SMALL_GROUP'],
    });
  });

  it('counts companies, not their rows, and only those that state it', async () => {
    // The first and the fifth report are of one company.
    expect(await figures(worldOf([1, 2, null, null, 3]), nobody, 'output')).toEqual({ output: null, hidden: ['output SMALL_GROUP'] });
    expect(await figures(worldOf([1, 2, 4, null, 3]), nobody, 'output')).toEqual({ output: '10.00', hidden: [] });
  });

  it('is told of few companies to who sees their reports anyway', async () => {
    expect(await figures(worldOf([5]), analyst, 'output')).toEqual({ output: '5.00', hidden: [] });
  });

  it('cannot be told from its part and the whole: the part is null where the others are few', async () => {
    // Three of four are HNTEs: the output of all less that of the three is the fourth's.
    const world = worldOf([1, 2, 3, 4], [0, 1, 2]);
    expect(await figures(world, nobody, 'output hnteOutput hnteOutputShare hnteCount')).toEqual({
      output: '10.00',
      hnteOutput: null,
      hnteOutputShare: null,
      hnteCount: 3,
      hidden: ['hnteOutput SMALL_GROUP', 'hnteOutputShare SMALL_GROUP'],
    });
    expect(await figures(worldOf([1, 2, 3], [0, 1, 2]), nobody, 'hnteOutput')).toEqual({ hnteOutput: '6.00', hidden: [] });
    expect(await figures(worldOf([1, 2, 3, 4], [0]), nobody, 'hnteOutput')).toMatchObject({ hnteOutput: null });
    expect(await figures(world, analyst, 'hnteOutput')).toEqual({ hnteOutput: '6.00', hidden: [] });
  });
});

describe('the demonstration park', () => {
  it('hides no figure that its article prints', async () => {
    const hub = await openTestHub();
    try {
      const all = `{ park { figures(years: [2018, 2021]) {
        tenantCount hnteCount techSmeCount output hnteOutputShare jobs patentsFiled inventionPatents totalArea occupancy rentWaived
      } } }`;
      const told = await askAs(hub, park('ANALYST'), all);
      for (const viewer of [anyone, investor('huakai')]) {
        const { data, errors, hidden } = await askAs(hub, viewer, all);
        expect(errors).toBeUndefined();
        expect(hidden.filter(({ reason, attribute }) => reason === 'SMALL_GROUP' && attribute !== 'rentWaived')).toEqual([]);
        expect(data.park.figures[1]).toEqual(told.data.park.figures[1]);
        expect(data.park.figures[0].output).toBe('200000000.00');
      }
    } finally {
      await hub.close();
    }
  });
});
