import { type Fact, isLive } from './fact.ts';
import { ROLE_TAG } from './instance.ts';
import type { Host } from './role.ts';

/** What a host outside EC2 last told of itself. Its fact has no other source. */
export interface HostReport {
  readonly ipv4?: ToldAddress;
  readonly ipv6?: ToldAddress;
  /** Why it is no member now; its next report ends that. */
  readonly away?: Away;
}

export interface ToldAddress {
  readonly address: string;
  /** When it was last told, in ms since the epoch. */
  readonly atMs: number;
}

/** `expired`: silent for too long; `offline`: it said so; `removed`: it is no host of the installation any more. */
export type Away = 'expired' | 'offline' | 'removed';

/** Addresses in normal form; a family that is left out stays as it was told before. */
export interface Told {
  readonly ipv4?: string;
  readonly ipv6?: string;
}

/**
 * Folds a report in. While it is a member its age stays; one that comes back begins anew. The members that follow from
 * the fact are the same when only the time of the report is new.
 */
export function foldTold(fact: Fact, host: Host, told: Told, nowMs: number): Fact {
  const wasLive = isLive(fact);
  const before = wasLive ? fact.host : undefined;
  const ipv4 = told.ipv4 === undefined ? before?.ipv4 : { address: told.ipv4, atMs: nowMs };
  const ipv6 = told.ipv6 === undefined ? before?.ipv6 : { address: told.ipv6, atMs: nowMs };
  const report = { ...(ipv4 === undefined ? {} : { ipv4 }), ...(ipv6 === undefined ? {} : { ipv6 }) };
  return described(fact, host, report, wasLive ? (fact.description?.launchTimeMs ?? nowMs) : nowMs, nowMs);
}

/** Folds what time and the configuration do to a host. Returns the same object when they change nothing. */
export function foldHost(fact: Fact, host: Host | undefined, nowMs: number): Fact {
  if (fact.host === undefined) return fact;
  if (host === undefined) return foldAway(fact, 'removed');
  if (!isLive(fact)) return fact;
  const report = unexpired(fact.host, host.expireAfterSeconds, nowMs);
  if (report.ipv4 === undefined && report.ipv6 === undefined) return foldAway(fact, 'expired');
  const isSame = report === fact.host && fact.description?.tags[ROLE_TAG] === roleTag(host);
  return isSame ? fact : described(fact, host, report, fact.description?.launchTimeMs ?? nowMs, nowMs);
}

/** A host is no member from now on, until it reports again. Returns the same object when it is away for that reason. */
export function foldAway(fact: Fact, away: Away): Fact {
  if (fact.host === undefined || fact.host.away === 'removed' || fact.host.away === away) return fact;
  return { ...fact, host: { ...fact.host, away } };
}

/** When it last told anything, in ms since the epoch; 0 when never. */
export function lastToldMs({ ipv4, ipv6 }: HostReport): number {
  return Math.max(ipv4?.atMs ?? 0, ipv6?.atMs ?? 0);
}

function unexpired(report: HostReport, expireAfterSeconds: number | undefined, nowMs: number): HostReport {
  if (expireAfterSeconds === undefined) return report;
  const isKept = (told: ToldAddress | undefined) => told !== undefined && nowMs - told.atMs < expireAfterSeconds * 1000;
  const { ipv4, ipv6 } = report;
  if ((ipv4 === undefined || isKept(ipv4)) && (ipv6 === undefined || isKept(ipv6))) return report;
  return {
    ...(ipv4 !== undefined && isKept(ipv4) ? { ipv4 } : {}),
    ...(ipv6 !== undefined && isKept(ipv6) ? { ipv6 } : {}),
  };
}

function described(fact: Fact, host: Host, report: HostReport, launchTimeMs: number, nowMs: number): Fact {
  return {
    ...fact,
    host: report,
    readAtMs: nowMs,
    description: {
      instanceId: fact.instanceId,
      state: 'running',
      launchTimeMs,
      ...(report.ipv4 === undefined ? {} : { publicIpv4: report.ipv4.address }),
      ipv6: report.ipv6 === undefined ? [] : [report.ipv6.address],
      tags: { [ROLE_TAG]: roleTag(host) },
    },
  };
}

function roleTag({ roles }: Host): string {
  return roles.join(' ');
}
