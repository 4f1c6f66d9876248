import { beforeEach, describe, expect, it } from 'vitest';
import type { Registry } from '../../lib/reconcile/ports.ts';
import { sharingSeats } from '../../lib/reconcile/shared-seats.ts';
import { VirtualTimeline } from '../../local/timeline.ts';
import { newVacancy, news, PUB, seating, SLOT } from '../aws/new-vacancy.ts';

const OTHER = 'i-0000000000000000b';

let clock: VirtualTimeline;
let registry: Registry;
/** As the passes of one invocation share it. */
let shared: Registry;
let stamp: string;
/** To whom the registry was asked to give the seat, in the order of the calls. */
let asked: string[];
/** What the registry is asked waits for it. */
let gate: Promise<void>;

beforeEach(async () => {
  clock = new VirtualTimeline(0);
  registry = await newVacancy();
  asked = [];
  gate = Promise.resolve();
  shared = sharingSeats({
    clock,
    registry: {
      ...registry,
      seat: async (wanted) => {
        asked.push(...wanted.renewals.slice(0, 1).map(({ to }) => to));
        await gate;
        return await registry.seat(wanted);
      },
    },
  });
  stamp = await stampNow();
});

async function stampNow(): Promise<string> {
  return (await registry.readGroup(PUB)).marks[0]?.stamp ?? 'no mark';
}

const STANDING = [{ slot: SLOT, renewed: { from: expect.any(String) as string, to: 'first' } }];

describe('two passes of one invocation that would give the same seat, on account of the same news', () => {
  it('ask once: the second is told what the first wrote', async () => {
    const [one, other] = await Promise.all([
      shared.seat(seating(stamp, 'first')),
      shared.seat(seating(stamp, 'second')),
    ]);
    expect(one).toEqual({ kind: 'seated' });
    expect(other).toEqual({ kind: 'taken', standing: [{ slot: SLOT, renewed: { from: stamp, to: 'first' } }] });
    expect(asked).toEqual(['first']);
    expect(await stampNow()).toBe('first');
  });

  it('need not ask at the same time', async () => {
    await shared.seat(seating(stamp, 'first'));
    await clock.advance(249);
    expect(await shared.seat(seating(stamp, 'second'))).toEqual({ kind: 'taken', standing: STANDING });
    expect(asked).toEqual(['first']);
  });

  it('ask each for itself a quarter of a second later, and are told the same by the registry', async () => {
    await shared.seat(seating(stamp, 'first'));
    await clock.advance(250);
    expect(await shared.seat(seating(stamp, 'second'))).toEqual({ kind: 'taken', standing: STANDING });
    expect(asked).toEqual(['first', 'second']);
  });

  it('do not wait for each other longer than that', async () => {
    let open = () => {};
    gate = new Promise((resolve) => (open = resolve));
    const first = shared.seat(seating(stamp, 'first'));
    gate = Promise.resolve();
    const second = shared.seat(seating(stamp, 'second'));
    await clock.advance(249);
    expect(asked).toEqual(['first']);
    await clock.advance(1);
    expect(await second).toEqual({ kind: 'seated' });
    open();
    expect(await first).toMatchObject({ kind: 'taken', standing: [{ renewed: { to: 'second' } }] });
  });

  it('ask each for itself where the call of the first failed', async () => {
    gate = Promise.reject(new Error('unreachable'));
    const first = shared.seat(seating(stamp, 'first'));
    gate = Promise.resolve();
    const second = shared.seat(seating(stamp, 'second'));
    await expect(first).rejects.toThrow('unreachable');
    expect(await second).toEqual({ kind: 'seated' });
  });

  it('ask each for itself where the first wrote nothing', async () => {
    const before = stamp;
    await news(registry);
    const both = [shared.seat(seating(before, 'first')), shared.seat(seating(before, 'second'))];
    expect(await Promise.all(both)).toEqual([{ kind: 'not-as-read' }, { kind: 'not-as-read' }]);
    expect(asked).toEqual(['first', 'second']);
  });
});

describe('a pass that would give a seat otherwise', () => {
  it('asks for itself, to another holder', async () => {
    await shared.seat(seating(stamp, 'first'));
    expect(await shared.seat(seating(stamp, 'second', { holder: OTHER }))).toEqual({
      kind: 'taken',
      standing: STANDING,
    });
    expect(asked).toEqual(['first', 'second']);
  });

  it('asks for itself, on account of other news', async () => {
    await shared.seat(seating(stamp, 'first'));
    await news(registry);
    expect(await shared.seat(seating(await stampNow(), 'second'))).toEqual({ kind: 'taken', standing: STANDING });
    expect(asked).toEqual(['first', 'second']);
  });
});
