import { describe, expect, test } from 'vitest';
import { parseConfiguration } from '../../lib/config/schema.ts';
import { warningsOf } from '../../lib/config/warnings.ts';
import { withRoles } from './configurations.ts';

function warnings(roles: unknown, defaults: unknown = {}): string[] {
  return warningsOf(parseConfiguration(withRoles(roles, defaults)));
}

describe('warningsOf', () => {
  test('warns of a TTL over 60 s on a name with auto-assigned public addresses', () => {
    expect(warnings({ web: { names: [{ zone: 'int' }, { zone: 'pub', ttl: '61s' }] } })).toEqual([
      'roles.web.names[1] has auto-assigned public addresses and a TTL of 61 s: for that long, resolvers may send clients ' +
        'to an address that AWS has given to someone else; use 60s or less, or give the role an elasticIp.',
    ]);
  });

  test('names a role in short form by its own path', () => {
    expect(warnings({ web: 'pub' }, { ttl: '5m' })[0]).toMatch(
      /^roles\.web has auto-assigned public addresses and a TTL of 300 s/,
    );
  });

  test('warns of a TTL over 60 s on an EC2 name, which leads to such an address', () => {
    const names = [{ zone: 'pub', name: '{instanceId}', address: 'ec2-name', ttl: '5m' }];
    expect(warnings({ web: { names } })[0]).toMatch(/^roles\.web\.names\[0\] has auto-assigned public addresses/);
  });

  test('does not warn at 60 s, of private addresses, or of Elastic IPs', () => {
    const roles = {
      web: { names: [{ zone: 'pub', ttl: '60s' }] },
      db: { names: [{ zone: 'int', ttl: '1h' }] },
      mail: { names: [{ zone: 'pub', ttl: '1h' }], elasticIp: { pool: 'mail' } },
    };
    expect(warnings(roles)).toEqual([]);
  });

  test('warns of names of instances that are kept for ever', () => {
    const roles = { web: { names: [{ zone: 'int', name: '{instanceId}' }, { zone: 'int' }], whenEmpty: 'keep' } };
    expect(warnings(roles)).toEqual([
      'roles.web.names[0] has {instanceId} and whenEmpty "keep": the name of each instance stays when the instance is gone.',
    ]);
  });
});
