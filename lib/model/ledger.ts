import type { CallLevel } from './call-level.ts';
import type { OwnedCheck } from './health-check.ts';
import type { Change, Withheld } from './change.ts';
import type { ChangeReason } from './reason.ts';
import type { ObservedSet, RecordSet } from './record-set.ts';
import type { Zone } from './zone.ts';

/** A set that we own. */
export interface LedgerSet {
  readonly role: string;
  /** As the zone has it; without values where somebody took it away and it stays so. */
  readonly set: RecordSet;
  /** What we last wrote, where somebody else changed it since and `drift: 'report'` leaves it. */
  readonly ours?: RecordSet;
  readonly contributors: Readonly<Record<string, readonly string[]>>;
  /** The zone's serial after the batch that last wrote it. */
  readonly serial: number;
  /** Route 53's id of that change; absent where its answer was lost. */
  readonly changeId?: string;
}

/** The first item of a work group: what a pass reads before everything else. */
export interface GroupHead {
  readonly group: string;
  /** As it is configured. */
  readonly owner: string;
  /** Under which the serial stands in the zone; another than `owner` until a pass has moved it there. */
  readonly serialOwner: string;
  /** Absent for the group of addresses. */
  readonly zone?: Zone;
  /** Absent until the zone's serial was first written or read. */
  readonly serial?: number;
  /** The id of the batch that made `serial`. */
  readonly batch?: string;
  /** When Route 53 last accepted a batch for this zone: what pacing goes by. */
  readonly acceptedAtMs?: number;
  readonly ownedSets: number;
  /** Where the audit of a large zone goes on. */
  readonly auditCursor?: { readonly name: string; readonly type: string; readonly setIdentifier?: string };
  readonly retired: boolean;
  /**
   * Grows with each intent, with each pass that found nothing to do and cleared what had woken it, and with what is adopted
   * or released. Who read another one plans from an old view, which the serial alone does not tell: of these only a batch
   * moves it. 0: there was none yet.
   */
  readonly epoch: number;
  /** Why Route 53 lately refused the whole zone; absent when it does not. */
  readonly trouble?: ZoneTrouble;
  /** When it was first found so. */
  readonly troubleSinceMs?: number;
  /** Absent when Route 53 takes whatever a request may hold. */
  readonly pace?: Pace;
  /** Of the group of addresses: absent until it first made a call that changes something. */
  readonly calls?: CallLevel;
}

/** How carefully a zone is written to since Route 53 last would not have a request. */
export interface Pace {
  /** Record elements of one request. */
  readonly maxElements: number;
  /** In a row. */
  readonly refusals: number;
  /** No pass writes before, whoever woke it; 0: at once. */
  readonly restUntilMs: number;
}

export const ZONE_TROUBLES = ['zone-gone', 'access-denied', 'serial-unusable', 'owner-taken'] as const;
export type ZoneTrouble = (typeof ZONE_TROUBLES)[number];

/** The value of the serial's TXT set. */
export function serialValue(owner: string, serial: number, batch: string): string {
  return `"owner=${owner} serial=${serial} batch=${batch}"`;
}

/** A batch that is about to be sent, or whose outcome is not known yet. */
export interface Intent {
  readonly zoneId: string;
  readonly batch: string;
  readonly fromSerial: number | undefined;
  readonly toSerial: number;
  /** The owner under whom it leaves the serial, where that is not the one under whom it found it. */
  readonly movesTo?: string;
  readonly changes: readonly Change[];
  /** By how many the sets that we own grow with it. */
  readonly grown: number;
  readonly atMs: number;
  /** Instances that live on and that it takes out of a set, each with the longest TTL of those. */
  readonly withdrawn?: readonly { readonly instanceId: string; readonly ttlSeconds: number }[];
}

/** Why a group has work: one item each, so that a storm does not fight over one. */
export interface Mark {
  readonly group: string;
  readonly subject:
    | { readonly kind: 'instance'; readonly instanceId: string }
    | { readonly kind: 'role'; readonly role: string }
    | { readonly kind: 'set'; readonly key: string; readonly observed?: ObservedSet; readonly ledgerSerial: number }
    | { readonly kind: 'serial' };
  readonly roles: readonly string[];
  readonly reason: ChangeReason;
  /** When the cause reached us, in ms since the epoch; a newer cause keeps the older time. */
  readonly sinceMs: number;
  /** Fresh with every write: the mark is cleared only if this is what was read. */
  readonly stamp: string;
  /** Roles whose slots were written since, on account of it. */
  readonly seated?: readonly string[];
}

/** What we own in a zone, and what stands against its records. */
export interface Ledger {
  readonly sets: readonly LedgerSet[];
  readonly notes: readonly Note[];
  readonly checks: readonly OwnedCheck[];
}

/** A mark to be written: the registry adds roles to those already there, and keeps the older `sinceMs`. */
export type NewMark = Omit<Mark, 'stamp' | 'seated'>;

/** A standing refusal, kept so that it is said once and not again at every pass. */
export interface Note extends Withheld {
  readonly kind: 'conflict' | 'withheld';
  readonly sinceMs: number;
  /** Of `foreign-record`: the key of the set that was met. */
  readonly inTheWay?: string;
  /** Of `rejected`: the set that Route 53 would not have, as JSON, and when it last said so, in ms since the epoch. */
  readonly refused?: { readonly set: string; readonly atMs: number };
}
