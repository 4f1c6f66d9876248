import type { EndpointCheck } from './role.ts';

/** What one Route 53 health check asks. None of it can be changed later but by another check. */
export interface CheckedEndpoint extends EndpointCheck {
  readonly address: string;
}

/**
 * A Route 53 health check of ours, for one role in one zone. Its item is there before the check and goes after it, so
 * that no crash leaves a check that nobody knows.
 *
 * ```
 * new → created (id) → leaving (nothing refers to it) → deleting → no item
 *                 ↑________________|
 * ```
 */
export interface OwnedCheck {
  readonly role: string;
  readonly endpoint: CheckedEndpoint;
  /** Of CreateHealthCheck: the same one twice makes one check, and that of a deleted check makes none any more. */
  readonly reference: string;
  /** Absent until Route 53 has told it. */
  readonly id?: string;
  /** Since when no set refers to it; it may be taken back until it is being deleted. */
  readonly leavingSinceMs?: number;
  readonly deleting?: true;
  /** Rises with each write: the condition of every write. */
  readonly version: number;
}

export function endpointKey({ address, type, port, path = '' }: CheckedEndpoint): string {
  return [address, type, port, path].join('|');
}

/** Whether sets may be attached to it. */
export function isUsable(check: OwnedCheck): check is OwnedCheck & { readonly id: string } {
  return check.id !== undefined && check.leavingSinceMs === undefined && check.deleting === undefined;
}
