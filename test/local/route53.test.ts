import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Route53Settings } from '../../local/route53/model.ts';
import { createRoute53 } from '../../local/route53/service.ts';
import type { Change, ResourceRecordSet } from '../../local/route53/resource-record-set.ts';
import { VirtualTimeline } from '../../local/timeline.ts';

const START_MS = Date.UTC(2026, 10, 21, 8);

function started(settings: Partial<Route53Settings> = {}) {
  const timeline = new VirtualTimeline(START_MS);
  let ids = 0;
  const { service, model } = createRoute53({ timeline, newId: () => `id-${++ids}`, ...settings });
  const { zone } = model.createZone({ name: 'example.com', callerReference: 'test', id: 'Z0AAA' });
  return { timeline, service, model, zone };
}

function address(name: string, ...values: string[]): ResourceRecordSet {
  return { name: `${name}.example.com.`, type: 'A', ttlSeconds: 60, values };
}

function create(set: ResourceRecordSet): Change {
  return { action: 'CREATE', set };
}

function remove(set: ResourceRecordSet): Change {
  return { action: 'DELETE', set };
}

describe('a change', () => {
  it('is listed at once, and answered by the name servers when it is in sync', async () => {
    const { timeline, model, zone } = started();
    await timeline.advance(400);
    const told: string[] = [];
    model.onInSync(({ changeId }) => told.push(changeId));
    const web = address('web', '203.0.113.11');
    const { id, status } = await model.change('Z0AAA', [create(web)]);
    expect(status).toBe('PENDING');
    expect(zone.current.get(web)).toEqual(web);
    await timeline.advance(399);
    expect(zone.published.get(web)).toBeUndefined();
    await timeline.advance(1);
    expect(model.changeInfo(id).status).toBe('INSYNC');
    expect(zone.published.get(web)).toEqual(web);
    expect(told).toEqual([id]);
  });

  it('is kept with its zone and its time', async () => {
    const { timeline, model } = started();
    await timeline.advance(1_000);
    const changes = [create(address('web', '203.0.113.11'))];
    const { id } = await model.change('Z0AAA', changes, 'a comment');
    expect(model.batches).toEqual([
      {
        changeId: id,
        zoneId: 'Z0AAA',
        zoneName: 'example.com.',
        changes,
        comment: 'a comment',
        atMs: START_MS + 1_000,
      },
    ]);
  });

  it('that is refused leaves no trace', async () => {
    const { model, zone } = started();
    const web = address('web', '203.0.113.11');
    await expect(model.change('Z0AAA', [create(web), remove(address('gone', '203.0.113.12'))])).rejects.toThrow(
      "[Tried to delete resource record set [name='gone.example.com.', type='A'] but it was not found]",
    );
    expect(zone.current.get(web)).toBeUndefined();
    expect(model.batches).toEqual([]);
  });

  it('is refused while another of its zone is processed, not while one of another zone is', async () => {
    const { timeline, model } = started({ processingMs: 100 });
    model.createZone({ name: 'corp.internal', callerReference: 'other', id: 'Z0BBB' });
    const first = model.change('Z0AAA', [create(address('web', '203.0.113.11'))]);
    await expect(model.change('Z0AAA', [create(address('mail', '203.0.113.12'))])).rejects.toMatchObject({
      code: 'PriorRequestNotComplete',
    });
    const other = model.change('Z0BBB', [
      create({ name: 'db.corp.internal.', type: 'A', ttlSeconds: 60, values: ['10.0.0.11'] }),
    ]);
    await timeline.advance(100);
    expect((await first).status).toBe('PENDING');
    expect((await other).status).toBe('PENDING');
    const third = model.change('Z0AAA', [create(address('mail', '203.0.113.12'))]);
    await timeline.advance(100);
    expect((await third).status).toBe('PENDING');
  });
});

describe('a zone', () => {
  it('is served once its creation is in sync, and no longer once its deletion is', async () => {
    const { timeline, model } = started();
    expect(model.servedZones()).toEqual([]);
    await timeline.advance(400);
    expect(model.servedZones().map(({ name }) => name)).toEqual(['example.com.']);
    model.deleteZone('Z0AAA');
    expect(() => model.zone('Z0AAA')).toThrow('No hosted zone found with ID: Z0AAA');
    await timeline.advance(400);
    expect(model.servedZones()).toEqual([]);
  });
});

// "Throttling for Amazon Route 53 API requests"
describe('the quota of record sets', () => {
  it('lets a zone take what does not make it larger, and nothing else', async () => {
    const { model } = started();
    model.mostRecordSets = 3;
    await model.change('Z0AAA', [create(address('web', '203.0.113.11'))]);
    const api = address('api', '203.0.113.12');
    await expect(model.change('Z0AAA', [create(api)])).rejects.toThrow(
      'Exceeded limit MAX_RRSETS_BY_ZONE for zone: Z0AAA',
    );
    await model.change('Z0AAA', [{ action: 'UPSERT', set: address('web', '203.0.113.13') }]);
    await model.change('Z0AAA', [remove(address('web', '203.0.113.13')), create(api)]);
    await model.change('Z0AAA', [remove(api)]);
  });
});

describe('throttling', () => {
  function requests(service: ReturnType<typeof started>['service'], count: number) {
    const get = { method: 'GET', path: '/2013-04-01/hostedzone/Z0AAA', headers: {}, body: '' };
    return Promise.all(Array.from({ length: count }, () => service.handle('GetHostedZone', get)));
  }

  it('lets 50 requests through at once, and 10 a second', async () => {
    const { timeline, service, model } = started();
    model.throttling = true;
    const burst = await requests(service, 60);
    expect(burst.filter(({ status }) => status === 200)).toHaveLength(50);
    expect(burst.at(-1)).toMatchObject({ status: 400 });
    expect(burst.at(-1)?.body).toContain('<Code>Throttling</Code><Message>Rate exceeded</Message>');
    await timeline.advance(1_000);
    const later = await requests(service, 20);
    expect(later.filter(({ status }) => status === 200)).toHaveLength(10);
  });

  it('lets 1,500 changes through at once, and 100 a second; an UPSERT is two', async () => {
    const { timeline, model } = started();
    model.throttling = true;
    const batch = (from: number, count: number, action: 'CREATE' | 'UPSERT' = 'CREATE'): Change[] =>
      Array.from({ length: count }, (_none, index) => ({ action, set: address(`n${from + index}`, '203.0.113.11') }));
    await model.change('Z0AAA', batch(0, 1_000));
    await model.change('Z0AAA', batch(1_000, 500));
    await expect(model.change('Z0AAA', batch(1_500, 1))).rejects.toMatchObject({ code: 'Throttling' });
    await timeline.advance(1_000);
    await expect(model.change('Z0AAA', batch(1_500, 51, 'UPSERT'))).rejects.toMatchObject({ code: 'Throttling' });
    expect((await model.change('Z0AAA', batch(1_500, 50, 'UPSERT'))).status).toBe('PENDING');
  });

  it('is off unless it is switched on', async () => {
    const { service } = started();
    const answers = await requests(service, 200);
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });
});

describe('the record sets of a zone', () => {
  const names = fc.constantFrom('a', 'b', 'c.b', '*.c.b', 'd.c.b');
  const batches = fc.array(
    fc.array(
      fc.record({
        action: fc.constantFrom('CREATE' as const, 'DELETE' as const, 'UPSERT' as const),
        name: names,
        value: fc.constantFrom('203.0.113.11', '203.0.113.12'),
        type: fc.constantFrom('A', 'TXT', 'CNAME'),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    { minLength: 5, maxLength: 30 },
  );

  it('follow from the accepted batches alone, and are in sync the same at last', async () => {
    let accepted = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(batches, async (chosen) => {
        const { timeline, model, zone } = started();
        for (const batch of chosen) {
          const changes = batch.map(({ action, name, value, type }): Change => {
            const values = [type === 'TXT' ? `"${value}"` : value];
            return {
              action,
              set: { name: `${name.replace('*', '\\052')}.example.com.`, type, ttlSeconds: 60, values },
            };
          });
          await model.change('Z0AAA', changes).then(
            () => (accepted += 1),
            () => (refused += 1),
          );
        }
        const replayed = new Map<string, ResourceRecordSet>();
        for (const { action, set } of model.batches.flatMap(({ changes }) => changes)) {
          if (action === 'DELETE') replayed.delete(`${set.name} ${set.type}`);
          else replayed.set(`${set.name} ${set.type}`, set);
        }
        const own = zone.current.sorted().filter(({ name }) => name !== 'example.com.');
        expect(new Set(own)).toEqual(new Set(replayed.values()));
        const crowded = own.filter(({ name, type }) => type === 'CNAME' && zone.current.at(name).length > 1);
        expect(crowded).toEqual([]);
        await timeline.advance(400);
        expect(zone.published.sorted()).toEqual(zone.current.sorted());
      }),
      { numRuns: 100 },
    );
    expect(accepted).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(0);
  });
});
