import type { Change } from '../model/change.ts';
import { ServiceFailure } from '../model/errors.ts';
import type { GroupHead, LedgerSet } from '../model/ledger.ts';
import { isOpaque, setKey } from '../model/record-set.ts';
import type { Installation } from '../model/role.ts';
import { serialRecordName, type Zone } from '../model/zone.ts';
import { MAX_ELEMENTS, nextBatch } from '../plan/batch.ts';
import { applyBatch, readSerial } from './apply.ts';
import { inspect } from './findings.ts';
import { deleteCheck } from './health-checks.ts';
import { settleIntents } from './intents.ts';
import type { ZonePorts } from './ports.ts';
import { fenceOf, type SerialSeen } from './serial.ts';

export interface Retirement {
  readonly zone: string;
  readonly removed: number;
  readonly outcome: 'removed' | 'retained' | 'zone-gone';
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 8_000;
/** The time-out of λ reconcile. */
const LONGEST_PASS_MS = 20_000;
const NOTHING = { clearMarks: [], putNotes: [], clearNotes: [], journal: [] };

/**
 * Takes our records out of every zone when the stack goes. First the registry is marked retired, so that no pass begins
 * anything new; then each zone's serial moves, so that no pass already on its way is admitted; the serial goes last.
 * Throws when the time is up before a zone is clean.
 */
export async function retire(
  installation: Installation,
  ports: ZonePorts,
  deadlineMs: number,
): Promise<readonly Retirement[]> {
  await ports.registry.retire(installation);
  const done: Retirement[] = [];
  for (const zone of installation.zones)
    done.push(await retireZone(zone, installation.retainRecords, ports, deadlineMs));
  return done;
}

async function retireZone(zone: Zone, isRetained: boolean, ports: ZonePorts, deadlineMs: number): Promise<Retirement> {
  let removed = 0;
  let pauseMs = FIRST_PAUSE_MS;
  do {
    const step = await retireOnce(zone, isRetained, ports);
    const isDone = step.kind === 'done' && (isRetained || (await removeChecks(zone, ports)));
    if (isDone) return { zone: zone.name, removed, outcome: step.outcome };
    if (step.kind !== 'done') removed += step.removed;
    if (step.kind === 'went-on') pauseMs = FIRST_PAUSE_MS;
    else {
      await ports.clock.sleep(pauseMs);
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
    }
  } while (ports.clock.now() < deadlineMs);
  throw new Error(
    `The records in ${zone.name} (${zone.id}) could not all be removed in time; ${removed} are gone. Delete the stack again, or set retainRecords: true to keep them.`,
  );
}

type Step =
  | { readonly kind: 'done'; readonly outcome: Retirement['outcome'] }
  | { readonly kind: 'went-on' | 'again'; readonly removed: number };

async function retireOnce(zone: Zone, isRetained: boolean, ports: ZonePorts): Promise<Step> {
  try {
    return await tryOnce(zone, isRetained, ports);
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    return error.kind === 'not-found' ? { kind: 'done', outcome: 'zone-gone' } : { kind: 'again', removed: 0 };
  }
}

async function tryOnce(zone: Zone, isRetained: boolean, ports: ZonePorts): Promise<Step> {
  const { head, intents } = await ports.registry.readGroup(zone.id);
  const untouched = head === undefined || (head.serial === undefined && intents.length === 0);
  if (untouched) return { kind: 'done', outcome: isRetained ? 'retained' : 'removed' };
  const seen = await readSerial(head, zone, ports);
  if ((await settleIntents(head, zone, intents, seen, ports)).kind === 'recorded')
    return { kind: 'went-on', removed: 0 };

  // Nothing fences a zone's first batch but its own serial: a pass that may still send one is waited for.
  const isFirstPending = intents.some(({ atMs }) => ports.clock.now() - atMs < LONGEST_PASS_MS);
  if (head.serial === undefined && isFirstPending) return { kind: 'again', removed: 0 };

  const { sets: ledger } = await ports.registry.readLedger(zone.id);
  const changes = isRetained ? [] : await removals(head, zone, ledger, ports);
  const { batch } = nextBatch(changes, { maxElements: MAX_ELEMENTS });
  if (batch.length === 0 && !isRetained) return await removeSerial(zone, seen, ports);
  const fence = fenceOf(head, zone, seen, intents, ports.clock.now());
  if (fence === 'unusable') return { kind: 'again', removed: 0 };
  const applied = await applyBatch({ head, zone, fence, changes: batch, ledger, settlement: NOTHING }, ports);
  if (applied.kind === 'deferred' && applied.why === 'zone-gone') return { kind: 'done', outcome: 'zone-gone' };
  if (applied.kind !== 'committed') return { kind: 'again', removed: 0 };
  return isRetained ? { kind: 'done', outcome: 'retained' } : { kind: 'went-on', removed: batch.length };
}

/** What we own and the zone still has, as the zone has it. */
async function removals(head: GroupHead, zone: Zone, sets: readonly LedgerSet[], ports: ZonePorts): Promise<Change[]> {
  if (sets.length === 0) return [];
  const names = sets.map(({ set }) => set.name);
  const { byName } = await inspect(ports.dns, zone.id, names, serialRecordName(head.serialOwner, zone.name));
  return sets.flatMap(({ role, set }) => {
    const found = byName.get(set.name)?.find((each) => setKey(each) === setKey(set));
    if (found === undefined || isOpaque(found)) return [];
    return [
      {
        action: 'delete' as const,
        role,
        before: found,
        reason: 'retired' as const,
        instances: [],
        contributors: {},
        urgent: true,
      },
    ];
  });
}

/** After the sets that refer to them. Returns whether all are gone. */
async function removeChecks(zone: Zone, ports: ZonePorts): Promise<boolean> {
  let isDone = true;
  try {
    const { checks } = await ports.registry.readLedger(zone.id);
    for (const check of checks) isDone = (await deleteCheck(zone, check, ports)) && isDone;
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    return false;
  }
  return isDone;
}

async function removeSerial(zone: Zone, { set }: SerialSeen, ports: ZonePorts): Promise<Step> {
  if (set === undefined || isOpaque(set)) return { kind: 'done', outcome: 'removed' };
  const outcome = await ports.dns.change(zone.id, [{ action: 'DELETE', set }], 'retired');
  if (outcome.kind === 'accepted') return { kind: 'done', outcome: 'removed' };
  return outcome.kind === 'zone-gone' ? { kind: 'done', outcome: 'zone-gone' } : { kind: 'again', removed: 0 };
}
