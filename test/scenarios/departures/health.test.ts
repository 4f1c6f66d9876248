import { LATE_SECONDS, playedInEveryCircumstance, type Trigger } from './circumstances.ts';
import { heldUp } from './requests.ts';
import type { Stage } from './stage.ts';

const RUN = { states: 'running running', holders: [], completions: [] } as const;

function alarm(state: 'ALARM' | 'OK') {
  return ({ world, id }: Stage) => {
    const Dimensions = [{ Name: 'InstanceId', Value: id('one') }];
    world.account.cloudwatch.put('watched-cpu', { AlarmName: 'watched-cpu', MetricName: 'CPUUtilization', Dimensions });
    world.account.cloudwatch.setState('watched-cpu', state, 'the test says so');
  };
}

const ALARMED = { role: 'watched', subject: 'one', order: [] } as const;

const TRIGGERS: readonly Trigger[] = [
  {
    ...ALARMED,
    title: 'an alarm about an instance',
    happens: alarm('ALARM'),
    effect: 'left',
    ending: {
      ...RUN,
      zone: ['watched.corp.internal A 5 10.0.0.12'],
      said: ['update watched.corp.internal A: sick one'],
    },
    late: { effectSeconds: 75 },
  },
  {
    ...ALARMED,
    title: 'an alarm that is over',
    prepare: alarm('ALARM'),
    happens: alarm('OK'),
    effect: 'joined',
    ending: {
      ...RUN,
      zone: ['watched.corp.internal A 5 10.0.0.11 10.0.0.12'],
      said: ['update watched.corp.internal A: healthy one'],
    },
    late: { effectSeconds: 75 },
  },
  {
    ...heldUp('DescribeInstanceStatus'),
    title: 'an instance that status checks find impaired',
    role: 'web',
    subject: 'one',
    happens: ({ world, id }) => world.account.ec2.failStatusCheck(id('one')),
    effect: 'left',
    // Two sweeps.
    effectSeconds: 82,
    workSeconds: 90,
    seconds: 100,
    order: [],
    ending: { ...RUN, zone: ['web.corp.internal A 5 10.0.0.12'], said: ['update web.corp.internal A: sick one'] },
    late: { effectSeconds: LATE_SECONDS + 120 },
  },
  {
    title: 'an instance with a health check of Route 53 that is terminated',
    role: 'checked',
    subject: 'one',
    happens: ({ world, id }) => world.terminate(id('one')),
    effect: 'left',
    order: [{ first: 'going', next: 'left' }],
    ending: {
      zone: ['checked.example.com A 5 203.0.113.12'],
      states: 'terminated running',
      holders: [],
      completions: [],
      said: ['delete checked.example.com A: terminated one'],
    },
    late: { effectSeconds: 75 },
  },
];

for (const trigger of TRIGGERS) playedInEveryCircumstance(trigger);
