import { DescribeAddressesCommand } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';
import { withAddresses } from './pool-addresses.ts';

const PUB = 'Z0PUB';

const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { pub: { name: 'example.com', id: PUB } },
  roles: {
    mail: { names: [{ zone: 'pub', name: 'mx{ordinal}' }], elasticIp: { pool: 'mail' }, whenEmpty: 'keep' },
    relay: { names: [{ zone: 'pub' }], elasticIp: { pool: 'relay' }, whenEmpty: 'keep' },
  },
};

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

async function open(): Promise<void> {
  world = await World.open(CONFIGURATION, {
    before: withAddresses('mail', 'relay'),
  });
  await world.advance(5);
}

/** Pool to the instance that has its address, or `-`. */
async function holders(): Promise<Record<string, string>> {
  const { Addresses } = await world.user.ec2.send(new DescribeAddressesCommand({}));
  return Object.fromEntries(
    (Addresses ?? []).map(({ Tags, InstanceId }) => [Tags?.[0]?.Value ?? '', InstanceId || '-']),
  );
}

describe('an instance in two roles with a pool each', () => {
  it('gets one of the addresses, and the other never evicts it', async () => {
    await open();
    const [both = ''] = await world.launch('mail relay');
    await world.advance(200);
    expect(await holders()).toEqual({ mail: both, relay: '-' });
    expect(world.journal.filter(({ kind }) => kind === 'moved')).toHaveLength(1);
    const [other = ''] = await world.launch('relay');
    await world.advance(130);
    expect(await holders()).toEqual({ mail: both, relay: other });
  });
});
