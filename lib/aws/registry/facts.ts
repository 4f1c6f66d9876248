import type { FactUpdate, Registry } from '../../reconcile/ports.ts';
import { openDrainAction } from './drains.ts';
import * as items from './items.ts';
import { markAction } from './marks.ts';
import { atVersion, type Table } from './table.ts';
import { type Action, MAX_ACTIONS } from './transaction.ts';

export function createFacts(table: Table): Pick<Registry, 'readFacts' | 'readAllFacts' | 'saveFacts'> {
  return {
    async readFacts(instanceIds) {
      const found = await table.readAll([items.INSTALLATION_KEY, ...[...new Set(instanceIds)].map(items.factKey)]);
      const installation = found.find((item) => items.text(item, 'pk') !== items.factsPk);
      return {
        ...(installation === undefined ? {} : { installation: items.installationOf(installation) }),
        facts: found.filter((item) => item !== installation).map(items.factOf),
      };
    },

    async readAllFacts() {
      const [installation, facts] = await Promise.all([table.read(items.INSTALLATION_KEY), table.query(items.factsPk)]);
      return {
        ...(installation === undefined ? {} : { installation: items.installationOf(installation) }),
        facts: facts.map(items.factOf),
      };
    },

    async saveFacts(updates) {
      const refused: string[] = [];
      const parts = partsOf(updates.map((update) => ({ update, actions: factActions(table, update) })));
      for (const part of parts) refused.push(...(await savePart(table, part)));
      return refused;
    },
  };
}

interface Part {
  readonly update: FactUpdate;
  readonly actions: readonly Action[];
}

function factActions(table: Table, { before, after, members, removedRoles, marks, drainAtMs }: FactUpdate): Action[] {
  // In every group the same: a pass over one of them knows by it that the mark in another is of the same news.
  const stamp = table.random.id();
  return [
    table.put(items.factItem(after, before.version + 1, table.clock.now()), atVersion(before.version)),
    ...members.map((member) => table.put(items.bodyItem(items.memberKey(member.role, member.instanceId), member))),
    ...removedRoles.map((role) => table.delete(items.memberKey(role, after.instanceId))),
    ...marks.map((mark) => markAction(table, mark, stamp)),
    ...(drainAtMs === undefined ? [] : [openDrainAction(table, after.instanceId, drainAtMs)]),
  ];
}

/** Whole updates together, as many as one transaction takes. */
function partsOf(updates: readonly Part[]): Part[][] {
  const parts: Part[][] = [];
  let size = MAX_ACTIONS;
  for (const update of updates) {
    if (size + update.actions.length > MAX_ACTIONS) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(update);
    size += update.actions.length;
  }
  return parts;
}

/** Facts that another has written since are left out, and the others tried again without them. */
async function savePart(table: Table, part: readonly Part[]): Promise<string[]> {
  const unmet = new Set(await table.together(part.flatMap(({ actions }) => actions)));
  if (unmet.size === 0) return [];
  let first = 0;
  const stale = part.filter(({ actions }) => {
    const isStale = actions.some((_action, place) => unmet.has(first + place));
    first += actions.length;
    return isStale;
  });
  const rest = part.filter((each) => !stale.includes(each));
  const refused = stale.map(({ update }) => update.after.instanceId);
  return rest.length === 0 ? refused : [...refused, ...(await savePart(table, rest))];
}
