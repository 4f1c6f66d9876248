import {
  AttachInstancesCommand,
  CreateAutoScalingGroupCommand,
  PutLifecycleHookCommand,
} from '@aws-sdk/client-auto-scaling';
import { describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';
import { type Crash, crashing, WAYS } from './dying-calls.ts';

const INT = 'Z0INT';
const IN_SYNC_MS = 4_000;
const TTL_MS = 5_000;

const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { int: { name: 'corp.internal', id: INT, private: true } },
  roles: { web: { names: [{ zone: 'int', ttl: '5s' }] } },
};

interface Outcome {
  readonly zone: readonly string[];
  readonly drained: number;
  /** Completions that took effect: the instance goes once. */
  readonly completions: number;
  /** Between the last change that took the instance out and the first completion. */
  readonly isTooEarly: boolean;
  readonly state: string | undefined;
  readonly calls: number;
}

/** One of two instances comes to a hook; a Lambda dies somewhere between that and the end of the drain. */
async function play(crash?: Crash): Promise<Outcome> {
  const count = { calls: 0, isArmed: false };
  const world = await World.open(CONFIGURATION, {
    hooks: crashing(crash, count),
    route53: { inSyncMs: IN_SYNC_MS },
  });
  const { autoScaling } = world.user;
  try {
    await autoScaling.send(new CreateAutoScalingGroupCommand({ AutoScalingGroupName: 'web', MinSize: 0, MaxSize: 9 }));
    await autoScaling.send(
      new PutLifecycleHookCommand({
        AutoScalingGroupName: 'web',
        LifecycleHookName: 'drain',
        LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
        HeartbeatTimeout: 300,
      }),
    );
    const InstanceIds = await world.launch('web', { count: 2 });
    await autoScaling.send(new AttachInstancesCommand({ AutoScalingGroupName: 'web', InstanceIds }));
    // Past the sweep, so that the next one comes when the drain should be over.
    await world.advance(61);
    const [one = ''] = InstanceIds;
    const batches = world.account.route53.batches.length;
    count.isArmed = true;
    world.account.scalingGroups.remove(one);
    await world.advance(30);
    const { calls } = count;
    await world.advance(270);
    const completed = world.account.calls.filter(({ operation }) => operation === 'CompleteLifecycleAction');
    const withdrawnAtMs = world.account.route53.batches[batches]?.atMs ?? Number.POSITIVE_INFINITY;
    return {
      zone: await world.zone(INT),
      drained: world.journal.filter(({ kind }) => kind === 'drained').length,
      completions: world.account.ec2.fleet.find(one)?.state === 'running' ? 0 : 1,
      isTooEarly: (completed[0]?.atMs ?? 0) < withdrawnAtMs + IN_SYNC_MS + TTL_MS,
      state: world.account.ec2.fleet.find(one)?.state,
      calls,
    };
  } finally {
    await world.close();
  }
}

describe('a Lambda that dies at any call of a drain', async () => {
  const { calls, ...undisturbed } = await play();

  it('is tried at every call of a drain that ends as it should', () => {
    expect(undisturbed).toMatchObject({
      zone: ['web.corp.internal A 5 10.0.0.12'],
      drained: 1,
      completions: 1,
      isTooEarly: false,
    });
    expect(calls).toBeGreaterThan(20);
  });

  for (const way of WAYS) {
    it(`lets the instance go once, and never too early: ${way} the effect`, { timeout: 120_000 }, async () => {
      const others: string[] = [];
      for (let call = 1; call <= calls; call += 1) {
        const { zone, drained, completions, isTooEarly } = await play({ call, way });
        const isSame = JSON.stringify(zone) === JSON.stringify(undisturbed.zone) && completions === 1 && !isTooEarly;
        // Where the Lambda died between the entry's item and its line, only the item has it.
        if (!isSame || drained > 1)
          others.push(`${call}: ${JSON.stringify({ zone, drained, completions, isTooEarly })}`);
      }
      expect(others).toEqual([]);
    });
  }
});
