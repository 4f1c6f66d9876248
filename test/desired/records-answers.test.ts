import { describe, expect, test } from 'vitest';
import { desired, lines, refusals } from './desired.ts';
import { member, pattern, pooled, role, slot } from './examples.ts';

const v4 = { answer: '192.0.2.10' };
const v6 = { answer: '2001:db8::10' };
const name = { answer: 'Sorry.example.net.' };

describe('an answer', () => {
  test('stands at an empty name from the deploy on', () => {
    expect(desired({ role: role([pattern({ ttlSeconds: 30 })], { whenEmpty: v4 }) }).sets).toEqual([
      {
        role: 'web',
        set: {
          name: 'web.example.com',
          type: 'A',
          ttlSeconds: 30,
          values: ['192.0.2.10'],
          routing: { kind: 'simple' },
        },
        contributors: { answer: ['192.0.2.10'] },
      },
    ]);
  });

  test('gives way to a member', () => {
    for (const whenEmpty of [v4, name]) {
      expect(lines(desired({ role: role([pattern()], { whenEmpty }), members: [member(1)] }))).toEqual([
        'web.example.com A 203.0.113.1',
      ]);
    }
  });

  test('gives way to a member with one of the families of the name', () => {
    const dual = role([pattern({ addresses: ['public', 'ipv6'] })], { whenEmpty: v6 });
    expect(lines(desired({ role: dual, members: [member(1)] }))).toEqual(['web.example.com A 203.0.113.1']);
  });

  test.each([
    [v4, ['public'], ['web.example.com A 192.0.2.10']],
    [v4, ['private', 'ipv6'], ['web.example.com A 192.0.2.10']],
    [v4, ['ipv6'], []],
    [v6, ['ipv6'], ['web.example.com AAAA 2001:db8::10']],
    [v6, ['public', 'ipv6'], ['web.example.com AAAA 2001:db8::10']],
    [v6, ['private'], []],
    [name, ['public'], ['web.example.com CNAME sorry.example.net']],
    [name, ['ipv6'], ['web.example.com CNAME sorry.example.net']],
    [name, ['ec2-name'], ['web.example.com CNAME sorry.example.net']],
  ] as const)('of %j at a name of %j', (whenEmpty, addresses, expected) => {
    expect(lines(desired({ role: role([pattern({ addresses })], { whenEmpty }) }))).toEqual(expected);
  });

  test('stands at no name with a placeholder of a member', () => {
    const names = ['{instanceId}', '{role}.{az}', 'n{ordinal}', '{role}'].map((each) => pattern({ pattern: each }));
    expect(lines(desired({ role: role(names, { whenEmpty: v4 }), slots: [slot(1)] }))).toEqual([
      'web.example.com A 192.0.2.10',
    ]);
  });

  test('stands at the name of a pool that nobody holds', () => {
    const mail = pooled([pattern()], { whenEmpty: v4 });
    expect(lines(desired({ role: mail, slots: [slot(1)] }))).toEqual(['web.example.com A 192.0.2.10']);
    expect(lines(desired({ role: mail, slots: [slot(1, { holder: 'i-1' })], members: [member(1)] }))).toEqual([
      'web.example.com A 198.51.100.1',
    ]);
  });

  test('is one simple set, whatever the routing of members', () => {
    const spread = role([pattern({ routing: { kind: 'multivalue' } })], { whenEmpty: v4 });
    expect(lines(desired({ role: spread }))).toEqual(['web.example.com A 192.0.2.10']);
  });

  test('takes the shorter TTL where two patterns give one name', () => {
    const twice = role([pattern({ ttlSeconds: 300 }), pattern({ pattern: 'web', ttlSeconds: 30 })], { whenEmpty: v4 });
    expect(desired({ role: twice }).sets.map(({ set }) => set.ttlSeconds)).toEqual([30]);
  });

  test('is an address at the apex, and withheld there as a name', () => {
    const apex = [pattern({ pattern: '@' })];
    expect(lines(desired({ role: role(apex, { whenEmpty: v4 }) }))).toEqual(['example.com A 192.0.2.10']);
    const aliased = desired({ role: role(apex, { whenEmpty: name }) });
    expect(lines(aliased)).toEqual([]);
    expect(refusals(aliased)).toEqual(['example.com CNAME invalid-name']);
  });

  test('leaves an alias and an MX to the name as they are', () => {
    const all = role([pattern()], {
      whenEmpty: v4,
      aliases: [{ zone: 'pub', name: 'www.example.com' }],
      mx: { zone: 'pub', name: 'example.com', preference: 10 },
    });
    expect(lines(desired({ role: all }))).toEqual([
      'example.com MX 10 web.example.com',
      'web.example.com A 192.0.2.10',
      'www.example.com CNAME web.example.com',
    ]);
  });
});
