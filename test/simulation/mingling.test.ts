import { beforeEach, describe, expect, it } from 'vitest';
import { Table } from '../../local/dynamodb/table.ts';
import { VirtualTimeline } from '../../local/timeline.ts';
import { Mingling } from './mingling.ts';
import type { Version } from './rollouts.ts';

type Item = Parameters<Table['put']>[0];

const timeline = new VirtualTimeline(0, { turns: 1 });
const key = (pk: string, sk: string): Item => ({ pk: { S: pk }, sk: { S: sk } });
const FACT = key('facts', 'i-1');
const SLOT = key('role#web', 'slot#0001');
const NEW_MARK = key('group#Z0PUB', '1#mark#shelf#web');

let table: Table;
let counts: string[];
let problems: string[];
let mingling: Mingling;

beforeEach(() => {
  table = new Table('registry', { partition: { name: 'pk', type: 'S' }, sort: { name: 'sk', type: 'S' } }, 0);
  counts = [];
  problems = [];
  const count = (what: string) => {
    counts.push(what);
  };
  const fail = (problem: unknown) => {
    problems.push(String(problem));
  };
  mingling = new Mingling({ table, timeline, count, fail });
});

function invocation(version: Version) {
  const surroundings = {
    id: 1,
    kind: 'Reconcile',
    event: {},
    startedAtMs: 0,
    readAtMs: new Map(),
    isOver: false,
  } as const;
  return { ...surroundings, version };
}

function answered(version: Version, write: object): void {
  const call = { service: 'dynamodb', operation: 'TransactWriteItems', caller: 'Reconcile#1' };
  mingling.answered({ ...call, parameters: { TransactItems: [write] } }, invocation(version));
}

function puts(version: Version, at: Item, body: object, isDone = true): void {
  const item = { ...at, body: { S: JSON.stringify(body) } };
  if (isDone) table.put(item);
  answered(version, { Put: { Item: item } });
}

function deletes(version: Version, at: Item, isDone = true): void {
  if (isDone) table.delete(at);
  answered(version, { Delete: { Key: at } });
}

describe('what one version wrote', () => {
  it('is counted where the other writes it again, or takes it away', () => {
    puts('this', SLOT, { holder: 'i-1' });
    puts('other', SLOT, { holder: 'i-2' });
    deletes('this', SLOT);
    expect(counts).toEqual([
      'slot of one version written again by the other',
      'slot of one version taken away by the other',
    ]);
  });

  it('is not counted where the same version does that, nor where the other was refused', () => {
    puts('this', SLOT, { holder: 'i-1' });
    puts('this', SLOT, { holder: 'i-2' });
    puts('other', SLOT, { holder: 'i-3' }, false);
    deletes('other', SLOT, false);
    deletes('this', SLOT);
    expect(counts).toEqual([]);
  });
});

describe('a group', () => {
  it('counts as worked on by both where they read it within a second, and not otherwise', async () => {
    mingling.reads('Z0PUB', invocation('this'));
    mingling.reads('Z0INT', invocation('other'));
    await timeline.advance(1_001);
    mingling.reads('Z0PUB', invocation('other'));
    mingling.reads('Z0INT', invocation('other'));
    expect(counts).toEqual([]);
    await timeline.advance(1_000);
    mingling.reads('Z0PUB', invocation('this'));
    expect(counts).toEqual(['both versions at one group within a second']);
  });
});

describe('the checker of what another version leaves', () => {
  it('complains where a fact loses what the other version added to it', () => {
    puts('other', FACT, { instanceId: 'i-1', edition: 2 });
    puts('this', FACT, { instanceId: 'i-1' });
    expect(problems).toEqual(['Violated: 7 nothing is lost: facts i-1 has lost what the other version added']);
  });

  it('does not where it is kept, nor where nothing was added', () => {
    puts('this', FACT, { instanceId: 'i-1' });
    puts('this', FACT, { instanceId: 'i-1', gone: {} });
    puts('other', FACT, { instanceId: 'i-1', edition: 2 });
    puts('this', FACT, { instanceId: 'i-1', gone: {}, edition: 2 });
    expect(problems).toEqual([]);
  });

  it('complains where a mark of a kind that only the other knows is cleared by this one, and not where by the other', () => {
    puts('other', NEW_MARK, { subject: { kind: 'shelf' } });
    deletes('this', NEW_MARK);
    expect(problems).toEqual([
      'Violated: 7 nothing is lost: group#Z0PUB 1#mark#shelf#web is of the other version, and was cleared',
    ]);
    puts('other', NEW_MARK, { subject: { kind: 'shelf' } });
    deletes('other', NEW_MARK);
    expect(problems).toHaveLength(1);
  });
});
