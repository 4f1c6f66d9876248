import { givesName, hasOrdinals, type HostRole } from '../desired/host-names.ts';
import { ServiceFailure } from '../model/errors.ts';
import { type Fact, isLive, unknownInstance } from '../model/fact.ts';
import { foldAway, foldTold, type Told } from '../model/host.ts';
import type { Host, Installation } from '../model/role.ts';
import { factUpdate } from './claims.ts';
import { roleOf } from './groups.ts';
import { hostOf } from './hosts.ts';
import type { CorePorts } from './ports.ts';
import { wake } from './wake.ts';

const SAVE_ROUNDS = 4;
/** How long an answer waits for the zones: most clients give up after ten seconds or more. */
const PUBLISH_WAIT_MS = 3_000;
const POLL_MS = 250;

export type HostReportOutcome = 'changed' | 'unchanged';

/** What a host tells, or what is told of it: addresses, or that it is away. */
export type HostNews =
  | { readonly kind: 'told'; readonly told: Told }
  | { readonly kind: 'away'; readonly away: 'offline' | 'removed' };

/** Which of these names the roles of a host give it. */
export async function namesOf(
  host: Host,
  names: readonly string[],
  installation: Installation,
  { registry }: Pick<CorePorts, 'registry'>,
): Promise<ReadonlySet<string>> {
  const region = installation.region ?? '';
  const roles = host.roles.flatMap((name) => roleOf(installation, name) ?? []);
  const states = await Promise.all(
    roles.map(async (role): Promise<HostRole> => {
      const slots = hasOrdinals(role) ? (await registry.readRole(role.role)).slots : [];
      return { role, slots };
    }),
  );
  return new Set(names.filter((name) => states.some((state) => givesName(state, host, region, name))));
}

/**
 * Stores what a host tells, wakes the zones that it concerns, and waits for a moment until they have published it. What
 * they cannot publish by then follows: the fact is stored.
 *
 * @throws ServiceFailure where the registry or the queue cannot be reached.
 */
export async function reportHost(
  host: Host,
  news: HostNews,
  known: { readonly installation: Installation; readonly fact?: Fact },
  ports: CorePorts,
): Promise<HostReportOutcome> {
  const { registry, clock } = ports;
  let { installation, fact } = known;
  for (let round = 0; round < SAVE_ROUNDS; round += 1) {
    const current = hostOf(installation, host.id);
    if (current === undefined) return 'unchanged';
    const before = fact ?? unknownInstance(host.id, installation.account ?? '', installation.region ?? '');
    const after =
      news.kind === 'told' ? foldTold(before, current, news.told, clock.now()) : foldAway(before, news.away);
    const { write, groups } = factUpdate(before, after, installation, clock.now());
    const stale = after === before ? [] : await registry.saveFacts([write]);
    if (stale.length === 0) {
      const isChanged = !isSame(before, after);
      const dirty = isChanged
        ? write.marks.map(({ group }) => group)
        : await registry.dirtyGroups([{ instanceId: host.id, groups }]);
      await wake(dirty, ports);
      if (isChanged) await untilPublished(host.id, dirty, ports);
      return isChanged ? 'changed' : 'unchanged';
    }
    const reread = await registry.readFacts([host.id]);
    installation = reread.installation ?? installation;
    fact = reread.facts[0];
  }
  throw new ServiceFailure('throttled', `the fact of ${host.id} is being written by others`);
}

/** The time at which it was told does not count. */
function isSame(before: Fact, after: Fact): boolean {
  return isLive(before) === isLive(after) && (!isLive(after) || addresses(before) === addresses(after));
}

function addresses({ description }: Fact): string {
  return JSON.stringify([description?.publicIpv4, description?.ipv6]);
}

async function untilPublished(
  instanceId: string,
  groups: readonly string[],
  { registry, clock }: Pick<CorePorts, 'registry' | 'clock'>,
): Promise<void> {
  const untilMs = clock.now() + PUBLISH_WAIT_MS;
  let dirty = groups;
  while (dirty.length > 0 && clock.now() < untilMs) {
    await clock.sleep(POLL_MS);
    dirty = await registry.dirtyGroups([{ instanceId, groups: dirty }]);
  }
}
