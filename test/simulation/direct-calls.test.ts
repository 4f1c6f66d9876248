import * as dynamodbSdk from '@aws-sdk/client-dynamodb';
import {
  AllocateAddressCommand,
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  DescribeInstanceStatusCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { ListResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import * as sqsSdk from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Account } from '../../local/account.ts';
import type { Fault } from '../../local/faults.ts';
import { ClientPool, type Clients, clientsFor } from '../../local/in-process.ts';
import { VirtualTimeline } from '../../local/timeline.ts';
import type { WireRequest, WireResponse } from '../../local/wire.ts';
import { clientSettings } from '../aws/played-wire.ts';
import { makeBase } from './base.ts';
import { simulate } from './run.ts';

const { PutItemCommand, TransactWriteItemsCommand } = dynamodbSdk;

afterEach(() => vi.restoreAllMocks());

interface Exchange {
  readonly operation: string;
  readonly request: WireRequest;
  readonly answer: WireResponse;
}

const DIRECT = [
  'AmazonSQS.SendMessage',
  'AmazonSQS.SendMessageBatch',
  'DynamoDB_20120810.BatchGetItem',
  'DynamoDB_20120810.GetItem',
  'DynamoDB_20120810.PutItem',
  'DynamoDB_20120810.Query',
  'DynamoDB_20120810.TransactWriteItems',
  'DynamoDB_20120810.UpdateItem',
];

/** A seed in which somebody is drained: only then single messages are sent. */
const WITH_DRAINS = 9;

/** Of a call that was left without an answer, a status that no service gives. */
function readAnswer(answered: unknown): WireResponse {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the account was seen to answer
  return typeof answered === 'object' && answered !== null && 'status' in answered ? (answered as WireResponse) : NONE;
}
const NONE: WireResponse = { status: 999, headers: {}, body: '' };

/** Each different request to a JSON service that was answered in a simulated installation. */
async function exchangesOf(seed: number): Promise<Exchange[]> {
  const handle = vi.spyOn(Account.prototype, 'handle');
  await simulate(seed, await makeBase());
  const found = new Map<string, Exchange>();
  for (const [index, { value: answered }] of handle.mock.settledResults.entries()) {
    const request = handle.mock.calls[index]?.[0];
    const operation = request?.headers['x-amz-target'] ?? '';
    if (request === undefined || !DIRECT.includes(operation)) continue;
    const answer = readAnswer(answered);
    if (answer.status < 300) found.set(`${operation} ${request.body}`, { operation, request, answer });
  }
  return [...found.values()];
}

/** To hold all of them against the SDK takes long. */
const MOST_OF_EACH = 25;

function someOfEach(exchanges: readonly Exchange[]): readonly Exchange[] {
  return DIRECT.flatMap((each) => exchanges.filter(({ operation }) => operation === each).slice(0, MOST_OF_EACH));
}

interface AnyClient {
  send(command: unknown): Promise<object>;
}

/** What clients of the SDK from which nothing is taken send for an input, and make of an answer. */
function wholeSdk() {
  let exchange: Exchange | undefined;
  let sent: unknown;
  const handle = async (request: { readonly body: Uint8Array }) => {
    sent = JSON.parse(new TextDecoder().decode(request.body));
    const { status = 0, headers = {}, body = '' } = exchange?.answer ?? {};
    return { response: { statusCode: status, headers: { ...headers }, body: new TextEncoder().encode(body) } };
  };
  const settings = { ...clientSettings({ handle }), useQueueUrlAsEndpoint: false };
  const services: Readonly<Record<string, { readonly sdk: object; readonly client: unknown }>> = {
    AmazonSQS: { sdk: sqsSdk, client: new sqsSdk.SQSClient(settings) },
    DynamoDB_20120810: { sdk: dynamodbSdk, client: new dynamodbSdk.DynamoDBClient(settings) },
  };
  return async (next: Exchange) => {
    exchange = next;
    const [service = '', name] = next.operation.split('.');
    const { sdk = {}, client } = services[service] ?? {};
    const Command: unknown = Reflect.get(sdk, `${name}Command`);
    if (typeof Command !== 'function') throw new Error(`the SDK has no ${next.operation}`);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each command goes to a client of its own service
    const output = await (client as AnyClient).send(Reflect.construct(Command, [JSON.parse(next.request.body)]));
    return { sent, output: { ...output, $metadata: undefined } };
  };
}

const START_MS = Date.UTC(2026, 0, 2);
const KINDS = ['whole', 'direct'] as const;
type Kind = (typeof KINDS)[number];

function opened(kind: Kind) {
  let ids = 0;
  const timeline = new VirtualTimeline(START_MS);
  const newId = () => `00000000-0000-4000-8000-${String((ids += 1)).padStart(12, '0')}`;
  const account = new Account({ timeline, newId, random: () => 0.5 });
  account.dynamodb.createTable('registry', { partition: { name: 'pk', type: 'S' } });
  account.route53.createZone({ id: 'Z1', name: 'example.com', callerReference: '1' });
  const clients = kind === 'whole' ? clientsFor(account, 'us') : new ClientPool().lend(account, 'us', {});
  return { account, timeline, clients };
}

/** An error as adapters read it. */
function read(error: unknown) {
  if (!(error instanceof Error)) throw new Error('this is no error');
  const told = Object.fromEntries(Object.entries(error).filter(([name]) => name !== '$metadata'));
  const attempts: unknown = Reflect.get(Object(Reflect.get(error, '$metadata')), 'attempts');
  return { ...told, is: error.constructor.name, name: error.name, message: error.message, attempts };
}

/** When the account was asked, and what came of the call. */
async function cameOf(kind: Kind, fault: Fault | undefined, call: (clients: Clients) => Promise<object>) {
  const { account, timeline, clients } = opened(kind);
  if (fault !== undefined) account.faults.add(fault);
  const settled = call(clients).then(
    (output) => ({ output: { ...output, $metadata: undefined } }),
    (error: unknown) => ({ error: read(error) }),
  );
  await timeline.advance(30_000);
  const asked = account.calls.map(({ operation, atMs }) => `${operation} ${atMs - START_MS}`);
  return { asked, ...(await settled) };
}

const item = (pk: string) => ({ TableName: 'registry', Item: { pk: { S: pk } } });
const put = ({ dynamodb }: Clients) => dynamodb.send(new PutItemCommand(item('a')));
const transact = ({ dynamodb }: Clients) => {
  const Put = { ...item('a'), ConditionExpression: 'attribute_not_exists(pk)' };
  return dynamodb.send(new TransactWriteItemsCommand({ TransactItems: [{ Put }] }));
};
const HostedZoneId = '/hostedzone/Z1';
const list = ({ route53 }: Clients) => route53.send(new ListResourceRecordSetsCommand({ HostedZoneId }));
const twice = (call: (clients: Clients) => Promise<object>) => async (clients: Clients) => {
  await call(clients);
  return call(clients);
};

const throttle = { service: 'dynamodb', effect: 'throttle' } as const;
const QueueUrl = 'http://127.0.0.1:4600/123456789012/none';
const InstanceIds = ['i-0123456789abcdef0'];

describe('clients that call the account directly', () => {
  it('ask JSON services for what the SDK asks them for, and make the same of their answers', async () => {
    const exchanges = someOfEach([...(await exchangesOf(3)), ...(await exchangesOf(WITH_DRAINS))]);
    const bySdk = wholeSdk();
    for (const exchange of exchanges) {
      const { sent, output } = await bySdk(exchange);
      expect(JSON.parse(exchange.request.body)).toEqual(sent);
      expect({ ...JSON.parse(exchange.answer.body), $metadata: undefined }).toEqual(output);
    }
    expect([...new Set(exchanges.map(({ operation }) => operation))].sort()).toEqual(DIRECT);
  });

  it.each<[string, Fault | undefined, (clients: Clients) => Promise<object>, readonly string[]]>([
    ['a throttled call', { ...throttle, times: 2 }, put, ['PutItem 0', 'PutItem 50', 'PutItem 150']],
    ['one throttled too often', throttle, put, ['PutItem 0', 'PutItem 50', 'PutItem 150', 'PutItem 350']],
    [
      'one without an answer',
      { service: 'dynamodb', effect: 'timeout-before', times: 1 },
      put,
      ['PutItem 0', 'PutItem 1050'],
    ],
    [
      'a transaction whose answer is lost',
      { service: 'dynamodb', effect: 'error-after', times: 1 },
      transact,
      ['TransactWriteItems 0', 'TransactWriteItems 50'],
    ],
    ['a transaction that is refused', undefined, twice(transact), ['TransactWriteItems 0', 'TransactWriteItems 0']],
    [
      'a message to no queue',
      undefined,
      ({ sqs }) => sqs.send(new sqsSdk.SendMessageCommand({ QueueUrl, MessageBody: 'a' })),
      ['SendMessage 0'],
    ],
    [
      'an instance that is not there',
      undefined,
      ({ ec2 }) => ec2.send(new TerminateInstancesCommand({ InstanceIds })),
      ['TerminateInstances 0'],
    ],
    [
      'a second question that fails',
      { service: 'route53', effect: 'throttle', when: ({ parameters }) => parameters !== undefined && looked() > 1 },
      twice(list),
      ['ListResourceRecordSets 0', 'ListResourceRecordSets 0'],
    ],
  ])('end as the whole stack of the SDK does with %s', async (_what, fault, call, calls) => {
    looked(0);
    const whole = await cameOf('whole', fault, call);
    looked(0);
    const direct = await cameOf('direct', fault, call);
    expect(direct).toEqual(whole);
    expect(direct.asked).toEqual(calls);
  });

  it('get from EC2 and Route 53 what the whole stack of the SDK gets, asked again, and after a change', async () => {
    const answers = await Promise.all(
      KINDS.map(async (kind) => {
        const { timeline, clients } = opened(kind);
        const { ec2 } = clients;
        const got: object[] = [];
        const ask = async () => {
          for (const answered of [
            await ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: 'tag-key', Values: ['a&b'] }] })),
            await ec2.send(new DescribeInstanceStatusCommand({})),
            await ec2.send(new DescribeAddressesCommand({})),
            await list(clients),
          ])
            got.push({ ...answered, $metadata: undefined });
        };
        await ask();
        await ask();
        const Tags = [{ Key: 'a&b', Value: '"<é>"' }];
        await ec2.send(
          new RunInstancesCommand({
            ClientToken: 'launch',
            MinCount: 1,
            MaxCount: 1,
            TagSpecifications: [{ ResourceType: 'instance', Tags }],
          }),
        );
        await ec2.send(new AllocateAddressCommand({ Domain: 'vpc' }));
        await timeline.advance(60_000);
        for (let times = 0; times < 3; times += 1) await ask();
        return got;
      }),
    );
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[1]?.[8]).toMatchObject({ Reservations: [{ Instances: [{ Tags: [{ Value: '"<é>"' }] }] }] });
    expect(answers[1]?.[12]).toEqual(answers[1]?.[8]);
  });

  it('give nobody an answer that he could change for the next', async () => {
    const { clients } = opened('direct');
    for (let times = 0; times < 2; times += 1) await list(clients);
    const { ResourceRecordSets = [] } = await list(clients);
    expect(() => ResourceRecordSets.push({ Name: 'x.example.com.', Type: 'A' })).toThrow(TypeError);
    expect((await list(clients)).ResourceRecordSets).toHaveLength(2);
  });
});

/** How often the account was asked while a fault looked on. */
let count = 0;
function looked(from?: number): number {
  count = from ?? count + 1;
  return count;
}
