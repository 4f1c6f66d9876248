import type { JournalEntry } from '../model/journal.ts';
import type { GroupHead, Mark, NewMark } from '../model/ledger.ts';
import type { Slot } from '../model/slot.ts';

export interface SlotWrite {
  /** Absent: the slot is new. */
  readonly before?: Slot;
  readonly after: Slot;
}

/** The stamp of the mark on whose account a slot was written, as it was read and as it is from then on. */
export interface Renewed {
  readonly from: string;
  readonly to: string;
}

/** One group's mark gets a new stamp: no pass that read it before can clear it. */
export interface MarkRenewal extends Pick<Mark, 'group' | 'subject'>, Renewed {
  /** Whose slots are written with it. */
  readonly roles: readonly string[];
}

export interface Seating {
  readonly writes: readonly (SlotWrite & { readonly renewed: Renewed })[];
  /** Of every group that plans from the slots. */
  readonly renewals: readonly MarkRenewal[];
}

/** A slot as it is in the registry. */
export interface StandingSlot {
  readonly slot: Slot;
  /** Absent where it was written last by something else than a seating. */
  readonly renewed?: Renewed;
}

export type SeatingOutcome =
  | { readonly kind: 'seated' }
  /** Nothing is written: in some group the mark is another by now, or none. */
  | { readonly kind: 'not-as-read' }
  /** Nothing is written: another wrote these of the slots. */
  | { readonly kind: 'taken'; readonly standing: readonly StandingSlot[] };

export interface SlotsRegistry {
  /** Writes slots on condition of their versions, and renews the marks, all at once. One call. */
  seat(seating: Seating): Promise<SeatingOutcome>;
  /**
   * Returns false when a slot was changed by another in between, or the epoch of the head is another than was read:
   * nothing is written, the journal neither. A mark with a stamp is written with that: who wrote it may clear it.
   */
  writeSlots(
    writes: readonly SlotWrite[],
    marks: readonly (NewMark & Partial<Pick<Mark, 'stamp'>>)[],
    journal?: readonly JournalEntry[],
    head?: Pick<GroupHead, 'group' | 'epoch'>,
  ): Promise<boolean>;
}
