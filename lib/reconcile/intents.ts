import { afterOf, beforeOf, type Change } from '../model/change.ts';
import type { GroupHead, Intent } from '../model/ledger.ts';
import { serialRecordName, type Zone } from '../model/zone.ts';
import { readSerial, record } from './apply.ts';
import { type Findings, inspect, tookEffect } from './findings.ts';
import type { ZonePorts } from './ports.ts';
import { isExpected, parseSerial, type SerialSeen } from './serial.ts';

export type Settled =
  | { readonly kind: 'none' }
  /** Read on the way, where the serial alone could not tell. */
  | { readonly kind: 'not-applied'; readonly findings?: Findings }
  | { readonly kind: 'recorded' };

export function namesOf(changes: readonly Change[]): string[] {
  return changes.flatMap((change) => (afterOf(change) ?? beforeOf(change))?.name ?? []);
}

/** Another's batch may still be on its way to Route 53: only a serial that has moved on keeps it out. */
export function isContested({ serial }: GroupHead, intents: readonly Intent[]): boolean {
  return intents.some((intent) => intent.fromSerial === serial);
}

/**
 * A batch whose outcome nobody recorded, of a pass that died or lost its answer: the zone's serial says which of them,
 * if any, took effect; at most one can have, as all began from the same serial. Where the serial was changed by hand,
 * the sets themselves tell.
 */
export async function settleIntents(
  head: GroupHead,
  zone: Zone,
  intents: readonly Intent[],
  seen: SerialSeen,
  ports: ZonePorts,
): Promise<Settled> {
  const open = intents.filter((intent) => intent.fromSerial === head.serial);
  if (open.length === 0) return { kind: 'none' };
  const named = open.find((intent) => intent.batch === parseSerial(seen)?.batch);
  if (named !== undefined) return await recordIntent(named, head, zone, ports);
  // Of a zone's first batch a serial that is missing tells nothing: hands may have deleted it.
  if (head.serial !== undefined && isExpected(head, seen)) return { kind: 'not-applied' };
  const moved = await movedSerial(open, zone, ports);
  if (moved !== undefined) return await recordIntent(moved, head, zone, ports);
  const names = open.flatMap((intent) => namesOf(intent.changes));
  const findings = await inspect(ports.dns, zone.id, names, serialRecordName(head.serialOwner, zone.name));
  const evident = open.find((intent) => tookEffect(intent, findings));
  return evident === undefined ? { kind: 'not-applied', findings } : await recordIntent(evident, head, zone, ports);
}

/** The one that has left the serial under another owner. */
async function movedSerial(open: readonly Intent[], zone: Zone, ports: ZonePorts): Promise<Intent | undefined> {
  for (const intent of open) {
    if (intent.movesTo === undefined) continue;
    const seen = await readSerial({ serialOwner: intent.movesTo }, zone, ports);
    if (parseSerial(seen)?.batch === intent.batch) return intent;
  }
  return undefined;
}

async function recordIntent(intent: Intent, head: GroupHead, zone: Zone, ports: ZonePorts): Promise<Settled> {
  const settlement = { clearMarks: [], putNotes: [], clearNotes: [], journal: [] };
  await record(intent, { head, zone, settlement }, ports);
  return { kind: 'recorded' };
}
