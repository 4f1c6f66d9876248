/** A configuration that uses everything there is, to be varied. */
export function fullConfiguration() {
  return {
    owner: 'prod-eu',
    zones: {
      int: { name: 'corp.internal', private: true, id: 'Z0AAA' },
      pub: { name: 'example.com', id: 'Z0BBB' },
      new: { name: 'new.internal', private: true, vpcId: 'vpc-0123456789abcdef0' },
      rev: { name: '10.in-addr.arpa', private: true, id: 'Z0DDD' },
    },
    defaults: { ttl: '60s', whenEmpty: 'remove', drift: 'repair', health: 'status-checks', drainOn: ['tag', 'hook'] },
    openRoles: 'int',
    allowLargeChange: true,
    retainRecords: true,
    strictNames: true,
    allowTerminate: true,
    endpoint: true,
    hosts: { 'dc2-web': { roles: ['web'] }, 'dc1-web': { roles: ['web', 'cache'], expireAfter: '30m' } },
    roles: {
      cache: 'int',
      web: {
        names: [
          { zone: 'pub', routing: 'multivalue', ttl: '30s' },
          { zone: 'int', name: '{role}.{az}', address: ['private', 'ipv6'] },
          { zone: 'int', name: '{role}-{ordinal}', ptr: true },
        ],
        aliases: ['WWW.example.com.', '*.apps.example.com'],
        srv: { '_https._tcp': 443, '_http._tcp': 80 },
        ttl: '45s',
        whenEmpty: { answer: '192.0.2.10' },
        drift: 'report',
        health: { route53: { type: 'HTTPS', path: '/health' } },
        drainOn: ['spot', 'rebalance', 'retirement'],
        allow: { instanceProfiles: ['web-*', 'front'], vpcs: ['vpc-1'], subnets: ['subnet-1'] },
      },
      mail: {
        names: [{ zone: 'pub', name: 'mx{ordinal}' }],
        mx: { name: 'Example.com', preference: 20 },
        elasticIp: { pool: 'mail', preferZone: true, ptr: 'MX{ordinal}.example.com.' },
        health: { alarms: 'mail-*' },
        succession: 'newest',
        whenEmpty: 'keep',
      },
      'master-db': { names: [{ zone: 'int' }], holders: 1, succession: 'priority', health: 'none', drainOn: [] },
      api: {
        names: [
          { zone: 'pub', routing: { weighted: {} } },
          { zone: 'int', routing: { weighted: { tag: 'rolecall:share', default: 0 } } },
          { zone: 'new', routing: 'simple' },
          { zone: 'pub', name: '{instanceId}', address: 'ec2-name' },
        ],
      },
      nat: { elasticIp: { allocationIds: ['eipalloc-0bbb', 'eipalloc-0aaa'] } },
      home: { names: [{ zone: 'pub', name: 'home', address: 'ipv6' }], whenEmpty: { answer: '2001:DB8:0:0::1' } },
    },
  };
}

/** A public and a private zone, and these roles. */
export function withRoles(roles: unknown, defaults: unknown = {}) {
  return {
    zones: { int: { name: 'corp.internal', private: true, id: 'Z0AAA' }, pub: { name: 'example.com', id: 'Z0BBB' } },
    defaults,
    roles,
  };
}

/** These zones, and no roles. */
export function withZones(zones: unknown) {
  return { zones, roles: {} };
}
