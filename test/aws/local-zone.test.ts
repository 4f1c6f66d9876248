import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  DeleteHostedZoneCommand,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import { describe, expect, test } from 'vitest';
import { createDns } from '../../lib/aws/route53.ts';
import type { ObservedSet } from '../../lib/model/record-set.ts';
import { recordSet } from '../../lib/model/record-set.ts';
import type { DnsCursor } from '../../lib/reconcile/ports.ts';
import { Account } from '../../local/account.ts';
import { clientsFor } from '../../local/in-process.ts';
import { VirtualTimeline } from '../../local/timeline.ts';

async function withZone() {
  const timeline = new VirtualTimeline(Date.UTC(2026, 10, 21, 8));
  const account = new Account({ timeline });
  const { route53 } = clientsFor(account, 'test');
  const created = await route53.send(new CreateHostedZoneCommand({ Name: 'example.com', CallerReference: 'one' }));
  const zoneId = (created.HostedZone?.Id ?? '').replace('/hostedzone/', '');
  return { timeline, account, route53, zoneId, dns: createDns(route53) };
}

type Zone = Awaited<ReturnType<typeof withZone>>;

/** As another's hand would write it. */
async function byHand({ route53, zoneId }: Zone, set: ResourceRecordSet): Promise<void> {
  const change = { Action: 'CREATE' as const, ResourceRecordSet: set };
  await route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: { Changes: [change] } }));
}

const SERIAL = 'rolecall._rolecall.example.com';

function serial(number: number) {
  return recordSet(SERIAL, 'TXT', 60, [`"owner=rolecall serial=${number} batch=b${number}"`]);
}

const ONE = recordSet('web.example.com', 'A', 60, ['203.0.113.11']);
const BOTH = recordSet('web.example.com', 'A', 60, ['203.0.113.11', '203.0.113.12']);

describe('a zone of the local account', () => {
  test('is changed only from what it is', async () => {
    const { dns, zoneId } = await withZone();
    const first = [
      { action: 'CREATE', set: serial(1) },
      { action: 'CREATE', set: BOTH },
    ] as const;
    expect(await dns.change(zoneId, first, 'b1')).toMatchObject({ kind: 'accepted' });
    expect(await dns.change(zoneId, first, 'b1')).toMatchObject({ kind: 'rejected' });
    const swap = [
      { action: 'DELETE', set: serial(1) },
      { action: 'DELETE', set: BOTH },
      { action: 'CREATE', set: ONE },
      { action: 'CREATE', set: serial(2) },
    ] as const;
    expect(await dns.change(zoneId, swap, 'b2')).toMatchObject({ kind: 'accepted' });
    expect(await dns.change(zoneId, swap, 'b2')).toMatchObject({ kind: 'rejected' });
    expect(await dns.read(zoneId, 'web.example.com', 'A')).toEqual([ONE]);
    expect(await dns.read(zoneId, SERIAL, 'TXT')).toEqual([serial(2)]);
  });

  test('gives back a wildcard and every set of a routing policy', async () => {
    const { dns, zoneId } = await withZone();
    const sets = [
      recordSet('*.apps.example.com', 'CNAME', 60, ['web.example.com']),
      recordSet('web.example.com', 'A', 60, ['203.0.113.1'], { kind: 'multivalue', setIdentifier: 'i-0b1' }),
      recordSet('web.example.com', 'A', 60, ['203.0.113.2'], { kind: 'multivalue', setIdentifier: 'i-0b2' }),
    ];
    const changes = sets.map((set) => ({ action: 'CREATE' as const, set }));
    expect(await dns.change(zoneId, changes, 'b1')).toMatchObject({ kind: 'accepted' });
    expect(await dns.read(zoneId, '*.apps.example.com', 'CNAME')).toEqual(sets.slice(0, 1));
    expect(await dns.read(zoneId, 'web.example.com', 'A')).toEqual(sets.slice(1));
    expect(await dns.read(zoneId, 'apps.example.com', 'A')).toEqual([]);
  });

  test('shows what others have in it, and does not let us take it for ours', async () => {
    const zone = await withZone();
    await byHand(zone, {
      Name: 'web.example.com',
      Type: 'A',
      SetIdentifier: 'eu',
      Region: 'eu-west-1',
      TTL: 60,
      ResourceRecords: [{ Value: '203.0.113.9' }],
    });
    await byHand(zone, {
      Name: 'a\\056b.example.com',
      Type: 'A',
      TTL: 60,
      ResourceRecords: [{ Value: '203.0.113.9' }],
    });
    expect(await zone.dns.read(zone.zoneId, 'web.example.com', 'A')).toEqual([
      { opaque: true, name: 'web.example.com', type: 'A', setIdentifier: 'eu' },
    ]);
    expect(await zone.dns.read(zone.zoneId, 'a.b.example.com', 'A')).toEqual([]);
  });

  test('is read page by page, each set once', async () => {
    const { account, dns, zoneId } = await withZone();
    const names = Array.from({ length: 700 }, (_none, index) => `web-${index}.example.com`);
    const changes = names.map((name) => ({
      action: 'CREATE' as const,
      set: recordSet(name, 'A', 60, ['203.0.113.1']),
    }));
    expect(await dns.change(zoneId, changes, 'b1')).toMatchObject({ kind: 'accepted' });
    const found: ObservedSet[] = [];
    let cursor: DnsCursor | undefined;
    do {
      const page = await dns.page(zoneId, cursor);
      found.push(...page.sets);
      cursor = page.next;
    } while (cursor !== undefined);
    expect(found.map(({ name }) => name).sort()).toEqual(['example.com', 'example.com', ...names].sort());
    expect(account.callCount('route53', 'ListResourceRecordSets')).toBe(3);
  });

  test('is known to be gone', async () => {
    const { route53, dns, zoneId } = await withZone();
    await route53.send(new DeleteHostedZoneCommand({ Id: zoneId }));
    expect(await dns.change(zoneId, [{ action: 'CREATE', set: ONE }], 'b1')).toMatchObject({ kind: 'zone-gone' });
    await expect(dns.read(zoneId, 'web.example.com', 'A')).rejects.toMatchObject({ kind: 'not-found' });
  });

  test.each([
    ['throttle', 'throttled', 0],
    ['error-before', 'unknown', 0],
    ['error-after', 'unknown', 1],
    ['timeout-after', 'unknown', 1],
  ] as const)('tells a batch that met %s to be %s, and is asked once', async (effect, kind, written) => {
    const { timeline, account, dns, zoneId } = await withZone();
    account.faults.add({ service: 'route53', operation: 'ChangeResourceRecordSets', effect });
    const outcome = dns.change(zoneId, [{ action: 'CREATE', set: ONE }], 'b1');
    await timeline.advance(60_000);
    expect(await outcome).toMatchObject({ kind });
    expect(account.callCount('route53', 'ChangeResourceRecordSets')).toBe(1);
    expect(await dns.read(zoneId, 'web.example.com', 'A')).toHaveLength(written);
  });
});
