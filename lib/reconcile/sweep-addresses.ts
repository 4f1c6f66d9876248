import { desiredAssociations } from '../desired/addresses.ts';
import { reverseDnsSteps } from '../desired/reverse-dns.ts';
import { assignSlots } from '../desired/slots.ts';
import type { ElasticAddress, ReverseDns } from '../model/address.ts';
import type { Withheld } from '../model/change.ts';
import type { NewMark, Note } from '../model/ledger.ts';
import type { Measurement } from '../model/measurement.ts';
import type { Installation } from '../model/role.ts';
import { ADDRESSES_GROUP } from '../model/zone.ts';
import { type PooledState, pooledState, refusalOf, shortPool } from './address-refusals.ts';
import { sayLeftAlone } from './left-alone.ts';
import { standingMeasurements } from './measurements.ts';
import { standing } from './notes.ts';
import type { SweepPorts } from './ports.ts';
import { refusedBefore, shownReverseDns } from './reverse-dns.ts';
import { admittedOnly } from './role-state.ts';

/** What EC2 and the registry were read to have. */
interface Seen {
  readonly addresses: readonly ElasticAddress[];
  readonly shown: readonly ReverseDns[];
  /** Instances that are known not to run. */
  readonly idle: ReadonlySet<string>;
  readonly notes: readonly Note[];
  readonly nowMs: number;
}

/**
 * The addresses have work when a slot would change, when an address is not where its slot says, or when what is said of one
 * is not so any more: no event tells that hands gave it to another.
 */
export async function sweepAddresses(
  installation: Installation,
  idle: ReadonlySet<string>,
  measured: Measurement[],
  ports: SweepPorts,
): Promise<string[]> {
  const { head, marks, requests, unknown } = await ports.registry.readGroup(ADDRESSES_GROUP);
  sayLeftAlone(ADDRESSES_GROUP, unknown, ports.log);
  const hasWork = marks.length > 0 || requests.length > 0;
  if (head === undefined || head.retired) return [];
  const pooled = installation.roles.filter((role) => role.elasticIp !== undefined);
  if (pooled.length === 0) return hasWork ? [ADDRESSES_GROUP] : [];
  const { notes } = await ports.registry.readLedger(ADDRESSES_GROUP);
  measured.push(...standingMeasurements(head, notes));
  const addresses = await ports.compute.describeAddresses();
  const states = await Promise.all(pooled.map(async ({ role }) => admittedOnly(await ports.registry.readRole(role))));
  const shown = await shownReverseDns(states, addresses, ports);
  const nowMs = ports.clock.now();
  const seen: Seen = { addresses, shown, idle, notes, nowMs };
  const dirty = states
    .flatMap(pooledState)
    .filter((state) => hasWorkIn(state, seen))
    .map(
      ({ role }): NewMark => ({
        group: ADDRESSES_GROUP,
        subject: { kind: 'role', role },
        roles: [role],
        reason: 'address',
        sinceMs: nowMs,
      }),
    );
  if (dirty.length > 0) await ports.registry.putMarks(dirty);
  return dirty.length > 0 || hasWork ? [ADDRESSES_GROUP] : [];
}

function hasWorkIn(state: PooledState, { addresses, shown, idle, notes, nowMs }: Seen): boolean {
  const { role, definition, members, slots } = state;
  const assigned = assignSlots({ role: definition, slots, pool: addresses, members });
  if (assigned.writes.length > 0) return true;
  const known = notes.filter((note) => note.role === role);
  const refused: Withheld[] = shortPool(state);
  for (const step of desiredAssociations({ role: definition, slots: assigned.slots, addresses, members, idle })) {
    if (step.kind === 'none') continue;
    if (step.kind !== 'refuse' && step.kind !== 'leave') return true;
    refused.push(refusalOf(step));
  }
  const reverse = { role: definition, slots, shown, notes: known, elsewhere: new Set<string>(), nowMs };
  for (const step of reverseDnsSteps(reverse)) {
    if (step.kind !== 'refused') return true;
    refused.push(refusedBefore(step));
  }
  return standing(refused, known, nowMs).journal.length > 0;
}
