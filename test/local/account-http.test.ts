import { createServer } from 'node:net';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { EC2Client, DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { ListHostedZonesByNameCommand, Route53Client } from '@aws-sdk/client-route-53';
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Account } from '../../local/account.ts';
import { type AccountServer, startHttpServer } from '../../local/http-server.ts';

let account: Account;
let server: AccountServer;

beforeEach(async () => {
  account = new Account();
  server = await startHttpServer(account, 0);
});

afterEach(async () => {
  await server.close();
  account.close();
});

function settings() {
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  return { endpoint: server.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 };
}

describe('the account over HTTP', () => {
  it('answers the clients of the SDK', async () => {
    const dynamodb = new DynamoDBClient(settings());
    expect((await dynamodb.send(new ListTablesCommand({}))).TableNames).toEqual([]);
    const ec2 = new EC2Client(settings());
    expect((await ec2.send(new DescribeInstancesCommand({}))).Reservations).toEqual([]);
    const route53 = new Route53Client(settings());
    const zones = await route53.send(new ListHostedZonesByNameCommand({ DNSName: 'example.com' }));
    expect(zones.HostedZones).toEqual([]);
    const sqs = new SQSClient(settings());
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'events' }));
    expect(QueueUrl).toBe(`${server.endpoint}/123456789012/events`);
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'größer' }));
    expect((await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages?.[0]?.Body).toBe('größer');
    for (const client of [dynamodb, ec2, route53, sqs]) client.destroy();
  });

  it('says who is calling', async () => {
    const response = await fetch(server.endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'Action=GetCallerIdentity&Version=2011-06-15',
    });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('<Account>123456789012</Account>');
  });

  it('breaks the connection where a fault leaves the caller without an answer', async () => {
    account.faults.add({ service: 'dynamodb', effect: 'timeout-before', milliseconds: 1 });
    const dynamodb = new DynamoDBClient(settings());
    await expect(dynamodb.send(new ListTablesCommand({}))).rejects.toMatchObject({ code: 'ECONNRESET' });
    dynamodb.destroy();
  });

  it('takes the next free port when its own is taken', async () => {
    const taken = server.port;
    const other = await startHttpServer(new Account(), taken);
    expect(other.port).toBeGreaterThan(taken);
    await other.close();
  });

  it('is reached on loopback only, and not any more once closed', async () => {
    const other = await startHttpServer(new Account(), 0);
    await other.close();
    const free = createServer();
    await new Promise<void>((resolve, reject) => {
      free.once('error', reject);
      free.listen(other.port, '127.0.0.1', resolve);
    });
    await new Promise((resolve) => free.close(resolve));
    expect(other.endpoint).toBe(`http://127.0.0.1:${other.port}`);
  });
});

describe('routes of its own', () => {
  it('are answered as JSON', async () => {
    const remove = server.route('sim', ({ method, path, query, body }) => ({ method, path, query: [...query], body }));
    const response = await fetch(`${server.endpoint}/_rolecall/sim/launch?a=b`, {
      method: 'POST',
      body: '{"count":2}',
    });
    expect(await response.json()).toEqual({
      method: 'POST',
      path: '/_rolecall/sim/launch',
      query: [['a', 'b']],
      body: { count: 2 },
    });
    remove();
    expect((await fetch(`${server.endpoint}/_rolecall/sim/launch`)).status).toBe(404);
  });

  it('say what went wrong', async () => {
    server.route('sim', () => {
      throw new Error('There is no role cache; there are web, mail');
    });
    const response = await fetch(`${server.endpoint}/_rolecall/sim`);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ message: 'There is no role cache; there are web, mail' });
  });
});
