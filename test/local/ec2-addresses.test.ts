import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instance } from '../../local/ec2/instance.ts';
import type { Ec2Model } from '../../local/ec2/model.ts';
import type { VirtualTimeline } from '../../local/timeline.ts';
import { launchOne, started } from './ec2-model.ts';

describe('addresses in any life', () => {
  const steps = fc.array(
    fc.record({
      action: fc.constantFrom('launch', 'stop', 'start', 'terminate', 'associate', 'wait'),
      pick: fc.nat(20),
    }),
    { minLength: 20, maxLength: 60 },
  );

  it('are never with two instances at once, and freed by what is gone', async () => {
    let withAddresses = 0;
    await fc.assert(
      fc.asyncProperty(steps, async (chosen) => {
        const { timeline, model } = started({ pendingMs: 10, stoppingMs: 10, shuttingDownMs: 10 });
        const { allocationId } = model.allocateAddress({});
        for (const { action, pick } of chosen) await takeStep(model, timeline, action, pick, allocationId);
        const instances = model.fleet.instances.current();
        const held = instances.flatMap((instance) => [
          ...(instance.autoPublicAddress === undefined ? [] : [instance.autoPublicAddress]),
          ...instance.interfaces.flatMap(({ privateAddress }) => privateAddress ?? []),
        ]);
        withAddresses += held.length;
        expect(new Set(held).size).toBe(held.length);
        const isWrong = ({ id, state, autoPublicAddress }: Instance): boolean => {
          const isEntitled = state === 'running' && model.elasticIps.ofInstance(id) === undefined;
          return isEntitled !== (autoPublicAddress !== undefined);
        };
        expect(instances.filter(isWrong)).toEqual([]);
      }),
      { numRuns: 40 },
    );
    expect(withAddresses).toBeGreaterThan(0);
  });
});

async function takeStep(
  model: Ec2Model,
  timeline: VirtualTimeline,
  action: string,
  pick: number,
  allocationId: string,
): Promise<void> {
  if (action === 'wait') return timeline.advance(pick);
  if (action === 'launch') {
    launchOne(model);
    return;
  }
  const instances = model.fleet.instances.current();
  const instance = instances[pick % Math.max(1, instances.length)];
  if (instance === undefined) return;
  const { id, state } = instance;
  if (action === 'stop' && state === 'running') model.fleet.stop([id]);
  if (action === 'start' && state === 'stopped') model.fleet.start([id]);
  if (action === 'terminate') model.fleet.terminate([id]);
  if (action === 'associate' && (state === 'running' || state === 'stopped')) {
    model.elasticIps.associate({ allocationId, instanceId: id, allowReassociation: true });
  }
}
