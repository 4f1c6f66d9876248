import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recordNamePatterns, withoutCovered } from '../../lib/config/record-names.ts';
import { nameScope } from '../../lib/config/resolve.ts';
import { parseConfiguration } from '../../lib/config/schema.ts';
import { desiredRecords } from '../../lib/desired/records.ts';
import { fitsPattern } from '../../lib/model/wildcard.ts';
import { anyInput, ZONES } from '../desired/any-role.ts';
import { withRoles } from './configurations.ts';

function patterns(input: unknown): string[] {
  return recordNamePatterns(nameScope(parseConfiguration(input)));
}

const SERIALS = ['rolecall._rolecall.corp.internal', 'rolecall._rolecall.example.com'];

describe('recordNamePatterns', () => {
  test('has the serial of each zone, whatever else', () => {
    expect(patterns({ ...withRoles({}), owner: 'prod' })).toEqual([
      'prod._rolecall.corp.internal',
      'prod._rolecall.example.com',
    ]);
  });

  test.each([
    ['a name', { web: 'pub' }, ['web.example.com']],
    ['the apex', { web: { names: [{ zone: 'pub', name: '@' }] } }, ['example.com']],
    ['a name in capitals', { web: { names: [{ zone: 'pub', name: 'WWW' }] } }, ['www.example.com']],
    ['ordinals', { web: { names: [{ zone: 'int', name: '{role}-{ordinal}' }] } }, ['web-*.corp.internal']],
    ['zones and regions', { gw: { names: [{ zone: 'int', name: 'gw.{az}.{region}' }] } }, ['gw.*.*.corp.internal']],
    ['neighbouring placeholders', { gw: { names: [{ zone: 'int', name: 'gw{az}{ordinal}' }] } }, ['gw*.corp.internal']],
    ['instance ids', { ssh: { names: [{ zone: 'pub', name: '{instanceId}.{role}' }] } }, ['i-*.ssh.example.com']],
    [
      'a wildcard, as it stands in the request',
      { w: { names: [{ zone: 'pub', name: '*.apps' }] } },
      ['\\052.apps.example.com'],
    ],
    [
      'aliases',
      { web: { names: [{ zone: 'pub' }], aliases: ['WWW.example.com.', '*.apps.example.com'] } },
      ['\\052.apps.example.com', 'web.example.com', 'www.example.com'],
    ],
    [
      'mail',
      { mail: { names: [{ zone: 'pub', name: 'mx{ordinal}' }], mx: { name: 'example.com' } } },
      ['example.com', 'mx*.example.com'],
    ],
    [
      'services, in each zone where members have a name of their own',
      { web: { names: [{ zone: 'pub' }, { zone: 'int', name: 'w{ordinal}' }], srv: { '_http._tcp': 80 } } },
      ['_http._tcp.web.corp.internal', 'w*.corp.internal', 'web.example.com'],
    ],
    [
      'one pattern for what it includes',
      { a: { names: [{ zone: 'pub', name: 'x{ordinal}' }] }, b: { names: [{ zone: 'pub', name: 'x1' }] } },
      ['x*.example.com'],
    ],
  ])('has %s', (_what, roles, expected) => {
    expect(patterns(withRoles(roles))).toEqual([...expected, ...SERIALS].sort());
  });

  test('has any name below a reverse zone of the family that a PTR record is asked for, and no other', () => {
    const zones = {
      int: { name: 'corp.internal', private: true, id: 'Z0A' },
      four: { name: '10.in-addr.arpa', private: true, id: 'Z0B' },
      six: { name: '8.b.d.0.1.0.0.2.ip6.arpa', private: true, id: 'Z0C' },
    };
    const withPtr = (address: string, ptr: boolean) =>
      patterns({ zones, roles: { web: { names: [{ zone: 'int', address, ptr }] } } }).filter((name) =>
        name.startsWith('*'),
      );
    expect(withPtr('private', true)).toEqual(['*.10.in-addr.arpa']);
    expect(withPtr('ipv6', true)).toEqual(['*.8.b.d.0.1.0.0.2.ip6.arpa']);
    expect(withPtr('private', false)).toEqual([]);
  });

  test('has the own names of the hosts of a role', () => {
    const names = [{ zone: 'pub', name: '{instanceId}' }];
    const hosts = { 'dc1-web': { roles: ['web'] }, 'dc1-api': { roles: ['api'] } };
    const input = { ...withRoles({ web: { names }, api: 'pub' }), endpoint: true, hosts };
    expect(patterns(input)).toEqual(['api.example.com', 'dc1-web.example.com', 'i-*.example.com', ...SERIALS]);
  });

  test('has every name of the zone of open roles', () => {
    expect(patterns({ ...withRoles({ web: 'pub' }), openRoles: 'int' })).toEqual([
      '*.corp.internal',
      'rolecall._rolecall.example.com',
      'web.example.com',
    ]);
  });

  test('covers every record of any role and fleet', () => {
    let names = 0;
    fc.assert(
      fc.property(anyInput, (input) => {
        const zones = ZONES.map(({ key, name }) => ({ key, name }));
        const covered = recordNamePatterns({ owner: 'o', zones, roles: [input.role], hosts: [] });
        for (const { set } of desiredRecords(input).sets) {
          names += 1;
          const asRequested = set.name.replace('*', '\\052');
          expect(covered.filter((pattern) => fitsPattern(pattern, asRequested))).not.toEqual([]);
        }
      }),
      { numRuns: 500 },
    );
    expect(names).toBeGreaterThan(0);
  });
});

describe('withoutCovered', () => {
  test('keeps of two patterns the one that includes the other, and both where neither does', () => {
    expect(withoutCovered(['web-*.a', 'web-1*.a', 'web-*.b', 'web-*.a'])).toEqual(['web-*.a', 'web-*.b']);
  });

  test('does not take the escape of a wildcard for one', () => {
    expect(withoutCovered(['\\052.a', 'x.a'])).toEqual(['\\052.a', 'x.a']);
  });
});
