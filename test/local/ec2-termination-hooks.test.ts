import { describe, expect, it } from 'vitest';
import type { Arrival, LifecycleResult } from '../../local/autoscaling/model.ts';
import { createAutoScaling } from '../../local/autoscaling/service.ts';
import { VirtualTimeline } from '../../local/timeline.ts';

const INSTANCE = 'i-0123456789abcdef0';

function started(arrival: Partial<Arrival> = {}) {
  const timeline = new VirtualTimeline(Date.UTC(2026, 10, 21, 8));
  const events: Record<string, unknown>[] = [];
  const results: LifecycleResult[] = [];
  let ids = 0;
  const { service, model } = createAutoScaling({
    timeline,
    newId: () => `id-${++ids}`,
    account: '123456789012',
    region: 'us-east-1',
    emit: (event) => events.push(event),
    instances: { terminate: () => undefined, stop: () => undefined },
  });
  model.begin({
    transition: 'terminating',
    instanceId: INSTANCE,
    group: 'web',
    hook: 'drain',
    heartbeatSeconds: 60,
    defaultResult: 'ABANDON',
    origin: 'AutoScalingGroup',
    destination: 'EC2',
    onProceed: (result) => results.push(result),
    ...arrival,
  });
  const call = (operation: string, parameters: Record<string, string>) =>
    service.handle(operation, {
      method: 'POST',
      path: '/',
      headers: {},
      body: new URLSearchParams({ Action: operation, ...parameters }).toString(),
    });
  return { timeline, events, results, call };
}

const NAMED = { AutoScalingGroupName: 'web', LifecycleHookName: 'drain', InstanceId: INSTANCE };

// "Amazon EC2 Auto Scaling lifecycle hooks", "Amazon EC2 Auto Scaling event reference"
describe('an instance at a termination hook', () => {
  it('is told by an event with a token', () => {
    const { events } = started();
    expect(events).toMatchObject([
      {
        'detail-type': 'EC2 Instance-terminate Lifecycle Action',
        source: 'aws.autoscaling',
        detail: {
          LifecycleActionToken: expect.any(String),
          EC2InstanceId: INSTANCE,
          LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
          Destination: 'EC2',
        },
      },
    ]);
  });

  it('goes on when its action is completed, once', async () => {
    const { timeline, results, call } = started();
    const complete = { ...NAMED, LifecycleActionResult: 'CONTINUE' };
    expect((await call('CompleteLifecycleAction', complete)).status).toBe(200);
    expect(results).toEqual(['CONTINUE']);
    const again = await call('CompleteLifecycleAction', complete);
    expect(again.status).toBe(400);
    expect(again.body).toContain('No active Lifecycle Action found with instance ID i-0123456789abcdef0');
    await timeline.advance(60_000);
    expect(results).toEqual(['CONTINUE']);
  });

  it('goes on with the default result when its heartbeat runs out', async () => {
    const { timeline, results } = started();
    await timeline.advance(59_000);
    expect(results).toEqual([]);
    await timeline.advance(1_000);
    expect(results).toEqual(['ABANDON']);
  });

  it('waits anew after a heartbeat', async () => {
    const { timeline, results, call } = started();
    await timeline.advance(50_000);
    expect((await call('RecordLifecycleActionHeartbeat', NAMED)).status).toBe(200);
    await timeline.advance(50_000);
    expect(results).toEqual([]);
    await timeline.advance(10_000);
    expect(results).toEqual(['ABANDON']);
  });
});
