import {
  type Change,
  type ChangeAction,
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  DeleteHostedZoneCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  ListHostedZonesByNameCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
  ListTagsForResourceCommand,
  type ResourceRecordSet,
  type RRType,
} from '@aws-sdk/client-route-53';
import { describe, expect, it } from 'vitest';
import { conformanceClients, exceptFor, freshName } from './endpoint.ts';

const { route53 } = conformanceClients();

interface Zone {
  readonly id: string;
  /** Without the final dot. */
  readonly name: string;
}

async function createZone(name = `${freshName('zone')}.example`): Promise<Zone> {
  const { HostedZone } = await route53.send(
    new CreateHostedZoneCommand({ Name: name, CallerReference: freshName('reference') }),
  );
  return { id: (HostedZone?.Id ?? '').replace('/hostedzone/', ''), name };
}

async function change(zone: Zone, ...Changes: Change[]): Promise<string> {
  const { ChangeInfo } = await route53.send(
    new ChangeResourceRecordSetsCommand({ HostedZoneId: zone.id, ChangeBatch: { Changes } }),
  );
  return ChangeInfo?.Id ?? '';
}

function set(name: string, type: RRType, values: string[], more: Partial<ResourceRecordSet> = {}): ResourceRecordSet {
  return { Name: name, Type: type, TTL: 60, ResourceRecords: values.map((Value) => ({ Value })), ...more };
}

function one(Action: ChangeAction, ResourceRecordSet: ResourceRecordSet): Change {
  return { Action, ResourceRecordSet };
}

async function page(zone: Zone, more: Partial<ListResourceRecordSetsCommandInput> = {}) {
  return route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: zone.id, ...more }));
}

/** `name type value,value`, all but the zone's own NS and SOA, in the order of the answer. */
async function listed(zone: Zone): Promise<string[]> {
  const { ResourceRecordSets = [] } = await page(zone);
  return ResourceRecordSets.filter(({ Type }) => Type !== 'NS' && Type !== 'SOA').map(
    ({ Name, Type, ResourceRecords = [] }) =>
      `${Name} ${Type} ${ResourceRecords.map(({ Value }) => Value)
        .sort((left = '', right = '') => left.localeCompare(right))
        .join(',')}`,
  );
}

async function refusal(attempt: Promise<unknown>): Promise<{ name: string; message: string }> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof Error) return { name: error.name, message: error.message };
  }
  throw new Error('It was not refused.');
}

function refusedAs(name: string, text = ''): { name: string; message: unknown } {
  return { name, message: expect.stringContaining(text) };
}

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

// "ChangeResourceRecordSets": CREATE, DELETE and UPSERT, "change batches and transactional changes"
describe('Route 53 changes', () => {
  it('create, replace and delete', async () => {
    const zone = await createZone();
    const before = set(`web.${zone.name}`, 'A', ['203.0.113.11', '203.0.113.12']);
    const after = set(`web.${zone.name}`, 'A', ['203.0.113.11'], { TTL: 30 });
    await change(zone, one('CREATE', before));
    expect(await listed(zone)).toEqual([`web.${zone.name}. A 203.0.113.11,203.0.113.12`]);
    await change(zone, one('DELETE', before), one('CREATE', after));
    expect(await listed(zone)).toEqual([`web.${zone.name}. A 203.0.113.11`]);
    await change(zone, one('UPSERT', set(`web.${zone.name}`, 'A', ['203.0.113.13'])));
    expect(await listed(zone)).toEqual([`web.${zone.name}. A 203.0.113.13`]);
    await change(zone, one('DELETE', set(`web.${zone.name}`, 'A', ['203.0.113.13'])));
    expect(await listed(zone)).toEqual([]);
  });

  it('are pending, then in sync', async () => {
    const zone = await createZone();
    const id = await change(zone, one('CREATE', set(`web.${zone.name}`, 'A', ['203.0.113.11'])));
    expect(id).toMatch(/^\/change\/C?[A-Z0-9]+$/);
    for (let poll = 0; poll < 100; poll += 1) {
      const { ChangeInfo } = await route53.send(new GetChangeCommand({ Id: id }));
      if (ChangeInfo?.Status === 'INSYNC') break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const { ChangeInfo } = await route53.send(new GetChangeCommand({ Id: id }));
    expect(ChangeInfo).toMatchObject({ Status: 'INSYNC', SubmittedAt: expect.any(Date) });
  });

  it(
    'refuse to create what is there',
    exceptFor('moto', 'makes a second', async () => {
      const zone = await createZone();
      const web = set(`web.${zone.name}`, 'A', ['203.0.113.11']);
      await change(zone, one('CREATE', web));
      expect(
        await refusal(change(zone, one('CREATE', { ...web, ResourceRecords: [{ Value: '203.0.113.12' }] }))),
      ).toEqual(
        refusedAs(
          'InvalidChangeBatch',
          `[Tried to create resource record set [name='web.${zone.name}.', type='A'] but it already exists]`,
        ),
      );
    }),
  );

  it(
    'refuse to delete what is not there',
    exceptFor('moto', 'calls it InvalidInput', async () => {
      const zone = await createZone();
      expect(await refusal(change(zone, one('DELETE', set(`web.${zone.name}`, 'A', ['203.0.113.11']))))).toEqual(
        refusedAs('InvalidChangeBatch', 'not found'),
      );
    }),
  );

  it.each([
    ['another value', { ResourceRecords: [{ Value: '203.0.113.12' }] }],
    ['one value too few', { ResourceRecords: [{ Value: '203.0.113.11' }] }],
    ['another TTL', { TTL: 61 }],
  ])('refuse to delete by %s', (_what, difference) =>
    exceptFor('moto', 'deletes by name, type, and any value it ever had', async () => {
      const zone = await createZone();
      const web = set(`web.${zone.name}`, 'A', ['203.0.113.11', '203.0.113.13']);
      await change(zone, one('CREATE', web));
      expect(await refusal(change(zone, one('DELETE', { ...web, ...difference })))).toEqual(
        refusedAs(
          'InvalidChangeBatch',
          `[Tried to delete resource record set [name='web.${zone.name}.', type='A'] but the values provided do not match the current values]`,
        ),
      );
      expect(await listed(zone)).toEqual([`web.${zone.name}. A 203.0.113.11,203.0.113.13`]);
    })(),
  );

  it(
    'delete by the same values in another order',
    exceptFor('moto', 'compares them in order', async () => {
      const zone = await createZone();
      await change(zone, one('CREATE', set(`web.${zone.name}`, 'A', ['203.0.113.11', '203.0.113.12'])));
      await change(zone, one('DELETE', set(`web.${zone.name}.`, 'A', ['203.0.113.12', '203.0.113.11'])));
      expect(await listed(zone)).toEqual([]);
    }),
  );

  it(
    'happen all or not at all',
    exceptFor('moto', 'keeps the first half', async () => {
      const zone = await createZone();
      const web = set(`web.${zone.name}`, 'A', ['203.0.113.11']);
      const gone = set(`gone.${zone.name}`, 'A', ['203.0.113.12']);
      expect(await refusal(change(zone, one('CREATE', web), one('DELETE', gone)))).toEqual(
        refusedAs('InvalidChangeBatch'),
      );
      expect(await listed(zone)).toEqual([]);
    }),
  );

  it(
    'compare and swap: the second of two swaps from one state is refused',
    exceptFor('moto', 'lets both through', async () => {
      const zone = await createZone();
      const [first, second, third] = ['1', '2', '3'].map((serial) =>
        set(`serial.${zone.name}`, 'TXT', [`"serial=${serial}"`]),
      );
      if (first === undefined || second === undefined || third === undefined) throw new Error('three sets');
      await change(zone, one('CREATE', first));
      await change(zone, one('DELETE', first), one('CREATE', second));
      expect(await refusal(change(zone, one('DELETE', first), one('CREATE', third)))).toEqual(
        refusedAs('InvalidChangeBatch'),
      );
      expect(await listed(zone)).toEqual([`serial.${zone.name}. TXT "serial=2"`]);
    }),
  );

  it(
    'refuse several changes of one set, but for a DELETE and a CREATE',
    exceptFor('moto', 'takes them', async () => {
      const zone = await createZone();
      const web = set(`web.${zone.name}`, 'A', ['203.0.113.11']);
      expect(await refusal(change(zone, one('CREATE', web), one('UPSERT', web)))).toEqual(
        refusedAs(
          'InvalidChangeBatch',
          `The request contains an invalid set of changes for a resource record set 'A web.${zone.name}.'`,
        ),
      );
      await change(zone, one('CREATE', web));
      expect(await refusal(change(zone, one('DELETE', web), one('DELETE', web)))).toEqual(
        refusedAs('InvalidChangeBatch'),
      );
    }),
  );

  it(
    'tell every mistake of a batch at once',
    exceptFor('moto', 'tells the first', async () => {
      const zone = await createZone();
      const { message } = await refusal(
        change(
          zone,
          one('DELETE', set(`a.${zone.name}`, 'A', ['203.0.113.11'])),
          one('DELETE', set(`b.${zone.name}`, 'A', ['203.0.113.11'])),
        ),
      );
      expect(message).toBe(
        `[Tried to delete resource record set [name='a.${zone.name}.', type='A'] but it was not found, Tried to delete resource record set [name='b.${zone.name}.', type='A'] but it was not found]`,
      );
    }),
  );

  it('take the set identifier as part of the name', async () => {
    const zone = await createZone();
    const member = (SetIdentifier: string, value: string) =>
      set(`m.${zone.name}`, 'A', [value], { SetIdentifier, MultiValueAnswer: true });
    await change(zone, one('CREATE', member('i-1', '203.0.113.1')), one('CREATE', member('i-2', '203.0.113.2')));
    const { ResourceRecordSets = [] } = await page(zone, { StartRecordName: `m.${zone.name}`, StartRecordType: 'A' });
    expect(ResourceRecordSets.map(({ SetIdentifier }) => SetIdentifier)).toEqual(['i-1', 'i-2']);
  });

  it(
    'delete the set with that identifier, and none of another name',
    exceptFor('moto', 'deletes it under every name', async () => {
      const zone = await createZone();
      const member = (name: string) =>
        set(`${name}.${zone.name}`, 'A', ['203.0.113.1'], { SetIdentifier: 'i-1', MultiValueAnswer: true });
      await change(zone, one('CREATE', member('m')), one('CREATE', member('n')));
      await change(zone, one('DELETE', member('m')));
      expect(await listed(zone)).toEqual([`n.${zone.name}. A 203.0.113.1`]);
    }),
  );
});

// "ResourceRecordSet", "Supported DNS record types", "Choosing a routing policy", "Quotas"
describe('Route 53 record sets', () => {
  it('lie within the zone', async () => {
    const zone = await createZone();
    expect(await refusal(change(zone, one('CREATE', set('web.example.org', 'A', ['203.0.113.11']))))).toEqual(
      refusedAs('InvalidChangeBatch', 'is not permitted in zone'),
    );
  });

  it(
    'are kept in lower case, with a final dot, and with octal escapes',
    exceptFor('moto', 'keeps them as they came', async () => {
      const zone = await createZone();
      await change(zone, one('CREATE', set(`*.Apps.${zone.name}`, 'A', ['203.0.113.11'])));
      expect(await listed(zone)).toEqual([`\\052.apps.${zone.name}. A 203.0.113.11`]);
    }),
  );

  it(
    'are not CNAMEs at the apex',
    exceptFor('moto', 'takes them', async () => {
      const zone = await createZone();
      expect(await refusal(change(zone, one('CREATE', set(zone.name, 'CNAME', ['example.org']))))).toEqual(
        refusedAs('InvalidChangeBatch', 'apex'),
      );
    }),
  );

  it(
    'are not CNAMEs beside other types, in whatever order they come',
    exceptFor('moto', 'keeps both', async () => {
      const zone = await createZone();
      const web = set(`web.${zone.name}`, 'A', ['203.0.113.11']);
      const alias = set(`web.${zone.name}`, 'CNAME', ['example.org']);
      expect(await refusal(change(zone, one('CREATE', web), one('CREATE', alias)))).toEqual(
        refusedAs('InvalidChangeBatch', 'conflict'),
      );
      await change(zone, one('CREATE', web));
      expect(await refusal(change(zone, one('CREATE', alias)))).toEqual(refusedAs('InvalidChangeBatch', 'conflict'));
      await change(zone, one('DELETE', web), one('CREATE', alias));
      expect(await refusal(change(zone, one('CREATE', web)))).toEqual(
        refusedAs('InvalidChangeBatch', 'conflicting RRSet of type CNAME'),
      );
    }),
  );

  it(
    'have one value when they are CNAMEs',
    exceptFor('moto', 'takes two', async () => {
      const zone = await createZone();
      expect(
        await refusal(
          change(zone, one('CREATE', set(`www.${zone.name}`, 'CNAME', ['a.example.org', 'b.example.org']))),
        ),
      ).toEqual(refusedAs('InvalidChangeBatch'));
    }),
  );

  it.each<[RRType, string]>([
    ['A', '999.1.1.1'],
    ['A', '2001:db8::1'],
    ['AAAA', '203.0.113.11'],
    ['MX', 'mail.example.org'],
    ['SRV', '0 10 mail.example.org'],
    ['TXT', 'without quotes'],
    ['TXT', `"${'x'.repeat(256)}"`],
  ])('refuse as %s the value %s', (type, value) =>
    exceptFor('moto', 'takes any value', async () => {
      const zone = await createZone();
      expect(await refusal(change(zone, one('CREATE', set(`x.${zone.name}`, type, [value]))))).toEqual(
        refusedAs('InvalidChangeBatch', "Invalid Resource Record: 'FATAL problem: "),
      );
    })(),
  );

  it.each<[RRType, string]>([
    ['AAAA', '2001:db8::1'],
    ['MX', '10 mail.example.org'],
    ['SRV', '0 10 80 web.example.org'],
    ['PTR', 'web.example.org'],
    ['TXT', '"one" "two & <three> \\"four\\""'],
    ['CAA', '0 issue "ca.example.net"'],
    ['NS', 'ns.example.org'],
  ])('give back %s values as they were given: %s', async (type, value) => {
    const zone = await createZone();
    const given = set(`x.${zone.name}`, type, [value]);
    await change(zone, one('CREATE', given));
    const { ResourceRecordSets } = await page(zone, { StartRecordName: `x.${zone.name}`, StartRecordType: type });
    expect(ResourceRecordSets).toEqual([{ ...given, Name: `x.${zone.name}.` }]);
    await change(zone, one('DELETE', given));
    expect(await listed(zone)).toEqual([]);
  });

  it(
    'do not have one value twice',
    exceptFor('moto', 'takes it', async () => {
      const zone = await createZone();
      expect(
        await refusal(change(zone, one('CREATE', set(`web.${zone.name}`, 'A', ['203.0.113.11', '203.0.113.11'])))),
      ).toEqual(refusedAs('InvalidChangeBatch'));
    }),
  );

  it(
    'do not mix routing policies under one name and type',
    exceptFor('moto', 'takes them', async () => {
      const zone = await createZone();
      const simple = set(`m.${zone.name}`, 'A', ['203.0.113.1']);
      const multivalue = set(`m.${zone.name}`, 'A', ['203.0.113.2'], { SetIdentifier: 'i-1', MultiValueAnswer: true });
      const weighted = set(`m.${zone.name}`, 'A', ['203.0.113.3'], { SetIdentifier: 'i-2', Weight: 10 });
      await change(zone, one('CREATE', simple));
      expect(await refusal(change(zone, one('CREATE', multivalue)))).toEqual(refusedAs('InvalidChangeBatch'));
      await change(zone, one('DELETE', simple), one('CREATE', multivalue));
      expect(await refusal(change(zone, one('CREATE', weighted)))).toEqual(refusedAs('InvalidChangeBatch'));
    }),
  );

  it(
    'need an identifier where they have a weight',
    exceptFor('moto', 'needs none', async () => {
      const zone = await createZone();
      const attempt = change(zone, one('CREATE', set(`m.${zone.name}`, 'A', ['203.0.113.1'], { Weight: 10 })));
      expect(await refusal(attempt)).toEqual(refusedAs('InvalidInput'));
    }),
  );

  it(
    'have values and a TTL, or an alias target, not both',
    exceptFor('moto', 'takes both', async () => {
      const zone = await createZone();
      const AliasTarget = { HostedZoneId: zone.id, DNSName: `web.${zone.name}`, EvaluateTargetHealth: false };
      const both = set(`a.${zone.name}`, 'A', ['203.0.113.1'], { AliasTarget });
      expect(await refusal(change(zone, one('CREATE', both)))).toEqual(
        refusedAs('InvalidInput', 'Expected exactly one of'),
      );
    }),
  );

  it(
    'number at most 100 of one name and type',
    exceptFor('moto', 'takes more', async () => {
      const zone = await createZone();
      const member = (index: number) =>
        one(
          'CREATE',
          set(`m.${zone.name}`, 'A', [`198.18.0.${index}`], { SetIdentifier: `${index}`, MultiValueAnswer: true }),
        );
      await change(zone, ...Array.from({ length: 100 }, (_none, index) => member(index)));
      expect(await refusal(change(zone, member(100)))).toEqual(refusedAs('InvalidChangeBatch'));
    }),
  );

  it(
    'have at most 400 values',
    exceptFor('moto', 'takes more', async () => {
      const zone = await createZone();
      const values = Array.from({ length: 401 }, (_none, index) => `198.18.${index >> 8}.${index & 255}`);
      expect(await refusal(change(zone, one('CREATE', set(`m.${zone.name}`, 'A', values))))).toEqual(
        refusedAs('InvalidChangeBatch'),
      );
      await change(zone, one('CREATE', set(`m.${zone.name}`, 'A', values.slice(1))));
    }),
  );

  it('number at most 1,000 values in a request, an UPSERT counting twice', async () => {
    const zone = await createZone();
    const batch = (Action: ChangeAction, count: number) =>
      Array.from({ length: count }, (_none, index) => one(Action, set(`n${index}.${zone.name}`, 'A', ['203.0.113.1'])));
    expect(await refusal(change(zone, ...batch('CREATE', 1_001)))).toEqual(
      refusedAs('InvalidChangeBatch', 'limit of 1000'),
    );
    expect(await refusal(change(zone, ...batch('UPSERT', 501)))).toEqual(
      refusedAs('InvalidChangeBatch', 'limit of 1000'),
    );
    await change(zone, ...batch('CREATE', 1_000));
    await change(zone, ...batch('UPSERT', 500));
  });

  it(
    'have at most 32,000 characters of values in a request',
    exceptFor('moto', 'takes more', async () => {
      const zone = await createZone();
      const long = `${`"${'x'.repeat(250)}" `.repeat(15)}"${'x'.repeat(193)}"`;
      const batch = (count: number) =>
        Array.from({ length: count }, (_none, index) => one('CREATE', set(`n${index}.${zone.name}`, 'TXT', [long])));
      expect(long).toHaveLength(3_990);
      expect(await refusal(change(zone, ...batch(9)))).toEqual(refusedAs('InvalidChangeBatch', 'limit of 32000'));
      await change(zone, ...batch(8));
    }),
  );
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
