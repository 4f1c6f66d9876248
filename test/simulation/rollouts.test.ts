import { beforeAll, describe, expect, it } from 'vitest';
import { VirtualTimeline } from '../../local/timeline.ts';
import { type Base, makeBase } from './base.ts';
import { Chance } from './chance.ts';
import { THIS_CODE } from './code.ts';
import { DIFFERENCES } from './differences.ts';
import { edited } from './planting.ts';
import { type Kind, KINDS, Rollouts } from './rollouts.ts';
import { simulate, warmUp } from './run.ts';

/** One in which both versions do much side by side. */
const SEED = 115;
const OTHER = { ...THIS_CODE };

function rollouts(seed = 1): { readonly timeline: VirtualTimeline; readonly rolling: Rollouts } {
  const timeline = new VirtualTimeline(0, { turns: 1 });
  const rolling = new Rollouts(timeline, new Chance(seed, 'rollouts'));
  rolling.admit(OTHER);
  return { timeline, rolling };
}

/** As often as it takes: what a deed brings is a matter of chance. */
function until(rolling: Rollouts, wanted: 'begun' | 'taken back'): void {
  for (let deeds = 0; deeds < 100; deeds += 1) if (rolling.act() === wanted) return;
  throw new Error(`nothing was ${wanted}`);
}

function versionsOf(rolling: Rollouts, kind: Kind): string[] {
  return [...new Set(Array.from({ length: 200 }, () => rolling.deploymentFor(kind).version))].sort();
}

describe('a rollout', () => {
  it('has not begun before a deed begins it: all run the code of this checkout', () => {
    const { rolling } = rollouts();
    expect(KINDS.flatMap((kind) => versionsOf(rolling, kind))).toEqual(['this', 'this', 'this', 'this']);
  });

  it('gives the function that stores the configuration its code before others have theirs', () => {
    const { rolling } = rollouts();
    until(rolling, 'begun');
    expect(versionsOf(rolling, 'Configure')).toEqual(['other']);
    expect(versionsOf(rolling, 'Sweep')).toEqual(['this']);
  });

  it('has calls of one function go to both for a while, and then to the new one alone', async () => {
    const { timeline, rolling } = rollouts();
    until(rolling, 'begun');
    const seen: string[] = [];
    for (let seconds = 0; seconds < 300; seconds += 1) {
      seen.push(versionsOf(rolling, 'Reconcile').join(' and '));
      await timeline.advance(1000);
    }
    expect([...new Set(seen)]).toEqual(['this', 'other and this', 'other']);
  });

  it('that is taken back ends where it began, in environments of its own', async () => {
    const { timeline, rolling } = rollouts();
    const before = rolling.deploymentFor('Observe');
    until(rolling, 'begun');
    await timeline.advance(1000);
    until(rolling, 'taken back');
    await timeline.advance(600_000);
    const after = rolling.deploymentFor('Observe');
    expect(after.version).toBe('this');
    expect(after).not.toBe(before);
  });

  it('is over for all functions at once when it is ended', () => {
    const { rolling } = rollouts();
    until(rolling, 'begun');
    rolling.end('other');
    expect(KINDS.flatMap((kind) => versionsOf(rolling, kind))).toEqual(['other', 'other', 'other', 'other']);
    expect(rolling.deploymentFor('Sweep').code).toBe(OTHER);
  });
});

describe('the successor', () => {
  it('differs from this version in at least fifteen ways', () => {
    expect(DIFFERENCES.length).toBeGreaterThanOrEqual(15);
  });

  it.each(DIFFERENCES)('still has a place in the sources where it differs: $name', async (difference) => {
    const source = await edited(difference.file, [difference]);
    expect(source).toContain(difference.becomes);
    for (const { becomes } of difference.also ?? []) expect(source).toContain(becomes);
  });
});

describe('in a seed with rollouts', () => {
  let base: Base;
  beforeAll(async () => {
    base = await makeBase();
    await warmUp(base);
  });

  it('both versions are at work on one registry, no promise is broken, and all happens again in the same way', async () => {
    const once = await simulate(SEED, base);
    expect(once.violation).toBeUndefined();
    expect([...once.counts.keys()]).toEqual(
      expect.arrayContaining([
        'rollout begun',
        'rollout taken back',
        'fact of one version written again by the other',
        'record set of one version written again by the other',
        'said change arrived',
      ]),
    );
    expect((await simulate(SEED, base)).trace).toEqual(once.trace);
  });

  it('there is no other version where the seed has none', async () => {
    const { counts } = await simulate(3, base);
    expect([...counts.keys()].filter((what) => /rollout|version/.test(what))).toEqual([]);
  });
});
