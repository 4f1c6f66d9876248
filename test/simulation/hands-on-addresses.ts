import { createRegistry } from '../../lib/aws/registry.ts';
import type { ElasticIp } from '../../local/ec2/elastic-ips.ts';
import type { Instance } from '../../local/ec2/instance.ts';
import { type ClientCall, clientsFor } from '../../local/in-process.ts';
import type { Chance } from './chance.ts';
import { STEADY_MS } from './chronicle.ts';
import { POOLS } from './setting.ts';
import type { World } from './world.ts';

export function allocate(world: World, pool: string): void {
  const { address } = world.account.ec2.allocateAddress({ 'rolecall:pool': pool });
  world.note(`allocated ${address} for ${pool}`);
}

/** Where nothing has gone wrong so far, everything is known of an instance that nobody has touched for so long. */
const KNOWN_AFTER_MS = 20_000;

export function grabAddress(world: World, chance: Chance): void {
  const address = chance.pick(world.account.ec2.elasticIps.addresses.current());
  const target = chance.pick(running(world));
  if (address === undefined || target === undefined) return;
  give(world, address, target);
}

export function give(world: World, address: ElasticIp, target: Instance): void {
  const held = world.account.ec2.elasticIps.ofInstance(target.id);
  const isUndisturbed = world.trouble.disturbedUntilMs === 0;
  const isSteady = world.chronicle.isSteady(target, isUndisturbed ? KNOWN_AFTER_MS : STEADY_MS);
  // What EC2 does not show of it, nobody can know.
  if (isSteady && (isUndisturbed || !world.account.ec2.unlisted.has(target.id))) {
    world.chronicle.given.set(address.allocationId, { instanceId: target.id, atMs: world.timeline.now() });
  } else world.chronicle.given.delete(address.allocationId);
  world.chronicle.handed.set(address.allocationId, target.id);
  world.chronicle.touch(target.id, address.association?.instanceId ?? '', held?.association?.instanceId ?? '');
  world.note(`by hand: ${address.address} to ${target.id}`);
  world.account.ec2.elasticIps.associate({
    allocationId: address.allocationId,
    instanceId: target.id,
    allowReassociation: true,
  });
}

/** In the seeds where hands do little else. */
export function reach(world: World, chance: Chance): void {
  world.count('deed of hands on addresses');
  chance.pick([grabAddress, grabAddress, freeAddress, moveAddress] as const)?.(world, chance);
}

/** So long after that nobody touches anything: all is known before, and two sweeps look at what was done. */
const BEFORE_HANDING_OVER_S = STEADY_MS / 1000 + 20;
const AFTER_HANDING_OVER_S = 130;

/** Of a pool hands give an address to another that runs, who may have one already, or free it and are quick to give it away. */
export async function handOver(world: World, chance: Chance): Promise<void> {
  const [role, pool] = chance.pick(Object.entries(POOLS)) ?? [];
  if (role === undefined || pool === undefined) return;
  for (let count = 0; count < 2; count += 1) allocate(world, pool);
  for (const { id } of running(world).slice(0, 3)) {
    world.chronicle.touch(id);
    world.account.ec2.createTags([id], { 'rolecall:role': role });
  }
  await world.advance(BEFORE_HANDING_OVER_S);
  const held = world.account.ec2.elasticIps.addresses.current().filter(({ tags }) => tags['rolecall:pool'] === pool);
  const [one, other] = held.filter(({ association }) => association !== undefined);
  const holder = running(world).find(({ id }) => id === other?.association?.instanceId);
  const free = running(world).filter(({ id }) => held.every((each) => each.association?.instanceId !== id));
  const target = chance.pick([holder, chance.pick(free)] as const);
  if (one?.association !== undefined && chance.happens(0.4)) {
    world.grasp = 1;
    world.chronicle.touch(one.association.instanceId);
    world.account.ec2.elasticIps.disassociate(one.association.id);
  } else if (one !== undefined && target !== undefined) give(world, one, target);
  world.count('address handed over');
  await world.advance(AFTER_HANDING_OVER_S);
  if (target !== undefined && chance.happens(0.3)) await drainGifted(world, target);
  world.grasp = 0;
}

/** Who was given an address is asked to leave. */
async function drainGifted(world: World, { id }: Instance): Promise<void> {
  if (world.account.ec2.fleet.find(id)?.state !== 'running') return;
  world.count('gifted and drained');
  world.chronicle.touch(id);
  world.account.ec2.createTags([id], { 'rolecall:drain': 'yes' });
  await world.advance(AFTER_HANDING_OVER_S);
}

/** Just when Rolecall is about to associate an address that nobody has, hands give it to another instance. */
export function snatch(world: World, chance: Chance, { operation, parameters }: ClientCall): void {
  if (operation !== 'AssociateAddress' || !chance.happens(world.grasp)) return;
  const addresses = world.account.ec2.elasticIps.addresses.current();
  const address = addresses.find(({ allocationId }) => allocationId === parameters['AllocationId']);
  if (address === undefined || address.association !== undefined) return;
  const holders = new Set(addresses.map(({ association }) => association?.instanceId));
  const target = chance.pick(running(world).filter(({ id }) => !holders.has(id) && id !== parameters['InstanceId']));
  if (target === undefined) return;
  world.count('address snatched');
  give(world, address, target);
}

export function freeAddress(world: World, chance: Chance): void {
  const held = world.account.ec2.elasticIps.addresses.current().filter(({ association }) => association !== undefined);
  const { association } = chance.pick(held) ?? {};
  if (association === undefined) return;
  world.chronicle.touch(association.instanceId);
  world.note(`by hand: ${association.id} away from ${association.instanceId}`);
  world.account.ec2.elasticIps.disassociate(association.id);
}

export function poolAddress(world: World, chance: Chance): void {
  const address = chance.pick(world.account.ec2.elasticIps.addresses.current());
  if (chance.happens(0.5) || address === undefined) return allocate(world, chance.pick(['mail', 'gate'] as const));
  world.note(`by hand: ${address.address} leaves its pool`);
  world.chronicle.touch(address.association?.instanceId ?? '');
  world.account.ec2.deleteTags([address.allocationId], [{ key: 'rolecall:pool' }]);
}

/** As `rolecall move` asks for it: a request, which the next pass over the addresses does or refuses. */
export function moveAddress(world: World, chance: Chance): void {
  const role = chance.pick(Object.keys(POOLS).filter((each) => each in world.setting.roles));
  const target = chance.pick(running(world));
  const table = world.stack?.outputs['RegistryTable'];
  if (role === undefined || target === undefined || table === undefined) return;
  const held = world.account.ec2.elasticIps.addresses.current();
  world.chronicle.touch(target.id, ...held.map(({ association }) => association?.instanceId ?? ''));
  world.chronicle.movesAsked.add(`${role} ${target.id}`);
  const { dynamodb } = clientsFor(world.account, 'person');
  const registry = createRegistry(dynamodb, { table }, world.timeline, { id: () => world.newId() });
  const atMs = world.timeline.now();
  const body = { kind: 'move', role, to: target.id } as const;
  world.note(`asked to move an address of ${role} to ${target.id}`);
  registry
    .putRequest({ id: world.newId(), group: 'addresses', atMs, expiresAtMs: atMs + 100_000, body })
    .catch((error: unknown) => world.fail(error));
}

function running(world: World) {
  return world.account.ec2.fleet.instances.current().filter(({ state }) => state === 'running');
}
