import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Account } from '../../local/account.ts';
import { BundledHost } from '../../local/runtime/bundled-host.ts';
import { CustomResourceDesk } from '../../local/runtime/custom-resource.ts';
import { homeIn } from '../../local/runtime/home.ts';
import { Stack } from '../../local/runtime/stack.ts';
import { type Assembly, parseTemplate } from '../../local/runtime/template.ts';

/** Says what it is given; answers CloudFormation where asked to. */
const CODE = `
import { request } from 'node:http';
export const handler = async (event) => {
  console.log(JSON.stringify({ table: process.env.TABLE, event }));
  if (event.ResponseURL === undefined) return;
  const failed = event.ResourceProperties.Fail === event.RequestType;
  const body = JSON.stringify({ Status: failed ? 'FAILED' : 'SUCCESS', Reason: 'as asked', PhysicalResourceId: 'constant' });
  await new Promise((resolve) => request(event.ResponseURL, { method: 'PUT' }, (answer) => answer.resume().on('end', resolve)).end(body));
};`;

const TEMPLATE = {
  Resources: {
    // Before what it depends on, so that the order is the stack's own doing.
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      DependsOn: ['Settings'],
      Properties: {
        EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
        FunctionName: { Ref: 'Function' },
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 2 },
      },
    },
    Rule: {
      Type: 'AWS::Events::Rule',
      DependsOn: 'Settings',
      Properties: {
        EventPattern: { source: ['aws.ec2'] },
        State: 'ENABLED',
        Targets: [{ Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, Id: 'Target0' }],
      },
    },
    Settings: {
      Type: 'Custom::Settings',
      Properties: { ServiceToken: { 'Fn::GetAtt': ['Function', 'Arn'] }, ServiceTimeout: '60', Colour: 'blue' },
    },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { S3Bucket: { 'Fn::Sub': 'assets-${AWS::Region}' }, S3Key: 'code.zip' },
        Handler: 'index.handler',
        Timeout: 10,
        Environment: { Variables: { TABLE: { Ref: 'Table' } } },
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      },
    },
    Role: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      DeletionPolicy: 'Retain',
      Properties: {
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      },
    },
    Queue: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        VisibilityTimeout: 60,
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['DeadLetters', 'Arn'] }, maxReceiveCount: 5 },
      },
    },
    DeadLetters: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: false, SqsManagedSseEnabled: true } },
  },
  Outputs: { TableName: { Value: { Ref: 'Table' } }, QueueUrl: { Value: { Ref: 'Queue' } } },
};

const LINE = v.object({ table: v.string(), event: v.record(v.string(), v.unknown()) });

let folder = '';
let account: Account;
let desk: CustomResourceDesk;
let host: BundledHost;
let lines: v.InferOutput<typeof LINE>[] = [];
const failures: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolecall-stack-'));
  await writeFile(join(folder, 'index.mjs'), CODE);
  account = new Account();
  lines = [];
  host = new BundledHost({
    endpoint: account.endpoint,
    region: account.region,
    newId: account.newId,
    onLine: (_name, line) => lines.push(v.parse(LINE, JSON.parse(line))),
  });
  desk = await CustomResourceDesk.open(host, account.newId);
});

afterEach(async () => {
  await host.close();
  await desk.close();
  account.close();
  await rm(folder, { recursive: true });
});

function assembly(change: (resources: Record<string, unknown>) => void = () => {}): Assembly {
  const copy = structuredClone(TEMPLATE);
  change(copy.Resources);
  return { stackName: 'Sample', template: parseTemplate(copy), assetFolder: () => folder };
}

function create(given: Assembly = assembly()): Promise<Stack> {
  return Stack.create(given, homeIn(account, { host, desk, onFailure: (name) => failures.push(name) }));
}

function requestTypes(): unknown[] {
  return lines.map(({ event }) => event['RequestType']);
}

describe('a stack of the local account', () => {
  it('creates what the template has, with outputs and a custom resource that answered', async () => {
    const { outputs } = await create();
    expect(outputs['TableName']).toMatch(/^Sample-Table-[0-9A-F]{12}$/);
    expect(outputs['QueueUrl']).toMatch(/^http:\/\/127\.0\.0\.1:4600\/123456789012\/Sample-Queue-[0-9A-F]{12}$/);
    expect(lines).toMatchObject([
      {
        table: outputs['TableName'],
        event: {
          RequestType: 'Create',
          ResourceType: 'Custom::Settings',
          LogicalResourceId: 'Settings',
          ResourceProperties: { Colour: 'blue' },
        },
      },
    ]);
  });

  it('delivers an event that a rule matches, through the queue, to the function, as it came', async () => {
    await create();
    const event = { version: '0', source: 'aws.ec2', 'detail-type': 'x', detail: { a: 1 } };
    account.events.put({ ...event, source: 'aws.other' });
    account.events.put(event);
    await expect.poll(() => lines).toHaveLength(2);
    expect(lines[1]).toMatchObject({
      event: {
        Records: [
          {
            body: JSON.stringify(event),
            eventSource: 'aws:sqs',
            awsRegion: 'us-east-1',
            attributes: { ApproximateReceiveCount: '1' },
          },
        ],
      },
    });
  });

  it('fails with the reason that a custom resource gives, and leaves nothing', async () => {
    const broken = assembly((resources) => {
      Object.assign(resources, { Settings: withProperty(TEMPLATE.Resources.Settings, { Fail: 'Create' }) });
    });
    await expect(create(broken)).rejects.toThrow('Settings (Custom::Settings) failed: as asked');
    expect(account.sqs.all).toEqual([]);
    expect(account.events.rules).toEqual([]);
  });

  it('updates a custom resource whose properties changed, with the old ones, and nothing when none did', async () => {
    const stack = await create();
    await stack.update(assembly());
    await stack.update(
      assembly((resources) => {
        Object.assign(resources, { Settings: withProperty(TEMPLATE.Resources.Settings, { Colour: 'red' }) });
      }),
    );
    await expect.poll(requestTypes).toEqual(['Create', 'Update']);
    expect(lines[1]?.event).toMatchObject({
      PhysicalResourceId: 'constant',
      ResourceProperties: { Colour: 'red' },
      OldResourceProperties: { Colour: 'blue' },
    });
  });

  it('refuses to change another resource in place', async () => {
    const stack = await create();
    const changed = assembly((resources) => {
      Object.assign(resources, { DeadLetters: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 1 } } });
    });
    await expect(stack.update(changed)).rejects.toThrow('DeadLetters (AWS::SQS::Queue) differs');
  });

  it('removes rules and mappings before the custom resource, and retains what is to be retained', async () => {
    const stack = await create();
    const { TableName = '' } = stack.outputs;
    await stack.delete();
    account.events.put({ source: 'aws.ec2' });
    await expect.poll(requestTypes).toEqual(['Create', 'Delete']);
    expect(lines[1]?.event).toMatchObject({ PhysicalResourceId: 'constant' });
    expect(account.sqs.all).toEqual([]);
    expect(account.events.rules).toEqual([]);
    expect(lines[1]?.table).toBe(TableName);
  });

  it.each([
    ['AWS::S3::Bucket', {}, 'Extra is a AWS::S3::Bucket, which the local account does not have'],
    ['AWS::Events::Rule', { ScheduleExpression: 'cron(0 12 * * ? *)' }, 'the schedule cron(0 12 * * ? *) is none'],
    ['AWS::Lambda::EventSourceMapping', { MaximumBatchingWindowInSeconds: 5 }, 'MaximumBatchingWindowInSeconds'],
  ])('refuses what it cannot carry out: %s %j', async (Type, Properties, message) => {
    const extended = assembly((resources) => Object.assign(resources, { Extra: { Type, Properties } }));
    await expect(create(extended)).rejects.toThrow(message);
  });
});

function withProperty(resource: { readonly Type: string; readonly Properties: object }, property: object): object {
  return { ...resource, Properties: { ...resource.Properties, ...property } };
}
