import type { Clock } from '../model/clock.ts';
import { type Fact, membersOf } from '../model/fact.ts';
import type { LedgerSet } from '../model/ledger.ts';
import { setKey } from '../model/record-set.ts';
import type { Installation } from '../model/role.ts';
import { ADDRESSES_GROUP } from '../model/zone.ts';
import { groupsOf, roleOf } from '../reconcile/groups.ts';
import type { Dns } from '../reconcile/ports.ts';
import type { FollowedDns } from './move-schema.ts';
import type { Target } from './target.ts';

const POLL_MS = 250;
/** "Changes generally propagate to all Route 53 name servers within 60 seconds" (ChangeResourceRecordSets): twice that. */
const LONGEST_WAIT_MS = 120_000;
/** EC2 assigns a public address to an instance that lost its Elastic IP, but not to every one, and tells nobody. */
const NEW_ADDRESS_WAIT_MS = 30_000;

/** The records that one end of a move has a part in, by its own addresses. */
export interface End {
  readonly instanceId: string;
  readonly shown: ReadonlyMap<string, LedgerSet>;
  readonly publicIpv4?: string;
  /** A pass still has work for it. */
  readonly isDirty: boolean;
}

type Sources = Pick<Target, 'registry' | 'clock'> & { readonly dns: Pick<Dns, 'changeStatus'> };

/** Before the move; undefined where nothing is known of the instance. */
export async function readEnd(instanceId: string, { registry }: Pick<Target, 'registry'>): Promise<End | undefined> {
  const { installation, facts } = await registry.readFacts([instanceId]);
  const [fact] = facts;
  if (installation === undefined || fact === undefined) return undefined;
  const places = placesOf(fact, installation);
  const roles = [...new Set(places.map(({ role }) => role))];
  const { isDirty } = await registry.readDirt([
    ...[...new Set(places.map(({ group }) => group))].map((group) => ({
      group,
      subject: { kind: 'instance' as const, instanceId },
    })),
    ...places.map(({ group, role }) => ({ group, subject: { kind: 'role' as const, role } })),
  ]);
  const shown = new Map<string, LedgerSet>();
  for (const role of roles) {
    for (const { group } of places.filter((place) => place.role === role && place.group !== ADDRESSES_GROUP)) {
      const { sets } = await registry.readLedger(group, role);
      for (const owned of sets) {
        if (owned.contributors[instanceId] !== undefined) shown.set(`${group} ${setKey(owned.set)}`, owned);
      }
    }
  }
  const publicIpv4 = fact.description?.publicIpv4;
  return { instanceId, shown, isDirty, ...(publicIpv4 === undefined ? {} : { publicIpv4 }) };
}

/**
 * Whose records would change with a move: those of other roles that have the moved address of the old holder, or the
 * auto-assigned one that the new holder loses.
 */
export async function namesThatFollow(
  move: { readonly role: string; readonly address: string; readonly to: string; readonly from: string | undefined },
  sources: Pick<Target, 'registry'>,
): Promise<string[]> {
  const names = async (instanceId: string | undefined, lost: (end: End) => string | undefined): Promise<string[]> => {
    const end = instanceId === undefined ? undefined : await readEnd(instanceId, sources);
    const address = end === undefined ? undefined : lost(end);
    if (end === undefined || address === undefined) return [];
    return [...end.shown.values()]
      .filter(
        ({ role, contributors }) => role !== move.role && contributors[end.instanceId]?.includes(address) === true,
      )
      .map(({ set }) => set.name);
  };
  const found = [
    ...(await names(move.to, ({ publicIpv4 }) => publicIpv4)),
    ...(await names(move.from, () => move.address)),
  ];
  return [...new Set(found)].sort();
}

function placesOf(fact: Fact, installation: Installation) {
  return membersOf(fact).flatMap(({ role }) => {
    const definition = roleOf(installation, role);
    return definition === undefined ? [] : groupsOf(installation, definition).map((group) => ({ role, group }));
  });
}

/**
 * Waits until the records that name the ends of a move by their own addresses follow it: the new holder's auto-assigned
 * address is gone, and so is the moved one from what names the old holder, which may be assigned another by EC2.
 */
export async function followMove(
  address: string,
  before: { readonly to: End | undefined; readonly from: End | undefined },
  sources: Sources,
): Promise<FollowedDns> {
  const log = new FollowLog(sources.clock);
  const untilMs = sources.clock.now() + LONGEST_WAIT_MS;
  const isOver =
    (await newHolderFollows(address, before.to, log, untilMs, sources)) &&
    (await oldHolderFollows(address, before.from, log, untilMs, sources)) &&
    (await inSync(log, untilMs, sources));
  return log.result(isOver);
}

async function newHolderFollows(
  address: string,
  before: End | undefined,
  log: FollowLog,
  untilMs: number,
  sources: Sources,
): Promise<boolean> {
  if (before === undefined) return true;
  const now = await settled(before, ({ publicIpv4 }) => publicIpv4 === address, untilMs, sources);
  if (now === undefined) return false;
  log.took(`names of ${before.instanceId}`, before, now);
  return true;
}

async function oldHolderFollows(
  address: string,
  before: End | undefined,
  log: FollowLog,
  untilMs: number,
  sources: Sources,
): Promise<boolean> {
  if (before === undefined) return true;
  const left = await settled(before, ({ publicIpv4 }) => publicIpv4 !== address, untilMs, sources);
  if (left === undefined) return false;
  const hasAnother = left.publicIpv4 !== undefined;
  const hasChanged = log.took(`${hasAnother ? 'new address' : 'names'} of ${before.instanceId}`, before, left);
  if (hasAnother || !hasChanged) return true;
  const newUntilMs = Math.min(untilMs, sources.clock.now() + NEW_ADDRESS_WAIT_MS);
  const now = await settled(before, ({ publicIpv4 }) => publicIpv4 !== undefined, newUntilMs, sources);
  if (now !== undefined) log.took(`new address of ${before.instanceId}`, left, now);
  return true;
}

async function inSync(log: FollowLog, untilMs: number, { clock, dns }: Sources): Promise<boolean> {
  const changeIds = log.changeIds();
  for (const changeId of changeIds) {
    while ((await dns.changeStatus(changeId)) === 'pending') {
      if (clock.now() >= untilMs) return false;
      await clock.sleep(POLL_MS);
    }
  }
  if (changeIds.length > 0) log.step('in sync');
  return true;
}

/** What followed, and how long each step took. */
class FollowLog {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #startedAtMs: number;
  readonly #steps: { readonly step: string; readonly ms: number }[] = [];
  readonly #changed = new Map<string, LedgerSet>();
  #lastMs: number;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
    this.#startedAtMs = clock.now();
    this.#lastMs = this.#startedAtMs;
  }

  step(step: string): void {
    const nowMs = this.#clock.now();
    this.#steps.push({ step, ms: nowMs - this.#lastMs });
    this.#lastMs = nowMs;
  }

  /** False, and no step, where no record is another than before. */
  took(step: string, before: End, now: End): boolean {
    const sets = changedSets(before, now);
    for (const [key, owned] of sets) this.#changed.set(key, owned);
    if (sets.size > 0) this.step(step);
    return sets.size > 0;
  }

  changeIds(): readonly string[] {
    return [...new Set([...this.#changed.values()].flatMap(({ changeId }) => changeId ?? []))];
  }

  result(isOver: boolean): FollowedDns {
    const names = [...new Set([...this.#changed.values()].map(({ set }) => set.name))].sort();
    return {
      outcome: isOver ? (names.length === 0 ? 'unchanged' : 'followed') : 'unfinished',
      names,
      steps: this.#steps,
      totalMs: this.#clock.now() - this.#startedAtMs,
    };
  }
}

/** The end once it is as wanted and nothing is to do for it; undefined when that was not so in time. */
async function settled(
  { instanceId }: End,
  isWanted: (end: End) => boolean,
  untilMs: number,
  sources: Sources,
): Promise<End | undefined> {
  for (;;) {
    const end = await readEnd(instanceId, sources);
    if (end !== undefined && isWanted(end) && !end.isDirty) return end;
    if (sources.clock.now() >= untilMs) return undefined;
    await sources.clock.sleep(POLL_MS);
  }
}

/** The sets of either reading in which the part of the instance is another now; as they are now, where they stand. */
function changedSets(earlier: End, now: End): Map<string, LedgerSet> {
  const { instanceId } = now;
  const part = (owned: LedgerSet | undefined): string => (owned?.contributors[instanceId] ?? []).join(' ');
  const keys = [...new Set([...earlier.shown.keys(), ...now.shown.keys()])];
  return new Map(
    keys.flatMap((key) => {
      const [was, is] = [earlier.shown.get(key), now.shown.get(key)];
      const shown = is ?? was;
      return shown === undefined || part(was) === part(is) ? [] : [[key, shown]];
    }),
  );
}
