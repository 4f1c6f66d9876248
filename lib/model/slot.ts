/** Slot *n* of a role and the member that holds it: pool address *n*, the *n*-th holding, or ordinal *n*. */
export interface Slot {
  readonly role: string;
  /** From 1. */
  readonly ordinal: number;
  /** Of the pool's address; this and the address are empty in a role without a pool. */
  readonly allocationId: string;
  readonly publicIpv4: string;
  /** The member that is entitled to it, whether or not EC2 has associated an address yet. */
  readonly holder?: string;
  readonly lastHolder?: string;
  /** The availability zone of the holder, or of the last one; kept where the pool prefers zones. */
  readonly lastZone?: string;
  /** Members that were last read to have another Elastic IP: to give them this one would take that away. */
  readonly ineligible?: readonly string[];
  /** Whom the address was last known to be with: what differs from it is journalled, also where an answer of EC2 was lost. */
  readonly associated?: string;
  /** When that became so, in ms since the epoch; absent where it was so before we came. */
  readonly associatedAtMs?: number;
  /** A move that was asked for is under way: the address may be taken from this instance, though it serves. */
  readonly planned?: { readonly from?: string };
  /**
   * Addresses whose reverse DNS we asked EC2 for, and have not seen gone again: this slot's, and those that left it. No
   * other's is ever reset.
   */
  readonly reversed?: readonly AskedReverseDns[];
  /** Rises with each change: the condition of every write. */
  readonly version: number;
}

/** Written before EC2 is asked, so that nothing we set is ever forgotten. */
export interface AskedReverseDns {
  readonly allocationId: string;
  /** What it may have by our doing: the name asked for last, and the one that it had before. */
  readonly names: readonly string[];
  /** When EC2 last accepted an update or a reset, in ms since the epoch. */
  readonly acceptedAtMs?: number;
}
