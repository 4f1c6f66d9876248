import type { DesiredSet } from '../model/change.ts';
import { isInstanceId } from '../model/instance.ts';
import type { LedgerSet } from '../model/ledger.ts';
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
  isFilled: (name: string, type: string) => boolean,
): DesiredSet[] {
  const keepable = keepableNames(
    scene,
    scene.role.names.filter(({ zone }) => zone === scene.zone.key),
  );
  return previous
    .filter(
      ({ set, contributors }) =>
        keepable.has(`${set.name}|${set.type}`) &&
        !isFilled(set.name, set.type) &&
        set.values.length > 0 &&
        // Private and IPv6 addresses come from the account's own VPCs, but for those of hosts outside EC2.
        Object.keys(contributors).every(isInstanceId) &&
        (set.type === 'AAAA' || set.values.every(isPrivateIpv4)),
    )
    .map(({ set, contributors }) => ({ role: scene.role.role, set, contributors }));
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
