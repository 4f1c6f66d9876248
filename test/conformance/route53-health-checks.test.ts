import {
  ChangeResourceRecordSetsCommand,
  CreateHealthCheckCommand,
  CreateHostedZoneCommand,
  DeleteHealthCheckCommand,
  GetAccountLimitCommand,
  GetHealthCheckCommand,
  ListResourceRecordSetsCommand,
} from '@aws-sdk/client-route-53';
import { describe, expect, it } from 'vitest';
import { conformanceClients, exceptFor, freshName } from './endpoint.ts';

const { route53 } = conformanceClients();

async function create(CallerReference: string, Port = 80) {
  const HealthCheckConfig = { IPAddress: '203.0.113.9', Port, Type: 'HTTP' as const, ResourcePath: '/up' };
  return await route53.send(new CreateHealthCheckCommand({ CallerReference, HealthCheckConfig }));
}

// "CreateHealthCheck", "DeleteHealthCheck" (Amazon Route 53 API Reference)
describe('Route 53 health checks', () => {
  it('are made with what was asked', async () => {
    const { HealthCheck } = await create(freshName('check'));
    const read = await route53.send(new GetHealthCheckCommand({ HealthCheckId: HealthCheck?.Id }));
    expect(read.HealthCheck?.HealthCheckConfig).toMatchObject({
      IPAddress: '203.0.113.9',
      Port: 80,
      Type: 'HTTP',
      ResourcePath: '/up',
    });
  });

  it(
    'are counted against what the account may have',
    exceptFor('moto', 'does not have the operation', async () => {
      const limit = async () => await route53.send(new GetAccountLimitCommand({ Type: 'MAX_HEALTH_CHECKS_BY_OWNER' }));
      const before = await limit();
      await create(freshName('counted'));
      const after = await limit();
      expect(after.Limit).toEqual({ Type: 'MAX_HEALTH_CHECKS_BY_OWNER', Value: 200 });
      expect((after.Count ?? 0) - (before.Count ?? 0)).toBe(1);
    }),
  );

  it(
    'are made once by one caller reference',
    exceptFor('moto', 'makes a second check', async () => {
      const reference = freshName('once');
      const first = await create(reference);
      expect((await create(reference)).HealthCheck?.Id).toBe(first.HealthCheck?.Id);
    }),
  );

  it(
    'refuse a reference that was used for another, or for one that is deleted',
    exceptFor('moto', 'takes the reference again', async () => {
      const reference = freshName('used');
      const { HealthCheck } = await create(reference);
      await expect(create(reference, 8080)).rejects.toMatchObject({ name: 'HealthCheckAlreadyExists' });
      await route53.send(new DeleteHealthCheckCommand({ HealthCheckId: HealthCheck?.Id }));
      await expect(create(reference)).rejects.toMatchObject({ name: 'HealthCheckAlreadyExists' });
    }),
  );

  it(
    'cannot be deleted when they are not there',
    exceptFor('moto', 'takes that for success', async () => {
      const gone = new DeleteHealthCheckCommand({ HealthCheckId: '00000000-0000-4000-8000-00000000dead' });
      await expect(route53.send(gone)).rejects.toMatchObject({ name: 'NoSuchHealthCheck' });
    }),
  );

  it('are attached to a set, and told with it', async () => {
    const { HealthCheck } = await create(freshName('attached'));
    const Name = `${freshName('zone')}.example.org`;
    const { HostedZone } = await route53.send(new CreateHostedZoneCommand({ Name, CallerReference: Name }));
    const zone = { HostedZoneId: HostedZone?.Id?.replace('/hostedzone/', '') };
    const set = {
      Name: `www.${Name}.`,
      Type: 'A' as const,
      TTL: 60,
      SetIdentifier: 'one',
      MultiValueAnswer: true,
      ResourceRecords: [{ Value: '203.0.113.9' }],
      HealthCheckId: HealthCheck?.Id,
    };
    const Changes = [{ Action: 'CREATE' as const, ResourceRecordSet: set }];
    await route53.send(new ChangeResourceRecordSetsCommand({ ...zone, ChangeBatch: { Changes } }));
    const { ResourceRecordSets } = await route53.send(new ListResourceRecordSetsCommand(zone));
    expect(ResourceRecordSets?.find(({ Type }) => Type === 'A')).toMatchObject({ HealthCheckId: HealthCheck?.Id });
  });

  it(
    'that do not exist are attached to nothing',
    exceptFor('moto', 'attaches any', async () => {
      const Name = `${freshName('zone')}.example.org`;
      const { HostedZone } = await route53.send(new CreateHostedZoneCommand({ Name, CallerReference: Name }));
      const set = {
        Name: `www.${Name}.`,
        Type: 'A' as const,
        TTL: 60,
        SetIdentifier: 'one',
        MultiValueAnswer: true,
        ResourceRecords: [{ Value: '203.0.113.9' }],
        HealthCheckId: '00000000-0000-4000-8000-00000000dead',
      };
      const change = new ChangeResourceRecordSetsCommand({
        HostedZoneId: HostedZone?.Id?.replace('/hostedzone/', ''),
        ChangeBatch: { Changes: [{ Action: 'CREATE', ResourceRecordSet: set }] },
      });
      await expect(route53.send(change)).rejects.toMatchObject({ name: 'NoSuchHealthCheck' });
    }),
  );
});
