import {
  AssociateAddressCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeAddressesCommand,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import type { FaultyCall } from '../../local/faults.ts';
import { World } from '../../local/simulation/world.ts';
import { withAddresses } from './pool-addresses.ts';

const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { pub: { name: 'example.com', id: 'Z0PUB' } },
  roles: {
    mail: { names: [{ zone: 'pub', name: 'mx{ordinal}' }], elasticIp: { pool: 'mail' } },
    web: { names: [{ zone: 'pub' }] },
  },
};

let world: World;

beforeEach(async () => {
  world = await World.open(CONFIGURATION, { before: withAddresses('mail') });
  await world.advance(5);
});

afterEach(async () => {
  await world.closeCleanly();
});

async function launch(role: string): Promise<string> {
  const [instance = ''] = await world.launch(role);
  await world.advance(10);
  return instance;
}

async function address() {
  const { Addresses = [] } = await world.user.ec2.send(new DescribeAddressesCommand({}));
  return Addresses[0];
}

const holder = async () => (await address())?.InstanceId;

/** From now on nobody can store anything of it: as if no event told of it, nor a sweep found it. */
function keepUnknown(instance: string): void {
  const when = ({ parameters }: FaultyCall) => JSON.stringify(parameters).includes(instance);
  for (const operation of ['GetItem', 'BatchGetItem', 'TransactWriteItems'])
    world.account.faults.add({
      service: 'dynamodb',
      operation,
      effect: 'error-before',
      when: (call) => call.caller === 'Observe' && when(call),
    });
  world.account.faults.add({
    service: 'ec2',
    operation: 'DescribeInstances',
    effect: 'error-before',
    when: ({ caller }) => caller === 'Sweep',
  });
}

async function restartUnseen(instance: string): Promise<void> {
  await world.stop(instance);
  await world.advance(10);
  keepUnknown(instance);
  await world.start(instance);
  await world.advance(5);
}

/** Who has it now, and once all is known. */
async function holders(): Promise<readonly (string | undefined)[]> {
  const now = await holder();
  world.account.faults.clear();
  await world.advance(130);
  return [now, await holder()];
}

const readsOf = (caller: string) =>
  world.account.calls.filter((call) => call.operation === 'DescribeInstances' && call.caller === caller).length;

describe('an address of one that was in another role for a while', () => {
  it('stays there where it is tagged again, though nobody could tell', async () => {
    const one = await launch('mail');
    await world.tag(one, 'web');
    await world.advance(10);
    keepUnknown(one);
    await world.tag(one, 'mail');
    await launch('mail');
    expect(await holders()).toEqual([one, one]);
  });

  it('goes to the next member where it has not come back', async () => {
    const one = await launch('mail');
    await world.tag(one, 'web');
    await world.advance(10);
    keepUnknown(one);
    const two = await launch('mail');
    expect(await holder()).toBe(two);
  });
});

describe('an address of one that is asked to leave', () => {
  const DRAIN = { Key: 'rolecall:drain', Value: 'yes' };

  async function drain(instance: string): Promise<void> {
    await world.user.ec2.send(new CreateTagsCommand({ Resources: [instance], Tags: [DRAIN] }));
    await world.advance(10);
  }

  it('stays there where that was taken back, though nobody could tell', async () => {
    const one = await launch('mail');
    await drain(one);
    keepUnknown(one);
    await world.user.ec2.send(new DeleteTagsCommand({ Resources: [one], Tags: [{ Key: DRAIN.Key }] }));
    await launch('mail');
    expect(await holders()).toEqual([one, one]);
  });

  it('goes to the next member where it was not', async () => {
    const one = await launch('mail');
    await drain(one);
    keepUnknown(one);
    const two = await launch('mail');
    expect(await holder()).toBe(two);
  });
});

describe('an address of an instance that was stopped', () => {
  it('stays there where it was started again, though nobody could tell', async () => {
    const one = await launch('mail');
    await restartUnseen(one);
    const two = await launch('mail');
    expect(await holders()).toEqual([one, one]);
    expect(await world.zone('Z0PUB')).toEqual([`mx1.example.com A 60 ${(await address())?.PublicIp}`]);
    await world.terminate(one);
    await world.advance(10);
    expect(await holder()).toBe(two);
  });

  it('is believed to be served there as soon as that was read, without a sweep', async () => {
    const one = await launch('mail');
    await restartUnseen(one);
    world.account.faults.clear();
    await launch('mail');
    expect(await holder()).toBe(one);
    expect(await world.zone('Z0PUB')).toEqual([`mx1.example.com A 60 ${(await address())?.PublicIp}`]);
  });

  it('goes to the next member where it is stopped still: EC2 is asked once', async () => {
    const one = await launch('mail');
    const two = await launch('mail');
    world.account.forgetCalls();
    await world.stop(one);
    await world.advance(5);
    expect(await holder()).toBe(two);
    expect(readsOf('Reconcile')).toBe(1);
  });

  it('goes to the next member without a question where it is terminated', async () => {
    const one = await launch('mail');
    const two = await launch('mail');
    world.account.forgetCalls();
    await world.terminate(one);
    await world.advance(5);
    expect(await holder()).toBe(two);
    expect(readsOf('Reconcile')).toBe(0);
  });

  it('is not taken while EC2 does not answer, and then at once', async () => {
    const one = await launch('mail');
    const two = await launch('mail');
    world.account.faults.add({ service: 'ec2', operation: 'DescribeInstances', effect: 'error-before' });
    await world.stop(one);
    await world.advance(20);
    expect(await holder()).toBe(one);
    world.account.faults.clear();
    await world.advance(30);
    expect(await holder()).toBe(two);
  });

  it('stays where hands gave it to one that is no member, and was started again', async () => {
    const stranger = await launch('web');
    await restartUnseen(stranger);
    const given = (await address())?.AllocationId;
    await world.user.ec2.send(new AssociateAddressCommand({ AllocationId: given, InstanceId: stranger }));
    await launch('mail');
    expect(await holders()).toEqual([stranger, stranger]);
  });
});
