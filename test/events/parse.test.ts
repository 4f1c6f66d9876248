import { readdirSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Observation, parseEvent } from '../../lib/events/parse.ts';
import { InvalidInput } from '../../lib/model/errors.ts';

const FIXTURES = new URL('../fixtures/events/', import.meta.url);

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fixture(name: string): JsonObject {
  const read: Json = JSON.parse(readFileSync(new URL(`${name}.json`, FIXTURES), 'utf8'));
  if (!isObject(read)) throw new Error(`${name}.json is not an object`);
  return read;
}

/** The fixture with the value at a path such as `detail.state` replaced, or left out when it is undefined. */
function changed(name: string, path: string, value: Json | undefined): Json {
  return replaced(fixture(name), path.split('.'), value);
}

function replaced(within: Json | undefined, path: readonly string[], value: Json | undefined): Json {
  const [key, ...rest] = path;
  if (key === undefined || !isObject(within)) throw new Error(`nothing at ${path.join('.')}`);
  const { [key]: old, ...others } = within;
  if (rest.length > 0) return { ...within, [key]: replaced(old, rest, value) };
  return value === undefined ? others : { ...others, [key]: value };
}

function refusal(body: unknown): string {
  try {
    parseEvent(body);
  } catch (error) {
    if (error instanceof InvalidInput) return error.message;
    throw error;
  }
  throw new Error('it was not refused');
}

const at2021 = { atMs: 1636666194000, account: '123456789012', region: 'us-east-1' };
const at2026 = { atMs: 1795248000000, account: '123456789012' };
const hook = {
  instanceId: 'i-1234567890abcdef0',
  token: '87654321-4321-4321-4321-210987654321',
  group: 'my-asg',
  hook: 'my-lifecycle-hook',
  ...at2026,
  region: 'us-west-2',
} as const;

const EXPECTED: Readonly<Record<string, Observation>> = {
  'instance-pending': { kind: 'instance-state', instanceId: 'i-abcd1111', state: 'pending', ...at2021 },
  'instance-running': { kind: 'instance-state', instanceId: 'i-abcd1111', state: 'running', ...at2021 },
  'instance-stopping': { kind: 'instance-state', instanceId: 'i-abcd1111', state: 'stopping', ...at2021 },
  'instance-stopped': { kind: 'instance-state', instanceId: 'i-abcd1111', state: 'stopped', ...at2021 },
  'instance-shutting-down': { kind: 'instance-state', instanceId: 'i-abcd1111', state: 'shutting-down', ...at2021 },
  'instance-terminated': { kind: 'instance-state', instanceId: 'i-abcd1111', state: 'terminated', ...at2021 },
  'spot-stop': {
    kind: 'spot-warning',
    instanceId: 'i-1234567890abcdef0',
    action: 'stop',
    ...at2026,
    region: 'us-east-2',
  },
  'spot-terminate': {
    kind: 'spot-warning',
    instanceId: 'i-1234567890abcdef0',
    action: 'terminate',
    ...at2026,
    region: 'us-east-2',
  },
  'spot-hibernate': {
    kind: 'spot-warning',
    instanceId: 'i-1234567890abcdef0',
    action: 'hibernate',
    ...at2026,
    region: 'us-east-2',
  },
  rebalance: { kind: 'rebalance', instanceId: 'i-1234567890abcdef0', ...at2026, region: 'us-east-2' },
  'lifecycle-launch': {
    kind: 'lifecycle',
    transition: 'launching',
    origin: 'EC2',
    destination: 'AutoScalingGroup',
    ...hook,
  },
  'lifecycle-terminate': {
    kind: 'lifecycle',
    transition: 'terminating',
    origin: 'AutoScalingGroup',
    destination: 'EC2',
    ...hook,
  },
  'lifecycle-terminate-to-warm-pool': {
    kind: 'lifecycle',
    transition: 'terminating',
    origin: 'AutoScalingGroup',
    destination: 'WarmPool',
    ...hook,
  },
  'tags-of-instance': {
    kind: 'tags-changed',
    instanceId: 'i-0000000aaaaaaaaaa',
    tags: {
      'a-new-key': 'tag-value-on-new-key',
      'an-updated-key': 'tag-value-was-just-changed',
      'an-unchanged-key': 'tag-value-still-the-same',
    },
    changedKeys: ['a-new-key', 'an-updated-key', 'a-deleted-key'],
    version: 3,
    atMs: 1537303298000,
    account: '123456789012',
    region: 'us-east-1',
  },
  'tags-of-address': {
    kind: 'address-tags-changed',
    allocationId: 'eipalloc-0a1b2c3d4e5f60718',
    tags: { 'rolecall:pool': 'mail' },
    changedKeys: ['rolecall:pool'],
    version: 1,
    atMs: 1537303298000,
    account: '123456789012',
    region: 'us-east-1',
  },
  'tags-of-volume': { kind: 'ignored', what: 'Tag Change on Resource: ec2 volume' },
  'health-retirement': {
    kind: 'health',
    instanceIds: ['i-1234567890abcdef0'],
    eventTypeCode: 'AWS_EC2_INSTANCE_RETIREMENT_SCHEDULED',
    startsAtMs: 1787836743000,
    statusCode: 'open',
    communicationId: '1234abc01232a4012345678-1',
    page: 1,
    totalPages: 1,
    backup: false,
    atMs: 1769478201000,
    account: '123456789012',
    region: 'us-east-1',
  },
  'health-backup-page': {
    kind: 'health',
    instanceIds: ['i-abcd1111', 'i-abcd2222'],
    eventTypeCode: 'AWS_EC2_INSTANCE_STORE_DRIVE_PERFORMANCE_DEGRADED',
    startsAtMs: 1654232470000,
    statusCode: 'open',
    communicationId: '01b0993207d81a09dcd552ebd1e633e36cf1f09a-1',
    page: 2,
    totalPages: 3,
    backup: true,
    atMs: 1654237677000,
    account: '123456789012',
    region: 'us-east-1',
  },
  alarm: {
    kind: 'alarm',
    alarmName: 'ServerCpuTooHigh',
    instanceIds: ['i-12345678901234567'],
    state: 'ALARM',
    atMs: 1570035880000,
    account: '123456789012',
    region: 'us-east-1',
  },
  'alarm-metric-math': {
    kind: 'alarm',
    alarmName: 'TotalNetworkTrafficTooHigh',
    instanceIds: ['i-12345678901234567'],
    state: 'OK',
    atMs: 1575306280000,
    account: '123456789012',
    region: 'us-east-1',
  },
  'alarm-composite': {
    kind: 'alarm',
    alarmName: 'ServiceAggregatedAlarm',
    instanceIds: [],
    state: 'ALARM',
    atMs: 1656500343000,
    account: '123456789012',
    region: 'us-east-1',
  },
  'cloudtrail-call': { kind: 'ignored', what: 'AWS API Call via CloudTrail from aws.ec2' },
  wake: { kind: 'wake', group: 'Z0AAA', attempt: 0 },
  'wake-addresses': { kind: 'wake', group: 'addresses', attempt: 3 },
  'read-again': { kind: 'read-again', instanceIds: ['i-0123456789abcdef0', 'i-abcd1111'], attempt: 1 },
};

describe('the events that are accepted', () => {
  test.each(Object.entries(EXPECTED))('reads %s', (name, expected) => {
    expect(parseEvent(fixture(name))).toEqual(expected);
  });

  test('has an expectation for every sample', () => {
    const names = readdirSync(FIXTURES).map((file) => file.replace(/\.json$/, ''));
    expect(names.sort()).toEqual(Object.keys(EXPECTED).sort());
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

describe('whatever arrives', () => {
  const names = Object.keys(EXPECTED);
  const mutant = fc
    .tuple(fc.constantFrom(...names), fc.nat(), fc.option(fc.jsonValue(), { nil: undefined }))
    .map(([name, place, value]) => {
      const body = fixture(name);
      const paths = pathsOf(body);
      return replaced(body, paths[place % paths.length] ?? ['kind'], value === undefined ? undefined : asJson(value));
    });

  test('throws nothing but InvalidInput, and tells no state that the event does not', () => {
    let parsed = 0;
    let refused = 0;
    fc.assert(
      fc.property(fc.oneof(mutant, fc.jsonValue().map(asJson)), (body) => {
        const observation = parsedOrRefused(body);
        if (observation === undefined) {
          refused += 1;
          return;
        }
        parsed += 1;
        if (observation.kind !== 'instance-state') return;
        expect(body).toMatchObject({
          'detail-type': 'EC2 Instance State-change Notification',
          source: 'aws.ec2',
          detail: { 'instance-id': observation.instanceId, state: observation.state },
        });
      }),
      { numRuns: 2_000 },
    );
    expect(parsed).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(100);
  });

  test('takes fields that it does not know as if they were not there', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.stringMatching(/^x-[a-z]{1,9}$/),
        fc.jsonValue(),
        (name, key, value) => {
          expect(parseEvent({ ...fixture(name), [key]: value })).toEqual(EXPECTED[name]);
        },
      ),
      { numRuns: 100 },
    );
    expect(names.length).toBeGreaterThan(20);
  });
});

function asJson(value: unknown): Json {
  const read: Json = JSON.parse(JSON.stringify(value));
  return read;
}

/** What an error shows is the value itself, not the list or object that it is in. */
function innermost(value: Json): Json {
  const [inner] = typeof value === 'object' && value !== null ? Object.values(value) : [];
  return inner ?? value;
}

function pathsOf(body: JsonObject): string[][] {
  return Object.entries(body).flatMap(([key, value]) => [
    [key],
    ...(isObject(value) ? pathsOf(value).map((path) => [key, ...path]) : []),
  ]);
}

function parsedOrRefused(body: unknown): Observation | undefined {
  try {
    return parseEvent(body);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return undefined;
  }
}
