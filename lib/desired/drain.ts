import type { DrainAsk } from '../model/drain.ts';
import type { Withdrawal } from '../model/drain-progress.ts';
import type { Member } from '../model/member.ts';
import type { Role } from '../model/role.ts';
import type { Slot } from '../model/slot.ts';
import { drainsOf, inService, isYielding } from './standing.ts';

/**
 * "Changes generally propagate to all Route 53 name servers within 60 seconds" (Amazon Route 53 API Reference,
 * ChangeResourceRecordSets). Twice that, where the id of the change was lost and nobody can be asked.
 */
export const PROPAGATION_BOUND_MS = 120_000;

/** A configured role of the instance, with all that the registry has of it. */
export interface DrainingRole {
  readonly definition: Role;
  readonly members: readonly Member[];
  readonly slots: readonly Slot[];
}

export interface DrainView {
  readonly instanceId: string;
  /** A tombstone, or stopped: nothing of it is left to withdraw. */
  readonly isLive: boolean;
  /** It waits at a termination hook, and no proof says that it is gone: it may have been started again, of which nobody told. */
  readonly isHeld: boolean;
  readonly roles: readonly DrainingRole[];
  /** It has been given other roles, or has left, since its fact was read: then the roles above tell nothing. */
  readonly isOutdated: boolean;
  /** Whether a pass still has work for it in any group, or for the roles that it claims. */
  readonly isDirty: boolean;
  readonly withdrawals: readonly Departure[];
}

/** That resolvers may still name it. */
export type Departure = Pick<Withdrawal, 'changeId' | 'acceptedAtMs' | 'ttlSeconds' | 'inSyncAtMs'>;

/** How far a drain has come. */
export type DrainState =
  /** The instance went before it had drained. */
  | { readonly kind: 'gone' }
  /** Nothing asks it to leave, or no role heeds it. */
  | { readonly kind: 'staying' }
  /** It serves on as the last of its role, and leaves when another serves. */
  | { readonly kind: 'yielding' }
  /** Names, or an Elastic IP, are on their way to others. */
  | { readonly kind: 'withdrawing' }
  /** No name server names it; resolvers may until then. */
  | { readonly kind: 'waiting'; readonly untilMs: number }
  | { readonly kind: 'drained' };

/**
 * ```
 * gone, or stopped and at no hook                     gone
 * stopped, at a hook, and resolvers may remember it   waiting
 * given other roles while this was read               withdrawing
 * lost its last role, at a hook, and a pass has work  withdrawing
 * lost its last role, at a hook, and remembered       waiting
 * no role heeds any of its asks                       staying
 * only announced, and the last of its role            yielding
 * a pass has work for it, or an address of a pool     withdrawing
 * a change that took it out is not INSYNC             withdrawing
 * the longest TTL since INSYNC is not over            waiting
 * otherwise                                           drained
 * ```
 */
export function drainState(view: DrainView, nowMs: number): DrainState {
  if (!view.isLive) return (view.isHeld ? remembered(view, nowMs) : undefined) ?? { kind: 'gone' };
  if (view.isOutdated) return { kind: 'withdrawing' };
  const heeding = view.roles.filter((role) => heeds(role, view.instanceId).length > 0);
  if (heeding.length === 0) return lingering(view, nowMs) ?? { kind: 'staying' };
  if (heeding.some((role) => isLastResort(role, view.instanceId))) return { kind: 'yielding' };
  if (view.isDirty || heeding.some((role) => holdsAddress(role, view.instanceId))) return { kind: 'withdrawing' };
  return remembered(view, nowMs) ?? { kind: 'drained' };
}

/** Who is a member of no role any more may have been of one just before: only at a hook somebody waits for that to be forgotten. */
function lingering(view: DrainView, nowMs: number): DrainState | undefined {
  if (!view.isHeld || view.roles.some((role) => isMemberOf(role, view.instanceId))) return undefined;
  return view.isDirty ? { kind: 'withdrawing' } : remembered(view, nowMs);
}

export function isMemberOf({ members }: DrainingRole, instanceId: string): boolean {
  return members.some((member) => member.instanceId === instanceId);
}

/** Of a role without a pool the marks tell as much, and where its only zone is gone for good nobody will fill the slot. */
function holdsAddress({ definition, slots }: DrainingRole, instanceId: string): boolean {
  return definition.elasticIp !== undefined && slots.some(({ holder }) => holder === instanceId);
}

/** While resolvers may still answer with what it was taken out of. */
function remembered({ withdrawals }: DrainView, nowMs: number): DrainState | undefined {
  const ends = withdrawals.map(forgottenAtMs);
  if (ends.includes(undefined)) return { kind: 'withdrawing' };
  const untilMs = Math.max(0, ...ends.map((end) => end ?? 0));
  return nowMs < untilMs ? { kind: 'waiting', untilMs } : undefined;
}

/** A drain needs a look by a person when it has not ended so long after it could have. */
export const OVERDUE_MS = 3_600_000;

/** Whether it should have ended long ago; one that yields to nobody, or waits out a TTL, is on time. */
export function isOverdue(view: DrainView, sinceMs: number, nowMs: number): boolean {
  const { kind } = drainState(view, nowMs);
  if (kind !== 'withdrawing' && kind !== 'drained') return false;
  const longestTtlMs = Math.max(0, ...view.withdrawals.map(({ ttlSeconds }) => ttlSeconds * 1000));
  const ends = view.withdrawals.map((withdrawal) => forgottenAtMs(withdrawal) ?? 0);
  const couldEndAtMs = Math.max(sinceMs + PROPAGATION_BOUND_MS + longestTtlMs, ...ends);
  return nowMs - couldEndAtMs >= OVERDUE_MS;
}

/** What the role heeds of the demands that the instance leave it. */
export function heeds({ definition, members }: DrainingRole, instanceId: string): readonly DrainAsk[] {
  const member = members.find((each) => each.instanceId === instanceId);
  return member === undefined ? [] : drainsOf(definition, member);
}

function isLastResort(role: DrainingRole, instanceId: string): boolean {
  return (
    heeds(role, instanceId).every(isYielding) &&
    inService(role.definition, role.members).some((member) => member.instanceId === instanceId)
  );
}

/** From then on no resolver that keeps to the TTL has an answer with it; undefined: not known yet. */
function forgottenAtMs({ changeId, acceptedAtMs, ttlSeconds, inSyncAtMs }: Departure): number | undefined {
  const sinceMs = inSyncAtMs ?? (changeId === undefined ? acceptedAtMs + PROPAGATION_BOUND_MS : undefined);
  return sinceMs === undefined ? undefined : sinceMs + ttlSeconds * 1000;
}
