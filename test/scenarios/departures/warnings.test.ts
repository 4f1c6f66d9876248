import { retirement } from '../drain-signals.ts';
import { LATE_SECONDS, playedInEveryCircumstance, type Trigger } from './circumstances.ts';
import { TTL_MS } from './stage.ts';

const MINUTE_MS = 60_000;
const ZONE = ['web.corp.internal A 5 10.0.0.12'];
const LEFT = 'update web.corp.internal A: draining one';

/** What all have in common: the instance leaves its name, and runs on. */
const LEAVES = {
  role: 'web',
  subject: 'one',
  effect: 'left',
  order: [{ first: 'left everywhere', next: 'drained', apartMs: TTL_MS }],
} as const;

const RUNS = { zone: ZONE, states: 'running running', holders: [], completions: [] } as const;

const TRIGGERS: readonly Trigger[] = [
  {
    ...LEAVES,
    title: 'a spot interruption',
    happens: ({ world, id }) => world.account.ec2.interruptSpot(id('one')),
    order: [...LEAVES.order, { first: 'drained', next: 'going' }],
    ending: { ...RUNS, states: 'terminated running', said: [LEFT, 'drained: one by spot'] },
    seconds: 130,
    // Where the id of the change was lost with the Lambda, two minutes must pass until all name servers surely have it.
    cutShort: { ending: { said: [LEFT] }, order: [{ first: 'left everywhere', next: 'going', apartMs: TTL_MS }] },
    // By then the two minutes are over.
    late: {
      effectSeconds: 120 + 75,
      order: [{ first: 'going', next: 'left' }],
      ending: { said: ['update web.corp.internal A: terminated one'] },
    },
  },
  {
    ...LEAVES,
    title: 'a rebalance recommendation',
    happens: ({ world, id }) => world.account.ec2.recommendRebalance(id('one')),
    ending: { ...RUNS, said: [LEFT, 'drained: one by rebalance'] },
    late: { effectSeconds: LATE_SECONDS + 2 },
  },
  {
    ...LEAVES,
    title: 'a retirement within the hour',
    happens: ({ world, id }) => retirement(world, [id('one')], { startsAtMs: world.timeline.now() + 30 * MINUTE_MS }),
    ending: { ...RUNS, said: [LEFT, 'drained: one by retirement'] },
    late: { effectSeconds: LATE_SECONDS + 2 },
  },
  {
    ...LEAVES,
    title: 'a scheduled stop that is announced for later',
    happens: ({ world, id }) =>
      retirement(world, [id('one')], {
        startsAtMs: world.timeline.now() + 60 * MINUTE_MS + 10_000,
        code: 'AWS_EC2_INSTANCE_STOP_SCHEDULED',
      }),
    // An hour before its start, found by the sweep.
    effectSeconds: 22,
    workSeconds: 32,
    seconds: 40,
    order: [{ first: 'begun', next: 'left', apartMs: 10_000 }, ...LEAVES.order],
    ending: { ...RUNS, said: [LEFT, 'drained: one by retirement'] },
    late: { effectSeconds: LATE_SECONDS + 2 },
  },
];

for (const trigger of TRIGGERS) playedInEveryCircumstance(trigger);
