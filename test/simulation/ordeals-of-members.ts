import { keyOf } from '../../local/route53/resource-record-set.ts';
import type { Chance } from './chance.ts';
import { hire, isOfPass, KNOWN_S, LEFT_ALONE_S, tag } from './ordeal.ts';
import { end, misread } from './people.ts';
import { plain } from './rendering.ts';
import type { World } from './world.ts';

/** Of one that serves, nothing changes but its weight. */
export async function reweigh(world: World, chance: Chance): Promise<void> {
  const ids = await hire(world, 'api', 2);
  await world.advance(KNOWN_S);
  const id = chance.pick(ids);
  if (id !== undefined) tag(world, id, { 'rolecall:weight': String(chance.between(20, 200)) });
}

/** A holder falls sick, and who might take its place with it; later on somebody looks at the role again. */
export async function sickTogether(world: World): Promise<void> {
  const [first = '', second = '', waiting = ''] = await hire(world, 'pair', 3);
  await world.advance(KNOWN_S);
  for (const id of [second, waiting]) {
    world.chronicle.touch(id);
    world.account.ec2.fleet.setImpaired(id, true);
  }
  await world.advance(LEFT_ALONE_S);
  tag(world, first, { 'rolecall:weight': '5' });
  await world.advance(KNOWN_S);
}

/** Longer than it takes to hear of an end, and to act on it. */
const SLOW_WRITE_MS = 4_000;

/** One ends while what was read of it for another reason is about to be stored. */
export async function endUnderWrite(world: World, chance: Chance): Promise<void> {
  const ids = await hire(world, 'web', 2);
  await world.advance(KNOWN_S);
  const id = chance.pick(ids);
  if (id === undefined) return;
  let isHeld = false;
  world.trouble.holdUp = ({ operation, caller }) => {
    if (isHeld || operation !== 'TransactWriteItems' || !caller.startsWith('Observe')) return 0;
    isHeld = true;
    return SLOW_WRITE_MS;
  };
  world.trouble.disturb(10_000);
  tag(world, id, { 'rolecall:weight': String(chance.between(20, 200)) });
  await world.advance(1 + chance.next());
  end(world, [id]);
  await world.advance(SLOW_WRITE_MS / 1_000);
  world.trouble.holdUp = () => 0;
}

/** Until others have come and gone, and nobody has touched who holds the slot for long. */
const LONG_WRITE_MS = 2 * LEFT_ALONE_S * 1_000;

/** A pass that is about to seat a member freezes; when it goes on, another has that seat, and the member another or none. */
export async function seatedLate(world: World): Promise<void> {
  await hire(world, 'pair', 1);
  await world.advance(KNOWN_S);
  let isHeld = false;
  world.trouble.holdUp = (call) => {
    if (isHeld || call.operation !== 'TransactWriteItems' || !isOfPass(call)) return 0;
    isHeld = JSON.stringify(call.parameters).includes('"slot#');
    return isHeld ? LONG_WRITE_MS : 0;
  };
  world.trouble.disturb(LONG_WRITE_MS + 75_000);
  const [second = ''] = await hire(world, 'pair', 1);
  await world.advance(60);
  world.note(`untagged ${second}`);
  world.chronicle.touch(second);
  world.account.ec2.deleteTags([second], [{ key: 'rolecall:role' }]);
  await hire(world, 'pair', 1);
  await world.advance(30);
  tag(world, second, { 'rolecall:role': 'pair' });
  await world.advance(LONG_WRITE_MS / 1_000);
  world.trouble.holdUp = () => 0;
}

const LAG_MS = 60_000;

/** Lists show one that has ended as it was a minute ago, while a sweep reads them. */
export async function staleLists(world: World, chance: Chance): Promise<void> {
  const ids = await hire(world, 'web', 2);
  await world.advance(KNOWN_S);
  const { ec2 } = world.account;
  misread(world, 3 * LAG_MS);
  ec2.readLagMs = LAG_MS;
  end(world, [chance.pick(ids) ?? '']);
  await world.advance((2 * LAG_MS) / 1_000);
  ec2.readLagMs = 0;
}

/** Hands delete the set of one that ends in the next moment, beside those of others. */
export async function deletedAndGone(world: World): Promise<void> {
  const ids = await hire(world, 'front', 3);
  await world.advance(LEFT_ALONE_S);
  const { id: zoneId } = world.zones.pub;
  const zone = world.account.route53.zones().find(({ id }) => id === zoneId);
  const sets = zone?.current.sorted().filter((set) => plain(set.name) === 'front.example.com') ?? [];
  const last = sets.findLast(({ setIdentifier = '' }) => ids.includes(setIdentifier));
  if (last?.setIdentifier === undefined) return;
  world.note(`deleted ${keyOf(last)}`);
  world.trouble.disturb(75_000);
  void world.edit(zoneId, [{ action: 'DELETE', set: last }]);
  // As long as Route 53 may take.
  await world.advance(2);
  end(world, [last.setIdentifier]);
}
