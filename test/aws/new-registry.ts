import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createRegistry } from '../../lib/aws/registry.ts';
import type { Clock } from '../../lib/model/clock.ts';
import type { Registry } from '../../lib/reconcile/ports.ts';
import { Account } from '../../local/account.ts';
import { clientsFor } from '../../local/in-process.ts';

export interface NewRegistry {
  readonly registry: Registry;
  readonly dynamodb: DynamoDBClient;
}

const STILL: Clock = { now: () => 1_000, sleep: () => Promise.resolve() };

/** On an empty table, `registry`, of an account. */
export async function newRegistry(account = new Account(), clock: Clock = STILL): Promise<NewRegistry> {
  const { dynamodb } = clientsFor(account, 'test');
  const keys = ['pk', 'sk'] as const;
  await dynamodb.send(
    new CreateTableCommand({
      TableName: 'registry',
      AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  let ids = 0;
  return {
    dynamodb,
    registry: createRegistry(dynamodb, { table: 'registry' }, clock, { id: () => `id-${(ids += 1)}` }),
  };
}
