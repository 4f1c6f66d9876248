import { type AssociationStep, desiredAssociations } from '../desired/addresses.ts';
import { hasAddress } from '../desired/slots.ts';
import type { ElasticAddress } from '../model/address.ts';
import { foldDescription, isLive } from '../model/fact.ts';
import type { Withheld } from '../model/change.ts';
import type { JournalEntry } from '../model/journal.ts';
import type { Mark } from '../model/ledger.ts';
import type { WithheldReason } from '../model/reason.ts';
import type { Installation } from '../model/role.ts';
import type { Slot } from '../model/slot.ts';
import { ADDRESSES_GROUP } from '../model/zone.ts';
import { factUpdate } from './claims.ts';
import { elect } from './election.ts';
import { zonesFirst } from './groups.ts';
import { standing } from './notes.ts';
import type { PassOutcome } from './pass.ts';
import type { ComputePorts, RoleState } from './ports.ts';
import { admittedOnly } from './role-state.ts';

const MAX_ROUNDS = 20;
const FACT_ROUNDS = 4;

type Step = PassOutcome | { readonly kind: 'again' };

/**
 * Brings the Elastic IPs to the members that hold their slots. Reads come before writes, every write is fenced by the
 * association that was read, and nothing is taken from a member that runs and serves.
 */
export async function reconcileAddresses(ports: ComputePorts, deadlineMs: number): Promise<PassOutcome> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    if (ports.clock.now() >= deadlineMs) return { kind: 'out-of-time' };
    const step = await oneRound(ports, deadlineMs);
    if (step.kind !== 'again') return step;
  }
  return { kind: 'out-of-time' };
}

async function oneRound(ports: ComputePorts, deadlineMs: number): Promise<Step> {
  const { head, marks } = await ports.registry.readGroup(ADDRESSES_GROUP);
  if (head === undefined || head.retired || marks.length === 0) return { kind: 'done' };
  const roles = [...new Set(marks.flatMap((mark) => mark.roles))].sort();
  const installation = await ports.registry.readInstallation();
  const states = await Promise.all(roles.map(async (role) => admittedOnly(await ports.registry.readRole(role))));
  const pooled = states.filter(({ definition }) => definition?.elasticIp !== undefined);
  if (installation === undefined || pooled.length === 0) return await finish(states, marks, [], ports);

  const addresses = await ports.compute.describeAddresses();
  const election = await elect(pooled, addresses, ports);
  if (election.kind !== 'unchanged') {
    const groups = election.kind === 'changed' ? election.groups.filter((group) => group !== ADDRESSES_GROUP) : [];
    if (groups.length > 0) await ports.queue.wake(groups.map((group) => ({ kind: 'wake', group, attempt: 0 })));
    return { kind: 'again' };
  }
  return await move(pooled, addresses, marks, installation, ports, deadlineMs);
}

async function move(
  states: readonly RoleState[],
  addresses: readonly ElasticAddress[],
  marks: readonly Mark[],
  installation: Installation,
  ports: ComputePorts,
  deadlineMs: number,
): Promise<Step> {
  const refused: Withheld[] = states.flatMap(emptyPool);
  const idle = await idleHolders(addresses, ports);
  // What this pass gives to an instance counts for the next role: a second Elastic IP would evict the first.
  let known = addresses;
  for (const { role, definition, slots, members } of states) {
    if (definition === undefined) continue;
    for (const step of desiredAssociations({ role: definition, slots, addresses: known, members, idle })) {
      if (ports.clock.now() >= deadlineMs) return { kind: 'out-of-time' };
      const moved = await take(step, role, marks, installation, ports);
      if (moved.kind === 'stuck')
        return { kind: 'deferred', why: moved.why, message: moved.message, progressed: false };
      if (moved.kind === 'refused') refused.push(moved.withheld);
      if (moved.kind === 'moved') known = known.map((address) => withHolder(address, step.slot, step.holder));
    }
  }
  return await finish(states, marks, refused, ports);
}

/** Instances with an address that are known not to run: after several quick failovers one may be no slot's last holder. */
async function idleHolders(addresses: readonly ElasticAddress[], ports: ComputePorts): Promise<ReadonlySet<string>> {
  const holders = addresses.flatMap(({ instanceId }) => instanceId ?? []);
  if (holders.length === 0) return new Set();
  const { facts } = await ports.registry.readFacts(holders);
  return new Set(facts.filter((fact) => !isLive(fact)).map((fact) => fact.instanceId));
}

function emptyPool({ role, slots }: RoleState): Withheld[] {
  if (slots.some(hasAddress)) return [];
  return [{ role, name: role, type: 'EIP', reason: 'pool-empty', detail: 'no Elastic IP is in the pool of the role' }];
}

function withHolder(address: ElasticAddress, { allocationId }: Slot, holder: string): ElasticAddress {
  return address.allocationId === allocationId ? { ...address, instanceId: holder } : address;
}

type Taken =
  | { readonly kind: 'fine' | 'moved' }
  | { readonly kind: 'refused'; readonly withheld: Withheld }
  | { readonly kind: 'stuck'; readonly why: string; readonly message: string };

async function take(
  step: AssociationStep,
  role: string,
  marks: readonly Mark[],
  installation: Installation,
  ports: ComputePorts,
): Promise<Taken> {
  switch (step.kind) {
    case 'none':
      return { kind: 'fine' };
    case 'leave':
      return refusal(step, role, 'address-held');
    case 'refuse':
      return refusal(step, role, 'has-elastic-ip');
    case 'associate':
      return await associate(step, role, marks, installation, ports);
    case 'disassociate-then-associate': {
      const freed = await ports.compute.disassociate(step.associationId);
      if (freed.kind !== 'done')
        return { kind: 'stuck', why: freed.kind, message: freed.message ?? step.associationId };
      return await associate(step, role, marks, installation, ports);
    }
  }
}

function refusal(
  { slot, instance, detail }: Extract<AssociationStep, { kind: 'leave' | 'refuse' }>,
  role: string,
  reason: WithheldReason,
): Taken {
  const who = instance === undefined ? {} : { instance };
  return { kind: 'refused', withheld: { role, name: slot.publicIpv4, type: 'EIP', reason, ...who, detail } };
}

async function associate(
  { slot, holder }: Extract<AssociationStep, { kind: 'associate' | 'disassociate-then-associate' }>,
  role: string,
  marks: readonly Mark[],
  installation: Installation,
  ports: ComputePorts,
): Promise<Taken> {
  const outcome = await ports.compute.associate(slot.allocationId, holder);
  if (outcome.kind !== 'associated') return { kind: 'stuck', why: outcome.kind, message: outcome.message };
  const causes = marks.filter((mark) => mark.roles.includes(role));
  const cause =
    causes.find((mark) => mark.subject.kind === 'instance' && mark.subject.instanceId === slot.lastHolder) ?? causes[0];
  const entry: JournalEntry = {
    kind: 'moved',
    role,
    reason: cause?.reason ?? 'slot',
    address: slot.publicIpv4,
    ...(slot.lastHolder === undefined || slot.lastHolder === holder ? {} : { from: slot.lastHolder }),
    to: holder,
    ...(cause === undefined ? {} : { eventToAcceptedMs: Math.max(0, ports.clock.now() - cause.sinceMs) }),
  };
  ports.log.journal(entry);
  await ports.registry.journal([entry]);
  await learnNewAddress(holder, slot.publicIpv4, installation, ports);
  if (slot.lastHolder !== undefined && slot.lastHolder !== holder) {
    await ports.queue.later({ kind: 'read-again', instanceIds: [slot.lastHolder], attempt: 0 }, 1);
  }
  return { kind: 'moved' };
}

/** The association is itself proof that the holder's auto-assigned address is gone: the fact says so before any read. */
async function learnNewAddress(
  instanceId: string,
  publicIpv4: string,
  installation: Installation,
  ports: ComputePorts,
): Promise<void> {
  for (let round = 0; round < FACT_ROUNDS; round += 1) {
    const { facts } = await ports.registry.readFacts([instanceId]);
    const before = facts[0];
    if (before?.description === undefined || !isLive(before) || before.description.publicIpv4 === publicIpv4) return;
    const nowMs = ports.clock.now();
    const description = { ...before.description, publicIpv4 };
    const after = foldDescription(before, description, nowMs);
    const { write } = factUpdate(before, after, installation, nowMs);
    if ((await ports.registry.saveFacts([write])).length > 0) continue;
    const groups = zonesFirst(write.marks.map((mark) => mark.group)).filter((group) => group !== ADDRESSES_GROUP);
    await ports.queue.wake(groups.map((group) => ({ kind: 'wake', group, attempt: 0 })));
    return;
  }
}

/** What is refused is said when it begins, and once more when it ends. */
async function finish(
  states: readonly RoleState[],
  marks: readonly Mark[],
  refused: readonly Withheld[],
  ports: ComputePorts,
): Promise<PassOutcome> {
  const roles = new Set(states.map(({ role }) => role));
  const { notes } = await ports.registry.readLedger(ADDRESSES_GROUP);
  const known = notes.filter((note) => roles.has(note.role));
  const { putNotes, clearNotes, journal } = standing(refused, known, ports.clock.now());
  const settlement = { dropIntents: [], clearMarks: marks, putNotes, clearNotes, journal };
  await ports.registry.settle(ADDRESSES_GROUP, settlement);
  for (const entry of journal) ports.log.journal(entry);
  return { kind: 'done' };
}
