import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { OpenDrain } from '../../model/drain-progress.ts';
import { ServiceFailure } from '../../model/errors.ts';
import type { Commit, DrainRegistry } from '../../reconcile/ports.ts';
import * as items from './items.ts';
import { journalActions } from './journal.ts';
import type { Condition, Table } from './table.ts';
import type { Action } from './transaction.ts';

export function createDrains(table: Table): DrainRegistry {
  return {
    async readDrains() {
      return (await table.query(items.drainsPk)).map(items.openDrainOf);
    },

    async readDrainProgress(instanceId) {
      return items.drainProgressOf(await table.query(items.drainPk(instanceId)));
    },

    async putAction(action) {
      const isNew = { ConditionExpression: 'attribute_not_exists(pk)' };
      // Where it is known nothing is written: a drain that is over stays so.
      await table.together([
        table.put(items.actionItem(action), isNew),
        openDrainAction(table, action.instanceId, table.clock.now()),
      ]);
    },

    async updateAction(action) {
      await table.write(items.actionItem(action));
    },

    async putWithdrawal(withdrawal) {
      await table.write(items.withdrawalItem(withdrawal));
    },

    async readDirt(subjects) {
      if (subjects.length === 0) return { isDirty: false, goneZones: [] };
      const groups = [...new Set(subjects.map(({ group }) => group))];
      const found = await table.readAll([...subjects.map(items.markKey), ...groups.map(items.headKey)]);
      const gone = found.filter(items.isGoneZone);
      const partitions = new Set(gone.map((head) => items.text(head, 'pk')));
      return {
        isDirty: found.some((item) => !items.isHead(item) && !partitions.has(items.text(item, 'pk'))),
        goneZones: gone
          .map(items.headOf)
          .map(({ group, troubleSinceMs = 0 }) => ({ zoneId: group, sinceMs: troubleSinceMs })),
      };
    },

    async postponeDrain(drain, nextAtMs) {
      return await setWhileOpen(table, drain, 'next', { N: String(nextAtMs) });
    },

    async keepDrained(drain, drained) {
      return await setWhileOpen(table, drain, 'drained', { S: JSON.stringify(drained) });
    },

    async closeDrain({ instanceId, stamp }, journal) {
      const unchanged: Condition = {
        ConditionExpression: '#stamp = :stamp',
        ExpressionAttributeNames: { '#stamp': 'stamp' },
        ExpressionAttributeValues: { ':stamp': { S: stamp } },
      };
      const unmet = await table.together([
        table.delete(items.openDrainKey(instanceId), unchanged),
        ...journalActions(table, journal),
      ]);
      return unmet.length === 0;
    },
  };
}

/** False where it was opened anew meanwhile. */
async function setWhileOpen(
  table: Table,
  { instanceId, stamp }: OpenDrain,
  name: 'next' | 'drained',
  value: AttributeValue,
): Promise<boolean> {
  try {
    await table.change(items.openDrainKey(instanceId), {
      UpdateExpression: 'SET #name = :value',
      ConditionExpression: '#stamp = :stamp',
      ExpressionAttributeNames: { '#name': name, '#stamp': 'stamp' },
      ExpressionAttributeValues: { ':value': value, ':stamp': { S: stamp } },
    });
    return true;
  } catch (error) {
    if (error instanceof ServiceFailure && error.kind === 'conflict') return false;
    throw error;
  }
}

/** A drain that is open keeps its beginning, and is looked at again; that it had drained before says nothing any more. */
export function openDrainAction(table: Table, instanceId: string, atMs: number): Action {
  return table.update(items.openDrainKey(instanceId), {
    UpdateExpression: 'SET #since = if_not_exists(#since, :at), #next = :at, #stamp = :stamp REMOVE #drained',
    ExpressionAttributeNames: { '#since': 'since', '#next': 'next', '#stamp': 'stamp', '#drained': 'drained' },
    ExpressionAttributeValues: { ':at': { N: String(atMs) }, ':stamp': { S: table.random.id() } },
  });
}

/** Who left which zone with this batch; in its commit, so that no mark is cleared without it. */
export function withdrawalActions(
  table: Table,
  { intent, changeId }: Pick<Commit, 'intent' | 'changeId'>,
  acceptedAtMs: number,
): Action[] {
  const { zoneId, batch, withdrawn = [] } = intent;
  return withdrawn.map(({ instanceId, ttlSeconds }) =>
    table.put(
      items.withdrawalItem({
        instanceId,
        zoneId,
        batch,
        ...(changeId === undefined ? {} : { changeId }),
        acceptedAtMs,
        ttlSeconds,
      }),
    ),
  );
}
