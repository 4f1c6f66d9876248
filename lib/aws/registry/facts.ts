import { ServiceFailure } from '../../model/errors.ts';
import type { FactUpdate, Registry } from '../../reconcile/ports.ts';
import { openDrainAction } from './drains.ts';
import * as items from './items.ts';
import { journalActions } from './journal.ts';
import { markAction } from './marks.ts';
import { isHeldBy } from './sweep-lease.ts';
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

    async saveFacts(updates, holder) {
      const refused: string[] = [];
      const parts = partsOf(updates.map((update) => ({ update, actions: factActions(table, update) })));
      const fence = holder === undefined ? [] : [table.check(items.LEASE_KEY, isHeldBy(holder))];
      for (const part of parts) refused.push(...(await savePart(table, part, fence)));
      return refused;
    },
  };
}

interface Part {
  readonly update: FactUpdate;
  readonly actions: readonly Action[];
}

function factActions(table: Table, update: FactUpdate): Action[] {
  const { before, after, members, removedRoles, marks, journal = [], drainAtMs } = update;
  // In every group the same: a pass over one of them knows by it that the mark in another is of the same news.
  const stamp = table.random.id();
  return [
    table.put(items.factItem(after, before.version + 1, table.clock.now()), atVersion(before.version)),
    ...members.map((member) => table.put(items.bodyItem(items.memberKey(member.role, member.instanceId), member))),
    ...removedRoles.map((role) => table.delete(items.memberKey(role, after.instanceId))),
    ...marks.map((mark) => markAction(table, mark, stamp)),
    ...journalActions(table, journal),
    ...(drainAtMs === undefined ? [] : [openDrainAction(table, after.instanceId, drainAtMs)]),
  ];
}

/** What one transaction takes beside the lease. */
const ROOM = MAX_ACTIONS - 1;

/** Whole updates together, as many as one transaction takes. */
function partsOf(updates: readonly Part[]): Part[][] {
  const parts: Part[][] = [];
  let size = ROOM;
  for (const update of updates) {
    if (size + update.actions.length > ROOM) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(update);
    size += update.actions.length;
  }
  return parts;
}

/** Facts that another has written since are left out, and the others tried again without them. */
async function savePart(table: Table, part: readonly Part[], fence: readonly Action[]): Promise<string[]> {
  const actions = part.flatMap((each) => each.actions);
  const unmet = new Set(await table.together([...actions, ...fence]));
  if (unmet.size === 0) return [];
  if (unmet.has(actions.length)) throw new ServiceFailure('conflict', 'another sweep has begun meanwhile');
  let first = 0;
  const stale = part.filter(({ actions: { length } }) => {
    const isStale = Array.from({ length }, (_action, place) => first + place).some((place) => unmet.has(place));
    first += length;
    return isStale;
  });
  const rest = part.filter((each) => !stale.includes(each));
  const refused = stale.map(({ update }) => update.after.instanceId);
  return rest.length === 0 ? refused : [...refused, ...(await savePart(table, rest, fence))];
}
