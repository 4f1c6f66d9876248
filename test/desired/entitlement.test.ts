import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isAdmitted } from '../../lib/desired/entitlement.ts';
import type { Allow } from '../../lib/model/role.ts';
import { member, role } from './examples.ts';

const PLACED = member(1, { instanceProfile: 'web-blue', vpcId: 'vpc-1', subnetId: 'subnet-7' });

function admits(allow: Allow | undefined, claimant = PLACED): boolean {
  return isAdmitted(role([], allow === undefined ? {} : { allow }), claimant);
}

describe('a role', () => {
  test('admits everyone with its tag where it says nothing', () => {
    expect(admits(undefined)).toBe(true);
    expect(admits({})).toBe(true);
  });

  test('admits a host outside EC2, which the configuration itself puts into the role', () => {
    expect(admits({ instanceProfiles: ['web-*'], vpcs: ['vpc-1'] }, { ...member(1), offCloud: true })).toBe(true);
    expect(admits({ instanceProfiles: ['web-*'] }, member(1))).toBe(false);
  });

  test.each<[string, Allow, boolean]>([
    ['the profile by name', { instanceProfiles: ['web-blue'] }, true],
    ['any entry of a field', { instanceProfiles: ['api', 'web-blue'] }, true],
    ['a wildcard at the end', { instanceProfiles: ['web-*'] }, true],
    ['a wildcard at the start', { instanceProfiles: ['*-blue'] }, true],
    ['a wildcard for nothing', { instanceProfiles: ['web-blue*'] }, true],
    ['several wildcards', { instanceProfiles: ['*e*l*'] }, true],
    ['a wildcard alone', { vpcs: ['*'] }, true],
    ['all given fields', { instanceProfiles: ['web-*'], vpcs: ['vpc-1'], subnets: ['subnet-7'] }, true],
    ['not another profile', { instanceProfiles: ['web'] }, false],
    ['not a profile that only begins like it', { instanceProfiles: ['*-blu'] }, false],
    ['not letters that a wildcard would use twice', { instanceProfiles: ['web-blue*e'] }, false],
    ['not one field of two', { instanceProfiles: ['web-*'], vpcs: ['vpc-2'] }, false],
    ['not by an empty list', { subnets: [] }, false],
    ['not by other signs of a regular expression', { instanceProfiles: ['web.blue', 'web-blu[e]'] }, false],
  ])('takes %s', (_title, allow, expected) => {
    expect(admits(allow)).toBe(expected);
  });

  test('refuses a member of which it does not know what it asks for', () => {
    expect(admits({ instanceProfiles: ['*'] }, member(1))).toBe(false);
  });

  test('admits any text by itself with parts of it left to wildcards', () => {
    let seen = 0;
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z-]{0,4}$/), { minLength: 1, maxLength: 5 }), (parts) => {
        seen += 1;
        const claimant = member(1, { instanceProfile: parts.join('xx') });
        expect(admits({ instanceProfiles: [parts.join('*')] }, claimant)).toBe(true);
      }),
    );
    expect(seen).toBeGreaterThan(50);
  });
});
