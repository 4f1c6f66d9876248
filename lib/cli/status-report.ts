import { RolecallError } from '../model/errors.ts';
import type { LedgerSet, Mark, Note } from '../model/ledger.ts';
import type { Installation } from '../model/role.ts';
import { ADDRESSES_GROUP, type Zone } from '../model/zone.ts';
import type { Registry } from '../reconcile/ports.ts';

export interface DirtyMark {
  readonly subject: string;
  readonly reason: string;
  readonly since: string;
}

export interface PublishedSet {
  readonly zone: string;
  readonly name: string;
  readonly type: string;
  readonly ttlSeconds: number;
  readonly values: readonly string[];
}

export interface StandingNote {
  readonly kind: string;
  readonly reason: string;
  readonly since: string;
  readonly name?: string;
  readonly type?: string;
  readonly instanceId?: string;
  readonly detail?: string;
}

export interface RoleStatus {
  readonly role: string;
  readonly members: readonly {
    readonly instanceId: string;
    readonly phase: string;
    readonly since: string;
    readonly privateIpv4?: string;
    readonly publicIpv4?: string;
    readonly absentSweeps: number;
  }[];
  readonly slots: readonly {
    readonly ordinal: number;
    readonly allocationId: string;
    readonly publicIpv4: string;
    readonly holder?: string;
  }[];
  readonly names: readonly PublishedSet[];
  readonly notes: readonly StandingNote[];
}

export interface ZoneStatus {
  readonly key: string;
  readonly id: string;
  readonly name: string;
  readonly private: boolean;
  readonly serial?: number;
  readonly ownedSets: number;
  readonly trouble?: string;
  readonly dirty: readonly DirtyMark[];
}

export interface Status {
  readonly owner: string;
  readonly retired: boolean;
  readonly roles: readonly RoleStatus[];
  readonly zones: readonly ZoneStatus[];
  readonly addresses: { readonly dirty: readonly DirtyMark[] };
}

/** What the registry knows: roles, members, slots, names, serials, dirty marks, notes. */
export async function readStatus(registry: Registry): Promise<Status> {
  const installation = await registry.readInstallation();
  if (installation === undefined) {
    throw new RolecallError('not-installed', 'the registry holds no configuration: deploy the stack first');
  }
  const zones = await Promise.all(installation.zones.map((zone) => readZone(registry, zone)));
  const [{ marks }, { notes }] = await Promise.all([
    registry.readGroup(ADDRESSES_GROUP),
    registry.readLedger(ADDRESSES_GROUP),
  ]);
  return {
    owner: installation.owner,
    retired: installation.retired ?? false,
    roles: await readRoles(registry, installation, zones, notes),
    zones: zones.map(({ status }) => status),
    addresses: { dirty: marks.map(dirtyMark) },
  };
}

interface ReadZone {
  readonly status: ZoneStatus;
  readonly sets: readonly LedgerSet[];
  readonly notes: readonly Note[];
}

async function readZone(registry: Registry, zone: Zone): Promise<ReadZone> {
  const [{ head, marks }, { sets, notes }] = await Promise.all([
    registry.readGroup(zone.id),
    registry.readLedger(zone.id),
  ]);
  const status: ZoneStatus = {
    ...zone,
    ...(head?.serial === undefined ? {} : { serial: head.serial }),
    ...(head?.trouble === undefined ? {} : { trouble: head.trouble }),
    ownedSets: head?.ownedSets ?? 0,
    dirty: marks.map(dirtyMark),
  };
  return { status, sets, notes };
}

async function readRoles(
  registry: Registry,
  { roles }: Installation,
  zones: readonly ReadZone[],
  ofAddresses: readonly Note[],
): Promise<RoleStatus[]> {
  const states = await Promise.all(roles.map(({ role }) => registry.readRole(role)));
  return states.map(({ role, members, slots }) => ({
    role,
    members: members.map(({ instanceId, phase, sinceMs, privateIpv4, publicIpv4, absentSweeps }) => ({
      instanceId,
      phase,
      since: time(sinceMs),
      ...(privateIpv4 === undefined ? {} : { privateIpv4 }),
      ...(publicIpv4 === undefined ? {} : { publicIpv4 }),
      absentSweeps,
    })),
    slots: slots.map(({ ordinal, allocationId, publicIpv4, holder }) => ({
      ordinal,
      allocationId,
      publicIpv4,
      ...(holder === undefined ? {} : { holder }),
    })),
    names: zones.flatMap(({ status, sets }) =>
      sets
        .filter((owned) => owned.role === role)
        .map(({ set: { name, type, ttlSeconds, values } }) => ({
          zone: status.name,
          name,
          type,
          ttlSeconds,
          values,
        })),
    ),
    notes: [...zones.flatMap(({ notes }) => notes), ...ofAddresses]
      .filter((note) => note.role === role)
      .map(standingNote),
  }));
}

function dirtyMark({ subject, reason, sinceMs }: Mark): DirtyMark {
  return { subject: subjectOf(subject), reason, since: time(sinceMs) };
}

function subjectOf(subject: Mark['subject']): string {
  switch (subject.kind) {
    case 'instance':
      return subject.instanceId;
    case 'role':
      return subject.role;
    case 'set':
      return subject.key;
    case 'serial':
      return 'serial';
  }
}

function standingNote({ kind, reason, sinceMs, name, type, instance, detail }: Note): StandingNote {
  return {
    kind,
    reason,
    since: time(sinceMs),
    ...(name === undefined ? {} : { name }),
    ...(type === undefined ? {} : { type }),
    ...(instance === undefined ? {} : { instanceId: instance }),
    ...(detail === undefined ? {} : { detail }),
  };
}

const time = (atMs: number): string => new Date(atMs).toISOString();
