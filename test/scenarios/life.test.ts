import { CreateTagsCommand, DeleteTagsCommand } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { World } from '../../local/simulation/world.ts';

const PUB = 'Z0PUB';
const INT = 'Z0INT';

const CONFIGURATION: Configuration = {
  owner: 'test',
  zones: { pub: { name: 'example.com', id: PUB }, int: { name: 'corp.internal', id: INT, private: true } },
  roles: {
    web: { names: [{ zone: 'pub' }, { zone: 'int' }] },
    cache: 'int',
    six: { names: [{ zone: 'pub', address: ['public', 'ipv6'] }] },
  },
};

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

async function open(): Promise<void> {
  world = await World.open(CONFIGURATION);
  await world.advance(5);
}

describe('one instance', () => {
  it('has its public and its private name soon after its launch, and loses both at shutting-down', async () => {
    await open();
    const [one = ''] = await world.launch('web');
    await world.advance(5);
    expect(await world.zone(PUB)).toEqual(['web.example.com A 60 203.0.113.11']);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.11']);
    await world.terminate(one);
    await world.advance(1);
    expect(await world.zone(PUB)).toEqual([]);
    expect(await world.zone(INT)).toEqual([]);
  });

  it('goes with no call to EC2, one change a zone, no read of Route 53, and few calls to DynamoDB', async () => {
    await open();
    const [one = ''] = await world.launch('web');
    await world.advance(30);
    world.account.forgetCalls();
    await world.terminate(one);
    await world.advance(1);
    expect(world.account.callCount('ec2', 'DescribeInstances')).toBe(0);
    expect(world.account.callCount('route53', 'ChangeResourceRecordSets')).toBe(2);
    expect(world.account.callCount('route53', 'ListResourceRecordSets')).toBe(0);
    expect(world.account.callCount('dynamodb')).toBeLessThanOrEqual(12);
    world.account.forgetCalls();
    await world.advance(2);
    expect(world.account.callCount('route53')).toBe(0);
    expect(world.account.callCount('dynamodb')).toBeLessThanOrEqual(3);
  });

  it('is read when its tags are set and when it runs, once each', async () => {
    await open();
    world.account.forgetCalls();
    await world.launch('web');
    await world.advance(3);
    expect(world.account.callCount('ec2', 'DescribeInstances')).toBe(2);
    expect(world.account.callCount('route53', 'ChangeResourceRecordSets')).toBe(2);
  });

  it('is only ever written by CREATE and DELETE', async () => {
    await open();
    const [one = ''] = await world.launch('web', { count: 2 });
    await world.advance(5);
    await world.terminate(one);
    await world.advance(5);
    const actions = world.account.route53.batches.flatMap(({ changes }) => changes.map(({ action }) => action));
    expect(new Set(actions)).toEqual(new Set(['CREATE', 'DELETE']));
  });

  it('gets its names when its tag comes late, and loses them with the tag', async () => {
    await open();
    const [one = ''] = await world.launch('');
    await world.advance(10);
    expect(await world.zone(INT)).toEqual([]);
    const Tags = [{ Key: 'rolecall:role', Value: 'web cache' }];
    await world.user.ec2.send(new CreateTagsCommand({ Resources: [one], Tags }));
    await world.advance(5);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.11', 'web.corp.internal A 60 10.0.0.11']);
    await world.user.ec2.send(new DeleteTagsCommand({ Resources: [one], Tags: [{ Key: 'rolecall:role' }] }));
    await world.advance(5);
    expect(await world.zone(INT)).toEqual([]);
    expect(world.journal).toContainEqual(
      expect.objectContaining({ kind: 'change', action: 'delete', reason: 'untagged', instance: one }),
    );
  });

  it('leaves one role for another by one tag, and the journal says of each which it was', async () => {
    await open();
    const [one = ''] = await world.launch('web');
    await world.advance(10);
    await world.user.ec2.send(
      new CreateTagsCommand({ Resources: [one], Tags: [{ Key: 'rolecall:role', Value: 'cache' }] }),
    );
    await world.advance(5);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.11']);
    const said = world.journal.flatMap((entry) =>
      entry.kind === 'change' && entry.zone === 'corp.internal'
        ? [`${entry.action} ${entry.role} ${entry.reason}`]
        : [],
    );
    expect(said).toEqual(['create web launched', 'delete web untagged', 'create cache tagged']);
  });

  it('comes back under its new public address after a stop', async () => {
    await open();
    const [one = ''] = await world.launch('web');
    await world.advance(10);
    await world.stop(one);
    await world.advance(1);
    expect(await world.zone(PUB)).toEqual([]);
    await world.advance(10);
    await world.launch('');
    await world.advance(5);
    await world.start(one);
    await world.advance(5);
    expect(await world.zone(PUB)).toEqual(['web.example.com A 60 203.0.113.12']);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.11']);
  });

  it('has AAAA beside A where the role asks for it', async () => {
    await open();
    await world.launch('six', { ipv6: true });
    await world.advance(5);
    const sets = await world.zone(PUB);
    expect(sets).toHaveLength(2);
    expect(sets[0]).toBe('six.example.com A 60 203.0.113.11');
    expect(sets[1]).toMatch(/^six\.example\.com AAAA 60 [0-9a-f:]+$/);
  });

  it('that never has a public address gets its private name, and the other is withheld and said so', async () => {
    await open();
    const [one = ''] = await world.launch('web', { publicAddress: false });
    await world.advance(90);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.11']);
    expect(await world.zone(PUB)).toEqual([]);
    const withheld = world.journal.filter((entry) => entry.kind === 'withheld');
    expect(withheld).toEqual([
      expect.objectContaining({ reason: 'no-address', instance: one, name: 'web.example.com' }),
    ]);
  });

  it('without a tag changes nothing', async () => {
    await open();
    const before = world.account.route53.batches.length;
    const [one = ''] = await world.launch('');
    await world.advance(10);
    await world.terminate(one);
    await world.advance(70);
    expect(world.account.route53.batches).toHaveLength(before);
  });

  it('with a role that nobody configured is refused, once', async () => {
    await open();
    const [one = ''] = await world.launch('nobody');
    await world.advance(150);
    expect(world.journal.filter(({ kind }) => kind === 'refused')).toEqual([
      expect.objectContaining({ role: 'nobody', reason: 'unknown-role', instance: one }),
    ]);
  });

  it.each([
    ['web_server', ['web_server']],
    ['- .', ['-', '.']],
  ])('with “%s” for a role is refused for each word, once', async (words, roles) => {
    await open();
    const [one = ''] = await world.launch(words);
    await world.advance(150);
    const refused = world.journal.filter(({ kind }) => kind === 'refused');
    expect(refused.map(({ role }) => role)).toEqual(roles);
    expect(refused[0]).toMatchObject({ reason: 'invalid-name', instance: one });
  });

  it('with such a role is refused by the sweep where no event tells of it', async () => {
    world = await World.open(CONFIGURATION, { before: async (early) => void (await early.launch('web_server')) });
    await world.advance(200);
    expect(world.journal.filter(({ kind }) => kind === 'refused')).toEqual([
      expect.objectContaining({ role: 'web_server', reason: 'invalid-name' }),
    ]);
  });

  it('that ran before the deploy is taken in by the first sweep', async () => {
    world = await World.open(CONFIGURATION, { before: async (early) => void (await early.launch('cache')) });
    await world.advance(65);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.11']);
  });
});

describe('several members', () => {
  it('share a name, and one that dies leaves it to the others', async () => {
    await open();
    const [one = ''] = await world.launch('cache', { count: 3 });
    await world.advance(5);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.11 10.0.0.12 10.0.0.13']);
    await world.terminate(one);
    await world.advance(1);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.12 10.0.0.13']);
    expect(world.journal.at(-1)).toMatchObject({
      kind: 'change',
      action: 'update',
      role: 'cache',
      zone: 'corp.internal',
      name: 'cache.corp.internal',
      type: 'A',
      reason: 'terminated',
      instance: one,
      before: ['10.0.0.11', '10.0.0.12', '10.0.0.13'],
      after: ['10.0.0.12', '10.0.0.13'],
    });
  });

  it('that all stay leave a quiet zone quiet: sweeps change nothing', async () => {
    await open();
    await world.launch('web', { count: 2 });
    await world.advance(70);
    const before = world.account.route53.batches.length;
    await world.advance(300);
    expect(world.account.route53.batches).toHaveLength(before);
  });
});

describe('events out of order', () => {
  it.each([
    ['running, shutting-down, terminated', ['running', 'shutting-down', 'terminated']],
    ['terminated, running', ['terminated', 'running', 'shutting-down']],
    [
      'all twice, backwards',
      ['terminated', 'terminated', 'shutting-down', 'shutting-down', 'running', 'running', 'pending'],
    ],
  ])('leave a dead instance without a name: %s', async (_title, states) => {
    await open();
    const [one = '', two = ''] = await world.launch('cache', { count: 2 });
    await world.advance(10);
    await world.terminate(one);
    await world.advance(10);
    const atMs = world.timeline.now() - 60_000;
    for (const state of states) {
      world.emit(one, state, atMs);
      await world.advance(1);
    }
    world.emit(two, 'running', atMs);
    await world.advance(130);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.12']);
  });

  it('leave a restarted instance with its name when the stop is told late', async () => {
    await open();
    const [one = ''] = await world.launch('cache');
    await world.advance(10);
    const stoppedAtMs = world.timeline.now();
    await world.stop(one);
    await world.advance(10);
    await world.start(one);
    await world.advance(10);
    world.emit(one, 'stopped', stoppedAtMs);
    world.emit(one, 'stopping', stoppedAtMs);
    await world.advance(5);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.11']);
  });
});

describe('a death that no event told', () => {
  it('is found by the sweep', async () => {
    await open();
    const [one = ''] = await world.launch('cache', { count: 2 });
    await world.advance(10);
    world.account.events.put = () => ({ id: 'dropped' }) as never;
    await world.terminate(one);
    await world.advance(75);
    expect(await world.zone(INT)).toEqual(['cache.corp.internal A 60 10.0.0.12']);
  });
});
