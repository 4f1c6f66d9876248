import { type AttributeValue, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { resolveConfiguration } from '../../lib/config/resolve.ts';
import { parseConfiguration } from '../../lib/config/schema.ts';
import type { LedgerSet, NewMark } from '../../lib/model/ledger.ts';
import { recordSet } from '../../lib/model/record-set.ts';
import type { LedgerEdit, Registry } from '../../lib/reconcile/ports.ts';
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

function edit(put: readonly LedgerSet[], changes: Partial<LedgerEdit> = {}): LedgerEdit {
  const nothing = { remove: [], putMarks: [], putNotes: [], clearNotes: [], journal: [] };
  return { zoneId: ZONE, fromSerial: undefined, put, grown: put.length, ...nothing, ...changes };
}

function sets(count: number): LedgerSet[] {
  return Array.from({ length: count }, (_, index) => ({
    role: 'web',
    set: recordSet(`web${index}.corp.internal`, 'A', 60, ['10.0.0.1']),
    contributors: {},
    serial: 0,
  }));
}

describe('an edit of the ledger', () => {
  it('is written whole and counted once, however large', async () => {
    expect(await registry.editLedger(edit(sets(250)))).toBe('written');
    expect((await registry.readLedger(ZONE)).sets).toHaveLength(250);
    expect((await registry.readGroup(ZONE)).head?.ownedSets).toBe(250);
    expect(await registry.editLedger(edit([], { remove: sets(250).slice(0, 100), grown: -100 }))).toBe('written');
    expect((await registry.readLedger(ZONE)).sets).toHaveLength(150);
    expect((await registry.readGroup(ZONE)).head?.ownedSets).toBe(150);
  });

  it('writes nothing where another moved the serial on', async () => {
    expect(await registry.editLedger(edit(sets(1), { fromSerial: 7 }))).toBe('superseded');
    expect((await registry.readLedger(ZONE)).sets).toEqual([]);
    expect((await registry.readGroup(ZONE)).head?.ownedSets).toBe(0);
  });
});

describe('a group', () => {
  const marks = (count: number): NewMark[] =>
    Array.from({ length: count }, (_, index) => ({
      ...{ group: ZONE, subject: { kind: 'instance', instanceId: `i-${String(index).padStart(3, '0')}` } },
      ...{ roles: ['web'], reason: 'terminated', sinceMs: 1_000 },
    }));

  it('is read with its ledger where that is small', async () => {
    await registry.editLedger(edit(sets(2)));
    await registry.putMarks(marks(1));
    const { marks: found, ledger } = await registry.readGroup(ZONE);
    expect(found).toHaveLength(1);
    expect(ledger?.sets.map(({ set }) => set.name)).toEqual(['web0.corp.internal', 'web1.corp.internal']);
    expect([ledger?.notes, ledger?.checks]).toEqual([[], []]);
  });

  it('is read without its ledger where not all of that is in the first page', async () => {
    await registry.editLedger(edit(sets(100)));
    const { head, ledger } = await registry.readGroup(ZONE);
    expect(head?.ownedSets).toBe(100);
    expect(ledger).toBeUndefined();
  });

  it('is read with every mark, each once, however many there are', async () => {
    await registry.editLedger(edit(sets(1)));
    await registry.putMarks(marks(250));
    const { marks: found, ledger } = await registry.readGroup(ZONE);
    expect(new Set(found.map(({ subject }) => JSON.stringify(subject))).size).toBe(250);
    expect(found).toHaveLength(250);
    expect(ledger).toBeUndefined();
  });
});

describe('an installation into a registry that was retired', () => {
  it('is not retired any more, in any group', async () => {
    await registry.retire(INSTALLATION);
    expect((await registry.readGroup(ZONE)).head?.retired).toBe(true);
    await registry.install(INSTALLATION, undefined, [], []);
    expect((await registry.readGroup(ZONE)).head?.retired).toBe(false);
    expect((await registry.readInstallation())?.retired).toBeUndefined();
  });
});

describe('half a mark', () => {
  const HALF = { pk: { S: `group#${ZONE}` }, sk: { S: '1#mark#role#web' } };
  const put = async (client: typeof dynamodb, Item: Record<string, AttributeValue>) =>
    await client.send(new PutItemCommand({ TableName: 'registry', Item }));

  it('is read again, and is a mark once it is whole', async () => {
    const body = JSON.stringify({ group: ZONE, subject: { kind: 'role', role: 'web' }, reason: 'slot' });
    let pauses = 0;
    const made = await newRegistry(undefined, {
      now: () => 1_000,
      sleep: async () => {
        pauses += 1;
        if (pauses === 2)
          await put(made.dynamodb, { ...HALF, body: { S: body }, stamp: { S: 's' }, since: { N: '1' } });
      },
    });
    await put(made.dynamodb, HALF);
    const { marks, unknown } = await made.registry.readGroup(ZONE);
    expect(marks).toMatchObject([{ subject: { kind: 'role', role: 'web' }, stamp: 's' }]);
    expect(unknown).toBeUndefined();
    expect(pauses).toBe(2);
  });

  it('is left alone where it stays so, and holds up no other', async () => {
    await put(dynamodb, HALF);
    expect(await registry.readGroup(ZONE)).toMatchObject({ unknown: ['1#mark#role#web'] });
  });
});

it('puts a pass off, and calls it no bug of ours, where half an intent is read', async () => {
  const Item = { pk: { S: `group#${ZONE}` }, sk: { S: '2#intent#b' } };
  await dynamodb.send(new PutItemCommand({ TableName: 'registry', Item }));
  await expect(registry.readGroup(ZONE)).rejects.toMatchObject({ kind: 'unavailable' });
});
