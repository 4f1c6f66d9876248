/** A configuration that uses everything there is, to be varied. */
export function fullConfiguration() {
  return {
    owner: 'prod-eu',
    zones: {
      int: { name: 'corp.internal', private: true, id: 'Z0AAA' },
      pub: { name: 'example.com', id: 'Z0BBB' },
      new: { name: 'new.internal', private: true, vpcId: 'vpc-0123456789abcdef0' },
    },
    defaults: { ttl: '60s', whenEmpty: 'remove', drift: 'repair' },
    retainRecords: true,
    roles: {
      cache: 'int',
      web: {
        names: [
          { zone: 'pub', ttl: '30s' },
          { zone: 'int', name: '{role}.{az}', address: ['private', 'ipv6'] },
        ],
        ttl: '45s',
      },
      mail: {
        names: [{ zone: 'pub', name: 'mx{ordinal}' }],
        elasticIp: { pool: 'mail', succession: 'oldest' },
        whenEmpty: 'keep',
      },
      nat: { elasticIp: { allocationIds: ['eipalloc-0bbb', 'eipalloc-0aaa'] } },
      home: { names: [{ zone: 'pub', name: '@', address: 'ipv6' }], whenEmpty: 'keep' },
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
