import { ServiceFailure } from '../model/errors.ts';
import {
  type Fact,
  foldAbsence,
  foldDescription,
  foldDrainsDue,
  isDown,
  isLive,
  unknownInstance,
} from '../model/fact.ts';
import type { InstanceDescription } from '../model/instance.ts';
import type { GroupHead, Ledger } from '../model/ledger.ts';
import type { Measurement } from '../model/measurement.ts';
import type { Installation } from '../model/role.ts';
import type { SweepLease } from '../model/sweep.ts';
import { ADDRESSES_GROUP, DRAINS_GROUP, type Zone } from '../model/zone.ts';
import { auditZone } from './audit.ts';
import { factUpdate, isWorthKeeping } from './claims.ts';
import { zonesFirst } from './groups.ts';
import { foldHealthRead, type HealthRead, readHealth } from './health.ts';
import { hostUpdates } from './hosts.ts';
import { markLostChecks, type ZoneChecks } from './lost-checks.ts';
import { sicknessMeasurement, standingMeasurements, summed } from './measurements.ts';
import { countOverdue } from './overdue-drains.ts';
import { overlooked, rosterOf } from './overlooked.ts';
import type { FactUpdate, Ports, SweepPorts } from './ports.ts';
import { sayRefusals, withRefusals } from './save-facts.ts';
import { sweepAddresses } from './sweep-addresses.ts';
import { wake } from './wake.ts';

/** Over before the next minute's sweep begins: a crashed one does not cost that one too. */
const LEASE_MS = 55_000;

export type SweepOutcome =
  | { readonly kind: 'swept'; readonly woken: readonly string[]; readonly failures: readonly string[] }
  | { readonly kind: 'skipped'; readonly why: string };

/**
 * The scheduled full pass: reads every tagged instance and every zone, marks what differs from what we know, and wakes
 * each group that has work. A part that fails counts for nothing and holds up no other; without the registry there is none.
 */
export async function sweep(ports: SweepPorts): Promise<SweepOutcome> {
  try {
    return await leasedSweep(ports);
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    ports.log.error('the sweep could not read or write the registry', { code: error.code, message: error.message });
    ports.log.measure(completion([error.message]));
    return { kind: 'skipped', why: error.message };
  }
}

async function leasedSweep(ports: SweepPorts): Promise<SweepOutcome> {
  const holder = ports.random.id();
  const startedAtMs = ports.clock.now();
  const lease = await ports.registry.takeSweepLease(holder, startedAtMs, startedAtMs + LEASE_MS);
  if (lease === undefined) return { kind: 'skipped', why: 'another sweep is running' };
  ports.log.measure(age(lease, startedAtMs));
  let outcome: SweepOutcome | undefined;
  try {
    outcome = await sweepOnce(holder, startedAtMs, ports);
    return outcome;
  } finally {
    const isComplete = outcome?.kind === 'swept' && outcome.failures.length === 0;
    await ports.registry.releaseSweepLease(holder, isComplete ? startedAtMs : undefined);
  }
}

function age({ completeAtMs }: SweepLease, nowMs: number): Measurement[] {
  return completeAtMs === undefined ? [] : [{ name: 'SweepAge', value: (nowMs - completeAtMs) / 1000 }];
}

async function sweepOnce(holder: string, startedAtMs: number, ports: SweepPorts): Promise<SweepOutcome> {
  const { installation, facts } = await ports.registry.readAllFacts();
  if (installation === undefined || installation.retired === true)
    return { kind: 'skipped', why: 'nothing is installed' };
  const failures: string[] = [];
  const standing: Measurement[] = [];
  const part = async <Result>(what: string, work: () => Promise<Result>, otherwise: Result): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ServiceFailure)) throw error;
      failures.push(`${what}: ${error.message}`);
      ports.log.error('a part of the sweep failed', { part: what, code: error.code, message: error.message });
      return otherwise;
    }
  };
  const health = await readHealth(installation, facts, part, ports.health);
  const reads = await part('instances', () => readInstances(facts, ports), undefined);
  const updates = foldSweep(facts, reads, health, installation, startedAtMs);
  await part('facts', () => saveInstances(updates, holder, ports), undefined);
  const roster = rosterOf(facts);
  const checks: ZoneChecks[] = [];
  const audit = async (zone: Zone) => {
    const missed = (known: Ledger & { readonly head: GroupHead }, nowMs: number) => {
      standing.push(...standingMeasurements(known.head, known.notes));
      checks.push({ zone, checks: known.checks });
      return overlooked(zone, installation, known, roster, nowMs);
    };
    return (await auditZone(zone, missed, ports)).isDirty ? [zone.id] : [];
  };
  const dirty = await Promise.all(installation.zones.map((zone) => part(zone.name, () => audit(zone), [zone.id])));
  const unchecked = await part('health checks', () => markLostChecks(checks, ports), []);
  const idle = new Set(facts.filter(isDown).map(({ instanceId }) => instanceId));
  const addresses = await part('addresses', () => sweepAddresses(installation, idle, standing, ports), [
    ADDRESSES_GROUP,
  ]);
  const drains = await part('drains', () => sweepDrains(installation, facts, standing, ports), [DRAINS_GROUP]);
  standing.push(sicknessMeasurement(installation, facts));
  const woken = zonesFirst([...dirty.flat(), ...unchecked, ...addresses, ...drains]);
  await wake(woken, ports);
  await ports.registry.recordSweep({ startedAtMs, endedAtMs: ports.clock.now(), woken, failures });
  ports.log.measure([...summed(standing), ...completion(failures)]);
  return { kind: 'swept', woken, failures };
}

/** A sweep with a failed part counts for nothing, as far as being on time goes. */
function completion({ length }: readonly string[]): Measurement[] {
  return [
    { name: 'SweepFailures', value: length },
    { name: 'SweepsCompleted', value: length === 0 ? 1 : 0 },
  ];
}

interface Reads {
  readonly listed: ReadonlyMap<string, InstanceDescription>;
  /** When all was read. */
  readonly atMs: number;
}

async function readInstances(facts: readonly Fact[], ports: Ports): Promise<Reads> {
  const listed = new Map((await ports.compute.describeTagged()).map((read) => [read.instanceId, read]));
  const unlisted = facts
    .filter((fact) => isLive(fact) && fact.host === undefined && !listed.has(fact.instanceId))
    .map((fact) => fact.instanceId);
  // An instance that lost its tag is not listed by it: it is asked for by its id before it counts as absent.
  const untagged = unlisted.length === 0 ? [] : await ports.compute.describe(unlisted);
  const all = new Map([...listed, ...untagged.map((read) => [read.instanceId, read] as const)]);
  return { listed: all, atMs: ports.clock.now() };
}

/** A sweep that was frozen until another began knows less than that, above all of who is not listed. */
async function saveInstances(updates: readonly FactUpdate[], holder: string, ports: Ports): Promise<void> {
  const stale = await ports.registry.saveFacts(updates, holder);
  const written = updates.filter((update) => !stale.includes(update.after.instanceId));
  sayRefusals(written, ports);
}

/** Where the instances could not be read, `reads` is absent: nobody counts as absent for that. */
function foldSweep(
  facts: readonly Fact[],
  reads: Reads | undefined,
  health: HealthRead,
  installation: Installation,
  startedAtMs: number,
): FactUpdate[] {
  const known = new Map(facts.map((fact) => [fact.instanceId, fact]));
  for (const instanceId of reads?.listed.keys() ?? []) {
    if (!known.has(instanceId)) {
      known.set(instanceId, unknownInstance(instanceId, installation.account ?? '', installation.region ?? ''));
    }
  }
  return [...known.values()].flatMap((before) => {
    if (before.host !== undefined) return hostUpdates(before, installation, startedAtMs);
    const seen = reads === undefined ? before : foldRead(before, reads, startedAtMs);
    const after = foldHealthRead(foldDrainsDue(seen, startedAtMs), health, startedAtMs);
    if (after === before || !isWorthKeeping(before, after)) return [];
    return [withRefusals(factUpdate(before, after, installation, startedAtMs).write, installation)];
  });
}

function foldRead(before: Fact, { listed, atMs }: Reads, startedAtMs: number): Fact {
  const read = listed.get(before.instanceId);
  return read === undefined
    ? foldAbsence(before, startedAtMs, atMs)
    : foldDescription(before, read, startedAtMs, 'sweep');
}

/** The drains have work where a delayed message was lost. */
async function sweepDrains(
  installation: Installation,
  facts: readonly Fact[],
  standing: Measurement[],
  ports: Ports,
): Promise<string[]> {
  const open = await ports.registry.readDrains();
  standing.push(await countOverdue(open, installation, facts, ports));
  const nowMs = ports.clock.now();
  return open.some(({ nextAtMs }) => nextAtMs <= nowMs) ? [DRAINS_GROUP] : [];
}
