import type { Row } from './capability-play.ts';

const TWO = [
  ['+ web.corp.internal A 60 10.0.0.11'],
  ['- web.corp.internal A 60 10.0.0.11', '+ web.corp.internal A 60 10.0.0.11 10.0.0.12'],
];
const LESS_ONE = ['- web.corp.internal A 60 10.0.0.11 10.0.0.12', '+ web.corp.internal A 60 10.0.0.12'];

/** Members that are sick, drained, or outside EC2. */
export const STANDING: readonly Row[] = [
  {
    title: 'a sick member withdrawn, but never the last, and back when it is well',
    configuration: { roles: { web: 'int' } },
    steps: [
      {
        event: { launch: 'web', count: 2 },
        answers: { 'web.corp.internal A': '10.0.0.11, 10.0.0.12' },
        batches: TWO,
      },
      { event: { fail: 1 }, answers: { 'web.corp.internal A': '10.0.0.11, 10.0.0.12' }, batches: [] },
      { event: { wait: 130 }, answers: { 'web.corp.internal A': '10.0.0.12' }, batches: [LESS_ONE] },
      { event: { pass: 1 }, answers: { 'web.corp.internal A': '10.0.0.12' }, batches: [] },
      {
        event: { wait: 130 },
        answers: { 'web.corp.internal A': '10.0.0.11, 10.0.0.12' },
        batches: [['- web.corp.internal A 60 10.0.0.12', '+ web.corp.internal A 60 10.0.0.11 10.0.0.12']],
      },
      { event: { terminate: 1 }, answers: { 'web.corp.internal A': '10.0.0.12' }, batches: [LESS_ONE] },
      { event: { fail: 2 }, answers: { 'web.corp.internal A': '10.0.0.12' }, batches: [] },
      { event: { wait: 130 }, answers: { 'web.corp.internal A': '10.0.0.12' }, batches: [] },
    ],
  },
  {
    title: 'a drained member, which is in no name long before it ends',
    configuration: { roles: { web: 'int' } },
    steps: [
      {
        event: { launch: 'web', count: 2 },
        answers: { 'web.corp.internal A': '10.0.0.11, 10.0.0.12' },
        batches: TWO,
      },
      { event: { drain: 1 }, answers: { 'web.corp.internal A': '10.0.0.12' }, batches: [LESS_ONE] },
      { event: { wait: 130 }, answers: { 'web.corp.internal A': '10.0.0.12' }, batches: [] },
      { event: { terminate: 1 }, answers: { 'web.corp.internal A': '10.0.0.12' }, batches: [] },
    ],
  },
  {
    title: 'a host outside EC2 beside an instance, for as long as it tells',
    configuration: { endpoint: true, roles: { web: 'pub' }, hosts: { dc1: { roles: ['web'], expireAfter: '5m' } } },
    steps: [
      {
        event: { launch: 'web' },
        answers: { 'web.example.com A': '203.0.113.11' },
        batches: [['+ web.example.com A 60 203.0.113.11']],
      },
      {
        event: { host: 'dc1', address: '198.51.100.7' },
        answers: { 'web.example.com A': '198.51.100.7, 203.0.113.11' },
        batches: [['- web.example.com A 60 203.0.113.11', '+ web.example.com A 60 198.51.100.7 203.0.113.11']],
      },
      {
        event: { host: 'dc1', address: '198.51.100.8' },
        answers: { 'web.example.com A': '198.51.100.8, 203.0.113.11' },
        batches: [
          ['- web.example.com A 60 198.51.100.7 203.0.113.11', '+ web.example.com A 60 198.51.100.8 203.0.113.11'],
        ],
      },
      {
        event: { wait: 400 },
        answers: { 'web.example.com A': '203.0.113.11' },
        batches: [['- web.example.com A 60 198.51.100.8 203.0.113.11', '+ web.example.com A 60 203.0.113.11']],
      },
    ],
  },
];
