import type { World } from '../../local/simulation/world.ts';

const ACCOUNT = '123456789012';
const REGION = 'us-east-1';

function put(world: World, source: string, detailType: string, detail: object, atMs: number): void {
  world.account.events.put({
    version: '0',
    id: world.account.newId(),
    'detail-type': detailType,
    source,
    account: ACCOUNT,
    time: `${new Date(atMs).toISOString().slice(0, 19)}Z`,
    region: REGION,
    resources: [],
    detail,
  });
}

export function spotWarning(world: World, instanceId: string, atMs = world.timeline.now()): void {
  const detail = { 'instance-id': instanceId, 'instance-action': 'terminate' };
  put(world, 'aws.ec2', 'EC2 Spot Instance Interruption Warning', detail, atMs);
}

export function rebalance(world: World, instanceId: string, atMs = world.timeline.now()): void {
  put(world, 'aws.ec2', 'EC2 Instance Rebalance Recommendation', { 'instance-id': instanceId }, atMs);
}

export interface Retirement {
  readonly startsAtMs: number;
  readonly status?: 'open' | 'closed' | 'upcoming';
  readonly atMs?: number;
  readonly code?: string;
  readonly page?: string;
  readonly backup?: boolean;
}

/** `entities` are bare ids or ARNs, as AWS Health sends either. */
export function retirement(world: World, entities: readonly string[], notice: Retirement): void {
  const { startsAtMs, status = 'open', atMs = world.timeline.now(), page = '1', backup = false } = notice;
  const detail = {
    service: 'EC2',
    eventTypeCode: notice.code ?? 'AWS_EC2_INSTANCE_RETIREMENT_SCHEDULED',
    statusCode: status,
    communicationId: '1234abc01232a4012345678-1',
    startTime: new Date(startsAtMs).toUTCString(),
    eventRegion: REGION,
    affectedEntities: entities.map((entityValue) => ({ entityValue })),
    affectedAccount: ACCOUNT,
    page,
    totalPages: '2',
    backupEvent: String(backup),
  };
  put(world, 'aws.health', 'AWS Health Event', detail, atMs);
}

export function arnOf(instanceId: string): string {
  return `arn:aws:ec2:${REGION}:${ACCOUNT}:instance/${instanceId}`;
}
