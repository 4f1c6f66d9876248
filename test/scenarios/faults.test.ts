import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import type { InvocationContext } from '../../local/runtime/lambda-host.ts';
import { World, type WorldOptions } from '../../local/simulation/world.ts';
import { HeldCall, isRoute53Write } from './held-call.ts';

const PUB = 'Z0PUB';
const INT = 'Z0INT';

const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { pub: { name: 'example.com', id: PUB }, int: { name: 'corp.internal', id: INT, private: true } },
  roles: { web: { names: [{ zone: 'pub' }, { zone: 'int' }] }, cache: 'int' },
};

let world: World;

async function open(options: WorldOptions = {}): Promise<void> {
  world = await World.open(CONFIGURATION, options);
  await world.advance(5);
}

afterEach(async () => {
  await world.close();
});

describe('a record made by other hands', () => {
  it('is never touched, is a conflict said once, and holds up no other name', async () => {
    await open();
    await world.edit(INT, 'CREATE', 'cache.corp.internal', 'A', 300, '10.9.9.9');
    await world.launch('web cache');
    await world.advance(150);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 300 10.9.9.9', 'web.corp.internal A 60 10.0.0.11']);
    expect(world.journal.filter(({ kind }) => kind === 'conflict')).toEqual([
      expect.objectContaining({ role: 'cache', name: 'cache.corp.internal', type: 'A', reason: 'foreign-record' }),
    ]);
  });

  it('gives way to ours once a sweep sees it gone', async () => {
    await open();
    await world.edit(INT, 'CREATE', 'cache.corp.internal', 'CNAME', 300, 'elsewhere.example.net');
    await world.launch('cache');
    await world.advance(70);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal CNAME 300 elsewhere.example.net']);
    await world.edit(INT, 'DELETE', 'cache.corp.internal', 'CNAME', 300, 'elsewhere.example.net');
    await world.advance(70);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.11']);
  });
});

describe('a record made by other hands where a role has sets of two types', () => {
  it('gives way to both once a sweep sees it gone', async () => {
    world = await World.open({
      ...CONFIGURATION,
      roles: { six: { names: [{ zone: 'int', address: ['private', 'ipv6'] }] } },
    });
    await world.advance(5);
    await world.edit(INT, 'CREATE', 'six.corp.internal', 'CNAME', 300, 'elsewhere.example.net');
    await world.launch('six', { ipv6: true });
    await world.advance(70);
    expect(world.journal.filter(({ kind }) => kind === 'conflict')).toHaveLength(2);
    await world.edit(INT, 'DELETE', 'six.corp.internal', 'CNAME', 300, 'elsewhere.example.net');
    await world.advance(70);
    expect(await world.zone(INT)).toEqual([
      'six.corp.internal A 60 10.0.0.11',
      'six.corp.internal AAAA 60 2001:db8:0:1::1',
    ]);
  });
});

describe('a hand edit of a set that we own', () => {
  it('is set right by the sweep and said', async () => {
    await open();
    await world.launch('cache');
    await world.advance(5);
    await world.edit(INT, 'UPSERT', 'cache.corp.internal', 'A', 5, '10.9.9.9');
    await world.advance(65);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.11']);
    expect(world.journal).toContainEqual(
      expect.objectContaining({
        kind: 'drift',
        name: 'cache.corp.internal',
        before: ['10.0.0.11'],
        after: ['10.9.9.9'],
      }),
    );
  });

  it('does not keep the name of an instance that dies meanwhile', async () => {
    await open();
    const [one = ''] = await world.launch('cache', { count: 2 });
    await world.advance(5);
    await world.edit(INT, 'UPSERT', 'cache.corp.internal', 'A', 5, '10.0.0.11', '10.9.9.9');
    await world.terminate(one);
    await world.advance(2);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.12']);
  });

  it('of a set that was deleted brings it back', async () => {
    await open();
    await world.launch('cache');
    await world.advance(5);
    await world.edit(INT, 'DELETE', 'cache.corp.internal', 'A', 60, '10.0.0.11');
    await world.advance(65);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.11']);
  });
});

describe('the serial', () => {
  it('moves with every batch', async () => {
    await open();
    const [one = ''] = await world.launch('cache', { count: 2 });
    await world.advance(5);
    const before = await world.serial(INT);
    await world.terminate(one);
    await world.advance(5);
    expect(await world.serial(INT)).toBe(before + 1);
  });

  it('comes back above what it was when someone deletes it', async () => {
    await open();
    await world.launch('cache');
    await world.advance(5);
    const before = await world.serial(INT);
    await world.deleteSerial(INT);
    expect(await world.serial(INT)).toBe(0);
    await world.advance(65);
    expect(await world.serial(INT)).toBeGreaterThan(before);
    await world.launch('cache');
    await world.advance(5);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.11 10.0.40.11']);
  });
});

describe('two reconcilers of one zone', () => {
  it('of which one is held up between its plan and its write: its batch is rejected, and it plans anew', async () => {
    const held = new HeldCall('Reconcile', isRoute53Write);
    await open({ hooks: held.hooks });
    const [one = ''] = await world.launch('cache', { count: 3 });
    await world.advance(5);
    held.arm();
    await world.launch('cache');
    await world.advance(5);
    expect(held.isHolding).toBe(true);
    await world.terminate(one);
    await world.advance(1);
    const other = world.another('Reconcile', {});
    await other(world.wakeUp(INT), {} as InvocationContext);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.12 10.0.0.13 10.0.40.11']);

    world.account.forgetCalls();
    const accepted = world.account.route53.batches.length;
    held.letGoOn();
    await world.advance(5);
    expect(world.account.callCount('route53', 'ChangeResourceRecordSets')).toBe(1);
    expect(world.account.route53.batches).toHaveLength(accepted);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.12 10.0.0.13 10.0.40.11']);
    await world.advance(120);
    expect(world.account.route53.batches).toHaveLength(accepted);
  });

  it('of which one died before the other and its batch arrives late: what took effect is recorded, nothing twice', async () => {
    await open();
    await world.launch('cache');
    await world.advance(5);
    world.account.faults.add({
      service: 'route53',
      operation: 'ChangeResourceRecordSets',
      effect: 'timeout-after',
      times: 1,
    });
    const [two = ''] = await world.launch('cache');
    await world.advance(60);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.11 10.0.40.11']);
    const creates = world.journal.filter((entry) => entry.kind === 'change' && entry.members.includes(two));
    expect(creates).toHaveLength(1);
    await world.terminate(two);
    await world.advance(2);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.11']);
  });
});

describe('Route 53', () => {
  it.each(['throttle', 'error-before', 'error-after', 'timeout-before', 'timeout-after'] as const)(
    'that answers five times with %s loses nothing',
    async (effect) => {
      await open();
      const [one = ''] = await world.launch('web', { count: 2 });
      await world.advance(10);
      world.account.faults.add({ service: 'route53', operation: 'ChangeResourceRecordSets', effect, times: 5 });
      await world.terminate(one);
      await world.launch('cache');
      await world.advance(120);
      expect(await world.zone(INT)).toEqual([
        'cache.corp.internal A 60 10.0.40.11',
        'web.corp.internal A 60 10.0.0.12',
      ]);
      expect(await world.zone(PUB)).toEqual(['web.example.com A 60 203.0.113.12']);
      expect(world.failures).toEqual([]);
    },
  );

  it('that denies access to one zone holds up no other, is asked no more than once a minute, and is said once', async () => {
    let denied = true;
    await open({
      hooks: () => ({
        before: ({ operation, parameters }) => {
          if (
            !denied ||
            operation !== 'ChangeResourceRecordSets' ||
            !JSON.stringify(parameters).includes('example.com')
          )
            return;
          throw Object.assign(new Error('not authorized'), {
            name: 'AccessDenied',
            $metadata: { httpStatusCode: 403 },
          });
        },
      }),
    });
    await world.launch('web');
    await world.advance(300);
    expect(await world.zone(PUB)).toEqual([]);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.11']);
    expect(world.journal.filter((entry) => entry.kind === 'withheld')).toEqual([
      expect.objectContaining({ zone: 'example.com', reason: 'access-denied' }),
    ]);
    denied = false;
    await world.advance(130);
    expect(await world.zone(PUB)).toEqual(['web.example.com A 60 203.0.113.11']);
  });
});

describe('a zone that is gone before it was ever written to', () => {
  it('is said once, and holds up no other', async () => {
    await open();
    world.account.route53.deleteZone(PUB);
    await world.launch('web');
    await world.advance(200);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.11']);
    expect(world.journal.filter((entry) => entry.kind === 'withheld')).toEqual([
      expect.objectContaining({ zone: 'example.com', reason: 'zone-gone' }),
    ]);
  });
});

describe('a zone that somebody deletes while nothing is to do in it', () => {
  const saidGone = () => world.journal.filter((entry) => entry.kind === 'withheld' && entry.reason === 'zone-gone');

  async function deleteZone(): Promise<void> {
    const { route53 } = world.account;
    const sets =
      route53
        .zones()
        .find(({ id }) => id === PUB)
        ?.current.sorted() ?? [];
    const own = sets.filter(({ type }) => type === 'A' || type === 'TXT');
    await Promise.all([
      route53.change(
        PUB,
        own.map((set) => ({ action: 'DELETE' as const, set })),
        'by hand',
      ),
      world.advance(1),
    ]);
    route53.deleteZone(PUB);
  }

  it('is missed by the sweep, and said once', async () => {
    await open();
    await world.launch('web');
    await world.advance(80);
    expect(saidGone()).toEqual([]);
    await deleteZone();
    await world.advance(200);
    expect(saidGone()).toEqual([expect.objectContaining({ zone: 'example.com', role: '*' })]);
  });

  it('is said too where the Lambda that says it first dies as it does', async () => {
    let deaths = 0;
    await open({
      hooks: () => ({
        after: async ({ operation, parameters }) => {
          if (operation !== 'UpdateItem' || !JSON.stringify(parameters).includes('zone-gone')) return;
          deaths += 1;
          await new Promise<void>(() => {});
        },
      }),
    });
    await world.launch('web');
    await world.advance(80);
    await deleteZone();
    await world.advance(200);
    expect(deaths).toBe(1);
    expect(saidGone().length).toBe(1);
  });
});

describe('EC2 that does not answer', () => {
  it('empties nothing and forgets nothing', async () => {
    await open();
    const [one = ''] = await world.launch('cache', { count: 2 });
    await world.advance(10);
    world.account.faults.add({ service: 'ec2', operation: 'DescribeInstances', effect: 'error-before', times: 200 });
    await world.launch('cache');
    await world.advance(200);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.11 10.0.0.12']);
    await world.terminate(one);
    await world.advance(2);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.12']);
    world.account.faults.clear();
    await world.advance(65);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.12 10.0.40.11']);
  });
});

describe('the age of the last complete sweep', () => {
  it('grows while a part of each sweep fails, and is a minute again once all succeed', async () => {
    await open();
    await world.advance(180);
    const ages = () =>
      world.measurements.filter(({ name }) => name === 'SweepAge').map(({ value }) => Math.round(value));
    expect(ages().at(-1)).toBe(60);
    world.account.faults.add({ service: 'ec2', operation: 'DescribeInstances', effect: 'error-before', times: 200 });
    await world.advance(180);
    expect(ages().slice(-3)).toEqual([60, 120, 180]);
    world.account.faults.clear();
    await world.advance(120);
    expect(ages().slice(-2)).toEqual([240, 60]);
  });
});

describe('a message that cannot be understood', () => {
  it('goes to the dead letters with a word on why, and takes no other with it', async () => {
    await open();
    const QueueUrl = world.stack.outputs['EventsQueue'];
    await world.user.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"nonsense":' }));
    await world.launch('cache');
    await world.advance(5);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.11']);
    const said = () => world.errors.filter((error) => error.includes('cannot be understood')).length;
    expect(said()).toBe(1);
    await world.advance(1500);
    expect(said()).toBe(15);
  });
});

describe('the deletion of the stack', () => {
  it('takes our records and the serial, and leaves the others', async () => {
    await open();
    await world.edit(INT, 'CREATE', 'foreign.corp.internal', 'A', 300, '10.9.9.9');
    await world.launch('web cache', { count: 2 });
    await world.advance(10);
    await world.stack.delete();
    await world.advance(5);
    expect(await world.zone(INT)).toEqual(['foreign.corp.internal A 300 10.9.9.9']);
    expect(await world.zone(PUB)).toEqual([]);
    expect(await world.serial(INT)).toBe(0);
    expect(await world.serial(PUB)).toBe(0);
  });

  it('succeeds where a zone is already gone, and still cleans the others', async () => {
    await open();
    await world.launch('web');
    await world.advance(10);
    await world.edit(PUB, 'DELETE', 'web.example.com', 'A', 60, '203.0.113.11');
    await world.deleteSerial(PUB);
    world.account.route53.deleteZone(PUB);
    await world.stack.delete();
    expect(await world.zone(INT)).toEqual([]);
    expect(await world.serial(INT)).toBe(0);
  });
});
