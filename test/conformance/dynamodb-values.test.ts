import { CreateTableCommand, DescribeTableCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { type Attributes, ConformanceTable, key } from './dynamodb-table.ts';
import { exceptFor } from './endpoint.ts';

const table = await ConformanceTable.create();
const { dynamodb, name: TableName } = table;

describe('DynamoDB tables', () => {
  it('describes a table with its key schema', async () => {
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
    expect(Table?.TableStatus).toBe('ACTIVE');
    expect(Table?.KeySchema).toEqual([
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ]);
  });

  it('refuses a table that is there already', async () => {
    const again = new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    });
    await expect(dynamodb.send(again)).rejects.toMatchObject({ name: 'ResourceInUseException' });
  });

  it('refuses to read from a table that is not there', async () => {
    const missing = new GetItemCommand({ TableName: 'no-such-table', Key: key('a') });
    await expect(dynamodb.send(missing)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

// "Naming rules and data types in Amazon DynamoDB", "Supported data types" (DynamoDB Developer Guide)
describe('DynamoDB attribute values', () => {
  it('gives back every type as it was put', async () => {
    const pk = table.freshPartition();
    const attributes: Attributes = {
      text: { S: 'é' },
      empty: { S: '' },
      number: { N: '-12.5' },
      binary: { B: new Uint8Array([0, 255]) },
      texts: { SS: ['a', 'b'] },
      nothing: { NULL: true },
      flag: { BOOL: false },
      list: { L: [{ S: 'a' }, { N: '1' }] },
      map: { M: { inner: { L: [] } } },
    };
    await table.put(pk, 'a', attributes);
    expect(await table.get(pk)).toEqual({ ...key(pk), ...attributes });
  });

  it(
    'keeps numbers in a normal form',
    exceptFor('moto', 'keeps the text of a number as it came', async () => {
      const pk = table.freshPartition();
      await table.put(pk, 'a', { one: { N: '007' }, two: { N: '1.50' }, three: { N: '1e3' }, four: { N: '-0' } });
      expect(await table.get(pk)).toEqual({
        ...key(pk),
        one: { N: '7' },
        two: { N: '1.5' },
        three: { N: '1000' },
        four: { N: '0' },
      });
    }),
  );

  it(
    'refuses a number of more than 38 digits',
    exceptFor('moto', 'takes a number of any length', async () => {
      const long = table.put(table.freshPartition(), 'a', { n: { N: '1'.repeat(39) } });
      await expect(long).rejects.toMatchObject({ name: 'ValidationException' });
    }),
  );

  it('refuses an empty text as a key', async () => {
    await expect(table.put('', 'a')).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('refuses an empty set', async () => {
    const empty = table.put(table.freshPartition(), 'a', { texts: { SS: [] } });
    await expect(empty).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('refuses a key of another type, or of too many attributes', async () => {
    const wrongType = new PutItemCommand({ TableName, Item: { pk: { N: '1' }, sk: { S: 'a' } } });
    await expect(dynamodb.send(wrongType)).rejects.toMatchObject({ name: 'ValidationException' });
    const tooMany = new GetItemCommand({ TableName, Key: { ...key('a'), other: { S: 'b' } } });
    await expect(dynamodb.send(tooMany)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('refuses an item of more than 400 KB', async () => {
    const large = table.put(table.freshPartition(), 'a', { body: { S: 'x'.repeat(400 * 1024) } });
    await expect(large).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Item size has exceeded the maximum allowed size',
    });
  });
});
