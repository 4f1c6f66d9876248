import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { type Attributes, ConformanceTable, key } from './dynamodb-table.ts';
import { exceptFor } from './endpoint.ts';

const table = await ConformanceTable.create();
const { dynamodb, name: TableName } = table;

async function reasonsOf(items: TransactWriteItem[]): Promise<(string | undefined)[]> {
  try {
    await dynamodb.send(new TransactWriteItemsCommand({ TransactItems: items }));
    return [];
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    return (error.CancellationReasons ?? []).map(({ Code }) => Code);
  }
}

const putAction = (pk: string, sk: string, more: Partial<TransactWriteItem['Put']> = {}): TransactWriteItem => ({
  Put: { TableName, Item: key(pk, sk), ...more },
});

// "TransactWriteItems" (Amazon DynamoDB API Reference)
describe('DynamoDB transactions', () => {
  it('writes all', async () => {
    const pk = table.freshPartition();
    await table.put(pk, 'gone');
    const reasons = await reasonsOf([
      putAction(pk, 'put'),
      { Delete: { TableName, Key: key(pk, 'gone') } },
      {
        Update: {
          TableName,
          Key: key(pk, 'updated'),
          UpdateExpression: 'ADD n :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
        },
      },
      { ConditionCheck: { TableName, Key: key(pk, 'none'), ConditionExpression: 'attribute_not_exists(pk)' } },
    ]);
    expect(reasons).toEqual([]);
    const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: pk } } };
    expect(await table.sortKeys(query)).toEqual(['put', 'updated']);
  });

  it('writes nothing when one condition fails, and says which', async () => {
    const pk = table.freshPartition();
    await table.put(pk, 'there');
    const reasons = await reasonsOf([
      putAction(pk, 'a'),
      putAction(pk, 'there', { ConditionExpression: 'attribute_not_exists(pk)' }),
      putAction(pk, 'c'),
    ]);
    expect(reasons).toEqual(['None', 'ConditionalCheckFailed', 'None']);
    expect(await table.get(pk, 'a')).toBeUndefined();
  });

  it('shows the item that failed, when asked', async () => {
    const pk = table.freshPartition();
    await table.put(pk, 'there', { n: { N: '1' } });
    const transaction = new TransactWriteItemsCommand({
      TransactItems: [
        {
          ConditionCheck: {
            TableName,
            Key: key(pk, 'there'),
            ConditionExpression: 'attribute_not_exists(pk)',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          },
        },
      ],
    });
    await expect(dynamodb.send(transaction)).rejects.toMatchObject({
      CancellationReasons: [{ Code: 'ConditionalCheckFailed', Item: { ...key(pk, 'there'), n: { N: '1' } } }],
    });
  });

  it('refuses two actions on one item', async () => {
    const pk = table.freshPartition();
    const twice = reasonsOf([putAction(pk, 'a'), { Delete: { TableName, Key: key(pk, 'a') } }]);
    await expect(twice).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Transaction request cannot include multiple operations on one item',
    });
  });

  it('takes 100 actions and refuses 101', async () => {
    const pk = table.freshPartition();
    const actions = Array.from({ length: 101 }, (_each, index) => putAction(pk, `item ${index}`));
    expect(await reasonsOf(actions.slice(0, 100))).toEqual([]);
    await expect(reasonsOf(actions)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it(
    'refuses items of more than 4 MB together',
    exceptFor('moto', 'counts no sizes', async () => {
      const pk = table.freshPartition();
      const large = (index: number) => ({
        Put: { TableName, Item: { ...key(pk, `large ${index}`), body: { S: 'x'.repeat(390 * 1024) } } },
      });
      const actions = Array.from({ length: 11 }, (_each, index) => large(index));
      await expect(reasonsOf(actions)).rejects.toMatchObject({ name: 'ValidationException' });
      expect(await reasonsOf(actions.slice(1))).toEqual([]);
    }),
  );

  it(
    'carries a repeated token out once, and refuses it with other actions',
    exceptFor('moto', 'knows no request tokens', async () => {
      const pk = table.freshPartition();
      const adding = (amount: string) =>
        new TransactWriteItemsCommand({
          ClientRequestToken: `token ${pk}`,
          TransactItems: [
            {
              Update: {
                TableName,
                Key: key(pk),
                UpdateExpression: 'ADD n :n',
                ExpressionAttributeValues: { ':n': { N: amount } },
              },
            },
          ],
        });
      await dynamodb.send(adding('1'));
      await dynamodb.send(adding('1'));
      expect((await table.get(pk))?.['n']).toEqual({ N: '1' });
      await expect(dynamodb.send(adding('2'))).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
    }),
  );
});

// "BatchGetItem", "BatchWriteItem" (Amazon DynamoDB API Reference)
describe('DynamoDB batches', () => {
  it('gets the items that are there', async () => {
    const pk = table.freshPartition();
    await table.put(pk, 'a');
    await table.put(pk, 'b');
    const { Responses, UnprocessedKeys } = await dynamodb.send(
      new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: ['a', 'b', 'c'].map((sk) => key(pk, sk)) } } }),
    );
    expect(Responses?.[TableName]?.map((item) => item['sk']?.S).sort()).toEqual(['a', 'b']);
    expect(UnprocessedKeys).toEqual({});
  });

  it('refuses more than 100 keys, and one key twice', async () => {
    const keys = Array.from({ length: 101 }, (_each, index) => key('any', `item ${index}`));
    const send = (Keys: Attributes[]) =>
      dynamodb.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys } } }));
    await expect(send(keys)).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(send([key('any'), key('any')])).rejects.toMatchObject({ name: 'ValidationException' });
  });

  const putsOf = (pk: string, count: number) =>
    new BatchWriteItemCommand({
      RequestItems: {
        [TableName]: Array.from({ length: count }, (_each, index) => ({
          PutRequest: { Item: key(pk, `item ${index}`) },
        })),
      },
    });

  it('puts and deletes up to 25 items', async () => {
    const pk = table.freshPartition();
    await table.put(pk, 'gone');
    expect((await dynamodb.send(putsOf(pk, 25))).UnprocessedItems).toEqual({});
    await dynamodb.send(
      new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ DeleteRequest: { Key: key(pk, 'gone') } }] } }),
    );
    const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: pk } } };
    expect(await table.sortKeys(query)).toHaveLength(25);
  });

  it(
    'refuses to write 26 items',
    exceptFor('moto', 'writes any number of items', async () => {
      const tooMany = dynamodb.send(putsOf(table.freshPartition(), 26));
      await expect(tooMany).rejects.toMatchObject({ name: 'ValidationException' });
    }),
  );
});
