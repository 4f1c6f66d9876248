import { type Instance, isGoing, primaryPrivateAddress } from '../../local/ec2/instance.ts';
import type { AcceptedBatch } from '../../local/route53/model.ts';
import type { Change } from '../../local/route53/resource-record-set.ts';
import { STEADY_MS } from './chronicle.ts';
import { plain } from './rendering.ts';
import { Violated, type World } from './world.ts';

/** 1: nothing proven gone comes back; 10: only the entitled. */
export function checkAdded(batch: AcceptedBatch, world: World): void {
  const { account, chronicle } = world;
  const { readAtMs } = chronicle.originOf(batch);
  const deleted = valuesIn(batch.changes, 'DELETE');
  for (const [key, values] of valuesIn(batch.changes, 'CREATE')) {
    const added = new Set([...values].filter((value) => deleted.get(key)?.has(value) !== true));
    for (const value of added) {
      const holders = [...(chronicle.publicHolders.get(value) ?? [])];
      if (holders.length === 0) continue;
      const provenAtMs = Math.max(...holders.map((id) => chronicle.provenAtMs.get(id) ?? Number.POSITIVE_INFINITY));
      const what = `${key} gets ${value} of ${holders.join(' ')}`;
      if (provenAtMs < readAtMs) throw new Violated('1 gone means gone', `${what}, known to be gone`);
      // What was planned before may be added for as long as whoever takes it out again has yet to come.
      if (provenAtMs < batch.atMs && isSettled(holders, batch, world))
        throw new Violated('1 gone means gone', `${what}, and nobody has that end to do any more`);
    }
    const isGuarded = 'vault' in world.setting.roles && readAtMs > chronicle.configuredAtMs;
    if (isGuarded && key.startsWith('vault.')) {
      // An address that stays is its last holder's, whoever has been given it since.
      const awaited = new Set([...added].filter((value) => isForOneWhoEnds(value, batch, world)));
      const untrusted = account.ec2.fleet.instances.current().find((each) => {
        const address = primaryPrivateAddress(each) ?? '';
        return added.has(address) && !awaited.has(address) && !isTrusted(each);
      });
      if (untrusted !== undefined) throw new Violated('10 only the entitled', `${key} goes to ${untrusted.id}`);
    }
  }
}

function isTrusted({ instanceProfile }: Instance): boolean {
  return instanceProfile?.includes('/trusted-') === true;
}

/** Whether the address was that of an entitled instance whose end this batch may not know of yet, and which is still to be taken out. */
function isForOneWhoEnds(address: string, batch: AcceptedBatch, world: World): boolean {
  const { account, chronicle } = world;
  const { readAtMs } = chronicle.originOf(batch);
  return [...(chronicle.privateHolders.get(address) ?? [])].some((id) => {
    const instance = account.ec2.fleet.find(id);
    if (instance === undefined || !isGoing(instance) || !isTrusted(instance)) return false;
    const provenAtMs = chronicle.provenAtMs.get(id) ?? Number.POSITIVE_INFINITY;
    return provenAtMs >= readAtMs && !(provenAtMs < batch.atMs && isSettled([id], batch, world));
  });
}

/** Whether no mark of the zone tells of any of them. An event beside a deployment may have left it out, for the sweep to find. */
function isSettled(instances: readonly string[], { zoneId, atMs }: AcceptedBatch, world: World): boolean {
  if (atMs - world.chronicle.configuredAtMs < STEADY_MS) return false;
  const table = world.account.dynamodb.tables.get(world.stack?.outputs['RegistryTable'] ?? '');
  const markOf = (id: string) => table?.get({ pk: { S: `group#${zoneId}` }, sk: { S: `1#mark#instance#${id}` } });
  return table !== undefined && instances.every((id) => markOf(id) === undefined);
}

/** All values of a name and type, over every set of it. */
export function valuesIn(changes: readonly Change[], wanted: Change['action']): Map<string, Set<string>> {
  const values = new Map<string, Set<string>>();
  for (const { action, set } of changes) {
    if (action !== wanted || set.type === 'TXT') continue;
    const key = `${plain(set.name)} ${set.type}`;
    const all = values.get(key) ?? new Set<string>();
    for (const value of set.values) all.add(value);
    values.set(key, all);
  }
  return values;
}
