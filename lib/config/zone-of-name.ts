import { normalName } from '../model/name.ts';
import type { ZoneDefinition } from './configuration.ts';

/**
 * The key of the zone that a full name belongs to: the one with the longest name. Of a public and a private zone of one
 * name it is the one of `nearZone`, or the one that is seen from where that zone is seen.
 *
 * @param nearZone The key of the zone of the name that the record leads to.
 */
export function zoneOfName(
  fullName: string,
  zones: Readonly<Record<string, ZoneDefinition>>,
  nearZone: string | undefined,
): string | undefined {
  const name = normalName(fullName);
  const near = nearZone === undefined ? undefined : zones[nearZone];
  const candidates = Object.entries(zones)
    .map(([key, zone]) => ({ key, name: normalName(zone.name), private: zone.private ?? false }))
    .filter((zone) => name === zone.name || name.endsWith(`.${zone.name}`))
    .sort((one, other) => other.name.length - one.name.length || (one.key < other.key ? -1 : 1));
  const longest = candidates.filter((zone) => zone.name.length === candidates[0]?.name.length);
  const best =
    longest.find((zone) => zone.key === nearZone) ??
    longest.find((zone) => zone.private === (near?.private ?? false)) ??
    longest[0];
  return best?.key;
}
