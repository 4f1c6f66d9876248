import { AllocateAddressCommand, AssociateAddressCommand, DescribeAddressesCommand } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import { createRegistry } from '../../lib/aws/registry.ts';
import type { Configuration } from '../../lib/config/configuration.ts';
import type { RequestOutcome } from '../../lib/model/request.ts';
import type { ClientCall } from '../../local/in-process.ts';
import { World } from '../../local/simulation/world.ts';
import { withAddresses } from './pool-addresses.ts';

const PUB = 'Z0PUB';
const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { pub: { name: 'example.com', id: PUB } },
  roles: {
    mail: { names: [{ zone: 'pub', name: 'mx{ordinal}' }], elasticIp: { pool: 'mail' }, whenEmpty: 'keep' },
    web: 'pub',
  },
};

let world: World;
let after: ((call: ClientCall) => Promise<void> | void) | undefined;

afterEach(async () => {
  after = undefined;
  await world.closeCleanly();
});

async function open(): Promise<void> {
  world = await World.open(CONFIGURATION, {
    hooks: (kind) => (kind === 'Reconcile' ? { after: (call) => after?.(call) } : {}),
    before: withAddresses('mail'),
  });
  await world.advance(5);
}

async function launch(role: string): Promise<string> {
  const [instance = ''] = await world.launch(role);
  await world.advance(10);
  return instance;
}

async function address(): Promise<{ PublicIp: string; InstanceId: string; AllocationId: string }> {
  const { Addresses } = await world.user.ec2.send(new DescribeAddressesCommand({}));
  const { PublicIp = '', InstanceId = '', AllocationId = '' } = Addresses?.[0] ?? {};
  return { PublicIp, InstanceId, AllocationId };
}

/** The sweep of the next minute finds the request, where no message wakes the group. */
async function move(to: string, seconds = 70): Promise<RequestOutcome | undefined> {
  const table = world.stack.outputs['RegistryTable'] ?? '';
  const registry = createRegistry(world.user.dynamodb, { table }, world.timeline, { id: () => 'x' });
  const atMs = world.timeline.now();
  const body = { kind: 'move', role: 'mail', to } as const;
  await registry.putRequest({ id: 'm-1', group: 'addresses', atMs, expiresAtMs: atMs + 300_000, body });
  await world.advance(seconds);
  return (await registry.readRequest('addresses', 'm-1'))?.outcome;
}

describe('a move that was asked for', () => {
  it('hands the address over in one call, and the names of both ends follow', async () => {
    await open();
    const one = await launch('mail web');
    const two = await launch('mail web');
    const { PublicIp } = await address();
    world.account.forgetCalls();
    const outcome = await move(two);
    expect(outcome).toMatchObject({ kind: 'done', message: `${PublicIp} is with ${two}` });
    expect(outcome?.details?.['steps']).toMatchObject([
      { step: 'checked' },
      { step: 'slot given' },
      { step: 'associated' },
      { step: 'verified' },
    ]);
    expect((await address()).InstanceId).toBe(two);
    expect(world.account.callCount('ec2', 'AssociateAddress')).toBe(1);
    expect(world.account.callCount('ec2', 'DisassociateAddress')).toBe(0);
    expect(world.journal).toContainEqual(
      expect.objectContaining({ kind: 'moved', reason: 'moved', address: PublicIp, from: one, to: two }),
    );
    await world.advance(10);
    const [mail, web = ''] = await world.zone(PUB);
    expect(mail).toBe(`mx1.example.com A 60 ${PublicIp}`);
    // The address of the pool, now by its new holder, and the one that the old holder was assigned anew.
    expect(web.split(' ').slice(3)).toHaveLength(2);
    expect(web).toContain(PublicIp);
  });

  it('is not undone by any succession afterwards', async () => {
    await open();
    await launch('mail');
    const two = await launch('mail');
    await move(two);
    await world.advance(180);
    expect((await address()).InstanceId).toBe(two);
    expect(world.account.callCount('ec2', 'AssociateAddress')).toBe(2);
  });

  it('is completed and said once where the pass dies after the slot was given', async () => {
    await open();
    const one = await launch('mail');
    const two = await launch('mail');
    let isKilled = false;
    after = (call) => {
      if (isKilled || call.operation !== 'TransactWriteItems' || !JSON.stringify(call.parameters).includes('planned'))
        return;
      isKilled = true;
      return new Promise(() => undefined);
    };
    const outcome = await move(two, 200);
    expect(isKilled).toBe(true);
    expect(world.failures.splice(0)).toHaveLength(1);
    expect(outcome?.kind).toBe('done');
    expect((await address()).InstanceId).toBe(two);
    expect(world.journal.filter(({ kind }) => kind === 'moved')).toMatchObject([{ to: one }, { from: one, to: two }]);
  });

  it('is refused to an instance that is no member, and nothing is touched', async () => {
    await open();
    const one = await launch('mail');
    const stranger = await launch('');
    expect(await move(stranger)).toEqual({
      kind: 'refused',
      message: `${stranger} is no member of the role mail, or is not admitted by its allow`,
    });
    expect((await address()).InstanceId).toBe(one);
    expect(world.account.callCount('ec2', 'AssociateAddress')).toBe(1);
  });

  it('is refused to a member that has another Elastic IP, which would be evicted', async () => {
    await open();
    const one = await launch('mail');
    const two = await launch('mail');
    const other = await world.user.ec2.send(new AllocateAddressCommand({ Domain: 'vpc' }));
    await world.user.ec2.send(new AssociateAddressCommand({ AllocationId: other.AllocationId, InstanceId: two }));
    expect(await move(two)).toMatchObject({ kind: 'refused' });
    expect((await address()).InstanceId).toBe(one);
  });
});
