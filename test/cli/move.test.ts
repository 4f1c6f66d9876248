import { AllocateAddressCommand } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import { World } from '../../local/simulation/world.ts';
import { PUB } from './worlds.ts';
import { rolecallOn } from './world-target.ts';

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

async function open(): Promise<{ readonly one: string; readonly two: string }> {
  world = await World.open(
    {
      owner: 'test',
      zones: { pub: PUB },
      roles: {
        mail: { names: [{ zone: 'pub', name: 'mx{ordinal}' }], elasticIp: { pool: 'mail' }, whenEmpty: 'keep' },
      },
    },
    {
      before: async ({ user }) => {
        const Tags = [{ Key: 'rolecall:pool', Value: 'mail' }];
        const TagSpecifications = [{ ResourceType: 'elastic-ip' as const, Tags }];
        await user.ec2.send(new AllocateAddressCommand({ Domain: 'vpc', TagSpecifications }));
      },
    },
  );
  await world.advance(5);
  const [one = ''] = await world.launch('mail');
  await world.advance(10);
  const [two = ''] = await world.launch('mail');
  await world.advance(10);
  return { one, two };
}

describe('rolecall move', () => {
  it('says what would happen and writes nothing with --dry-run', async () => {
    const { one, two } = await open();
    world.account.forgetCalls();
    const { code, stdout } = await rolecallOn(world, 'move', 'mail', '--to', two, '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain(`would move ${one} -> ${two}`);
    const writes = world.account.calls.filter(({ operation }) =>
      /^(Put|Update|Transact|Associate|Send)/.test(operation),
    );
    expect(writes).toEqual([]);
  });

  it('moves the address and tells how long each step took', async () => {
    const { one, two } = await open();
    const { code, stdout, stderr } = await rolecallOn(world, 'move', 'mail', '--to', two);
    expect(stderr).toContain('in the world');
    expect(code).toBe(0);
    expect(stdout).toContain(`moved ${one} -> ${two}`);
    expect(stdout).toContain('verified');
    expect(world.journal).toContainEqual(expect.objectContaining({ kind: 'moved', reason: 'moved', to: two }));
  });

  it('refuses what is no member, and changes nothing', async () => {
    await open();
    const { code, stderr } = await rolecallOn(world, 'move', 'mail', '--to', 'i-00000000000000bad');
    expect(code).toBe(1);
    expect(stderr).toContain('is no member of the role mail');
    expect(world.account.callCount('ec2', 'AssociateAddress')).toBe(1);
  });
});
