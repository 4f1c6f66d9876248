import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LedgerSet } from '../../lib/model/ledger.ts';
import type { Member } from '../../lib/model/member.ts';
import { recordSet } from '../../lib/model/record-set.ts';
import { desired, lines, refusals } from './desired.ts';
import { member, PRIVATE_ZONE, pattern, pooled, role, slot, without } from './examples.ts';

const privateRole = role([pattern({ zone: 'int', addresses: ['private'] })]);

describe('names of members', () => {
  test('are shared by all serving members whose pattern reads the same', () => {
    const result = desired({ members: [member(2), member(1)] });
    expect(result.sets).toEqual([
      {
        role: 'web',
        set: {
          name: 'web.example.com',
          type: 'A',
          ttlSeconds: 60,
          values: ['203.0.113.1', '203.0.113.2'],
          routing: { kind: 'simple' },
        },
        contributors: { 'i-1': ['203.0.113.1'], 'i-2': ['203.0.113.2'] },
      },
    ]);
  });

  test('are a member’s own where the pattern has its id', () => {
    const own = role([pattern({ pattern: '{instanceId}' })]);
    expect(lines(desired({ role: own, members: [member(1), member(2)] }))).toEqual([
      'i-1.example.com A 203.0.113.1',
      'i-2.example.com A 203.0.113.2',
    ]);
  });

  test('do not hold a pending member', () => {
    expect(lines(desired({ members: [member(1, { phase: 'pending' })] }))).toEqual([]);
  });

  test('do not hold a member that two sweeps did not list, unless it is kept', () => {
    const members = [member(1), member(2, { absentSweeps: 2 }), member(3, { absentSweeps: 1 })];
    expect(lines(desired({ members }))).toEqual(['web.example.com A 203.0.113.1, 203.0.113.3']);
    expect(lines(desired({ members, keepAbsent: new Set(['i-2']) }))).toEqual([
      'web.example.com A 203.0.113.1, 203.0.113.2, 203.0.113.3',
    ]);
  });

  test('of another zone are not published here', () => {
    expect(desired({ zone: PRIVATE_ZONE, members: [member(1)] })).toEqual({ sets: [], withheld: [] });
  });

  test('take the shorter TTL where two patterns give one name', () => {
    const twice = role([pattern({ ttlSeconds: 300 }), pattern({ pattern: 'web', ttlSeconds: 30 })]);
    expect(desired({ role: twice, members: [member(1)] }).sets.map(({ set }) => set.ttlSeconds)).toEqual([30]);
    const reversed = role([...twice.names].reverse());
    expect(desired({ role: reversed, members: [member(1)] }).sets.map(({ set }) => set.ttlSeconds)).toEqual([30]);
  });

  test('hold one value for two members with one address, and know both', () => {
    const members = [member(1, { publicIpv4: '203.0.113.9' }), member(2, { publicIpv4: '203.0.113.9' })];
    const [only] = desired({ members }).sets;
    expect(only?.set.values).toEqual(['203.0.113.9']);
    expect(only?.contributors).toEqual({ 'i-1': ['203.0.113.9'], 'i-2': ['203.0.113.9'] });
  });
});

describe('address kinds', () => {
  const everything = role([pattern({ addresses: ['private', 'public', 'ipv6'] })]);

  test('private and public give A, ipv6 gives AAAA', () => {
    const members = [member(1, { ipv6: ['2001:db8::2', '2001:db8::1'] })];
    expect(lines(desired({ role: everything, members }))).toEqual([
      'web.example.com AAAA 2001:db8::1, 2001:db8::2',
      'web.example.com A 10.0.0.1, 203.0.113.1',
    ]);
  });

  test('give no AAAA unasked', () => {
    expect(lines(desired({ members: [member(1, { ipv6: ['2001:db8::1'] })] }))).toEqual([
      'web.example.com A 203.0.113.1',
    ]);
  });

  test('that a member does not have are withheld by its name', () => {
    const bare = without(member(1), 'privateIpv4', 'publicIpv4');
    expect(refusals(desired({ members: [bare] }))).toEqual(['web.example.com A no-address i-1']);
    const v6 = role([pattern({ addresses: ['ipv6'] })]);
    expect(refusals(desired({ role: v6, members: [bare] }))).toEqual(['web.example.com AAAA no-address i-1']);
  });
});

describe('names that cannot be', () => {
  test('are withheld for the member without an availability zone, and for no other', () => {
    const byZone = role([pattern({ pattern: '{role}.{az}' })]);
    const result = desired({ role: byZone, members: [without(member(1), 'availabilityZone'), member(2)] });
    expect(lines(result)).toEqual(['web.us-east-1a.example.com A 203.0.113.2']);
    expect(refusals(result)).toEqual(['{role}.{az} A invalid-name i-1']);
  });

  test('are withheld once where every member would have the same', () => {
    const bad = role([pattern({ pattern: '-{role}' })]);
    expect(refusals(desired({ role: bad, members: [member(1), member(2)] }))).toEqual(['-{role} A invalid-name']);
  });
});

describe('a role with a pool', () => {
  const slots = [slot(1, { holder: 'i-1' }), slot(2)];

  test('publishes the pool’s addresses that are held, and no member’s own', () => {
    const result = desired({ role: pooled(), slots, members: [member(1), member(2)] });
    expect(result.sets).toHaveLength(1);
    expect(result.sets[0]?.set.values).toEqual(['198.51.100.1']);
    expect(result.sets[0]?.contributors).toEqual({ 'slot:1': ['198.51.100.1'] });
    expect(result.withheld).toEqual([]);
  });

  test('publishes every slot under keep, held or not', () => {
    const mail = pooled([pattern({ pattern: 'mx{ordinal}' }), pattern()], { whenEmpty: 'keep' });
    expect(lines(desired({ role: mail, slots }))).toEqual([
      'mx1.example.com A 198.51.100.1',
      'mx2.example.com A 198.51.100.2',
      'web.example.com A 198.51.100.1, 198.51.100.2',
    ]);
  });

  test('gives an ordinal name to held slots alone without keep', () => {
    const mail = pooled([pattern({ pattern: 'mx{ordinal}' })]);
    expect(lines(desired({ role: mail, slots, members: [member(1)] }))).toEqual(['mx1.example.com A 198.51.100.1']);
  });

  test('does not change a name when another member takes the slot', () => {
    const mail = pooled([pattern({ pattern: 'mx{ordinal}' })]);
    const before = desired({ role: mail, slots: [slot(1, { holder: 'i-1' })], members: [member(1), member(2)] });
    const after = desired({ role: mail, slots: [slot(1, { holder: 'i-2', version: 2 })], members: [member(2)] });
    expect(after).toEqual(before);
  });

  test('gives private names to all, and private ordinal names to holders', () => {
    const both = pooled([
      pattern({ addresses: ['private'] }),
      pattern({ pattern: 'n{ordinal}', addresses: ['private'] }),
    ]);
    const result = desired({ role: both, slots, members: [member(1), member(2)] });
    expect(lines(result)).toEqual(['n1.example.com A 10.0.0.1', 'web.example.com A 10.0.0.1, 10.0.0.2']);
    expect(result.withheld).toEqual([]);
  });

  test('names a slot after its holder where the pattern has its id', () => {
    const own = pooled([pattern({ pattern: '{instanceId}' })], { whenEmpty: 'keep' });
    expect(lines(desired({ role: own, slots, members: [member(1), member(2)] }))).toEqual([
      'i-1.example.com A 198.51.100.1',
    ]);
  });

  test('publishes nothing while its pool is empty', () => {
    const result = desired({ role: pooled(), members: [member(1)] });
    expect(lines(result)).toEqual([]);
    expect(refusals(result)).toEqual([]);
  });

  test('does not publish a slot whose address left the pool', () => {
    const emptied = slot(1, { allocationId: '', publicIpv4: '' });
    const result = desired({ role: pooled([pattern()], { whenEmpty: 'keep' }), slots: [emptied] });
    expect(lines(result)).toEqual([]);
    expect(refusals(result)).toEqual([]);
  });
});

describe('whenEmpty', () => {
  function owned(name: string, type: 'A' | 'AAAA', values: readonly string[]): LedgerSet {
    return {
      role: 'web',
      set: recordSet(name, type, 60, values),
      contributors: { 'i-1': values },
      serial: 7,
    };
  }
  const keep = { ...privateRole, whenEmpty: 'keep' as const };
  const previous = [owned('web.corp.internal', 'A', ['10.0.0.1'])];

  test('remove leaves nothing', () => {
    expect(lines(desired({ zone: PRIVATE_ZONE, role: privateRole, previous }))).toEqual([]);
  });

  test('keep leaves the last private values, unchanged', () => {
    expect(desired({ zone: PRIVATE_ZONE, role: keep, previous }).sets).toEqual([
      {
        role: 'web',
        set: {
          name: 'web.corp.internal',
          type: 'A',
          ttlSeconds: 60,
          values: ['10.0.0.1'],
          routing: { kind: 'simple' },
        },
        contributors: { 'i-1': ['10.0.0.1'] },
      },
    ]);
  });

  test('keep gives way to a member', () => {
    expect(lines(desired({ zone: PRIVATE_ZONE, role: keep, previous, members: [member(5)] }))).toEqual([
      'web.corp.internal A 10.0.0.5',
    ]);
  });

  test('keep never keeps an address that a stranger can get', () => {
    const strangers = [owned('web.corp.internal', 'A', ['203.0.113.1'])];
    expect(lines(desired({ zone: PRIVATE_ZONE, role: keep, previous: strangers }))).toEqual([]);
    const auto = role([pattern()], { whenEmpty: 'keep' });
    expect(lines(desired({ role: auto, previous: [owned('web.example.com', 'A', ['203.0.113.1'])] }))).toEqual([]);
  });

  test('keep keeps nothing of a host outside EC2, and what instances gave beside it', () => {
    const sixRole = role([pattern({ zone: 'int', addresses: ['ipv6'] })], { whenEmpty: 'keep' });
    const values = ['2001:db8::1', '2001:db8::9'];
    const shared = {
      ...owned('web.corp.internal', 'AAAA', values),
      contributors: { 'i-1': ['2001:db8::1'], 'dc1-web': ['2001:db8::9'] },
    };
    const alone = { ...shared, contributors: { 'dc1-web': values } };
    expect(lines(desired({ zone: PRIVATE_ZONE, role: sixRole, previous: [shared] }))).toEqual([
      'web.corp.internal AAAA 2001:db8::1',
    ]);
    expect(lines(desired({ zone: PRIVATE_ZONE, role: sixRole, previous: [alone] }))).toEqual([]);
  });

  test('keep keeps no name of a member, and none that is configured no more', () => {
    const own = role([pattern({ zone: 'int', pattern: '{instanceId}', addresses: ['private'] })], {
      whenEmpty: 'keep',
    });
    const gone = [
      owned('i-1.corp.internal', 'A', ['10.0.0.1']),
      owned('old.corp.internal', 'A', ['10.0.0.1']),
      owned('web.corp.internal', 'AAAA', ['2001:db8::1']),
    ];
    expect(lines(desired({ zone: PRIVATE_ZONE, role: own, previous: gone }))).toEqual([]);
    expect(lines(desired({ zone: PRIVATE_ZONE, role: keep, previous: gone }))).toEqual([]);
  });
});

describe('a set of a ledger that has one address of each member', () => {
  test('gets those that they have since', () => {
    const v6 = role([pattern({ addresses: ['ipv6'] })]);
    const contributors = { 'i-1': ['2001:db8::1'], 'i-2': ['2001:db8::2'] };
    const set = recordSet('web.example.com', 'AAAA', 60, ['2001:db8::1', '2001:db8::2']);
    const previous = [{ role: 'web', set, contributors, serial: 7 }];
    const members = [
      member(1, { ipv6: ['2001:db8::1', '2001:db8::11'] }),
      member(2, { ipv6: ['2001:db8::2', '2001:db8::22'] }),
    ];
    expect(lines(desired({ role: v6, members, previous }))).toEqual([
      'web.example.com AAAA 2001:db8::1, 2001:db8::11, 2001:db8::2, 2001:db8::22',
    ]);
  });
});

describe('a set that is too large', () => {
  test('holds 400 values, and leaves the newest out by name', () => {
    const members = Array.from({ length: 402 }, (_each, index) => member(index + 1));
    const result = desired({ zone: PRIVATE_ZONE, role: privateRole, members });
    expect(result.sets[0]?.set.values).toHaveLength(400);
    expect(refusals(result)).toEqual(['web.corp.internal A too-many i-401', 'web.corp.internal A too-many i-402']);
  });

  test('holds no more of them where hands wrote more into the one that we own', () => {
    const members = Array.from({ length: 401 }, (_each, index) => member(index + 1));
    const contributors = Object.fromEntries(
      members.map(({ instanceId, publicIpv4 = '' }) => [instanceId, [publicIpv4]]),
    );
    const set = recordSet('web.example.com', 'A', 60, Object.values(contributors).flat());
    const result = desired({ members, previous: [{ role: 'web', set, contributors, serial: 7 }] });
    expect(result.sets[0]?.set.values).toHaveLength(400);
    expect(refusals(result)).toEqual(['web.example.com A too-many i-401']);
  });

  test('holds 15,500 characters', () => {
    const v6 = role([pattern({ addresses: ['ipv6'] })]);
    const members = Array.from({ length: 400 }, (_each, index) =>
      member(index + 1, { ipv6: [`2001:0db8:0000:0000:0000:0000:0000:${String(index).padStart(4, '0')}`] }),
    );
    const result = desired({ role: v6, members });
    expect(result.sets[0]?.set.values).toHaveLength(397);
    expect(refusals(result)).toEqual([
      'web.example.com AAAA too-many i-398',
      'web.example.com AAAA too-many i-399',
      'web.example.com AAAA too-many i-400',
    ]);
  });
});

describe('ten thousand members', () => {
  test('each have a name of their own', () => {
    const own = role([pattern({ zone: 'int', pattern: '{instanceId}', addresses: ['private'] })]);
    const members = Array.from({ length: 10_000 }, (_each, index) => member(index + 1));
    const result = desired({ zone: PRIVATE_ZONE, role: own, members });
    expect(result.sets).toHaveLength(10_000);
    expect(result.withheld).toEqual([]);
  });
});

describe('properties', () => {
  const anyMember: fc.Arbitrary<Member> = fc
    .record({
      number: fc.integer({ min: 1, max: 30 }),
      phase: fc.constantFrom('serving' as const, 'pending' as const),
      absentSweeps: fc.integer({ min: 0, max: 3 }),
      bare: fc.boolean(),
    })
    .map(({ number, phase, absentSweeps, bare }) => {
      const made = member(number, { phase, absentSweeps });
      return bare ? without(made, 'publicIpv4') : made;
    });
  const fleet = fc.uniqueArray(anyMember, { selector: ({ instanceId }) => instanceId, minLength: 1 });
  const names = role([pattern(), pattern({ pattern: '{instanceId}', addresses: ['private', 'public'] })]);

  test('do not depend on the order of members', () => {
    let sets = 0;
    fc.assert(
      fc.property(fleet, fc.infiniteStream(fc.nat()), (members, random) => {
        const shuffled = members
          .map((each) => ({ each, place: random.next().value ?? 0 }))
          .sort((one, other) => one.place - other.place)
          .map(({ each }) => each);
        const result = desired({ role: names, members });
        sets += result.sets.length;
        expect(JSON.stringify(desired({ role: names, members: shuffled }))).toBe(JSON.stringify(result));
      }),
    );
    expect(sets).toBeGreaterThan(0);
  });

  test('publish the addresses of serving members and no other', () => {
    let values = 0;
    fc.assert(
      fc.property(fleet, (members) => {
        const allowed = new Set(
          members
            .filter(({ phase, absentSweeps }) => phase === 'serving' && absentSweeps < 2)
            .flatMap(({ publicIpv4, privateIpv4 }) => [publicIpv4, privateIpv4]),
        );
        for (const { set } of desired({ role: names, members }).sets) {
          values += set.values.length;
          expect(set.values.every((value) => allowed.has(value))).toBe(true);
          expect(set.values.length).toBeGreaterThan(0);
        }
      }),
    );
    expect(values).toBeGreaterThan(0);
  });
});
