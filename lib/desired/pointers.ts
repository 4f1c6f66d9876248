import type { DesiredSet } from '../model/change.ts';
import type { LedgerSet } from '../model/ledger.ts';
import { isPrivateIpv4 } from '../model/ipv4.ts';
import { keepableNames } from './kept.ts';
import { ipv4OfReverseName, isReverseZone, reverseName } from './reverse-name.ts';
import { type Group, ONE_SET, type Scene, type Share, silently } from './scene.ts';
import { sharesOf } from './shares.ts';

/** The name that an address points back to. */
interface Pointer {
  readonly pattern: number;
  readonly target: string;
  readonly ttlSeconds: number;
  readonly shares: Share[];
}

/**
 * PTR sets at the addresses of the role's names, of any zone, that ask for it. An address has one: of several names,
 * that of the first pattern, then the first by alphabet. The stand-in answer of an empty name is not the role's own
 * and gets none.
 */
export function pointersOf(scene: Scene, reverseZones: readonly string[]): Group[] {
  if (!isReverseZone(scene.zone.name)) return [];
  const belongsHere = placement(scene.zone.name, reverseZones);
  const pointers = new Map<string, Pointer>();
  for (const [index, pattern] of scene.role.names.entries()) {
    if (!pattern.ptr) continue;
    for (const { type, values, contributor, name } of sharesOf(silently(scene), pattern)) {
      if (type === 'CNAME') continue;
      for (const value of values) {
        const reverse = reverseName(value);
        if (reverse === undefined || !belongsHere(reverse)) continue;
        const shares = [{ contributor, values: [name] }];
        const pointer = { pattern: index, target: name, ttlSeconds: pattern.ttlSeconds, shares };
        pointers.set(reverse, preferred(pointers.get(reverse), pointer));
      }
    }
  }
  return [...pointers].map(([name, { ttlSeconds, shares }]) => {
    return { name, type: 'PTR', ttlSeconds, routing: ONE_SET, shares };
  });
}

function preferred(one: Pointer | undefined, other: Pointer): Pointer {
  if (one === undefined) return other;
  if (one.target === other.target) return { ...one, shares: [...one.shares, ...other.shares] };
  return one.pattern === other.pattern && other.target < one.target ? other : one;
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
