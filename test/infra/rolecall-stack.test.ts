import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../lib/config/schema.ts';
import { EXISTING_ZONES, resource, resources, synthesize } from './synthesized.ts';

let template: Template;
beforeAll(async () => {
  template = await synthesize();
});

describe('the outputs', () => {
  it('are the table’s name and the URLs of the three queues, and nothing else', () => {
    expect(template.findOutputs('*')).toEqual({
      RegistryTable: { Value: { Ref: 'RolecallRegistry4AB5129B' } },
      EventsQueue: { Value: { Ref: expect.stringMatching(/^RolecallQueuesEvents[0-9A-F]{8}$/) } },
      WorkQueue: { Value: { Ref: expect.stringMatching(/^RolecallQueuesWork[0-9A-F]{8}$/) } },
      LaterQueue: { Value: { Ref: expect.stringMatching(/^RolecallQueuesLater[0-9A-F]{8}$/) } },
    });
  });
});

describe('the registry', () => {
  it('is one table, on demand, encrypted, with point-in-time recovery, expiring items and no name', () => {
    const tables = resources(template, 'AWS::DynamoDB::Table');
    expect([...tables.keys()]).toEqual(['RolecallRegistry4AB5129B']);
    expect(tables.get('RolecallRegistry4AB5129B')?.Properties).toEqual({
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
  });

  it('outlives the stack', () => {
    const table = resource(template, 'AWS::DynamoDB::Table', 'RolecallRegistry');
    expect(table.DeletionPolicy).toBe('Retain');
    expect(table.UpdateReplacePolicy).toBe('Retain');
  });
});

describe('the Lambdas', () => {
  it.each([
    ['Observe', 30, 256],
    ['Reconcile', 20, 512],
    ['Sweep', 60, 512],
    ['Configure', 300, 256],
  ])('%s has %i s and %i MB on arm64', (name, timeoutSeconds, memoryMegabytes) => {
    expect(resource(template, 'AWS::Lambda::Function', `RolecallFunctions${name}`).Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout: timeoutSeconds,
      MemorySize: memoryMegabytes,
    });
  });

  it('are four, and learn of the registry and the queues from their environment', () => {
    const functions = [...resources(template, 'AWS::Lambda::Function').values()];
    expect(functions).toHaveLength(4);
    for (const { Properties } of functions) {
      expect(Properties['Environment']).toEqual({
        Variables: {
          REGISTRY_TABLE: { Ref: 'RolecallRegistry4AB5129B' },
          WORK_QUEUE_URL: { Ref: expect.stringMatching(/^RolecallQueuesWork[0-9A-F]{8}$/) },
          LATER_QUEUE_URL: { Ref: expect.stringMatching(/^RolecallQueuesLater[0-9A-F]{8}$/) },
          METRICS_SERVICE: { Ref: 'AWS::StackName' },
          NODE_OPTIONS: '--enable-source-maps',
        },
      });
    }
  });

  it('reserve no concurrency', () => {
    for (const { Properties } of resources(template, 'AWS::Lambda::Function').values()) {
      expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions');
    }
  });

  it('keep their logs for 30 days', () => {
    const logGroups = [...resources(template, 'AWS::Logs::LogGroup').values()];
    expect(logGroups.map(({ Properties }) => Properties)).toEqual(
      Array.from({ length: 4 }, () => ({ RetentionInDays: 30 })),
    );
  });
});

describe('the configuration', () => {
  it('goes to λ configure itself, as one JSON string with the ids of its zones', () => {
    const custom = resource(template, 'Custom::RolecallConfiguration', 'RolecallConfiguration');
    expect(custom.Properties).toEqual({
      ServiceToken: { 'Fn::GetAtt': [expect.stringMatching(/^RolecallFunctionsConfigure[0-9A-F]{8}$/), 'Arn'] },
      ServiceTimeout: '360',
      Configuration: expect.any(String),
      ZoneIds: { int: 'Z0AAA', pub: 'Z0BBB' },
    });
    expect(JSON.parse(String(custom.Properties['Configuration']))).toEqual(EXISTING_ZONES);
  });

  it('is brought in before any rule and any mapping, and taken out after them', () => {
    const [configuration] = resources(template, 'Custom::RolecallConfiguration').keys();
    for (const type of ['AWS::Events::Rule', 'AWS::Lambda::EventSourceMapping']) {
      const dependents = [...resources(template, type).values()];
      expect(dependents.length).toBeGreaterThan(0);
      for (const dependent of dependents) expect(dependent.DependsOn).toContain(configuration);
    }
  });

  it('refuses what is wrong with it when it comes from code too', async () => {
    const roles = { web: 'nowhere' };
    await expect(synthesize({ ...EXISTING_ZONES, roles })).rejects.toThrow(ConfigurationError);
  });
});

describe('hosted zones', () => {
  const created = {
    zones: { int: { name: 'corp.internal', private: true, vpcId: 'vpc-1' }, pub: { name: 'example.com' } },
    roles: { web: 'pub' },
  };

  it('with an id are left alone', () => {
    expect(resources(template, 'AWS::Route53::HostedZone').size).toBe(0);
  });

  it('without one are created, private ones in their VPC', async () => {
    const made = await synthesize(created);
    expect(resource(made, 'AWS::Route53::HostedZone', 'RolecallZonesint')).toMatchObject({
      Properties: { Name: 'corp.internal', VPCs: [{ VPCId: 'vpc-1', VPCRegion: { Ref: 'AWS::Region' } }] },
      DeletionPolicy: 'Delete',
    });
    const open = resource(made, 'AWS::Route53::HostedZone', 'RolecallZonespub');
    expect(open).toMatchObject({ Properties: { Name: 'example.com' }, DeletionPolicy: 'Delete' });
    expect(open.Properties).not.toHaveProperty('VPCs');
    expect(resource(made, 'Custom::RolecallConfiguration', 'RolecallConfiguration').Properties['ZoneIds']).toEqual({
      int: { Ref: expect.stringMatching(/^RolecallZonesint/) },
      pub: { Ref: expect.stringMatching(/^RolecallZonespub/) },
    });
  });

  it('outlive the stack when its records do', async () => {
    const zones = resources(await synthesize({ ...created, retainRecords: true }), 'AWS::Route53::HostedZone');
    expect([...zones.values()].map((zone) => zone.DeletionPolicy)).toEqual(['Retain', 'Retain']);
  });
});
