import type { Observation } from '../events/parse.ts';
import { ServiceFailure } from '../model/errors.ts';
import { type Fact, isLive } from '../model/fact.ts';
import { claimedRoles, type InstanceDescription, TAG_PREFIX } from '../model/instance.ts';
import type { Installation } from '../model/role.ts';
import { roleOf } from './groups.ts';
import type { ComputePorts } from './ports.ts';
import type { Saved } from './save-facts.ts';

/** How often an instance is read again when a read did not show what an event said; then the sweep takes over. */
const MAX_READS_AGAIN = 5;

/** A read that is wanted, how often it was tried, and whether it must show the instance running. */
interface Wanted {
  readonly attempt: number;
  readonly expectsRunning: boolean;
}

/** Of several reasons to read an instance, `running` asks for the most: a pending one is told of again. */
export function wantedReads(observations: readonly Observation[]): Map<string, Wanted> {
  const wanted = new Map<string, Wanted>();
  const want = (id: string, attempt: number, expectsRunning: boolean) => {
    const before = wanted.get(id);
    wanted.set(id, {
      attempt: Math.min(attempt, before?.attempt ?? attempt),
      expectsRunning: expectsRunning || before?.expectsRunning === true,
    });
  };
  for (const observation of observations) {
    if (observation.kind === 'tags-changed' && observation.changedKeys.some((key) => key.startsWith(TAG_PREFIX))) {
      want(observation.instanceId, 0, false);
    }
    if (observation.kind === 'lifecycle' && observation.transition === 'launching')
      want(observation.instanceId, 0, true);
    if (observation.kind === 'instance-state' && observation.state === 'running') want(observation.instanceId, 0, true);
    if (observation.kind === 'read-again')
      for (const id of observation.instanceIds) want(id, observation.attempt, true);
  }
  return wanted;
}

interface Reads {
  readonly atMs: number;
  readonly found: ReadonlyMap<string, InstanceDescription>;
}

/** A failed read loses nothing: the instances are read again later. */
export async function readInstances(ids: readonly string[], ports: ComputePorts): Promise<Reads> {
  const atMs = ports.clock.now();
  if (ids.length === 0) return { atMs, found: new Map() };
  try {
    const read = await ports.compute.describe(ids);
    return { atMs, found: new Map(read.map((description) => [description.instanceId, description])) };
  } catch (error) {
    if (!(error instanceof ServiceFailure)) throw error;
    ports.log.error('DescribeInstances failed; the instances will be read again', {
      code: error.code,
      message: error.message,
      instances: ids,
    });
    return { atMs, found: new Map() };
  }
}

/** What needs no read any more, and what does whatever is known of it: another has stored something since, or no read showed it. */
interface Late {
  readonly gone: ReadonlySet<string>;
  readonly unread: ReadonlySet<string>;
}

/** What an event promised and the read did not show yet: not listed, still pending, or without its public address. */
export async function readAgain(
  wanted: ReadonlyMap<string, Wanted>,
  { gone, unread }: Late,
  saved: Saved,
  ports: ComputePorts,
): Promise<void> {
  const byAttempt = new Map<number, string[]>();
  for (const [id, { attempt, expectsRunning }] of wanted) {
    const fact = saved.facts.get(id);
    const isShown = fact !== undefined && !unread.has(id) && !isIncomplete(fact, expectsRunning, saved.installation);
    const isComplete = gone.has(id) || isShown;
    if (!isComplete && attempt < MAX_READS_AGAIN) byAttempt.set(attempt, [...(byAttempt.get(attempt) ?? []), id]);
  }
  for (const [attempt, instanceIds] of byAttempt) {
    await ports.queue.later(
      { kind: 'read-again', instanceIds: instanceIds.sort(), attempt: attempt + 1 },
      2 ** attempt,
    );
  }
}

function isIncomplete(fact: Fact, expectsRunning: boolean, installation: Installation | undefined): boolean {
  const read = fact.description;
  if (fact.gone !== undefined) return false;
  if (read === undefined) return true;
  if (!isLive(fact)) return expectsRunning;
  if (read.state === 'pending') return expectsRunning;
  const needsPublic = claimedRoles(read.tags).roles.some((name) => {
    const role = roleOf(installation, name);
    return role?.elasticIp === undefined && role?.names.some(({ addresses }) => addresses.includes('public')) === true;
  });
  return needsPublic && read.publicIpv4 === undefined;
}
