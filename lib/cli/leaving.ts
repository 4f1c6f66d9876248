import * as v from 'valibot';
import { type DrainState, drainState } from '../desired/drain.ts';
import { isAdmitted } from '../desired/entitlement.ts';
import { drainsOf } from '../desired/standing.ts';
import { readDrainView } from '../reconcile/drain-view.ts';
import type { RoleState } from '../reconcile/ports.ts';
import { isoTime, type Knowledge, type Sources } from './knowledge.ts';

const LEAVING_STAGES = ['yielding', 'withdrawing', 'waiting', 'drained'] as const;

/** How far a member's leave of a role has come. */
export const LEAVING = v.strictObject({
  /**
   * `yielding`: serves until another does; `withdrawing`: its names or Elastic IP are on their way to others; `waiting`:
   * resolvers may still remember it; `drained`: none should.
   */
  stage: v.picklist(LEAVING_STAGES),
  /** While `waiting`: when the longest TTL is over. */
  until: v.exactOptional(v.string()),
  /** While `waiting`: seconds until then. */
  secondsLeft: v.exactOptional(v.number()),
});
export type Leaving = v.InferOutput<typeof LEAVING>;

/** Who leaves which role, and how far that has come. */
export type Leavings = ReadonlyMap<string, Leaving>;

export async function readLeavings(
  { roles, facts, installation, nowMs }: Knowledge,
  { registry }: Pick<Sources, 'registry'>,
): Promise<Leavings> {
  const instanceIds = new Set(roles.flatMap(leaversOf));
  const read = await Promise.all(
    [...instanceIds].map(async (instanceId) => {
      const view = await readDrainView(instanceId, facts.get(instanceId), installation, registry);
      // Each of its roles apart: it may have left one, and be the last of another.
      return view.roles.flatMap((role) => {
        const leaving = leavingOf(drainState({ ...view, roles: [role] }, nowMs), nowMs);
        return leaving === undefined ? [] : [[keyOf(role.definition.role, instanceId), leaving] as const];
      });
    }),
  );
  return new Map(read.flat());
}

function keyOf(role: string, instanceId: string): string {
  return `${role} ${instanceId}`;
}

export function leavingIn(leavings: Leavings, role: string, instanceId: string): Leaving | undefined {
  return leavings.get(keyOf(role, instanceId));
}

/** The property `drain` of a member, where it leaves. */
export function drainIn(leavings: Leavings, role: string, instanceId: string): { readonly drain?: Leaving } {
  const drain = leavingIn(leavings, role, instanceId);
  return drain === undefined ? {} : { drain };
}

function leaversOf({ definition, members }: RoleState): string[] {
  if (definition === undefined) return [];
  return members.flatMap((member) =>
    isAdmitted(definition, member) && drainsOf(definition, member).length > 0 ? [member.instanceId] : [],
  );
}

function leavingOf(state: DrainState, nowMs: number): Leaving | undefined {
  switch (state.kind) {
    case 'gone':
    case 'staying':
      return undefined;
    case 'yielding':
    case 'withdrawing':
    case 'drained':
      return { stage: state.kind };
    case 'waiting':
      return {
        stage: 'waiting',
        until: isoTime(state.untilMs),
        secondsLeft: Math.ceil((state.untilMs - nowMs) / 1000),
      };
  }
}

export const LEAVING_PROSE: Readonly<Record<Leaving['stage'], string>> = {
  yielding: 'serves on until another member of its role does',
  withdrawing: 'its names are being withdrawn',
  waiting: 'withdrawn everywhere; resolvers may remember it',
  drained: 'has drained: no resolver should remember it',
};

/** In a few words, after the standing of a member. */
export function leavingText({ stage, secondsLeft = 0 }: Leaving): string {
  switch (stage) {
    case 'yielding':
      return 'leaves when another serves';
    case 'withdrawing':
      return 'being withdrawn';
    case 'waiting':
      return `${secondsLeft} s left`;
    case 'drained':
      return 'drained';
  }
}

export function standingText(standing: string, drain: Leaving | undefined): string {
  return drain === undefined ? standing : `${standing}, ${leavingText(drain)}`;
}
