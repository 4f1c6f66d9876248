import type { DesiredSet, Plan } from '../../lib/model/change.ts';
import type { LedgerSet, Mark, Note } from '../../lib/model/ledger.ts';
import type { ChangeReason } from '../../lib/model/reason.ts';
import { type RecordType, recordSet } from '../../lib/model/record-set.ts';
import { makePlan, type PlanInput } from '../../lib/plan/plan.ts';
import { PUBLIC_ZONE } from '../desired/examples.ts';

export type Contributors = Readonly<Record<string, readonly string[]>>;

export function set(values: readonly string[], changes: { name?: string; type?: RecordType; ttl?: number } = {}) {
  return recordSet(changes.name ?? 'web.example.com', changes.type ?? 'A', changes.ttl ?? 60, values);
}

export function wanted(
  contributors: Contributors,
  changes: Parameters<typeof set>[1] & { role?: string } = {},
): DesiredSet {
  return { role: changes.role ?? 'web', set: set(Object.values(contributors).flat(), changes), contributors };
}

export function owned(
  contributors: Contributors,
  changes: Parameters<typeof set>[1] & { role?: string } = {},
): LedgerSet {
  return { ...wanted(contributors, changes), serial: 7 };
}

export function plan(
  desired: readonly DesiredSet[],
  ledger: readonly LedgerSet[],
  changes: Partial<PlanInput> = {},
): Plan {
  const roles = new Set(['web', ...[...desired, ...ledger].map((each) => each.role)]);
  return makePlan({
    zone: PUBLIC_ZONE,
    roles: [...roles].map((name) => ({
      role: name,
      desired: desired.filter((each) => each.role === name),
      withheld: [],
    })),
    ledger,
    notes: [],
    marks: [],
    drift: [],
    ...changes,
  });
}

export function instanceMark(instanceId: string, reason: ChangeReason, sinceMs = 1000, roles = ['web']): Mark {
  return { group: 'Z0BBB', subject: { kind: 'instance', instanceId }, roles, reason, sinceMs, stamp: 's' };
}

export function roleMark(reason: ChangeReason, sinceMs = 1000, name = 'web'): Mark {
  return { group: 'Z0BBB', subject: { kind: 'role', role: name }, roles: [name], reason, sinceMs, stamp: 's' };
}

export function note(reason: Note['reason'], kind: Note['kind'] = 'conflict'): Note {
  return { kind, role: 'web', name: 'web.example.com', type: 'A', reason, detail: 'A 192.0.2.1', sinceMs: 5 };
}

export const one = { 'i-1': ['203.0.113.1'] };
export const both = { 'i-1': ['203.0.113.1'], 'i-2': ['203.0.113.2'] };
