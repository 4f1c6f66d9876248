import type { GroupHead } from '../model/ledger.ts';
import { isOpaque } from '../model/record-set.ts';
import { serialRecordName, type Zone } from '../model/zone.ts';
import { type Applied, applyBatch } from './apply.ts';
import { inspect } from './findings.ts';
import type { ZonePorts } from './ports.ts';
import { type Fence, isExpected } from './serial.ts';

/** A zone that was never written to keeps the old owner until it is: only a serial that stands there keeps old batches out. */
export function isToMove({ owner, serialOwner, serial }: GroupHead): boolean {
  return serialOwner !== owner && serial !== undefined;
}

export type OwnerMove =
  | Exclude<Applied, { readonly kind: 'rejected' }>
  | { readonly kind: 'taken'; readonly message: string }
  | { readonly kind: 'again'; readonly message: string };

const NOTHING = { clearMarks: [], putNotes: [], clearNotes: [], journal: [] };

/**
 * Moves the serial from the owner under which it stands to the one that is configured: a batch of its own that deletes
 * the one record and creates the other, so that whoever still writes under the old owner is rejected, and a record
 * that another installation has under the new owner holds up nothing but this.
 */
export async function moveToOwner(head: GroupHead, zone: Zone, fence: Fence, ports: ZonePorts): Promise<OwnerMove> {
  if (head.trouble === 'owner-taken') {
    const taken = await takenBy(head, zone, ports);
    if (taken?.kind === 'taken') return taken;
  }
  const sending = { head, zone, fence, changes: [], ledger: [], settlement: NOTHING, movesTo: head.owner };
  const applied = await applyBatch(sending, ports);
  return applied.kind === 'rejected'
    ? ((await takenBy(head, zone, ports)) ?? { kind: 'again', message: applied.message })
    : applied;
}

/** Only while the old serial stands as we left it: otherwise another pass may have moved it, and what is there is ours. */
async function takenBy(
  head: GroupHead,
  zone: Zone,
  ports: ZonePorts,
): Promise<{ kind: 'taken'; message: string } | undefined> {
  const name = serialRecordName(head.owner, zone.name);
  const { serial, byName } = await inspect(ports.dns, zone.id, [name], serialRecordName(head.serialOwner, zone.name));
  const found = byName.get(name)?.find(({ type }) => type === 'TXT' || type === 'CNAME');
  if (found === undefined || !isExpected(head, serial)) return undefined;
  const says = isOpaque(found) ? found.type : `${found.type} ${found.values.join(', ')}`;
  const message = `${name} is there already (${says}): another installation has the owner ${head.owner} in this zone. The serial stays under ${head.serialOwner}, and nothing else is held up. Choose another owner, or delete that record if nobody uses it.`;
  return { kind: 'taken', message };
}
