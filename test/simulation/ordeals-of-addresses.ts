import type { ElasticIp } from '../../local/ec2/elastic-ips.ts';
import type { Chance } from './chance.ts';
import { allocate, give } from './hands-on-addresses.ts';
import { hire, KNOWN_S, LEFT_ALONE_S, running, tag } from './ordeal.ts';
import type { World } from './world.ts';

const ROLE = 'gate';
const FEWEST = 2;

/** Hands give the address of a member to one who is none, and then make that a member; another address is nobody's. */
export async function givenToOneWhoComes(world: World, chance: Chance): Promise<void> {
  const members = await hire(world, ROLE, pool(world).length - 1);
  const [stranger] = await hire(world, 'web', 1);
  await world.advance(LEFT_ALONE_S);
  if (stranger === undefined || !giveAway(world, chance, members, stranger)) return;
  await world.advance(chance.pick([0.1, 3, KNOWN_S] as const));
  tag(world, stranger, { 'rolecall:role': ROLE });
}

/** Hands give the address of a member to one who waits for one, and is then asked to leave. */
export async function givenToOneWhoGoes(world: World, chance: Chance): Promise<void> {
  const members = await hire(world, ROLE, pool(world).length + 1);
  await world.advance(LEFT_ALONE_S);
  const waiting = members.find((id) => world.account.ec2.elasticIps.ofInstance(id) === undefined);
  if (waiting === undefined || !giveAway(world, chance, members, waiting)) return;
  await world.advance(LEFT_ALONE_S);
  tag(world, waiting, { 'rolecall:drain': 'yes' });
  await world.advance(KNOWN_S);
}

/** Of a stopped instance's start no event tells; hands give it an address that nobody has, and then a member comes. */
export async function givenUnseen(world: World): Promise<void> {
  const { fleet, lifecycle } = world.account.ec2;
  await hire(world, ROLE, pool(world).length - 1);
  const [stranger = ''] = await hire(world, 'web', 1);
  await world.advance(LEFT_ALONE_S);
  world.chronicle.touch(stranger);
  fleet.stop([stranger]);
  await world.advance(KNOWN_S);
  world.trouble.isDeaf = true;
  world.chronicle.touch(stranger);
  fleet.start([stranger]);
  await world.advance(lifecycle.pendingMs / 1000 + 0.5);
  world.trouble.isDeaf = false;
  const address = pool(world).find(({ association }) => association === undefined);
  const [target] = running(world, [stranger]);
  if (address === undefined || target === undefined) return;
  give(world, address, target);
  // Whoever asks EC2 sees that it runs.
  world.chronicle.given.set(address.allocationId, { instanceId: stranger, atMs: world.timeline.now() });
  await hire(world, ROLE, 1);
  await world.advance(KNOWN_S);
}

function giveAway(world: World, chance: Chance, members: readonly string[], to: string): boolean {
  const held = pool(world).filter(({ association }) => members.includes(association?.instanceId ?? ''));
  const address = chance.pick(held);
  const [target] = running(world, [to]);
  if (address === undefined || target === undefined) return false;
  give(world, address, target);
  return true;
}

/** The addresses of the role, some more where they are too few. */
function pool(world: World): readonly ElasticIp[] {
  const { addresses } = world.account.ec2.elasticIps;
  const found = () => addresses.current().filter(({ tags }) => tags['rolecall:pool'] === ROLE);
  while (found().length < FEWEST) allocate(world, ROLE);
  return found();
}
