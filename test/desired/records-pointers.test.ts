import { describe, expect, test } from 'vitest';
import type { LedgerSet } from '../../lib/model/ledger.ts';
import { recordSet } from '../../lib/model/record-set.ts';
import type { Zone } from '../../lib/model/zone.ts';
import { desired, lines, refusals } from './desired.ts';
import { member, PRIVATE_ZONE, pattern, pooled, role, slot, without } from './examples.ts';

const TEN: Zone = { key: 'rev', id: 'Z0CCC', name: '10.in-addr.arpa', private: true };
const TEN_ONE: Zone = { key: 'rev1', id: 'Z0DDD', name: '1.10.in-addr.arpa', private: true };
const V6: Zone = { key: 'rev6', id: 'Z0EEE', name: '8.b.d.0.1.0.0.2.ip6.arpa', private: false };
const reverseZones = [TEN.name, TEN_ONE.name, V6.name];

const inside = pattern({
  zone: 'int',
  pattern: '{instanceId}',
  addresses: ['private', 'ipv6'],
  ptr: true,
  ttlSeconds: 30,
});

function pointers(zone: Zone, changes: Parameters<typeof desired>[0]) {
  return desired({ zone, reverseZones, ...changes });
}

describe('a pointer', () => {
  const own = role([pattern(), inside]);

  test('leads from the address to the name, with the TTL of the name', () => {
    expect(pointers(TEN, { role: own, members: [member(1)] }).sets).toEqual([
      {
        role: 'web',
        set: {
          name: '1.0.0.10.in-addr.arpa',
          type: 'PTR',
          ttlSeconds: 30,
          values: ['i-1.corp.internal'],
          routing: { kind: 'simple' },
        },
        contributors: { 'i-1': ['i-1.corp.internal'] },
      },
    ]);
  });

  test('is at each address of the family that the zone is for', () => {
    const members = [member(1, { ipv6: ['2001:db8::1', '2001:db8::2', '2001:db9::1'] })];
    expect(lines(pointers(V6, { role: own, members }))).toEqual([
      '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa PTR i-1.corp.internal',
      '2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa PTR i-1.corp.internal',
    ]);
  });

  test('is in the innermost zone alone', () => {
    const members = [member(1), member(2, { privateIpv4: '10.1.0.2' }), member(3, { privateIpv4: '192.168.0.3' })];
    expect(lines(pointers(TEN, { role: own, members }))).toEqual(['1.0.0.10.in-addr.arpa PTR i-1.corp.internal']);
    expect(lines(pointers(TEN_ONE, { role: own, members }))).toEqual(['2.0.1.10.in-addr.arpa PTR i-2.corp.internal']);
  });

  test('is in a reverse zone of which no others are known', () => {
    expect(lines(desired({ zone: TEN, role: own, members: [member(1)] }))).toEqual([
      '1.0.0.10.in-addr.arpa PTR i-1.corp.internal',
    ]);
  });

  test('is for no name that does not ask for it, and in no other zone', () => {
    const unasked = role([pattern({ zone: 'int', addresses: ['private'] })]);
    expect(lines(pointers(TEN, { role: unasked, members: [member(1)] }))).toEqual([]);
    expect(lines(pointers(PRIVATE_ZONE, { role: own, members: [member(1)] }))).toEqual([
      'i-1.corp.internal A 10.0.0.1',
    ]);
  });

  test('is for no EC2 name', () => {
    const named = role([{ ...inside, addresses: ['ec2-name'] }]);
    expect(lines(pointers(TEN, { role: named, members: [member(1, { publicDnsName: '10.0.0.1' })] }))).toEqual([]);
  });

  test('leads to the name of the first pattern where several have the address', () => {
    const second = pattern({ zone: 'int', pattern: 'a-{instanceId}', addresses: ['private'], ptr: true });
    const members = [member(1)];
    expect(lines(pointers(TEN, { role: role([inside, second]), members }))).toEqual([
      '1.0.0.10.in-addr.arpa PTR i-1.corp.internal',
    ]);
    expect(lines(pointers(TEN, { role: role([second, inside]), members }))).toEqual([
      '1.0.0.10.in-addr.arpa PTR a-i-1.corp.internal',
    ]);
  });

  test('leads to the first name by alphabet where one pattern gives several', () => {
    const members = [member(2, { privateIpv4: '10.0.0.9' }), member(1, { privateIpv4: '10.0.0.9', sinceMs: 9000 })];
    expect(lines(pointers(TEN, { role: own, members }))).toEqual(['9.0.0.10.in-addr.arpa PTR i-1.corp.internal']);
  });

  test('to a shared name is there for each member', () => {
    const shared = role([{ ...inside, pattern: '{role}' }]);
    expect(lines(pointers(TEN, { role: shared, members: [member(1), member(2)] }))).toEqual([
      '1.0.0.10.in-addr.arpa PTR web.corp.internal',
      '2.0.0.10.in-addr.arpa PTR web.corp.internal',
    ]);
  });

  test('is for the addresses of a pool', () => {
    const zone = { ...TEN, name: '100.51.198.in-addr.arpa' };
    const mail = pooled([pattern({ pattern: 'mx{ordinal}', ptr: true })], { whenEmpty: 'keep' });
    expect(lines(desired({ zone, reverseZones: [zone.name], role: mail, slots: [slot(1), slot(2)] }))).toEqual([
      '1.100.51.198.in-addr.arpa PTR mx1.example.com',
      '2.100.51.198.in-addr.arpa PTR mx2.example.com',
    ]);
  });

  test('is not there for an answer that stands in', () => {
    const answering = role([{ ...inside, pattern: '{role}' }], { whenEmpty: { answer: '10.0.0.99' } });
    expect(lines(pointers(TEN, { role: answering }))).toEqual([]);
  });

  test('says nothing of what is withheld from the name itself', () => {
    expect(refusals(pointers(TEN, { role: own, members: [without(member(1), 'privateIpv4')] }))).toEqual([]);
  });
});

describe('ten thousand members', () => {
  test('have a pointer each', () => {
    const members = Array.from({ length: 10_000 }, (_each, index) =>
      member(index + 1, { privateIpv4: `10.0.${index >> 8}.${index & 255}` }),
    );
    const result = pointers(TEN, { role: role([inside]), members });
    expect(result.sets).toHaveLength(10_000);
    expect(result.withheld).toEqual([]);
  });
});

describe('a pointer under keep', () => {
  const keep = role([{ ...inside, pattern: '{role}' }], { whenEmpty: 'keep' });
  const owned = (name: string, target: string): LedgerSet => ({
    role: 'web',
    set: recordSet(name, 'PTR', 30, [target]),
    contributors: { 'i-1': [target] },
    serial: 7,
  });
  const previous = [owned('1.0.0.10.in-addr.arpa', 'web.corp.internal')];

  test('stays with the address that its name keeps', () => {
    expect(lines(pointers(TEN, { role: keep, previous }))).toEqual(['1.0.0.10.in-addr.arpa PTR web.corp.internal']);
  });

  test('goes when another member has the name', () => {
    expect(lines(pointers(TEN, { role: keep, previous, members: [member(2)] }))).toEqual([
      '2.0.0.10.in-addr.arpa PTR web.corp.internal',
    ]);
  });

  test('goes with a name that is not kept', () => {
    const gone = [owned('1.0.0.10.in-addr.arpa', 'i-1.corp.internal')];
    expect(lines(pointers(TEN, { role: keep, previous: gone }))).toEqual([]);
    expect(lines(pointers(TEN, { role: { ...keep, whenEmpty: 'remove' }, previous }))).toEqual([]);
  });
});
