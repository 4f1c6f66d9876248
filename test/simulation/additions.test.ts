import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { primaryPrivateAddress } from '../../local/ec2/instance.ts';
import type { Change } from '../../local/route53/resource-record-set.ts';
import { violationOf } from './checked.ts';
import { Invariants } from './invariants.ts';
import { type Setting, ZONES } from './setting.ts';
import { World } from './world.ts';

const SETTING: Setting = {
  owner: 'ours',
  zones: ZONES,
  roles: { vault: { names: [{ zone: 'int' }], allow: { instanceProfiles: ['trusted-*'] } } },
};
/** Longer than a freed address ever rests. */
const RESTED_S = 21;

let world: World;

beforeEach(async () => {
  world = new World(1, undefined);
  world.setting = SETTING;
  for (const { id, name } of Object.values(ZONES)) world.account.route53.createZone({ id, name, callerReference: id });
  await world.advance(10);
});

afterEach(async () => {
  await world.close();
});

async function launch(profile: string): Promise<{ readonly id: string; readonly address: string }> {
  const [instance] = world.account.ec2.launch({
    count: 1,
    imageId: 'ami-1',
    type: 't3.micro',
    subnetId: world.account.ec2.fleet.subnets[0]?.id ?? '',
    instanceProfile: `arn:aws:iam::123456789012:instance-profile/${profile}`,
    publicAddress: false,
    interfaces: 1,
    ipv6AddressCount: 0,
    spot: false,
    tags: { 'rolecall:role': 'vault' },
  });
  if (instance === undefined) throw new Error('nothing was launched');
  world.chronicle.observeAddresses();
  return { id: instance.id, address: primaryPrivateAddress(instance) ?? '' };
}

/** The first batch of ours, which gives the role's name an address; told by what the checker says of it. */
async function give(address: string, readAtMs: number): Promise<string> {
  const id = world.newId();
  const invocation = { id: 1, kind: 'Reconcile', version: 'this', event: {}, startedAtMs: 0, isOver: false } as const;
  world.chronicle.drew(id, { ...invocation, readAtMs: new Map([[ZONES.int.id, readAtMs]]) });
  const serial = { name: `ours._rolecall.${ZONES.int.name}.`, values: ['"owner=ours serial=1 batch=x"'] };
  const changes: Change[] = [
    { action: 'CREATE', set: { ...serial, type: 'TXT', ttlSeconds: 60 } },
    { action: 'CREATE', set: { name: `vault.${ZONES.int.name}.`, type: 'A', ttlSeconds: 60, values: [address] } },
  ];
  await world.through(world.account.route53.change(ZONES.int.id, changes, `ours ${id}`));
  return violationOf(() => new Invariants(world).check());
}

describe('the checker of who is given a name', () => {
  it.each([
    ['complains of one that may not claim the role', 'other', '10 only the entitled'],
    ['does not of one that may', 'trusted-web', 'none'],
  ])('%s', async (_title, profile, expected) => {
    const { address } = await launch(profile);
    expect(await give(address, world.timeline.now())).toBe(expected);
  });

  it.each([
    ['complains where the plan began after the end of who might', 'trusted-web', 1, '10 only the entitled'],
    ['complains where who had the address before might not either', 'other', -1, '10 only the entitled'],
    ['does not where the plan is older than that end', 'trusted-web', -1, 'none'],
  ])('of an address that another has by now, %s', async (_title, former, plannedAfterMs, expected) => {
    const ended = await launch(former);
    await world.advance(10);
    world.account.ec2.fleet.terminate([ended.id]);
    const provenAtMs = world.timeline.now();
    world.chronicle.provenAtMs.set(ended.id, provenAtMs);
    await world.advance(RESTED_S);
    const next = await launch('other');
    expect(next.address).toBe(ended.address);
    expect(await give(ended.address, provenAtMs + plannedAfterMs)).toBe(expected);
  });
});
