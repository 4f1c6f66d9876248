import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { EXISTING_ZONES, resource, resources, synthesize } from './synthesized.ts';

interface Statement {
  readonly Sid?: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

let template: Template;
beforeAll(async () => {
  template = await synthesize();
});

function statementsOf(from: Template, lambda: string): readonly Statement[] {
  const policy = resource(from, 'AWS::IAM::Policy', `RolecallFunctions${lambda}RoleDefaultPolicy`);
  return (policy.Properties['PolicyDocument'] as { readonly Statement: readonly Statement[] }).Statement;
}

function statement(from: Template, lambda: string, sid: string): Statement | undefined {
  return statementsOf(from, lambda).find((one) => one.Sid === sid);
}

function actionsOf(from: Template, lambda: string): readonly string[] {
  return [...new Set(statementsOf(from, lambda).flatMap((one) => one.Action))].sort();
}

/** As `arn:<partition>:…`, with the pseudo parameters readable. */
function arnText(value: unknown): string {
  return JSON.stringify(value)
    .replace(/\{"Ref":"AWS::(\w+)"\}/g, '<$1>')
    .replace(/","|",|,"/g, '');
}

/** As long as IAM gets it: what CloudFormation puts in, with the longest partition and region, and ARNs of 120 characters. */
function deployed(document: string): string {
  const values: Readonly<Record<string, string>> = {
    Partition: 'aws-us-gov',
    Region: 'ap-southeast-2',
    AccountId: '123456789012',
  };
  return document
    .replace(/\{"Fn::GetAtt":\[[^\]]*\]\}/g, JSON.stringify('x'.repeat(120)))
    .replace(/\{"Ref":"(?:AWS::)?(\w+)"\}/g, (_all, name: string) => JSON.stringify(values[name] ?? 'x'.repeat(64)))
    .replace(/\{"Fn::Join":\["",(\[[^\]]*\])\]\}/g, (_all, parts: string) =>
      JSON.stringify((JSON.parse(parts) as string[]).join('')),
    );
}

const REGISTRY_AND_LOG = [
  'dynamodb:BatchGetItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:ConditionCheckItem',
  'dynamodb:DeleteItem',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'dynamodb:UpdateItem',
  'logs:CreateLogStream',
  'logs:PutLogEvents',
];
const RECEIVE = ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'];

describe('what each Lambda may do', () => {
  it('λ observe reads instances and receives events', () => {
    expect(actionsOf(template, 'Observe')).toEqual(
      [...REGISTRY_AND_LOG, ...RECEIVE, 'sqs:SendMessage', 'ec2:DescribeInstances'].sort(),
    );
  });

  it('λ reconcile alone moves addresses', () => {
    expect(actionsOf(template, 'Reconcile')).toEqual(
      [
        ...REGISTRY_AND_LOG,
        ...RECEIVE,
        'sqs:SendMessage',
        'autoscaling:CompleteLifecycleAction',
        'autoscaling:DescribeLifecycleHooks',
        'autoscaling:RecordLifecycleActionHeartbeat',
        'ec2:AssociateAddress',
        'ec2:DescribeAddresses',
        'ec2:DescribeAddressesAttribute',
        'ec2:DescribeInstances',
        'ec2:DisassociateAddress',
        'ec2:ResetAddressAttribute',
        'route53:ChangeResourceRecordSets',
        'route53:DeleteHealthCheck',
        'route53:GetChange',
        'route53:ListResourceRecordSets',
      ].sort(),
    );
  });

  it('λ sweep reads, and changes nothing but the registry', () => {
    expect(actionsOf(template, 'Sweep')).toEqual(
      [
        ...REGISTRY_AND_LOG,
        'sqs:SendMessage',
        'ec2:DescribeAddresses',
        'ec2:DescribeAddressesAttribute',
        'ec2:DescribeInstanceStatus',
        'ec2:DescribeInstances',
        'route53:ListHealthChecks',
        'route53:ListResourceRecordSets',
      ].sort(),
    );
  });

  it('λ reconcile names the addresses of a pool that wants reverse DNS, and no other', async () => {
    const { mail: _mail, ...others } = EXISTING_ZONES.roles;
    const names = [{ zone: 'pub', name: 'mx{ordinal}' }];
    const named = await synthesize({
      ...EXISTING_ZONES,
      roles: {
        ...others,
        mail: { names, elasticIp: { pool: 'mail', ptr: 'mx{ordinal}.example.com' } },
        out: { names: [{ zone: 'pub' }], elasticIp: { pool: 'out' } },
      },
    });
    expect(statement(named, 'Reconcile', 'NamePoolAddresses')).toMatchObject({
      Action: 'ec2:ModifyAddressAttribute',
      Condition: { StringEquals: { 'aws:ResourceTag/rolecall:pool': ['mail'] } },
    });
    expect(statement(template, 'Reconcile', 'NamePoolAddresses')).toBeUndefined();
    const poolless = await synthesize({ ...EXISTING_ZONES, roles: others });
    expect(statement(poolless, 'Reconcile', 'ResetReverseDns')).toBeUndefined();
    for (const lambda of ['Reconcile', 'Sweep'])
      expect(actionsOf(poolless, lambda)).not.toContain('ec2:DescribeAddressesAttribute');
  });

  it('λ sweep reads the alarms where a role goes by them, and only there', async () => {
    const asking = await synthesize({
      ...EXISTING_ZONES,
      roles: { web: { names: [{ zone: 'int' }], health: { alarms: 'web-*' } } },
    });
    expect(statement(asking, 'Sweep', 'ReadAlarms')).toEqual({
      Sid: 'ReadAlarms',
      Action: 'cloudwatch:DescribeAlarms',
      Effect: 'Allow',
      Resource: '*',
    });
    expect(statement(template, 'Sweep', 'ReadAlarms')).toBeUndefined();
  });

  it('λ reconcile and λ configure create health checks where names have a set for each member, and delete them always', async () => {
    const routed = await synthesize({
      ...EXISTING_ZONES,
      roles: { web: { names: [{ zone: 'pub', routing: 'multivalue' }], health: { route53: { type: 'HTTP' } } } },
    });
    for (const each of ['Reconcile', 'Configure']) {
      expect(statement(routed, each, 'CreateChecks')).toMatchObject({
        Action: 'route53:CreateHealthCheck',
        Resource: '*',
      });
      expect(statement(template, each, 'CreateChecks')).toBeUndefined();
      for (const configured of [routed, template]) {
        const deletes = statement(configured, each, 'DeleteChecks');
        expect(deletes?.Action).toBe('route53:DeleteHealthCheck');
        expect(arnText(deletes?.Resource)).toContain(':route53:::healthcheck/*');
      }
    }
  });

  it('λ configure removes the records when the stack goes, and never calls EC2', () => {
    expect(actionsOf(template, 'Configure')).toEqual(
      [
        ...REGISTRY_AND_LOG,
        'sqs:SendMessage',
        'route53:ChangeResourceRecordSets',
        'route53:DeleteHealthCheck',
        'route53:ListResourceRecordSets',
      ].sort(),
    );
  });

  it('is granted by no managed policy', () => {
    const roles = [...resources(template, 'AWS::IAM::Role').values()];
    expect(roles).toHaveLength(4);
    for (const role of roles) expect(role.Properties).not.toHaveProperty('ManagedPolicyArns');
  });

  it('is limited to named resources, but for reads that know none', () => {
    const unlimited = ['Observe', 'Reconcile', 'Sweep', 'Configure'].flatMap((lambda) =>
      statementsOf(template, lambda).filter((one) => one.Resource === '*'),
    );
    expect(unlimited.length).toBeGreaterThan(0);
    for (const { Action } of unlimited)
      expect([Action].flat().every((one) => /^route53:ListHealthChecks$|^(?:ec2|autoscaling):Describe/.test(one))).toBe(
        true,
      );
  });
});

describe('changing records', () => {
  it.each(['Reconcile', 'Configure'])('(λ %s) is CREATE and DELETE of our types, in the configured zones', (lambda) => {
    const change = statement(template, lambda, 'ChangeRecords');
    expect([change?.Resource].flat().map(arnText)).toEqual([
      expect.stringContaining(':route53:::hostedzone/Z0AAA'),
      expect.stringContaining(':route53:::hostedzone/Z0BBB'),
    ]);
    expect(change?.Condition).toEqual({
      'ForAllValues:StringEquals': {
        'route53:ChangeResourceRecordSetsActions': ['CREATE', 'DELETE'],
        'route53:ChangeResourceRecordSetsRecordTypes': ['A', 'AAAA', 'CNAME', 'MX', 'SRV', 'PTR', 'TXT'],
      },
      Null: {
        'route53:ChangeResourceRecordSetsActions': 'false',
        'route53:ChangeResourceRecordSetsRecordTypes': 'false',
      },
    });
  });
});

describe('draining', () => {
  it('follows changes and lets go on from hooks', () => {
    expect(arnText(statement(template, 'Reconcile', 'FollowChanges')?.Resource)).toContain(':route53:::change/*');
    const groups = arnText(statement(template, 'Reconcile', 'CompleteHooks')?.Resource);
    expect(groups).toContain(':autoScalingGroup:*:autoScalingGroupName/*');
  });

  it('terminates nothing', () => {
    expect(statement(template, 'Reconcile', 'TerminateDrained')).toBeUndefined();
  });

  it('terminates instances with a role where allowTerminate says so', async () => {
    const roles = { web: 'pub' };
    const allowed = await synthesize({ ...EXISTING_ZONES, roles, allowTerminate: true });
    expect(statement(allowed, 'Reconcile', 'TerminateDrained')).toMatchObject({
      Action: 'ec2:TerminateInstances',
      Condition: { Null: { 'aws:ResourceTag/rolecall:role': 'false' } },
    });
  });
});

describe('changing records with strictNames', () => {
  const NAMES = 'route53:ChangeResourceRecordSetsNormalizedRecordNames';
  const STRICT = {
    ...EXISTING_ZONES,
    strictNames: true,
    roles: {
      cache: 'int',
      web: { names: [{ zone: 'pub' }], aliases: ['www.example.com', '*.apps.example.com'] },
      mail: {
        names: [{ zone: 'pub', name: 'mx{ordinal}' }],
        mx: { name: 'example.com' },
        elasticIp: { pool: 'mail' },
        whenEmpty: 'keep',
      },
    },
  } as const;

  function earlierNames(from: Template): readonly Statement[] {
    const found = [...resources(from, 'AWS::IAM::Policy')].filter(([id]) => id.includes('EarlierNames'));
    return found.flatMap(
      ([, { Properties }]) => (Properties['PolicyDocument'] as { readonly Statement: readonly Statement[] }).Statement,
    );
  }

  it('is for the names that the configuration can produce, wildcards escaped', async () => {
    const strict = await synthesize(STRICT);
    expect(statement(strict, 'Reconcile', 'ChangeRecords')?.Condition).toEqual({
      'ForAllValues:StringEquals': {
        'route53:ChangeResourceRecordSetsActions': ['CREATE', 'DELETE'],
        'route53:ChangeResourceRecordSetsRecordTypes': ['A', 'AAAA', 'CNAME', 'MX', 'SRV', 'PTR', 'TXT'],
      },
      'ForAllValues:StringLike': {
        [NAMES]: [
          '\\052.apps.example.com',
          'cache.corp.internal',
          'example.com',
          'mx*.example.com',
          'rolecall._rolecall.corp.internal',
          'rolecall._rolecall.example.com',
          'web.example.com',
          'www.example.com',
        ],
      },
      Null: {
        'route53:ChangeResourceRecordSetsActions': 'false',
        'route53:ChangeResourceRecordSetsRecordTypes': 'false',
        [NAMES]: 'false',
      },
    });
  });

  it('is besides for the names of the configuration before, which the custom resource tells', async () => {
    const strict = await synthesize(STRICT);
    const [earlier, ...others] = earlierNames(strict);
    expect(others).toEqual([]);
    expect(earlier?.Condition).toMatchObject({
      'ForAllValues:StringLike': {
        [NAMES]: { 'Fn::Split': ['|', { 'Fn::GetAtt': [expect.stringContaining('Configuration'), 'RecordNames'] }] },
      },
      Null: { [NAMES]: 'false' },
    });
    const [policy] = [...resources(strict, 'AWS::IAM::Policy')].filter(([id]) => id.includes('EarlierNames'));
    expect(policy?.[1].Properties['Roles']).toEqual([{ Ref: expect.stringContaining('ReconcileRole') }]);
  });

  it('leaves λ configure the whole zones: at deletion it removes whatever is owned', async () => {
    const strict = await synthesize(STRICT);
    expect(statement(strict, 'Configure', 'ChangeRecords')?.Condition).not.toHaveProperty('ForAllValues:StringLike');
  });

  it('leaves the policies of λ reconcile room in their quota, also with as many names as are taken', async () => {
    const roles = Object.fromEntries(Array.from({ length: 110 }, (_each, index) => [`service-${100 + index}`, 'pub']));
    const large = await synthesize({ ...STRICT, roles: { ...roles, mail: STRICT.roles.mail } });
    const documents = [...resources(large, 'AWS::IAM::Policy')]
      .filter(([id]) => id.includes('ReconcileRole'))
      .map(([, { Properties }]) => deployed(JSON.stringify(Properties['PolicyDocument'])).length);
    expect(documents).toHaveLength(1);
    expect(Math.min(...documents)).toBeGreaterThan(5_000);
    // 10,240 characters in all ("IAM and AWS STS quotas", IAM User Guide), 3,000 of them and an envelope for earlier names.
    expect(Math.max(...documents)).toBeLessThan(10_240 - 3_000 - 600);
  });

  it('has none of it where the configuration does not ask', () => {
    expect(earlierNames(template)).toEqual([]);
    expect(statement(template, 'Reconcile', 'ChangeRecords')?.Condition).not.toHaveProperty('ForAllValues:StringLike');
  });
});

describe('moving addresses', () => {
  it('is for addresses of the pools, by their tag', () => {
    const move = statement(template, 'Reconcile', 'MovePoolAddresses');
    expect(arnText(move?.Resource)).toContain(':elastic-ip/*');
    expect(move?.Condition).toEqual({ StringEquals: { 'aws:ResourceTag/rolecall:pool': ['mail'] } });
  });

  it('gives to instances with a role, and takes from any', () => {
    expect(statement(template, 'Reconcile', 'GiveAddress')).toMatchObject({
      Action: 'ec2:AssociateAddress',
      Condition: { Null: { 'aws:ResourceTag/rolecall:role': 'false' } },
    });
    expect(statement(template, 'Reconcile', 'TakeAddress')).toEqual(
      expect.not.objectContaining({ Condition: expect.anything() }),
    );
  });

  it('is for the listed addresses where they are listed', async () => {
    const elasticIp = { allocationIds: ['eipalloc-0b', 'eipalloc-0a'] };
    const roles = { mail: { names: [{ zone: 'pub', name: 'mx{ordinal}' }], elasticIp } };
    const listed = await synthesize({ ...EXISTING_ZONES, roles });
    expect(statement(listed, 'Reconcile', 'MovePoolAddresses')).toBeUndefined();
    expect([statement(listed, 'Reconcile', 'MoveListedAddresses')?.Resource].flat().map(arnText)).toEqual([
      expect.stringContaining(':elastic-ip/eipalloc-0a'),
      expect.stringContaining(':elastic-ip/eipalloc-0b'),
    ]);
  });

  it('is not allowed where no role has a pool', async () => {
    const without = await synthesize({ ...EXISTING_ZONES, roles: { web: 'pub' } });
    expect(actionsOf(without, 'Reconcile')).not.toContain('ec2:AssociateAddress');
    expect(actionsOf(without, 'Reconcile')).not.toContain('ec2:DisassociateAddress');
  });
});
