import type { Observation } from '../events/parse.ts';
import { DRAIN_TAG } from '../model/drain.ts';
import { type Fact, foldDrain, foldDrainEnd, foldDrainsDue, foldDrainTag } from '../model/fact.ts';
import type { FactFold } from './save-facts.ts';

/**
 * AWS takes the hardware away: "AWS Health event types" for EC2 instances that end or stop. A reboot or maintenance of
 * the network takes no address.
 */
const RETIREMENTS = /^AWS_EC2_(?:PERSISTENT_)?INSTANCE_(?:RETIREMENT|STOP)_SCHEDULED$/;

/** What an observation asks of instances. None of these needs a read: the registry knows the names of who leaves. */
export function drainFolds(observation: Observation): readonly FactFold[] {
  switch (observation.kind) {
    case 'spot-warning':
      return one(observation, (fact) => foldDrain(fact, { by: 'spot', atMs: observation.atMs }));
    case 'rebalance':
      return one(observation, (fact) => foldDrain(fact, { by: 'rebalance', atMs: observation.atMs }));
    case 'lifecycle': {
      const { transition, destination, atMs, token, hook, group } = observation;
      // To a warm pool is no termination: the instance is stopped or kept, and its state tells the rest.
      if (transition !== 'terminating' || destination === 'WarmPool') return [];
      return one(observation, (fact) => foldDrain(fact, { by: 'hook', atMs, token, hook, group }));
    }
    case 'tags-changed':
      if (!observation.changedKeys.includes(DRAIN_TAG)) return [];
      return one(observation, (fact, nowMs) => foldDrainTag(fact, observation.tags, observation.atMs, nowMs));
    case 'health':
      return retirements(observation);
    case 'instance-state':
    case 'address-tags-changed':
    case 'alarm':
    case 'wake':
    case 'read-again':
    case 'ignored':
      return [];
  }
}

function retirements(notice: Extract<Observation, { kind: 'health' }>): readonly FactFold[] {
  const { atMs, startsAtMs, eventTypeCode, statusCode, instanceIds } = notice;
  if (!RETIREMENTS.test(eventTypeCode)) return [];
  const fold = (fact: Fact, nowMs: number): Fact => {
    if (statusCode === 'closed') return foldDrainEnd(fact, 'retirement', atMs);
    // Without a date there is nothing to leave in time for: the instance's own state will tell.
    if (startsAtMs === undefined) return fact;
    return foldDrainsDue(foldDrain(fact, { by: 'retirement', atMs, startsAtMs, announced: true }), nowMs);
  };
  return instanceIds.flatMap((instanceId) => one({ ...notice, instanceId }, fold));
}

function one(
  { instanceId, account, region }: Pick<FactFold, 'instanceId' | 'account' | 'region'>,
  fold: FactFold['fold'],
): readonly FactFold[] {
  return [{ instanceId, account, region, fold }];
}
