import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolveConfiguration } from '../../lib/config/resolve.ts';
import { parseConfiguration } from '../../lib/config/schema.ts';
import { fullConfiguration, withRoles } from './configurations.ts';

/** What a name and a role have where nothing is said. */
const PLAIN = { routing: { kind: 'simple' }, ptr: false } as const;
const INT = {
  zone: 'int',
  pattern: '{role}',
  addresses: ['private'],
  ttlSeconds: 60,
  zoneName: 'corp.internal',
  ...PLAIN,
} as const;
const PUB = {
  zone: 'pub',
  pattern: '{role}',
  addresses: ['public'],
  ttlSeconds: 60,
  zoneName: 'example.com',
  ...PLAIN,
} as const;
const BARE = { aliases: [], srv: [], succession: 'oldest' } as const;
const CHECKED = { health: { kind: 'status-checks' }, drainOn: ['hook', 'tag'] } as const;

describe('resolveConfiguration', () => {
  test('makes everything explicit, in order of keys and roles', () => {
    const { version, ...installation } = resolveConfiguration(parseConfiguration(fullConfiguration()), {
      new: 'Z0CCC',
    });
    expect(version).toMatch(/^[0-9a-f]{16}$/);
    expect(installation).toEqual({
      schemaVersion: 1,
      owner: 'prod-eu',
      zones: [
        { key: 'int', id: 'Z0AAA', name: 'corp.internal', private: true },
        { key: 'new', id: 'Z0CCC', name: 'new.internal', private: true },
        { key: 'pub', id: 'Z0BBB', name: 'example.com', private: false },
        { key: 'rev', id: 'Z0DDD', name: '10.in-addr.arpa', private: true },
      ],
      openRole: {
        role: '',
        names: [INT],
        whenEmpty: 'remove',
        drift: 'repair',
        ...CHECKED,
        ...BARE,
      },
      allowLargeChange: true,
      allowTerminate: true,
      endpoint: true,
      strictNames: true,
      hosts: [
        { id: 'dc1-web', roles: ['cache', 'web'], expireAfterSeconds: 1_800 },
        { id: 'dc2-web', roles: ['web'] },
      ],
      retainRecords: true,
      roles: [
        {
          role: 'api',
          names: [
            { ...PUB, routing: { kind: 'weighted', tag: 'rolecall:weight', defaultWeight: 10 } },
            { ...INT, routing: { kind: 'weighted', tag: 'rolecall:share', defaultWeight: 0 } },
            { ...INT, zone: 'new', zoneName: 'new.internal' },
            { ...PUB, pattern: '{instanceId}', addresses: ['ec2-name'] },
          ],
          whenEmpty: 'remove',
          drift: 'repair',
          ...CHECKED,
          ...BARE,
        },
        { role: 'cache', names: [INT], whenEmpty: 'remove', drift: 'repair', ...CHECKED, ...BARE },
        {
          role: 'home',
          names: [{ ...PUB, pattern: 'home', addresses: ['ipv6'] }],
          whenEmpty: { answer: '2001:db8::1' },
          drift: 'repair',
          ...CHECKED,
          ...BARE,
        },
        {
          role: 'mail',
          names: [{ ...PUB, pattern: 'mx{ordinal}' }],
          whenEmpty: 'keep',
          drift: 'repair',
          health: { kind: 'alarms', pattern: 'mail-*' },
          drainOn: ['hook', 'tag'],
          aliases: [],
          srv: [],
          mx: { zone: 'pub', name: 'example.com', preference: 20 },
          succession: 'newest',
          elasticIp: {
            source: { kind: 'tag', pool: 'mail' },
            succession: 'newest',
            preferZone: true,
            ptr: 'mx{ordinal}.example.com',
          },
        },
        {
          role: 'master-db',
          names: [INT],
          whenEmpty: 'remove',
          drift: 'repair',
          health: { kind: 'none' },
          drainOn: [],
          aliases: [],
          srv: [],
          holders: 1,
          succession: 'priority',
        },
        {
          role: 'nat',
          names: [],
          whenEmpty: 'remove',
          drift: 'repair',
          ...CHECKED,
          ...BARE,
          elasticIp: {
            source: { kind: 'allocations', allocationIds: ['eipalloc-0aaa', 'eipalloc-0bbb'] },
            succession: 'oldest',
            preferZone: false,
          },
        },
        {
          role: 'web',
          names: [
            { ...PUB, ttlSeconds: 30, routing: { kind: 'multivalue' } },
            { ...INT, pattern: '{role}.{az}', addresses: ['private', 'ipv6'], ttlSeconds: 45 },
            { ...INT, pattern: '{role}-{ordinal}', ttlSeconds: 45, ptr: true },
          ],
          whenEmpty: { answer: '192.0.2.10' },
          drift: 'report',
          health: { kind: 'route53', check: { type: 'HTTPS', port: 443, path: '/health' } },
          drainOn: ['rebalance', 'retirement', 'spot'],
          aliases: [
            { zone: 'pub', name: '*.apps.example.com' },
            { zone: 'pub', name: 'www.example.com' },
          ],
          srv: [
            { service: '_http._tcp', port: 80 },
            { service: '_https._tcp', port: 443 },
          ],
          succession: 'oldest',
          allow: { instanceProfiles: ['front', 'web-*'], vpcs: ['vpc-1'], subnets: ['subnet-1'] },
        },
      ],
    });
  });

  test('fills in the defaults where nothing is said', () => {
    const { version, ...installation } = resolve({
      zones: { pub: { name: 'Example.COM.', id: 'Z0B' } },
      roles: { web: 'pub' },
    });
    expect(version).toMatch(/^[0-9a-f]{16}$/);
    expect(installation).toEqual({
      schemaVersion: 1,
      owner: 'rolecall',
      zones: [{ key: 'pub', id: 'Z0B', name: 'example.com', private: false }],
      roles: [
        {
          role: 'web',
          names: [
            {
              zone: 'pub',
              pattern: '{role}',
              addresses: ['public'],
              ttlSeconds: 60,
              zoneName: 'example.com',
              ...PLAIN,
            },
          ],
          whenEmpty: 'remove',
          drift: 'repair',
          health: { kind: 'status-checks' },
          drainOn: ['hook', 'retirement', 'spot', 'tag'],
          ...BARE,
        },
      ],
      allowLargeChange: false,
      allowTerminate: false,
      endpoint: false,
      strictNames: false,
      hosts: [],
      retainRecords: false,
    });
  });

  test('takes a setting from the name, then from the role, then from the defaults', () => {
    const web = {
      names: [
        { zone: 'int', ttl: '1m' },
        { zone: 'int', name: 'a' },
      ],
      ttl: '1h',
      whenEmpty: 'remove',
    };
    const roles = resolve(withRoles({ web, db: 'int' }, { ttl: '2d', whenEmpty: 'keep' })).roles;
    expect(roles.map((role) => [role.role, role.whenEmpty, role.names.map((name) => name.ttlSeconds)])).toEqual([
      ['db', 'keep', [172_800]],
      ['web', 'remove', [60, 3_600]],
    ]);
  });

  test('writes names in lower case and keeps placeholders as they are', () => {
    const [web] = resolve(withRoles({ web: { names: [{ zone: 'int', name: 'WEB-{instanceId}.Apps' }] } })).roles;
    expect(web?.names[0]?.pattern).toBe('web-{instanceId}.apps');
  });

  test('puts an alias and an mx into the zone with the longest name, and beside the first name of the role', () => {
    const zones = {
      a: { name: 'example.com', id: 'Z0A' },
      b: { name: 'example.com', private: true, id: 'Z0B' },
      c: { name: 'apps.example.com', id: 'Z0C' },
    };
    const extra = { aliases: ['www.example.com', 'x.apps.example.com'] };
    const roles = {
      inside: { names: [{ zone: 'b' }], ...extra, mx: { name: 'example.com' } },
      outside: { names: [{ zone: 'a' }], aliases: ['www2.example.com'], mx: { name: 'example.com' } },
      apps: { names: [{ zone: 'c' }], aliases: ['www3.example.com'] },
    };
    expect(resolve({ zones, roles }).roles.map(({ role, aliases, mx }) => [role, aliases, mx])).toEqual([
      ['apps', [{ zone: 'a', name: 'www3.example.com' }], undefined],
      [
        'inside',
        [
          { zone: 'b', name: 'www.example.com' },
          { zone: 'c', name: 'x.apps.example.com' },
        ],
        { zone: 'b', name: 'example.com', preference: 10 },
      ],
      ['outside', [{ zone: 'a', name: 'www2.example.com' }], { zone: 'a', name: 'example.com', preference: 10 }],
    ]);
  });

  test('takes the succession of a pool from the role unless it has its own', () => {
    const roles = {
      a: { elasticIp: { pool: 'a' }, succession: 'priority' },
      b: { elasticIp: { pool: 'b', succession: 'oldest' }, succession: 'newest' },
      c: { elasticIp: { pool: 'c', succession: 'newest' } },
    };
    expect(
      resolve(withRoles(roles)).roles.map(({ succession, elasticIp }) => [succession, elasticIp?.succession]),
    ).toEqual([
      ['priority', 'priority'],
      ['newest', 'oldest'],
      ['oldest', 'newest'],
    ]);
  });

  test.each([
    ['192.0.2.10', '192.0.2.10'],
    ['2001:DB8::0:1', '2001:db8::1'],
    ['Sorry.Example.ORG.', 'sorry.example.org'],
  ])('writes the answer %s as %s', (answer, written) => {
    const address = answer.includes(':') ? 'ipv6' : 'public';
    const roles = { web: { names: [{ zone: 'pub', address }], whenEmpty: { answer } } };
    expect(resolve(withRoles(roles)).roles[0]?.whenEmpty).toEqual({ answer: written });
  });

  test('refuses a zone whose id nobody gave', () => {
    expect(() => resolve({ zones: { pub: { name: 'example.com' } }, roles: {} })).toThrow(
      'Zone pub (example.com) has no id: give zones.pub.id, or the id of the zone that the stack created.',
    );
  });

  test('refuses two ids for one zone', () => {
    const configuration = parseConfiguration({ zones: { pub: { name: 'example.com', id: 'Z0A' } }, roles: {} });
    expect(() => resolveConfiguration(configuration, { pub: 'Z0B' })).toThrow(
      'Zone pub (example.com) has the id Z0A in the configuration and Z0B in the stack: they must be the same.',
    );
  });

  test('gives the same version to the same meaning, and another to another', () => {
    const short = resolve(withRoles({ web: 'int' })).version;
    expect(resolve(withRoles({ web: { names: [{ zone: 'int', name: '{role}', ttl: '1m' }] } })).version).toBe(short);
    expect(resolve(withRoles({ web: { names: [{ zone: 'int', ttl: '61s' }] } })).version).not.toBe(short);
    expect(resolve({ ...withRoles({ web: 'int' }), openRoles: 'int' }).version).not.toBe(short);
    const [one, other] = [
      ['vpc-1', 'vpc-2'],
      ['vpc-2', 'vpc-1'],
    ].map((vpcs) => resolve(withRoles({ web: { names: [{ zone: 'int' }], allow: { vpcs } } })).version);
    expect(one).toBe(other);
  });

  test('does not depend on the order in which zones, roles and keys are written', () => {
    const original = fullConfiguration();
    const expected = resolve(original);
    let reordered = 0;
    fc.assert(
      fc.property(shuffledKeys(original), (shuffled) => {
        reordered += JSON.stringify(shuffled) === JSON.stringify(original) ? 0 : 1;
        expect(JSON.stringify(resolve(shuffled))).toBe(JSON.stringify(expected));
      }),
    );
    expect(reordered).toBeGreaterThan(0);
  });
});

function resolve(input: unknown) {
  return resolveConfiguration(parseConfiguration(input), { new: 'Z0CCC' });
}

/** The same value with the keys of each object in any order; lists keep theirs. */
function shuffledKeys(value: unknown): fc.Arbitrary<unknown> {
  if (Array.isArray(value)) return fc.tuple(...value.map(shuffledKeys));
  if (typeof value !== 'object' || value === null) return fc.constant(value);
  const entries = Object.entries(value).map(([key, inner]) => fc.tuple(fc.constant(key), shuffledKeys(inner)));
  return fc
    .tuple(...entries)
    .chain((pairs) => fc.shuffledSubarray(pairs, { minLength: pairs.length }))
    .map((pairs) => Object.fromEntries(pairs));
}
