import type { Mark, NewMark } from '../../model/ledger.ts';
import type { MarkRenewal, Registry } from '../../reconcile/ports.ts';
import * as items from './items.ts';
import type { Table } from './table.ts';
import type { Action } from './transaction.ts';

/**
 * A mark written again keeps its older time and all its roles, and gets a fresh stamp. That something of an instance is
 * another, which no event tells, does not hide the reason that a mark has already.
 */
export function markAction(table: Table, mark: NewMark, stamp = table.random.id()): Action {
  const { group, subject, reason, roles, sinceMs } = mark;
  const hasRoles = roles.length > 0;
  const newBody = reason === 'address' ? 'if_not_exists(#body, :body)' : ':body';
  return table.update(items.markKey(mark), {
    UpdateExpression: `SET #stamp = :stamp, #body = ${newBody}, #since = if_not_exists(#since, :since)${hasRoles ? ' ADD #roles :roles' : ''}`,
    ExpressionAttributeNames: {
      '#stamp': 'stamp',
      '#body': 'body',
      '#since': 'since',
      ...(hasRoles ? { '#roles': 'roles' } : {}),
    },
    ExpressionAttributeValues: {
      ':stamp': { S: stamp },
      ':body': { S: JSON.stringify({ group, subject, reason }) },
      ':since': { N: String(sinceMs) },
      ...(hasRoles ? { ':roles': { SS: [...new Set(roles)] } } : {}),
    },
  });
}

/** "Transaction request cannot include multiple operations on one item": what is marked twice is one mark with all roles. */
function oneEach(marks: readonly NewMark[]): NewMark[] {
  const byKey = new Map<string, NewMark>();
  for (const mark of marks) {
    const key = JSON.stringify(items.markKey(mark));
    const other = byKey.get(key);
    if (other === undefined) byKey.set(key, mark);
    else byKey.set(key, { ...other, roles: [...new Set([...other.roles, ...mark.roles])] });
  }
  return [...byKey.values()];
}

/** Only while it is as it was read: whoever has read it so cannot clear it any more, and comes again. */
export function renewMarkAction(table: Table, { group, subject, roles, from, to }: MarkRenewal): Action {
  return table.update(items.markKey({ group, subject }), {
    UpdateExpression: 'SET #stamp = :to ADD #seated :roles',
    ConditionExpression: '#stamp = :from',
    ExpressionAttributeNames: { '#stamp': 'stamp', '#seated': 'seated' },
    ExpressionAttributeValues: { ':from': { S: from }, ':to': { S: to }, ':roles': { SS: [...roles] } },
  });
}

/** A mark that was written again since it was read stays. */
export function clearMarkAction(table: Table, mark: Mark): Action {
  const unchanged = {
    ConditionExpression: '#stamp = :stamp',
    ExpressionAttributeNames: { '#stamp': 'stamp' },
    ExpressionAttributeValues: { ':stamp': { S: mark.stamp } },
  };
  return { ...table.delete(items.markKey(mark), unchanged), optional: true };
}

export function createMarks(table: Table): Pick<Registry, 'putMarks' | 'dirtyGroups'> {
  return {
    async putMarks(marks) {
      await table.inParts(oneEach(marks).map((mark) => markAction(table, mark)));
    },

    async dirtyGroups(instances) {
      const keys = instances.flatMap(({ instanceId, groups }) =>
        groups.map((group) => items.instanceMarkKey(group, instanceId)),
      );
      if (keys.length === 0) return [];
      const found = await table.readAll(keys);
      return [...new Set(found.filter(items.isKnownMark).map((item) => items.markOf(item).group))].sort();
    },
  };
}
