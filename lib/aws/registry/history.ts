import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock, Random } from '../../model/clock.ts';
import type { History } from '../../reconcile/ports.ts';
import * as items from './items.ts';
import { Table } from './table.ts';

const DAY_MS = 86_400_000;

/** Apart from the registry, since no Lambda reads the journal. */
export function createHistory(
  client: DynamoDBClient,
  settings: { readonly table: string },
  clock: Clock,
  random: Random,
): History {
  const table = new Table(client, settings.table, clock, random);
  return {
    async readJournal(fromMs, toMs, newest = Number.POSITIVE_INFINITY) {
      const oldestMs = Math.max(fromMs, toMs - items.JOURNAL_DAYS * DAY_MS);
      const range = {
        condition: '#sk BETWEEN :from AND :to',
        // "$" sorts after the "#" that ends the time: entries of the last millisecond are in.
        values: { ':from': { S: new Date(oldestMs).toISOString() }, ':to': { S: `${new Date(toMs).toISOString()}$` } },
      };
      let found: items.Item[] = [];
      for (let day = Math.floor(toMs / DAY_MS); day >= Math.floor(oldestMs / DAY_MS); day -= 1) {
        if (found.length >= newest) break;
        const date = new Date(day * DAY_MS).toISOString().slice(0, 10);
        found = [...(await table.query(items.journalPk(date), range, newest - found.length)), ...found];
      }
      return found.flatMap(items.journalOf);
    },

    async readLastSweep() {
      const item = await table.read(items.LAST_SWEEP_KEY);
      return item === undefined ? undefined : items.lastSweepOf(item);
    },
  };
}
