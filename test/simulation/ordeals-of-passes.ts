import type { ClientCall } from '../../local/in-process.ts';
import { hire, isOfPass, KNOWN_S } from './ordeal.ts';
import { end } from './people.ts';
import type { World } from './world.ts';

/** Longer than the message to a pass is hidden from others: another pass takes the work up meanwhile. */
const FROZEN_MS = 100_000;

/** A pass that is about to add a member freezes; that one ends, about which another pass finds nothing to do. */
export async function addedLate(world: World): Promise<void> {
  await hire(world, 'web', 1);
  await world.advance(KNOWN_S);
  const zone = `group#${world.zones.pub.id}`;
  let isHeld = false;
  world.trouble.holdUp = (call) => {
    if (isHeld || call.operation !== 'TransactWriteItems' || !isOfPass(call)) return 0;
    const parameters = JSON.stringify(call.parameters);
    isHeld = parameters.includes(zone) && parameters.includes('2#intent#');
    return isHeld ? FROZEN_MS : 0;
  };
  world.trouble.disturb(FROZEN_MS + 75_000);
  const [late = ''] = await hire(world, 'web', 1);
  await world.advance(2);
  end(world, [late]);
  await world.advance(FROZEN_MS / 1_000);
  world.trouble.holdUp = () => 0;
}

/** Long enough to be told of an end, and shorter than a name may stay after that. */
const SENT_MS = 1_200;

/** A member ends while the batch that adds it is on its way: what tells of that end is not done with it. */
export async function endedWhileAdded(world: World): Promise<void> {
  await hire(world, 'web', 1);
  await world.advance(KNOWN_S);
  const held: ClientCall[] = [];
  world.trouble.holdUp = (call) => {
    if (held.length > 0 || call.operation !== 'ChangeResourceRecordSets' || !isOfPass(call)) return 0;
    if (!JSON.stringify(call.parameters).includes(world.zones.pub.id)) return 0;
    held.push(call);
    return SENT_MS;
  };
  const [added = ''] = await hire(world, 'web', 1);
  for (let tenths = 0; tenths < 50 && held.length === 0; tenths += 1) await world.advance(0.1);
  end(world, [added]);
  await world.advance(KNOWN_S);
  world.trouble.holdUp = () => 0;
}
