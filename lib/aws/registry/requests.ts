import { ServiceFailure } from '../../model/errors.ts';
import type { Registry } from '../../reconcile/ports.ts';
import * as items from './items.ts';
import type { Table } from './table.ts';

export function createRequests(table: Table): Pick<Registry, 'putRequest' | 'readRequest' | 'answerRequest'> {
  return {
    async putRequest(request) {
      await table.write(items.requestItem(request));
    },

    async readRequest(group, id) {
      const item = await table.read(items.requestKey({ group, id }));
      return item === undefined ? undefined : items.requestOf(item);
    },

    async answerRequest(request, outcome) {
      try {
        await table.change(items.requestKey(request), {
          UpdateExpression: 'SET #outcome = :outcome',
          ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(#outcome)',
          ExpressionAttributeNames: { '#outcome': 'outcome' },
          ExpressionAttributeValues: { ':outcome': { S: JSON.stringify(outcome) } },
        });
        return true;
      } catch (error) {
        if (error instanceof ServiceFailure && error.kind === 'conflict') return false;
        throw error;
      }
    },
  };
}
