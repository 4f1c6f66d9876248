import { playedInEveryCircumstance, type Trigger } from './circumstances.ts';

const REMAINING = ['web.corp.internal A 5 10.0.0.12'];

const TRIGGERS: readonly Trigger[] = [
  {
    title: 'an instance that is terminated',
    role: 'web',
    subject: 'one',
    happens: ({ world, ids }) => world.terminate(ids.one ?? ''),
    effect: 'left',
    order: [{ first: 'going', next: 'left' }],
    ending: {
      zone: REMAINING,
      states: 'terminated running',
      holders: [],
      completions: [],
      said: ['update web.corp.internal A: terminated one'],
    },
    late: { effectSeconds: 75 },
  },
  {
    title: 'an instance that is stopped',
    role: 'web',
    subject: 'one',
    happens: ({ world, ids }) => world.stop(ids.one ?? ''),
    effect: 'left',
    order: [{ first: 'going', next: 'left' }],
    ending: {
      zone: REMAINING,
      states: 'stopped running',
      holders: [],
      completions: [],
      said: ['update web.corp.internal A: stopped one'],
    },
    late: { effectSeconds: 75 },
  },
];

for (const trigger of TRIGGERS) playedInEveryCircumstance(trigger);
