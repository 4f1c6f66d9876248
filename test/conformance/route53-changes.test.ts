import { GetChangeCommand } from '@aws-sdk/client-route-53';
import { describe, expect, it } from 'vitest';
import { exceptFor } from './endpoint.ts';
import { change, createZone, listed, one, page, refusal, refusedAs, route53, set } from './route53-calls.ts';

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
