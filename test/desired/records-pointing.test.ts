import { describe, expect, test } from 'vitest';
import { desired, lines, refusals } from './desired.ts';
import { member, PRIVATE_ZONE, PUBLIC_ZONE, pattern, pooled, role, slot } from './examples.ts';

const vacant = { allocationId: '', publicIpv4: '' };

describe('an alias', () => {
  const aliases = [
    { zone: 'pub', name: 'www.example.com' },
    { zone: 'pub', name: '*.apps.example.com' },
    { zone: 'int', name: 'www.corp.internal' },
  ];
  const aliased = role([pattern({ ttlSeconds: 30 }), pattern({ zone: 'int', addresses: ['private'] })], { aliases });

  test('points to the first name with its TTL, in each zone, whoever serves', () => {
    expect(desired({ role: aliased }).sets).toEqual([
      {
        role: 'web',
        set: {
          name: '*.apps.example.com',
          type: 'CNAME',
          ttlSeconds: 30,
          values: ['web.example.com'],
          routing: { kind: 'simple' },
        },
        contributors: { role: ['web.example.com'] },
      },
      {
        role: 'web',
        set: {
          name: 'www.example.com',
          type: 'CNAME',
          ttlSeconds: 30,
          values: ['web.example.com'],
          routing: { kind: 'simple' },
        },
        contributors: { role: ['web.example.com'] },
      },
    ]);
    expect(lines(desired({ role: aliased, zone: PRIVATE_ZONE }))).toEqual(['www.corp.internal CNAME web.example.com']);
  });

  test('stays the same when members come', () => {
    expect(lines(desired({ role: aliased, members: [member(1)] }))).toEqual([
      '*.apps.example.com CNAME web.example.com',
      'web.example.com A 203.0.113.1',
      'www.example.com CNAME web.example.com',
    ]);
  });

  test.each(['{instanceId}', '{role}.{az}', 'n{ordinal}'])('is withheld where the first name is %s', (first) => {
    const result = desired({
      role: role([pattern({ pattern: first })], { aliases: [{ zone: 'pub', name: 'www.example.com' }] }),
    });
    expect(lines(result)).toEqual([]);
    expect(refusals(result)).toEqual(['www.example.com CNAME invalid-name']);
  });

  test('can point to a name with the region, where that or a member is known', () => {
    const regional = role([pattern({ pattern: '{role}.{region}' })], {
      aliases: [{ zone: 'pub', name: 'www.example.com' }],
    });
    expect(lines(desired({ role: regional, region: 'eu-west-1' }))).toEqual([
      'www.example.com CNAME web.eu-west-1.example.com',
    ]);
    expect(lines(desired({ role: regional, members: [member(1, { phase: 'pending' })] }))).toEqual([
      'www.example.com CNAME web.us-east-1.example.com',
    ]);
    expect(refusals(desired({ role: regional }))).toEqual(['www.example.com CNAME invalid-name']);
  });

  test('is withheld where the role has a name of its own', () => {
    const clash = role([pattern(), pattern({ pattern: 'www' })], {
      aliases: [{ zone: 'pub', name: 'www.example.com' }],
    });
    const result = desired({ role: clash, members: [member(1)] });
    expect(lines(result)).toEqual(['web.example.com A 203.0.113.1', 'www.example.com A 203.0.113.1']);
    expect(refusals(result)).toEqual(['www.example.com CNAME name-taken']);
  });
});

describe('MX', () => {
  const mx = { zone: 'pub', name: 'example.com', preference: 10 };
  const numbered = [pattern({ pattern: 'mx{ordinal}', ttlSeconds: 300 })];

  test('names every slot under keep, held or not, with the TTL of the first name', () => {
    const mail = pooled(numbered, { mx, whenEmpty: 'keep' });
    const result = desired({ role: mail, slots: [slot(2), slot(1, { holder: 'i-1' })], members: [member(1)] });
    expect(lines(result)).toEqual([
      'example.com MX 10 mx1.example.com, 10 mx2.example.com',
      'mx1.example.com A 198.51.100.1',
      'mx2.example.com A 198.51.100.2',
    ]);
    expect(result.sets[0]?.set.ttlSeconds).toBe(300);
    expect({ ...result.sets[0]?.contributors }).toEqual({
      'slot:1': ['10 mx1.example.com'],
      'slot:2': ['10 mx2.example.com'],
    });
  });

  test('does not change with a host’s death under keep', () => {
    const mail = pooled(numbered, { mx, whenEmpty: 'keep' });
    const before = desired({ role: mail, slots: [slot(1, { holder: 'i-1' })], members: [member(1)] });
    expect(desired({ role: mail, slots: [slot(1)], members: [] })).toEqual(before);
  });

  test('names the slots that are held without keep', () => {
    const slots = [slot(1), slot(2, { holder: 'i-1' })];
    expect(lines(desired({ role: pooled(numbered, { mx }), slots, members: [member(1)] }))).toEqual([
      'example.com MX 10 mx2.example.com',
      'mx2.example.com A 198.51.100.2',
    ]);
  });

  test('is not there when no slot has a name', () => {
    expect(lines(desired({ role: pooled(numbered, { mx }), slots: [slot(1)] }))).toEqual([]);
  });

  test('names a first name without a placeholder, whoever serves', () => {
    expect(lines(desired({ role: role([pattern()], { mx: { ...mx, preference: 0 } }) }))).toEqual([
      'example.com MX 0 web.example.com',
    ]);
  });

  test('points into another zone', () => {
    const inside = role([pattern({ zone: 'int', pattern: 'mx{ordinal}', addresses: ['private'] })], { mx });
    const slots = [slot(1, { ...vacant, holder: 'i-1' })];
    expect(lines(desired({ role: inside, zone: PUBLIC_ZONE, slots, members: [member(1)] }))).toEqual([
      'example.com MX 10 mx1.corp.internal',
    ]);
    expect(lines(desired({ role: inside, zone: PRIVATE_ZONE, slots, members: [member(1)] }))).toEqual([
      'mx1.corp.internal A 10.0.0.1',
    ]);
  });
});

describe('SRV', () => {
  const srv = [
    { service: '_http._tcp', port: 80 },
    { service: '_metrics._tcp', port: 9100 },
  ];

  test('has each serving member by its own name, with the weight of its tag', () => {
    const own = role([pattern(), pattern({ pattern: '{instanceId}', ttlSeconds: 30 })], { srv });
    const members = [member(1, { tags: { 'rolecall:weight': '50' } }), member(2), member(3, { phase: 'pending' })];
    const result = desired({ role: own, members });
    expect(lines(result).filter((line) => line.startsWith('_'))).toEqual([
      '_http._tcp.web.example.com SRV 0 10 80 i-2.example.com, 0 50 80 i-1.example.com',
      '_metrics._tcp.web.example.com SRV 0 10 9100 i-2.example.com, 0 50 9100 i-1.example.com',
    ]);
    expect(result.sets[0]?.set.ttlSeconds).toBe(30);
    expect({ ...result.sets[0]?.contributors }).toEqual({
      'i-1': ['0 50 80 i-1.example.com'],
      'i-2': ['0 10 80 i-2.example.com'],
    });
  });

  test('is in each zone where members have a name of their own, and in no other', () => {
    const names = [pattern(), pattern({ zone: 'int', pattern: '{role}-{ordinal}', addresses: ['private'] })];
    const slots = [slot(1, { ...vacant, holder: 'i-1' })];
    const input = { role: role(names, { srv }), slots, members: [member(1)] };
    expect(lines(desired(input))).toEqual(['web.example.com A 203.0.113.1']);
    expect(lines(desired({ ...input, zone: PRIVATE_ZONE }))).toEqual([
      '_http._tcp.web.corp.internal SRV 0 10 80 web-1.corp.internal',
      '_metrics._tcp.web.corp.internal SRV 0 10 9100 web-1.corp.internal',
      'web-1.corp.internal A 10.0.0.1',
    ]);
  });

  test('goes by the first such name of the zone', () => {
    const names = [pattern({ pattern: 'n-{instanceId}' }), pattern({ pattern: '{instanceId}' })];
    const one = role(names, { srv: [{ service: '_http._tcp', port: 80 }] });
    expect(lines(desired({ role: one, members: [member(1)] }))[0]).toBe(
      '_http._tcp.web.example.com SRV 0 10 80 n-i-1.example.com',
    );
  });

  test('has the holder of a slot once, and no vacant slot', () => {
    const both = pooled([pattern({ pattern: 'n{ordinal}', addresses: ['private', 'public'] })], {
      srv: [{ service: '_http._tcp', port: 80 }],
      whenEmpty: 'keep',
    });
    const slots = [slot(1, { holder: 'i-1' }), slot(2)];
    expect(lines(desired({ role: both, slots, members: [member(1)] }))).toEqual([
      '_http._tcp.web.example.com SRV 0 10 80 n1.example.com',
      'n1.example.com A 10.0.0.1, 198.51.100.1',
      'n2.example.com A 198.51.100.2',
    ]);
  });

  test('holds 400 members, and leaves the newest out by name', () => {
    const own = role([pattern({ pattern: '{instanceId}' })], { srv: [{ service: '_http._tcp', port: 80 }] });
    const members = Array.from({ length: 401 }, (_each, index) => member(index + 1));
    const result = desired({ role: own, members });
    expect(result.sets[0]?.set.values).toHaveLength(400);
    expect(refusals(result)).toEqual(['_http._tcp.web.example.com SRV too-many i-401']);
  });
});
