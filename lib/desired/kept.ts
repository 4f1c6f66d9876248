import type { DesiredSet } from '../model/change.ts';
import { isInstanceId } from '../model/instance.ts';
import type { LedgerSet } from '../model/ledger.ts';
import type { RecordType } from '../model/record-set.ts';
import type { NamePattern } from '../model/role.ts';
import { isPrivateIpv4 } from '../model/ipv4.ts';
import { compilePattern } from './names.ts';
import { renderWithoutMember, type Scene } from './scene.ts';

/**
 * `whenEmpty: 'keep'`: a name that no member fills keeps what it had, if a stranger can never get those addresses.
 * Names that depend on a member go with it.
 */
export function keptSets(
  scene: Scene,
  previous: readonly LedgerSet[],
  isFilled: (name: string, type: RecordType) => boolean,
): DesiredSet[] {
  const keepable = keepableNames(
    scene,
    scene.role.names.filter(({ zone }) => zone === scene.zone.key),
  );
  if (keepable.size === 0) return [];
  return previous.flatMap((owned) => {
    const key = `${owned.set.name}|${owned.set.type}`;
    if (!keepable.has(key) || isFilled(owned.set.name, owned.set.type)) return [];
    const { set, contributors } = ofInstances(owned);
    // Private and IPv6 addresses of instances come from the account's own VPCs.
    const isOwned = set.type === 'AAAA' || set.values.every(isPrivateIpv4);
    return isOwned && set.values.length > 0 ? [{ role: scene.role.role, set, contributors }] : [];
  });
}

/** Without what hosts outside EC2 gave: their addresses may be anybody's. */
function ofInstances({ set, contributors }: LedgerSet): Pick<DesiredSet, 'set' | 'contributors'> {
  const entries = Object.entries(contributors);
  if (entries.every(([contributor]) => isInstanceId(contributor))) return { set, contributors };
  const kept = Object.fromEntries(entries.filter(([contributor]) => isInstanceId(contributor)));
  const values = new Set(Object.values(kept).flat());
  return { set: { ...set, values: set.values.filter((value) => values.has(value)) }, contributors: kept };
}

/** `name|type` of every name that stays when nobody fills it. */
export function keepableNames(scene: Scene, patterns: readonly NamePattern[]): ReadonlySet<string> {
  const keepable = new Set<string>();
  if (scene.role.whenEmpty !== 'keep') return keepable;
  for (const pattern of patterns) {
    const compiled = compilePattern(pattern.pattern, pattern.zoneName);
    if (compiled.dependsOnMember) continue;
    for (const slot of compiled.dependsOnOrdinal ? scene.slots : [undefined]) {
      const rendered = renderWithoutMember(scene, compiled, slot);
      if (rendered.kind !== 'name') continue;
      if (pattern.addresses.includes('private')) keepable.add(`${rendered.name}|A`);
      if (pattern.addresses.includes('ipv6')) keepable.add(`${rendered.name}|AAAA`);
    }
  }
  return keepable;
}
