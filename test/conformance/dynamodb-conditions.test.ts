import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { type Attributes, ConformanceTable, key } from './dynamodb-table.ts';
import { exceptFor } from './endpoint.ts';

const table = await ConformanceTable.create();
const { dynamodb, name: TableName } = table;

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
    const pk = table.freshPartition();
    await table.put(pk, 'a', stored);
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
    const pk = table.freshPartition();
    await table.put(pk, 'a', { n: { N: '5' } });
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
    expect(await table.get(pk)).toEqual({ ...key(pk), n: { N: '5' } });
  });
});

// "Expression attribute names (aliases)", "Reserved words in DynamoDB" (DynamoDB Developer Guide)
describe('DynamoDB expressions', () => {
  const value = { ExpressionAttributeValues: { ':v': { S: 'v' } } };

  async function refusalOf(input: Partial<UpdateItemCommandInput>): Promise<string> {
    const error: unknown = await dynamodb
      .send(new UpdateItemCommand({ TableName, Key: key(table.freshPartition()), ...input }))
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
