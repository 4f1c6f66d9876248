import { compilePattern, renderName } from '../desired/names.ts';
import { concernsReverseDns, type ReverseDnsStep, reverseDnsSteps, wantedReverseDns } from '../desired/reverse-dns.ts';
import type { ElasticAddress, ReverseDns } from '../model/address.ts';
import type { Withheld } from '../model/change.ts';
import { ServiceFailure } from '../model/errors.ts';
import type { Note } from '../model/ledger.ts';
import type { Installation } from '../model/role.ts';
import type { AskedReverseDns, Slot } from '../model/slot.ts';
import { ADDRESSES_GROUP } from '../model/zone.ts';
import type { Pace } from './association-pace.ts';
import type { Associated } from './associations.ts';
import type { Ports, RoleState } from './ports.ts';
import type { ReverseDnsOutcome } from './reverse-dns-port.ts';

/** What is refused may carry when EC2 said so. */
export type RefusedReverseDns = Withheld & Pick<Note, 'refused'>;

export interface ReverseDnsDone {
  readonly refused: readonly RefusedReverseDns[];
  readonly stuck?: NonNullable<Associated['stuck']>;
  readonly isOutOfTime: boolean;
}

interface Scope {
  readonly states: readonly RoleState[];
  readonly addresses: readonly ElasticAddress[];
  readonly installation: Installation;
}

const ROUNDS = 4;

/**
 * Gives the addresses of the roles the reverse DNS that their pools want, and takes back what we gave and nobody wants any
 * more. What is about to be asked for is remembered in the slot before EC2 hears of it.
 */
export async function settleReverseDns(
  scope: Scope,
  pace: Pace,
  ports: Ports,
  deadlineMs: number,
): Promise<ReverseDnsDone> {
  const refused: RefusedReverseDns[] = [];
  let stuck: ReverseDnsDone['stuck'];
  for (const { step, state } of await stepsOf(scope, ports)) {
    if (ports.clock.now() >= deadlineMs) return { refused, isOutOfTime: true };
    const outcome = await take(step, state, scope, pace, ports);
    const { kind, message = '' } = outcome;
    if (kind === 'rejected') refused.push(refusal(step, message, ports.clock.now()));
    if (step.kind === 'refused') refused.push(refusedBefore(step));
    if (kind === 'access-denied') refused.push({ ...about(step), reason: 'access-denied', detail: message });
    if (kind !== 'done' && kind !== 'rejected') stuck ??= { why: kind, message };
    if (kind === 'throttled') break;
  }
  return { refused, isOutOfTime: false, ...(stuck === undefined ? {} : { stuck }) };
}

async function stepsOf({ states, addresses }: Scope, ports: Ports) {
  const concerned = states.filter(({ definition, slots }) => concernsReverseDns(definition, slots));
  if (concerned.length === 0) return [];
  const shown = await shownReverseDns(concerned, addresses, ports);
  const { notes } = await ports.registry.readLedger(ADDRESSES_GROUP);
  return concerned.flatMap((state) => {
    const elsewhere = new Set(
      states
        .filter(({ role }) => role !== state.role)
        .flatMap(({ definition, slots: others }) =>
          others.filter((slot) => wantedReverseDns(definition, slot) !== undefined),
        )
        .map(({ allocationId }) => allocationId),
    );
    const known = notes.filter(({ role }) => role === state.role);
    const input = { role: state.definition, slots: state.slots, shown, notes: known, elsewhere };
    return reverseDnsSteps({ ...input, nowMs: ports.clock.now() }).map((step) => ({ step, state }));
  });
}

/** Asked for only where a pool wants reverse DNS, or we gave some. */
export async function shownReverseDns(
  states: readonly RoleState[],
  addresses: readonly ElasticAddress[],
  { compute }: Pick<Ports, 'compute'>,
): Promise<readonly ReverseDns[]> {
  const concerned = states.filter(({ definition, slots }) => concernsReverseDns(definition, slots));
  const existing = new Set(addresses.map(({ allocationId }) => allocationId));
  const asked = concerned.flatMap(({ slots }) =>
    slots.flatMap(({ allocationId, reversed = [] }) => [allocationId, ...reversed.map((each) => each.allocationId)]),
  );
  const ids = [...new Set(asked)].filter((allocationId) => existing.has(allocationId)).sort();
  return ids.length === 0 ? [] : await compute.describeReverseDns(ids);
}

async function take(
  step: ReverseDnsStep,
  state: RoleState,
  { installation }: Scope,
  pace: Pace,
  ports: Ports,
): Promise<ReverseDnsOutcome> {
  const { slot } = step;
  switch (step.kind) {
    case 'refused':
      return { kind: 'done' };
    case 'forget':
      await remember(slot, step.asked.allocationId, undefined, ports);
      return { kind: 'done' };
    case 'set': {
      if (!(await isForwardReady(step.name, slot, state, installation, ports))) return { kind: 'done' };
      const { allocationId } = slot;
      const asked: AskedReverseDns = { allocationId, names: step.names };
      await remember(slot, allocationId, asked, ports);
      await pace.turn();
      return await accepted(slot, asked, await ports.compute.setReverseDns(allocationId, step.name), ports);
    }
    case 'reset': {
      await pace.turn();
      return await accepted(slot, step.asked, await ports.compute.resetReverseDns(step.asked.allocationId), ports);
    }
  }
}

/** Until a read can be trusted to show it, nothing is asked for again. */
async function accepted(
  slot: Slot,
  asked: AskedReverseDns,
  outcome: ReverseDnsOutcome,
  ports: Ports,
): Promise<ReverseDnsOutcome> {
  if (outcome.kind === 'done')
    await remember(slot, asked.allocationId, { ...asked, acceptedAtMs: ports.clock.now() }, ports);
  return outcome;
}

/** Another pass may write the slot meanwhile: then it is read again. */
async function remember(
  { role, ordinal }: Slot,
  allocationId: string,
  asked: AskedReverseDns | undefined,
  ports: Ports,
): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const { slots } = await ports.registry.readRole(role);
    const before = slots.find((slot) => slot.ordinal === ordinal);
    if (before === undefined) return;
    const { reversed = [], ...rest } = before;
    const others = reversed.filter((each) => each.allocationId !== allocationId);
    const kept = asked === undefined ? others : [...others, asked];
    if (JSON.stringify(kept) === JSON.stringify(reversed)) return;
    const after: Slot = { ...rest, ...(kept.length === 0 ? {} : { reversed: kept }), version: before.version + 1 };
    if (await ports.registry.writeSlots([{ before, after }], [])) return;
  }
  throw new ServiceFailure('conflict', `slot ${ordinal} of ${role} was written by another each time`);
}

/**
 * EC2 wants the name to lead to the address. Of our own records we know: published, and known to all name servers. What
 * others publish, EC2 finds out.
 */
async function isForwardReady(
  name: string,
  slot: Slot,
  { role, definition }: RoleState,
  { zones }: Installation,
  ports: Ports,
): Promise<boolean> {
  const [zone] = zones
    .filter((each) => !each.private && (name === each.name || name.endsWith(`.${each.name}`)))
    .sort((one, other) => other.name.length - one.name.length);
  if (zone === undefined) return true;
  const { sets } = await ports.registry.readLedger(zone.id, role);
  const owned = sets.find(({ set }) => set.name === name && set.type === 'A' && set.values.includes(slot.publicIpv4));
  if (owned?.changeId !== undefined) return (await ports.dns.changeStatus(owned.changeId)) !== 'pending';
  const isOwn = (definition?.names ?? []).some((each) => {
    const rendered = renderName(compilePattern(each.pattern, each.zoneName), { role, ordinal: slot.ordinal });
    return rendered.kind === 'name' && rendered.name === name;
  });
  return owned !== undefined || !isOwn;
}

/** What EC2 refused a while ago goes on to be said. */
export function refusedBefore(step: Extract<ReverseDnsStep, { kind: 'refused' }>): RefusedReverseDns {
  return refusal(step, step.reason, step.atMs);
}

function refusal(step: ReverseDnsStep, detail: string, atMs: number): RefusedReverseDns {
  const name = 'name' in step ? step.name : '';
  return { ...about(step), reason: 'ptr-refused', detail, refused: { set: name, atMs } };
}

function about({ slot: { role, publicIpv4 } }: ReverseDnsStep) {
  return { role, name: publicIpv4, type: 'PTR' } as const;
}
