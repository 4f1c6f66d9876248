import { DescribeAddressesAttributeCommand } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';
import { withAddresses } from './pool-addresses.ts';

const PUB = 'Z0PUB';

const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { pub: { name: 'example.com', id: PUB } },
  roles: {
    mail: {
      names: [{ zone: 'pub', name: 'mx{ordinal}' }],
      elasticIp: { pool: 'mail', ptr: 'mx{ordinal}.example.com' },
      whenEmpty: 'keep',
    },
  },
};

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

async function open(addresses: number): Promise<void> {
  world = await World.open(CONFIGURATION, {
    before: withAddresses(...Array<string>(addresses).fill('mail')),
  });
}

async function reverse(): Promise<string[]> {
  const names: string[] = [];
  let next: { readonly NextToken?: string } = {};
  do {
    const page = await world.user.ec2.send(
      new DescribeAddressesAttributeCommand({ Attribute: 'domain-name', ...next }),
    );
    names.push(...(page.Addresses ?? []).flatMap(({ PtrRecord }) => PtrRecord ?? []));
    next = page.NextToken === undefined ? {} : { NextToken: page.NextToken };
  } while (next.NextToken !== undefined);
  return names;
}

function said() {
  return world.journal.filter((entry) => entry.kind === 'withheld' && entry.type === 'PTR');
}

describe('reverse DNS that Rolecall may not set', () => {
  it('is said once, holds up no failover, and is set once it may', async () => {
    await open(1);
    const allow = world.account.faults.add({
      service: 'ec2',
      operation: 'ModifyAddressAttribute',
      effect: 'error-before',
      code: 'UnauthorizedOperation',
      status: 403,
    });
    const [one = '', two = ''] = await world.launch('mail', { count: 2 });
    await world.advance(180);
    expect(said()).toMatchObject([{ role: 'mail', reason: 'access-denied' }]);
    await world.terminate(one);
    await world.advance(10);
    expect(world.journal).toContainEqual(expect.objectContaining({ kind: 'moved', from: one, to: two }));
    expect(await reverse()).toEqual([]);
    allow();
    await world.advance(130);
    expect(await reverse()).toEqual(['mx1.example.com.']);
    expect(said()).toMatchObject([{ reason: 'access-denied' }, { reason: 'access-denied', cleared: true }]);
  });
});

describe('reverse DNS of a pool with more than a hundred addresses', () => {
  it('is set for each of them, within what EC2 admits of mutating calls, and then left alone', async () => {
    await open(110);
    await world.advance(300);
    const names = await reverse();
    expect(names).toHaveLength(110);
    expect(names).toContain('mx110.example.com.');
    const calls = world.account.calls.filter(({ operation }) => operation === 'ModifyAddressAttribute');
    expect(calls).toHaveLength(110);
    const first = calls[0]?.atMs ?? 0;
    // A bucket of 50 that 5 a second refill: "Request throttling for the Amazon EC2 API".
    for (const [index, { atMs }] of calls.entries())
      expect(index + 1).toBeLessThanOrEqual(50 + ((atMs - first) / 1000) * 5);
    await world.advance(130);
    expect(world.account.callCount('ec2', 'ModifyAddressAttribute')).toBe(110);
  });
});

describe('reverse DNS when the stack is deleted', () => {
  it('stays as it is, for the addresses stay too', async () => {
    await open(1);
    await world.advance(130);
    await world.stack.delete();
    await world.advance(130);
    expect(await reverse()).toEqual(['mx1.example.com.']);
    expect(world.account.callCount('ec2', 'ResetAddressAttribute')).toBe(0);
  });
});

describe('reverse DNS when the last pool is removed before its ptr', () => {
  it('is said to be what Rolecall may take back no more, once, and goes when it may', async () => {
    await open(1);
    await world.advance(130);
    // The permission goes with the last pool.
    const allow = world.account.faults.add({
      service: 'ec2',
      operation: 'ResetAddressAttribute',
      effect: 'error-before',
      code: 'UnauthorizedOperation',
      status: 403,
    });
    await world.update({ ...CONFIGURATION, roles: { mail: { names: [{ zone: 'pub', name: 'mx' }] } } });
    await world.advance(300);
    expect(await reverse()).toEqual(['mx1.example.com.']);
    expect(said()).toMatchObject([{ role: 'mail', reason: 'access-denied' }]);
    allow();
    await world.advance(130);
    expect(await reverse()).toEqual([]);
    expect(said()).toMatchObject([{ reason: 'access-denied' }, { cleared: true }]);
  });
});
