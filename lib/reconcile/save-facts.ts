import { ServiceFailure } from '../model/errors.ts';
import { type Fact, unknownInstance } from '../model/fact.ts';
import type { Installation } from '../model/role.ts';
import { DRAINS_GROUP } from '../model/zone.ts';
import { factUpdate, isWorthKeeping, refusals } from './claims.ts';
import type { ComputePorts, CorePorts, FactUpdate } from './ports.ts';
import { wake } from './wake.ts';

const SAVE_ROUNDS = 6;

/** What one observation tells of one instance, as a fold of its fact. */
export interface FactFold {
  readonly instanceId: string;
  readonly account: string;
  readonly region: string;
  readonly fold: (fact: Fact, nowMs: number) => Fact;
}

export type KnownFacts = Awaited<ReturnType<ComputePorts['registry']['readFacts']>>;

/** The facts as they are now, by instance id, and the installation they were judged by. */
export interface Saved {
  readonly installation: Installation | undefined;
  readonly facts: ReadonlyMap<string, Fact>;
}

/** Folds and stores, re-reading what another has written in between; then wakes every group that is dirty. */
export async function saveFacts(
  instanceIds: readonly string[],
  fold: (fact: Fact) => Fact,
  origin: readonly (Omit<FactFold, 'fold'> & { readonly sentAtMs: number })[],
  ports: ComputePorts,
  alreadyRead?: KnownFacts,
): Promise<Saved> {
  const facts = new Map<string, Fact>();
  const groups = new Set<string>();
  const unchanged: { instanceId: string; groups: string[] }[] = [];
  let installation: Installation | undefined;
  let pending: readonly string[] = [...new Set(instanceIds)].sort();
  let read = alreadyRead;
  for (let round = 0; pending.length > 0; round += 1) {
    if (round === SAVE_ROUNDS)
      throw new ServiceFailure('throttled', `the facts of ${pending.join(', ')} are being written by others`);
    const known = read ?? (await ports.registry.readFacts(pending));
    read = undefined;
    installation = known.installation;
    const updates: FactUpdate[] = [];
    for (const instanceId of pending) {
      const seen = origin.find((each) => each.instanceId === instanceId);
      const before =
        known.facts.find((fact) => fact.instanceId === instanceId) ??
        unknownInstance(
          instanceId,
          seen?.account ?? installation?.account ?? '',
          seen?.region ?? installation?.region ?? '',
        );
      const after = fold(before);
      facts.set(instanceId, after);
      const update = factUpdate(before, after, installation, seen?.sentAtMs ?? ports.clock.now());
      if (after === before || !isWorthKeeping(before, after)) unchanged.push({ instanceId, groups: update.groups });
      else updates.push(withRefusals(update.write, installation));
    }
    pending = updates.length === 0 ? [] : await ports.registry.saveFacts(updates);
    const written = updates.filter((update) => !pending.includes(update.after.instanceId));
    for (const mark of written.flatMap((update) => update.marks)) groups.add(mark.group);
    if (written.some(({ drainAtMs }) => drainAtMs !== undefined)) groups.add(DRAINS_GROUP);
    sayRefusals(written, ports);
  }
  for (const group of await ports.registry.dirtyGroups(unchanged.filter((each) => each.groups.length > 0)))
    groups.add(group);
  await wake(groups, ports);
  return { installation, facts };
}

/** With what is said of it: which of its claims the configuration does not know. */
export function withRefusals(update: FactUpdate, installation: Installation | undefined): FactUpdate {
  const journal = refusals(update.before, update.after, installation);
  return journal.length === 0 ? update : { ...update, journal };
}

/** The lines of what was written with these facts. */
export function sayRefusals(written: readonly FactUpdate[], { log }: Pick<CorePorts, 'log'>): void {
  for (const entry of written.flatMap(({ journal = [] }) => journal)) log.journal(entry);
}
