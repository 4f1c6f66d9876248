import { ServiceFailure } from '../../model/errors.ts';
import type { Registry } from '../../reconcile/ports.ts';
import * as items from './items.ts';
import type { Table } from './table.ts';

export function createSweepLease(table: Table): Pick<Registry, 'takeSweepLease' | 'releaseSweepLease' | 'recordSweep'> {
  const set = async (condition: string, values: items.Item): Promise<boolean> => {
    try {
      await table.change(items.LEASE_KEY, {
        UpdateExpression: 'SET #holder = :holder, #until = :until',
        ConditionExpression: condition,
        ExpressionAttributeNames: { '#holder': 'holder', '#until': 'until' },
        ExpressionAttributeValues: values,
      });
      return true;
    } catch (error) {
      if (error instanceof ServiceFailure && error.kind === 'conflict') return false;
      throw error;
    }
  };
  return {
    async takeSweepLease(holder, nowMs, untilMs) {
      return await set('attribute_not_exists(#until) OR #until <= :now', {
        ':holder': { S: holder },
        ':now': { N: String(nowMs) },
        ':until': { N: String(untilMs) },
      });
    },

    async releaseSweepLease(holder) {
      await set('#holder = :holder', { ':holder': { S: holder }, ':until': { N: '0' } });
    },

    async recordSweep(record) {
      await table.write(items.bodyItem(items.LAST_SWEEP_KEY, record));
    },
  };
}
