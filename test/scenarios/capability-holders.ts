import type { Row } from './capability-play.ts';

/** Services, mail, pools, PTR records, and who holds a role. */
export const HOLDERS: readonly Row[] = [
  {
    title: 'services, at the own names of members',
    configuration: {
      roles: { web: { names: [{ zone: 'int', name: '{role}-{ordinal}' }], srv: { '_http._tcp': 80 } } },
    },
    steps: [
      {
        event: { launch: 'web', tags: { 'rolecall:weight': '3' } },
        answers: { '_http._tcp.web.corp.internal SRV': '3 80 web-1.corp.internal' },
        batches: [
          ['+ _http._tcp.web.corp.internal SRV 60 0 3 80 web-1.corp.internal', '+ web-1.corp.internal A 60 10.0.0.11'],
        ],
      },
      {
        event: { terminate: 1 },
        answers: { '_http._tcp.web.corp.internal SRV': 'NXDOMAIN' },
        batches: [
          ['- _http._tcp.web.corp.internal SRV 60 0 3 80 web-1.corp.internal', '- web-1.corp.internal A 60 10.0.0.11'],
        ],
      },
    ],
  },
  {
    title: 'mail through stable names on Elastic IPs, whose holders change no record',
    pool: 2,
    configuration: {
      roles: {
        mail: {
          names: [{ zone: 'pub', name: 'mx{ordinal}' }],
          mx: { name: 'example.com' },
          elasticIp: { pool: 'p' },
          whenEmpty: 'keep',
        },
      },
    },
    steps: [
      {
        event: { wait: 1 },
        answers: {
          'example.com MX': '10 mx1.example.com, 10 mx2.example.com',
          'mx1.example.com A': '203.0.113.11',
          'mx2.example.com A': '203.0.113.12',
        },
        batches: [
          [
            '+ example.com MX 60 10 mx1.example.com 10 mx2.example.com',
            '+ mx1.example.com A 60 203.0.113.11',
            '+ mx2.example.com A 60 203.0.113.12',
          ],
        ],
      },
      { event: { launch: 'mail' }, answers: { 'mx1.example.com A': '203.0.113.11' }, batches: [] },
      {
        event: { terminate: 1 },
        answers: { 'example.com MX': '10 mx1.example.com, 10 mx2.example.com', 'mx1.example.com A': '203.0.113.11' },
        batches: [],
      },
    ],
  },
  {
    title: 'a pool whose names go with their holders',
    pool: 1,
    configuration: { roles: { nat: { names: [{ zone: 'pub' }], elasticIp: { pool: 'p' } } } },
    steps: [
      {
        event: { launch: 'nat' },
        answers: { 'nat.example.com A': '203.0.113.11' },
        batches: [['+ nat.example.com A 60 203.0.113.11']],
      },
      { event: { launch: 'nat', in: 'b' }, answers: { 'nat.example.com A': '203.0.113.11' }, batches: [] },
      { event: { terminate: 1 }, answers: { 'nat.example.com A': '203.0.113.11' }, batches: [] },
      {
        event: { terminate: 2 },
        answers: { 'nat.example.com A': 'NXDOMAIN' },
        batches: [['- nat.example.com A 60 203.0.113.11']],
      },
    ],
  },
  {
    title: 'a pool that prefers the zone of the last holder',
    pool: 1,
    configuration: {
      roles: {
        nat: {
          names: [{ zone: 'pub' }, { zone: 'int', name: '{role}-{ordinal}' }],
          elasticIp: { pool: 'p', preferZone: true },
        },
      },
    },
    steps: [
      {
        event: { launch: 'nat', in: 'b' },
        answers: { 'nat-1.corp.internal A': '10.0.40.11' },
        batches: [['+ nat.example.com A 60 203.0.113.11'], ['+ nat-1.corp.internal A 60 10.0.40.11']],
      },
      { event: { launch: 'nat', in: 'a' }, answers: { 'nat-1.corp.internal A': '10.0.40.11' }, batches: [] },
      { event: { launch: 'nat', in: 'b' }, answers: {}, batches: [] },
      {
        event: { terminate: 1 },
        answers: { 'nat-1.corp.internal A': '10.0.40.12', 'nat.example.com A': '203.0.113.11' },
        batches: [['- nat-1.corp.internal A 60 10.0.40.11', '+ nat-1.corp.internal A 60 10.0.40.12']],
      },
    ],
  },
  {
    title: 'PTR records of IPv4 addresses',
    configuration: { roles: { web: { names: [{ zone: 'int', name: '{role}-{ordinal}', ptr: true }] } } },
    steps: [
      {
        event: { launch: 'web' },
        answers: { '11.0.0.10.in-addr.arpa PTR': 'web-1.corp.internal' },
        batches: [['+ web-1.corp.internal A 60 10.0.0.11'], ['+ 11.0.0.10.in-addr.arpa PTR 60 web-1.corp.internal']],
      },
      {
        event: { terminate: 1 },
        answers: { '11.0.0.10.in-addr.arpa PTR': 'NXDOMAIN' },
        batches: [['- web-1.corp.internal A 60 10.0.0.11'], ['- 11.0.0.10.in-addr.arpa PTR 60 web-1.corp.internal']],
      },
    ],
  },
  {
    title: 'PTR records of IPv6 addresses',
    configuration: { roles: { web: { names: [{ zone: 'pub', address: 'ipv6', ptr: true }] } } },
    steps: [
      {
        event: { launch: 'web', ipv6: true },
        answers: {
          'web.example.com AAAA': '2001:db8:0:1::1',
          '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa PTR': 'web.example.com',
        },
        batches: [
          ['+ web.example.com AAAA 60 2001:db8:0:1::1'],
          ['+ 1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa PTR 60 web.example.com'],
        ],
      },
      {
        event: { terminate: 1 },
        answers: {
          'web.example.com AAAA': 'NXDOMAIN',
          '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa PTR': 'NXDOMAIN',
        },
        batches: [
          ['- web.example.com AAAA 60 2001:db8:0:1::1'],
          ['- 1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa PTR 60 web.example.com'],
        ],
      },
    ],
  },
  {
    title: 'one holder, the oldest',
    configuration: { roles: { db: { names: [{ zone: 'int' }], holders: 1 } } },
    steps: [
      {
        event: { launch: 'db' },
        answers: { 'db.corp.internal A': '10.0.0.11' },
        batches: [['+ db.corp.internal A 60 10.0.0.11']],
      },
      { event: { launch: 'db' }, answers: { 'db.corp.internal A': '10.0.0.11' }, batches: [] },
      {
        event: { terminate: 1 },
        answers: { 'db.corp.internal A': '10.0.0.12' },
        batches: [['- db.corp.internal A 60 10.0.0.11', '+ db.corp.internal A 60 10.0.0.12']],
      },
    ],
  },
  {
    title: 'one holder, the newest',
    configuration: { roles: { db: { names: [{ zone: 'int' }], holders: 1, succession: 'newest' } } },
    steps: [
      {
        event: { launch: 'db' },
        answers: { 'db.corp.internal A': '10.0.0.11' },
        batches: [['+ db.corp.internal A 60 10.0.0.11']],
      },
      {
        event: { launch: 'db' },
        answers: { 'db.corp.internal A': '10.0.0.12' },
        batches: [['- db.corp.internal A 60 10.0.0.11', '+ db.corp.internal A 60 10.0.0.12']],
      },
      {
        event: { terminate: 2 },
        answers: { 'db.corp.internal A': '10.0.0.11' },
        batches: [['- db.corp.internal A 60 10.0.0.12', '+ db.corp.internal A 60 10.0.0.11']],
      },
    ],
  },
  {
    title: 'one holder, by priority',
    configuration: { roles: { db: { names: [{ zone: 'int' }], holders: 1, succession: 'priority' } } },
    steps: [
      {
        event: { launch: 'db', tags: { 'rolecall:priority': '1' } },
        answers: { 'db.corp.internal A': '10.0.0.11' },
        batches: [['+ db.corp.internal A 60 10.0.0.11']],
      },
      {
        event: { launch: 'db', tags: { 'rolecall:priority': '5' } },
        answers: { 'db.corp.internal A': '10.0.0.11' },
        batches: [],
      },
      {
        event: { launch: 'db', tags: { 'rolecall:priority': '9' } },
        answers: { 'db.corp.internal A': '10.0.0.11' },
        batches: [],
      },
      {
        event: { terminate: 1 },
        answers: { 'db.corp.internal A': '10.0.0.13' },
        batches: [['- db.corp.internal A 60 10.0.0.11', '+ db.corp.internal A 60 10.0.0.13']],
      },
    ],
  },
];
