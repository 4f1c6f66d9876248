import { UpdateItemCommand, type UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { type Attributes, ConformanceTable, key } from './dynamodb-table.ts';

const table = await ConformanceTable.create();
const { dynamodb, name: TableName } = table;

/** The attributes after an update of an item that had `before`. */
async function updated(
  before: Attributes,
  update: Omit<UpdateItemCommandInput, 'TableName' | 'Key'>,
): Promise<Attributes> {
  const pk = table.freshPartition();
  await table.put(pk, 'a', before);
  await dynamodb.send(new UpdateItemCommand({ TableName, Key: key(pk), ...update }));
  const { pk: _pk, sk: _sk, ...attributes } = (await table.get(pk)) ?? {};
  return attributes;
}

// "Using update expressions in DynamoDB" (DynamoDB Developer Guide)
describe('DynamoDB updates', () => {
  it('creates the item that is not there, with its key', async () => {
    const pk = table.freshPartition();
    await dynamodb.send(
      new UpdateItemCommand({
        TableName,
        Key: key(pk),
        UpdateExpression: 'SET a = :v',
        ExpressionAttributeValues: { ':v': { S: 'v' } },
      }),
    );
    expect(await table.get(pk)).toEqual({ ...key(pk), a: { S: 'v' } });
  });

  it('sets, removes, adds and deletes in one go, all read from the item as it was', async () => {
    const before: Attributes = { a: { N: '1' }, b: { N: '2' }, c: { SS: ['x', 'y'] }, d: { S: 'gone' } };
    const after = await updated(before, {
      UpdateExpression: 'SET a = b, b = a + :ten REMOVE d ADD n :ten, e :z DELETE c :x',
      ExpressionAttributeValues: { ':ten': { N: '10' }, ':x': { SS: ['x'] }, ':z': { SS: ['z'] } },
    });
    expect(after).toEqual({ a: { N: '2' }, b: { N: '11' }, c: { SS: ['y'] }, n: { N: '10' }, e: { SS: ['z'] } });
  });

  it('keeps what is there with if_not_exists, and sets what is not', async () => {
    const after = await updated(
      { a: { S: 'old' } },
      {
        UpdateExpression: 'SET a = if_not_exists(a, :v), b = if_not_exists(b, :v)',
        ExpressionAttributeValues: { ':v': { S: 'new' } },
      },
    );
    expect(after).toEqual({ a: { S: 'old' }, b: { S: 'new' } });
  });

  it('removes a set with its last element', async () => {
    const deletion = { UpdateExpression: 'DELETE c :x', ExpressionAttributeValues: { ':x': { SS: ['x'] } } };
    expect(await updated({ c: { SS: ['x'] } }, deletion)).toEqual({});
  });

  it('writes inside maps and lists', async () => {
    const after = await updated(
      { m: { M: { l: { L: [{ N: '1' }, { N: '2' }] }, k: { S: 'k' } } } },
      {
        UpdateExpression: 'SET m.l[1] = :v, m.l[9] = :w REMOVE m.k',
        ExpressionAttributeValues: { ':v': { S: 'v' }, ':w': { S: 'w' } },
      },
    );
    expect(after).toEqual({ m: { M: { l: { L: [{ N: '1' }, { S: 'v' }, { S: 'w' }] } } } });
  });

  it('refuses to read what is not there, and to add to what is no number', async () => {
    const missing = updated({}, { UpdateExpression: 'SET a = b' });
    await expect(missing).rejects.toMatchObject({ name: 'ValidationException' });
    const text = updated(
      { a: { S: 'x' } },
      { UpdateExpression: 'ADD a :n', ExpressionAttributeValues: { ':n': { N: '1' } } },
    );
    await expect(text).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('gives the values that it is asked for', async () => {
    const pk = table.freshPartition();
    await table.put(pk, 'a', { n: { N: '1' }, other: { S: 'o' } });
    const update = {
      TableName,
      Key: key(pk),
      UpdateExpression: 'SET n = n + :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    };
    const send = async (ReturnValues: 'UPDATED_NEW' | 'UPDATED_OLD' | 'ALL_NEW') =>
      (await dynamodb.send(new UpdateItemCommand({ ...update, ReturnValues }))).Attributes;
    expect(await send('UPDATED_NEW')).toEqual({ n: { N: '2' } });
    expect(await send('UPDATED_OLD')).toEqual({ n: { N: '2' } });
    expect(await send('ALL_NEW')).toEqual({ ...key(pk), n: { N: '4' }, other: { S: 'o' } });
  });
});
