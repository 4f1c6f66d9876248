import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolveConfiguration } from '../../lib/config/resolve.ts';
import { parseConfiguration } from '../../lib/config/schema.ts';
import { fullConfiguration, withRoles } from './configurations.ts';

/** What a name and a role have where nothing is said. */
const PLAIN = { routing: { kind: 'simple' }, ptr: false } as const;
const BARE = { aliases: [], srv: [], succession: 'oldest' } as const;

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
      ],
      allowLargeChange: false,
      retainRecords: true,
      roles: [
        {
          role: 'cache',
          names: [
            {
              zone: 'int',
              pattern: '{role}',
              addresses: ['private'],
              ttlSeconds: 60,
              zoneName: 'corp.internal',
              ...PLAIN,
            },
          ],
          whenEmpty: 'remove',
          drift: 'repair',
          ...BARE,
        },
        {
          role: 'home',
          names: [
            { zone: 'pub', pattern: '@', addresses: ['ipv6'], ttlSeconds: 60, zoneName: 'example.com', ...PLAIN },
          ],
          whenEmpty: 'keep',
          drift: 'repair',
          ...BARE,
        },
        {
          role: 'mail',
          names: [
            {
              zone: 'pub',
              pattern: 'mx{ordinal}',
              addresses: ['public'],
              ttlSeconds: 60,
              zoneName: 'example.com',
              ...PLAIN,
            },
          ],
          whenEmpty: 'keep',
          drift: 'repair',
          ...BARE,
          elasticIp: { source: { kind: 'tag', pool: 'mail' }, succession: 'oldest', preferZone: false },
        },
        {
          role: 'nat',
          names: [],
          whenEmpty: 'remove',
          drift: 'repair',
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
            {
              zone: 'pub',
              pattern: '{role}',
              addresses: ['public'],
              ttlSeconds: 30,
              zoneName: 'example.com',
              ...PLAIN,
            },
            {
              zone: 'int',
              pattern: '{role}.{az}',
              addresses: ['private', 'ipv6'],
              ttlSeconds: 45,
              zoneName: 'corp.internal',
              ...PLAIN,
            },
          ],
          whenEmpty: 'remove',
          drift: 'repair',
          ...BARE,
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
          ...BARE,
        },
      ],
      allowLargeChange: false,
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
