import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Fact,
  foldAbsence,
  foldDescription,
  foldEvent,
  isDown,
  isLive,
  membersOf,
  unknownInstance,
} from '../../lib/model/fact.ts';
import type { InstanceDescription, InstanceState } from '../../lib/model/instance.ts';

const NEW = unknownInstance('i-1', '123456789012', 'us-east-1');
const LAUNCHED_MS = 100_000;

function read(
  state: InstanceState,
  launchTimeMs = LAUNCHED_MS,
  tags: Record<string, string> = { 'rolecall:role': 'web' },
) {
  const described: InstanceDescription = {
    instanceId: 'i-1',
    state,
    launchTimeMs,
    availabilityZone: 'us-east-1a',
    privateIpv4: '10.0.0.1',
    publicIpv4: `203.0.113.${(launchTimeMs / 1000) % 250}`,
    ipv6: [],
    tags,
  };
  return described;
}

const running = foldDescription(NEW, read('running'), 110_000);

describe('an instance', () => {
  test('is not live before it was read', () => {
    expect(isLive(NEW)).toBe(false);
    expect(isLive(foldEvent(NEW, 'running', 110_000))).toBe(false);
  });

  test.each(['pending', 'running'] as const)('is live when read %s', (state) => {
    expect(isLive(foldDescription(NEW, read(state), 110_000))).toBe(true);
  });

  test('that was read to run is not pending by a read that another clock calls newer, only by that of another launch', () => {
    expect(foldDescription(running, read('pending'), 120_000)).toBe(running);
    const again = foldDescription(running, read('pending', 130_000), 131_000);
    expect(membersOf(again).map(({ phase }) => phase)).toEqual(['pending']);
    const stopped = foldDescription(running, read('stopped'), 120_000);
    expect(foldDescription(stopped, read('pending'), 121_000).description?.state).toBe('pending');
  });

  test.each(['stopping', 'stopped', 'shutting-down', 'terminated'] as const)('is not live when read %s', (state) => {
    expect(isLive(foldDescription(NEW, read(state), 110_000))).toBe(false);
    expect(isLive(foldDescription(running, read(state), 120_000))).toBe(false);
  });

  test.each(['stopping', 'stopped', 'shutting-down', 'terminated'] as const)(
    'is not live after the event %s',
    (state) => {
      expect(isLive(foldEvent(running, state, 120_000))).toBe(false);
    },
  );

  test.each(['shutting-down', 'terminated'] as const)('never returns after %s, whatever arrives', (state) => {
    const gone = foldEvent(running, state, 120_000);
    expect(gone.gone).toEqual({ atMs: 120_000, source: 'event' });
    expect(foldEvent(gone, 'running', 130_000)).toBe(gone);
    expect(foldDescription(gone, read('running', 130_000), 131_000)).toBe(gone);
    expect(foldAbsence(gone, 140_000, 140_000)).toBe(gone);
    expect(membersOf(gone)).toEqual([]);
  });

  test('that was never seen can be gone', () => {
    const gone = foldEvent(NEW, 'terminated', 120_000);
    expect(isLive(foldDescription(gone, read('running'), 125_000))).toBe(false);
    const byRead = foldDescription(NEW, read('terminated'), 120_000, 'sweep');
    expect(byRead.gone).toEqual({ atMs: 120_000, source: 'sweep' });
  });
});

describe('a stop', () => {
  const stopped = foldEvent(running, 'stopped', 120_000);

  test('holds against a read that was begun before it and comes after it', () => {
    expect(isLive(foldDescription(foldEvent(NEW, 'stopped', 120_000), read('running'), 110_000))).toBe(false);
    expect(isLive(foldDescription(stopped, read('running'), 115_000))).toBe(false);
  });

  test('holds against a late event of the start before it', () => {
    expect(isLive(foldEvent(stopped, 'running', 105_000))).toBe(false);
  });

  test('that is older than what is known changes nothing', () => {
    expect(foldEvent(stopped, 'stopping', 119_000)).toBe(stopped);
  });

  test('ends with a newer launch time', () => {
    expect(isLive(foldDescription(stopped, read('running', 130_000), 131_000))).toBe(true);
  });

  test('does not end with a late event of the stop when the new start is known', () => {
    const restarted = foldDescription(running, read('running', 130_000), 131_000);
    expect(isLive(foldEvent(restarted, 'stopped', 120_000))).toBe(true);
  });

  test('within the second of the new start does not hold it', () => {
    const stoppedThen = foldEvent(running, 'stopped', 130_000);
    expect(isLive(foldDescription(stoppedThen, read('pending', 130_000), 131_000))).toBe(true);
  });

  test('within the second of the new start, told minutes late, does not end what runs since', () => {
    const restarted = foldDescription(running, read('running', 130_000), 131_000);
    expect(isLive(foldEvent(restarted, 'stopped', 130_000, 430_000))).toBe(true);
    expect(isLive(foldEvent(restarted, 'stopped', 131_000, 430_000))).toBe(false);
  });

  test('within the second of a start is outlived by a read of a minute later, not by one of then', () => {
    const unread = foldEvent(unknownInstance('i-0b2', '123456789012', 'us-east-1'), 'stopped', 130_000);
    expect(isLive(foldDescription(unread, read('running', 130_000), 131_000))).toBe(false);
    expect(isLive(foldDescription(unread, read('running', 130_000), 190_000))).toBe(true);
    expect(isLive(foldDescription(unread, read('running', 129_000), 190_000))).toBe(false);
  });

  test('that was read closes only the launch that it shows', () => {
    const seen = foldDescription(running, read('stopped'), 120_000);
    expect(isLive(seen)).toBe(false);
    expect(isLive(foldDescription(seen, read('running', 130_000), 131_000))).toBe(true);
    const restarted = foldDescription(running, read('running', 130_000), 131_000);
    expect(foldDescription(restarted, read('stopped'), 140_000)).toBe(restarted);
  });
});

describe('an instance that stopped', () => {
  const stopped = foldEvent(foldDescription(NEW, read('running'), LAUNCHED_MS + 1_000), 'stopped', LAUNCHED_MS + 5_000);

  test('is down', () => {
    expect(isDown(stopped)).toBe(true);
    expect(isDown(foldEvent(stopped, 'terminated', LAUNCHED_MS + 6_000))).toBe(true);
  });

  test('is not known to be down once it is told to start, though nobody has read it since', () => {
    const started = foldEvent(stopped, 'pending', LAUNCHED_MS + 9_000);
    expect([isLive(started), isDown(started)]).toEqual([false, false]);
    expect(isDown(foldEvent(started, 'terminated', LAUNCHED_MS + 10_000))).toBe(true);
  });

  test('is down where it was told to start before that, or a later read shows it stopped', () => {
    expect(isDown(foldEvent(stopped, 'pending', LAUNCHED_MS + 4_000))).toBe(true);
    const started = foldEvent(stopped, 'pending', LAUNCHED_MS + 9_000);
    const restopped = foldDescription(started, read('stopped', LAUNCHED_MS + 9_000), LAUNCHED_MS + 20_000);
    expect(isDown(restopped)).toBe(true);
  });
});

describe('a read', () => {
  test('that is older than what is known changes nothing', () => {
    expect(foldDescription(running, read('pending'), 109_000)).toBe(running);
  });

  test('that says the same changes nothing', () => {
    expect(foldDescription(running, read('running'), 120_000)).toBe(running);
  });

  test('ends an absence', () => {
    const absent = foldAbsence(foldAbsence(running, 200_000, 200_100), 260_000, 260_100);
    expect(absent.absentSweeps).toBe(2);
    expect(foldDescription(absent, read('running'), 300_000)).toMatchObject({ absentSweeps: 0, absentCountedAtMs: 0 });
  });
});

describe('absence', () => {
  test('counts sweeps at least a minute apart', () => {
    const once = foldAbsence(running, 200_000, 205_000);
    expect(once.absentSweeps).toBe(1);
    expect(foldAbsence(once, 259_999, 260_100)).toBe(once);
    expect(foldAbsence(once, 260_000, 260_100).absentSweeps).toBe(2);
  });

  test('counts a sweep that took long to read them as one that began later', () => {
    const once = foldAbsence(running, 200_000, 230_000);
    expect(once.absentSweeps).toBe(1);
    expect(foldAbsence(once, 284_999, 285_100)).toBe(once);
    expect(foldAbsence(once, 285_000, 285_100).absentSweeps).toBe(2);
  });

  test('does not count a sweep begun before the last read', () => {
    expect(foldAbsence(running, 110_000, 110_100)).toBe(running);
    expect(foldAbsence(running, 109_000, 110_100)).toBe(running);
  });

  test('does not count what is not live', () => {
    const stopped = foldEvent(running, 'stopped', 120_000);
    expect(foldAbsence(stopped, 200_000, 200_100)).toBe(stopped);
    expect(foldAbsence(NEW, 200_000, 200_100)).toBe(NEW);
  });
});

describe('membership', () => {
  test('is in every role of the tag, serving when running', () => {
    const both = foldDescription(NEW, read('running', LAUNCHED_MS, { 'rolecall:role': 'web  API web -bad' }), 110_000);
    expect(membersOf(both)).toEqual(
      ['api', 'web'].map((role) => ({
        role,
        instanceId: 'i-1',
        phase: 'serving',
        sinceMs: 100_000,
        absentSweeps: 0,
        region: 'us-east-1',
        availabilityZone: 'us-east-1a',
        privateIpv4: '10.0.0.1',
        publicIpv4: '203.0.113.100',
        ipv6: [],
        tags: { 'rolecall:role': 'web  API web -bad' },
      })),
    );
    expect(membersOf(foldDescription(NEW, read('pending'), 110_000))).toMatchObject([{ phase: 'pending' }]);
    expect(membersOf(foldDescription(NEW, read('running', LAUNCHED_MS, {}), 110_000))).toEqual([]);
  });
});

/** What is told of an instance's life: events as they happen, and reads that show the truth of their time. */
type Evidence =
  | { readonly kind: 'event'; readonly state: InstanceState; readonly atMs: number }
  | { readonly kind: 'read'; readonly shown: InstanceDescription; readonly atMs: number };

const STEPS: Readonly<Record<InstanceState, InstanceState>> = {
  pending: 'running',
  running: 'stopping',
  stopping: 'stopped',
  stopped: 'pending',
  'shutting-down': 'terminated',
  terminated: 'terminated',
};

/** A life of so many changes of state, each some seconds after the one before; it may end by termination. */
function life(gapsSeconds: readonly number[], ends: boolean): Evidence[] {
  const evidence: Evidence[] = [];
  let atMs = LAUNCHED_MS;
  let launchTimeMs = atMs;
  let state: InstanceState = 'pending';
  for (const [index, gap] of gapsSeconds.entries()) {
    evidence.push({ kind: 'event', state, atMs });
    evidence.push({ kind: 'read', shown: read(state, launchTimeMs), atMs: atMs + 500 });
    atMs += gap * 1000;
    const isLast = index === gapsSeconds.length - 2;
    state = ends && isLast ? 'shutting-down' : STEPS[state];
    if (state === 'pending') launchTimeMs = atMs;
  }
  return evidence;
}

function fold(fact: Fact, evidence: Evidence): Fact {
  return evidence.kind === 'event'
    ? foldEvent(fact, evidence.state, evidence.atMs)
    : foldDescription(fact, evidence.shown, evidence.atMs);
}

const anyLife = fc
  .record({ gaps: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 10 }), ends: fc.boolean() })
  .map(({ gaps, ends }) => life(gaps, ends));

/** The same in another order, some of it several times, some of it never; the last read always arrives somewhere. */
const told = anyLife.chain((whole) =>
  fc
    .array(fc.integer({ min: 0, max: whole.length - 1 }), { maxLength: 30 })
    .chain((picks) =>
      fc
        .shuffledSubarray([...picks, whole.length - 1], { minLength: picks.length + 1 })
        .map((order) => ({ whole, heard: order.flatMap((index) => whole[index] ?? []) })),
    ),
);

function lastOf(whole: readonly Evidence[]): InstanceState {
  const last = whole.at(-1);
  return last?.kind === 'read' ? last.shown.state : 'terminated';
}

describe('any order, any number', () => {
  test('of true events and reads ends in the truth of the last read', () => {
    const outcomes = new Set<string>();
    fc.assert(
      fc.property(told, ({ whole, heard }) => {
        const fact = heard.reduce(fold, NEW);
        const truth = lastOf(whole);
        const lives = truth === 'pending' || truth === 'running';
        outcomes.add(`${truth} ${heard.length > whole.length}`);
        expect(isLive(fact)).toBe(lives);
        const phases = truth === 'running' ? ['serving'] : truth === 'pending' ? ['pending'] : [];
        expect(membersOf(fact).map(({ phase }) => phase)).toEqual(phases);
      }),
      { numRuns: 2000 },
    );
    expect(outcomes.size).toBeGreaterThan(6);
  });

  test('a tombstone, once heard, stands at every later step', () => {
    let graves = 0;
    fc.assert(
      fc.property(told, ({ heard }) => {
        let fact = NEW;
        for (const evidence of heard) {
          const next = fold(fact, evidence);
          const isGone = fact.gone !== undefined;
          if (isGone) graves += 1;
          expect(next).toBe(isGone ? fact : next);
          fact = next;
        }
      }),
    );
    expect(graves).toBeGreaterThan(0);
  });

  test('a launch whose end was heard has no member at any later step', () => {
    let ended = 0;
    fc.assert(
      fc.property(told, ({ heard }) => {
        let fact = NEW;
        let closedUpToMs = 0;
        for (const evidence of heard) {
          fact = fold(fact, evidence);
          if (evidence.kind === 'event' && (evidence.state === 'stopping' || evidence.state === 'stopped')) {
            closedUpToMs = Math.max(closedUpToMs, evidence.atMs);
          }
          for (const { sinceMs } of membersOf(fact)) expect(sinceMs).toBeGreaterThanOrEqual(closedUpToMs);
          if (closedUpToMs > 0) ended += 1;
        }
      }),
      { numRuns: 2000 },
    );
    expect(ended).toBeGreaterThan(0);
  });
});
