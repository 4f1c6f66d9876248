import type { Change } from '../model/change.ts';

/**
 * "InvalidChangeBatch: [Exceeded limit MAX_RRSETS_BY_ZONE for zone: Z…]". The text is no contract: where it reads otherwise,
 * each set is refused by itself, and tried again less often.
 */
export function isZoneFull(message: string): boolean {
  return message.includes('MAX_RRSETS_BY_ZONE');
}

/** The changes that need room. */
export function growing(changes: readonly Change[]): readonly Change[] {
  return changes.filter(({ action }) => action === 'create');
}
