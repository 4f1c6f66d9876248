import fc from 'fast-check';
import type { RecordsInput } from '../../lib/desired/records.ts';
import type { Member } from '../../lib/model/member.ts';
import type { AddressKind, NamePattern, NameRouting, Role, WhenEmpty } from '../../lib/model/role.ts';
import type { Slot } from '../../lib/model/slot.ts';
import type { Zone } from '../../lib/model/zone.ts';
import { member, PRIVATE_ZONE, PUBLIC_ZONE, pattern, role, slot } from './examples.ts';

export const REVERSE_ZONE: Zone = { key: 'rev', id: 'Z0CCC', name: '10.in-addr.arpa', private: true };
export const ZONES: readonly Zone[] = [PUBLIC_ZONE, PRIVATE_ZONE, REVERSE_ZONE];

const anyRouting = fc.constantFrom<NameRouting>(
  { kind: 'simple' },
  { kind: 'multivalue' },
  { kind: 'weighted', tag: 'rolecall:weight', defaultWeight: 10 },
);
export const anyAddresses = fc.constantFrom<readonly AddressKind[]>(
  ['public'],
  ['private'],
  ['ipv6'],
  ['private', 'public', 'ipv6'],
  ['ec2-name'],
);
const anyPattern: fc.Arbitrary<NamePattern> = fc
  .record({
    zone: fc.constantFrom('pub', 'int'),
    pattern: fc.constantFrom('{role}', '@', 'x', '{instanceId}', '{role}-{ordinal}', '{role}.{az}', '-'),
    addresses: anyAddresses,
    routing: anyRouting,
    ttlSeconds: fc.constantFrom(30, 60),
    ptr: fc.boolean(),
  })
  .map(pattern);
const anyEmpty = fc.constantFrom<WhenEmpty>(
  'remove',
  'keep',
  { answer: '192.0.2.10' },
  { answer: '2001:db8::10' },
  { answer: 'sorry.example.net' },
);

export const anyRole: fc.Arbitrary<Role> = fc
  .record({
    names: fc.array(anyPattern, { minLength: 1, maxLength: 4 }),
    whenEmpty: anyEmpty,
    isPooled: fc.boolean(),
    isExclusive: fc.boolean(),
    isAliased: fc.boolean(),
    hasMail: fc.boolean(),
    hasService: fc.boolean(),
  })
  .map(({ names, whenEmpty, isPooled, isExclusive, isAliased, hasMail, hasService }) =>
    role(names, {
      whenEmpty,
      ...(isPooled
        ? { elasticIp: { source: { kind: 'tag', pool: 'web' }, succession: 'oldest', preferZone: false } }
        : {}),
      ...(isExclusive ? { holders: 2 } : {}),
      aliases: isAliased
        ? [
            { zone: 'pub', name: 'www.example.com' },
            { zone: 'pub', name: 'x.example.com' },
          ]
        : [],
      srv: hasService ? [{ service: '_http._tcp', port: 80 }] : [],
      ...(hasMail ? { mx: { zone: 'pub', name: 'example.com', preference: 10 } } : {}),
    }),
  );

const anyMember: fc.Arbitrary<Member> = fc
  .record({
    number: fc.integer({ min: 1, max: 9 }),
    phase: fc.constantFrom('serving' as const, 'serving' as const, 'pending' as const),
    hasNames: fc.boolean(),
    weight: fc.constantFrom('', '0', '77', 'x'),
  })
  .map(({ number, phase, hasNames, weight }) =>
    member(number, {
      phase,
      tags: { 'rolecall:weight': weight },
      ...(hasNames
        ? { publicDnsName: `ec2-${number}.amazonaws.com`, ipv6: [`2001:db8::${number}`, `2001:db8::1:${number}`] }
        : {}),
    }),
  );

const anySlots: fc.Arbitrary<readonly Slot[]> = fc
  .uniqueArray(fc.integer({ min: 1, max: 9 }), { maxLength: 3 })
  .map((holders) => [
    ...holders.map((holder, index) => slot(index + 1, { holder: `i-${holder}` })),
    slot(holders.length + 1),
  ]);

/** A role and its members, as one pass may find them, in one of the zones. */
export const anyInput: fc.Arbitrary<RecordsInput> = fc.record({
  zone: fc.constantFrom(...ZONES),
  role: anyRole,
  region: fc.constant('us-east-1'),
  members: fc.uniqueArray(anyMember, { selector: ({ instanceId }) => instanceId, maxLength: 6 }),
  slots: anySlots,
  keepAbsent: fc.constant(new Set<string>()),
  previous: fc.constant([]),
  reverseZones: fc.constant([REVERSE_ZONE.name]),
});
