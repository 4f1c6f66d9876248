import type { Row } from './capability-play.ts';

/** Empty names, who may claim, hand edits, and changes of the configuration. */
export const CHANGES: readonly Row[] = [
  {
    title: 'a name that keeps its last address',
    configuration: { roles: { db: { names: [{ zone: 'int' }], whenEmpty: 'keep' } } },
    steps: [
      {
        event: { launch: 'db' },
        answers: { 'db.corp.internal A': '10.0.0.11' },
        batches: [['+ db.corp.internal A 60 10.0.0.11']],
      },
      { event: { terminate: 1 }, answers: { 'db.corp.internal A': '10.0.0.11' }, batches: [] },
      {
        event: { launch: 'db', in: 'b' },
        answers: { 'db.corp.internal A': '10.0.40.11' },
        batches: [['- db.corp.internal A 60 10.0.0.11', '+ db.corp.internal A 60 10.0.40.11']],
      },
    ],
  },
  {
    title: 'a kept name through a restart, without any change',
    configuration: { roles: { db: { names: [{ zone: 'int' }], whenEmpty: 'keep' } } },
    steps: [
      {
        event: { launch: 'db' },
        answers: { 'db.corp.internal A': '10.0.0.11' },
        batches: [['+ db.corp.internal A 60 10.0.0.11']],
      },
      { event: { stop: 1 }, answers: { 'db.corp.internal A': '10.0.0.11' }, batches: [] },
      { event: { start: 1 }, answers: { 'db.corp.internal A': '10.0.0.11' }, batches: [] },
      { event: { wait: 130 }, answers: { 'db.corp.internal A': '10.0.0.11' }, batches: [] },
    ],
  },
  {
    title: 'an address as the answer of an empty name, and back in one batch',
    configuration: { roles: { web: { names: [{ zone: 'pub' }], whenEmpty: { answer: '192.0.2.10' } } } },
    steps: [
      {
        event: { wait: 1 },
        answers: { 'web.example.com A': '192.0.2.10' },
        batches: [['+ web.example.com A 60 192.0.2.10']],
      },
      {
        event: { launch: 'web' },
        answers: { 'web.example.com A': '203.0.113.11' },
        batches: [['- web.example.com A 60 192.0.2.10', '+ web.example.com A 60 203.0.113.11']],
      },
      {
        event: { terminate: 1 },
        answers: { 'web.example.com A': '192.0.2.10' },
        batches: [['- web.example.com A 60 203.0.113.11', '+ web.example.com A 60 192.0.2.10']],
      },
    ],
  },
  {
    title: 'a name as the answer of an empty name, and back in one batch',
    configuration: { roles: { web: { names: [{ zone: 'pub' }], whenEmpty: { answer: 'sorry.example.net' } } } },
    steps: [
      {
        event: { wait: 1 },
        answers: { 'web.example.com CNAME': '> sorry.example.net' },
        batches: [['+ web.example.com CNAME 60 sorry.example.net']],
      },
      {
        event: { launch: 'web' },
        answers: { 'web.example.com A': '203.0.113.11' },
        batches: [['- web.example.com CNAME 60 sorry.example.net', '+ web.example.com A 60 203.0.113.11']],
      },
      {
        event: { terminate: 1 },
        answers: { 'web.example.com CNAME': '> sorry.example.net' },
        batches: [['- web.example.com A 60 203.0.113.11', '+ web.example.com CNAME 60 sorry.example.net']],
      },
    ],
  },
  {
    title: 'roles that are open, in the zone that is open now',
    configuration: { openRoles: 'int', roles: { web: 'pub' } },
    steps: [
      {
        event: { launch: 'anything' },
        answers: { 'anything.corp.internal A': '10.0.0.11' },
        batches: [['+ anything.corp.internal A 60 10.0.0.11']],
      },
      {
        event: { deploy: { openRoles: 'pub' } },
        answers: { 'anything.corp.internal A': 'NXDOMAIN', 'anything.example.com A': '203.0.113.11' },
        batches: [['- anything.corp.internal A 60 10.0.0.11'], ['+ anything.example.com A 60 203.0.113.11']],
      },
    ],
  },
  {
    title: 'no role that is not listed, where none is open',
    configuration: { roles: { web: 'pub' } },
    steps: [
      {
        event: { launch: 'anything' },
        answers: { 'anything.corp.internal A': 'NXDOMAIN', 'anything.example.com A': 'NXDOMAIN' },
        batches: [],
      },
    ],
  },
  {
    title: 'only those that allow admits',
    configuration: { roles: { web: { names: [{ zone: 'int' }], allow: { instanceProfiles: ['web-*'] } } } },
    steps: [
      { event: { launch: 'web', profile: 'other' }, answers: { 'web.corp.internal A': 'NXDOMAIN' }, batches: [] },
      {
        event: { launch: 'web', profile: 'web-1' },
        answers: { 'web.corp.internal A': '10.0.0.12' },
        batches: [['+ web.corp.internal A 60 10.0.0.12']],
      },
    ],
  },
  {
    title: 'a hand edit that is set right',
    configuration: { roles: { web: 'int' } },
    steps: [
      {
        event: { launch: 'web' },
        answers: { 'web.corp.internal A': '10.0.0.11' },
        batches: [['+ web.corp.internal A 60 10.0.0.11']],
      },
      {
        event: { edit: ['UPSERT', 'web.corp.internal', 'A', '10.9.9.9'] },
        answers: { 'web.corp.internal A': '10.9.9.9' },
        batches: [],
      },
      {
        event: { wait: 90 },
        answers: { 'web.corp.internal A': '10.0.0.11' },
        batches: [['- web.corp.internal A 60 10.9.9.9', '+ web.corp.internal A 60 10.0.0.11']],
      },
    ],
  },
  {
    title: 'a hand edit that is only reported',
    configuration: { defaults: { drift: 'report' }, roles: { web: 'int' } },
    steps: [
      {
        event: { launch: 'web' },
        answers: { 'web.corp.internal A': '10.0.0.11' },
        batches: [['+ web.corp.internal A 60 10.0.0.11']],
      },
      {
        event: { edit: ['UPSERT', 'web.corp.internal', 'A', '10.9.9.9'] },
        answers: { 'web.corp.internal A': '10.9.9.9' },
        batches: [],
      },
      { event: { wait: 90 }, answers: { 'web.corp.internal A': '10.9.9.9' }, batches: [] },
    ],
  },
  {
    title: 'a role that leaves the configuration with its records',
    configuration: { roles: { web: 'int', api: 'int' } },
    steps: [
      {
        event: { launch: 'web' },
        answers: { 'web.corp.internal A': '10.0.0.11' },
        batches: [['+ web.corp.internal A 60 10.0.0.11']],
      },
      {
        event: { launch: 'api' },
        answers: { 'api.corp.internal A': '10.0.0.12' },
        batches: [['+ api.corp.internal A 60 10.0.0.12']],
      },
      {
        event: { deploy: { roles: { api: 'int' } } },
        answers: { 'web.corp.internal A': 'NXDOMAIN', 'api.corp.internal A': '10.0.0.12' },
        batches: [['- web.corp.internal A 60 10.0.0.11']],
      },
    ],
  },
  {
    title: 'one name inside and outside',
    configuration: {
      zones: { out: { name: 'example.com', id: 'Z0OUT' }, in: { name: 'example.com', id: 'Z0IN', private: true } },
      roles: { web: { names: [{ zone: 'out' }, { zone: 'in' }] } },
    },
    steps: [
      {
        event: { launch: 'web' },
        answers: { 'web.example.com A inside': '10.0.0.11', 'web.example.com A outside': '203.0.113.11' },
        batches: [['+ web.example.com A 60 10.0.0.11'], ['+ web.example.com A 60 203.0.113.11']],
      },
      {
        event: { terminate: 1 },
        answers: { 'web.example.com A inside': 'NXDOMAIN', 'web.example.com A outside': 'NXDOMAIN' },
        batches: [['- web.example.com A 60 10.0.0.11'], ['- web.example.com A 60 203.0.113.11']],
      },
    ],
  },
  {
    title: 'a TTL that changes alone, in one change',
    configuration: { roles: { web: 'int' } },
    steps: [
      {
        event: { launch: 'web', count: 3 },
        answers: { 'web.corp.internal A': '10.0.0.11, 10.0.0.12, 10.0.0.13' },
        batches: [
          ['+ web.corp.internal A 60 10.0.0.11'],
          ['- web.corp.internal A 60 10.0.0.11', '+ web.corp.internal A 60 10.0.0.11 10.0.0.12 10.0.0.13'],
        ],
      },
      {
        event: { deploy: { roles: { web: { names: [{ zone: 'int', ttl: '30s' }] } } } },
        answers: { 'web.corp.internal A': '10.0.0.11, 10.0.0.12, 10.0.0.13' },
        batches: [
          [
            '- web.corp.internal A 60 10.0.0.11 10.0.0.12 10.0.0.13',
            '+ web.corp.internal A 30 10.0.0.11 10.0.0.12 10.0.0.13',
          ],
        ],
      },
      {
        event: { deploy: { defaults: { ttl: '30s' }, roles: { web: 'int' } } },
        answers: { 'web.corp.internal A': '10.0.0.11, 10.0.0.12, 10.0.0.13' },
        batches: [],
      },
    ],
  },
  {
    title: 'an instance in two roles',
    configuration: { roles: { web: 'int', api: 'int' } },
    steps: [
      {
        event: { launch: 'web api' },
        answers: { 'web.corp.internal A': '10.0.0.11', 'api.corp.internal A': '10.0.0.11' },
        batches: [['+ api.corp.internal A 60 10.0.0.11', '+ web.corp.internal A 60 10.0.0.11']],
      },
      {
        event: { terminate: 1 },
        answers: { 'web.corp.internal A': 'NXDOMAIN', 'api.corp.internal A': 'NXDOMAIN' },
        batches: [['- api.corp.internal A 60 10.0.0.11', '- web.corp.internal A 60 10.0.0.11']],
      },
    ],
  },
];
