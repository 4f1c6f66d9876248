import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import type { InvocationContext } from '../../local/runtime/lambda-host.ts';
import { World } from '../../local/simulation/world.ts';

const PUB = 'Z0PUB';
const FOREIGN = ['mail.example.com A 300 192.0.2.1', 'www.example.com CNAME 300 theirs.example.net'];

function owned(owner: string): Configuration {
  return {
    owner,
    zones: { pub: { name: 'example.com', id: PUB } },
    roles: { web: { names: [{ zone: 'pub' }, { zone: 'pub', name: '{instanceId}' }] }, mail: 'pub', api: 'pub' },
    allowLargeChange: true,
  };
}

type Step = readonly [
  kind: 'launch' | 'terminate' | 'stop' | 'edit' | 'serial' | 'owner' | 'pass' | 'wait',
  pick: number,
];

const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom('launch', 'launch', 'terminate', 'stop', 'edit', 'serial', 'owner', 'pass', 'wait'),
  fc.nat({ max: 7 }),
);

/** What happened over all runs: a property that nothing happens in shows nothing. */
const seen = { batches: 0, edits: 0, owners: 0 };

async function take(
  world: World,
  [kind, pick]: Step,
  owner: { name: string },
  passes: Promise<unknown>[],
): Promise<void> {
  const instances = await running(world);
  const one = instances[pick % Math.max(1, instances.length)]?.id;
  if (kind === 'launch') await world.launch(['web', 'api', 'mail'][pick % 3] ?? 'web');
  if (kind === 'terminate' && one !== undefined) await world.terminate(one);
  if (kind === 'stop' && one !== undefined) await world.stop(one);
  if (kind === 'edit') {
    seen.edits += 1;
    const name = ['web.example.com', 'api.example.com'][pick % 2] ?? '';
    const [, , ttl, ...values] = (await world.zone(PUB)).find((set) => set.startsWith(`${name} A `))?.split(' ') ?? [];
    if (pick < 4 && ttl !== undefined) await world.edit(PUB, 'DELETE', name, 'A', Number(ttl), ...values);
    else if (ttl !== undefined) await world.edit(PUB, 'UPSERT', name, 'A', 120, '192.0.2.9');
  }
  if (kind === 'serial' && (await world.serial(PUB)) > 0) await world.deleteSerial(PUB);
  if (kind === 'owner') {
    seen.owners += 1;
    owner.name = ['one', 'two', 'three'][pick % 3] ?? 'one';
    await world.update(owned(owner.name));
  }
  // It may rest between two batches, and time goes on below.
  if (kind === 'pass')
    passes.push(Promise.resolve(world.another('Reconcile', {})(world.wakeUp(PUB), {} as InvocationContext)));
  await world.advance(kind === 'wait' ? pick * 10 : pick % 3);
}

async function running(world: World): Promise<{ id: string; role: string; address: string }[]> {
  const { Reservations } = await world.user.ec2.send(new DescribeInstancesCommand({}));
  return (Reservations ?? [])
    .flatMap(({ Instances }) => Instances ?? [])
    .filter(({ State }) => State?.Name === 'running')
    .map(({ InstanceId = '', PublicIpAddress = '', Tags }) => {
      const role = Tags?.find(({ Key }) => Key === 'rolecall:role')?.Value ?? '';
      return { id: InstanceId, role, address: PublicIpAddress };
    });
}

/** What the instances alone say; the name of the mail belongs to others. */
async function expected(world: World): Promise<string[]> {
  const instances = await running(world);
  const of = (wanted: string) => instances.filter(({ role }) => role === wanted);
  const shared = ['web', 'api'].flatMap((role) => {
    const addresses = of(role).map(({ address }) => address);
    return addresses.length === 0 ? [] : [`${role}.example.com A 60 ${addresses.sort().join(' ')}`];
  });
  return [...FOREIGN, ...shared, ...of('web').map(({ id, address }) => `${id}.example.com A 60 ${address}`)].sort();
}

/** The serials of our batches, in the order in which Route 53 took them. */
function serialsOf(world: World): number[] {
  return world.account.route53.batches.flatMap((batch) => {
    const ours = JSON.stringify(batch).match(/CREATE(?:(?!CREATE).)*?owner=\S+ serial=(\d+)/);
    return ours?.[1] === undefined ? [] : [Number(ours[1])];
  });
}

async function live(steps: readonly Step[]): Promise<void> {
  const world = await World.open(owned('one'), {
    before: async (early) => {
      await early.edit(PUB, 'CREATE', 'mail.example.com', 'A', 300, '192.0.2.1');
      await early.edit(PUB, 'CREATE', 'www.example.com', 'CNAME', 300, 'theirs.example.net');
    },
  });
  try {
    const owner = { name: 'one' };
    const passes: Promise<unknown>[] = [];
    for (const each of steps) {
      await take(world, each, owner, passes);
      expect(await world.zone(PUB)).toEqual(expect.arrayContaining(FOREIGN));
    }
    await world.advance(260);
    await Promise.all(passes);
    expect((await world.zone(PUB)).sort()).toEqual(await expected(world));
    const batches = world.account.route53.batches.length;
    await world.advance(130);
    expect(world.account.route53.batches.length).toBe(batches);
    const serials = serialsOf(world);
    expect(serials).toEqual([...new Set(serials)].sort((one, other) => one - other));
    seen.batches += serials.length;
    await world.closeCleanly();
  } finally {
    await world.close();
  }
}

it('any sequence of instances, hand edits, owners and passes ends where the instances are; the serial only grows, and nothing foreign changes', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), live), {
    numRuns: 12,
    seed: 20_261_121,
    endOnFailure: true,
  });
  expect(seen.batches).toBeGreaterThan(30);
  expect(seen.edits).toBeGreaterThan(0);
  expect(seen.owners).toBeGreaterThan(0);
});
