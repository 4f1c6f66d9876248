import type { LaunchRequest } from '../../local/ec2/fleet.ts';
import type { Ec2Model } from '../../local/ec2/model.ts';
import { createEc2 } from '../../local/ec2/service.ts';
import type { Lifecycle } from '../../local/ec2/settings.ts';
import { VirtualTimeline } from '../../local/timeline.ts';

const START_MS = Date.UTC(2026, 10, 21, 8, 0, 0, 250);

interface SentEvent {
  readonly 'detail-type'?: unknown;
  readonly detail?: unknown;
}

export function started(lifecycle: Partial<Lifecycle> = {}) {
  const timeline = new VirtualTimeline(START_MS);
  const events: SentEvent[] = [];
  let ids = 0;
  const { model } = createEc2({
    timeline,
    newId: () => `id-${++ids}`,
    account: '123456789012',
    region: 'us-east-1',
    emit: (event) => events.push(event),
    lifecycle,
  });
  return { timeline, events, model };
}

const ONE: LaunchRequest = {
  count: 1,
  imageId: 'ami-1',
  type: 't3.micro',
  interfaces: 1,
  ipv6AddressCount: 0,
  spot: false,
  tags: {},
};

export function launchOne(model: Ec2Model, request: Partial<LaunchRequest> = {}): string {
  const [instance] = model.launch({ ...ONE, ...request });
  return instance?.id ?? '';
}

export function autoAddress(model: Ec2Model, id: string): string | undefined {
  return model.fleet.find(id)?.autoPublicAddress;
}

/** `pending`, `running`, … in the order in which they were told. */
export function toldStates(events: readonly SentEvent[]): unknown[] {
  return events
    .filter((event) => event['detail-type'] === 'EC2 Instance State-change Notification')
    .map(({ detail }) =>
      typeof detail === 'object' && detail !== null && 'state' in detail ? detail.state : undefined,
    );
}
