import { type DrainState, drainState } from '../desired/drain.ts';
import { asksInEffect, type DrainAsk } from '../model/drain.ts';
import { ServiceFailure } from '../model/errors.ts';
import { type Fact, foldDrain, foldDrainEnd, isLive, membersOf } from '../model/fact.ts';
import type { Installation } from '../model/role.ts';
import { DRAINS_GROUP } from '../model/zone.ts';
import { factUpdate } from './claims.ts';
import { readDrainView } from './drain-view.ts';
import { roleOf } from './groups.ts';
import type { CorePorts } from './ports.ts';
import { wake } from './wake.ts';

const SAVE_ROUNDS = 6;

type RequestPorts = Pick<CorePorts, 'registry' | 'queue' | 'clock'>;

export type DrainRequested =
  | {
      readonly kind: 'asked';
      readonly roles: readonly string[];
      /** Whether Rolecall terminates the instance itself when it has drained. */
      readonly willTerminate: boolean;
    }
  | { readonly kind: 'refused'; readonly message: string };

/** Asks an instance to leave all its roles. Throws `ServiceFailure`. */
export async function requestDrain(
  instanceId: string,
  wish: { readonly terminate: boolean; readonly why?: string },
  ports: RequestPorts,
): Promise<DrainRequested> {
  let willTerminate = false;
  const saved = await change(instanceId, ports, (fact, installation) => {
    willTerminate = wish.terminate && installation.allowTerminate;
    // Clocks differ: what is asked now is asked after all that was asked or taken back before, and of this incarnation.
    const earlier = (fact.drains ?? []).filter(({ by }) => by === 'request').map(({ atMs }) => atMs + 1);
    const atMs = Math.max(ports.clock.now(), fact.description?.launchTimeMs ?? 0, fact.closedUpToMs, ...earlier);
    return foldDrain(fact, {
      by: 'request',
      atMs,
      ...(willTerminate ? { terminate: true } : {}),
      ...(wish.why === undefined ? {} : { why: wish.why }),
    });
  });
  if (typeof saved === 'string') return { kind: 'refused', message: saved };
  return { kind: 'asked', roles: saved.roles, willTerminate };
}

export type DrainTakenBack =
  | {
      readonly kind: 'taken-back';
      /** What else still asks it to leave. */
      readonly left: readonly DrainAsk['by'][];
    }
  | { readonly kind: 'refused'; readonly message: string };

/** Takes back what `requestDrain` asked. Throws `ServiceFailure`. */
export async function takeBackDrain(instanceId: string, ports: RequestPorts): Promise<DrainTakenBack> {
  const saved = await change(instanceId, ports, (fact) => {
    const asked = (fact.drains ?? []).filter(({ by }) => by === 'request').map(({ atMs }) => atMs);
    return foldDrainEnd(fact, 'request', Math.max(ports.clock.now(), ...asked));
  });
  if (typeof saved === 'string') return { kind: 'refused', message: saved };
  return { kind: 'taken-back', left: [...new Set(asksInEffect(saved.fact.drains).map(({ by }) => by))] };
}

/** Folds the fact, stores it and wakes who has work; a text says why not. */
async function change(
  instanceId: string,
  ports: RequestPorts,
  fold: (fact: Fact, installation: Installation) => Fact,
): Promise<{ readonly fact: Fact; readonly roles: readonly string[] } | string> {
  for (let round = 0; round < SAVE_ROUNDS; round += 1) {
    const { installation, facts } = await ports.registry.readFacts([instanceId]);
    const [before] = facts;
    if (installation === undefined) return 'nothing is installed: deploy the stack first';
    if (before === undefined || !isLive(before))
      return `${instanceId} is no running member; rolecall members lists them`;
    const roles = membersOf(before).flatMap(({ role }) => (roleOf(installation, role) === undefined ? [] : [role]));
    if (roles.length === 0) return `${instanceId} has no role that is configured; rolecall members lists the members`;
    const after = fold(before, installation);
    const { write, groups } = factUpdate(before, after, installation, ports.clock.now());
    if (after !== before && (await ports.registry.saveFacts([write])).length > 0) continue;
    await wake([...groups, DRAINS_GROUP], ports);
    return { fact: after, roles };
  }
  throw new ServiceFailure('throttled', `the fact of ${instanceId} is being written by others; try again`);
}

/** How far the drain of an instance has come, as the registry has it now. */
export async function drainProgress(
  instanceId: string,
  { registry, clock }: Pick<CorePorts, 'registry' | 'clock'>,
): Promise<DrainState & { readonly isOpen: boolean }> {
  const [{ installation, facts }, open] = await Promise.all([registry.readFacts([instanceId]), registry.readDrains()]);
  const isOpen = open.some((drain) => drain.instanceId === instanceId);
  if (installation === undefined) return { kind: 'gone', isOpen };
  const view = await readDrainView(instanceId, facts[0], installation, registry);
  return { ...drainState(view, clock.now()), isOpen };
}
