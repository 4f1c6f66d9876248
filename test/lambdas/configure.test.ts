import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHandler } from '../../lambdas/configure.ts';
import type { Runtime } from '../../lambdas/runtime.ts';
import { Account } from '../../local/account.ts';
import { clientsFor } from '../../local/in-process.ts';

const SETTINGS = { table: 'registry', workQueueUrl: '', laterQueueUrl: '' };
const CONFIGURATION = { zones: { pub: { name: 'example.com', id: 'Z0PUB' } }, roles: { web: 'pub' } };

let account: Account;
let server: Server;
let answers: unknown[];

beforeEach(async () => {
  account = new Account();
  account.dynamodb.createTable('registry', { partition: { name: 'pk', type: 'S' }, sort: { name: 'sk', type: 'S' } });
  account.sqs.create('work.fifo', { FifoQueue: 'true' });
  account.sqs.create('later');
  answers = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      answers.push(JSON.parse(body));
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  account.close();
});

async function ask(type: 'Create' | 'Update' | 'Delete', properties: Record<string, unknown>): Promise<unknown> {
  const runtime: Runtime = {
    clock: account.timeline,
    random: { id: account.newId },
    log: { journal: () => {}, measure: () => {}, error: () => {} },
  };
  const urls = {
    workQueueUrl: `${account.endpoint}/${account.accountId}/work.fifo`,
    laterQueueUrl: `${account.endpoint}/${account.accountId}/later`,
  };
  const handler = createHandler({ ...SETTINGS, ...urls }, clientsFor(account, 'configure'), runtime);
  const common = {
    ServiceToken: 'arn:aws:lambda:us-east-1:123456789012:function:configure',
    ResponseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/answer?signature=1`,
    StackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/Rolecall/1',
    RequestId: 'request-1',
    LogicalResourceId: 'Configuration',
    ResourceType: 'Custom::RolecallConfiguration',
    ResourceProperties: { ServiceToken: 'arn', ...properties },
  };
  const id = 'rolecall-configuration';
  if (type === 'Create') await handler({ ...common, RequestType: type });
  else if (type === 'Update')
    await handler({
      ...common,
      RequestType: type,
      PhysicalResourceId: id,
      OldResourceProperties: common.ResourceProperties,
    });
  else await handler({ ...common, RequestType: type, PhysicalResourceId: id });
  return answers.at(-1);
}

const written = (configuration: unknown) => ({
  Configuration: JSON.stringify(configuration),
  ZoneIds: { pub: 'Z0PUB' },
});

describe('λ configure', () => {
  it('stores a configuration and answers at once, always under the same physical id', async () => {
    const answer = { Status: 'SUCCESS', PhysicalResourceId: 'rolecall-configuration', RequestId: 'request-1' };
    expect(await ask('Create', written(CONFIGURATION))).toMatchObject(answer);
    expect(await ask('Update', written(CONFIGURATION))).toMatchObject(answer);
  });

  it('refuses a configuration that is not valid, with its path, and changes nothing', async () => {
    await ask('Create', written(CONFIGURATION));
    const before = account.dynamodb.table('registry').all();
    expect(await ask('Update', written({ ...CONFIGURATION, roles: { web: 'nowhere' } }))).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('roles.web'),
      PhysicalResourceId: 'rolecall-configuration',
    });
    expect(account.dynamodb.table('registry').all()).toEqual(before);
  });

  it('refuses a request without a configuration, saying what is missing', async () => {
    expect(await ask('Create', {})).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('Configuration'),
    });
  });

  it('has nothing to remove where nothing was stored', async () => {
    expect(await ask('Delete', written(CONFIGURATION))).toMatchObject({ Status: 'SUCCESS' });
  });
});
