import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock, Random } from '../model/clock.ts';
import type { Registry } from '../reconcile/ports.ts';
import { createDrains } from './registry/drains.ts';
import { createFacts } from './registry/facts.ts';
import { createGroups } from './registry/groups.ts';
import { createInstallation } from './registry/installation.ts';
import { createMarks } from './registry/marks.ts';
import { createRequests } from './registry/requests.ts';
import { createRoles } from './registry/roles.ts';
import { createSweepLease } from './registry/sweep-lease.ts';
import { createTokens } from './registry/tokens.ts';
import { Table } from './registry/table.ts';

export interface RegistrySettings {
  readonly table: string;
}

/** The registry in one DynamoDB table; its items are drawn in `registry/items.ts`. */
export function createRegistry(
  client: DynamoDBClient,
  settings: RegistrySettings,
  clock: Clock,
  random: Random,
): Registry {
  const table = new Table(client, settings.table, clock, random);
  return {
    ...createFacts(table),
    ...createDrains(table),
    ...createMarks(table),
    ...createGroups(table),
    ...createRequests(table),
    ...createRoles(table),
    ...createInstallation(table),
    ...createSweepLease(table),
    ...createTokens(table),
  };
}
