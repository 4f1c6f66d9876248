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

  test('warns of reverse DNS to a name of the zones that no name of the role gives', () => {
    const names = [{ zone: 'pub', name: 'mx{ordinal}' }];
    const withPtr = (ptr: string) => warnings({ mail: { names, elasticIp: { pool: 'mail', ptr } } });
    expect(withPtr('out{ordinal}.example.com')).toEqual([
      'roles.mail.elasticIp.ptr gives out{ordinal}.example.com, which is in one of the zones and no public name of the ' +
        'role: reverse DNS is set only once that name resolves to the address. Give the role that name, or see to its ' +
        'record yourself.',
    ]);
    expect(withPtr('MX{ordinal}.example.com.')).toEqual([]);
    expect(withPtr('out{ordinal}.example.org')).toEqual([]);
  });

  test('warns of hosts without an endpoint, and of those that expire sooner than is looked for', () => {
    const hosts = { 'dc1-web': { roles: ['web'], expireAfter: '59s' } };
    const configuration = withRoles({ web: 'pub' });
    expect(warningsOf(parseConfiguration({ ...configuration, hosts }))).toEqual([
      'hosts have no way to tell their addresses: there is no endpoint. Set endpoint: true to have one.',
      'hosts.dc1-web.expireAfter is 59s, and silence is looked for once a minute: up to 60 s more pass.',
    ]);
    const patient = { 'dc1-web': { roles: ['web'], expireAfter: '60s' } };
    expect(warningsOf(parseConfiguration({ ...configuration, endpoint: true, hosts: patient }))).toEqual([]);
  });

  test('warns of a host that no name of its role can take in', () => {
    const roles = {
      cache: 'int',
      gateway: { names: [{ zone: 'pub', name: '{role}.{az}' }] },
      mail: { names: [{ zone: 'pub', name: 'mx{ordinal}' }], elasticIp: { pool: 'mail' } },
      web: { names: [{ zone: 'int' }, { zone: 'int', name: 'six', address: 'ipv6' }] },
    };
    const hosts = { 'dc1-web': { roles: ['cache', 'gateway', 'mail', 'web'] } };
    const configuration = parseConfiguration({ ...withRoles(roles), endpoint: true, hosts });
    expect(warningsOf(configuration)).toEqual([
      'hosts.dc1-web.roles[0] gives the host no name: no name of roles.cache takes the public or IPv6 address of a host.',
      'hosts.dc1-web.roles[1] gives the host no name: no name of roles.gateway takes the public or IPv6 address of a host.',
      'hosts.dc1-web.roles[2] gives the host no name: no name of roles.mail takes the public or IPv6 address of a host.',
    ]);
  });

  test('warns of strict names that open roles make loose', () => {
    const configuration = { ...withRoles({ web: 'pub' }), strictNames: true };
    expect(warningsOf(parseConfiguration(configuration))).toEqual([]);
    expect(warningsOf(parseConfiguration({ ...configuration, openRoles: 'pub' }))).toEqual([
      'strictNames limits nothing in example.com: with openRoles any name there may be that of a role. Remove one of them.',
    ]);
  });
});
