import type { ChangeReason, WithheldReason } from './reason.ts';

/** One line of the journal, and of the log. Names have no final dot, `*` is unescaped. */
export type JournalEntry =
  | {
      readonly kind: 'change';
      readonly action: 'create' | 'update' | 'delete';
      readonly role: string;
      readonly zone: string;
      readonly name: string;
      readonly type: string;
      readonly reason: ChangeReason;
      /** The first of the members that caused it; all of them in `instances` when there are several. */
      readonly instance?: string;
      readonly instances?: readonly string[];
      readonly before: readonly string[];
      readonly after: readonly string[];
      readonly ttl: number;
      readonly members: readonly string[];
      readonly batch: string;
      readonly serial: number;
      readonly eventToAcceptedMs?: number;
    }
  | {
      readonly kind: 'conflict' | 'withheld' | 'refused';
      readonly role: string;
      readonly zone?: string;
      readonly name?: string;
      readonly type?: string;
      readonly reason: WithheldReason;
      readonly instance?: string;
      readonly detail?: string;
      /** True when what was said before no longer holds. */
      readonly cleared?: true;
    }
  | {
      readonly kind: 'drift';
      readonly role: string;
      readonly zone: string;
      readonly name: string;
      readonly type: string;
      readonly reason: 'drift';
      readonly before: readonly string[];
      readonly after: readonly string[];
    }
  | {
      readonly kind: 'moved';
      readonly role: string;
      readonly reason: ChangeReason;
      readonly address: string;
      readonly from?: string;
      readonly to: string;
      readonly eventToAcceptedMs?: number;
    }
  /** Names, addresses and what resolvers remember of the member are gone: it may go. */
  | {
      readonly kind: 'drained';
      readonly role: string;
      readonly reason: 'draining';
      readonly instance: string;
      /** What asked it to leave, sorted. */
      readonly asked: readonly string[];
      /** In the words of who asked. */
      readonly detail?: string;
      /** From the first ask to this. */
      readonly waitedMs: number;
      /** Lifecycle hooks that it was let go on from. */
      readonly hooks?: readonly string[];
      readonly terminated?: true;
    };

/** An entry as it is stored. */
export interface JournalRecord {
  /** When it was written, in ms since the epoch. */
  readonly atMs: number;
  readonly entry: JournalEntry;
}
