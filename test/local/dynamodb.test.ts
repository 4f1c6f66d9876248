import { ScanCommand, TransactWriteItemsCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Account } from '../../local/account.ts';
import { compareText } from '../../local/dynamodb/attribute-value.ts';
import {
  addDecimals,
  compareDecimals,
  formatDecimal,
  parseDecimal,
  subtractDecimals,
} from '../../local/dynamodb/decimal.ts';
import { isReservedWord } from '../../local/dynamodb/reserved-words.ts';
import { clientsFor } from '../../local/in-process.ts';
import { VirtualTimeline } from '../../local/timeline.ts';

const normal = (text: string) => formatDecimal(parseDecimal(text));

describe('numbers', () => {
  it.each([
    ['0', '0'],
    ['-0', '0'],
    ['007', '7'],
    ['1.50', '1.5'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['1e3', '1000'],
    ['-1.2E-3', '-0.0012'],
    ['1234567890123456789012345678901234567800', '1234567890123456789012345678901234567800'],
    ['1e-130', `0.${'0'.repeat(129)}1`],
  ])('%s is kept as %s', (given, kept) => {
    expect(normal(given)).toBe(kept);
  });

  it.each([
    ['', /cannot be converted to a numeric value/],
    ['.', /cannot be converted to a numeric value/],
    ['1,5', /cannot be converted to a numeric value/],
    ['0x1', /cannot be converted to a numeric value/],
    ['NaN', /cannot be converted to a numeric value/],
    ['1e126', /Number overflow/],
    ['1e-131', /Number underflow/],
    ['1.00000000000000000000000000000000000001', /more than 38 significant digits/],
  ])('%j is refused', (given, message) => {
    expect(() => normal(given)).toThrow(message);
  });

  it('add, subtract and compare exactly', () => {
    let tried = 0;
    const number = fc.tuple(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.integer({ min: 0, max: 8 }));
    fc.assert(
      fc.property(number, number, ([one, oneScale], [other, otherScale]) => {
        tried += 1;
        const [left, right] = [parseDecimal(`${one}e-${oneScale}`), parseDecimal(`${other}e-${otherScale}`)];
        const [leftUnits, rightUnits] = [one * 10n ** BigInt(8 - oneScale), other * 10n ** BigInt(8 - otherScale)];
        expect(formatDecimal(addDecimals(left, right))).toBe(normal(`${leftUnits + rightUnits}e-8`));
        expect(formatDecimal(subtractDecimals(left, right))).toBe(normal(`${leftUnits - rightUnits}e-8`));
        const order = leftUnits < rightUnits ? -1 : leftUnits > rightUnits ? 1 : 0;
        expect(compareDecimals(left, right)).toBe(order);
      }),
    );
    expect(tried).toBeGreaterThan(50);
  });
});

describe('texts', () => {
  it('are ordered by their UTF-8 bytes', () => {
    let tried = 0;
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '\uD7FF', '\uE000', '\uFFFD', '😀', '𐀀') });
    fc.assert(
      fc.property(text, text, (one, other) => {
        tried += 1;
        expect(Math.sign(compareText(one, other))).toBe(Buffer.compare(Buffer.from(one), Buffer.from(other)));
      }),
    );
    expect(tried).toBeGreaterThan(50);
  });

  it('are reserved words in any case', () => {
    expect(['name', 'Status', 'ROLE', 'value', 'zone', 'ttl'].map(isReservedWord)).not.toContain(false);
    expect(['pk', 'sk', 'serial', 'expiresAt'].map(isReservedWord)).not.toContain(true);
  });
});

function createTable() {
  const timeline = new VirtualTimeline(Date.UTC(2026, 0, 2));
  const account = new Account({ timeline });
  account.dynamodb.createTable('registry', { partition: { name: 'pk', type: 'S' }, sort: { name: 'sk', type: 'S' } });
  return { timeline, account, ...clientsFor(account, 'test') };
}

const key = (pk: string, sk = 'a') => ({ pk: { S: pk }, sk: { S: sk } });

describe('the local DynamoDB', () => {
  it('carries a transaction out again when its token is more than ten minutes old', async () => {
    const { dynamodb, timeline, account } = createTable();
    const add = new TransactWriteItemsCommand({
      ClientRequestToken: 'token',
      TransactItems: [
        {
          Update: {
            TableName: 'registry',
            Key: key('a'),
            UpdateExpression: 'ADD n :one',
            ExpressionAttributeValues: { ':one': { N: '1' } },
          },
        },
      ],
    });
    const count = () => account.dynamodb.table('registry').get(key('a'))?.['n'];
    await dynamodb.send(add);
    await timeline.advance(599_999);
    await dynamodb.send(add);
    expect(count()).toEqual({ N: '1' });
    await timeline.advance(1);
    await dynamodb.send(add);
    expect(count()).toEqual({ N: '2' });
  });

  it('refuses a transaction of more than 4 MB', async () => {
    const { dynamodb } = createTable();
    const TransactItems = Array.from({ length: 11 }, (_each, index) => ({
      Put: { TableName: 'registry', Item: { ...key(`${index}`), body: { S: 'x'.repeat(390_000) } } },
    }));
    await expect(dynamodb.send(new TransactWriteItemsCommand({ TransactItems }))).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(/cannot exceed 4194304$/),
    });
  });

  it('refuses parameters that it would only ignore', async () => {
    const { dynamodb } = createTable();
    const scan = new ScanCommand({ TableName: 'registry', IndexName: 'by-role' });
    await expect(dynamodb.send(scan)).rejects.toMatchObject({
      name: 'UnsupportedOperation',
      message: expect.stringMatching(/^The local account's Scan has no parameter IndexName; it has TableName, /),
    });
  });

  it('pages through a scan, whatever is deleted on the way', async () => {
    const { dynamodb, account } = createTable();
    const table = account.dynamodb.table('registry');
    for (const pk of ['c', 'a', 'b']) for (const sk of ['2', '1']) table.put(key(pk, sk));
    const seen: string[] = [];
    let start: Record<string, { S: string }> | undefined;
    for (let pages = 0; pages < 10; pages += 1) {
      const page = await dynamodb.send(
        new ScanCommand({
          TableName: 'registry',
          Limit: 1,
          ...(start === undefined ? {} : { ExclusiveStartKey: start }),
        }),
      );
      for (const item of page.Items ?? []) {
        seen.push(`${item['pk']?.S}${item['sk']?.S}`);
        if (seen.length > 1) table.delete(key(item['pk']?.S ?? '', item['sk']?.S ?? ''));
      }
      if (page.LastEvaluatedKey === undefined) break;
      start = key(page.LastEvaluatedKey['pk']?.S ?? '', page.LastEvaluatedKey['sk']?.S ?? '');
    }
    expect(seen).toEqual(['a1', 'a2', 'b1', 'b2', 'c1', 'c2']);
  });

  it('leaves the item as it was when an update fails', async () => {
    const { dynamodb, account } = createTable();
    account.dynamodb.table('registry').put({ ...key('a'), text: { S: 'x' } });
    const update = new UpdateItemCommand({
      TableName: 'registry',
      Key: key('a'),
      UpdateExpression: 'SET other = :n ADD #text :n',
      ExpressionAttributeNames: { '#text': 'text' },
      ExpressionAttributeValues: { ':n': { N: '1' } },
    });
    await expect(dynamodb.send(update)).rejects.toMatchObject({ name: 'ValidationException' });
    expect(account.dynamodb.table('registry').get(key('a'))).toEqual({ ...key('a'), text: { S: 'x' } });
  });
});
