import type { Unchecked } from '../desired/checked-sets.ts';
import { afterOf, type Change, type DesiredSet, type Withheld } from '../model/change.ts';
import { type CheckedEndpoint, endpointKey, isUsable, type OwnedCheck } from '../model/health-check.ts';
import type { LedgerSet } from '../model/ledger.ts';
import type { Zone } from '../model/zone.ts';
import type { CheckOutcome, ZonePorts } from './ports.ts';

/** Longer than any pass: one that still counted on the check has ended, and the ledger tells what it wrote. */
const LEAVING_MS = 45_000;
/** In one round; CreateHealthCheck is admitted 50 at once ("Throttling for Amazon Route 53 API requests"). */
const MOST_AT_ONCE = 40;

/** Why an endpoint has no check in this pass, by its role and key. */
export type Uncheckable = Map<string, string>;

export function uncheckedKey({ role, endpoint }: Pick<Unchecked, 'role' | 'endpoint'>): string {
  return `${role}|${endpointKey(endpoint)}`;
}

/**
 * Makes the checks that sets wait for, before those are written. Returns whether anything is to be read again. What Route
 * 53 will not do now is put into `uncheckable`: the sets are then published without a check.
 */
export async function makeChecks(
  zone: Zone,
  unchecked: readonly Unchecked[],
  checks: readonly OwnedCheck[],
  uncheckable: Uncheckable,
  ports: ZonePorts,
): Promise<boolean> {
  const open = unchecked.filter((each) => !uncheckable.has(uncheckedKey(each)));
  for (const each of open.slice(0, MOST_AT_ONCE)) {
    const key = endpointKey(each.endpoint);
    const item = checks.find(({ role, endpoint }) => role === each.role && endpointKey(endpoint) === key);
    const problem = await makeCheck(zone, each, item, ports);
    if (problem === undefined) continue;
    // Route 53 refuses the account, not this check: to ask for the others too would be answered alike.
    for (const other of open) uncheckable.set(uncheckedKey(other), problem);
    break;
  }
  return open.length > 0;
}

/** Returns why it could not be made. A lost race is none: everything is then read again. */
async function makeCheck(
  zone: Zone,
  { role, endpoint }: Unchecked,
  known: OwnedCheck | undefined,
  ports: ZonePorts,
): Promise<string | undefined> {
  if (known?.deleting === true) {
    return (await finishDeleting(zone, known, ports)) ? undefined : 'its former health check is still being deleted';
  }
  if (known?.id !== undefined) {
    const { leavingSinceMs: _since, ...back } = known;
    await ports.registry.saveCheck(zone.id, known, { ...back, version: known.version + 1 });
    return undefined;
  }
  const { leavingSinceMs: _since, ...item } = known ?? { role, endpoint, reference: ports.random.id(), version: 1 };
  if (known === undefined && !(await ports.registry.saveCheck(zone.id, undefined, item))) return undefined;
  const outcome = await ports.dns.createCheck(item.reference, endpoint);
  const before = known ?? item;
  const version = before.version + 1;
  switch (outcome.kind) {
    case 'created':
      await ports.registry.saveCheck(zone.id, before, { ...item, id: outcome.id, version });
      return undefined;
    case 'used-up':
      await ports.registry.saveCheck(zone.id, before, { ...item, reference: ports.random.id(), version });
      return undefined;
    case 'full':
    case 'throttled':
    case 'access-denied':
    case 'rejected':
    case 'unknown':
      return refusalOf(outcome);
  }
}

function refusalOf({ kind, message }: Exclude<CheckOutcome, { kind: 'created' }>): string {
  return kind === 'full'
    ? `the account has no room for another Route 53 health check; ask AWS for more, or delete some: ${message}`
    : `Route 53 did not make the health check: ${message}`;
}

/** The sets that are published without the check that their role asks for. */
export function withoutCheck(unchecked: readonly Unchecked[], uncheckable: Uncheckable): Withheld[] {
  return unchecked.flatMap((each) => {
    const detail = uncheckable.get(uncheckedKey(each));
    if (detail === undefined) return [];
    const { role, name, contributor } = each;
    return [{ role, name, type: 'A', reason: 'no-health-check' as const, instance: contributor, detail }];
  });
}

/** Checks to which no set of the ledger refers go, in two steps with time between them; those that are needed stay. */
export async function tidyChecks(
  zone: Zone,
  checks: readonly OwnedCheck[],
  ledger: readonly LedgerSet[],
  desired: readonly DesiredSet[],
  unchecked: readonly Unchecked[],
  ports: ZonePorts,
): Promise<void> {
  const used = usedIds([...ledger, ...desired]);
  const awaited = new Set(unchecked.map(uncheckedKey));
  const nowMs = ports.clock.now();
  for (const check of checks) {
    if (used.has(check.id ?? '') || awaited.has(uncheckedKey(check))) continue;
    const { leavingSinceMs, version } = check;
    if (leavingSinceMs === undefined) {
      await ports.registry.saveCheck(zone.id, check, { ...check, leavingSinceMs: nowMs, version: version + 1 });
    } else if (nowMs - leavingSinceMs >= LEAVING_MS) await deleteCheck(zone, check, ports);
  }
}

/**
 * After a batch that was refused because a check in it is not there: its checks are asked for anew by their references,
 * which tells those that are from those that somebody deleted. Returns whether there are any.
 */
export async function doubtChecks(
  zone: Zone,
  message: string,
  checks: readonly OwnedCheck[],
  batch: readonly Change[],
  ports: ZonePorts,
): Promise<boolean> {
  if (!message.startsWith('NoSuchHealthCheck')) return false;
  const ids = new Set(batch.flatMap((change) => afterOf(change)?.healthCheckId ?? []));
  const doubtful = checks.filter(({ id }) => id !== undefined && ids.has(id));
  for (const check of doubtful) {
    const { id: _id, ...nameless } = check;
    await ports.registry.saveCheck(zone.id, check, { ...nameless, version: check.version + 1 });
  }
  return doubtful.length > 0;
}

export function usedIds(sets: readonly Pick<LedgerSet, 'set'>[]): ReadonlySet<string> {
  return new Set(sets.flatMap(({ set }) => set.healthCheckId ?? []));
}

/** Whether a sweep has to wake the zone for it: nothing refers to it, or its set is written and it is not usable. */
export function isUntidy(check: OwnedCheck, used: ReadonlySet<string>): boolean {
  return !used.has(check.id ?? '') || !isUsable(check);
}

/** Returns whether it is gone. */
export async function deleteCheck(zone: Zone, check: OwnedCheck, ports: ZonePorts): Promise<boolean> {
  if (check.deleting === true) return await finishDeleting(zone, check, ports);
  const deleting: OwnedCheck = { ...check, deleting: true, version: check.version + 1 };
  return (await ports.registry.saveCheck(zone.id, check, deleting)) && (await finishDeleting(zone, deleting, ports));
}

async function finishDeleting(zone: Zone, check: OwnedCheck, ports: ZonePorts): Promise<boolean> {
  const id = check.id ?? (await idOf(check.reference, check.endpoint, ports));
  if (id === 'unknown') return false;
  if (id !== undefined && (await ports.dns.deleteCheck(id)).kind !== 'done') return false;
  return await ports.registry.saveCheck(zone.id, check, undefined);
}

/** A crash may have come between the check and its id: the same request made again tells it, or makes one to delete. */
async function idOf(reference: string, endpoint: CheckedEndpoint, ports: ZonePorts): Promise<string | undefined> {
  const outcome = await ports.dns.createCheck(reference, endpoint);
  if (outcome.kind === 'created') return outcome.id;
  return outcome.kind === 'used-up' || outcome.kind === 'full' ? undefined : 'unknown';
}
