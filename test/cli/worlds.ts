import type { Configuration, RoleObject } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';
import { withAddresses } from '../scenarios/pool-addresses.ts';

export const PUB = { name: 'example.com', id: 'Z0AAA' };

export async function worldWith(roles: Configuration['roles']): Promise<World> {
  return await World.open({ zones: { pub: PUB }, roles });
}

/** A role `mail` with a pool of so many Elastic IPs. */
export async function mailWorld(addresses: number, more: Partial<RoleObject> = {}): Promise<World> {
  const mail = { names: [{ zone: 'pub', name: 'mx{ordinal}' }], elasticIp: { pool: 'mail' }, ...more };
  return await World.open(
    { zones: { pub: PUB }, roles: { mail } },
    {
      before: withAddresses(...Array<string>(addresses).fill('mail')),
    },
  );
}
