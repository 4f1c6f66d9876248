import { primaryPrivateAddress } from '../../local/ec2/instance.ts';
import { keyOf, type ResourceRecordSet } from '../../local/route53/resource-record-set.ts';
import { launched } from './checked.ts';
import { plain } from './rendering.ts';
import { ZONES } from './setting.ts';
import { World } from './world.ts';

export interface NamedMember {
  readonly id: string;
  readonly set: ResourceRecordSet;
}

/** A world in which members of `node` have names of their own in the private zone. */
export async function nodes(): Promise<World> {
  const world = new World(1, undefined);
  world.setting = {
    owner: 'ours',
    zones: ZONES,
    roles: { node: { names: [{ zone: 'int', name: '{instanceId}.{role}' }] } },
  };
  for (const { id, name } of Object.values(ZONES)) world.account.route53.createZone({ id, name, callerReference: id });
  await world.advance(10);
  return world;
}

/** A change of ours. */
export async function write(world: World, action: 'CREATE' | 'DELETE', set: ResourceRecordSet): Promise<void> {
  await world.through(world.account.route53.change(ZONES.int.id, [{ action, set }], `ours ${world.newId()}`));
  world.chronicle.holdsOf(ZONES.int.id).set(keyOf(set), 'ours');
}

/** A member whose own name has its private address. */
export async function member(world: World): Promise<NamedMember> {
  const instance = await launched(world, 'node');
  const address = primaryPrivateAddress(instance) ?? '';
  const set = { name: `${instance.id}.node.${ZONES.int.name}.`, type: 'A', ttlSeconds: 60, values: [address] };
  await write(world, 'CREATE', set);
  world.chronicle.observeAddresses();
  world.chronicle.entered(ZONES.int.id, keyOf(set), address);
  return { id: instance.id, set };
}

/** It ended an hour ago, nobody was told, and its name is still there. */
export async function forget(world: World, { id }: NamedMember): Promise<void> {
  world.chronicle.goneAtMs.set(id, world.timeline.now());
  world.account.ec2.fleet.terminate([id]);
  await world.advance(4_000);
}

export async function forgotten(world: World): Promise<NamedMember> {
  const ended = await member(world);
  await forget(world, ended);
  return ended;
}

/** That a member stays in its name though it is absent, or no longer. */
export function say(world: World, { id, set }: NamedMember, more: { readonly cleared?: true } = {}): void {
  const kept = { kind: 'withheld', reason: 'cap', role: 'node', zone: ZONES.int.name, type: 'A' } as const;
  world.journal.push({ ...kept, name: plain(set.name), instance: id, ...more });
}

/** That a Lambda was told of the end of one. */
export function tell(world: World, { id }: NamedMember): void {
  world.chronicle.provenAtMs.set(id, world.timeline.now());
}
