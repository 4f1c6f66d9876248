import { placedIn, resolveConfiguration } from '../config/resolve.ts';
import type { Installation } from '../model/role.ts';
import { loadConfiguration } from './configuration-file.ts';

/** What a zone's id is called that the stack has yet to create. */
export const NOT_CREATED = 'not-created-yet:';

/**
 * The configuration in a file, as a deploy of it would store it: zones that the stack created keep their ids.
 *
 * @throws InvalidInput when the file cannot be read, or is wrong.
 */
export async function installationIn(file: string, deployed: Installation): Promise<Installation> {
  const configuration = await loadConfiguration(file);
  const zoneIds = Object.entries(configuration.zones)
    .filter(([, { id }]) => id === undefined)
    .map(([key]) => [key, deployed.zones.find((zone) => zone.key === key)?.id ?? `${NOT_CREATED}${key}`] as const);
  const installation = resolveConfiguration(configuration, Object.fromEntries(zoneIds));
  const { account, region } = deployed;
  return account === undefined || region === undefined ? installation : placedIn(installation, account, region);
}
