import { describe, expect, test } from 'vitest';
import { parseEvent } from '../../lib/events/parse.ts';
import { InvalidInput } from '../../lib/model/errors.ts';
import { changed, EXPECTED, fixture, fixtureNames, hook, type Json, replaced } from './samples.ts';

function refusal(body: unknown): string {
  try {
    parseEvent(body);
  } catch (error) {
    if (error instanceof InvalidInput) return error.message;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('the events that are accepted', () => {
  test.each(Object.entries(EXPECTED))('reads %s', (name, expected) => {
    expect(parseEvent(fixture(name))).toEqual(expected);
  });

  test('has an expectation for every sample', () => {
    expect(fixtureNames().sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  test('reads an ARN of another partition', () => {
    const body = changed('tags-of-instance', 'resources', [
      'arn:aws-us-gov:ec2:us-gov-west-1:123456789012:instance/i-abcd1111',
    ]);
    expect(parseEvent(body)).toMatchObject({ kind: 'tags-changed', instanceId: 'i-abcd1111' });
  });

  test('reads a hook of a group that names no origin and no destination', () => {
    const body = replaced(
      changed('lifecycle-launch', 'detail.Origin', undefined),
      ['detail', 'Destination'],
      undefined,
    );
    expect(parseEvent(body)).toEqual({ kind: 'lifecycle', transition: 'launching', ...hook });
  });

  test('takes the affected region of a health notice, not the one it was delivered to', () => {
    expect(fixture('health-backup-page')).toMatchObject({ region: 'us-west-2' });
    expect(parseEvent(fixture('health-backup-page'))).toMatchObject({ region: 'us-east-1' });
  });

  test('reads a health notice that affects no single resource and has no start', () => {
    const whole = changed('health-retirement', 'detail.affectedEntities', undefined);
    const observation = parseEvent(replaced(whole, ['detail', 'startTime'], undefined));
    expect(observation).toMatchObject({ kind: 'health', instanceIds: [] });
    expect(observation).not.toHaveProperty('startsAtMs');
  });

  test('leaves out a dimension InstanceId that is no instance id', () => {
    const metrics = [{ metricStat: { metric: { dimensions: { InstanceId: 'db-7' } } } }];
    expect(parseEvent(changed('alarm', 'detail.configuration.metrics', metrics))).toMatchObject({ instanceIds: [] });
  });
});

describe('what is no concern of ours', () => {
  test('ignores a detail-type that it does not know', () => {
    expect(parseEvent({ 'detail-type': 'EBS Volume Notification', source: 'aws.ec2' })).toEqual({
      kind: 'ignored',
      what: 'EBS Volume Notification from aws.ec2',
    });
  });

  test('ignores a known detail-type that is not from AWS', () => {
    expect(parseEvent(changed('instance-terminated', 'source', 'my.app'))).toEqual({
      kind: 'ignored',
      what: 'EC2 Instance State-change Notification from my.app',
    });
  });

  test('ignores the health of other services', () => {
    expect(parseEvent(changed('health-retirement', 'detail.service', 'RDS'))).toEqual({
      kind: 'ignored',
      what: 'AWS Health Event: RDS',
    });
  });

  test('ignores tags of other services', () => {
    expect(parseEvent(changed('tags-of-instance', 'detail.service', 'sagemaker'))).toEqual({
      kind: 'ignored',
      what: 'Tag Change on Resource: sagemaker instance',
    });
  });

  test('ignores a message of a kind that another version sends', () => {
    expect(parseEvent({ kind: 'later-kind', anything: 1 })).toEqual({
      kind: 'ignored',
      what: 'a message of kind later-kind',
    });
  });
});

describe('what is malformed', () => {
  test('refuses an unknown state and says which there are', () => {
    expect(refusal(changed('instance-running', 'detail.state', 'rebooting'))).toBe(
      'EC2 Instance State-change Notification: detail.state is "rebooting", allowed: "pending", "running", "stopping", "stopped", "shutting-down", "terminated". It is not used; the next sweep finds what it would have told.',
    );
  });

  test('refuses a tag change that names no resource, or more than one', () => {
    const arn = 'arn:aws:ec2:us-east-1:123456789012:instance/i-abcd1111';
    expect(refusal(changed('tags-of-instance', 'resources', []))).toContain('resources.0 is missing');
    expect(refusal(changed('tags-of-instance', 'resources', [arn, arn]))).toContain('the one ARN of what was tagged');
  });

  test('refuses an event without its detail', () => {
    expect(refusal(changed('instance-running', 'detail', undefined))).toContain('detail is missing');
  });

  test.each([
    ['instance-running', 'detail.instance-id', 'i-xyz'],
    ['instance-running', 'detail.instance-id', 'i-1234567890abcdef01'],
    ['instance-running', 'detail.instance-id', 'mi-1234567890abcdef0'],
    ['instance-running', 'detail.instance-id', 7],
    ['instance-running', 'account', '12345678901'],
    ['instance-running', 'time', 'Thu, 27 Aug 2026 13:19:03 GMT'],
    ['instance-running', 'time', '2026-13-41T00:00:00Z'],
    ['instance-running', 'region', ''],
    ['spot-stop', 'detail.instance-action', 'pause'],
    ['rebalance', 'detail.instance-id', ''],
    ['tags-of-instance', 'resources', ['arn:aws:ec2:us-east-1:123456789012:volume/vol-0a1b2c3d']],
    ['tags-of-instance', 'detail.tags', { key: 7 }],
    ['tags-of-instance', 'detail.version', -1],
    ['tags-of-instance', 'detail.changed-tag-keys', 'rolecall:role'],
    ['tags-of-address', 'resources', ['arn:aws:ec2:us-east-1:123456789012:instance/i-abcd1111']],
    ['health-retirement', 'detail.startTime', '2026-08-27T13:19:03Z'],
    ['health-retirement', 'detail.statusCode', 'maybe'],
    ['health-retirement', 'detail.page', '0'],
    ['health-retirement', 'detail.backupEvent', 'no'],
    ['alarm', 'detail.state.value', 'ok'],
    ['lifecycle-launch', 'detail.LifecycleTransition', 'autoscaling:EC2_INSTANCE_TERMINATING'],
    ['lifecycle-terminate', 'detail.LifecycleActionToken', ''],
    ['wake', 'group', 'mail'],
    ['wake', 'group', '/hostedzone/Z0AAA'],
    ['wake', 'attempt', 0.5],
    ['read-again', 'instanceIds', []],
    ['read-again', 'instanceIds', ['web']],
  ])('refuses %s when %s is %j', (name, path, value) => {
    const message = refusal(changed(name, path, value));
    expect(message).toContain(path);
    expect(message).toContain(`is ${JSON.stringify(innermost(value))}, allowed: `);
  });

  test.each([[null], [undefined], [7], ['{"kind":"wake"}'], [[]], [{}], [{ kind: 7 }]])('refuses %j', (body) => {
    expect(refusal(body)).toMatch(/^a message: /);
  });

  test('shows no more than the beginning of a long value', () => {
    expect(refusal(changed('instance-running', 'detail.state', 'x'.repeat(100_000))).length).toBeLessThan(500);
  });
});

/** What an error shows is the value itself, not the list or object that it is in. */
function innermost(value: Json): Json {
  const [inner] = typeof value === 'object' && value !== null ? Object.values(value) : [];
  return inner ?? value;
}
