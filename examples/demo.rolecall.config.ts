import { defineRoles } from '../lib/config/define.ts';

/** What `npm start` runs: a public and a private zone, and the roles of the demo fleet. */
export default defineRoles({
  owner: 'demo',
  zones: {
    public: { name: 'example.com' },
    internal: { name: 'corp.internal', private: true, vpcId: 'vpc-0123456789abcdef0' },
  },
  roles: {
    // web.example.com and web.corp.internal: every running instance with the tag rolecall:role=web. Its TTL is short, so
    // that a drain, which waits it out, takes some seconds here.
    web: { names: [{ zone: 'public' }, { zone: 'internal' }], ttl: '10s' },
    cache: 'internal',
    // mx1.example.com: the Elastic IP with the tag rolecall:pool=mail. It follows the role; the name never changes.
    mail: {
      names: [{ zone: 'public', name: 'mx{ordinal}' }],
      elasticIp: { pool: 'mail' },
      whenEmpty: 'keep',
    },
  },
});
