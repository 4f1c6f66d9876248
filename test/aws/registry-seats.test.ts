import { beforeEach, describe, expect, it } from 'vitest';
import type { Mark } from '../../lib/model/ledger.ts';
import type { Registry } from '../../lib/reconcile/ports.ts';
import { INT, newVacancy, news, PUB, seating, SLOT } from './new-vacancy.ts';

let registry: Registry;

beforeEach(async () => {
  registry = await newVacancy();
});

async function markOf(group: string): Promise<Mark> {
  const [mark, ...others] = (await registry.readGroup(group)).marks;
  if (mark === undefined || others.length > 0) throw new Error(`${group} has ${others.length + 1} marks`);
  return mark;
}

describe('the definition of a role', () => {
  it('is stored with the groups that its members have a say in', async () => {
    expect((await registry.readRole('db')).groups).toEqual([INT, PUB]);
  });
});

describe('the marks of one piece of news', () => {
  it('have one stamp in all groups, and another with the next news', async () => {
    const [first, other] = [await markOf(PUB), await markOf(INT)];
    expect(other.stamp).toBe(first.stamp);
    await news(registry);
    expect((await markOf(PUB)).stamp).not.toBe(first.stamp);
  });
});

describe('a seating', () => {
  it('writes the slot, and gives the mark of each group a new stamp', async () => {
    const { stamp } = await markOf(PUB);
    expect(await registry.seat(seating(stamp, 'new'))).toEqual({ kind: 'seated' });
    expect((await registry.readRole('db')).slots).toEqual([SLOT]);
    for (const group of [PUB, INT])
      expect(await markOf(group)).toMatchObject({ stamp: 'new', seated: ['db'], reason: 'launched', sinceMs: 5 });
  });

  it('writes nothing where a group has had other news since', async () => {
    const { stamp } = await markOf(PUB);
    await news(registry);
    expect(await registry.seat(seating(stamp, 'new'))).toEqual({ kind: 'not-as-read' });
    expect((await registry.readRole('db')).slots).toEqual([]);
    expect((await markOf(PUB)).stamp).not.toBe('new');
  });

  it('writes nothing where one group has done with the mark', async () => {
    const mark = await markOf(INT);
    const done = { dropIntents: [], putNotes: [], clearNotes: [], journal: [] };
    expect(await registry.settle(INT, { ...done, clearMarks: [mark] })).toBe('settled');
    expect(await registry.seat(seating(mark.stamp, 'new'))).toEqual({ kind: 'not-as-read' });
    expect((await registry.readRole('db')).slots).toEqual([]);
    expect((await markOf(PUB)).stamp).toBe(mark.stamp);
  });

  it('tells what another wrote, and on account of which mark; then it writes nothing', async () => {
    const { stamp } = await markOf(PUB);
    await registry.seat(seating(stamp, 'new'));
    expect(await registry.seat(seating(stamp, 'newer', { holder: 'i-0000000000000000b' }))).toEqual({
      kind: 'taken',
      standing: [{ slot: SLOT, renewed: { from: stamp, to: 'new' } }],
    });
    expect((await registry.readRole('db')).slots).toEqual([SLOT]);
    expect((await markOf(INT)).stamp).toBe('new');
  });

  it('tells of no mark where the slot was written by something else', async () => {
    const { stamp } = await markOf(PUB);
    await registry.writeSlots([{ after: SLOT }], []);
    expect(await registry.seat(seating(stamp, 'new'))).toEqual({ kind: 'taken', standing: [{ slot: SLOT }] });
    expect((await markOf(INT)).stamp).toBe(stamp);
  });
});

describe('a pass that ends', () => {
  const done = { dropIntents: [], putNotes: [], clearNotes: [], journal: [] };

  it('is told of a mark that it cannot clear, as it was renewed', async () => {
    const mark = await markOf(INT);
    await registry.seat(seating(mark.stamp, 'new'));
    expect(await registry.settle(INT, { ...done, clearMarks: [mark] })).toBe('marked-anew');
    expect((await markOf(INT)).stamp).toBe('new');
    expect(await registry.settle(INT, { ...done, clearMarks: [{ ...mark, stamp: 'new' }] })).toBe('settled');
    expect((await registry.readGroup(INT)).marks).toEqual([]);
  });

  it('is told so after a batch too', async () => {
    const mark = await markOf(INT);
    await registry.seat(seating(mark.stamp, 'new'));
    const intent = { zoneId: INT, batch: 'b', fromSerial: undefined, toSerial: 1, changes: [], grown: 0, atMs: 0 };
    const commit = { intent, clearMarks: [mark], putNotes: [], clearNotes: [], journal: [] };
    expect(await registry.commit(commit, 1)).toBe('marked-anew');
    const next = { ...commit, intent: { ...intent, fromSerial: 1, toSerial: 2 } };
    expect(await registry.commit({ ...next, clearMarks: [await markOf(INT)] }, 2)).toBe('committed');
  });
});
