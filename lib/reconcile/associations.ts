import { type AssociationStep, byUrgency, desiredAssociations, stepFor } from '../desired/addresses.ts';
import type { ElasticAddress } from '../model/address.ts';
import type { Withheld } from '../model/change.ts';
import { type Fact, foldDescription, isDown, isLive } from '../model/fact.ts';
import type { JournalEntry } from '../model/journal.ts';
import type { Mark } from '../model/ledger.ts';
import type { Installation } from '../model/role.ts';
import type { Slot } from '../model/slot.ts';
import { ADDRESSES_GROUP } from '../model/zone.ts';
import { type PooledState, refusalOf } from './address-refusals.ts';
import { factUpdate } from './claims.ts';
import { zonesFirst } from './groups.ts';
import type { Pace } from './association-pace.ts';
import type { ComputePorts } from './ports.ts';
import { stillEntitled } from './still-entitled.ts';
import { wake } from './wake.ts';

export interface Scope {
  readonly states: readonly PooledState[];
  readonly addresses: readonly ElasticAddress[];
  /** Of the instances with an address: after quick failovers one may be no slot's last holder. */
  readonly facts: readonly Fact[];
  readonly marks: readonly Mark[];
  readonly installation: Installation;
}

/** How the associations of one pass came out. */
export interface Associated {
  readonly refused: readonly Withheld[];
  readonly hasProgressed: boolean;
  /** The first that EC2 would not have now; the others were tried all the same, unless EC2 asked for a pause. */
  readonly stuck?: { readonly why: string; readonly message: string };
  readonly isOutOfTime: boolean;
}

const ROUNDS = 4;

/** Every address to the holder of its slot, the most urgent first, whichever role it is of. */
export async function carryOut(scope: Scope, pace: Pace, ports: ComputePorts, deadlineMs: number): Promise<Associated> {
  const refused: Withheld[] = [];
  let stuck: Associated['stuck'];
  let hasProgressed = false;
  // What this pass gives to an instance counts for the next role: a second Elastic IP would evict the first.
  let addresses = scope.addresses;
  const idle = new Set(scope.facts.filter(isDown).map(({ instanceId }) => instanceId));
  const ordered = scope.states
    .flatMap((state) => desiredAssociations(inputOf(state, idle, addresses)).map((step) => ({ state, step })))
    .sort((one, other) => byUrgency(one.step, other.step));
  const entitled = await stillEntitled(ordered, scope.facts, ports);
  for (const { state, step: planned } of ordered) {
    const step = stepFor(planned.slot, inputOf(state, idle, addresses));
    if (step === undefined || step.kind === 'none') continue;
    if (step.kind === 'disassociate-then-associate' && entitled.has(step.from)) continue;
    if (ports.clock.now() >= deadlineMs) return { refused, hasProgressed, isOutOfTime: true };
    const taken = await take(step, state, scope, pace, ports);
    if (taken.kind === 'refused') refused.push(taken.withheld);
    if (taken.kind === 'stuck') stuck ??= taken;
    if (taken.kind === 'stuck' && taken.why === 'access-denied') refused.push(denied(step, taken.message));
    if (taken.kind === 'stuck' && taken.why === 'throttled') break;
    if (taken.kind === 'moved') {
      hasProgressed = true;
      addresses = addresses.map((address) => withHolder(address, step.slot, step.holder));
    }
  }
  return { refused, hasProgressed, isOutOfTime: false, ...(stuck === undefined ? {} : { stuck }) };
}

function inputOf(
  { definition, slots, members }: PooledState,
  idle: ReadonlySet<string>,
  addresses: readonly ElasticAddress[],
) {
  return { role: definition, slots, members, addresses, idle };
}

function withHolder(address: ElasticAddress, { allocationId }: Slot, holder: string): ElasticAddress {
  return address.allocationId === allocationId ? { ...address, instanceId: holder } : address;
}

type Taken =
  | { readonly kind: 'moved' }
  | { readonly kind: 'refused'; readonly withheld: Withheld }
  | { readonly kind: 'stuck'; readonly why: string; readonly message: string };

async function take(
  step: Exclude<AssociationStep, { kind: 'none' }>,
  state: PooledState,
  scope: Scope,
  pace: Pace,
  ports: ComputePorts,
): Promise<Taken> {
  switch (step.kind) {
    case 'leave':
    case 'refuse':
      return { kind: 'refused', withheld: refusalOf(step) };
    case 'arrived':
      await settle(step, scope, ports);
      return { kind: 'moved' };
    case 'associate':
    case 'take-over':
      return await associate(step, state, scope, pace, ports);
    case 'disassociate-then-associate': {
      await pace.turn();
      const freed = await ports.compute.disassociate(step.associationId);
      if (freed.kind !== 'done')
        return { kind: 'stuck', why: freed.kind, message: freed.message ?? step.associationId };
      return await associate(step, state, scope, pace, ports);
    }
  }
}

function denied({ slot, holder }: AssociationStep, detail: string): Withheld {
  return { role: slot.role, name: slot.publicIpv4, type: 'EIP', reason: 'access-denied', instance: holder, detail };
}

type Association = Extract<AssociationStep, { kind: 'associate' | 'disassociate-then-associate' | 'take-over' }>;

async function associate(
  step: Association,
  { members }: PooledState,
  scope: Scope,
  pace: Pace,
  ports: ComputePorts,
): Promise<Taken> {
  const { slot, holder } = step;
  const primaryInterfaceId = members.find(({ instanceId }) => instanceId === holder)?.primaryInterfaceId;
  const target = { instanceId: holder, ...(primaryInterfaceId === undefined ? {} : { primaryInterfaceId }) };
  await pace.turn();
  const outcome = await ports.compute.associate(slot.allocationId, target, { mayTake: step.kind === 'take-over' });
  if (outcome.kind !== 'associated') return { kind: 'stuck', why: outcome.kind, message: outcome.message };
  await settle(step, scope, ports);
  return { kind: 'moved' };
}

/**
 * The holder has the address now. The slot remembers it in the write that also journals it: said once, even where the
 * answer to the association was lost. The association is itself proof of what both ends have lost.
 */
async function settle(
  step: Association | Extract<AssociationStep, { kind: 'arrived' }>,
  { marks, installation }: Scope,
  ports: ComputePorts,
): Promise<void> {
  const { holder } = step;
  const { publicIpv4, planned, associated } = step.slot;
  await remember(step, marks, ports);
  const loser = planned?.from ?? associated;
  const changes = new Map<string, (read: Description) => Description>([[holder, (read) => ({ ...read, publicIpv4 })]]);
  if (loser !== undefined && loser !== holder) changes.set(loser, (read) => withoutAddress(read, publicIpv4));
  const live = await learn(changes, installation, ports);
  if (loser === undefined || loser === holder || !live.has(loser)) return;
  await ports.queue.later({ kind: 'read-again', instanceIds: [loser], attempt: 0 }, 1);
}

/** Another pass may write the slot meanwhile: then it is read again, as long as nobody has said it. */
async function remember(
  step: { readonly slot: Slot; readonly holder: string; readonly kind: string },
  marks: readonly Mark[],
  ports: ComputePorts,
): Promise<void> {
  const { holder } = step;
  let slot: Slot | undefined = step.slot;
  for (let round = 0; round < ROUNDS && slot !== undefined; round += 1) {
    const { planned: _done, ...rest } = slot;
    const atMs = ports.clock.now();
    const after: Slot = { ...rest, associated: holder, associatedAtMs: atMs, version: slot.version + 1 };
    const isSaid = slot.associated === holder && (step.kind === 'arrived' || round > 0);
    const entries = isSaid ? [] : [movedEntry(step.slot, holder, marks, atMs)];
    if (await ports.registry.writeSlots([{ before: slot, after }], [], entries)) {
      for (const entry of entries) ports.log.journal(entry);
      return;
    }
    const { slots } = await ports.registry.readRole(slot.role);
    slot = slots.find(({ allocationId }) => allocationId === step.slot.allocationId);
  }
}

function movedEntry(slot: Slot, to: string, marks: readonly Mark[], nowMs: number): JournalEntry {
  const { associated: from } = slot;
  const causes = marks.filter((mark) => mark.roles.includes(slot.role));
  const cause =
    causes.find(({ subject }) => subject.kind === 'instance' && subject.instanceId === slot.lastHolder) ??
    causes.find(({ reason }) => reason !== 'address') ??
    causes[0];
  return {
    kind: 'moved',
    role: slot.role,
    reason: slot.planned === undefined ? (cause?.reason ?? 'slot') : 'moved',
    address: slot.publicIpv4,
    ...(from === undefined || from === to ? {} : { from }),
    to,
    ...(cause === undefined ? {} : { eventToAcceptedMs: Math.max(0, nowMs - cause.sinceMs) }),
  };
}

type Description = NonNullable<Fact['description']>;

function withoutAddress(read: Description, address: string): Description {
  if (read.publicIpv4 !== address) return read;
  const { publicIpv4: _lost, publicDnsName: _name, ...rest } = read;
  return rest;
}

/** The facts say so before any read does. Returns who of these lives. */
async function learn(
  changes: ReadonlyMap<string, (read: Description) => Description>,
  installation: Installation,
  ports: ComputePorts,
): Promise<ReadonlySet<string>> {
  const live = new Set<string>();
  let wanted: readonly string[] = [...changes.keys()];
  for (let round = 0; round < ROUNDS && wanted.length > 0; round += 1) {
    const nowMs = ports.clock.now();
    const { facts } = await ports.registry.readFacts(wanted);
    const updates = facts.flatMap((before) => {
      const change = changes.get(before.instanceId);
      if (before.description === undefined || change === undefined || !isLive(before)) return [];
      live.add(before.instanceId);
      const after = foldDescription(before, change(before.description), nowMs);
      return after === before ? [] : [factUpdate(before, after, installation, nowMs).write];
    });
    wanted = updates.length === 0 ? [] : await ports.registry.saveFacts(updates);
    const groups = zonesFirst(updates.flatMap(({ marks }) => marks.map(({ group }) => group)));
    const zones = groups.filter((group) => group !== ADDRESSES_GROUP);
    await wake(zones, ports);
  }
  return live;
}
