import { type AssociationStep, desiredAssociations } from '../desired/addresses.ts';
import { assignSlots, hasSlots } from '../desired/slots.ts';
import type { ElasticAddress } from '../model/address.ts';
import type { Change, Withheld } from '../model/change.ts';
import { isDown, isLive } from '../model/fact.ts';
import { claimedRoles } from '../model/instance.ts';
import type { GroupHead, Mark } from '../model/ledger.ts';
import { type ObservedSet, setKey } from '../model/record-set.ts';
import type { Installation } from '../model/role.ts';
import { serialRecordName, type Zone } from '../model/zone.ts';
import type { Drift } from '../plan/plan.ts';
import type { Findings } from './findings.ts';
import type { DnsCursor, Ports, Registry, RoleState } from './ports.ts';
import { admittedOnly } from './role-state.ts';
import { planZone } from './zone-plan.ts';
import { readView } from './zone-view.ts';

/** Of 300 sets each: a zone holds 10,000 unless AWS grants more ("Quotas", Amazon Route 53 Developer Guide). */
const MAX_PAGES = 400;

export interface ZonePreview {
  readonly zone: Zone;
  /** In the order in which they would be written. */
  readonly changes: readonly Change[];
  readonly withheld: readonly Withheld[];
  readonly drift: readonly Drift[];
}

export interface Preview {
  readonly zones: readonly ZonePreview[];
  /** What would be done that each Elastic IP is where its slot says; those that are there already are left out. */
  readonly addresses: readonly AssociationStep[];
}

export type PreviewPorts = Pick<Ports, 'registry' | 'dns' | 'compute' | 'clock'>;

/**
 * What all passes together would do now, planned by the code that they run, with every role looked at and every zone
 * read; nothing is written. Throws `ServiceFailure`.
 *
 * @param roles Whose definition is another than the one deployed: what changes for them is said to be `configured`.
 */
export async function preview(
  installation: Installation,
  ports: PreviewPorts,
  roles: ReadonlySet<string> = new Set(),
): Promise<Preview> {
  const pooled = installation.roles.some(({ elasticIp }) => elasticIp !== undefined);
  const [addresses, { facts }] = await Promise.all([
    pooled ? ports.compute.describeAddresses() : [],
    ports.registry.readAllFacts(),
  ]);
  const live = facts.filter(isLive);
  const claimed = live.flatMap(({ description }) => claimedRoles(description?.tags ?? {}).roles);
  const known = [...installation.roles.map(({ role }) => role), ...claimed, ...roles];
  const zones: ZonePreview[] = [];
  for (const zone of installation.zones) {
    zones.push(await previewZone(zone, installation, { known, changed: roles, addresses }, ports));
  }
  const idle = new Set(facts.filter(isDown).map(({ instanceId }) => instanceId));
  return { zones, addresses: await previewAddresses(installation, addresses, idle, ports) };
}

interface Given {
  readonly known: readonly string[];
  readonly changed: ReadonlySet<string>;
  readonly addresses: readonly ElasticAddress[];
}

async function previewZone(
  zone: Zone,
  installation: Installation,
  { known, changed, addresses }: Given,
  ports: PreviewPorts,
): Promise<ZonePreview> {
  const nowMs = ports.clock.now();
  const { head, marks } = await ports.registry.readGroup(zone.id);
  if (head?.retired === true) return { zone, changes: [], withheld: [], drift: [] };
  const { sets } = await ports.registry.readLedger(zone.id);
  const roles = [...new Set([...known, ...sets.map(({ role }) => role), ...marks.flatMap((mark) => mark.roles)])];
  // What is marked already speaks for itself, so it comes last.
  const all = [...roles.sort().map((role) => roleMark(zone, role, changed.has(role), nowMs)), ...marks];
  const view = await readView(zone, all, ports);
  const states = view.states.map((state) => seated(state, addresses));
  const { owner } = installation;
  const from: GroupHead = head ?? {
    group: zone.id,
    owner,
    serialOwner: owner,
    zone,
    ownedSets: 0,
    retired: false,
    epoch: 0,
  };
  const serialName = serialRecordName(from.serialOwner, zone.name);
  const findings = head === undefined ? undefined : await readWhole(zone, serialName, view.ledger, ports);
  const learnt = {
    refused: new Map<string, string>(),
    uncheckable: new Map<string, string>(),
    ...(findings === undefined ? {} : { findings }),
  };
  const { plan, drift, refused } = planZone(from, zone, { ...view, states }, all, learnt, nowMs);
  return { zone, changes: plan.changes, withheld: distinct([...refused, ...view.refused]), drift };
}

function roleMark(zone: Zone, role: string, isChanged: boolean, nowMs: number): Mark {
  const reason = isChanged ? 'configured' : 'address';
  return { group: zone.id, subject: { kind: 'role', role }, roles: [role], reason, sinceMs: nowMs, stamp: '' };
}

/** With the slots as the next election would fill them. */
function seated(state: RoleState, addresses: readonly ElasticAddress[]): RoleState {
  const { definition, slots, members } = state;
  if (definition === undefined || !hasSlots(definition)) return state;
  return { ...state, slots: assignSlots({ role: definition, slots, pool: addresses, members }).slots };
}

async function readWhole(
  zone: Zone,
  serialName: string,
  ledger: readonly { readonly set: ObservedSet }[],
  ports: PreviewPorts,
): Promise<Findings> {
  const byName = new Map<string, ObservedSet[]>(ledger.map(({ set }) => [set.name, []]));
  const seen = new Set<string>();
  let cursor: DnsCursor | undefined;
  for (let pages = 0; pages === 0 || (cursor !== undefined && pages < MAX_PAGES); pages += 1) {
    const page = await ports.dns.page(zone.id, cursor);
    for (const set of page.sets) {
      if (seen.has(setKey(set))) continue;
      seen.add(setKey(set));
      byName.set(set.name, [...(byName.get(set.name) ?? []), set]);
    }
    cursor = page.next;
  }
  return { serial: { set: byName.get(serialName)?.find(({ type }) => type === 'TXT') }, serialName, byName };
}

function distinct(withheld: readonly Withheld[]): Withheld[] {
  const byId = new Map(
    withheld.map((each) => [[each.role, each.name, each.type, each.reason, each.instance ?? ''].join('|'), each]),
  );
  return [...byId].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, each]) => each);
}

async function previewAddresses(
  installation: Installation,
  addresses: readonly ElasticAddress[],
  idle: ReadonlySet<string>,
  ports: PreviewPorts,
): Promise<AssociationStep[]> {
  const pooled = installation.roles.filter(({ elasticIp }) => elasticIp !== undefined);
  const states = await Promise.all(pooled.map(async ({ role }) => admittedOnly(await ports.registry.readRole(role))));
  return states.flatMap((state) => {
    const { definition, slots, members } = seated(state, addresses);
    if (definition === undefined) return [];
    return desiredAssociations({ role: definition, slots, addresses, members, idle }).filter(
      ({ kind }) => kind !== 'none' && kind !== 'arrived',
    );
  });
}

/** The registry as it would be after a deploy of another configuration. */
export function underConfiguration(registry: Registry, installation: Installation): Registry {
  const define = (state: RoleState): RoleState => {
    const { definition: _deployed, ...rest } = state;
    const definition = installation.roles.find(({ role }) => role === state.role);
    return definition === undefined ? rest : { ...rest, definition };
  };
  return {
    ...registry,
    readInstallation: async () => installation,
    readFacts: async (ids) => ({ ...(await registry.readFacts(ids)), installation }),
    readAllFacts: async () => ({ ...(await registry.readAllFacts()), installation }),
    readRole: async (role) => define(await registry.readRole(role)),
  };
}
