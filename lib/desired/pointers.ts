import type { DesiredSet } from '../model/change.ts';
import type { LedgerSet } from '../model/ledger.ts';
import { isPrivateIpv4 } from '../model/ipv4.ts';
import type { NamePattern } from '../model/role.ts';
import { keepableNames } from './kept.ts';
import { ipv4OfReverseName, isReverseZone, reverseName } from './reverse-name.ts';
import { ONE_SET, type OpenGroup, type Scene, type Share, silently } from './scene.ts';
import { sharesOf } from './shares.ts';

/** The name that an address points back to. */
interface Pointer extends OpenGroup {
  readonly pattern: NamePattern;
  readonly target: string;
}

/**
 * PTR sets at the addresses of the role's names, of any zone, that ask for it; by name. An address has one: of several
 * names, that of the first pattern, then the first by alphabet. The stand-in answer of an empty name is not the role's own
 * and gets none.
 */
export function pointersOf(scene: Scene, reverseZones: readonly string[]): Map<string, OpenGroup> {
  if (!isReverseZone(scene.zone.name)) return new Map();
  const belongsHere = placement(scene.zone.name, reverseZones);
  const pointers = new Map<string, Pointer>();
  for (const pattern of scene.role.names) {
    if (!pattern.ptr) continue;
    for (const { type, values, contributor, name } of sharesOf(silently(scene), pattern)) {
      if (type === 'CNAME') continue;
      for (const value of values) {
        const reverse = reverseName(value);
        if (reverse === undefined || !belongsHere(reverse)) continue;
        const share = { contributor, values: [name] };
        const known = pointers.get(reverse);
        if (known?.target === name) known.shares.push(share);
        else if (known === undefined || (known.pattern === pattern && name < known.target))
          pointers.set(reverse, pointerAt(reverse, pattern, name, share));
      }
    }
  }
  return pointers;
}

function pointerAt(name: string, pattern: NamePattern, target: string, share: Share): Pointer {
  const { ttlSeconds } = pattern;
  return { name, type: 'PTR', ttlSeconds, routing: ONE_SET, shares: [share], owned: undefined, pattern, target };
}

/** Of nested zones the innermost has the name. */
function placement(zoneName: string, reverseZones: readonly string[]): (reverse: string) => boolean {
  const within = (zone: string) => {
    const ending = `.${zone}`;
    return (name: string) => name === zone || name.endsWith(ending);
  };
  const isHere = within(zoneName);
  const inner = reverseZones.filter((zone) => zone !== zoneName && isHere(zone)).map(within);
  return (reverse) => isHere(reverse) && !inner.some((isIn) => isIn(reverse));
}

/** Under `whenEmpty: 'keep'` the pointer stays with the address that its name keeps. */
export function keptPointers(
  scene: Scene,
  previous: readonly LedgerSet[],
  isFilled: (reverse: string) => boolean,
): DesiredSet[] {
  const patterns = scene.role.names.filter(({ ptr }) => ptr);
  const keepable = keepableNames(scene, patterns);
  if (keepable.size === 0) return [];
  const pointers = previous.filter(({ set }) => set.type === 'PTR' && !isFilled(set.name));
  if (pointers.length === 0) return [];
  const filled = new Set(
    patterns.flatMap((each) => sharesOf(silently(scene), each)).map(({ name, type }) => `${name}|${type}`),
  );
  return pointers
    .filter(({ set }) => {
      const ipv4 = ipv4OfReverseName(set.name);
      const isOwned = ipv4 === undefined || isPrivateIpv4(ipv4);
      const keys = set.values.map((target) => `${target}|${ipv4 === undefined ? 'AAAA' : 'A'}`);
      return isOwned && keys.every((key) => keepable.has(key) && !filled.has(key));
    })
    .map(({ set, contributors }) => ({ role: scene.role.role, set, contributors }));
}
