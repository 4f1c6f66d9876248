import type { GroupHead, Intent } from '../model/ledger.ts';
import { serialValue } from '../model/ledger.ts';
import { isOpaque, type ObservedSet, type RecordSet, recordSet } from '../model/record-set.ts';
import { serialRecordName, type Zone } from '../model/zone.ts';

const SERIAL_TTL_SECONDS = 60;

/** What a batch carries besides its changes: the serial that it found, and the one that it leaves. */
export interface Fence {
  /** Absent: the zone has no serial yet. */
  readonly before?: RecordSet;
  readonly next: number;
}

/** The zone's TXT set as it was read, `undefined` inside when there is none. */
export interface SerialSeen {
  readonly set: ObservedSet | undefined;
}

export function serialSet(owner: string, zone: Zone, serial: number, batch: string): RecordSet {
  return recordSet(serialRecordName(owner, zone.name), 'TXT', SERIAL_TTL_SECONDS, [serialValue(owner, serial, batch)]);
}

export function parseSerial(seen: SerialSeen): { readonly serial: number; readonly batch: string } | undefined {
  if (seen.set === undefined || isOpaque(seen.set)) return undefined;
  const match = /^"owner=\S+ serial=(\d{1,15}) batch=(\S+)"$/.exec(seen.set.values[0] ?? '');
  return match?.[1] === undefined || match[2] === undefined ? undefined : { serial: Number(match[1]), batch: match[2] };
}

/**
 * The fence of the next batch. Without `seen` it rests on the ledger alone, which Route 53 then judges.
 * A serial that is missing begins above everything ever used: the ledger's, and the seconds of the clock. A batch of which
 * nobody knows whether it took effect may have used one, too, that hands have spoiled since.
 */
export function fenceOf(
  head: GroupHead,
  zone: Zone,
  seen: SerialSeen | undefined,
  intents: readonly Intent[],
  nowMs: number,
): Fence | 'unusable' {
  if (seen === undefined && head.serial !== undefined && head.batch !== undefined) {
    return { before: serialSet(head.serialOwner, zone, head.serial, head.batch), next: head.serial + 1 };
  }
  const inZone = seen === undefined ? 0 : (parseSerial(seen)?.serial ?? 0);
  const highest = Math.max(head.serial ?? 0, inZone, ...intents.map(({ toSerial }) => toSerial));
  if (seen?.set === undefined) return { next: Math.max(highest + 1, Math.floor(nowMs / 1000)) };
  if (isOpaque(seen.set)) return 'unusable';
  return { before: seen.set, next: highest + 1 };
}

/** Whether the zone's serial is the one that the ledger expects. */
export function isExpected(head: GroupHead, seen: SerialSeen): boolean {
  const found = parseSerial(seen);
  return found === undefined
    ? seen.set === undefined && head.serial === undefined
    : found.serial === head.serial && found.batch === head.batch;
}
