import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allocate, allocateSteps, inUnit, withSeparators } from '../../demo/generate/amounts.js';
import { addMonths, daysBetween } from '../../demo/generate/calendar.js';
import { checkWorld } from '../../demo/generate/checks.js';
import { generate } from '../../demo/generate/generate.js';
import { Random } from '../../demo/generate/random.js';
import { CARRIERS } from '../../demo/generate/tenancy.js';
import { makeWorld, type World } from '../../demo/generate/world.js';
import { loadPark } from '../../src/config/park.js';
import { allDefinitions } from '../../src/entities/definition.js';
import '../../src/entities/index.js';

const repository = join(import.meta.dirname, '../..');
const park = join(repository, 'parks/xinxiang');

describe('the generated demo', () => {
  let folder: string;
  let written: string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parkhub-generate-'));
    // Another zone than the one in which the committed files were written: no byte may depend on it.
    const zone = process.env.TZ;
    process.env.TZ = 'America/New_York';
    try {
      written = await generate(folder);
    } finally {
      process.env.TZ = zone;
    }
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is byte for byte what is committed', async () => {
    const differing: string[] = [];
    for (const path of written) {
      const [made, committed] = await Promise.all([readFile(join(folder, path)), readFile(join(repository, path))]);
      if (!made.equals(committed)) differing.push(path);
    }
    expect(written.length).toBe(57);
    expect(differing).toEqual([]);
  });

  it('leaves no file in the park that nothing writes', async () => {
    const byHand = ['park.yml', 'README.md', ...['bocom', 'hongtu', 'huakai', 'huayu', 'icbc', 'spdb'].map((id) => `${id}/source.yml`)];
    const found = await readdir(park, { recursive: true, withFileTypes: true });
    // What a database or an editor leaves beside its file for a while is not the park's.
    const files = found
      .filter((entry) => entry.isFile() && !/-(journal|wal|shm)$|^[.~]/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name).slice(park.length + 1));
    const expected = [...written.filter((path) => path.startsWith('parks/xinxiang/')).map((path) => path.slice('parks/xinxiang/'.length)), ...byHand];
    expect(files.sort()).toEqual(expected.sort());
  });

  it('has a register file for every entity that is neither a partner’s nor in park.yml, whose header is its attributes', async () => {
    const loaded = await loadPark(park);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    const elsewhere = new Set(['Park', 'Carrier', 'Bank', 'Investor', ...loaded.sources.flatMap(({ file }) => Object.keys(file.books))]);
    const held = allDefinitions().filter((definition) => !elsewhere.has(definition.name));
    expect((await readdir(join(park, 'register'))).sort()).toEqual(held.map((definition) => `${definition.plural}.csv`).sort());
    for (const definition of held) {
      const [header] = (await readFile(join(park, 'register', `${definition.plural}.csv`), 'utf8')).split('\n');
      expect(header?.split(',')).toEqual([...(definition.key ? [] : ['key']), ...definition.attributes.keys()]);
    }
  });
});

describe('the park’s configuration', () => {
  it('has no problems, and says of every source that it is a demonstration', async () => {
    const loaded = await loadPark(park);
    expect(loaded.problems).toEqual([]);
    if (!loaded.ok) return;
    expect(loaded.sources.map(({ file }) => [file.id, file.connector, file.demonstration])).toEqual([
      ['bocom', 'file', true],
      ['hongtu', 'file', true],
      ['huakai', 'sql', true],
      ['huayu', 'http', true],
      ['icbc', 'sql', true],
      ['spdb', 'http', true],
    ]);
  });

  it('states the carriers that the units were made for', async () => {
    const loaded = await loadPark(park);
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    expect(loaded.park.carriers.map(({ code, kind, totalArea }) => ({ code, kind, totalArea }))).toEqual(
      CARRIERS.map(({ code, kind, totalArea }) => ({ code, kind, totalArea })),
    );
  });
});

describe('the generator’s own check', () => {
  const world = makeWorld();
  const changed = (change: Partial<World>) => () => checkWorld({ ...world, ...change });

  it('accepts the world as it is made', () => {
    expect(changed({})).not.toThrow();
  });

  it('names a tenant too few', () => {
    const leaver = world.companies.find((company) => company.status === 'IN_PARK');
    expect(changed({ companies: world.companies.filter((company) => company !== leaver) })).toThrow('tenants in the park: expected 146, but got: 145');
  });

  it('names a fen too many', () => {
    const [first, ...others] = world.reports;
    if (!first) throw new Error('no report');
    expect(changed({ reports: [{ ...first, output: first.output + 1n }, ...others] })).toThrow('output of 2018: expected 200000000.00, but got: 200000000.01');
  });

  it('names a unit that is let twice at once', () => {
    const running = world.leases.filter((lease) => lease.endedOn === null);
    const [a, b] = running;
    if (!a || !b) throw new Error('no leases');
    expect(changed({ leases: world.leases.map((lease) => (lease === a ? { ...a, unitNumber: b.unitNumber } : lease)) })).toThrow(
      'units let twice at once: expected 0, but got: 1',
    );
  });

  it('names a patent number whose check character is wrong', () => {
    const [first, ...others] = world.patents;
    if (!first) throw new Error('no patent');
    const wrong = first.applicationNumber.endsWith('1') ? '2' : '1';
    expect(changed({ patents: [{ ...first, applicationNumber: first.applicationNumber.slice(0, -1) + wrong }, ...others] })).toThrow(
      'application numbers that are wrong: expected 0, but got: 1',
    );
  });
});

describe('sharing out', () => {
  const weights = fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 60 }).filter((list) => list.some((weight) => weight > 0));

  it('gives away the whole and no more, nobody more than a fen off', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 14n }), weights, (total, list) => {
        const shares = allocate(total, list);
        const all = list.reduce((sum, weight) => sum + BigInt(weight), 0n);
        expect(shares.reduce((sum, share) => sum + share, 0n)).toBe(total);
        for (const [index, share] of shares.entries()) {
          const difference = share * all - total * BigInt(list[index] as number);
          expect(difference > -all && difference < all).toBe(true);
        }
      }),
    );
  });

  it('refuses to share out among nobody, and what is no multiple of the step', () => {
    expect(() => allocate(1n, [0, 0])).toThrow('a weight above zero');
    expect(() => allocateSteps(101n, 10n, [1])).toThrow('expected a multiple of 10, but got: 101');
    expect(() => allocateSteps(10n, 10n, [1, 1], 1n)).toThrow('too little');
  });
});

describe('writing', () => {
  it('never rounds an amount into another unit', () => {
    expect(inUnit(33_333_300n, 1_000_000n, 2)).toBe('33.3333');
    expect(inUnit(1_000_000_000n, 1_000_000n, 2)).toBe('1000.00');
    expect(inUnit(5n, 1_000_000n, 2)).toBe('0.000005');
    expect(inUnit(36_660_000n, 100_000n, 0)).toBe('366.6');
  });

  it('groups whole digits only', () => {
    expect(withSeparators('1234567.1234')).toBe('1,234,567.1234');
    expect(withSeparators('999')).toBe('999');
  });

  it('keeps to the last day of a short month', () => {
    expect(addMonths('2020-01-31', 1)).toBe('2020-02-29');
    expect(addMonths('2018-11-29', 36)).toBe('2021-11-29');
    expect(addMonths('2021-12-15', -12)).toBe('2020-12-15');
    expect(daysBetween('2020-02-28', '2020-03-01')).toBe(2);
  });
});

describe('chance', () => {
  it('is the same for the same seed and another for another', () => {
    const draw = (seed: string) => {
      const random = new Random(seed);
      return Array.from({ length: 8 }, () => random.integer(0, 999));
    };
    expect(draw('a')).toEqual(draw('a'));
    expect(draw('a')).not.toEqual(draw('b'));
    // Pinned: a change of the stream changes every file.
    expect(draw('xinxiang')).toEqual([689, 650, 493, 18, 364, 882, 493, 257]);
  });

  it('refuses an empty range', () => {
    expect(() => new Random('x').integer(2, 1)).toThrow('expected lowest <= highest, but got: 2 and 1');
  });
});
