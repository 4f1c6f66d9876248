/** How many calls EC2 still has in mind of a group, at a time: they wane as EC2's own bucket is refilled. */
export interface CallLevel {
  readonly calls: number;
  readonly atMs: number;
}
