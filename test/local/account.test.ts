import { GetItemCommand, ListTablesCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeInstancesCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { CreateHostedZoneCommand, ListHostedZonesCommand } from '@aws-sdk/client-route-53';
import { CreateQueueCommand, GetQueueUrlCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { Account } from '../../local/account.ts';
import { parseFault } from '../../local/faults.ts';
import { type ClientCall, clientsFor } from '../../local/in-process.ts';
import { VirtualTimeline } from '../../local/timeline.ts';

const START_MS = Date.UTC(2026, 0, 2, 3, 4, 5);

function createAccount(): { account: Account; timeline: VirtualTimeline } {
  const timeline = new VirtualTimeline(START_MS);
  const account = new Account({ timeline });
  account.dynamodb.createTable('registry', { partition: { name: 'pk', type: 'S' }, sort: { name: 'sk', type: 'S' } });
  return { account, timeline };
}

const KEY = { pk: { S: 'a' }, sk: { S: '1' } };
const put = new PutItemCommand({ TableName: 'registry', Item: KEY });
const get = new GetItemCommand({ TableName: 'registry', Key: KEY, ConsistentRead: true });

interface Outcome {
  error: string;
}

/** `pending` at first; then what `errorOf` gives. */
function watch(promise: Promise<unknown>): Outcome {
  const outcome: Outcome = { error: 'pending' };
  const settle = async () => {
    outcome.error = await errorOf(promise);
  };
  void settle();
  return outcome;
}

/** The name of the error that the promise ends with, or `none`. */
async function errorOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'none';
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}

describe('an account in one process', () => {
  it('answers the clients of the SDK for every service', async () => {
    const { account, timeline } = createAccount();
    const { dynamodb, ec2, route53, sqs } = clientsFor(account, 'test');
    await dynamodb.send(put);
    expect((await dynamodb.send(get)).Item).toEqual(KEY);
    const { Instances } = await ec2.send(new RunInstancesCommand({ MinCount: 1, MaxCount: 1 }));
    expect(Instances?.[0]?.State?.Name).toBe('pending');
    await timeline.advance(1_000);
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({}));
    expect(Reservations?.[0]?.Instances?.[0]?.State?.Name).toBe('running');
    await route53.send(new CreateHostedZoneCommand({ Name: 'example.com', CallerReference: 'one' }));
    const { HostedZones } = await route53.send(new ListHostedZonesCommand({}));
    expect(HostedZones?.map(({ Name }) => Name)).toEqual(['example.com.']);
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'events' }));
    expect(QueueUrl).toBe('http://127.0.0.1:4600/123456789012/events');
    account.close();
  });

  it('has the hosted zones of another in common with it, and nothing else', async () => {
    const { account, timeline } = createAccount();
    const besides = new Account({ timeline, region: 'eu-west-1', besides: account });
    const [here, there] = [clientsFor(account, 'one'), clientsFor(besides, 'other')];
    await here.route53.send(new CreateHostedZoneCommand({ Name: 'example.com', CallerReference: '1' }));
    await here.sqs.send(new CreateQueueCommand({ QueueName: 'events' }));
    const { HostedZones = [] } = await there.route53.send(new ListHostedZonesCommand({}));
    expect(HostedZones.map(({ Name }) => Name)).toEqual(['example.com.']);
    await expect(there.sqs.send(new GetQueueUrlCommand({ QueueName: 'events' }))).rejects.toThrow('queue');
    expect(besides.callCount('route53')).toBe(1);
    expect(account.callCount('route53')).toBe(1);
  });

  it('logs who called what, when and with which parameters', async () => {
    const { account, timeline } = createAccount();
    const { dynamodb, sqs } = clientsFor(account, 'reconcile');
    await dynamodb.send(get);
    await timeline.advance(250);
    await sqs.send(new CreateQueueCommand({ QueueName: 'events' }));
    expect(account.calls).toMatchObject([
      { service: 'dynamodb', operation: 'GetItem', atMs: START_MS, caller: 'reconcile' },
      { service: 'sqs', operation: 'CreateQueue', atMs: START_MS + 250, parameters: { QueueName: 'events' } },
    ]);
    expect(account.callCount('dynamodb')).toBe(1);
    expect(account.callCount('sqs', 'CreateQueue')).toBe(1);
    expect(account.callCount('sqs', 'SendMessage')).toBe(0);
    account.forgetCalls();
    expect([account.calls, account.callCount('dynamodb')]).toEqual([[], 0]);
  });

  it('shows its EC2 events to the rules of its bus', async () => {
    const { account, timeline } = createAccount();
    const states: unknown[] = [];
    account.events.addRule({
      name: 'states',
      pattern: { source: ['aws.ec2'], 'detail-type': ['EC2 Instance State-change Notification'] },
      targets: [(event) => states.push(event['detail'])],
    });
    await clientsFor(account, 'test').ec2.send(new RunInstancesCommand({ MinCount: 1, MaxCount: 1 }));
    await timeline.advance(5_000);
    expect(states).toMatchObject([{ state: 'pending' }, { state: 'running' }]);
    account.close();
  });

  it('refuses operations and services that it does not have', async () => {
    const { account } = createAccount();
    const signed = (service: string, target: string) => ({
      method: 'POST',
      path: '/',
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=x/20260102/us-east-1/${service}/aws4_request, SignedHeaders=host`,
        'x-amz-target': target,
      },
      body: '{}',
    });
    const operation = await account.handle(signed('dynamodb', 'DynamoDB_20120810.CreateBackup'));
    expect(operation.status).toBe(400);
    expect(JSON.parse(operation.body)).toMatchObject({
      __type: 'com.amazonaws.dynamodb.v20120810#UnsupportedOperation',
      message: expect.stringMatching(
        /^The local account has no DynamoDB operation CreateBackup; it has BatchGetItem, /,
      ),
    });
    const service = await account.handle(signed('s3', 'S3.ListBuckets'));
    expect(JSON.parse(service.body)).toMatchObject({
      __type: 'UnsupportedOperation',
      message: expect.stringMatching(/^The local account has no service s3; it has dynamodb, /),
    });
  });

  it.each([
    ['dynamodb', { 'x-amz-target': 'DynamoDB_20120810.ListTables' }, '/', '{}', 'ListTables'],
    ['sqs', { 'x-amz-target': 'AmazonSQS.ListQueues' }, '/', '{}', 'ListQueues'],
    ['events', { 'x-amz-target': 'AWSEvents.PutEvents' }, '/', '{}', 'PutEvents'],
    ['sts', {}, '/', 'Action=GetCallerIdentity&Version=2011-06-15', 'GetCallerIdentity'],
    ['autoscaling', {}, '/', 'Action=CompleteLifecycleAction&Version=2011-01-01', 'CompleteLifecycleAction'],
    ['ec2', {}, '/', 'Action=DescribeInstances&Version=2016-11-15', 'DescribeInstances'],
    ['route53', {}, '/2013-04-01/hostedzone', '', 'ListHostedZones'],
  ])('knows an unsigned request for %s', (service, headers, path, body, operation) => {
    const { account } = createAccount();
    expect(account.identify({ method: path === '/' ? 'POST' : 'GET', path, headers, body })).toEqual({
      service,
      operation,
    });
  });
});

describe('hooks around the calls of a caller', () => {
  it('kill it before or after a call takes effect', async () => {
    const { account } = createAccount();
    const never = () => new Promise<void>(() => undefined);
    const killedBefore = clientsFor(account, 'before', { hooks: { before: never } });
    void killedBefore.dynamodb.send(put);
    const killedAfter = clientsFor(account, 'after', { hooks: { after: never } });
    let isAnswered = false;
    void killedAfter.dynamodb.send(put).finally(() => {
      isAnswered = true;
    });
    await new VirtualTimeline(0).advance(0);
    expect(account.calls.map(({ caller }) => caller)).toEqual(['after']);
    expect(isAnswered).toBe(false);
    expect(account.dynamodb.table('registry').itemCount).toBe(1);
  });

  it('see each call, and can fail it', async () => {
    const { account } = createAccount();
    const seen: ClientCall[] = [];
    const { sqs } = clientsFor(account, 'observe', {
      hooks: {
        before: (call) => {
          seen.push(call);
          if (call.operation === 'GetQueueUrl') throw new Error('stopped by a hook');
        },
      },
    });
    await expect(sqs.send(new GetQueueUrlCommand({ QueueName: 'a' }))).rejects.toThrow('stopped by a hook');
    expect(seen).toMatchObject([
      { service: 'sqs', operation: 'GetQueueUrl', caller: 'observe', parameters: { QueueName: 'a' } },
    ]);
    expect(account.calls).toEqual([]);
  });
});

describe('faults', () => {
  const once = { service: 'dynamodb', operation: 'PutItem', times: 1 } as const;

  it.each([
    ['throttle', 'ThrottlingException', 0],
    ['error-before', 'InternalServerError', 0],
    ['error-after', 'InternalServerError', 1],
  ] as const)('%s: the caller sees %s, and %i items are written', async (effect, error, written) => {
    const { account } = createAccount();
    account.faults.add({ ...once, effect });
    const { dynamodb } = clientsFor(account, 'test', { maxAttempts: 1 });
    expect(await errorOf(dynamodb.send(put))).toBe(error);
    expect(account.dynamodb.table('registry').itemCount).toBe(written);
    expect(await errorOf(dynamodb.send(put))).toBe('none');
    expect(account.faults.active).toEqual([]);
  });

  it.each([
    ['timeout-before', 0],
    ['timeout-after', 1],
  ] as const)('%s: the caller gets no answer, and %i items are written', async (effect, written) => {
    const { account, timeline } = createAccount();
    account.faults.add({ ...once, effect, milliseconds: 3_000 });
    const { dynamodb } = clientsFor(account, 'test', { maxAttempts: 1 });
    const outcome = watch(dynamodb.send(put));
    await timeline.advance(2_999);
    expect(outcome.error).toBe('pending');
    await timeline.advance(1);
    expect(outcome.error).toBe('TimeoutError');
    expect(account.dynamodb.table('registry').itemCount).toBe(written);
  });

  it('delay: the answer comes late', async () => {
    const { account, timeline } = createAccount();
    account.faults.add({ ...once, effect: 'delay', milliseconds: 100 });
    const outcome = watch(clientsFor(account, 'test').dynamodb.send(put));
    await timeline.advance(99);
    expect(outcome.error).toBe('pending');
    await timeline.advance(1);
    expect(outcome.error).toBe('none');
  });

  it.each([
    ['ec2', 'RequestLimitExceeded'],
    ['route53', 'Throttling'],
    ['sqs', 'RequestThrottled'],
    ['dynamodb', 'ThrottlingException'],
  ])('throttle %s as it throttles', async (service, code) => {
    const { account } = createAccount();
    account.faults.add({ service, effect: 'throttle' });
    const { dynamodb, ec2, route53, sqs } = clientsFor(account, 'test', { maxAttempts: 1 });
    const calls: Readonly<Record<string, () => Promise<unknown>>> = {
      ec2: () => ec2.send(new DescribeInstancesCommand({})),
      route53: () => route53.send(new ListHostedZonesCommand({})),
      sqs: () => sqs.send(new GetQueueUrlCommand({ QueueName: 'a' })),
      dynamodb: () => dynamodb.send(new ListTablesCommand({})),
    };
    await expect(calls[service]?.()).rejects.toMatchObject({ name: code });
  });

  it('are got over by the retries of the clients, on the timeline of the account', async () => {
    const { account, timeline } = createAccount();
    account.faults.add({ service: 'dynamodb', effect: 'throttle', times: 2 });
    const outcome = watch(clientsFor(account, 'test').dynamodb.send(put));
    await timeline.advance(1_000);
    expect(outcome.error).toBe('none');
    expect(account.callCount('dynamodb', 'PutItem')).toBe(3);
  });

  it('are never retried for EC2 and Route 53', async () => {
    const { account } = createAccount();
    account.faults.add({ service: 'route53', effect: 'error-after' });
    account.faults.add({ service: 'ec2', effect: 'error-after' });
    const { ec2, route53 } = clientsFor(account, 'test');
    const zone = new CreateHostedZoneCommand({ Name: 'example.com', CallerReference: 'one' });
    expect(await errorOf(route53.send(zone))).toBe('InternalFailure');
    expect(await errorOf(ec2.send(new DescribeInstancesCommand({})))).toBe('InternalError');
    expect([account.callCount('route53'), account.callCount('ec2')]).toEqual([1, 1]);
    account.close();
  });

  it('befall only the calls that they are for, in the order they were added', async () => {
    const draws = [0.7, 0.2];
    const account = new Account({ timeline: new VirtualTimeline(START_MS), random: () => draws.shift() ?? 1 });
    account.faults.add({
      service: 'sqs',
      operation: 'SendMessage',
      effect: 'throttle',
      when: ({ caller }) => caller === 'b',
    });
    account.faults.add({ service: 'sqs', operation: 'GetQueueUrl', effect: 'error-before', probability: 0.5 });
    const ends = (caller: string) => {
      const { sqs } = clientsFor(account, caller, { maxAttempts: 1 });
      return {
        send: () => errorOf(sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'x' }))),
        find: () => errorOf(sqs.send(new GetQueueUrlCommand({ QueueName: 'q' }))),
      };
    };
    const queueUrl = account.sqs.urlOf(account.sqs.create('q'));
    expect(await ends('a').send()).toBe('none');
    expect(await ends('b').send()).toBe('RequestThrottled');
    expect(await ends('a').find()).toBe('none');
    expect(await ends('a').find()).toBe('InternalFailure');
    account.faults.clear();
    expect(await ends('b').send()).toBe('none');
    account.close();
  });

  it('are read from JSON', () => {
    const fault = {
      service: 'route53',
      operation: 'ChangeResourceRecordSets',
      effect: 'timeout-after',
      milliseconds: 50,
      times: 2,
    };
    expect(parseFault(fault)).toEqual(fault);
    expect(() => parseFault({ service: 'route53', effect: 'explode' })).toThrow(
      'effect is "explode"; it is one of throttle, error-before, error-after, timeout-before, timeout-after, delay',
    );
    expect(() => parseFault({ service: 's3', effect: 'delay' })).toThrow('service is "s3"; it is one of autoscaling, ');
    expect(() => parseFault({ service: 'ec2', effect: 'delay', times: 0 })).toThrow(
      'times is 0; it is a number above 0',
    );
  });
});

describe('long polling', () => {
  it('waits for a message up to its time', async () => {
    const { account, timeline } = createAccount();
    const queue = account.sqs.create('events');
    const { sqs } = clientsFor(account, 'test');
    const receive = () =>
      sqs.send(new ReceiveMessageCommand({ QueueUrl: account.sqs.urlOf(queue), WaitTimeSeconds: 20 }));
    const answers: (string | undefined)[] = [];
    void receive().then(({ Messages }) => answers.push(Messages?.[0]?.Body));
    await timeline.advance(5_000);
    expect(answers).toEqual([]);
    queue.send({ body: 'here' });
    await timeline.advance(0);
    expect(answers).toEqual(['here']);
    void receive().then(({ Messages }) => answers.push(Messages?.[0]?.Body));
    await timeline.advance(20_000);
    expect(answers).toEqual(['here', undefined]);
    account.close();
  });
});
