import { assignSlots } from '../../lib/desired/slots.ts';
import { afterOf, type Change } from '../../lib/model/change.ts';
import type { GroupHead, LedgerSet, Mark } from '../../lib/model/ledger.ts';
import type { Member } from '../../lib/model/member.ts';
import type { Role } from '../../lib/model/role.ts';
import type { Slot } from '../../lib/model/slot.ts';
import type { Zone } from '../../lib/model/zone.ts';
import { MAX_ELEMENTS, nextBatch } from '../../lib/plan/batch.ts';
import type { RoleState } from '../../lib/reconcile/ports.ts';
import { planZone } from '../../lib/reconcile/zone-plan.ts';
import { figure, median, type Part, type Table, verdict } from './table.ts';

const SIZES = [1_000, 10_000, 100_000];
const CHANGED = 10;
const REPETITIONS = 15;
/** Of the largest, which take minutes. */
const FEW_REPETITIONS = 3;
const POOL = 10;
/** Well under what one set may hold. */
const MEMBERS_OF_A_ROLE = 200;
const BUDGET_MEMBERS = 10_000;
const BUDGET_MS = 50;
const NOW_MS = Date.UTC(2026, 0, 5, 12, 0, 0);

const REVERSE: Zone = { key: 'rev', id: 'Z0REV', name: '10.in-addr.arpa', private: true };
const ZONE: Zone = { key: 'int', id: 'Z0INT', name: 'corp.internal', private: true };

export const pureCore: Part = { name: 'core', title: 'The pure core', limitSeconds: 300, measure };

/** One zone, and what the registry holds of it. */
interface Fleet {
  readonly zone: Zone;
  readonly head: GroupHead;
  readonly states: readonly RoleState[];
  readonly ledger: readonly LedgerSet[];
  readonly marks: readonly Mark[];
}

async function measure(progress: (done: string) => void): Promise<Table> {
  const rows = Object.entries(KINDS).flatMap(([kind, make]) => {
    const measured = rowsOf(kind, make);
    progress(kind);
    return measured;
  });
  return { columns: ['Members, 10 of them gone', 'ms', 'µs a member', 'Budget', ''], rows };
}

const KINDS: Readonly<Record<string, (size: number) => Fleet>> = {
  'a name each': ownNames,
  'shared names': (size) => fleetOf(rolesOf(size, '{role}')),
  'a name each, and SRV': (size) => fleetOf(rolesOf(size, '{role}-{instanceId}').map(withServices)),
  'PTR each': (size) => fleetOf([withPointers(stateOf('web', '{role}-{instanceId}', 0, size))], REVERSE),
};

/** One role, and a name for each of its members. */
export function ownNames(size: number): Fleet {
  return fleetOf([stateOf('web', '{role}-{instanceId}', 0, size)]);
}

function rolesOf(size: number, pattern: string): RoleState[] {
  return Array.from({ length: size / MEMBERS_OF_A_ROLE }, (_, index) =>
    stateOf(`web${index}`, pattern, index * MEMBERS_OF_A_ROLE, MEMBERS_OF_A_ROLE),
  );
}

function rowsOf(kind: string, make: (size: number) => Fleet): string[][] {
  return SIZES.map((size) => {
    const fleet = make(size);
    const times = Array.from({ length: size > BUDGET_MEMBERS ? FEW_REPETITIONS : REPETITIONS }, () => timed(fleet));
    const milliseconds = median(times);
    const budgetMs = size === BUDGET_MEMBERS ? BUDGET_MS : undefined;
    return [
      `${figure(size)}, ${kind}`,
      figure(milliseconds),
      figure((milliseconds * 1000) / size),
      budgetMs === undefined ? '–' : `${budgetMs} ms`,
      verdict(budgetMs === undefined ? undefined : milliseconds <= budgetMs),
    ];
  });
}

/** Processor time of all threads, so that what else the machine does is not in it, and the collection of garbage is. */
function timed(fleet: Fleet): number {
  const before = process.cpuUsage();
  const changes = pass(fleet);
  const { user, system } = process.cpuUsage(before);
  const milliseconds = (user + system) / 1000;
  if (changes.length === 0 || changes.length > 2 * CHANGED) throw new Error(`${changes.length} changes were planned`);
  return milliseconds;
}

/** What a pass computes between its reads and its write: slots, desired sets, plan, safety, batch. */
export function pass({ zone, head, states, ledger, marks }: Fleet): readonly Change[] {
  for (const { definition, slots, members } of states) {
    if (definition !== undefined) assignSlots({ role: definition, slots, pool: undefined, members });
  }
  const view = { states, ledger, others: [], notes: [], checks: [], reverseZones: [REVERSE.name] };
  const { plan } = planZone(head, zone, view, marks, { refused: new Map(), uncheckable: new Map() }, NOW_MS);
  return nextBatch(plan.changes, { maxElements: MAX_ELEMENTS }).batch;
}

/** The ledger is what the core itself wants of all members; then every so many-th of them is gone. */
function fleetOf(full: readonly RoleState[], zone: Zone = ZONE): Fleet {
  const head: GroupHead = {
    group: zone.id,
    owner: 'rolecall',
    serialOwner: 'rolecall',
    zone,
    serial: 7,
    ownedSets: 0,
    retired: false,
    epoch: 0,
  };
  const view = { states: full, ledger: [], others: [], notes: [], checks: [], reverseZones: [REVERSE.name] };
  const { plan } = planZone(head, zone, view, [], { refused: new Map(), uncheckable: new Map() }, NOW_MS);
  const ledger = plan.changes.flatMap((change): LedgerSet[] => {
    const set = afterOf(change);
    return set === undefined ? [] : [{ role: change.role, set, contributors: change.contributors, serial: 7 }];
  });
  const all = full.flatMap(({ members }) => members);
  const gone = all.filter((_, index) => index % (all.length / CHANGED) === 0);
  const goneIds = new Set(gone.map(({ instanceId }) => instanceId));
  return {
    zone,
    head: { ...head, ownedSets: ledger.length },
    states: full.map((state) => ({
      ...state,
      members: state.members.filter(({ instanceId }) => !goneIds.has(instanceId)),
    })),
    ledger,
    marks: gone.map(({ instanceId, role }) => ({
      ...{ group: zone.id, subject: { kind: 'instance', instanceId }, roles: [role] },
      ...{ reason: 'terminated', sinceMs: NOW_MS, stamp: 's' },
    })),
  };
}

/** A role of so many members, of which the first hold the addresses of its pool. */
function stateOf(role: string, pattern: string, first: number, count: number): RoleState {
  const definition: Role = {
    role,
    names: [
      {
        ...{ zone: ZONE.key, zoneName: ZONE.name, pattern, addresses: ['private'], ttlSeconds: 60 },
        ...{ routing: { kind: 'simple' }, ptr: false },
      },
    ],
    aliases: [],
    srv: [],
    succession: 'oldest',
    whenEmpty: 'remove',
    drift: 'repair',
    health: { kind: 'status-checks' },
    drainOn: ['hook', 'retirement', 'spot', 'tag'],
    elasticIp: { source: { kind: 'tag', pool: role }, succession: 'oldest', preferZone: false },
  };
  const members = Array.from({ length: count }, (_, index) => memberOf(role, first + index));
  const slots = members.slice(1, 1 + POOL).map(
    ({ instanceId }, index): Slot => ({
      role,
      ordinal: index + 1,
      allocationId: `eipalloc-${role}-${index}`,
      publicIpv4: `198.51.100.${index}`,
      holder: instanceId,
      version: 1,
    }),
  );
  return { role, definition, members, slots };
}

/** One more set of the role, with a value for each member. */
function withServices(state: RoleState): RoleState {
  const { definition } = state;
  if (definition === undefined) return state;
  return { ...state, definition: { ...definition, srv: [{ service: '_http._tcp', port: 80 }] } };
}

function withPointers(state: RoleState): RoleState {
  const { definition } = state;
  if (definition === undefined) return state;
  return { ...state, definition: { ...definition, names: definition.names.map((name) => ({ ...name, ptr: true })) } };
}

function memberOf(role: string, number: number): Member {
  return {
    role,
    instanceId: `i-${number.toString(16).padStart(17, '0')}`,
    phase: 'serving',
    // In no order that the ids are in: a sort of what is sorted costs next to nothing.
    sinceMs: NOW_MS - ((number * 7_919) % 104_729) * 1000,
    absentSweeps: 0,
    region: 'us-east-1',
    availabilityZone: 'us-east-1a',
    privateIpv4: `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`,
    ipv6: [],
    tags: {},
  };
}
