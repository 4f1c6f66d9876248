import { defineRoles } from './lib/config/define.ts';

export default defineRoles({
  zones: {
    internal: { name: 'corp.internal', private: true, vpcId: 'vpc-0123456789abcdef0' },
    public: { name: 'example.com' },
  },
  roles: {
    // cache.corp.internal: the private address of every running instance with the tag rolecall:role=cache.
    cache: 'internal',
    // web.example.com and web.corp.internal.
    web: {
      names: [{ zone: 'public', ttl: '30s' }, { zone: 'internal' }],
    },
    // mx1.example.com and so on, one for each Elastic IP with the tag rolecall:pool=mail; they stay when no host is there.
    mail: {
      names: [{ zone: 'public', name: 'mx{ordinal}' }],
      elasticIp: { pool: 'mail' },
      whenEmpty: 'keep',
    },
  },
});
