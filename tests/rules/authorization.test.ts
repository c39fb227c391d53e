import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Scope } from '../../src/entities/scope.js';
import { AuthorizationPurpose } from '../../src/entities/views/authorizationView.js';
import { type Happening, inForce, isRefusal, PURPOSES, SCOPES, type Standing, standingAfter, stateOf, type Terms } from '../../src/rules/authorization.js';

const HASH = 'a'.repeat(64);
const TODAY = '2022-03-15';
const terms: Terms = { scopes: ['CREDIT', 'OPERATING'], purpose: 'BEFORE_LENDING', validFrom: '2022-03-01', validTo: '2022-03-31' };
const asked = standingAfter(undefined, { kind: 'REQUESTED', terms }, TODAY) as Standing;
const granted = standingAfter(undefined, { kind: 'GRANTED', terms, documentHash: HASH }, TODAY) as Standing;

const grant = (own: Partial<Terms>, documentHash = HASH): Happening => ({ kind: 'GRANTED', terms: { ...terms, ...own }, documentHash });

test('the scopes and purposes are those of the graph', () => {
  expect(SCOPES).toEqual(Scope.values);
  expect(PURPOSES).toEqual(AuthorizationPurpose.values);
});

describe('an authorization', () => {
  test('is in force from its first day to its last, both included', () => {
    expect(['2022-02-28', '2022-03-01', '2022-03-31', '2022-04-01'].map((day) => [stateOf(granted, day), inForce(granted, day)])).toEqual([
      ['AUTHORISED', false],
      ['AUTHORISED', true],
      ['AUTHORISED', true],
      ['EXPIRED', false],
    ]);
  });

  test('that is only asked for lets nobody read, and is over when its last day is', () => {
    expect([stateOf(asked, TODAY), inForce(asked, TODAY), stateOf(asked, '2022-04-01')]).toEqual(['AWAITING', false, 'EXPIRED']);
  });

  test('may be granted in part, and has its scopes in their order', () => {
    expect(asked.terms.scopes).toEqual(['OPERATING', 'CREDIT']);
    const part = standingAfter(asked, grant({ scopes: ['CREDIT'], validFrom: '2022-03-10', validTo: '2022-03-20' }), TODAY);
    expect(part).toMatchObject({ terms: { scopes: ['CREDIT'], validFrom: '2022-03-10', validTo: '2022-03-20' }, documentHash: HASH, revoked: false });
  });

  test.each<[string, Standing | undefined, Happening, string]>([
    ['a scope that was not asked for', asked, grant({ scopes: ['CREDIT', 'FINANCING'] }), 'scopes'],
    ['another purpose', asked, grant({ purpose: 'AFTER_LENDING' }), 'purpose'],
    ['an earlier day', asked, grant({ validFrom: '2022-02-01' }), 'validFrom'],
    ['a later day', asked, grant({ validTo: '2022-04-01' }), 'validTo'],
    ['no scope', undefined, grant({ scopes: [] }), 'scopes'],
    ['days the wrong way round', undefined, grant({ validFrom: '2022-03-20', validTo: '2022-03-19' }), 'validTo'],
    ['days that are over', undefined, grant({ validTo: '2022-03-14' }), 'validTo'],
    ['no hash', undefined, grant({}, ''), 'documentHash'],
    ['a hash in capitals', undefined, grant({}, 'A'.repeat(64)), 'documentHash'],
    ['a hash of another length', undefined, grant({}, 'a'.repeat(63)), 'documentHash'],
  ])('is not granted with %s', (_what, standing, happening, field) => {
    expect(standingAfter(standing, happening, TODAY)).toMatchObject({ problem: 'FIELD', field });
  });

  test('is granted once, revoked once, and neither after its last day', () => {
    const revoked = standingAfter(granted, { kind: 'REVOKED' }, TODAY) as Standing;
    expect(stateOf(revoked, TODAY)).toBe('REVOKED');
    for (const [standing, happening, day] of [
      [granted, grant({}), TODAY],
      [revoked, grant({}), TODAY],
      [revoked, { kind: 'REVOKED' }, TODAY],
      [granted, { kind: 'REVOKED' }, '2022-04-01'],
      [undefined, { kind: 'REVOKED' }, TODAY],
      [asked, { kind: 'REQUESTED', terms }, TODAY],
    ] as [Standing | undefined, Happening, string][]) {
      expect(standingAfter(standing, happening, day)).toMatchObject({ problem: 'STATE' });
    }
  });
});

/** What an authorization may be, as a model that knows nothing of how it is kept. */
interface Model {
  state: 'NONE' | 'ASKED' | 'GRANTED' | 'REVOKED';
  days: readonly [from: number, to: number];
  scopes: readonly string[];
}

const day = (number: number): string => new Date(Date.UTC(2022, 0, 1 + number)).toISOString().slice(0, 10);

test('keeps to its model whatever happens to it, in whatever order, on whatever day', () => {
  const step = fc.record({
    kind: fc.constantFrom('REQUESTED' as const, 'GRANTED' as const, 'REVOKED' as const),
    scopes: fc.subarray([...SCOPES]),
    from: fc.integer({ min: 0, max: 40 }),
    to: fc.integer({ min: 0, max: 40 }),
    passes: fc.integer({ min: 0, max: 8 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const model: Model = { state: 'NONE', days: [0, 0], scopes: [] };
      let standing: Standing | undefined;
      let now = 0;
      for (const { kind, scopes, from, to, passes } of steps) {
        now += passes;
        const isOver = model.state !== 'NONE' && model.days[1] < now;
        const sound = scopes.length > 0 && from <= to && to >= now;
        const within = model.state === 'NONE' || (scopes.every((scope) => model.scopes.includes(scope)) && from >= model.days[0] && to <= model.days[1]);
        const may = {
          REQUESTED: model.state === 'NONE' && sound,
          GRANTED: sound && (model.state === 'NONE' || (model.state === 'ASKED' && !isOver && within)),
          REVOKED: (model.state === 'ASKED' || model.state === 'GRANTED') && !isOver,
        }[kind];
        const own: Terms = { scopes, purpose: 'DUE_DILIGENCE', validFrom: day(from), validTo: day(to) };
        const answer = standingAfter(
          standing,
          kind === 'REVOKED' ? { kind } : kind === 'GRANTED' ? { kind, terms: own, documentHash: HASH } : { kind, terms: own },
          day(now),
        );
        expect(!isRefusal(answer)).toBe(may);
        if (isRefusal(answer)) continue;
        standing = answer;
        if (kind !== 'REVOKED') Object.assign(model, { days: [from, to], scopes });
        model.state = kind === 'REQUESTED' ? 'ASKED' : kind;
        const expected = model.state === 'GRANTED' && model.days[0] <= now && now <= model.days[1];
        expect(inForce(standing, day(now))).toBe(expected);
        // Nothing that happened is unsaid by the clock: what is revoked stays so.
        expect(stateOf(standing, day(now + 100))).toBe(model.state === 'REVOKED' ? 'REVOKED' : 'EXPIRED');
      }
    }),
    { numRuns: 500 },
  );
});
