/**
 * What is known of an instance's health.
 *
 * ```
 * status checks   withdrawn after two reads in a row that say `impaired`, back after two that say `ok`; a read that
 *                 says neither (initializing, insufficient-data), fails or leaves the instance out changes nothing
 * alarms          each as its newest event or read says: by the time of the change, so that a late event changes nothing
 * ```
 */
export interface Health {
  readonly checks?: StatusChecks;
  /** By the alarm's name; those that are known to be over are remembered for an hour. */
  readonly alarms?: Readonly<Record<string, AlarmSeen>>;
}

/** Of one incarnation: a stop and start is the cure that AWS advises, and begins anew. */
export interface StatusChecks {
  readonly launchTimeMs: number;
  readonly impaired: boolean;
  /** Reads in a row that say otherwise than `impaired`. */
  readonly contrary: number;
  /** When the last of them was started. */
  readonly countedAtMs: number;
}

export interface AlarmSeen {
  readonly inAlarm: boolean;
  /** When it changed, as far as we know. */
  readonly atMs: number;
}

/** `undefined` says neither. */
export type StatusVerdict = 'ok' | 'impaired' | undefined;

/** Reads in a row that it takes to withdraw a member, and as many to bring it back. */
const CONTRARY_READS = 2;
/** EC2 checks once a minute ("Status checks for Amazon EC2 instances"): reads closer together are one. */
const READ_INTERVAL_MS = 30_000;
/** An event this old is delivered no more. */
const ALARM_MEMORY_MS = 3_600_000;
/** EventBridge's times are cut to the second. */
const TIME_RESOLUTION_MS = 1_000;

/** Counts one read of the status checks, started at `readAtMs`. Returns the same object when it changes nothing. */
export function foldStatusCheck(
  health: Health | undefined,
  launchTimeMs: number,
  verdict: StatusVerdict,
  readAtMs: number,
): Health | undefined {
  const checks = health?.checks;
  const current = checks?.launchTimeMs === launchTimeMs ? checks : undefined;
  if (verdict === undefined) return health;
  const impaired = current?.impaired ?? false;
  if ((verdict === 'impaired') === impaired) {
    if (!impaired) return checks === undefined ? health : without(health, 'checks');
    return current?.contrary === 0 ? health : { ...health, checks: settled(launchTimeMs, impaired, readAtMs) };
  }
  if (current !== undefined && current.contrary > 0 && readAtMs - current.countedAtMs < READ_INTERVAL_MS) return health;
  const contrary = (current?.contrary ?? 0) + 1;
  if (contrary < CONTRARY_READS) {
    return { ...health, checks: { launchTimeMs, impaired, contrary, countedAtMs: readAtMs } };
  }
  return impaired ? without(health, 'checks') : { ...health, checks: settled(launchTimeMs, true, readAtMs) };
}

function settled(launchTimeMs: number, impaired: boolean, countedAtMs: number): StatusChecks {
  return { launchTimeMs, impaired, contrary: 0, countedAtMs };
}

function without(health: Health | undefined, key: keyof Health): Health | undefined {
  const rest: Health = Object.fromEntries(Object.entries(health ?? {}).filter(([each]) => each !== key));
  return Object.keys(rest).length === 0 ? undefined : rest;
}

/** Folds an alarm's change at `atMs` in. An older one changes nothing; returns the same object then. */
export function foldAlarm(
  health: Health | undefined,
  name: string,
  inAlarm: boolean,
  atMs: number,
): Health | undefined {
  const seen = health?.alarms?.[name];
  if (seen !== undefined && (atMs < seen.atMs || (atMs === seen.atMs && seen.inAlarm === inAlarm))) return health;
  return withAlarm(health, name, { inAlarm, atMs });
}

function withAlarm(health: Health | undefined, name: string, seen: AlarmSeen): Health {
  const kept = Object.entries(health?.alarms ?? {}).filter(
    ([each, { inAlarm, atMs }]) => each !== name && (inAlarm || seen.atMs - atMs < ALARM_MEMORY_MS),
  );
  const alarms = Object.fromEntries([...kept, [name, seen] as const].sort(([one], [other]) => (one < other ? -1 : 1)));
  return { ...health, alarms };
}

/**
 * Folds a complete list of the alarms that are in ALARM, read from `readAtMs` on: what was believed to be in ALARM since
 * before that and is not listed is over. `isCovered` tells which alarms the list would hold.
 */
export function foldAlarmList(
  health: Health | undefined,
  listed: ReadonlyMap<string, number>,
  isCovered: (name: string) => boolean,
  readAtMs: number,
): Health | undefined {
  let folded = health;
  for (const [name, atMs] of listed)
    if (health?.alarms?.[name]?.inAlarm !== true) folded = foldAlarm(folded, name, true, atMs);
  for (const [name, { inAlarm, atMs }] of Object.entries(health?.alarms ?? {})) {
    const isOver = inAlarm && !listed.has(name) && isCovered(name) && atMs + TIME_RESOLUTION_MS <= readAtMs;
    if (isOver) folded = foldAlarm(folded, name, false, readAtMs);
  }
  return folded;
}

export function isImpaired(health: Health | undefined, launchTimeMs: number): boolean {
  return health?.checks?.launchTimeMs === launchTimeMs && health.checks.impaired;
}

/** The names of the alarms in ALARM; sorted. */
export function alarmsOf(health: Health | undefined): string[] {
  return Object.entries(health?.alarms ?? {}).flatMap(([name, { inAlarm }]) => (inAlarm ? [name] : []));
}
