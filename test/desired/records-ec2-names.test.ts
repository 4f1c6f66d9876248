import { describe, expect, test } from 'vitest';
import { desired, lines, refusals } from './desired.ts';
import { member, pattern, role, slot } from './examples.ts';

const named = (number: number, publicDnsName = `EC2-203-0-113-${number}.compute-1.amazonaws.com.`) =>
  member(number, { publicDnsName });

describe('the EC2 name', () => {
  test('is the target of a CNAME, lower case and without the final dot', () => {
    const own = role([pattern({ pattern: '{instanceId}', addresses: ['ec2-name'] })]);
    expect(lines(desired({ role: own, members: [named(1), named(2)] }))).toEqual([
      'i-1.example.com CNAME ec2-203-0-113-1.compute-1.amazonaws.com',
      'i-2.example.com CNAME ec2-203-0-113-2.compute-1.amazonaws.com',
    ]);
  });

  test('is that of the member longest in service where several have the name', () => {
    const shared = role([pattern({ addresses: ['ec2-name'] })]);
    const result = desired({ role: shared, members: [named(2), named(1)] });
    expect(lines(result)).toEqual(['web.example.com CNAME ec2-203-0-113-1.compute-1.amazonaws.com']);
    expect(result.withheld).toEqual([
      {
        role: 'web',
        name: 'web.example.com',
        type: 'CNAME',
        reason: 'too-many',
        instance: 'i-2',
        detail: 'a CNAME has one target; the name is that of the member longest in service',
      },
    ]);
  });

  test.each([undefined, ''])('is withheld from a member that has none (%j)', (publicDnsName) => {
    const shared = role([pattern({ addresses: ['ec2-name'] })]);
    const bare = publicDnsName === undefined ? member(1) : member(1, { publicDnsName });
    const result = desired({ role: shared, members: [bare, named(2)] });
    expect(lines(result)).toEqual(['web.example.com CNAME ec2-203-0-113-2.compute-1.amazonaws.com']);
    expect(result.withheld.map(({ detail }) => detail)).toEqual(['i-1 has no public DNS name']);
    expect(refusals(result)).toEqual(['web.example.com CNAME no-address i-1']);
  });

  test('is at the ordinal name of the one that holds the slot', () => {
    const numbered = role([pattern({ pattern: 'n{ordinal}', addresses: ['ec2-name'] })]);
    const slots = [slot(1, { allocationId: '', publicIpv4: '', holder: 'i-2' })];
    expect(lines(desired({ role: numbered, slots, members: [named(1), named(2)] }))).toEqual([
      'n1.example.com CNAME ec2-203-0-113-2.compute-1.amazonaws.com',
    ]);
  });

  test('gives way to the addresses of the same name', () => {
    const mixed = role([pattern({ addresses: ['ec2-name'] }), pattern()]);
    const result = desired({ role: mixed, members: [named(1)] });
    expect(lines(result)).toEqual(['web.example.com A 203.0.113.1']);
    expect(refusals(result)).toEqual(['web.example.com CNAME name-taken']);
  });

  test('cannot be at the apex', () => {
    const apex = role([pattern({ pattern: '@', addresses: ['ec2-name'] })]);
    const result = desired({ role: apex, members: [named(1)] });
    expect(lines(result)).toEqual([]);
    expect(refusals(result)).toEqual(['example.com CNAME invalid-name']);
  });
});
