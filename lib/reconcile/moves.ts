import { planMove } from '../desired/move.ts';
import type { ElasticAddress } from '../model/address.ts';
import type { MoveRequest, Request, RequestOutcome } from '../model/request.ts';
import type { Installation } from '../model/role.ts';
import { ADDRESSES_GROUP } from '../model/zone.ts';
import { groupsOf } from './groups.ts';
import type { ComputePorts, RoleState } from './ports.ts';
import { wake } from './wake.ts';

/** What a pass learns of the moves that were asked for; `steps`: by request, how long each step took. */
export interface MoveLog {
  readonly steps: Map<string, { readonly step: string; readonly ms: number }[]>;
  lastMs: number;
  readonly refused: Set<string>;
}

const VERIFY_TRIES = 3;
const VERIFY_PAUSE_MS = 500;

export function movesOf(requests: readonly Request[]): readonly (Request & { readonly body: MoveRequest })[] {
  return requests.flatMap((request) => (request.body.kind === 'move' ? [{ ...request, body: request.body }] : []));
}

/** Answers what only the pass of a zone can do: nobody shall wait for it here. */
export async function refuseOthers(requests: readonly Request[], ports: ComputePorts): Promise<void> {
  for (const request of requests.filter(({ body }) => body.kind !== 'move')) {
    const message = `the addresses take the request move, and nothing is known here of ${request.body.kind}; ask a zone`;
    await ports.registry.answerRequest(request, { kind: 'refused', message });
  }
}

/**
 * Gives the slots to the targets of the moves that were asked for, or answers why not. True where a slot was written, or
 * another wrote it first: then everything is read again before EC2 is asked for anything.
 */
export async function beginMoves(
  requests: readonly Request[],
  states: readonly RoleState[],
  addresses: readonly ElasticAddress[],
  installation: Installation,
  log: MoveLog,
  ports: ComputePorts,
): Promise<boolean> {
  for (const request of movesOf(requests).filter(({ id }) => !log.refused.has(id))) {
    const { body: asked } = request;
    const state = states.find(({ role }) => role === asked.role);
    const [target] = await ports.compute.describe([asked.to]);
    const { slots = [], members = [], definition: role } = state ?? {};
    const plan = planMove({ asked, role, slots, members, addresses, target });
    if (plan.kind === 'refuse') log.refused.add(request.id);
    if (plan.kind === 'refuse') await ports.registry.answerRequest(request, { kind: 'refused', message: plan.message });
    if (plan.kind !== 'begin' || role === undefined) continue;
    took('checked', request, log, ports);
    const marks = groupsOf(installation, role).map((group) => ({
      group,
      subject: { kind: 'role' as const, role: role.role },
      roles: [role.role],
      reason: 'moved' as const,
      sinceMs: request.atMs,
    }));
    if (await ports.registry.writeSlots([{ before: plan.slot, after: plan.after }], marks)) {
      took('slot given', request, log, ports);
      const zones = marks.flatMap(({ group }) => (group === ADDRESSES_GROUP ? [] : [group]));
      await wake(zones, ports);
    }
    return true;
  }
  return false;
}

/** Answers each move by what EC2 is then read to show. One that is not there yet stays open: the pass comes again. */
export async function answerMoves(requests: readonly Request[], log: MoveLog, ports: ComputePorts): Promise<void> {
  for (const request of movesOf(requests).filter(({ id }) => !log.refused.has(id))) {
    const { body: asked } = request;
    took('associated', request, log, ports);
    for (let attempt = 0; attempt < VERIFY_TRIES; attempt += 1) {
      const addresses = await ports.compute.describeAddresses();
      const { slots } = await ports.registry.readRole(asked.role);
      const slot = slots.find(
        (each) => each.holder === asked.to && (asked.address === undefined || isAsked(asked, each)),
      );
      const address = addresses.find(({ allocationId }) => allocationId === slot?.allocationId);
      if (address?.instanceId === asked.to) {
        took('verified', request, log, ports);
        await ports.registry.answerRequest(request, done(request, asked, address, log, ports.clock.now()));
        break;
      }
      if (slot === undefined || attempt === VERIFY_TRIES - 1) break;
      await ports.clock.sleep(VERIFY_PAUSE_MS);
    }
  }
}

function isAsked(
  { address }: MoveRequest,
  slot: { readonly publicIpv4: string; readonly allocationId: string },
): boolean {
  return slot.publicIpv4 === address || slot.allocationId === address;
}

function done(
  { id, atMs }: Request,
  { role, to }: MoveRequest,
  { publicIpv4, allocationId }: ElasticAddress,
  log: MoveLog,
  nowMs: number,
): RequestOutcome {
  const details = {
    role,
    to,
    address: publicIpv4,
    allocationId,
    steps: log.steps.get(id) ?? [],
    totalMs: nowMs - atMs,
  };
  return { kind: 'done', message: `${publicIpv4} is with ${to}`, details };
}

function took(step: string, { id }: Request, log: MoveLog, ports: ComputePorts): void {
  const nowMs = ports.clock.now();
  const entry = { step, ms: nowMs - log.lastMs };
  log.steps.set(id, [...(log.steps.get(id) ?? []), entry]);
  log.lastMs = nowMs;
}
