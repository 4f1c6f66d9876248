import { CreateTagsCommand } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration, RoleObject } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';

const INT = 'Z0INT';
const SUBNET = 'subnet-0000000000000a001';
const OTHER_SUBNET = 'subnet-0000000000000b001';

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

const configuration = (web: Omit<RoleObject, 'names'>): Configuration => ({
  owner: 'test',
  zones: { int: { name: 'corp.internal', id: INT, private: true } },
  roles: { web: { names: [{ zone: 'int' }], ...web } },
});

async function open(web: Omit<RoleObject, 'names'>): Promise<void> {
  world = await World.open(configuration(web));
  await world.advance(5);
}

async function launch(role: string, subnetId = SUBNET, instanceProfile?: string): Promise<string> {
  const [instance = ''] = await world.launch(role, {
    subnetId,
    ...(instanceProfile === undefined ? {} : { instanceProfile }),
  });
  await world.advance(10);
  return instance;
}

function refusals(): unknown[] {
  return world.journal.flatMap((entry) =>
    entry.kind === 'refused' ? [[entry.role, entry.reason, entry.instance, entry.cleared === true]] : [],
  );
}

describe('a role that says who may claim it', () => {
  it('takes the profiles that it names, and says once whom it refused', async () => {
    await open({ allow: { instanceProfiles: ['web-*'] } });
    await launch('web', SUBNET, 'web-blue');
    const stranger = await launch('web', SUBNET, 'db');
    const bare = await launch('web');
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.11']);
    await world.advance(300);
    expect(refusals()).toEqual([
      ['web', 'not-allowed', stranger, false],
      ['web', 'not-allowed', bare, false],
    ]);
  });

  it('takes the subnets and the VPCs that it names', async () => {
    await open({ allow: { vpcs: ['vpc-*'], subnets: [OTHER_SUBNET] } });
    await launch('web', SUBNET);
    await launch('web', OTHER_SUBNET);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.40.11']);
  });

  it('takes nobody from a VPC that it does not name', async () => {
    await open({ allow: { vpcs: ['vpc-elsewhere'] } });
    const stranger = await launch('web');
    expect(await world.zone(INT)).toEqual([]);
    expect(refusals()).toEqual([['web', 'not-allowed', stranger, false]]);
  });

  it('gives no holding to whom it refuses', async () => {
    await open({ holders: 1, allow: { subnets: [OTHER_SUBNET] } });
    await launch('web', SUBNET);
    await launch('web', OTHER_SUBNET);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.40.11']);
  });

  it('lets in and out whom a new configuration admits, and says so', async () => {
    await open({ holders: 1, allow: { subnets: [OTHER_SUBNET] } });
    const one = await launch('web', SUBNET);
    const other = await launch('web', OTHER_SUBNET);
    await world.update(configuration({ holders: 1, allow: { subnets: [SUBNET] } }));
    await world.advance(10);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.11']);
    expect(refusals()).toEqual([
      ['web', 'not-allowed', one, false],
      ['web', 'not-allowed', other, false],
      ['web', 'not-allowed', one, true],
    ]);
  });

  it('withdraws a refusal when the claim is withdrawn', async () => {
    await open({ allow: { subnets: [OTHER_SUBNET] } });
    const one = await launch('web');
    await world.user.ec2.send(
      new CreateTagsCommand({ Resources: [one], Tags: [{ Key: 'rolecall:role', Value: 'other' }] }),
    );
    await world.advance(10);
    expect(refusals()).toEqual([
      ['web', 'not-allowed', one, false],
      ['other', 'unknown-role', one, false],
      ['web', 'not-allowed', one, true],
    ]);
  });
});
