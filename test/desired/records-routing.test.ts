import { describe, expect, test } from 'vitest';
import { desired, lines, refusals } from './desired.ts';
import { member, pattern, pooled, role, slot } from './examples.ts';

const MULTIVALUE = { kind: 'multivalue' } as const;
const WEIGHTED = { kind: 'weighted', tag: 'rolecall:weight', defaultWeight: 10 } as const;

function many(count: number) {
  return Array.from({ length: count }, (_each, index) => member(index + 1));
}

describe('multivalue', () => {
  const spread = role([pattern({ routing: MULTIVALUE })]);

  test('gives each member a set of its own, identified by its id', () => {
    expect(desired({ role: spread, members: [member(2), member(1)] }).sets).toEqual([
      {
        role: 'web',
        set: {
          name: 'web.example.com',
          type: 'A',
          ttlSeconds: 60,
          values: ['203.0.113.1'],
          routing: { kind: 'multivalue', setIdentifier: 'i-1' },
        },
        contributors: { 'i-1': ['203.0.113.1'] },
      },
      {
        role: 'web',
        set: {
          name: 'web.example.com',
          type: 'A',
          ttlSeconds: 60,
          values: ['203.0.113.2'],
          routing: { kind: 'multivalue', setIdentifier: 'i-2' },
        },
        contributors: { 'i-2': ['203.0.113.2'] },
      },
    ]);
  });

  test('puts all addresses of a kind that a member has into its one set', () => {
    const both = role([pattern({ addresses: ['private', 'public', 'ipv6'], routing: MULTIVALUE })]);
    const members = [member(1, { ipv6: ['2001:db8::2', '2001:db8::1'] }), member(2)];
    expect(lines(desired({ role: both, members }))).toEqual([
      'web.example.com AAAA [i-1] 2001:db8::1, 2001:db8::2',
      'web.example.com A [i-1] 10.0.0.1, 203.0.113.1',
      'web.example.com A [i-2] 10.0.0.2, 203.0.113.2',
    ]);
  });

  test('has 100 sets, and leaves the newest out by name', () => {
    const result = desired({ role: spread, members: many(102) });
    expect(result.sets).toHaveLength(100);
    expect(refusals(result)).toEqual(['web.example.com A too-many i-101', 'web.example.com A too-many i-102']);
  });

  test('has 400 values in all sets together, so that the name can be swapped in one request', () => {
    const v6 = role([pattern({ addresses: ['ipv6'], routing: MULTIVALUE })]);
    const members = many(81).map((each, index) => ({
      ...each,
      ipv6: [1, 2, 3, 4, 5].map((host) => `2001:db8::${index.toString(16)}:${host}`),
    }));
    const result = desired({ role: v6, members });
    expect(result.sets).toHaveLength(80);
    expect(refusals(result)).toEqual(['web.example.com AAAA too-many i-81']);
  });

  test('is identified by the slot of a pool, held or not: a failover changes no record', () => {
    const mail = pooled([pattern({ routing: MULTIVALUE })], { whenEmpty: 'keep' });
    const result = desired({ role: mail, slots: [slot(1, { holder: 'i-1' }), slot(2)], members: [member(1)] });
    expect(lines(result)).toEqual([
      'web.example.com A [slot-1] 198.51.100.1',
      'web.example.com A [slot-2] 198.51.100.2',
    ]);
    expect(result.sets.map(({ contributors }) => ({ ...contributors }))).toEqual([
      { 'slot:1': ['198.51.100.1'] },
      { 'slot:2': ['198.51.100.2'] },
    ]);
  });

  test('holds the address of the slot and that of its holder each in a set of its own', () => {
    const both = pooled([pattern({ addresses: ['private', 'public'], routing: MULTIVALUE })]);
    const result = desired({ role: both, slots: [slot(1, { holder: 'i-1' })], members: [member(1)] });
    expect(lines(result)).toEqual(['web.example.com A [i-1] 10.0.0.1', 'web.example.com A [slot-1] 198.51.100.1']);
  });

  test('of the first pattern holds where two patterns give one name', () => {
    const twice = role([pattern({ routing: MULTIVALUE }), pattern({ pattern: 'web', addresses: ['private'] })]);
    expect(lines(desired({ role: twice, members: [member(1)] }))).toEqual([
      'web.example.com A [i-1] 10.0.0.1, 203.0.113.1',
    ]);
  });
});

describe('weighted', () => {
  const weighted = role([pattern({ routing: WEIGHTED })]);

  test.each([
    [{ 'rolecall:weight': '0' }, 0],
    [{ 'rolecall:weight': '255' }, 255],
    [{ 'rolecall:weight': '256' }, 10],
    [{ 'rolecall:weight': '-1' }, 10],
    [{ 'rolecall:weight': '1.5' }, 10],
    [{ 'rolecall:weight': 'much' }, 10],
    [{ 'rolecall:weight': '' }, 10],
    [{}, 10],
  ])('reads the tags %j as %i', (tags, weight) => {
    expect(desired({ role: weighted, members: [member(1, { tags })] }).sets.map(({ set }) => set.routing)).toEqual([
      { kind: 'weighted', setIdentifier: 'i-1', weight },
    ]);
  });

  test('has 100 sets, and leaves the newest out by name', () => {
    const result = desired({ role: weighted, members: many(101) });
    expect(result.sets).toHaveLength(100);
    expect(refusals(result)).toEqual(['web.example.com A too-many i-101']);
  });

  test('gives a vacant slot the default weight', () => {
    const mail = pooled([pattern({ routing: WEIGHTED })], { whenEmpty: 'keep' });
    const members = [member(1, { tags: { 'rolecall:weight': '30' } })];
    expect(lines(desired({ role: mail, slots: [slot(1, { holder: 'i-1' }), slot(2)], members }))).toEqual([
      'web.example.com A [slot-1 30] 198.51.100.1',
      'web.example.com A [slot-2 10] 198.51.100.2',
    ]);
  });
});
