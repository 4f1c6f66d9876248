import type { ServiceFailure, ServiceFailureKind } from '../model/errors.ts';
import type { JournalEntry } from '../model/journal.ts';
import type { GroupHead, ZoneTrouble } from '../model/ledger.ts';
import type { Zone } from '../model/zone.ts';
import type { ZonePorts } from './ports.ts';

/** A read can be refused as a write can, and is then said as loudly. */
const TROUBLES: Partial<Record<ServiceFailureKind, ZoneTrouble>> = {
  'not-found': 'zone-gone',
  'access-denied': 'access-denied',
};

/** What a failure says of the whole zone, if anything. */
export function troubleOf({ kind }: ServiceFailure): ZoneTrouble | undefined {
  return TROUBLES[kind];
}

/** Once for each trouble. The journal comes first: a crash in between has it said twice, and not never. */
export async function sayTrouble(
  head: GroupHead,
  zone: Zone,
  reason: ZoneTrouble,
  detail: string,
  ports: Pick<ZonePorts, 'log' | 'clock'> & {
    readonly registry: Pick<ZonePorts['registry'], 'journal' | 'writeTrouble'>;
  },
): Promise<void> {
  if (head.trouble === reason) return;
  const entry: JournalEntry = { kind: 'withheld', role: '*', zone: zone.name, name: zone.name, reason, detail };
  await ports.registry.journal([entry]);
  ports.log.journal(entry);
  await ports.registry.writeTrouble(zone.id, reason, ports.clock.now());
}
