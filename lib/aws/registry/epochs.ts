import type { CallLevel } from '../../model/call-level.ts';
import type { GroupHead } from '../../model/ledger.ts';
import * as items from './items.ts';
import type { Condition, Table } from './table.ts';
import type { Action } from './transaction.ts';

/** The group still has the epoch that was read. */
export function atEpoch({ epoch }: Pick<GroupHead, 'epoch'>): Condition {
  const ExpressionAttributeNames = { '#epoch': 'epoch' };
  return epoch === 0
    ? { ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(#epoch)', ExpressionAttributeNames }
    : {
        ConditionExpression: '#epoch = :epoch',
        ExpressionAttributeNames,
        ExpressionAttributeValues: { ':epoch': { N: String(epoch) } },
      };
}

/** Both at once, of one item. */
export function both(one: Condition, other: Condition): Condition {
  const values = { ...one.ExpressionAttributeValues, ...other.ExpressionAttributeValues };
  return {
    ConditionExpression: `${one.ConditionExpression} AND ${other.ConditionExpression}`,
    ExpressionAttributeNames: { ...one.ExpressionAttributeNames, ...other.ExpressionAttributeNames },
    // "ExpressionAttributeValues must not be empty": a ValidationException of DynamoDB.
    ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values }),
  };
}

/**
 * The next epoch of the group, where it still has the one that was read and was not retired since: by this two that read
 * the same exclude each other, also where one of them has nothing for Route 53 to judge. With it, what the next pass is to
 * know of EC2's calls.
 */
export function epochAction(
  table: Table,
  group: string,
  { epoch, retired }: Pick<GroupHead, 'epoch' | 'retired'>,
  calls?: CallLevel,
): Action {
  const read = atEpoch({ epoch });
  return table.update(items.headKey(group), {
    UpdateExpression: `${calls === undefined ? '' : 'SET #calls = :calls '}ADD #epoch :one`,
    ConditionExpression: `${read.ConditionExpression}${retired ? '' : ' AND attribute_not_exists(#retired)'}`,
    ExpressionAttributeNames: {
      ...read.ExpressionAttributeNames,
      ...(retired ? {} : { '#retired': 'retired' }),
      ...(calls === undefined ? {} : { '#calls': 'calls' }),
    },
    ExpressionAttributeValues: {
      ...read.ExpressionAttributeValues,
      ':one': { N: '1' },
      ...(calls === undefined ? {} : { ':calls': { S: JSON.stringify(calls) } }),
    },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
}

/** Only advice for the next pass: where the head is gone, the rest is written all the same. */
export function callsAction(table: Table, group: string, calls: CallLevel): Action {
  const action = table.update(items.headKey(group), {
    UpdateExpression: 'SET #calls = :calls',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeNames: { '#calls': 'calls' },
    ExpressionAttributeValues: { ':calls': { S: JSON.stringify(calls) } },
  });
  return { ...action, optional: true };
}
