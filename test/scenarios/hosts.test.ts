import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration } from '../../lib/config/configuration.ts';
import { hashOf } from '../../lib/model/token.ts';
import { createRegistry } from '../../lib/aws/registry.ts';
import { World, type WorldOptions } from '../../local/simulation/world.ts';

const PUB = 'Z0BBB';
const CONFIGURATION: Configuration = {
  zones: { pub: { name: 'example.com', id: PUB } },
  endpoint: true,
  roles: {
    web: {
      names: [
        { zone: 'pub', address: ['public', 'ipv6'] },
        { zone: 'pub', name: '{instanceId}.{role}' },
      ],
      allow: { instanceProfiles: ['web-*'] },
      whenEmpty: { answer: '192.0.2.10' },
    },
    api: 'pub',
  },
  hosts: { 'dc1-web': { roles: ['web'], expireAfter: '30m' }, 'dc2-web': { roles: ['web'] } },
};

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

function registry() {
  const clock = world.timeline;
  return createRegistry(world.user.dynamodb, { table: world.stack.outputs['RegistryTable'] ?? '' }, clock, {
    id: () => 'x',
  });
}

async function open(hooks?: WorldOptions['hooks']): Promise<void> {
  world = await World.open(CONFIGURATION, hooks === undefined ? {} : { hooks });
  for (const name of ['dc1-web', 'dc2-web'])
    await registry().putToken({ name, use: 'update', hash: hashOf(`secret of ${name}`), createdAtMs: 0 }, true);
  await registry().putToken({ name: 'nginx', use: 'read', hash: hashOf('nginx.secret'), createdAtMs: 0 }, true);
  await world.advance(10);
}

function basic(login: string, password: string): { headers: Record<string, string> } {
  return { headers: { authorization: `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}` } };
}

async function update(query: string, login = 'dc1-web', password = `secret of ${login}`): Promise<string> {
  const { body } = await world.request(`/nic/update?${query}`, basic(login, password));
  return body.toString();
}

const A = 'web.example.com A 60';

describe('a host outside EC2', () => {
  it('is published by what it tells when its answer comes, beside instances, whatever `allow` says of those', async () => {
    await open();
    await world.launch('web', { instanceProfile: 'web-1' });
    await world.advance(30);
    expect(await update('hostname=web.example.com&myip=203.0.113.99')).toBe('good 203.0.113.99\n');
    expect(await world.zone(PUB)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^web\.example\.com A 60 203\.0\.113\.\d+ 203\.0\.113\.99$/),
        'dc1-web.web.example.com A 60 203.0.113.99',
      ]),
    );
    expect(world.journal).toContainEqual(
      expect.objectContaining({ kind: 'change', name: 'web.example.com', reason: 'launched', instance: 'dc1-web' }),
    );
  });

  it('is told nochg when nothing changes, and costs no change of the zone', async () => {
    await open();
    await update('hostname=web.example.com&myip=203.0.113.99');
    const serial = await world.serial(PUB);
    expect(await update('hostname=web.example.com&myip=203.0.113.99')).toBe('nochg 203.0.113.99\n');
    await world.advance(120);
    expect(await world.serial(PUB)).toBe(serial);
  });

  it('changes its address, keeps that of the other family, and takes both at once', async () => {
    await open();
    await update('hostname=web.example.com&myip=203.0.113.99');
    expect(await update('hostname=web.example.com&myip=2001:db8::5')).toBe('good 2001:db8::5\n');
    expect(await world.zone(PUB)).toContain(`${A} 203.0.113.99`);
    expect(await world.zone(PUB)).toContain('web.example.com AAAA 60 2001:db8::5');
    expect(await update('hostname=web.example.com&myip=203.0.113.98,2001:db8::6')).toBe(
      'good 203.0.113.98,2001:db8::6\n',
    );
    expect(await world.zone(PUB)).toContain(`${A} 203.0.113.98`);
    expect(await world.zone(PUB)).toContain('web.example.com AAAA 60 2001:db8::6');
  });

  it('has the address of its caller when it tells none', async () => {
    await open();
    expect(await update('hostname=web.example.com')).toBe('good 198.51.100.7\n');
    expect(await world.zone(PUB)).toContain(`${A} 198.51.100.7`);
  });

  it('is withdrawn within a minute when it is silent for longer than expireAfter, and comes back', async () => {
    await open();
    await update('hostname=web.example.com&myip=203.0.113.99');
    await world.advance(29 * 60);
    expect(await update('hostname=web.example.com&myip=203.0.113.99')).toBe('nochg 203.0.113.99\n');
    await world.advance(29 * 60);
    expect(await world.zone(PUB)).toContain(`${A} 203.0.113.99`);
    await world.advance(2 * 60 + 5);
    expect(await world.zone(PUB)).toContain(`${A} 192.0.2.10`);
    expect(world.journal).toContainEqual(
      expect.objectContaining({ kind: 'change', name: 'web.example.com', reason: 'expired', instance: 'dc1-web' }),
    );
    expect(await update('hostname=web.example.com&myip=203.0.113.99')).toBe('good 203.0.113.99\n');
    expect(await world.zone(PUB)).toContain(`${A} 203.0.113.99`);
  });

  it('stays, however long it is silent, where the configuration gives no expireAfter', async () => {
    await open();
    await update('hostname=web.example.com&myip=203.0.113.97', 'dc2-web');
    await world.advance(3 * 3600);
    expect(await world.zone(PUB)).toContain(`${A} 203.0.113.97`);
  });

  it('goes at once when it says that it goes offline', async () => {
    await open();
    await update('hostname=web.example.com&myip=203.0.113.99');
    expect(await update('hostname=web.example.com&offline=YES')).toBe('good\n');
    expect(await world.zone(PUB)).toContain(`${A} 192.0.2.10`);
    expect(await update('hostname=web.example.com&offline=YES')).toBe('nochg\n');
  });

  it('follows the configuration into another role, and out of it, with its token', async () => {
    await open();
    await update('hostname=web.example.com&myip=203.0.113.99');
    await world.update({ ...CONFIGURATION, allowLargeChange: true, hosts: { 'dc1-web': { roles: ['api'] } } });
    await world.advance(10);
    expect(await world.zone(PUB)).toEqual(['api.example.com A 60 203.0.113.99', `${A} 192.0.2.10`]);
    await world.update({ ...CONFIGURATION, hosts: {} });
    await world.advance(10);
    expect(await world.zone(PUB)).toEqual([`${A} 192.0.2.10`]);
    await world.update(CONFIGURATION);
    expect(await update('hostname=web.example.com&myip=203.0.113.99')).toBe('badauth\n');
  });
});

describe('when something comes between', () => {
  it('two updates at once both count', async () => {
    let other: Promise<string> | undefined;
    await open((kind) => ({
      before: async ({ operation }) => {
        if (kind !== 'Update' || operation !== 'TransactWriteItems' || other !== undefined) return;
        other = Promise.resolve('');
        const { headers } = basic('dc1-web', 'secret of dc1-web');
        const http = { method: 'GET', sourceIp: '198.51.100.7' };
        const event = { rawPath: '/nic/update', rawQueryString: 'hostname=web.example.com&myip=2001:db8::5' };
        const handler = world.another('Update', {});
        const context = {} as Parameters<typeof handler>[1];
        other = handler({ ...event, headers, requestContext: { http } }, context).then((answer) =>
          JSON.stringify(answer),
        );
        await world.timeline.sleep(50);
      },
    }));
    expect(await update('hostname=web.example.com&myip=203.0.113.99')).toBe('good 203.0.113.99\n');
    expect(await other).toContain('good 2001:db8::5');
    expect(await world.zone(PUB)).toContain(`${A} 203.0.113.99`);
    expect(await world.zone(PUB)).toContain('web.example.com AAAA 60 2001:db8::5');
  });

  it('an update that was stored is published by the sweep when its function died before it woke anyone', async () => {
    let died = false;
    await open((kind) => ({
      before: ({ service }) => {
        if (kind !== 'Update' || service !== 'sqs' || died) return undefined;
        died = true;
        return new Promise(() => {});
      },
    }));
    await expect(update('hostname=web.example.com&myip=203.0.113.99')).rejects.toThrow('timed out');
    expect(died).toBe(true);
    await world.advance(75);
    expect(await world.zone(PUB)).toContain(`${A} 203.0.113.99`);
  });

  it('a zone that takes no change does not keep the answer: the update is stored and follows', async () => {
    let isRefusing = true;
    await open((kind) => ({
      before: ({ service }) => {
        if (kind === 'Reconcile' && service === 'route53' && isRefusing) throw new Error('Route 53 is away');
      },
    }));
    const askedAtMs = world.timeline.now();
    expect(await update('hostname=web.example.com&myip=203.0.113.99')).toBe('good 203.0.113.99\n');
    expect(world.timeline.now() - askedAtMs).toBeLessThanOrEqual(4_000);
    isRefusing = false;
    await world.advance(120);
    expect(await world.zone(PUB)).toContain(`${A} 203.0.113.99`);
  });

  it('a sweep takes neither a host for an absent instance, nor its leave for that of an instance', async () => {
    await open();
    const [instance = ''] = await world.launch('api');
    await update('hostname=web.example.com&myip=203.0.113.99');
    await world.advance(300);
    expect(await world.zone(PUB)).toContain(`${A} 203.0.113.99`);
    await world.terminate(instance);
    await world.advance(30);
    expect((await world.zone(PUB)).filter((line) => line.startsWith('api.'))).toEqual([]);
    expect(await world.zone(PUB)).toContain(`${A} 203.0.113.99`);
  });
});
