import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { type Attributes, ConformanceTable, key } from './dynamodb-table.ts';
import { exceptFor } from './endpoint.ts';

const table = await ConformanceTable.create();
const { dynamodb, name: TableName } = table;

// "Query", "Key condition expressions for the Query operation in DynamoDB"
describe('DynamoDB queries', () => {
  const ORDERED = ['', '#', '0', 'A', 'Z', 'a', 'b#1', 'b#2', 'é', '￿', '😀'].slice(1);

  async function filled(): Promise<string> {
    const pk = table.freshPartition();
    for (const sk of [...ORDERED].reverse()) await table.put(pk, sk);
    return pk;
  }

  it('gives the items of a partition in the order of the bytes of their sort keys', async () => {
    const pk = await filled();
    const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: pk } } };
    expect(await table.sortKeys(query)).toEqual(ORDERED);
    expect(await table.sortKeys({ ...query, ScanIndexForward: false })).toEqual([...ORDERED].reverse());
  });

  const CHOICES: [string, Attributes, string[]][] = [
    ['begins_with(sk, :a)', { ':a': { S: 'b#' } }, ['b#1', 'b#2']],
    ['sk BETWEEN :a AND :b', { ':a': { S: '0' }, ':b': { S: 'Z' } }, ['0', 'A', 'Z']],
    ['sk < :a', { ':a': { S: 'A' } }, ['#', '0']],
    ['sk >= :a', { ':a': { S: 'é' } }, ['é', '￿', '😀']],
    ['sk = :a', { ':a': { S: 'a' } }, ['a']],
  ];
  it.each(CHOICES)('chooses by %s', async (condition, values, expected) => {
    const pk = await filled();
    const found = await table.sortKeys({
      KeyConditionExpression: `pk = :pk AND ${condition}`,
      ExpressionAttributeValues: { ':pk': { S: pk }, ...values },
    });
    expect(found).toEqual(expected);
  });

  it('goes on behind the last key that it gave', async () => {
    const pk = await filled();
    const query = {
      TableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: pk } },
      Limit: 7,
    };
    const first = await dynamodb.send(new QueryCommand(query));
    expect(first.Items?.map((item) => item['sk']?.S)).toEqual(ORDERED.slice(0, 7));
    expect(first.LastEvaluatedKey).toEqual(key(pk, 'b#2'));
    const second = await dynamodb.send(new QueryCommand({ ...query, ExclusiveStartKey: first.LastEvaluatedKey }));
    expect(second.Items?.map((item) => item['sk']?.S)).toEqual(ORDERED.slice(7));
    expect(second.LastEvaluatedKey).toBeUndefined();
  });

  it('counts towards the limit what a filter then drops', async () => {
    const pk = table.freshPartition();
    for (const [index, sk] of ['a', 'b', 'c'].entries()) await table.put(pk, sk, { n: { N: String(index) } });
    const found = await dynamodb.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'pk = :pk',
        FilterExpression: 'n > :n',
        ExpressionAttributeValues: { ':pk': { S: pk }, ':n': { N: '0' } },
        Limit: 2,
      }),
    );
    expect(found.Items?.map((item) => item['sk']?.S)).toEqual(['b']);
    expect([found.Count, found.ScannedCount]).toEqual([1, 2]);
  });

  it('cuts a page at 1 MB', async () => {
    const pk = table.freshPartition();
    const body: Attributes = { body: { S: 'x'.repeat(390_000) } };
    for (const sk of ['a', 'b', 'c', 'd']) await table.put(pk, sk, body);
    const query = { TableName, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: pk } } };
    const first = await dynamodb.send(new QueryCommand(query));
    expect(first.Items?.map((item) => item['sk']?.S)).toEqual(['a', 'b']);
    expect(first.LastEvaluatedKey).toEqual(key(pk, 'b'));
  });

  it('refuses a query without the partition', async () => {
    const query = table.sortKeys({
      KeyConditionExpression: 'sk = :a',
      ExpressionAttributeValues: { ':a': { S: 'a' } },
    });
    await expect(query).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it(
    'refuses key attributes in a filter',
    exceptFor('moto', 'lets key attributes pass in a filter', async () => {
      const query = table.sortKeys({
        KeyConditionExpression: 'pk = :a',
        FilterExpression: 'sk = :a',
        ExpressionAttributeValues: { ':a': { S: 'a' } },
      });
      await expect(query).rejects.toMatchObject({ name: 'ValidationException' });
    }),
  );
});
