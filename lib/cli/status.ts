import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { createRegistry } from '../aws/registry.ts';
import type { Registry } from '../reconcile/ports.ts';
import { localAccount, localClientSettings } from './local-target.ts';
import { examples } from './sim.ts';
import { statusLines } from './status-lines.ts';
import { readStatus } from './status-report.ts';
import { printResult, type Surroundings } from './surroundings.ts';

export function addStatus(program: Command, surroundings: Surroundings): void {
  program
    .command('status')
    .description('show roles and members, their names and addresses, and what is still to do')
    .addHelpText('after', examples(['status', 'status --json']))
    .action(async (_flags: object, command: Command) => {
      const { json = false } = command.optsWithGlobals<{ json?: boolean }>();
      const data = await readStatus(await localRegistry(surroundings));
      printResult(surroundings, { json, command: 'status', data }, statusLines);
    });
}

async function localRegistry(surroundings: Surroundings): Promise<Registry> {
  const account = await localAccount(surroundings);
  const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
  const clock = { now: () => Date.now(), sleep: () => Promise.resolve() };
  const client = new DynamoDBClient(localClientSettings(account));
  return createRegistry(client, { table: account.outputs.RegistryTable }, clock, { id: () => randomUUID() });
}
