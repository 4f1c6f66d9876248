import { LATE_SECONDS, playedInEveryCircumstance, type Trigger } from './circumstances.ts';
import { type Stage, TTL_MS } from './stage.ts';

const GROUP = 'group';
const HEARTBEAT_SECONDS = 300;

/** Both members are in a group with a hook. */
function grouped(hook: string, transition: 'launching' | 'terminating') {
  return ({ world, id }: Stage) => {
    const { scalingGroups } = world.account;
    scalingGroups.create(GROUP);
    scalingGroups.putHook({
      group: GROUP,
      name: hook,
      transition,
      heartbeatSeconds: HEARTBEAT_SECONDS,
      defaultResult: 'ABANDON',
    });
    scalingGroups.attach(GROUP, [id('one'), id('two')]);
  };
}

const TRIGGERS: readonly Trigger[] = [
  {
    title: 'an instance at a termination hook',
    role: 'web',
    subject: 'one',
    prepare: grouped('drain', 'terminating'),
    happens: ({ world, id }) => world.account.scalingGroups.remove(id('one')),
    crashWays: ['before', 'after', 'unanswered'],
    effect: 'left',
    order: [
      { first: 'left everywhere', next: 'completed', apartMs: TTL_MS },
      { first: 'left everywhere', next: 'drained', apartMs: TTL_MS },
      { first: 'completed', next: 'going' },
    ],
    ending: {
      zone: ['web.corp.internal A 5 10.0.0.12'],
      states: 'terminated running',
      holders: [],
      completions: ['drain CONTINUE'],
      said: ['update web.corp.internal A: draining one', 'drained: one by hook, drain'],
    },
    // Nothing but its event tells of an action; the hook waits.
    late: { effectSeconds: LATE_SECONDS + 2 },
  },
  {
    title: 'an instance at a launch hook',
    role: 'web',
    subject: 'three',
    prepare: grouped('ready', 'launching'),
    happens: async (stage) => {
      await stage.launch('three');
      stage.world.account.scalingGroups.launched(GROUP, stage.id('three'));
    },
    effect: 'joined',
    order: [{ first: 'joined everywhere', next: 'completed' }],
    ending: {
      zone: ['web.corp.internal A 5 10.0.0.11 10.0.0.12 10.0.40.11'],
      states: 'running running running',
      holders: [],
      completions: ['ready CONTINUE'],
      said: ['update web.corp.internal A: launched three'],
    },
    late: { effectSeconds: 75 },
  },
  {
    title: 'an instance at a hook on its way to the warm pool',
    role: 'web',
    subject: 'one',
    prepare: grouped('drain', 'terminating'),
    happens: ({ world, id }) => world.account.scalingGroups.remove(id('one'), 'WarmPool'),
    effect: 'left',
    effectSeconds: 3,
    order: [
      { first: 'completed', next: 'going' },
      { first: 'going', next: 'left' },
    ],
    ending: {
      zone: ['web.corp.internal A 5 10.0.0.12'],
      states: 'stopped running',
      holders: [],
      completions: ['drain CONTINUE'],
      said: ['update web.corp.internal A: stopped one'],
    },
    late: { effectSeconds: LATE_SECONDS + 75 },
  },
];

for (const trigger of TRIGGERS) playedInEveryCircumstance(trigger);
