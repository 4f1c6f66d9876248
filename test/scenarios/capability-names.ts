import type { Row } from './capability-play.ts';

/** What names may hold, and how they are routed. */
export const NAMES: readonly Row[] = [
  {
    title: 'a private address, and a public one',
    configuration: { roles: { web: { names: [{ zone: 'int' }, { zone: 'pub' }] } } },
    steps: [
      {
        event: { launch: 'web' },
        answers: { 'web.corp.internal A': '10.0.0.11', 'web.example.com A': '203.0.113.11' },
        batches: [['+ web.corp.internal A 60 10.0.0.11'], ['+ web.example.com A 60 203.0.113.11']],
      },
      {
        event: { terminate: 1 },
        answers: { 'web.corp.internal A': 'NXDOMAIN', 'web.example.com A': 'NXDOMAIN' },
        batches: [['- web.corp.internal A 60 10.0.0.11'], ['- web.example.com A 60 203.0.113.11']],
      },
    ],
  },
  {
    title: 'IPv6 addresses, only where they are asked for',
    configuration: { roles: { web: { names: [{ zone: 'pub', address: 'ipv6' }] }, api: 'pub' } },
    steps: [
      {
        event: { launch: 'web', ipv6: true },
        answers: { 'web.example.com AAAA': '2001:db8:0:1::1', 'web.example.com A': 'no such type' },
        batches: [['+ web.example.com AAAA 60 2001:db8:0:1::1']],
      },
      {
        event: { launch: 'api', ipv6: true },
        answers: { 'api.example.com A': '203.0.113.12', 'api.example.com AAAA': 'no such type' },
        batches: [['+ api.example.com A 60 203.0.113.12']],
      },
    ],
  },
  {
    title: 'the EC2 name of one member',
    configuration: { roles: { ssh: { names: [{ zone: 'pub', name: '{instanceId}.{role}', address: 'ec2-name' }] } } },
    steps: [
      {
        event: { launch: 'ssh' },
        answers: { 'i-1.ssh.example.com CNAME': '> ec2-203-0-113-11.compute-1.amazonaws.com' },
        batches: [['+ i-1.ssh.example.com CNAME 60 ec2-203-0-113-11.compute-1.amazonaws.com']],
      },
      {
        event: { terminate: 1 },
        answers: { 'i-1.ssh.example.com CNAME': 'NXDOMAIN' },
        batches: [['- i-1.ssh.example.com CNAME 60 ec2-203-0-113-11.compute-1.amazonaws.com']],
      },
    ],
  },
  {
    title: 'placeholders of members: zone, region, id',
    configuration: {
      roles: {
        gw: {
          names: [
            { zone: 'int', name: '{role}.{az}' },
            { zone: 'int', name: '{role}.{region}' },
            { zone: 'int', name: '{instanceId}' },
          ],
        },
      },
    },
    steps: [
      {
        event: { launch: 'gw' },
        answers: {
          'gw.us-east-1a.corp.internal A': '10.0.0.11',
          'gw.us-east-1.corp.internal A': '10.0.0.11',
          'i-1.corp.internal A': '10.0.0.11',
        },
        batches: [
          [
            '+ gw.us-east-1.corp.internal A 60 10.0.0.11',
            '+ gw.us-east-1a.corp.internal A 60 10.0.0.11',
            '+ i-1.corp.internal A 60 10.0.0.11',
          ],
        ],
      },
      {
        event: { launch: 'gw', in: 'b' },
        answers: {
          'gw.us-east-1b.corp.internal A': '10.0.40.11',
          'gw.us-east-1.corp.internal A': '10.0.0.11, 10.0.40.11',
        },
        batches: [
          [
            '- gw.us-east-1.corp.internal A 60 10.0.0.11',
            '+ gw.us-east-1.corp.internal A 60 10.0.0.11 10.0.40.11',
            '+ gw.us-east-1b.corp.internal A 60 10.0.40.11',
            '+ i-2.corp.internal A 60 10.0.40.11',
          ],
        ],
      },
    ],
  },
  {
    title: 'ordinals, kept while a member lives, the lowest free one for the next',
    configuration: { roles: { web: { names: [{ zone: 'int', name: '{role}-{ordinal}' }] } } },
    steps: [
      {
        event: { launch: 'web', count: 2 },
        answers: { 'web-1.corp.internal A': '10.0.0.11', 'web-2.corp.internal A': '10.0.0.12' },
        batches: [['+ web-1.corp.internal A 60 10.0.0.11'], ['+ web-2.corp.internal A 60 10.0.0.12']],
      },
      {
        event: { terminate: 1 },
        answers: { 'web-1.corp.internal A': 'NXDOMAIN', 'web-2.corp.internal A': '10.0.0.12' },
        batches: [['- web-1.corp.internal A 60 10.0.0.11']],
      },
      {
        event: { launch: 'web', in: 'b' },
        answers: { 'web-1.corp.internal A': '10.0.40.11', 'web-2.corp.internal A': '10.0.0.12' },
        batches: [['+ web-1.corp.internal A 60 10.0.40.11']],
      },
    ],
  },
  {
    title: 'a shared name of all members, and the apex',
    configuration: { roles: { web: { names: [{ zone: 'pub', name: '@' }] } } },
    steps: [
      {
        event: { launch: 'web', count: 2 },
        answers: { 'example.com A': '203.0.113.11, 203.0.113.12' },
        batches: [
          ['+ example.com A 60 203.0.113.11'],
          ['- example.com A 60 203.0.113.11', '+ example.com A 60 203.0.113.11 203.0.113.12'],
        ],
      },
      {
        event: { stop: 1 },
        answers: { 'example.com A': '203.0.113.12' },
        batches: [['- example.com A 60 203.0.113.11 203.0.113.12', '+ example.com A 60 203.0.113.12']],
      },
      {
        event: { start: 1 },
        answers: { 'example.com A': '203.0.113.11, 203.0.113.12' },
        batches: [['- example.com A 60 203.0.113.12', '+ example.com A 60 203.0.113.11 203.0.113.12']],
      },
    ],
  },
  {
    title: 'multivalue routing',
    configuration: { roles: { web: { names: [{ zone: 'pub', routing: 'multivalue' }] } } },
    steps: [
      {
        event: { launch: 'web', count: 2 },
        answers: { 'web.example.com A': '203.0.113.11, 203.0.113.12' },
        batches: [['+ web.example.com A 60 [i-1] 203.0.113.11'], ['+ web.example.com A 60 [i-2] 203.0.113.12']],
      },
      {
        event: { terminate: 2 },
        answers: { 'web.example.com A': '203.0.113.11' },
        batches: [['- web.example.com A 60 [i-2] 203.0.113.12']],
      },
    ],
  },
  {
    title: 'weighted routing, by the tag or the default',
    configuration: { roles: { web: { names: [{ zone: 'pub', routing: { weighted: { default: 5 } } }] } } },
    steps: [
      {
        event: { launch: 'web', tags: { 'rolecall:weight': '70' } },
        answers: { 'web.example.com A': '203.0.113.11' },
        batches: [['+ web.example.com A 60 [i-1 70] 203.0.113.11']],
      },
      {
        event: { launch: 'web', tags: { 'rolecall:weight': 'many' } },
        answers: { 'web.example.com A 0.01': '203.0.113.11', 'web.example.com A 0.99': '203.0.113.12' },
        batches: [['+ web.example.com A 60 [i-2 5] 203.0.113.12']],
      },
    ],
  },
  {
    title: 'another routing, in one batch',
    configuration: { roles: { web: { names: [{ zone: 'pub' }] } } },
    steps: [
      {
        event: { launch: 'web', count: 2 },
        answers: { 'web.example.com A': '203.0.113.11, 203.0.113.12' },
        batches: [
          ['+ web.example.com A 60 203.0.113.11'],
          ['- web.example.com A 60 203.0.113.11', '+ web.example.com A 60 203.0.113.11 203.0.113.12'],
        ],
      },
      {
        event: { deploy: { roles: { web: { names: [{ zone: 'pub', routing: 'multivalue' }] } } } },
        answers: { 'web.example.com A': '203.0.113.11, 203.0.113.12' },
        batches: [
          [
            '- web.example.com A 60 203.0.113.11 203.0.113.12',
            '+ web.example.com A 60 [i-2] 203.0.113.12',
            '+ web.example.com A 60 [i-1] 203.0.113.11',
          ],
        ],
      },
      {
        event: { deploy: { roles: { web: { names: [{ zone: 'pub', routing: { weighted: {} } }] } } } },
        answers: {},
        batches: [
          [
            '- web.example.com A 60 [i-2] 203.0.113.12',
            '- web.example.com A 60 [i-1] 203.0.113.11',
            '+ web.example.com A 60 [i-2 10] 203.0.113.12',
            '+ web.example.com A 60 [i-1 10] 203.0.113.11',
          ],
        ],
      },
      {
        event: { deploy: { roles: { web: 'pub' } } },
        answers: { 'web.example.com A': '203.0.113.11, 203.0.113.12' },
        batches: [
          [
            '- web.example.com A 60 [i-2 10] 203.0.113.12',
            '- web.example.com A 60 [i-1 10] 203.0.113.11',
            '+ web.example.com A 60 203.0.113.11 203.0.113.12',
          ],
        ],
      },
    ],
  },
  {
    title: 'aliases and wildcard aliases, from the deploy on',
    configuration: { roles: { web: { names: [{ zone: 'pub' }], aliases: ['www.example.com', '*.apps.example.com'] } } },
    steps: [
      {
        event: { wait: 1 },
        answers: { 'www.example.com A': '> web.example.com', 'any.apps.example.com A': '> web.example.com' },
        batches: [['+ *.apps.example.com CNAME 60 web.example.com', '+ www.example.com CNAME 60 web.example.com']],
      },
      {
        event: { launch: 'web' },
        answers: {
          'www.example.com A': '203.0.113.11, > web.example.com',
          'any.apps.example.com A': '203.0.113.11, > web.example.com',
        },
        batches: [['+ web.example.com A 60 203.0.113.11']],
      },
    ],
  },
];
