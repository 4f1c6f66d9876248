import { defineRoles } from '../lib/config/define.ts';

/**
 * A small site: a public and a private zone that exist, web servers, a cache, one gateway in each availability zone,
 * and mail exchangers on Elastic IPs.
 *
 * `npx cdk deploy -c config=examples/rolecall.config.ts`, after the ids below are your own.
 */
export default defineRoles({
  owner: 'prod-eu',
  zones: {
    int: { name: 'corp.internal', private: true, id: 'Z00000000EXAMPLE0AAA' },
    pub: { name: 'example.com', id: 'Z00000000EXAMPLE0BBB' },
  },
  defaults: { ttl: '60s', whenEmpty: 'remove', drift: 'repair' },
  roles: {
    // cache.corp.internal: every instance tagged rolecall:role=cache, by its private address.
    cache: 'int',

    // web.example.com by public address, dual stack; web.corp.internal by private address; and one name an instance.
    web: {
      names: [
        { zone: 'pub', address: ['public', 'ipv6'], ttl: '30s' },
        { zone: 'int' },
        { zone: 'int', name: '{instanceId}.{role}' },
      ],
    },

    // gateway.eu-west-1a.corp.internal and so on.
    gateway: { names: [{ zone: 'int', name: '{role}.{az}' }] },

    // mx1.example.com, mx2.example.com …: one for each Elastic IP tagged rolecall:pool=mail. The longest-running
    // member without one takes a vacant address, and the names stay when nobody holds them.
    mail: {
      names: [{ zone: 'pub', name: 'mx{ordinal}', ttl: '5m' }],
      elasticIp: { pool: 'mail', succession: 'oldest' },
      whenEmpty: 'keep',
    },
  },
});
