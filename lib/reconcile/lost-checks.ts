import { isUsable, type OwnedCheck } from '../model/health-check.ts';
import type { NewMark } from '../model/ledger.ts';
import type { Zone } from '../model/zone.ts';
import type { SweepPorts } from './ports.ts';

export interface ZoneChecks {
  readonly zone: Zone;
  readonly checks: readonly OwnedCheck[];
}

/**
 * Finds the checks that somebody deleted. Their ids are forgotten, and the passes of their zones ask for them anew by
 * their references, which does nothing where one is there after all. Answers the zones with work.
 */
export async function markLostChecks(owned: readonly ZoneChecks[], ports: SweepPorts): Promise<string[]> {
  const inUse = owned.map(({ zone, checks }) => ({ zone, checks: checks.filter(isUsable) }));
  if (inUse.every(({ checks }) => checks.length === 0)) return [];
  const listed = await ports.health.checks();
  if (listed === undefined) return [];
  const marks: NewMark[] = [];
  for (const { zone, checks } of inUse) {
    for (const check of checks.filter(({ id }) => !listed.has(id))) {
      const { id: _id, ...nameless } = check;
      await ports.registry.saveCheck(zone.id, check, { ...nameless, version: check.version + 1 });
      marks.push(markOf(zone, check, ports.clock.now()));
    }
  }
  const distinct = [...new Map(marks.map((mark) => [JSON.stringify(mark.subject) + mark.group, mark])).values()];
  if (distinct.length > 0) await ports.registry.putMarks(distinct);
  return [...new Set(distinct.map(({ group }) => group))];
}

function markOf(zone: Zone, { role }: OwnedCheck, nowMs: number): NewMark {
  return { group: zone.id, subject: { kind: 'role', role }, roles: [role], reason: 'drift', sinceMs: nowMs };
}
