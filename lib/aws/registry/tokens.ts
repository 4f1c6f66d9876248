import { ServiceFailure } from '../../model/errors.ts';
import type { Registry } from '../../reconcile/ports.ts';
import * as items from './items.ts';
import type { Table } from './table.ts';

type Tokens = Pick<Registry, 'readAccess' | 'readTokens' | 'putToken' | 'removeToken' | 'count'>;

export function createTokens(table: Table): Tokens {
  return {
    async readAccess(name, counter) {
      const keys = [items.INSTALLATION_KEY, items.counterKey(counter)];
      const named = name === undefined ? [] : [items.factKey(name), items.tokenKey(name)];
      const found = await table.readAll([...keys, ...named]);
      const of = (pk: string) => found.find((item) => items.text(item, 'pk') === pk);
      const [installation, fact, token] = [of('installation'), of(items.factsPk), of(items.tokensPk)];
      const counted = found.find((item) => ![installation, fact, token].includes(item));
      return {
        ...(installation === undefined ? {} : { installation: items.installationOf(installation) }),
        ...(fact === undefined ? {} : { fact: items.factOf(fact) }),
        ...(token === undefined ? {} : { token: items.tokenOf(token) }),
        counted: counted === undefined ? 0 : items.countOf(counted),
      };
    },

    async readTokens() {
      return (await table.query(items.tokensPk)).map(items.tokenOf);
    },

    async putToken(token, isNew) {
      const condition = isNew ? 'attribute_not_exists(pk)' : 'attribute_exists(pk)';
      return await holds(
        table.change(items.tokenKey(token.name), {
          UpdateExpression: 'SET #body = :body',
          ConditionExpression: condition,
          ExpressionAttributeNames: { '#body': 'body' },
          ExpressionAttributeValues: { ':body': { S: JSON.stringify(token) } },
        }),
      );
    },

    async removeToken(name) {
      const there = { ConditionExpression: 'attribute_exists(pk)' };
      return (await table.together([table.delete(items.tokenKey(name), there)])).length === 0;
    },

    async count(counter, limit) {
      const expires = Math.floor((counter.windowStartMs + counter.windowMs) / 1000) + items.COUNTER_KEPT_SECONDS;
      return await holds(
        table.change(items.counterKey(counter), {
          UpdateExpression: 'SET #expires = :expires ADD #count :one',
          ConditionExpression: 'attribute_not_exists(#count) OR #count < :limit',
          ExpressionAttributeNames: { '#count': 'count', '#expires': 'expiresAt' },
          ExpressionAttributeValues: {
            ':one': { N: '1' },
            ':limit': { N: String(limit) },
            ':expires': { N: String(expires) },
          },
        }),
      );
    },
  };
}

async function holds(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ServiceFailure && error.kind === 'conflict') return false;
    throw error;
  }
}
