import { groupsOf } from '../../model/work-groups.ts';
import { ADDRESSES_GROUP } from '../../model/zone.ts';
import type { Registry } from '../../reconcile/ports.ts';
import * as items from './items.ts';
import { markAction } from './marks.ts';
import type { Table } from './table.ts';
import type { Action } from './transaction.ts';

export function createInstallation(table: Table): Pick<Registry, 'readInstallation' | 'install' | 'retire'> {
  return {
    async readInstallation() {
      const item = await table.read(items.INSTALLATION_KEY);
      return item === undefined ? undefined : items.installationOf(item);
    },

    async install(installation, before, removedRoles, marks) {
      const { owner, zones, roles } = installation;
      const known = new Set(before?.zones.map(({ id }) => id));
      const ownerBefore = (id: string) => (known.has(id) ? (before?.owner ?? owner) : owner);
      if (before?.changing !== undefined) await table.write(items.bodyItem(items.INSTALLATION_KEY, before));
      await table.inParts([
        ...zones.map((zone) => headAction(table, { group: zone.id, owner, zone }, ownerBefore(zone.id))),
        headAction(table, { group: ADDRESSES_GROUP, owner }, owner),
        ...roles.map((role) => table.put(items.definitionItem(role, groupsOf(installation, role)))),
        ...removedRoles.map((role) => table.delete(items.definitionKey(role))),
      ]);
      // The marks after the definitions that passes plan from, and before what tells the next request what has changed.
      await table.inParts(marks.map((mark) => markAction(table, mark)));
      await table.write(items.bodyItem(items.INSTALLATION_KEY, installation));
    },

    async retire(installation) {
      const groups = [...installation.zones.map((zone) => zone.id), ADDRESSES_GROUP];
      await table.inParts([
        table.put(items.bodyItem(items.INSTALLATION_KEY, { ...installation, retired: true })),
        ...groups.map((group) =>
          table.update(items.headKey(group), {
            UpdateExpression: 'SET #retired = :true',
            ExpressionAttributeNames: { '#retired': 'retired' },
            ExpressionAttributeValues: { ':true': { BOOL: true } },
          }),
        ),
      ]);
    },
  };
}

/** The serial and the counters of a head that is there stay as they are; what was retired is installed anew. */
function headAction(table: Table, body: items.HeadBody, ownerBefore: string): Action {
  // What troubled one owner is no news of another.
  const removed = body.owner === ownerBefore ? '#retired' : '#retired, #trouble';
  return table.update(items.headKey(body.group), {
    UpdateExpression: `SET #body = :body, #serialOwner = if_not_exists(#serialOwner, :ownerBefore) REMOVE ${removed}`,
    ExpressionAttributeNames: {
      '#body': 'body',
      '#serialOwner': 'serialOwner',
      '#retired': 'retired',
      ...(body.owner === ownerBefore ? {} : { '#trouble': 'trouble' }),
    },
    ExpressionAttributeValues: { ':body': { S: JSON.stringify(body) }, ':ownerBefore': { S: ownerBefore } },
  });
}
