import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { resolveConfiguration } from '../../lib/config/resolve.ts';
import { parseConfiguration } from '../../lib/config/schema.ts';
import type { GroupHead, Intent, NewMark } from '../../lib/model/ledger.ts';
import { recordSet } from '../../lib/model/record-set.ts';
import type { LedgerEdit, Registry, Settlement } from '../../lib/reconcile/ports.ts';
import { newRegistry } from './new-registry.ts';

const ZONE = 'Z0INT';
const INSTALLATION = resolveConfiguration(
  parseConfiguration({ zones: { int: { name: 'corp.internal', id: ZONE, private: true } }, roles: { web: 'int' } }),
  {},
);

let registry: Registry;
let dynamodb: DynamoDBClient;

beforeEach(async () => {
  ({ dynamodb, registry } = await newRegistry());
  await registry.install(INSTALLATION, undefined, [], []);
});

async function readHead(): Promise<GroupHead> {
  const { head } = await registry.readGroup(ZONE);
  if (head === undefined) throw new Error('the zone has no head');
  return head;
}

function intent(batch: string, changes: Partial<Intent> = {}): Intent {
  return { zoneId: ZONE, batch, fromSerial: undefined, toSerial: 1, changes: [], grown: 0, atMs: 1_000, ...changes };
}

function mark(index: number): NewMark {
  const subject = { kind: 'instance', instanceId: `i-${String(index).padStart(3, '0')}` } as const;
  return { group: ZONE, subject, roles: ['web'], reason: 'terminated', sinceMs: 1_000 };
}

/** Settles all that is marked, as a pass that has read this head. */
async function settle(head: GroupHead): Promise<string> {
  const { marks: clearMarks } = await registry.readGroup(ZONE);
  const done: Settlement = { head, dropIntents: [], clearMarks, putNotes: [], clearNotes: [], journal: [] };
  return await registry.settle(ZONE, done);
}

async function left(): Promise<{ readonly marks: number; readonly intents: readonly string[] }> {
  const { marks, intents } = await registry.readGroup(ZONE);
  return { marks: marks.length, intents: intents.map(({ batch }) => batch) };
}

describe('of two passes that read the same head of a group', () => {
  it('the second cannot put an intent after the first has put one', async () => {
    const head = await readHead();
    expect(await registry.putIntent(intent('b-1'), head)).toBe('put');
    expect(await registry.putIntent(intent('b-2'), head)).toBe('superseded');
    expect(await left()).toEqual({ marks: 0, intents: ['b-1'] });
  });

  it('the second cannot put an intent after the first has settled, however many marks it had', async () => {
    await registry.putMarks(Array.from({ length: 250 }, (_, index) => mark(index)));
    const head = await readHead();
    expect(await settle(head)).toBe('settled');
    expect(await registry.putIntent(intent('b-1'), head)).toBe('superseded');
    expect(await left()).toEqual({ marks: 0, intents: [] });
  });

  it('the second cannot settle after the first has put an intent, and clears nothing', async () => {
    await registry.putMarks(Array.from({ length: 250 }, (_, index) => mark(index)));
    const head = await readHead();
    expect(await registry.putIntent(intent('b-1'), head)).toBe('put');
    expect(await settle(head)).toBe('superseded');
    expect(await left()).toEqual({ marks: 250, intents: ['b-1'] });
  });

  it('the second may go on once it has read the group again', async () => {
    await registry.putMarks([mark(1)]);
    expect(await registry.putIntent(intent('b-1'), await readHead())).toBe('put');
    expect(await registry.putIntent(intent('b-2'), await readHead())).toBe('put');
    expect(await settle(await readHead())).toBe('settled');
    expect(await left()).toEqual({ marks: 0, intents: ['b-1', 'b-2'] });
  });
});

describe('a pass that read the head of a group before another settled', () => {
  const slot = { role: 'web', ordinal: 1, allocationId: '', publicIpv4: '', version: 1 };
  const nothing = { remove: [], grown: 0, putMarks: [], putNotes: [], clearNotes: [], journal: [] };
  const edit = { ...nothing, zoneId: ZONE, fromSerial: undefined };
  const put = [{ role: 'web', set: recordSet('web.corp.internal', 'A', 60, []), contributors: {}, serial: 0 }];

  it('writes no slot', async () => {
    const head = await readHead();
    await settle(head);
    expect(await registry.writeSlots([{ after: slot }], [mark(1)], [], head)).toBe(false);
    expect((await registry.readRole('web')).slots).toEqual([]);
    expect(await registry.writeSlots([{ after: slot }], [mark(1)], [], await readHead())).toBe(true);
    expect((await registry.readRole('web')).slots).toEqual([slot]);
  });

  it('tells the ledger nothing', async () => {
    const { epoch } = await readHead();
    await settle(await readHead());
    expect(await registry.editLedger({ ...edit, put, epoch })).toBe('superseded');
    expect((await registry.readLedger(ZONE)).sets).toEqual([]);
    expect(await registry.editLedger({ ...edit, put, epoch: epoch + 1 })).toBe('written');
    expect(await registry.editLedger({ ...edit, put })).toBe('written');
  });

  it('tells nobody how many calls of EC2 it made', async () => {
    const head = await readHead();
    const done = { dropIntents: [], clearMarks: [], putNotes: [], clearNotes: [], journal: [] };
    const calls = { calls: 7, atMs: 1_000 };
    expect(await registry.settle(ZONE, { ...done, head, calls })).toBe('settled');
    expect((await readHead()).calls).toEqual(calls);
    expect(await registry.settle(ZONE, { ...done, head, calls: { calls: 3, atMs: 1_000 } })).toBe('superseded');
    expect((await readHead()).calls).toEqual(calls);
  });
});

describe('an edit of the ledger that moves the epoch on', () => {
  const nothing = { remove: [], putMarks: [], putNotes: [], clearNotes: [], journal: [] };
  const edit = (count: number, epoch: number): LedgerEdit => {
    const put = Array.from({ length: count }, (_, index) => ({
      role: 'web',
      set: recordSet(`web${index}.corp.internal`, 'A', 60, ['10.0.0.1']),
      contributors: {},
      serial: 0,
    }));
    return { ...nothing, zoneId: ZONE, fromSerial: undefined, epoch, movesEpoch: true, put, grown: count };
  };

  it('keeps out who read the group before, however many parts it takes', async () => {
    await registry.putIntent(intent('b-1'), await readHead());
    const head = await readHead();
    expect(await registry.editLedger(edit(250, 1))).toBe('written');
    expect((await readHead()).ownedSets).toBe(250);
    expect(await registry.putIntent(intent('b-2'), head)).toBe('superseded');
    expect(await registry.putIntent(intent('b-3'), await readHead())).toBe('put');
  });

  it('writes nothing where another has put an intent since', async () => {
    await registry.putIntent(intent('b-1'), await readHead());
    expect(await registry.editLedger(edit(250, 0))).toBe('superseded');
    expect((await registry.readLedger(ZONE)).sets).toEqual([]);
  });
});

describe('the epoch of a group', () => {
  it('is 0 where only an older version was at work, and counts from there', async () => {
    const Key = { pk: { S: `group#${ZONE}` }, sk: { S: '0#head' } };
    const UpdateExpression = 'SET serial = :one';
    const ExpressionAttributeValues = { ':one': { N: '1' } };
    await dynamodb.send(
      new UpdateItemCommand({ TableName: 'registry', Key, UpdateExpression, ExpressionAttributeValues }),
    );
    expect((await readHead()).epoch).toBe(0);
    expect(await registry.putIntent(intent('b-1', { fromSerial: 1, toSerial: 2 }), await readHead())).toBe('put');
    expect((await readHead()).epoch).toBe(1);
  });

  it('stays with what asks for no particular one', async () => {
    await registry.putIntent(intent('b-1'), await readHead());
    const nothing = { clearMarks: [], putNotes: [], clearNotes: [], journal: [] };
    expect(await registry.settle(ZONE, { ...nothing, dropIntents: [intent('b-1')] })).toBe('settled');
    expect((await readHead()).epoch).toBe(1);
    expect(await left()).toEqual({ marks: 0, intents: [] });
  });

  it('outlives another deployment', async () => {
    await registry.putIntent(intent('b-1'), await readHead());
    await registry.install(INSTALLATION, INSTALLATION, [], []);
    expect((await readHead()).epoch).toBe(1);
  });
});

describe('a zone that was retired', () => {
  it('takes no intent of a pass that read it before, and says why', async () => {
    const head = await readHead();
    await registry.retire(INSTALLATION);
    await expect(registry.putIntent(intent('b-1'), head)).rejects.toMatchObject({
      kind: 'conflict',
      message: 'the zone Z0INT was retired meanwhile',
    });
    expect(await left()).toEqual({ marks: 0, intents: [] });
  });

  it('takes that of its retirement', async () => {
    await registry.retire(INSTALLATION);
    expect(await registry.putIntent(intent('b-1'), await readHead())).toBe('put');
    expect(await left()).toEqual({ marks: 0, intents: ['b-1'] });
  });
});
