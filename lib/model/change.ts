import type { ChangeReason, WithheldReason } from './reason.ts';
import type { LedgerSet } from './ledger.ts';
import type { RecordSet } from './record-set.ts';

/** A set that should exist, and whose values those are: instance id (or slot) to the values it contributes. */
export interface DesiredSet {
  readonly role: string;
  readonly set: RecordSet;
  readonly contributors: Readonly<Record<string, readonly string[]>>;
}

/** What should exist and does not, or what was asked for and is not done; never silent. */
export interface Withheld {
  readonly role: string;
  /** The record's name, or the role's where there is none. */
  readonly name: string;
  readonly type: string;
  readonly reason: WithheldReason;
  readonly instance?: string;
  readonly detail?: string;
}

interface ChangeBase {
  readonly role: string;
  readonly reason: ChangeReason;
  /** The members that caused it. */
  readonly instances: readonly string[];
  /** The values that members contribute after the change; goes to the ledger. */
  readonly contributors: Readonly<Record<string, readonly string[]>>;
  /** Takes an answer away on proof: first, unpaced, uncapped. */
  readonly urgent: boolean;
  /** When the oldest of its causes reached us, in ms since the epoch. */
  readonly sinceMs?: number;
}

export type Change =
  | (ChangeBase & { readonly action: 'create'; readonly after: RecordSet })
  | (ChangeBase & {
      readonly action: 'update';
      readonly before: RecordSet;
      readonly after: RecordSet;
      /** Somebody else changed it and it stays so: what we last wrote goes on to be known. */
      readonly ours?: RecordSet;
    })
  | (ChangeBase & { readonly action: 'delete'; readonly before: RecordSet });

export interface Plan {
  readonly changes: readonly Change[];
  readonly withheld: readonly Withheld[];
  /** What the ledger alone is to learn: the zone stays as it is. */
  readonly restated: readonly LedgerSet[];
}

/** What goes over the wire, in order: deletes before creates. */
export interface WireChange {
  readonly action: 'CREATE' | 'DELETE';
  readonly set: RecordSet;
}

export function beforeOf(change: Change): RecordSet | undefined {
  return change.action === 'create' ? undefined : change.before;
}

export function afterOf(change: Change): RecordSet | undefined {
  return change.action === 'delete' ? undefined : change.after;
}
