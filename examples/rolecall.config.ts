import { defineRoles } from '../lib/config/define.ts';

/**
 * A site: a public, a private and a reverse zone that exist, web servers, a cache, one gateway in each availability
 * zone, mail exchangers on Elastic IPs, and a database with one primary.
 *
 * `npx cdk deploy -c config=examples/rolecall.config.ts`, after the ids below are your own.
 */
export default defineRoles({
  owner: 'prod-eu',
  zones: {
    int: { name: 'corp.internal', private: true, id: 'Z00000000EXAMPLE0AAA' },
    pub: { name: 'example.com', id: 'Z00000000EXAMPLE0BBB' },
    rev: { name: '10.in-addr.arpa', private: true, id: 'Z00000000EXAMPLE0CCC' },
  },
  defaults: { ttl: '60s', whenEmpty: 'remove', drift: 'repair' },
  // An instance tagged with a role that is not listed gets <role>.corp.internal.
  openRoles: 'int',
  roles: {
    // cache.corp.internal: every instance tagged rolecall:role=cache, by its private address.
    cache: 'int',

    // web.example.com by public address, dual stack, up to 8 at a time; web.corp.internal by private address; and
    // web-1.corp.internal and so on, with PTR records. www and the wildcard lead to web.example.com; the services to
    // the numbered names. Only instances with a fitting profile may claim the role.
    web: {
      names: [
        { zone: 'pub', address: ['public', 'ipv6'], routing: 'multivalue', ttl: '30s' },
        { zone: 'int' },
        { zone: 'int', name: '{role}-{ordinal}', ptr: true },
      ],
      aliases: ['www.example.com', '*.apps.example.com'],
      srv: { '_http._tcp': 80, '_https._tcp': 443 },
      allow: { instanceProfiles: ['web-*'] },
    },

    // api.example.com by the weight in the tag rolecall:weight; a static address says sorry when no member serves.
    api: {
      names: [{ zone: 'pub', routing: { weighted: { default: 10 } } }],
      whenEmpty: { answer: '192.0.2.10' },
    },

    // db.corp.internal: one member at a time, the one with the highest number in the tag rolecall:priority first.
    db: { names: [{ zone: 'int' }], holders: 1, succession: 'priority' },

    // i-….ssh.example.com: the private address inside the VPC, the public one outside.
    ssh: { names: [{ zone: 'pub', name: '{instanceId}.{role}', address: 'ec2-name' }] },

    // gateway.eu-west-1a.corp.internal and so on.
    gateway: { names: [{ zone: 'int', name: '{role}.{az}' }] },

    // mx1.example.com, mx2.example.com …: one for each Elastic IP tagged rolecall:pool=mail. The longest-running
    // member without one takes a vacant address, one in the zone of the last holder first. The names and the MX
    // records of example.com stay when nobody holds them.
    mail: {
      names: [{ zone: 'pub', name: 'mx{ordinal}', ttl: '5m' }],
      mx: { name: 'example.com' },
      elasticIp: { pool: 'mail', succession: 'oldest', preferZone: true },
      whenEmpty: 'keep',
    },
  },
});
