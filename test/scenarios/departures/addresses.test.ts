import { rolecallOn } from '../../cli/world-target.ts';
import { playedInEveryCircumstance, type Trigger } from './circumstances.ts';
import { unheard } from './requests.ts';

/** The name is the address's, whoever has it. */
const ZONE = ['mx1.example.com A 5 203.0.113.11'];

/** One address was too few for two members. */
const NO_MORE = 'withheld: pool-too-small no more';

/** `one` has the only address of the pool, `two` is next. */
const FAILS_OVER = {
  role: 'mail',
  subject: 'one',
  effect: 'given',
  order: [
    { first: 'going', next: 'released' },
    { first: 'released', next: 'given' },
  ],
} as const;

const TRIGGERS: readonly Trigger[] = [
  {
    ...FAILS_OVER,
    title: 'the holder of an Elastic IP that is terminated',
    happens: ({ world, id }) => world.terminate(id('one')),
    ending: {
      zone: ZONE,
      states: 'terminated running',
      holders: ['two'],
      completions: [],
      said: ['moved: terminated one -> two', NO_MORE],
    },
    late: { effectSeconds: 75 },
  },
  {
    ...FAILS_OVER,
    title: 'the holder of an Elastic IP that is stopped',
    happens: ({ world, id }) => world.stop(id('one')),
    ending: {
      zone: ZONE,
      states: 'stopped running',
      holders: ['two'],
      completions: [],
      said: ['moved: stopped one -> two', NO_MORE],
    },
    late: { effectSeconds: 75 },
  },
  {
    ...FAILS_OVER,
    title: 'the holder of an Elastic IP that a spot interruption takes',
    happens: ({ world, id }) => world.account.ec2.interruptSpot(id('one')),
    order: [
      { first: 'released', next: 'given' },
      { first: 'given', next: 'drained' },
      { first: 'drained', next: 'going' },
    ],
    ending: {
      zone: ZONE,
      states: 'terminated running',
      holders: ['two'],
      completions: [],
      said: ['moved: draining one -> two', NO_MORE, 'drained: one by spot'],
    },
    seconds: 130,
    // By then the two minutes are over.
    late: {
      effectSeconds: 120 + 75,
      order: [{ first: 'going', next: 'given' }],
      ending: { said: ['moved: terminated one -> two', NO_MORE] },
    },
  },
  {
    ...FAILS_OVER,
    ...unheard(),
    title: 'a move that was asked for',
    happens: async ({ world, id }) => await rolecallOn(world, 'move', 'mail', '--to', id('two')),
    again: async ({ world, id }) => await rolecallOn(world, 'move', 'mail', '--to', id('two')),
    order: [{ first: 'released', next: 'given' }],
    ending: {
      zone: ZONE,
      states: 'running running',
      holders: ['two'],
      completions: [],
      said: ['moved: moved one -> two'],
    },
    late: { effectSeconds: 75 },
  },
];

for (const trigger of TRIGGERS) playedInEveryCircumstance(trigger);
