import type { Chance } from './chance.ts';
import { GROUP_OF_ORDEALS, hire, isOfPass, KNOWN_S, letGo } from './ordeal.ts';
import type { World } from './world.ts';

/** Longer than a look at a launch that has all its names. */
const SLOW_TO_SYNC_MS = 20_000;
const IN_SYNC_S = 45;

/** Route 53 has accepted the names of one that waits at a launch hook long before all name servers know them. */
export async function goOnOnceKnown(world: World): Promise<void> {
  const { route53, scalingGroups } = world.account;
  const before = route53.inSyncMs;
  route53.inSyncMs = SLOW_TO_SYNC_MS;
  const [id] = await hire(world, 'web', 1);
  if (id !== undefined) scalingGroups.launched(GROUP_OF_ORDEALS, id);
  await world.advance(IN_SYNC_S);
  route53.inSyncMs = before;
}

const SHUT_S = 20;

/** One that is let go, while Route 53 takes no changes, has names in two zones, of which one is remembered for five times as long. */
export async function forgetInTwoZones(world: World, chance: Chance): Promise<void> {
  const ids = await hire(world, 'web', 2);
  await world.advance(KNOWN_S);
  const id = chance.pick(ids);
  if (id === undefined) return;
  const open = world.account.faults.add({
    service: 'route53',
    operation: 'ChangeResourceRecordSets',
    effect: 'throttle',
  });
  world.trouble.disturb(SHUT_S * 1_000 + 75_000);
  letGo(world, id);
  await world.advance(SHUT_S);
  open();
}

/** A pass dies of the batch that takes one out who is let go: what it took away, only the batch's intent tells. */
export async function dieOfRemoval(world: World, chance: Chance): Promise<void> {
  const ids = await hire(world, 'web', 2);
  await world.advance(KNOWN_S);
  const id = chance.pick(ids);
  if (id === undefined) return;
  const zone = world.zones[chance.pick(['pub', 'int'] as const)].id;
  let isDead = false;
  world.trouble.isFatal = (call) => {
    const { operation, parameters } = call;
    if (isDead || operation !== 'ChangeResourceRecordSets' || !isOfPass(call)) return false;
    isDead = String(parameters['path']).includes(zone);
    return isDead;
  };
  world.trouble.disturb(75_000);
  letGo(world, id);
  await world.advance(KNOWN_S);
  world.trouble.isFatal = () => false;
}
