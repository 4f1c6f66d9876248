import type { Registry } from '../../reconcile/ports.ts';
import { journalActions } from './journal.ts';
import * as items from './items.ts';
import { markAction } from './marks.ts';
import { atVersion, type Table } from './table.ts';

export function createRoles(table: Table): Pick<Registry, 'readRole' | 'writeSlots'> {
  return {
    async readRole(role) {
      const found = await table.query(items.rolePk(role));
      const of = (prefix: string) => found.filter((item) => items.text(item, 'sk').startsWith(prefix));
      const [definition] = of('definition');
      return {
        role,
        ...(definition === undefined ? {} : { definition: items.definitionOf(definition) }),
        members: of('member#').map(items.memberOf),
        slots: of('slot#').map(items.slotOf),
      };
    },

    async writeSlots(writes, marks, journal = []) {
      const unmet = await table.together([
        ...writes.map(({ before, after }) => table.put(items.slotItem(after), atVersion(before?.version ?? 0))),
        ...marks.map((mark) => markAction(table, mark, mark.stamp)),
        ...journalActions(table, journal),
      ]);
      return unmet.length === 0;
    },
  };
}
