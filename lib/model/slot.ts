/** Slot *n* of a role: pool address *n* and the member that holds it. */
export interface Slot {
  readonly role: string;
  /** From 1. */
  readonly ordinal: number;
  readonly allocationId: string;
  readonly publicIpv4: string;
  /** The member that is entitled to the address, whether or not EC2 has associated it yet. */
  readonly holder?: string;
  readonly lastHolder?: string;
  /** Members that were last read to have another Elastic IP: to give them this one would take that away. */
  readonly ineligible?: readonly string[];
  /** Rises with each change: the condition of every write. */
  readonly version: number;
}
