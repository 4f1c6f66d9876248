import { DeleteAlarmsCommand, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';

const INT = 'Z0INT';
const BOTH = ['web.corp.internal A 60 10.0.0.11 10.0.0.12'];
const SECOND_ALONE = ['web.corp.internal A 60 10.0.0.12'];

let world: World;
let one: string;
let two: string;

afterEach(async () => {
  await world.closeCleanly();
});

const WEB: Configuration = {
  owner: 'test',
  zones: { int: { name: 'corp.internal', private: true, id: INT } },
  roles: { web: { names: [{ zone: 'int' }], health: { alarms: 'web-*' } } },
};

async function open(): Promise<void> {
  world = await World.open(WEB);
  await world.advance(5);
  [one = '', two = ''] = await world.launch('web', { count: 2 });
  await world.advance(10);
  expect(await world.zone(INT)).toEqual(BOTH);
  world.journal.length = 0;
}

async function put(alarm: string, instanceId: string): Promise<void> {
  await world.user.cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: alarm,
      Namespace: 'AWS/EC2',
      MetricName: 'CPUUtilization',
      Dimensions: [{ Name: 'InstanceId', Value: instanceId }],
      Statistic: 'Average',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 90,
      ComparisonOperator: 'GreaterThanThreshold',
    }),
  );
}

async function set(alarm: string, state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'): Promise<void> {
  await world.user.cloudwatch.send(
    new SetAlarmStateCommand({ AlarmName: alarm, StateValue: state, StateReason: 'the test says so' }),
  );
}

/** An alarm's event as EventBridge would deliver it, true or not. */
function tell(alarm: string, instanceId: string, state: string, atMs: number): void {
  world.account.events.put({
    version: '0',
    id: `00000000-0000-4000-9000-${String(atMs).padStart(12, '0').slice(-12)}`,
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account: '123456789012',
    time: new Date(atMs).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    region: 'us-east-1',
    resources: [`arn:aws:cloudwatch:us-east-1:123456789012:alarm:${alarm}`],
    detail: {
      alarmName: alarm,
      configuration: { metrics: [{ metricStat: { metric: { dimensions: { InstanceId: instanceId } } } }] },
      state: { value: state },
    },
  });
}

function changes(): string[] {
  return world.journal.flatMap((entry) => (entry.kind === 'change' ? [`${entry.reason} ${entry.instance}`] : []));
}

describe('an alarm about an instance', () => {
  it('leaves an instance in peace when its name is not one of the role’s', async () => {
    await open();
    await put('db-cpu', one);
    await set('db-cpu', 'ALARM');
    await world.advance(120);
    expect(await world.zone(INT)).toEqual(BOTH);
  });

  it('is over without data too, and when it is deleted', async () => {
    await open();
    await put('web-cpu', one);
    await set('web-cpu', 'ALARM');
    await world.advance(3);
    await set('web-cpu', 'INSUFFICIENT_DATA');
    await world.advance(3);
    expect(await world.zone(INT)).toEqual(BOTH);
    await set('web-cpu', 'ALARM');
    await world.advance(3);
    expect(await world.zone(INT)).toEqual(SECOND_ALONE);
    await world.user.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: ['web-cpu'] }));
    await world.advance(65);
    expect(await world.zone(INT)).toEqual(BOTH);
  });

  it('keeps it out while any other is still in ALARM', async () => {
    await open();
    for (const alarm of ['web-cpu', 'web-disk']) {
      await put(alarm, one);
      await set(alarm, 'ALARM');
    }
    await world.advance(3);
    await set('web-cpu', 'OK');
    await world.advance(3);
    expect(await world.zone(INT)).toEqual(SECOND_ALONE);
    await set('web-disk', 'OK');
    await world.advance(3);
    expect(await world.zone(INT)).toEqual(BOTH);
  });

  it('never takes the last one out', async () => {
    await open();
    for (const [alarm, id] of [
      ['web-1', one],
      ['web-2', two],
    ] as const) {
      await put(alarm, id);
      await set(alarm, 'ALARM');
    }
    await world.advance(65);
    expect(await world.zone(INT)).toEqual(BOTH);
  });
});

describe('the events of an alarm', () => {
  it('may come late: an old ALARM does not undo a newer OK', async () => {
    await open();
    await put('web-cpu', one);
    const early = world.timeline.now();
    await world.advance(5);
    tell('web-cpu', one, 'OK', world.timeline.now());
    await world.advance(3);
    tell('web-cpu', one, 'ALARM', early);
    await world.advance(3);
    expect(await world.zone(INT)).toEqual(BOTH);
    expect(changes()).toEqual([]);
  });

  it('outlast a sweep that cannot read the alarms', async () => {
    await open();
    await put('web-cpu', one);
    await set('web-cpu', 'ALARM');
    await world.advance(3);
    world.account.faults.add({ service: 'monitoring', operation: 'DescribeAlarms', effect: 'throttle' });
    await world.advance(130);
    expect(world.account.callCount('monitoring', 'DescribeAlarms')).toBeGreaterThanOrEqual(2);
    expect(await world.zone(INT)).toEqual(SECOND_ALONE);
  });

  it('about an instance not known yet are made good by the sweep', async () => {
    await open();
    await put('web-cpu', one);
    await set('web-cpu', 'ALARM');
    await world.advance(3);
    const [three = ''] = await world.launch('');
    await put('web-three', three);
    await set('web-three', 'ALARM');
    await world.advance(3);
    await world.tag(three, 'web');
    await world.advance(70);
    expect(await world.zone(INT)).toEqual(SECOND_ALONE);
  });
});

describe('a sweep', () => {
  it('asks once for the alarms in ALARM, and writes nothing while they stay', async () => {
    await open();
    await put('web-cpu', one);
    await set('web-cpu', 'ALARM');
    await world.advance(130);
    world.account.forgetCalls();
    await world.advance(180);
    expect(world.account.callCount('monitoring', 'DescribeAlarms')).toBe(3);
    expect(world.account.callCount('dynamodb', 'TransactWriteItems')).toBe(0);
    expect(world.account.callCount('ec2', 'DescribeInstanceStatus')).toBe(0);
  });
});
