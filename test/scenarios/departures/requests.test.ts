import { CreateTagsCommand, DeleteTagsCommand } from '@aws-sdk/client-ec2';
import { rolecallOn } from '../../cli/world-target.ts';
import { playedInEveryCircumstance, type Trigger } from './circumstances.ts';
import { unheard } from './requests.ts';
import { type Stage, TTL_MS } from './stage.ts';

const OTHER = ['web.corp.internal A 5 10.0.0.12'];
const BOTH = ['web.corp.internal A 5 10.0.0.11 10.0.0.12'];
const RUN = { states: 'running running', holders: [], completions: [] } as const;

const LEAVES = {
  role: 'web',
  subject: 'one',
  effect: 'left',
  order: [{ first: 'left everywhere', next: 'drained', apartMs: TTL_MS }],
} as const;

const RETURNS = {
  role: 'web',
  subject: 'one',
  effect: 'joined',
  order: [],
  ending: { ...RUN, zone: BOTH, said: ['update web.corp.internal A: undrained one'] },
} as const;

async function tagged({ world, id }: Stage): Promise<void> {
  const Tags = [{ Key: 'rolecall:drain', Value: 'true' }];
  await world.user.ec2.send(new CreateTagsCommand({ Resources: [id('one')], Tags }));
}

async function untagged({ world, id }: Stage): Promise<void> {
  await world.user.ec2.send(new DeleteTagsCommand({ Resources: [id('one')], Tags: [{ Key: 'rolecall:drain' }] }));
}

function command(...words: readonly [string, ...string[]]) {
  const [name, ...flags] = words;
  return async ({ world, id }: Stage) => await rolecallOn(world, name, id('one'), ...flags);
}

/** It has drained by then. */
function drainedBy(asks: (stage: Stage) => Promise<unknown>) {
  return async (stage: Stage) => {
    await asks(stage);
    await stage.world.advance(20);
  };
}

const TRIGGERS: readonly Trigger[] = [
  {
    ...LEAVES,
    title: 'the tag rolecall:drain',
    happens: tagged,
    ending: { ...RUN, zone: OTHER, said: ['update web.corp.internal A: draining one', 'drained: one by tag'] },
    late: { effectSeconds: 75 },
  },
  {
    ...LEAVES,
    ...unheard(),
    title: 'rolecall drain',
    happens: command('drain', '--no-wait'),
    again: command('drain', '--no-wait'),
    ending: { ...RUN, zone: OTHER, said: ['update web.corp.internal A: draining one', 'drained: one by request'] },
    late: { effectSeconds: 75 },
  },
  {
    ...LEAVES,
    ...unheard(),
    title: 'rolecall drain --terminate',
    happens: command('drain', '--terminate', '--no-wait'),
    again: command('drain', '--terminate', '--no-wait'),
    order: [...LEAVES.order, { first: 'left everywhere', next: 'going', apartMs: TTL_MS }],
    ending: {
      ...RUN,
      zone: OTHER,
      states: 'terminated running',
      said: ['update web.corp.internal A: draining one', 'drained: one by request, terminated'],
    },
    late: { effectSeconds: 75 },
  },
  {
    ...RETURNS,
    title: 'the tag rolecall:drain that is removed',
    prepare: drainedBy(tagged),
    happens: untagged,
    late: { effectSeconds: 75 },
  },
  {
    ...RETURNS,
    ...unheard(),
    title: 'rolecall undrain',
    prepare: drainedBy(command('drain', '--no-wait')),
    happens: command('undrain'),
    again: command('undrain'),
    late: { effectSeconds: 75 },
  },
];

for (const trigger of TRIGGERS) playedInEveryCircumstance(trigger);
