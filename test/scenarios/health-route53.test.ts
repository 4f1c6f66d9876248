import {
  DeleteHealthCheckCommand,
  ListHealthChecksCommand,
  ListResourceRecordSetsCommand,
} from '@aws-sdk/client-route-53';
import { afterEach, describe, expect, it } from 'vitest';
import type { Configuration, HealthDefinition } from '../../lib/config/configuration.ts';
import { resolve } from '../../local/dns/resolve.ts';
import type { ClientCall } from '../../local/in-process.ts';
import { World, type WorldOptions } from '../../local/simulation/world.ts';

const PUB = 'Z0PUB';
const HTTP: HealthDefinition = { route53: { type: 'HTTP', port: 8080, path: '/up' } };

let world: World;

afterEach(async () => {
  await world.closeCleanly();
});

function configuration(health: HealthDefinition = HTTP): Configuration {
  return {
    owner: 'test',
    zones: { pub: { name: 'example.com', id: PUB } },
    roles: { web: { names: [{ zone: 'pub', routing: 'multivalue' }], health } },
  };
}

async function open(options: WorldOptions = {}): Promise<void> {
  world = await World.open(configuration(), options);
  await world.advance(5);
}

/** `address type:port/path` of each check, by address. */
async function checks(): Promise<string[]> {
  const { HealthChecks } = await world.user.route53.send(new ListHealthChecksCommand({}));
  return (HealthChecks ?? [])
    .flatMap(({ HealthCheckConfig: config }) =>
      config === undefined ? [] : [`${config.IPAddress} ${config.Type}:${config.Port}${config.ResourcePath ?? ''}`],
    )
    .sort();
}

/** Each address of the zone with that of the check attached to its set. */
async function attached(): Promise<string[]> {
  const [sets, listed] = await Promise.all([
    world.user.route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: PUB })),
    world.user.route53.send(new ListHealthChecksCommand({})),
  ]);
  const addresses = new Map((listed.HealthChecks ?? []).map((check) => [check.Id, check.HealthCheckConfig?.IPAddress]));
  return (sets.ResourceRecordSets ?? [])
    .filter(({ Type }) => Type === 'A')
    .map(({ ResourceRecords, HealthCheckId }) => {
      const check = HealthCheckId === undefined ? 'none' : (addresses.get(HealthCheckId) ?? 'one that is not there');
      return `${ResourceRecords?.[0]?.Value} checked at ${check}`;
    })
    .sort();
}

function operations(): string[] {
  return world.account.calls.flatMap(({ service, operation, caller }) =>
    service === 'route53' && caller === 'Reconcile' && operation !== 'ListResourceRecordSets' ? [operation] : [],
  );
}

const [A, B] = ['203.0.113.11', '203.0.113.12'];
const BOTH = [`${A} checked at ${A}`, `${B} checked at ${B}`];

describe('a Route 53 health check', () => {
  it('is there before the set that it is attached to, one for each public address', async () => {
    await open();
    world.account.forgetCalls();
    await world.launch('web', { count: 2 });
    await world.advance(10);
    expect(await checks()).toEqual([`${A} HTTP:8080/up`, `${B} HTTP:8080/up`]);
    expect(await attached()).toEqual(BOTH);
    const written = world.account.route53.batches
      .flatMap(({ changes }) => changes)
      .filter(({ action, set }) => action === 'CREATE' && set.type === 'A')
      .map(({ set }) => `${set.values.join()} ${set.healthCheckId === undefined ? 'unchecked' : 'checked'}`);
    expect(written).toEqual([`${A} checked`, `${B} checked`]);
    expect(operations().filter((operation) => operation === 'CreateHealthCheck')).toHaveLength(2);
  });

  it('goes after its set, which waits for nothing', async () => {
    await open();
    const [one = ''] = await world.launch('web', { count: 2 });
    await world.advance(10);
    await world.terminate(one);
    await world.advance(3);
    expect(await attached()).toEqual([BOTH[1]]);
    expect(await checks()).toHaveLength(2);
    await world.advance(180);
    expect(await checks()).toEqual([`${B} HTTP:8080/up`]);
    expect(await attached()).toEqual([BOTH[1]]);
  });

  it('is made anew when its endpoint is configured otherwise, and the old one goes', async () => {
    await open();
    await world.launch('web');
    await world.advance(10);
    await world.update(configuration({ route53: { type: 'TCP', port: 443 } }));
    await world.advance(10);
    expect(await attached()).toEqual([BOTH[0]]);
    await world.advance(180);
    expect(await checks()).toEqual([`${A} TCP:443`]);
    expect(await attached()).toEqual([BOTH[0]]);
  });

  it('goes when the role asks for none any more', async () => {
    await open();
    await world.launch('web');
    await world.advance(10);
    await world.update(configuration('none'));
    await world.advance(190);
    expect(await attached()).toEqual([`${A} checked at none`]);
    expect(await checks()).toEqual([]);
  });

  it('costs nothing while nothing changes', async () => {
    await open();
    await world.launch('web', { count: 2 });
    await world.advance(130);
    world.account.forgetCalls();
    await world.advance(180);
    expect(operations()).toEqual([]);
    expect(world.account.callCount('dynamodb', 'TransactWriteItems')).toBe(0);
  });

  it('goes with the stack', async () => {
    await open();
    await world.launch('web', { count: 2 });
    await world.advance(10);
    expect(await checks()).toHaveLength(2);
    await world.stack.delete();
    expect(await world.zone(PUB)).toEqual([]);
    expect(await checks()).toEqual([]);
  });

  it('that somebody deleted is made anew where it is needed next', async () => {
    await open();
    await world.launch('web');
    await world.advance(10);
    const { HealthChecks } = await world.user.route53.send(new ListHealthChecksCommand({}));
    await world.user.route53.send(new DeleteHealthCheckCommand({ HealthCheckId: HealthChecks?.[0]?.Id }));
    const sets = await world.user.route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: PUB }));
    const set = sets.ResourceRecordSets?.find(({ Type }) => Type === 'A');
    expect(set?.HealthCheckId).toBe(HealthChecks?.[0]?.Id);
    await world.update({ ...configuration(), defaults: { ttl: '30s' } });
    await world.advance(10);
    expect(await attached()).toEqual([BOTH[0]]);
  });

  it('that somebody deleted is missed by the next sweep, and nothing else is touched', async () => {
    await open();
    await world.launch('web', { count: 2 });
    await world.advance(70);
    const { healthChecks } = world.account.route53;
    const [kept, deleted = { id: '' }] = healthChecks.list();
    await world.user.route53.send(new DeleteHealthCheckCommand({ HealthCheckId: deleted.id }));
    expect(await attached()).not.toEqual(BOTH);
    const seen = world.account.route53.batches.length;
    await world.advance(65);
    expect(await attached()).toEqual(BOTH);
    expect(healthChecks.list().map(({ id }) => id)).toContain(kept?.id);
    expect(healthChecks.list()).toHaveLength(2);
    expect(world.account.route53.batches.length - seen).toBe(1);
    await world.advance(120);
    expect(world.account.route53.batches.length - seen).toBe(1);
  });
});

describe('the quota of health checks', () => {
  it('leaves a member published without one, says so, and is tried again', async () => {
    await open({
      before: async (early) => {
        early.account.route53.healthChecks.most = 1;
      },
    });
    const [, two = ''] = await world.launch('web', { count: 2 });
    await world.advance(10);
    expect(
      (await attached()).map((line) => line.split(' ').at(-1) ?? '').sort((one, other) => (one < other ? -1 : 1)),
    ).toEqual([A, 'none']);
    const said = world.journal.filter((entry) => entry.kind === 'withheld');
    expect(said.map((entry) => [entry.reason, 'instance' in entry ? entry.instance : undefined])).toEqual([
      ['no-health-check', two],
    ]);
    await world.advance(120);
    expect(world.journal.filter((entry) => entry.kind === 'withheld')).toHaveLength(1);

    const missing = () => world.measurements.findLast(({ name }) => name === 'HealthChecksMissing')?.value;
    expect(missing()).toBe(1);

    world.account.route53.healthChecks.most = 2;
    await world.advance(65);
    expect(await attached()).toEqual(BOTH);
    await world.advance(60);
    expect(missing()).toBe(0);
  });
});

describe('a removal', () => {
  it.each(['throttle', 'timeout-before', 'error-before'] as const)(
    'does not wait for the health check of another member (%s)',
    async (effect) => {
      await open();
      const [one = ''] = await world.launch('web', { count: 2 });
      await world.advance(10);
      world.account.faults.add({ service: 'route53', operation: 'CreateHealthCheck', effect, times: 1000 });
      await world.update(configuration({ route53: { type: 'TCP', port: 443 } }));
      await world.terminate(one);
      await world.advance(3);
      expect(operations()).toContain('CreateHealthCheck');
      expect((await attached()).map((line) => line.split(' ')[0])).toEqual([B]);
      expect(await checks()).toEqual([`${A} HTTP:8080/up`, `${B} HTTP:8080/up`]);
    },
  );

  it('needs no call about health checks', async () => {
    await open();
    const [one = ''] = await world.launch('web', { count: 2 });
    await world.advance(10);
    world.account.forgetCalls();
    await world.terminate(one);
    await world.advance(3);
    expect(await attached()).toEqual([BOTH[1]]);
    expect(operations()).toEqual(['ChangeResourceRecordSets']);
  });
});

describe('a crash', () => {
  it.each([
    ['before', 'CreateHealthCheck'],
    ['after', 'CreateHealthCheck'],
    ['before', 'DeleteHealthCheck'],
    ['after', 'DeleteHealthCheck'],
  ] as const)('%s %s leaves no check that nobody knows, and no set without one', async (when, operation) => {
    let isArmed = false;
    const die = async (call: ClientCall): Promise<void> => {
      if (!isArmed || call.operation !== operation) return;
      isArmed = false;
      await new Promise<void>(() => undefined);
    };
    await open({ hooks: (kind) => (kind === 'Reconcile' ? { [when]: die } : {}) });
    isArmed = operation === 'CreateHealthCheck';
    const [one = ''] = await world.launch('web', { count: 2 });
    await world.advance(130);
    expect(await attached()).toEqual(BOTH);
    expect(await checks()).toHaveLength(2);
    isArmed = operation === 'DeleteHealthCheck';
    await world.terminate(one);
    await world.advance(400);
    expect(isArmed).toBe(false);
    // The crash itself, and nothing else.
    expect(world.failures).toHaveLength(1);
    world.failures.length = 0;
    expect(await attached()).toEqual([BOTH[1]]);
    expect(await checks()).toEqual([`${B} HTTP:8080/up`]);
  });
});

describe('a lost answer', () => {
  it.each(['timeout-after', 'error-after', 'throttle'] as const)(
    '(%s) to CreateHealthCheck makes no second check',
    async (effect) => {
      await open();
      world.account.faults.add({ service: 'route53', operation: 'CreateHealthCheck', effect, times: 1 });
      await world.launch('web', { count: 2 });
      await world.advance(130);
      expect(await attached()).toEqual(BOTH);
      expect(await checks()).toHaveLength(2);
    },
  );
});

describe('an unhealthy address', () => {
  it('is left out of the answers of Route 53, and comes back; all are answered when all are unhealthy', async () => {
    await open();
    await world.launch('web', { count: 2 });
    await world.advance(10);
    const { healthChecks } = world.account.route53;
    const idOf = (address: string) => healthChecks.list().find(({ config }) => config.address === address)?.id ?? '';
    const ask = () =>
      resolve(
        { name: 'web.example.com', type: 'A' },
        world.account.route53.servedZones(),
        () => 0.5,
        (id) => healthChecks.isHealthy(id),
      )
        .answers.flatMap((answer) => (answer.type === 'A' ? [answer.data] : []))
        .sort();
    expect(ask()).toEqual([A, B]);
    healthChecks.setHealthy(idOf(A), false);
    expect(ask()).toEqual([B]);
    healthChecks.setHealthy(idOf(B), false);
    expect(ask()).toEqual([A, B]);
    healthChecks.setHealthy(idOf(A), true);
    expect(ask()).toEqual([A]);
  });
});
