import { describe, expect, it } from 'vitest';
import { type Crash, crashing, WAYS } from '../dying-calls.ts';
import { type Ending, type Moment, type Setting, Stage } from './stage.ts';

/** No `next` comes earlier than `apartMs` after every `first`. */
export interface Order {
  readonly first: Moment;
  readonly next: Moment;
  readonly apartMs?: number;
}

/** Something that makes an instance leave, or come back: one row of the table. */
export interface Trigger extends Setting {
  readonly title: string;
  readonly happens: (stage: Stage) => Promise<unknown> | void;
  /** What it is for. */
  readonly effect: Moment;
  /** From the beginning to the effect, where nothing is in the way. @default 2 */
  readonly effectSeconds?: number;
  readonly order: readonly Order[];
  readonly ending: Ending;
  /** From the beginning until nothing is left to do, where nothing is in the way. @default 30 */
  readonly seconds?: number;
  /** A Lambda may die at each call of these first seconds. @default 12 */
  readonly workSeconds?: number;
  /** Who dies after one call mostly dies before the next. @default - after each call */
  readonly crashWays?: readonly Crash['way'][];
  /** Tells it once more, where no event does. @default - its events come again */
  readonly again?: (stage: Stage) => Promise<unknown> | void;
  /** Keeps Rolecall from hearing of it; the returned function ends that. @default - its events are held */
  readonly withhold?: (stage: Stage) => () => void;
  /** How it may end where a Lambda died. @default - as above alone */
  readonly cutShort?: { readonly ending: Partial<Ending>; readonly order: readonly Order[] };
  /** Told late; where the sweep finds it by itself, the effect is there before. */
  readonly late: {
    readonly effectSeconds: number;
    /** @default - as above */
    readonly ending?: Partial<Ending>;
    /** @default - as above */
    readonly order?: readonly Order[];
  };
}

/** Later than three sweeps, one of them after the two minutes of a spot interruption. */
export const LATE_SECONDS = 170;
const THROTTLED_SECONDS = 30;
const EFFECT_SECONDS = 2;
const SECONDS = 30;
const WORK_SECONDS = 12;

interface Outcome {
  readonly stage: Stage;
  readonly ending: Ending;
  /** Of the first `workSeconds`. */
  readonly calls: number;
  /** Batches that Route 53 accepted after all was over. */
  readonly loose: number;
}

interface Play {
  /** When all is over, counted from the beginning. */
  readonly seconds: number;
  readonly crash?: Crash;
  /** What is in the way; the returned function is called once the trigger has had its `seconds`. */
  readonly around?: (stage: Stage) => (() => Promise<void>) | undefined;
}

/** Plays it to its end, and then on: nothing more may happen. */
async function play(trigger: Trigger, { seconds, crash, around }: Play): Promise<Outcome> {
  const count = { calls: 0, isArmed: false };
  const stage = await Stage.open(trigger, crashing(crash, count));
  const { world } = stage;
  try {
    stage.begin();
    const after = around?.(stage);
    count.isArmed = true;
    const beganAtMs = world.timeline.now();
    const until = async (since: number) =>
      await world.advance(Math.max(0, since - (world.timeline.now() - beganAtMs) / 1000));
    await trigger.happens(stage);
    await until(trigger.workSeconds ?? WORK_SECONDS);
    const { calls } = count;
    await until(trigger.seconds ?? SECONDS);
    await after?.();
    await until(seconds);
    const batches = world.account.route53.batches.length;
    await world.advance(70);
    const loose = world.account.route53.batches.length - batches;
    return { stage, ending: await stage.ending(), calls, loose };
  } finally {
    await world.close();
  }
}

/** What is wrong with how it came to its end, where the effect was to be there within so many seconds. */
function faultsOf(trigger: Trigger, { stage, loose }: Outcome, withinSeconds: number): string[] {
  const { moments, world } = stage;
  const [beganAtMs = 0] = moments.get('begun') ?? [];
  const effects = (moments.get(trigger.effect) ?? []).map((atMs) => (atMs - beganAtMs) / 1000);
  const { repeatedAssociations } = world.account.ec2.elasticIps;
  return [
    ...outOfOrder(trigger.order, moments),
    ...(effects.length === 1 ? [] : [`${trigger.effect} ${effects.length} times`]),
    ...effects.filter((each) => each > withinSeconds).map((each) => `${trigger.effect} after ${each} s`),
    ...(loose === 0 ? [] : [`${loose} batches when all was over`]),
    ...(repeatedAssociations === 0 ? [] : [`${repeatedAssociations} repeated associations`]),
  ];
}

function outOfOrder(order: readonly Order[], moments: ReadonlyMap<Moment, readonly number[]>): string[] {
  return order.flatMap(({ first, next, apartMs = 0 }) => {
    const [before, after] = [moments.get(first) ?? [], moments.get(next) ?? []];
    if (before.length === 0 || after.length === 0) return [`"${first}" and "${next}" did not both happen`];
    const betweenMs = Math.min(...after) - Math.max(...before);
    return betweenMs >= apartMs ? [] : [`"${next}" ${betweenMs} ms after "${first}", not ${apartMs}`];
  });
}

/** Without a crash no invocation fails, and each entry of the journal is also a line. */
function mishapsOf({ stage, ending }: Outcome): string[] {
  const unprinted = ending.said.join('; ') === stage.printed().join('; ') ? [] : ['the lines are not the journal'];
  return [...stage.world.failures.map(String), ...unprinted];
}

/** Each event comes twice, and when all is over all of them once more, the newest first. */
function twice(trigger: Trigger, stage: Stage): () => Promise<void> {
  const told: (() => void)[] = [];
  stage.deliver = (event, put) => {
    put(event);
    put(event);
    told.unshift(() => put(event));
  };
  return async () => {
    stage.deliver = (event, put) => put(event);
    for (const tell of told) tell();
    await trigger.again?.(stage);
    if (told.length === 0 && trigger.again === undefined) throw new Error('nothing was told twice');
  };
}

/** No event comes before its time. */
function late(trigger: Trigger, stage: Stage): undefined {
  const { timeline } = stage.world;
  const release = trigger.withhold?.(stage);
  if (release !== undefined) timeline.after(LATE_SECONDS * 1000, release);
  else stage.deliver = (event, put) => void timeline.after(LATE_SECONDS * 1000, () => put(event));
}

/** AWS answers no Lambda of ours but with a throttle, for a while. */
function throttledBy(...services: readonly string[]) {
  return ({ world }: Stage): undefined => {
    const isOurs = ({ caller = '' }) => ['Observe', 'Reconcile', 'Sweep'].includes(caller);
    const ends = services.map((service) => world.account.faults.add({ service, effect: 'throttle', when: isOurs }));
    world.timeline.after(THROTTLED_SECONDS * 1000, () => ends.forEach((end) => end()));
  };
}

/** `CRASH_WAYS=before,after,unanswered` tries each call of every trigger in all ways, `CRASH_EVERY=4` only each fourth call. */
const CRASH_WAYS = process.env['CRASH_WAYS']?.split(',');
const CRASH_EVERY = Number(process.env['CRASH_EVERY'] ?? 1);

/** The row of the table: the trigger in each circumstance. */
export function playedInEveryCircumstance(trigger: Trigger): void {
  const { effectSeconds = EFFECT_SECONDS, seconds = SECONDS, crashWays = ['after'] } = trigger;

  describe.each([trigger.title])('%s', () => {
    it('as it should be', async () => {
      const outcome = await play(trigger, { seconds });
      expect(outcome.ending).toEqual(trigger.ending);
      expect([...faultsOf(trigger, outcome, effectSeconds), ...mishapsOf(outcome)]).toEqual([]);
    });

    it('told twice, and again when all is over', async () => {
      const outcome = await play(trigger, { seconds: seconds + 10, around: (stage) => twice(trigger, stage) });
      expect(outcome.ending).toEqual(trigger.ending);
      expect([...faultsOf(trigger, outcome, effectSeconds), ...mishapsOf(outcome)]).toEqual([]);
    });

    it('told late', async () => {
      const { ending, order = trigger.order, effectSeconds: bound } = trigger.late;
      const around = (stage: Stage) => late(trigger, stage);
      const outcome = await play(trigger, { seconds: LATE_SECONDS * 2 + seconds, around });
      expect(outcome.ending).toEqual({ ...trigger.ending, ...ending });
      expect([...faultsOf({ ...trigger, order }, outcome, bound), ...mishapsOf(outcome)]).toEqual([]);
    });

    it.each([
      ['the table', throttledBy('dynamodb')],
      ['everything else', throttledBy('ec2', 'route53', 'autoscaling', 'monitoring')],
    ])('throttled by %s', async (_what, around) => {
      const outcome = await play(trigger, { seconds: THROTTLED_SECONDS + 120 + seconds, around });
      const bound = THROTTLED_SECONDS + 60 + effectSeconds;
      expect(outcome.ending).toEqual(trigger.ending);
      expect([...faultsOf(trigger, outcome, bound), ...mishapsOf(outcome)]).toEqual([]);
    });

    it('with a Lambda that dies at any of its calls', { timeout: 600_000 }, async () => {
      const { calls } = await play(trigger, { seconds });
      const wrong: string[] = [];
      for (const way of WAYS.filter((each) => (CRASH_WAYS ?? crashWays).includes(each))) {
        for (let call = 1; call <= calls; call += CRASH_EVERY) {
          const outcome = await play(trigger, { seconds: 130 + seconds, crash: { call, way } });
          const { cutShort } = trigger;
          const isCut = cutShort !== undefined && isSame(outcome.ending, { ...trigger.ending, ...cutShort.ending });
          const order = isCut ? cutShort.order : trigger.order;
          const faults = faultsOf({ ...trigger, order }, outcome, 75 + effectSeconds);
          if (!isCut && !isSame(outcome.ending, trigger.ending)) faults.push(JSON.stringify(outcome.ending));
          if (faults.length > 0) wrong.push(`${way} ${call} of ${calls}: ${faults.join('; ')}`);
        }
      }
      expect(calls).toBeGreaterThan(5);
      expect(wrong).toEqual([]);
    });
  });
}

function isSame(one: Ending, other: Ending): boolean {
  const textOf = ({ zone, states, holders, completions, said }: Ending) =>
    JSON.stringify([zone, states, holders, completions, said]);
  return textOf(one) === textOf(other);
}
