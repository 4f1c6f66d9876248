import { ServiceFailure } from '../../model/errors.ts';
import type { Registry } from '../../reconcile/ports.ts';
import * as items from './items.ts';
import type { Condition, Table } from './table.ts';

/** It was the last to take the lease. */
export function isHeldBy(holder: string): Condition {
  return {
    ConditionExpression: '#holder = :holder',
    ExpressionAttributeNames: { '#holder': 'holder' },
    ExpressionAttributeValues: { ':holder': { S: holder } },
  };
}

export function createSweepLease(table: Table): Pick<Registry, 'takeSweepLease' | 'releaseSweepLease' | 'recordSweep'> {
  const set = async (condition: string, values: items.Item): Promise<items.Item | undefined> => {
    const isComplete = ':complete' in values;
    try {
      return await table.change(items.LEASE_KEY, {
        UpdateExpression: `SET #holder = :holder, #until = :until${isComplete ? ', #complete = :complete' : ''}`,
        ConditionExpression: condition,
        ExpressionAttributeNames: {
          '#holder': 'holder',
          '#until': 'until',
          ...(isComplete ? { '#complete': 'completeAt' } : {}),
        },
        ExpressionAttributeValues: values,
      });
    } catch (error) {
      if (error instanceof ServiceFailure && error.kind === 'conflict') return undefined;
      throw error;
    }
  };
  return {
    async takeSweepLease(holder, nowMs, untilMs) {
      const lease = await set('attribute_not_exists(#until) OR #until <= :now', {
        ':holder': { S: holder },
        ':now': { N: String(nowMs) },
        ':until': { N: String(untilMs) },
      });
      return lease === undefined ? undefined : items.sweepLeaseOf(lease);
    },

    async releaseSweepLease(holder, completeAtMs) {
      await set('#holder = :holder', {
        ':holder': { S: holder },
        ':until': { N: '0' },
        ...(completeAtMs === undefined ? {} : { ':complete': { N: String(completeAtMs) } }),
      });
    },

    async recordSweep(record) {
      await table.write(items.bodyItem(items.LAST_SWEEP_KEY, record));
    },
  };
}
