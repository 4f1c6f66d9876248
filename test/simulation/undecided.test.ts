import { afterEach, expect, it } from 'vitest';
import type { JournalEntry } from '../../lib/model/journal.ts';
import type { Change, ResourceRecordSet } from '../../local/route53/resource-record-set.ts';
import { violationOf } from './checked.ts';
import { Invariants } from './invariants.ts';
import { ZONES } from './setting.ts';
import { isTakenForOurs } from './undecided.ts';
import { World } from './world.ts';

const { id: zoneId, name: zoneName } = ZONES.int;

let world: World;

afterEach(async () => {
  await world.close();
});

const cache = (value: string): ResourceRecordSet => ({
  name: `cache.${zoneName}.`,
  type: 'A',
  ttlSeconds: 60,
  values: [value],
});

const serial = (text: string): ResourceRecordSet => ({
  name: `ours._rolecall.${zoneName}.`,
  type: 'TXT',
  ttlSeconds: 60,
  values: [`"owner=ours serial=${text}"`],
});

/** A batch of ours, of the serial and one more set. */
async function write(number: number, before: string | undefined, change: Change): Promise<string> {
  const id = world.newId();
  const invocation = { id: 1, kind: 'Reconcile', version: 'this', event: {}, startedAtMs: 0, isOver: false } as const;
  world.chronicle.drew(id, { ...invocation, readAtMs: new Map([[zoneId, world.timeline.now()]]) });
  const left: Change[] = before === undefined ? [] : [{ action: 'DELETE', set: serial(before) }];
  const moved = `${number} batch=${id}`;
  const changes: Change[] = [...left, { action: 'CREATE', set: serial(moved) }, change];
  await world.through(world.account.route53.change(zoneId, changes, `ours ${id}`));
  return moved;
}

it.each([
  ['nobody can say whose a set is where hands spoiled the serial of a batch that nobody recorded', true, true, 'none'],
  ['it is another’s where that batch was recorded', true, false, '2 no foreign record'],
  ['it is another’s where the serial told that the batch took effect', false, true, '2 no foreign record'],
])('%s', async (_title, isSpoiled, isOpen, expected) => {
  world = new World(1, undefined);
  world.account.route53.createZone({ id: zoneId, name: zoneName, callerReference: zoneId });
  await world.advance(10);
  const table = world.account.dynamodb.createTable('registry', {
    partition: { name: 'pk', type: 'S' },
    sort: { name: 'sk', type: 'S' },
  });
  Object.assign(world, { stack: { outputs: { RegistryTable: 'registry' }, halt: () => {} } });
  const checker = new Invariants(world);
  const first = await write(1, undefined, { action: 'CREATE', set: cache('10.0.0.11') });
  const second = await write(2, first, { action: 'DELETE', set: cache('10.0.0.11') });
  if (isOpen) table.put({ pk: { S: `group#${zoneId}` }, sk: { S: `2#intent#${second.split('batch=')[1] ?? ''}` } });
  expect(violationOf(() => checker.check())).toBe('none');
  await world.through(world.edit(zoneId, [{ action: 'CREATE', set: cache('10.0.0.12') }]));
  if (isSpoiled) await world.through(world.edit(zoneId, [{ action: 'UPSERT', set: serial('99 batch=x') }]));
  await write(3, isSpoiled ? '99 batch=x' : second, { action: 'DELETE', set: cache('10.0.0.12') });
  expect(violationOf(() => checker.check())).toBe(expected);
});

it('a set counts as taken for ours only where it is said to be of the first batch, which never came about, and is the very same', async () => {
  world = new World(1, undefined);
  world.account.route53.createZone({ id: zoneId, name: zoneName, callerReference: zoneId });
  await world.advance(10);
  const { name } = cache('');
  const made = {
    kind: 'change',
    action: 'create',
    role: 'cache',
    zone: zoneName,
    type: 'A',
    reason: 'launched',
  } as const;
  const entry = (batch: string, after = ['10.0.0.11']): JournalEntry => ({
    ...{ ...made, name: name.slice(0, -1), before: [], after, ttl: 60, members: [], batch, serial: 1 },
  });
  const isTaken = (...said: readonly JournalEntry[]) => isTakenForOurs(world, zoneId, said, cache('10.0.0.11'));
  expect(isTaken(entry('b1'))).toBe(true);
  expect(isTaken(entry('b1', ['10.0.0.12']))).toBe(false);
  expect(isTaken(entry('b1', ['10.0.0.12']), entry('b2'))).toBe(false);
  expect(isTaken()).toBe(false);
  await world.through(world.account.route53.change(zoneId, [{ action: 'CREATE', set: cache('10.0.0.11') }], 'ours b1'));
  expect(isTaken(entry('b1'))).toBe(false);
});
