/** What may ask an instance to leave; a role's `drainOn` says which of these it heeds. */
export const DRAIN_TRIGGERS = ['hook', 'spot', 'tag', 'retirement', 'rebalance'] as const;
export type DrainTrigger = (typeof DRAIN_TRIGGERS)[number];

/** A standing demand that the instance leave. `request`, by `rolecall drain`, is heeded by every role. */
export interface DrainAsk {
  readonly by: 'request' | DrainTrigger;
  /** When it was asked, in ms since the epoch. */
  readonly atMs: number;
  /** The token of a lifecycle action: an instance may wait at several hooks. */
  readonly token?: string;
  /** With a token: the hook, and the Auto Scaling group that has it. */
  readonly hook?: string;
  readonly group?: string;
  /** Of a retirement: when AWS retires the instance. */
  readonly startsAtMs?: number;
  /** Not in effect yet: a retirement is, from an hour before its start on. */
  readonly announced?: true;
  /** Taken back at `atMs`: what was asked up to then counts no more, however late it is told. */
  readonly ended?: true;
  /** Of a request: the instance is to be terminated when it has drained. */
  readonly terminate?: true;
  /** Of a request: why, in the words of who asked. */
  readonly why?: string;
}

export const DRAIN_TAG = 'rolecall:drain';

/** How long before its start a retirement makes an instance leave. */
const RETIREMENT_LEAD_MS = 3_600_000;

/** Any value but `false` asks for a drain. */
export function isDrainTagged(tags: Readonly<Record<string, string>>): boolean {
  const value = tags[DRAIN_TAG];
  return value !== undefined && value.toLowerCase() !== 'false';
}

/** Adds an ask. Returns the same list when it is known, or was taken back since. */
export function withAsk(asks: readonly DrainAsk[], ask: DrainAsk): readonly DrainAsk[] {
  if (asks.some(({ by, ended, atMs }) => ended === true && by === ask.by && atMs >= ask.atMs)) return asks;
  const same = asks.find((each) => each.ended === undefined && each.by === ask.by && each.token === ask.token);
  if (same === undefined) return sorted([...asks, ask]);
  const isRescheduled = ask.startsAtMs !== same.startsAtMs && ask.atMs > same.atMs;
  const isMore = ask.terminate === true && same.terminate === undefined;
  if (!isRescheduled && !isMore) return asks;
  return sorted([...asks.filter((each) => each !== same), { ...ask, ...(isMore ? { atMs: same.atMs } : {}) }]);
}

/** Takes back what this trigger asked up to then. Returns the same list when that is known. */
export function withoutAsks(asks: readonly DrainAsk[], by: DrainAsk['by'], atMs: number): readonly DrainAsk[] {
  const isOld = (ask: DrainAsk) => ask.by === by && ask.atMs <= atMs;
  const isKnown = asks.some((ask) => ask.by === by && ask.ended === true && ask.atMs >= atMs);
  if (isKnown && !asks.some((ask) => isOld(ask) && ask.ended === undefined)) return asks;
  return sorted([...asks.filter((ask) => !isOld(ask)), { by, atMs, ended: true }]);
}

/** Describe calls are eventually consistent: no read is believed to be older than this. */
export const STALE_READ_MS = 60_000;

interface TagsRead {
  readonly launchTimeMs: number;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * What a read shows decides for the tag; what asked an earlier incarnation to leave does not ask this one. A read that was
 * begun after the event of a change may still be older than the change: then it takes a second look.
 *
 * ```
 * told by an event       shown now   shown before              the tag
 * set                    set         -                         asks
 * set                    not set     not set                   asks, until the event is a minute old
 * set                    not set     set                       asks no more
 * taken away             not set     -                         does not ask
 * taken away             set         set                       does not ask, until the event is a minute old
 * taken away             set         not set                   asks
 * ```
 */
export function asksOfIncarnation(
  asks: readonly DrainAsk[],
  read: TagsRead,
  readAtMs: number,
  before?: TagsRead,
): readonly DrainAsk[] {
  const isTagged = isDrainTagged(read.tags);
  const isNews = before !== undefined && isDrainTagged(before.tags) !== isTagged;
  const isPast = ({ atMs }: DrainAsk) => isNews || readAtMs >= atMs + STALE_READ_MS || read.launchTimeMs > atMs;
  const isTag = ({ by, ended }: DrainAsk) => by === 'tag' && ended === undefined;
  const kept = asks.filter((ask) => (isTag(ask) ? isTagged || !isPast(ask) : ask.atMs >= read.launchTimeMs));
  const takenAway = kept.find(({ by, ended }) => by === 'tag' && ended === true);
  const asksAnew = isTagged && !kept.some(isTag) && (takenAway === undefined || isPast(takenAway));
  if (asksAnew) {
    const others = kept.filter((ask) => ask !== takenAway);
    return sorted([...others, { by: 'tag', atMs: readAtMs }]);
  }
  return kept.length === asks.length ? asks : kept;
}

/** Announced asks whose time has come are in effect. Returns the same list when there are none. */
export function withDueAsks(asks: readonly DrainAsk[], nowMs: number): readonly DrainAsk[] {
  const isDue = ({ announced, startsAtMs = 0 }: DrainAsk) =>
    announced === true && startsAtMs - RETIREMENT_LEAD_MS <= nowMs;
  if (!asks.some(isDue)) return asks;
  return asks.map((ask) => {
    if (!isDue(ask)) return ask;
    const { announced: _announced, ...inEffect } = ask;
    return inEffect;
  });
}

export function asksInEffect(asks: readonly DrainAsk[] | undefined): readonly DrainAsk[] {
  return (asks ?? []).filter(({ ended, announced }) => ended === undefined && announced === undefined);
}

function sorted(asks: readonly DrainAsk[]): readonly DrainAsk[] {
  const keyOf = ({ by, token = '', ended }: DrainAsk) => `${by}|${token}|${ended === true ? 1 : 0}`;
  return [...asks].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}
