import type { JournalEntry } from '../../model/journal.ts';
import * as items from './items.ts';
import type { Table } from './table.ts';
import type { Action } from './transaction.ts';

/** A journal item stays well below DynamoDB's 400 KB. */
const ENTRIES_PER_ITEM = 200;

export function journalActions(table: Table, entries: readonly JournalEntry[]): Action[] {
  const actions: Action[] = [];
  for (let first = 0; first < entries.length; first += ENTRIES_PER_ITEM) {
    const part = entries.slice(first, first + ENTRIES_PER_ITEM);
    actions.push(table.put(items.journalItem(part, table.clock.now(), table.random.id())));
  }
  return actions;
}
