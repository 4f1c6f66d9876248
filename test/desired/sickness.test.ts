import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assignSlots } from '../../lib/desired/slots.ts';
import type { Member } from '../../lib/model/member.ts';
import type { HealthPolicy, Role } from '../../lib/model/role.ts';
import type { Slot } from '../../lib/model/slot.ts';
import { desired, lines } from './desired.ts';
import { address, member, pattern, pooled, role, slot } from './examples.ts';

const health: HealthPolicy = { kind: 'status-checks' };
const sick = (number: number, changes: Partial<Member> = {}) => member(number, { impaired: true, ...changes });

describe('a sick member', () => {
  test('is withdrawn from a name that another serves', () => {
    const web = role([pattern()], { health });
    expect(lines(desired({ role: web, members: [member(1), sick(2)] }))).toEqual(['web.example.com A 203.0.113.1']);
  });

  test('stays where its role does not ask for its health', () => {
    const web = role([pattern()], { health: { kind: 'none' } });
    expect(lines(desired({ role: web, members: [member(1), sick(2)] }))).toEqual([
      'web.example.com A 203.0.113.1, 203.0.113.2',
    ]);
  });

  test('stays, with all the others, where all are sick', () => {
    const web = role([pattern()], { health });
    expect(lines(desired({ role: web, members: [sick(1), sick(2)] }))).toEqual([
      'web.example.com A 203.0.113.1, 203.0.113.2',
    ]);
  });

  test('stays where the only other may be gone', () => {
    const web = role([pattern()], { health });
    const absent = member(1, { absentSweeps: 2 });
    expect(lines(desired({ role: web, members: [absent, sick(2)], keepAbsent: new Set(['i-1']) }))).toEqual([
      'web.example.com A 203.0.113.1, 203.0.113.2',
    ]);
  });

  test('keeps a name that is its own, and leaves the one it shares, with its SRV value', () => {
    const web = role([pattern(), pattern({ pattern: '{instanceId}' })], {
      health,
      srv: [{ service: '_http._tcp', port: 80 }],
    });
    expect(lines(desired({ role: web, members: [member(1), sick(2)] }))).toEqual([
      '_http._tcp.web.example.com SRV 0 10 80 i-1.example.com',
      'i-1.example.com A 203.0.113.1',
      'i-2.example.com A 203.0.113.2',
      'web.example.com A 203.0.113.1',
    ]);
  });

  test('is judged for each name alone', () => {
    const web = role([pattern({ pattern: '{role}.{az}' }), pattern()], { health });
    const members = [member(1), sick(2, { availabilityZone: 'us-east-1b' })];
    expect(lines(desired({ role: web, members }))).toEqual([
      'web.example.com A 203.0.113.1',
      'web.us-east-1a.example.com A 203.0.113.1',
      'web.us-east-1b.example.com A 203.0.113.2',
    ]);
  });

  test('has no set in multivalue routing while another serves', () => {
    const web = role([pattern({ routing: { kind: 'multivalue' } })], { health });
    expect(lines(desired({ role: web, members: [member(1), sick(2)] }))).toEqual([
      'web.example.com A [i-1] 203.0.113.1',
    ]);
  });

  test('gives its place as the one target of a CNAME to the next', () => {
    const web = role([pattern({ addresses: ['ec2-name'] })], { health });
    const named = (number: number, changes: Partial<Member> = {}) =>
      member(number, { publicDnsName: `ec2-${number}.example.net`, ...changes });
    const result = desired({ role: web, members: [named(1, { impaired: true }), named(2)] });
    expect(lines(result)).toEqual(['web.example.com CNAME ec2-2.example.net']);
    expect(result.withheld).toEqual([]);
  });

  test('by an alarm is withdrawn only where the alarm is one of the role’s', () => {
    const web = role([pattern()], { health: { kind: 'alarms', pattern: 'web-*' } });
    const members = [member(1), member(2, { alarms: ['web-cpu'] }), member(3, { alarms: ['db-cpu'] }), sick(4)];
    expect(lines(desired({ role: web, members }))).toEqual(['web.example.com A 203.0.113.1, 203.0.113.3, 203.0.113.4']);
  });

  test('never empties a name', () => {
    const any = fc.array(
      fc.record({ number: fc.integer({ min: 1, max: 40 }), impaired: fc.boolean(), absent: fc.boolean() }),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(any, (drawn) => {
        const members = [...new Map(drawn.map((each) => [each.number, each])).values()].map((each) =>
          member(each.number, {
            ...(each.impaired ? { impaired: true as const } : {}),
            absentSweeps: each.absent ? 2 : 0,
          }),
        );
        const keepAbsent = new Set(members.map(({ instanceId }) => instanceId));
        const web = role([pattern()], { health });
        expect(desired({ role: web, members, keepAbsent }).sets.map(({ set }) => set.name)).toEqual([
          'web.example.com',
        ]);
      }),
    );
  });
});

describe('the name of a pool', () => {
  const held = [slot(1, { holder: 'i-1' }), slot(2, { holder: 'i-2' })];

  test('loses the address of a slot whose holder is sick, while another holder is well', () => {
    const mail = pooled([pattern()], { health });
    const members = [sick(1), member(2)];
    expect(lines(desired({ role: mail, slots: held, members }))).toEqual(['web.example.com A 198.51.100.2']);
  });

  test('stays where it is the holder’s own, and leaves the MX while another holder is well', () => {
    const mx = { zone: 'pub', name: 'example.com', preference: 10 };
    const mail = pooled([pattern({ pattern: 'mx{ordinal}' })], { health, mx });
    expect(lines(desired({ role: mail, slots: held, members: [sick(1), member(2)] }))).toEqual([
      'example.com MX 10 mx2.example.com',
      'mx1.example.com A 198.51.100.1',
      'mx2.example.com A 198.51.100.2',
    ]);
    expect(lines(desired({ role: mail, slots: held, members: [sick(1), sick(2)] }))).toContain(
      'example.com MX 10 mx1.example.com, 10 mx2.example.com',
    );
  });

  test('stays in the MX under `keep`', () => {
    const mx = { zone: 'pub', name: 'example.com', preference: 10 };
    const mail = pooled([pattern({ pattern: 'mx{ordinal}' })], { health, mx, whenEmpty: 'keep' });
    expect(lines(desired({ role: mail, slots: held, members: [sick(1), member(2)] }))).toContain(
      'example.com MX 10 mx1.example.com, 10 mx2.example.com',
    );
  });

  test('keeps every slot’s address under `keep`: it depends on the slots alone', () => {
    const mail = pooled([pattern()], { health, whenEmpty: 'keep' });
    const members = [sick(1), member(2)];
    expect(lines(desired({ role: mail, slots: held, members }))).toEqual([
      'web.example.com A 198.51.100.1, 198.51.100.2',
    ]);
  });
});

function seats(definition: Role, slots: readonly Slot[], members: readonly Member[]): string[] {
  return assignSlots({ role: definition, slots, pool: undefined, members }).slots.map(
    ({ ordinal, holder }) => `${ordinal} ${holder ?? '-'}`,
  );
}

describe('a slot of a pool', () => {
  const mail = pooled([pattern()], { health });
  const on = (number: number, instanceId: string) =>
    address(number, { instanceId, associationId: `eipassoc-${number}` });

  test('goes from a sick holder to the next that is well', () => {
    const members = [sick(1), sick(2), member(3)];
    expect(seats(mail, [slot(1, { holder: 'i-1' })], members)).toEqual(['1 i-3']);
  });

  test('stays with a sick holder that nobody can relieve', () => {
    expect(seats(mail, [slot(1, { holder: 'i-1' })], [sick(1), sick(2)])).toEqual(['1 i-1']);
    const both = [slot(1, { holder: 'i-1' }), slot(2, { holder: 'i-2' })];
    expect(seats(mail, both, [sick(1), member(2)])).toEqual(['1 i-1', '2 i-2']);
  });

  test('that is vacant comes before one that a sick member holds', () => {
    const slots = [slot(1, { holder: 'i-1' }), slot(2)];
    expect(seats(mail, slots, [sick(1), member(2)])).toEqual(['1 i-1', '2 i-2']);
  });

  test('stays with who relieved the holder, though the address is not there yet, and though the sick one is well again', () => {
    const relieved = slot(1, { holder: 'i-3', lastHolder: 'i-1' });
    const pool = [on(1, 'i-1')];
    const still = assignSlots({ role: mail, slots: [relieved], pool, members: [sick(1), member(3)] });
    expect(still.slots[0]?.holder).toBe('i-3');
    const well = assignSlots({ role: mail, slots: [relieved], pool: [on(1, 'i-3')], members: [member(1), member(3)] });
    expect(well.slots[0]?.holder).toBe('i-3');
  });

  test('goes back when the relief falls sick before it has the address', () => {
    const relieved = slot(1, { holder: 'i-3', lastHolder: 'i-1' });
    const members = [member(1), sick(3)];
    expect(assignSlots({ role: mail, slots: [relieved], pool: [on(1, 'i-1')], members }).slots[0]?.holder).toBe('i-1');
  });

  test('prefers one that is well elsewhere to a sick one in the zone of the last holder', () => {
    const zoned = pooled([pattern()], {
      health,
      elasticIp: { source: { kind: 'tag', pool: 'web' }, succession: 'oldest', preferZone: true },
    });
    const vacant = slot(1, { lastHolder: 'i-9', lastZone: 'us-east-1a' });
    const members = [sick(1), member(2, { availabilityZone: 'us-east-1b' })];
    expect(seats(zoned, [vacant], members)).toEqual(['1 i-2']);
    expect(seats(zoned, [vacant], [sick(1)])).toEqual(['1 i-1']);
  });
});

describe('an exclusive role', () => {
  const seat = (ordinal: number, holder: string) => slot(ordinal, { allocationId: '', publicIpv4: '', holder });
  const exclusive = (succession: Role['succession']) => role([pattern()], { holders: 1, succession, health });

  test('goes from a sick holder to the next that is well, and does not go back', () => {
    expect(seats(exclusive('oldest'), [seat(1, 'i-1')], [sick(1), sick(2), member(3)])).toEqual(['1 i-3']);
    expect(seats(exclusive('oldest'), [seat(1, 'i-3')], [member(1), member(3)])).toEqual(['1 i-3']);
  });

  test('stays with a sick holder when all are sick', () => {
    expect(seats(exclusive('oldest'), [seat(1, 'i-1')], [sick(1), sick(2)])).toEqual(['1 i-1']);
  });

  test('goes to the newest that is well where the last claim wins', () => {
    expect(seats(exclusive('newest'), [seat(1, 'i-1')], [member(1), member(2), sick(3)])).toEqual(['1 i-2']);
    expect(seats(exclusive('newest'), [seat(1, 'i-3')], [sick(1), sick(3)])).toEqual(['1 i-3']);
  });

  test('leaves ordinals for everyone alone', () => {
    const numbered = role([pattern({ pattern: 'web{ordinal}', addresses: ['private'] })], { health });
    expect(seats(numbered, [seat(1, 'i-1')], [sick(1), member(2)])).toEqual(['1 i-1', '2 i-2']);
  });
});
