import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  CreateTableCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  type TransactWriteItem,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { conformanceClients, exceptFor, freshName } from './endpoint.ts';

const { dynamodb } = conformanceClients();
const TableName = freshName('registry');
let partitions = 0;

beforeAll(async () => {
  await dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
});

/** A partition that no other test writes to. */
function freshPartition(): string {
  partitions += 1;
  return `partition ${partitions}`;
}

type Attributes = Record<string, AttributeValue>;

function key(pk: string, sk = 'a'): Attributes {
  return { pk: { S: pk }, sk: { S: sk } };
}

async function put(pk: string, sk: string, attributes: Attributes = {}): Promise<void> {
  await dynamodb.send(new PutItemCommand({ TableName, Item: { ...key(pk, sk), ...attributes } }));
}

async function get(pk: string, sk = 'a'): Promise<Attributes | undefined> {
  return (await dynamodb.send(new GetItemCommand({ TableName, Key: key(pk, sk), ConsistentRead: true }))).Item;
}

/** The attributes after an update of an item that had `before`. */
async function updated(
  before: Attributes,
  update: Omit<UpdateItemCommandInput, 'TableName' | 'Key'>,
): Promise<Attributes> {
  const pk = freshPartition();
  await put(pk, 'a', before);
  await dynamodb.send(new UpdateItemCommand({ TableName, Key: key(pk), ...update }));
  const { pk: _pk, sk: _sk, ...attributes } = (await get(pk)) ?? {};
  return attributes;
}

async function sortKeys(query: Omit<QueryCommandInput, 'TableName'>): Promise<(string | undefined)[]> {
  const { Items = [] } = await dynamodb.send(new QueryCommand({ TableName, ConsistentRead: true, ...query }));
  return Items.map((item) => item['sk']?.S);
}

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
    const pk = freshPartition();
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
    await put(pk, 'a', attributes);
    expect(await get(pk)).toEqual({ ...key(pk), ...attributes });
  });

  it(
    'keeps numbers in a normal form',
    exceptFor('moto', 'keeps the text of a number as it came', async () => {
      const pk = freshPartition();
      await put(pk, 'a', { one: { N: '007' }, two: { N: '1.50' }, three: { N: '1e3' }, four: { N: '-0' } });
      expect(await get(pk)).toEqual({
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
      const long = put(freshPartition(), 'a', { n: { N: '1'.repeat(39) } });
      await expect(long).rejects.toMatchObject({ name: 'ValidationException' });
    }),
  );

  it('refuses an empty text as a key', async () => {
    await expect(put('', 'a')).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('refuses an empty set', async () => {
    const empty = put(freshPartition(), 'a', { texts: { SS: [] } });
    await expect(empty).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('refuses a key of another type, or of too many attributes', async () => {
    const wrongType = new PutItemCommand({ TableName, Item: { pk: { N: '1' }, sk: { S: 'a' } } });
    await expect(dynamodb.send(wrongType)).rejects.toMatchObject({ name: 'ValidationException' });
    const tooMany = new GetItemCommand({ TableName, Key: { ...key('a'), other: { S: 'b' } } });
    await expect(dynamodb.send(tooMany)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('refuses an item of more than 400 KB', async () => {
    const large = put(freshPartition(), 'a', { body: { S: 'x'.repeat(400 * 1024) } });
    await expect(large).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Item size has exceeded the maximum allowed size',
    });
  });
});

// "Condition and filter expressions, operators, and functions in DynamoDB" (DynamoDB Developer Guide)
describe('DynamoDB conditions', () => {
  const stored: Attributes = {
    n: { N: '5' },
    s: { S: 'abc' },
    set: { SS: ['x', 'y'] },
    map: { M: { in: { L: [{ S: 'z' }] } } },
  };
  const values: Attributes = {
    ':4': { N: '4' },
    ':5': { N: '5.0' },
    ':6': { N: '6' },
    ':ab': { S: 'ab' },
    ':x': { S: 'x' },
    ':z': { S: 'z' },
    ':S': { S: 'S' },
  };

  const HOLD = [
    'n = :5',
    'n <> :4',
    'n > :4 AND n < :6',
    'n >= :5 AND n <= :5',
    'n BETWEEN :4 AND :6',
    'n IN (:4, :5)',
    'NOT n = :4',
    'n = :4 OR n = :5 AND NOT n = :6',
    '(n = :4 OR n = :5) AND attribute_exists(s)',
    'begins_with(s, :ab)',
    'contains(#set, :x)',
    'attribute_type(s, :S)',
    'attribute_not_exists(absent)',
    '#map.#in[0] = :z',
    'size(s) < :4',
    'absent <> :4',
  ];
  const FAIL = [
    'n = :4',
    's = :5',
    'absent = :4',
    'absent < :4',
    'attribute_exists(absent)',
    'begins_with(s, :x)',
    '#map.#in[1] = :z',
    'contains(#set, :ab)',
    'n = :5 AND (n = :4 OR n = :6)',
    'NOT (n = :4 OR n = :5)',
  ];

  async function holds(condition: string): Promise<boolean> {
    const pk = freshPartition();
    await put(pk, 'a', stored);
    const used = Object.entries(values).filter(([name]) => new RegExp(`${name}\\b`).test(condition));
    const names = [
      ['#set', 'set'],
      ['#map', 'map'],
      ['#in', 'in'],
    ].filter(([alias = '']) => condition.includes(alias));
    const write = new PutItemCommand({
      TableName,
      Item: key(pk),
      ConditionExpression: condition,
      ...(names.length === 0 ? {} : { ExpressionAttributeNames: Object.fromEntries(names) }),
      ...(used.length === 0 ? {} : { ExpressionAttributeValues: Object.fromEntries(used) }),
    });
    try {
      await dynamodb.send(write);
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  it.each(HOLD)('writes when %s', async (condition) => {
    expect(await holds(condition)).toBe(true);
  });

  it.each(FAIL)('does not write when %s', async (condition) => {
    expect(await holds(condition)).toBe(false);
  });

  it('shows the item that failed a condition, when asked', async () => {
    const pk = freshPartition();
    await put(pk, 'a', { n: { N: '5' } });
    const write = new DeleteItemCommand({
      TableName,
      Key: key(pk),
      ConditionExpression: 'n = :n',
      ExpressionAttributeValues: { ':n': { N: '4' } },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    await expect(dynamodb.send(write)).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      message: 'The conditional request failed',
      Item: { ...key(pk), n: { N: '5' } },
    });
    expect(await get(pk)).toEqual({ ...key(pk), n: { N: '5' } });
  });
});

// "Expression attribute names (aliases)", "Reserved words in DynamoDB" (DynamoDB Developer Guide)
describe('DynamoDB expressions', () => {
  const value = { ExpressionAttributeValues: { ':v': { S: 'v' } } };

  async function refusalOf(input: Partial<UpdateItemCommandInput>): Promise<string> {
    const error: unknown = await dynamodb
      .send(new UpdateItemCommand({ TableName, Key: key(freshPartition()), ...input }))
      .catch((reason: unknown) => reason);
    if (!(error instanceof Error) || error.name !== 'ValidationException')
      throw new Error(`Not refused: ${input.UpdateExpression}`);
    return error.message;
  }

  const refused: [string, RegExp, Partial<UpdateItemCommandInput>][] = [
    [
      'a reserved word as a bare name',
      /reserved keyword; reserved keyword: role/i,
      { UpdateExpression: 'SET role = :v', ...value },
    ],
    [
      'a value that is not used',
      /ExpressionAttributeValues unused in expressions: keys: \{:v\}/,
      { UpdateExpression: 'REMOVE a', ...value },
    ],
    [
      'a name that is not used',
      /ExpressionAttributeNames unused in expressions: keys: \{#a\}/,
      { UpdateExpression: 'REMOVE a', ExpressionAttributeNames: { '#a': 'a' } },
    ],
    ['an empty expression', /The expression can not be empty/, { UpdateExpression: '' }],
    ['what is no expression', /Syntax error/, { UpdateExpression: 'SET a = = :v', ...value }],
    [
      'a section that comes twice',
      /section can only be used once/,
      { UpdateExpression: 'SET a = :v SET b = :v', ...value },
    ],
    [
      'two paths of which one holds the other',
      /Two document paths overlap/,
      { UpdateExpression: 'SET a = :v, a.b = :v', ...value },
    ],
    [
      'an update of the key',
      /Cannot update attribute sk. This attribute is part of the key/,
      { UpdateExpression: 'SET sk = :v', ...value },
    ],
    [
      'parentheses around parentheses',
      /redundant parentheses/,
      { UpdateExpression: 'SET a = :v', ConditionExpression: '((attribute_exists(a)))', ...value },
    ],
  ];
  it.each(refused)('refuses %s', async (_title, message, input) => {
    expect(await refusalOf(input)).toMatch(message);
  });

  it(
    'refuses a name that is not defined',
    exceptFor('moto', 'answers a page of HTML to an undefined name', async () => {
      expect(await refusalOf({ UpdateExpression: 'SET #a = :v', ...value })).toMatch(
        /attribute name used in the document path is not defined; attribute name: #a/,
      );
    }),
  );

  it(
    'refuses a value that is not defined',
    exceptFor('moto', 'complains of the unused value rather than of the undefined one', async () => {
      expect(await refusalOf({ UpdateExpression: 'SET a = :w', ...value })).toMatch(
        /attribute value used in expression is not defined; attribute value: :w/,
      );
    }),
  );

  it(
    'refuses an unknown function',
    exceptFor('moto', 'has other words for an unknown function', async () => {
      expect(await refusalOf({ UpdateExpression: 'SET a = :v', ConditionExpression: 'exists(a)', ...value })).toMatch(
        /Invalid function name; function: exists/,
      );
    }),
  );
});

// "Using update expressions in DynamoDB" (DynamoDB Developer Guide)
describe('DynamoDB updates', () => {
  it('creates the item that is not there, with its key', async () => {
    const pk = freshPartition();
    await dynamodb.send(
      new UpdateItemCommand({
        TableName,
        Key: key(pk),
        UpdateExpression: 'SET a = :v',
        ExpressionAttributeValues: { ':v': { S: 'v' } },
      }),
    );
    expect(await get(pk)).toEqual({ ...key(pk), a: { S: 'v' } });
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
    const pk = freshPartition();
    await put(pk, 'a', { n: { N: '1' }, other: { S: 'o' } });
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

// "Query", "Key condition expressions for the Query operation in DynamoDB"
describe('DynamoDB queries', () => {
  const ORDERED = ['', '#', '0', 'A', 'Z', 'a', 'b#1', 'b#2', 'é', '￿', '😀'].slice(1);

  async function filled(): Promise<string> {
    const pk = freshPartition();
    for (const sk of [...ORDERED].reverse()) await put(pk, sk);
    return pk;
  }

  it('gives the items of a partition in the order of the bytes of their sort keys', async () => {
    const pk = await filled();
    const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: pk } } };
    expect(await sortKeys(query)).toEqual(ORDERED);
    expect(await sortKeys({ ...query, ScanIndexForward: false })).toEqual([...ORDERED].reverse());
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
    const found = await sortKeys({
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
    const pk = freshPartition();
    for (const [index, sk] of ['a', 'b', 'c'].entries()) await put(pk, sk, { n: { N: String(index) } });
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
    const pk = freshPartition();
    const body: Attributes = { body: { S: 'x'.repeat(390_000) } };
    for (const sk of ['a', 'b', 'c', 'd']) await put(pk, sk, body);
    const query = { TableName, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: pk } } };
    const first = await dynamodb.send(new QueryCommand(query));
    expect(first.Items?.map((item) => item['sk']?.S)).toEqual(['a', 'b']);
    expect(first.LastEvaluatedKey).toEqual(key(pk, 'b'));
  });

  it('refuses a query without the partition', async () => {
    const query = sortKeys({ KeyConditionExpression: 'sk = :a', ExpressionAttributeValues: { ':a': { S: 'a' } } });
    await expect(query).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it(
    'refuses key attributes in a filter',
    exceptFor('moto', 'lets key attributes pass in a filter', async () => {
      const query = sortKeys({
        KeyConditionExpression: 'pk = :a',
        FilterExpression: 'sk = :a',
        ExpressionAttributeValues: { ':a': { S: 'a' } },
      });
      await expect(query).rejects.toMatchObject({ name: 'ValidationException' });
    }),
  );
});

// "TransactWriteItems" (Amazon DynamoDB API Reference)
describe('DynamoDB transactions', () => {
  it('writes all', async () => {
    const pk = freshPartition();
    await put(pk, 'gone');
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
    expect(await sortKeys(query)).toEqual(['put', 'updated']);
  });

  it('writes nothing when one condition fails, and says which', async () => {
    const pk = freshPartition();
    await put(pk, 'there');
    const reasons = await reasonsOf([
      putAction(pk, 'a'),
      putAction(pk, 'there', { ConditionExpression: 'attribute_not_exists(pk)' }),
      putAction(pk, 'c'),
    ]);
    expect(reasons).toEqual(['None', 'ConditionalCheckFailed', 'None']);
    expect(await get(pk, 'a')).toBeUndefined();
  });

  it('shows the item that failed, when asked', async () => {
    const pk = freshPartition();
    await put(pk, 'there', { n: { N: '1' } });
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
    const pk = freshPartition();
    const twice = reasonsOf([putAction(pk, 'a'), { Delete: { TableName, Key: key(pk, 'a') } }]);
    await expect(twice).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Transaction request cannot include multiple operations on one item',
    });
  });

  it('takes 100 actions and refuses 101', async () => {
    const pk = freshPartition();
    const actions = Array.from({ length: 101 }, (_each, index) => putAction(pk, `item ${index}`));
    expect(await reasonsOf(actions.slice(0, 100))).toEqual([]);
    await expect(reasonsOf(actions)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it(
    'carries a repeated token out once, and refuses it with other actions',
    exceptFor('moto', 'knows no request tokens', async () => {
      const pk = freshPartition();
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
      expect((await get(pk))?.['n']).toEqual({ N: '1' });
      await expect(dynamodb.send(adding('2'))).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
    }),
  );
});

// "BatchGetItem", "BatchWriteItem" (Amazon DynamoDB API Reference)
describe('DynamoDB batches', () => {
  it('gets the items that are there', async () => {
    const pk = freshPartition();
    await put(pk, 'a');
    await put(pk, 'b');
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
    const pk = freshPartition();
    await put(pk, 'gone');
    expect((await dynamodb.send(putsOf(pk, 25))).UnprocessedItems).toEqual({});
    await dynamodb.send(
      new BatchWriteItemCommand({ RequestItems: { [TableName]: [{ DeleteRequest: { Key: key(pk, 'gone') } }] } }),
    );
    const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: pk } } };
    expect(await sortKeys(query)).toHaveLength(25);
  });

  it(
    'refuses to write 26 items',
    exceptFor('moto', 'writes any number of items', async () => {
      const tooMany = dynamodb.send(putsOf(freshPartition(), 26));
      await expect(tooMany).rejects.toMatchObject({ name: 'ValidationException' });
    }),
  );
});
