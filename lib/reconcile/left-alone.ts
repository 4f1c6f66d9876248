import type { GroupWork, Log } from './ports.ts';

/** While two versions are at work on one registry, the older one may meet work that only the newer can do. */
export function sayLeftAlone(group: string, unknown: GroupWork['unknown'], log: Log): void {
  if (unknown === undefined) return;
  log.error('marks or requests of another version are left to it', { group, keys: unknown });
}
