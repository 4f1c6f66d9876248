import { type AttributeValue, GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ADDRESSES_GROUP } from '../../lib/model/zone.ts';
import { World } from '../../local/simulation/world.ts';

/** While a new version is rolled out, Lambdas of both are at work on one table. */
const INT = 'Z0INT';

let world: World;
let table: string;

beforeEach(async () => {
  world = await World.open({
    owner: 'test',
    zones: { int: { name: 'corp.internal', id: INT, private: true } },
    roles: { web: 'int' },
  });
  table = world.stack.outputs['RegistryTable'] ?? '';
  await world.launch('web');
  await world.advance(65);
});

afterEach(async () => {
  await world.closeCleanly();
});

type Item = Record<string, AttributeValue>;

async function put(pk: string, sk: string, rest: Item): Promise<void> {
  await world.user.dynamodb.send(
    new PutItemCommand({ TableName: table, Item: { pk: { S: pk }, sk: { S: sk }, ...rest } }),
  );
}

async function stored(pk: string, sk: string): Promise<Item | undefined> {
  const Key = { pk: { S: pk }, sk: { S: sk } };
  const { Item } = await world.user.dynamodb.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
  return Item;
}

async function addToBody(pk: string, sk: string, addition: object): Promise<void> {
  const item = await stored(pk, sk);
  const body = JSON.stringify({ ...JSON.parse(item?.['body']?.S ?? 'null'), ...addition });
  await world.user.dynamodb.send(
    new UpdateItemCommand({
      TableName: table,
      Key: { pk: { S: pk }, sk: { S: sk } },
      UpdateExpression: 'SET #body = :body, #other = :other',
      ExpressionAttributeNames: { '#body': 'body', '#other': 'other' },
      ExpressionAttributeValues: { ':body': { S: body }, ':other': { S: 'x' } },
    }),
  );
}

const leftAlone = () => world.errors.filter((error) => error.includes('another version'));

describe('work that only another version knows', () => {
  const MARK = '1#mark#region#eu-west-1';

  async function mark(group: string): Promise<void> {
    const body = { group, subject: { kind: 'region', region: 'eu-west-1' }, reason: 'moved-region' };
    const rest = { body: { S: JSON.stringify(body) }, stamp: { S: 's1' }, since: { N: '1' }, roles: { SS: ['web'] } };
    await put(`group#${group}`, MARK, rest);
  }

  async function request(group: string): Promise<void> {
    const atMs = world.timeline.now();
    const body = { id: 'r1', group, atMs, expiresAtMs: atMs + 3_600_000, body: { kind: 'rename', from: 'a', to: 'b' } };
    await put(`group#${group}`, '2#request#r1', { body: { S: JSON.stringify(body) } });
  }

  it('stays marked, is said, and holds up nothing in its zone', async () => {
    await mark(INT);
    const [second] = await world.launch('web');
    await world.advance(5);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.11 10.0.40.11']);
    await world.terminate(second ?? '');
    await world.advance(70);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.11']);
    expect(await stored(`group#${INT}`, MARK)).toMatchObject({ stamp: { S: 's1' } });
    expect(leftAlone()[0]).toContain(MARK);
  });

  it('stays marked in the group of addresses', async () => {
    await mark(ADDRESSES_GROUP);
    await world.advance(70);
    expect(await stored(`group#${ADDRESSES_GROUP}`, MARK)).toMatchObject({ stamp: { S: 's1' } });
  });

  it('is nothing that a sweep wakes a group for again and again', async () => {
    await mark(INT);
    await world.advance(65);
    world.account.forgetCalls();
    await world.advance(120);
    expect(world.account.callCount('route53', 'ChangeResourceRecordSets')).toBe(0);
    expect(world.account.callCount('sqs', 'SendMessage') + world.account.callCount('sqs', 'SendMessageBatch')).toBe(0);
  });

  it('may be a mark that does not say of what: it is said, and holds up nothing, also where its subject has news', async () => {
    const [second] = await world.launch('web');
    await world.advance(65);
    for (const subject of [`instance#${second}`, 'role#web'])
      await put(`group#${INT}`, `1#mark#${subject}`, { stamp: { S: 's1' }, since: { N: '1' }, roles: { SS: ['web'] } });
    await world.launch('web');
    await world.advance(5);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.11 10.0.40.11 10.0.80.11']);
    await world.terminate(second ?? '');
    await world.advance(5);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.11 10.0.80.11']);
    await world.advance(130);
    expect(await stored(`group#${INT}`, `1#mark#instance#${second}`)).toBeUndefined();
    expect(leftAlone().at(-1)).toContain('1#mark#role#web');
    expect(leftAlone().at(-1)).not.toContain('1#mark#instance');
    expect(world.failures).toEqual([]);
  });

  it('stays asked for, unanswered, and holds up nothing', async () => {
    await request(INT);
    await request(ADDRESSES_GROUP);
    await world.launch('web');
    await world.advance(5);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.11 10.0.40.11']);
    await world.advance(70);
    for (const group of [INT, ADDRESSES_GROUP]) {
      const found = await stored(`group#${group}`, '2#request#r1');
      expect(found?.['body']?.S).toContain('rename');
      expect(found).not.toHaveProperty('outcome');
    }
    expect(leftAlone().join()).toContain('2#request#r1');
  });
});

describe('what another version adds to an item', () => {
  it('is kept in a fact that is written again', async () => {
    const [id = ''] = await world.launch('web');
    await world.advance(5);
    await addToBody('facts', id, { rack: 'r7' });
    await world.tag(id, 'web api');
    await world.advance(65);
    await world.terminate(id);
    await world.advance(5);
    const body: unknown = JSON.parse((await stored('facts', id))?.['body']?.S ?? 'null');
    expect(body).toMatchObject({ rack: 'r7', gone: { source: 'event' } });
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.11']);
  });

  it('is kept in the head of a zone whose serial moves on', async () => {
    await addToBody(`group#${INT}`, '0#head', { mood: 'good' });
    await world.launch('web');
    await world.advance(5);
    const head = await stored(`group#${INT}`, '0#head');
    expect(JSON.parse(head?.['body']?.S ?? 'null')).toMatchObject({ mood: 'good' });
    expect(head).toMatchObject({ other: { S: 'x' } });
  });

  it('troubles nobody in a set of the ledger, a member, or the definition of a role', async () => {
    const [id = ''] = await world.launch('web');
    await world.advance(5);
    await addToBody(`group#${INT}`, '3#web#set#web.corp.internal|A|', { since: 1 });
    await addToBody('role#web', `member#${id}`, { rack: 'r7' });
    await addToBody('role#web', 'definition', { colour: 'blue' });
    await world.terminate(id);
    await world.advance(65);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.11']);
  });
});

describe('a message of another version', () => {
  it('with a field more is understood', async () => {
    const QueueUrl = world.stack.outputs['EventsQueue'] ?? '';
    const body = { kind: 'wake', group: INT, attempt: 0, because: 'drift', version: 2 };
    await world.user.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(body) }));
    await world.advance(5);
    expect(world.errors).toEqual([]);
  });
});

describe('a message that nobody can read', () => {
  it.each(['EventsQueue', 'LaterQueue', 'WorkQueue'])('holds up nothing where it stands in the %s', async (queue) => {
    const QueueUrl = world.stack.outputs[queue] ?? '';
    const [second = ''] = await world.launch('web');
    await world.advance(5);
    for (const [place, body] of ['{"kind":"rename","group":"Z0INT"}', '7', '{"nonsense":'].entries()) {
      const more = queue === 'WorkQueue' ? { MessageGroupId: INT, MessageDeduplicationId: `d${place}` } : {};
      await world.user.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body, ...more }));
    }
    await world.advance(1);
    await world.terminate(second);
    await world.advance(3);
    expect(await world.zone(INT)).toEqual(['web.corp.internal A 60 10.0.0.11']);
  });
});
