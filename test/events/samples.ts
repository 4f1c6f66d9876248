import { readdirSync, readFileSync } from 'node:fs';
import type { Observation } from '../../lib/events/parse.ts';

const FIXTURES = new URL('../fixtures/events/', import.meta.url);

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function fixture(name: string): JsonObject {
  const read: Json = JSON.parse(readFileSync(new URL(`${name}.json`, FIXTURES), 'utf8'));
  if (!isObject(read)) throw new Error(`${name}.json is not an object`);
  return read;
}

/** The fixture with the value at a path such as `detail.state` replaced, or left out when it is undefined. */
export function changed(name: string, path: string, value: Json | undefined): Json {
  return replaced(fixture(name), path.split('.'), value);
}

export function replaced(within: Json | undefined, path: readonly string[], value: Json | undefined): Json {
  const [key, ...rest] = path;
  if (key === undefined || !isObject(within)) throw new Error(`nothing at ${path.join('.')}`);
  const { [key]: old, ...others } = within;
  if (rest.length > 0) return { ...within, [key]: replaced(old, rest, value) };
  return value === undefined ? others : { ...others, [key]: value };
}

/** The names of all samples. */
export function fixtureNames(): string[] {
  return readdirSync(FIXTURES).map((file) => file.replace(/\.json$/, ''));
}

const at2021 = { atMs: 1636666194000, account: '123456789012', region: 'us-east-1' };
const at2026 = { atMs: 1795248000000, account: '123456789012' };
export const hook = {
  instanceId: 'i-1234567890abcdef0',
  token: '87654321-4321-4321-4321-210987654321',
  group: 'my-asg',
  hook: 'my-lifecycle-hook',
  ...at2026,
  region: 'us-west-2',
} as const;

/** What each sample is read as. */
export const EXPECTED: Readonly<Record<string, Observation>> = {
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
