/** What docs/operations.md shows of park.yml is what park.yml may hold. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { grantOfClaims } from '../../src/access/claims.js';
import { type ClaimRule, claimRule } from '../../src/config/claimRule.js';
import { root } from '../helpers/commandLine.js';
import { blocksOf } from './markdown.js';

const page = fs.readFileSync(path.join(root, 'docs/operations.md'), 'utf8');

describe('the viewers of park.yml in docs/operations.md', () => {
  const text = blocksOf(page).find((block) => block.language === 'yaml' && block.text.startsWith('viewers:'))?.text ?? '';
  const rules = (parse(text) as { viewers: unknown[] }).viewers.map((rule): ClaimRule => claimRule.parse(rule));

  it.each([
    [{ realm_access: { roles: ['park-admin', 'icbc-officer'] } }, { kind: 'PARK', role: 'ADMIN' }],
    [{ realm_access: { roles: ['icbc-officer'] } }, { kind: 'BANK', source: 'icbc' }],
    [{ fund_codes: ['F1', 'F2'] }, { kind: 'INVESTOR', source: 'hongtu', funds: ['F1', 'F2'] }],
    [{ uscc: '91410771MA3XGWU758' }, { kind: 'TENANT', uscc: '91410771MA3XGWU758' }],
    [{ client_id: 'icbc-loader' }, { kind: 'SERVICE', source: 'icbc' }],
    [{ client_id: 'another' }, undefined],
  ])('make of %j the viewer %j', (claims, grant) => {
    expect(grantOfClaims(claims, rules)).toEqual(grant);
  });
});
