import type { AssociationStep } from '../desired/addresses.ts';
import { afterOf, beforeOf, type Change, type Withheld } from '../model/change.ts';
import { InvalidInput, RolecallError } from '../model/errors.ts';
import { type RecordSet, setIdentifierOf } from '../model/record-set.ts';
import type { Installation } from '../model/role.ts';
import { checkedChanges } from '../reconcile/configure.ts';
import { preview, underConfiguration } from '../reconcile/preview.ts';
import { installationIn, NOT_CREATED } from './deployed-configuration.ts';
import type { PlannedChange, PlanResult } from './plan-schema.ts';
import type { Target } from './target.ts';

/**
 * What reconcile would do now; with a file, what a deploy of it would do.
 *
 * @throws RolecallError when nothing is deployed, or the file is wrong; `ServiceFailure` when AWS cannot be read.
 */
export async function readPlan(target: Target, file: string | undefined): Promise<PlanResult> {
  const ports = await target.ports();
  const deployed = await ports.registry.readInstallation();
  if (deployed === undefined) {
    throw new RolecallError('not-installed', 'the registry holds no configuration: deploy the stack first');
  }
  const wanted = file === undefined ? undefined : await installationIn(file, deployed);
  const checked = wanted === undefined ? { roles: [] } : await check(deployed, wanted, ports);
  const registry = wanted === undefined ? ports.registry : underConfiguration(ports.registry, wanted);
  const { zones, addresses } = await preview(wanted ?? deployed, { ...ports, registry }, new Set(checked.roles));
  const planned = zones.map(({ zone, changes, withheld }) => ({
    zone: zone.name,
    id: zone.id.startsWith(NOT_CREATED) ? 'not created yet' : zone.id,
    changes: changes.filter((change) => !isForgetting(change)).map(shownChange),
    withheld: withheld.map(shownWithheld),
  }));
  const all = planned.flatMap(({ changes }) => changes);
  const count = (action: PlannedChange['action']) => all.filter((change) => change.action === action).length;
  const moves = addresses.map(shownMove);
  const idle = moves.filter(({ action }) => action === 'leave' || action === 'refuse').length;
  return {
    target: target.name,
    ...(file === undefined ? {} : { configuration: file }),
    ...(checked.refusal === undefined ? {} : { refusal: checked.refusal }),
    zones: planned,
    addresses: moves,
    summary: {
      create: count('create'),
      update: count('update'),
      delete: count('delete'),
      addresses: moves.length - idle,
      withheld: planned.reduce((sum, { withheld }) => sum + withheld.length, 0) + idle,
    },
  };
}

async function check(
  deployed: Installation,
  wanted: Installation,
  ports: Parameters<typeof checkedChanges>[2],
): Promise<{ readonly roles: readonly string[]; readonly refusal?: string }> {
  try {
    return { roles: (await checkedChanges(deployed, wanted, ports)).map(({ role }) => role) };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return { roles: wanted.roles.map(({ role }) => role), refusal: error.message };
  }
}

/** The ledger alone forgets a set that is gone from the zone already. */
function isForgetting(change: Change): boolean {
  return change.action === 'delete' && change.before.values.length === 0;
}

function shownChange(change: Change): PlannedChange {
  const [before, after] = [beforeOf(change), afterOf(change)];
  const set = after ?? before;
  const setIdentifier = set === undefined ? '' : setIdentifierOf(set);
  return {
    action: change.action,
    role: change.role,
    name: set?.name ?? '',
    type: set?.type ?? '',
    ...(setIdentifier === '' ? {} : { setIdentifier }),
    ...(before === undefined ? {} : { before: side(before) }),
    ...(after === undefined ? {} : { after: side(after) }),
    reason: change.reason,
    instances: [...change.instances],
  };
}

function side({ values, ttlSeconds }: RecordSet): { values: string[]; ttlSeconds: number } {
  return { values: [...values], ttlSeconds };
}

function shownWithheld({ role, name, type, reason, instance, detail }: Withheld) {
  return {
    role,
    name,
    type,
    reason,
    ...(instance === undefined ? {} : { instanceId: instance }),
    ...(detail === undefined ? {} : { detail }),
  };
}

function shownMove(step: AssociationStep): PlanResult['addresses'][number] {
  const base = { role: step.slot.role, address: step.slot.publicIpv4, to: step.holder };
  switch (step.kind) {
    case 'none':
    case 'arrived':
    case 'associate':
      return { action: 'associate', ...base };
    case 'take-over':
    case 'disassociate-then-associate':
      return { action: 'move', ...base, from: step.from };
    case 'leave':
      return { action: 'leave', ...base, detail: step.detail };
    case 'refuse':
      return { action: 'refuse', ...base, detail: step.detail };
  }
}
