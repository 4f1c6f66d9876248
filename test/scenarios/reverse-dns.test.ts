import {
  DeleteTagsCommand,
  DescribeAddressesAttributeCommand,
  DescribeAddressesCommand,
  ModifyAddressAttributeCommand,
  ReleaseAddressCommand,
} from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import type { ClientCall } from '../../local/in-process.ts';
import { World, type WorldOptions } from '../../local/simulation/world.ts';
import { withAddresses } from './pool-addresses.ts';

const PUB = 'Z0PUB';

function configuration(ptr?: string): Configuration {
  const elasticIp = { pool: 'mail', ...(ptr === undefined ? {} : { ptr }) };
  return {
    owner: 'test',
    zones: { pub: { name: 'example.com', id: PUB } },
    roles: { mail: { names: [{ zone: 'pub', name: 'mx{ordinal}' }], elasticIp, whenEmpty: 'keep' } },
  };
}

let world: World;
let before: ((call: ClientCall) => Promise<void> | void) | undefined;
let after: ((call: ClientCall) => Promise<void> | void) | undefined;

afterEach(async () => {
  before = undefined;
  after = undefined;
  await world.closeCleanly();
});

async function open(ptr?: string, options: Pick<WorldOptions, 'route53'> = {}): Promise<void> {
  world = await World.open(configuration(ptr), {
    ...options,
    hooks: (kind) => (kind === 'Reconcile' ? { before: (call) => before?.(call), after: (call) => after?.(call) } : {}),
    before: withAddresses('mail'),
  });
}

async function address(): Promise<{ PublicIp: string; AllocationId: string }> {
  const { Addresses } = await world.user.ec2.send(new DescribeAddressesCommand({}));
  const { PublicIp = '', AllocationId = '' } = Addresses?.[0] ?? {};
  return { PublicIp, AllocationId };
}

async function reverse(): Promise<string | undefined> {
  const { Addresses } = await world.user.ec2.send(new DescribeAddressesAttributeCommand({ Attribute: 'domain-name' }));
  return Addresses?.[0]?.PtrRecord;
}

function asked(operation: 'Modify' | 'Reset'): number {
  return world.account.callCount('ec2', `${operation}AddressAttribute`);
}

function said() {
  return world.journal.filter((entry) => entry.kind === 'withheld' && entry.reason === 'ptr-refused');
}

describe('the reverse DNS of a pool', () => {
  it('is set once the name is in sync, and is not asked for before or again', async () => {
    await open('mx{ordinal}.example.com', { route53: { inSyncMs: 200_000 } });
    await world.advance(180);
    expect(asked('Modify')).toBe(0);
    await world.advance(120);
    expect(await reverse()).toBe('mx1.example.com.');
    await world.advance(300);
    expect(asked('Modify')).toBe(1);
    expect(said()).toEqual([]);
  });

  it('is never touched nor read where no pool wants any', async () => {
    await open();
    await world.launch('mail');
    await world.advance(130);
    expect(asked('Modify') + asked('Reset')).toBe(0);
    expect(world.account.callCount('ec2', 'DescribeAddressesAttribute')).toBe(0);
  });

  it('stays with the address at a failover', async () => {
    await open('mx{ordinal}.example.com');
    const [one = ''] = await world.launch('mail', { count: 2 });
    await world.advance(130);
    await world.terminate(one);
    await world.advance(130);
    expect(await reverse()).toBe('mx1.example.com.');
    expect(asked('Modify')).toBe(1);
  });

  it('that EC2 refuses is said once and asked for again an hour later, until the name leads to the address', async () => {
    await open('mx1.elsewhere.org');
    await world.advance(600);
    expect(asked('Modify')).toBe(1);
    expect(said()).toEqual([expect.objectContaining({ role: 'mail', name: (await address()).PublicIp, type: 'PTR' })]);
    const zone = world.account.route53.createZone({ id: 'Z0ELSE', name: 'elsewhere.org', callerReference: 'else' });
    expect(zone).toBeDefined();
    await world.edit('Z0ELSE', 'CREATE', 'mx1.elsewhere.org', 'A', 60, (await address()).PublicIp);
    await world.advance(2_400);
    expect(asked('Modify')).toBe(1);
    await world.advance(1_000);
    expect(asked('Modify')).toBe(2);
    expect(await reverse()).toBe('mx1.elsewhere.org.');
    expect(said()).toEqual([expect.anything(), expect.objectContaining({ cleared: true })]);
  });

  it('follows another name in the configuration', async () => {
    await open('mx{ordinal}.example.com');
    await world.advance(130);
    await world.edit(PUB, 'CREATE', 'out.example.com', 'A', 60, (await address()).PublicIp);
    await world.advance(60);
    await world.update(configuration('out.example.com'));
    await world.advance(10);
    expect(await reverse()).toBe('out.example.com.');
    expect(asked('Modify')).toBe(2);
  });

  it('is repaired where somebody set another', async () => {
    await open('mx{ordinal}.example.com');
    await world.advance(130);
    const { PublicIp, AllocationId } = await address();
    await world.edit(PUB, 'CREATE', 'by-hand.example.com', 'A', 60, PublicIp);
    await world.advance(5);
    const DomainName = 'by-hand.example.com';
    await world.user.ec2.send(new ModifyAddressAttributeCommand({ AllocationId, DomainName }));
    await world.advance(130);
    expect(await reverse()).toBe('mx1.example.com.');
  });
});

describe('reverse DNS that nobody wants any more', () => {
  it('is reset when the configuration drops it, and the address can be released', async () => {
    await open('mx{ordinal}.example.com');
    await world.advance(130);
    const { AllocationId } = await address();
    await expect(world.user.ec2.send(new ReleaseAddressCommand({ AllocationId }))).rejects.toMatchObject({
      name: 'InvalidAddress.Locked',
    });
    await world.update(configuration());
    await world.advance(10);
    expect(await reverse()).toBeUndefined();
    await world.advance(200);
    expect(asked('Reset')).toBe(1);
    const reads = world.account.callCount('ec2', 'DescribeAddressesAttribute');
    await world.advance(120);
    expect(world.account.callCount('ec2', 'DescribeAddressesAttribute')).toBe(reads);
  });

  it('is reset when the address leaves the pool', async () => {
    await open('mx{ordinal}.example.com');
    await world.advance(130);
    const { AllocationId } = await address();
    await world.user.ec2.send(new DeleteTagsCommand({ Resources: [AllocationId], Tags: [{ Key: 'rolecall:pool' }] }));
    await world.advance(130);
    expect(await reverse()).toBeUndefined();
    await world.advance(130);
    expect(asked('Reset')).toBe(1);
    expect(asked('Modify')).toBe(1);
  });

  it('is left where others set it', async () => {
    await open();
    await world.advance(60);
    const { AllocationId } = await address();
    const DomainName = 'mx1.example.com';
    await world.user.ec2.send(new ModifyAddressAttributeCommand({ AllocationId, DomainName }));
    await world.advance(5);
    await world.update(configuration('mx{ordinal}.example.com'));
    await world.advance(130);
    await world.update(configuration());
    await world.advance(130);
    expect(await reverse()).toBe('mx1.example.com.');
    expect(asked('Modify')).toBe(1);
    expect(asked('Reset')).toBe(0);
  });
});

describe('reverse DNS when things go wrong', () => {
  it.each([
    ['timeout-after', 1],
    ['error-after', 1],
    ['timeout-before', 3],
    ['error-before', 3],
    ['throttle', 3],
  ] as const)('is set all the same where EC2 answers with %s, and reset likewise', async (effect, sent) => {
    await open('mx{ordinal}.example.com');
    for (const operation of ['ModifyAddressAttribute', 'ResetAddressAttribute'])
      world.account.faults.add({ service: 'ec2', operation, effect, times: 2 });
    await world.advance(200);
    expect(await reverse()).toBe('mx1.example.com.');
    expect(asked('Modify')).toBe(sent);
    await world.update(configuration());
    await world.advance(200);
    expect(await reverse()).toBeUndefined();
    expect(asked('Reset')).toBe(sent);
    expect(said()).toEqual([]);
  });

  it.each([
    ['before', 'ModifyAddressAttribute'],
    ['after', 'ModifyAddressAttribute'],
    ['after', 'DescribeAddressesAttribute'],
    ['after', 'TransactWriteItems'],
    ['before', 'ResetAddressAttribute'],
    ['after', 'ResetAddressAttribute'],
  ] as const)('is set and reset in the end where the function dies %s %s', async (when, operation) => {
    await open('mx{ordinal}.example.com');
    let isKilled = false;
    const die = (call: ClientCall): Promise<void> | undefined => {
      if (isKilled || call.operation !== operation) return undefined;
      if (operation === 'TransactWriteItems' && !JSON.stringify(call.parameters).includes('reversed')) return undefined;
      isKilled = true;
      return new Promise(() => undefined);
    };
    if (when === 'before') before = die;
    else after = die;
    await world.advance(300);
    expect(await reverse()).toBe('mx1.example.com.');
    await world.update(configuration());
    await world.advance(300);
    expect(await reverse()).toBeUndefined();
    expect(isKilled).toBe(true);
    expect(world.failures.splice(0)).toHaveLength(1);
  });
});
