import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grantOfClaims } from '../../src/access/claims.js';
import { type Grant, readGrant } from '../../src/access/grant.js';
import { describeViewer } from '../../src/access/viewer.js';
import { type ClaimRule, claimRule } from '../../src/config/claimRule.js';

const rules: ClaimRule[] = [
  { claim: ['realm_access', 'roles'], has: 'park-admin', viewer: { kind: 'PARK', role: 'ADMIN' } },
  { claim: 'roles', has: 'bank', viewer: { kind: 'BANK', source: { claim: 'https://hub.example/source' } } },
  { claim: 'azp', has: 'hongtu-portal', viewer: { kind: 'INVESTOR', source: 'hongtu', funds: { claim: 'funds' } } },
  { claim: 'azp', has: 'huakai-portal', viewer: { kind: 'INVESTOR', source: 'huakai', funds: ['F1'] } },
  { claim: 'client_id', has: 'icbc-loader', viewer: { kind: 'SERVICE', source: 'icbc' } },
  { claim: 'uscc', viewer: { kind: 'TENANT', uscc: { claim: 'uscc' } } },
];

describe('the rules of a park', () => {
  it.each<[string, Record<string, unknown>, Grant | undefined]>([
    ['a role in a list within a claim', { realm_access: { roles: ['x', 'park-admin'] } }, { kind: 'PARK', role: 'ADMIN' }],
    ['a text and another claim for the source', { roles: 'bank', 'https://hub.example/source': 'spdb' }, { kind: 'BANK', source: 'spdb' }],
    ['funds of a claim', { azp: 'hongtu-portal', funds: ['A', 'B'] }, { kind: 'INVESTOR', source: 'hongtu', funds: ['A', 'B'] }],
    ['funds that are named', { azp: 'huakai-portal', funds: 'all' }, { kind: 'INVESTOR', source: 'huakai', funds: ['F1'] }],
    ['a program', { client_id: 'icbc-loader' }, { kind: 'SERVICE', source: 'icbc' }],
    ['a claim that need only be there', { uscc: '91410771MA3XGWU758' }, { kind: 'TENANT', uscc: '91410771MA3XGWU758' }],
    ['the first rule where several are kept', { uscc: '91410771MA3XGWU758', client_id: 'icbc-loader' }, { kind: 'SERVICE', source: 'icbc' }],
    ['nobody where none is kept', { roles: ['Bank', 'banking'], sub: 'x' }, undefined],
    ['nobody where the claim that is wanted is missing', { roles: ['bank'] }, undefined],
    ['nobody where it is no viewer, though a later rule is kept', { roles: ['bank'], uscc: '91410771MA3XGWU758' }, undefined],
    ['nobody where the source would be the register', { roles: ['bank'], 'https://hub.example/source': 'park' }, undefined],
    ['nobody by the claim that counts without rules', { parkhub: { kind: 'PARK', role: 'ADMIN' } }, undefined],
    ['nobody by a part of a text', { realm_access: { roles: 'park-admin-not' } }, undefined],
    ['nobody by a claim with dots', { 'realm_access.roles': ['park-admin'] }, undefined],
    ['nobody by what every object has', { uscc: false }, undefined],
  ])('make %s', (_what, claims, grant) => {
    expect(grantOfClaims(claims, rules)).toEqual(grant);
  });

  it('see only what a token states: nothing that every object has', () => {
    const inherited: ClaimRule[] = ['constructor', 'toString', '__proto__', 'hasOwnProperty'].map((claim) => ({
      claim,
      viewer: { kind: 'PARK', role: 'ADMIN' },
    }));
    expect(grantOfClaims({ sub: 'x' }, inherited)).toBeUndefined();
    expect(grantOfClaims({}, [{ claim: ['roles', 'length'], viewer: { kind: 'PARK', role: 'ADMIN' } }])).toBeUndefined();
    expect(grantOfClaims({ roles: 'abc' }, [{ claim: ['roles', 'length'], viewer: { kind: 'PARK', role: 'ADMIN' } }])).toBeUndefined();
  });

  it('make, of any claims, a viewer that there may be or none', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('realm_access', 'roles', 'azp', 'funds', 'client_id', 'uscc', 'https://hub.example/source'), fc.jsonValue()),
        (claims) => {
          const grant = grantOfClaims(claims as Record<string, unknown>, rules);
          expect(grant === undefined || JSON.stringify(readGrant(grant)) === JSON.stringify(grant)).toBe(true);
        },
      ),
    );
  });

  it('are read from park.yml in this form, and in no other', () => {
    for (const rule of rules) expect(claimRule.parse(rule)).toEqual(rule);
    expect(claimRule.parse({ claim: 'a', viewer: { kind: 'INVESTOR', source: 'hongtu' } }).viewer).toEqual({
      kind: 'INVESTOR',
      source: 'hongtu',
      funds: 'all',
    });
    for (const wrong of [
      { claim: 'a', viewer: { kind: 'GOD' } },
      { claim: 'a', viewer: { kind: 'SYSTEM' } },
      { claim: 'a', viewer: { kind: 'PUBLIC' } },
      { claim: 'a', viewer: { kind: 'PARK', role: { claim: 'role' } } },
      { claim: '', viewer: { kind: 'PARK', role: 'ADMIN' } },
      { claim: [], viewer: { kind: 'PARK', role: 'ADMIN' } },
      { viewer: { kind: 'PARK', role: 'ADMIN' } },
      { claim: 'a', is: 'b', viewer: { kind: 'PARK', role: 'ADMIN' } },
    ])
      expect(claimRule.safeParse(wrong).success).toBe(false);
  });
});

describe('a park without rules', () => {
  it('takes the viewer as it stands in the claim parkhub', () => {
    expect(grantOfClaims({ parkhub: { kind: 'INVESTOR', source: 'hongtu', funds: 'all' } }, undefined)).toEqual({
      kind: 'INVESTOR',
      source: 'hongtu',
      funds: 'all',
    });
  });

  it.each([
    undefined,
    null,
    'ADMIN',
    [],
    {},
    { kind: 'PARK' },
    { kind: 'PARK', role: 'admin' },
    { kind: 'BANK', source: 'park' },
    { kind: 'BANK', source: 'icbc', via: 'test' },
    { kind: 'SYSTEM' },
  ])('takes no viewer from %j', (parkhub) => {
    expect(grantOfClaims({ parkhub }, undefined)).toBeUndefined();
  });
});

it('a viewer is described in a few words', () => {
  const grants: Grant[] = [
    { kind: 'TENANT', uscc: '91410771MA3XGWU758' },
    { kind: 'INVESTOR', source: 'hongtu', funds: 'all' },
    { kind: 'INVESTOR', source: 'hongtu', funds: ['A', 'B'] },
    { kind: 'BANK', source: 'icbc' },
    { kind: 'PARK', role: 'OPERATOR' },
    { kind: 'SERVICE', source: 'spdb' },
  ];
  expect([...grants, { kind: 'PUBLIC' } as const].map(describeViewer)).toEqual([
    'tenant 91410771MA3XGWU758',
    'investor hongtu',
    'investor hongtu, funds A, B',
    'bank icbc',
    'park operator',
    'service of spdb',
    'anyone',
  ]);
});
