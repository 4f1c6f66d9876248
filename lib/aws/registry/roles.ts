import type { Registry } from '../../reconcile/ports.ts';
import { journalActions } from './journal.ts';
import { atEpoch } from './epochs.ts';
import * as items from './items.ts';
import { markAction, renewMarkAction } from './marks.ts';
import { atVersion, type Table } from './table.ts';

export function createRoles(table: Table): Pick<Registry, 'readRole' | 'seat' | 'writeSlots'> {
  return {
    async readRole(role) {
      const found = await table.query(items.rolePk(role));
      const of = (prefix: string) => found.filter((item) => items.text(item, 'sk').startsWith(prefix));
      const [definition] = of('definition');
      const groups = definition === undefined ? undefined : items.groupsOfDefinition(definition);
      return {
        role,
        ...(definition === undefined ? {} : { definition: items.definitionOf(definition) }),
        members: of('member#').map(items.memberOf),
        slots: of('slot#').map(items.slotOf),
        ...(groups === undefined ? {} : { groups }),
      };
    },

    async seat({ writes, renewals }) {
      const { unmet } = await table.transact([
        ...writes.map(({ before, after, renewed }) =>
          table.put(items.slotItem(after, renewed), {
            ...atVersion(before?.version ?? 0),
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        ),
        ...renewals.map((renewal) => renewMarkAction(table, renewal)),
      ]);
      if (unmet.length === 0) return { kind: 'seated' };
      const taken = unmet.filter(({ index }) => index < writes.length);
      if (taken.length === 0) return { kind: 'not-as-read' };
      return {
        kind: 'taken',
        standing: taken.flatMap(({ item }) => (item === undefined ? [] : items.standingSlotOf(item))),
      };
    },

    async writeSlots(writes, marks, journal = [], head) {
      const unmet = await table.together([
        ...writes.map(({ before, after }) => table.put(items.slotItem(after), atVersion(before?.version ?? 0))),
        ...marks.map((mark) => markAction(table, mark, mark.stamp)),
        ...journalActions(table, journal),
        ...(head === undefined ? [] : [table.check(items.headKey(head.group), atEpoch(head))]),
      ]);
      return unmet.length === 0;
    },
  };
}
