import type { RecordSet } from './record-set.ts';

/**
 * Something asked for from outside, to be done by the pass of a work group: only that pass writes to Route 53 and to
 * Elastic IPs. It is answered once, by the outcome that the asker waits for.
 */
export interface Request {
  readonly id: string;
  /** The work group whose pass does it. */
  readonly group: string;
  /** When it was asked, in ms since the epoch. */
  readonly atMs: number;
  /** From then on nobody waits for it any more, and no pass begins it. */
  readonly expiresAtMs: number;
  readonly body: RequestBody;
  /** Absent while it is open. */
  readonly outcome?: RequestOutcome;
}

export type RequestBody = MoveRequest | AdoptRequest | ReleaseRequest;

/** A planned hand-over of an Elastic IP; of the group of addresses. */
export interface MoveRequest {
  readonly kind: 'move';
  readonly role: string;
  /** Its public IPv4 address or its allocation id; may be left out where the role has one address. */
  readonly address?: string;
  /** The instance that is to have it. */
  readonly to: string;
}

/** Takes record sets that are there already into the ledger, as they are; of a zone's group. */
export interface AdoptRequest {
  readonly kind: 'adopt';
  /** As the asker was shown them: one that is another by now is not adopted, nor is any of the others. */
  readonly sets: readonly RecordSet[];
}

/** Takes every set of these names out of the ledger and leaves them as they are; of a zone's group. */
export interface ReleaseRequest {
  readonly kind: 'release';
  readonly names: readonly string[];
}

export interface RequestOutcome {
  /** `refused`: nothing was begun, and asking again will not help; `failed`: AWS or time did not allow it. */
  readonly kind: 'done' | 'refused' | 'failed';
  /** A sentence for whoever asked. */
  readonly message: string;
  readonly details?: Readonly<Record<string, Json>>;
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Whether a pass has it to do. */
export function isOpen({ outcome, expiresAtMs }: Request, nowMs: number): boolean {
  return outcome === undefined && expiresAtMs > nowMs;
}
