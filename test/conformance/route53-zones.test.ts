import {
  CreateHostedZoneCommand,
  DeleteHostedZoneCommand,
  GetHostedZoneCommand,
  GetHostedZoneLimitCommand,
  type HostedZoneLimitType,
  ListHostedZonesByNameCommand,
  ListHostedZonesCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-route-53';
import { describe, expect, it } from 'vitest';
import { exceptFor, freshName } from './endpoint.ts';
import { change, createZone, listed, one, page, refusal, refusedAs, route53, set } from './route53-calls.ts';

// "CreateHostedZone", "GetHostedZone", "ListHostedZones", "ListHostedZonesByName", "DeleteHostedZone"
describe('Route 53 hosted zones', () => {
  it('are made with an NS and a SOA set of their own', async () => {
    const zone = await createZone();
    const { ResourceRecordSets = [] } = await page(zone);
    expect(ResourceRecordSets.map(({ Name, Type }) => [Name, Type])).toEqual([
      [`${zone.name}.`, 'NS'],
      [`${zone.name}.`, 'SOA'],
    ]);
    const { HostedZone, DelegationSet } = await route53.send(new GetHostedZoneCommand({ Id: zone.id }));
    expect(HostedZone).toMatchObject({
      Id: `/hostedzone/${zone.id}`,
      Name: `${zone.name}.`,
      Config: { PrivateZone: false },
      ResourceRecordSetCount: 2,
    });
    expect(DelegationSet?.NameServers).toHaveLength(4);
  });

  it('are private when they have a VPC', async () => {
    const { HostedZone } = await route53.send(
      new CreateHostedZoneCommand({
        Name: `${freshName('private')}.internal`,
        CallerReference: freshName('reference'),
        VPC: { VPCId: 'vpc-00000000000000001', VPCRegion: 'us-east-1' },
        HostedZoneConfig: { Comment: 'a comment', PrivateZone: true },
      }),
    );
    const { HostedZone: read, VPCs } = await route53.send(new GetHostedZoneCommand({ Id: HostedZone?.Id ?? '' }));
    expect(read?.Config).toEqual({ Comment: 'a comment', PrivateZone: true });
    expect(VPCs).toEqual([{ VPCId: 'vpc-00000000000000001', VPCRegion: 'us-east-1' }]);
  });

  it('may share a name, and are found by it', async () => {
    const first = await createZone();
    const second = await createZone(first.name);
    const { HostedZones = [] } = await route53.send(new ListHostedZonesByNameCommand({ DNSName: first.name }));
    const found = HostedZones.filter(({ Name }) => Name === `${first.name}.`).map(({ Id }) => Id);
    expect(new Set(found)).toEqual(new Set([`/hostedzone/${first.id}`, `/hostedzone/${second.id}`]));
  });

  it('are listed in pages', async () => {
    await createZone();
    await createZone();
    const first = await route53.send(new ListHostedZonesCommand({ MaxItems: 1 }));
    expect(first).toMatchObject({ IsTruncated: true, NextMarker: expect.any(String) });
    const second = await route53.send(new ListHostedZonesCommand({ MaxItems: 1, Marker: first.NextMarker }));
    expect(second.HostedZones).toHaveLength(1);
    expect(second.HostedZones?.[0]?.Id).not.toBe(first.HostedZones?.[0]?.Id);
  });

  it(
    'are made once under one caller reference',
    exceptFor('moto', 'makes another', async () => {
      const request = { Name: `${freshName('zone')}.example`, CallerReference: freshName('reference') };
      await route53.send(new CreateHostedZoneCommand(request));
      expect(await refusal(route53.send(new CreateHostedZoneCommand(request)))).toEqual(
        refusedAs('HostedZoneAlreadyExists'),
      );
    }),
  );

  it('are not deleted while they hold records, and are when they do not', async () => {
    const zone = await createZone();
    const web = set(`web.${zone.name}`, 'A', ['203.0.113.11']);
    await change(zone, one('CREATE', web));
    const remove = new DeleteHostedZoneCommand({ Id: zone.id });
    expect(await refusal(route53.send(remove))).toEqual(refusedAs('HostedZoneNotEmpty'));
    await change(zone, one('DELETE', web));
    await route53.send(remove);
    expect(await refusal(route53.send(new GetHostedZoneCommand({ Id: zone.id })))).toEqual(
      refusedAs('NoSuchHostedZone'),
    );
  });

  it(
    'tell how many record sets they have, and may have',
    exceptFor('moto', 'does not have the operation', async () => {
      const zone = await createZone();
      await change(zone, one('CREATE', set(`web.${zone.name}`, 'A', ['203.0.113.11'])));
      const limit = (HostedZoneId: string, Type: HostedZoneLimitType) =>
        route53.send(new GetHostedZoneLimitCommand({ HostedZoneId, Type }));
      expect(await limit(zone.id, 'MAX_RRSETS_BY_ZONE')).toMatchObject({
        Limit: { Type: 'MAX_RRSETS_BY_ZONE', Value: 10_000 },
        Count: 3,
      });
      expect(await refusal(limit(zone.id, 'MAX_VPCS_ASSOCIATED_BY_ZONE'))).toEqual(refusedAs('HostedZoneNotPrivate'));
      expect(await refusal(limit('Z0000000000000000000', 'MAX_RRSETS_BY_ZONE'))).toEqual(refusedAs('NoSuchHostedZone'));
    }),
  );

  it('have tags', async () => {
    const zone = await createZone();
    const command = new ListTagsForResourceCommand({ ResourceType: 'hostedzone', ResourceId: zone.id });
    const { ResourceTagSet } = await route53.send(command);
    expect(ResourceTagSet?.ResourceId).toBe(zone.id);
  });

  it('are refused when they are not there', async () => {
    const missing = { id: 'Z0000000000000000000', name: 'missing.example' };
    expect(await refusal(page(missing))).toEqual(refusedAs('NoSuchHostedZone'));
    expect(await refusal(change(missing, one('CREATE', set('a.missing.example', 'A', ['203.0.113.11']))))).toEqual(
      refusedAs('NoSuchHostedZone'),
    );
  });
});

// "ListResourceRecordSets"
describe('Route 53 listings', () => {
  it('go by the labels reversed, then by type', async () => {
    const zone = await createZone();
    await change(
      zone,
      one('CREATE', set(`b.a.${zone.name}`, 'A', ['203.0.113.1'])),
      one('CREATE', set(`b.${zone.name}`, 'TXT', ['"x"'])),
      one('CREATE', set(`b.${zone.name}`, 'A', ['203.0.113.1'])),
      one('CREATE', set(`a.${zone.name}`, 'A', ['203.0.113.1'])),
    );
    expect(await listed(zone)).toEqual([
      `a.${zone.name}. A 203.0.113.1`,
      `b.a.${zone.name}. A 203.0.113.1`,
      `b.${zone.name}. A 203.0.113.1`,
      `b.${zone.name}. TXT "x"`,
    ]);
  });

  it(
    'come in pages of at most 300, each telling where the next begins',
    exceptFor('moto', 'gives as many as are asked for', async () => {
      const zone = await createZone();
      const numbers = Array.from({ length: 350 }, (_none, index) => String(index).padStart(3, '0'));
      await change(
        zone,
        ...numbers.map((number) => one('CREATE', set(`n${number}.${zone.name}`, 'A', ['203.0.113.1']))),
      );
      const first = await page(zone, { MaxItems: 1_000 });
      expect(first.ResourceRecordSets).toHaveLength(300);
      expect(first).toMatchObject({ IsTruncated: true, NextRecordName: `n298.${zone.name}.`, NextRecordType: 'A' });
      const second = await page(zone, { StartRecordName: first.NextRecordName, StartRecordType: first.NextRecordType });
      expect(second.IsTruncated).toBe(false);
      expect(second.ResourceRecordSets?.map(({ Name }) => Name)).toEqual(
        numbers.slice(298).map((number) => `n${number}.${zone.name}.`),
      );
    }),
  );

  it(
    'go on within the sets of one name',
    exceptFor('moto', 'tells no identifier', async () => {
      const zone = await createZone();
      const member = (SetIdentifier: string) =>
        one('CREATE', set(`m.${zone.name}`, 'A', ['203.0.113.1'], { SetIdentifier, Weight: 1 }));
      await change(zone, member('i-1'), member('i-2'), member('i-3'));
      const first = await page(zone, { StartRecordName: `m.${zone.name}`, StartRecordType: 'A', MaxItems: 1 });
      expect(first.NextRecordIdentifier).toBe('i-2');
      const second = await page(zone, {
        StartRecordName: first.NextRecordName,
        StartRecordType: first.NextRecordType,
        StartRecordIdentifier: first.NextRecordIdentifier,
      });
      expect(second.ResourceRecordSets?.map(({ SetIdentifier }) => SetIdentifier)).toEqual(['i-2', 'i-3']);
    }),
  );

  it('begin after a name that is not there', async () => {
    const zone = await createZone();
    await change(zone, one('CREATE', set(`c.${zone.name}`, 'A', ['203.0.113.1'])));
    const { ResourceRecordSets } = await page(zone, { StartRecordName: `b.${zone.name}`, StartRecordType: 'A' });
    expect(ResourceRecordSets?.map(({ Name }) => Name)).toEqual([`c.${zone.name}.`]);
  });

  it('refuse a type without a name', async () => {
    expect(await refusal(page(await createZone(), { StartRecordType: 'A' }))).toEqual(refusedAs('InvalidInput'));
  });
});
