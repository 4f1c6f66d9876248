import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Account } from '../../local/account.ts';
import type { Queue } from '../../local/sqs/queue.ts';
import { VirtualTimeline } from '../../local/timeline.ts';

const START_MS = Date.UTC(2026, 0, 2, 3, 4, 5);

function createQueue(attributes: Record<string, string> = {}): {
  queue: Queue;
  timeline: VirtualTimeline;
  account: Account;
} {
  const timeline = new VirtualTimeline(START_MS);
  const account = new Account({ timeline });
  const name = attributes['FifoQueue'] === 'true' ? 'queue.fifo' : 'queue';
  return { queue: account.sqs.create(name, attributes), timeline, account };
}

const bodiesOf = (queue: Queue, max = 10) => queue.receive(max).map(({ body }) => body);

describe('a queue on the timeline of its account', () => {
  it('shows a delayed message when its delay has passed', async () => {
    const { queue, timeline } = createQueue();
    queue.send({ body: 'late', delaySeconds: 60 });
    await timeline.advance(59_999);
    expect(bodiesOf(queue)).toEqual([]);
    await timeline.advance(1);
    expect(bodiesOf(queue)).toEqual(['late']);
  });

  it('delays every message of a queue that has a delay, unless the message has one', () => {
    const { queue } = createQueue({ DelaySeconds: '10' });
    queue.send({ body: 'late' });
    queue.send({ body: 'now', delaySeconds: 0 });
    expect(bodiesOf(queue)).toEqual(['now']);
  });

  it('shows a message again when its visibility timeout has passed, and counts its receipts', async () => {
    const { queue, timeline } = createQueue({ VisibilityTimeout: '30' });
    queue.send({ body: 'a' });
    expect(queue.receive(1)).toMatchObject([{ receiveCount: 1, sentAtMs: START_MS, firstReceivedAtMs: START_MS }]);
    await timeline.advance(29_999);
    expect(queue.receive(1)).toEqual([]);
    await timeline.advance(1);
    expect(queue.receive(1)).toMatchObject([{ receiveCount: 2, sentAtMs: START_MS, firstReceivedAtMs: START_MS }]);
  });

  it('does not delete by the handle of an earlier receipt', async () => {
    const { queue, timeline } = createQueue();
    queue.send({ body: 'a' });
    const [first] = queue.receive(1);
    await timeline.advance(30_000);
    const [second] = queue.receive(1);
    queue.delete(first?.receiptHandle ?? '');
    expect(queue.counts()).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    queue.delete(second?.receiptHandle ?? '');
    expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it('refuses to delete from a FIFO queue once the visibility timeout has passed', async () => {
    const { queue, timeline } = createQueue({ FifoQueue: 'true' });
    queue.send({ body: 'a', groupId: 'g', deduplicationId: '1' });
    const [message] = queue.receive(1);
    await timeline.advance(30_000);
    expect(() => queue.delete(message?.receiptHandle ?? '')).toThrow(/The receipt handle has expired/);
  });

  it('forgets a message when its retention ends', async () => {
    const { queue, timeline } = createQueue({ MessageRetentionPeriod: '60' });
    queue.send({ body: 'a' });
    await timeline.advance(59_999);
    expect(bodiesOf(queue)).toEqual(['a']);
    await timeline.advance(1);
    expect(bodiesOf(queue)).toEqual([]);
  });

  it('takes a deduplication id again after five minutes', async () => {
    const { queue, timeline } = createQueue({ FifoQueue: 'true' });
    const send = (body: string) => queue.send({ body, groupId: 'g', deduplicationId: '1' });
    send('first');
    await timeline.advance(299_999);
    send('second');
    await timeline.advance(1);
    send('third');
    expect(bodiesOf(queue)).toEqual(['first', 'third']);
  });

  it('counts what is visible, in flight and delayed', () => {
    const { queue } = createQueue();
    queue.send({ body: 'a' });
    queue.send({ body: 'b' });
    queue.send({ body: 'c', delaySeconds: 1 });
    queue.receive(1);
    expect(queue.counts()).toEqual({ visible: 1, inFlight: 1, delayed: 1 });
  });
});

describe('a listener of a queue', () => {
  it('is called when a message comes into sight: sent, after its delay, after its visibility timeout', async () => {
    const { queue, timeline } = createQueue();
    const calledAt: number[] = [];
    queue.onVisible(() => calledAt.push(timeline.now() - START_MS));
    queue.send({ body: 'now' });
    await timeline.advance(0);
    queue.receive(1);
    queue.send({ body: 'late', delaySeconds: 10 });
    await timeline.advance(60_000);
    expect(calledAt).toEqual([0, 10_000, 30_000]);
  });

  it('is called when a FIFO group may go on', async () => {
    const { queue, timeline } = createQueue({ FifoQueue: 'true' });
    for (const body of ['1', '2']) queue.send({ body, groupId: 'g', deduplicationId: body });
    const [first] = queue.receive(1);
    await timeline.advance(0);
    const received: string[][] = [];
    queue.onVisible(() => received.push(bodiesOf(queue)));
    await timeline.advance(0);
    expect(received).toEqual([]);
    queue.delete(first?.receiptHandle ?? '');
    await timeline.advance(0);
    expect(received).toEqual([['2']]);
  });

  it('is called for what is there already, and not any more once it has ended', async () => {
    const { queue, timeline } = createQueue();
    queue.send({ body: 'a' });
    let calls = 0;
    const end = queue.onVisible(() => {
      calls += 1;
    });
    await timeline.advance(0);
    expect(calls).toBe(1);
    end();
    queue.send({ body: 'b' });
    await timeline.advance(0);
    expect(calls).toBe(1);
  });
});

describe('redrive', () => {
  it('moves a FIFO message to a FIFO queue in its group', () => {
    const { queue, account } = createQueue({ FifoQueue: 'true' });
    const dead = account.sqs.create('dead.fifo', { FifoQueue: 'true' });
    const policy = { deadLetterTargetArn: dead.arn, maxReceiveCount: '1' };
    const source = account.sqs.create('source.fifo', { FifoQueue: 'true', RedrivePolicy: JSON.stringify(policy) });
    source.send({ body: 'poison', groupId: 'g', deduplicationId: '1' });
    expect(source.receive(1, 0)).toHaveLength(1);
    expect(source.receive(1, 0)).toEqual([]);
    expect(dead.receive(1)).toMatchObject([{ body: 'poison', groupId: 'g', receiveCount: 1 }]);
    expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });
});

describe('whatever happens to a FIFO queue', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('send' as const), group: fc.constantFrom('a', 'b', 'c') }),
    fc.record({ kind: fc.constant('receive' as const), max: fc.integer({ min: 1, max: 10 }) }),
    fc.record({ kind: fc.constant('delete' as const), index: fc.nat(5) }),
    fc.record({ kind: fc.constant('wait' as const), milliseconds: fc.integer({ min: 1, max: 40_000 }) }),
  );

  it('no group has two batches in flight, and first receipts keep the order of a group', async () => {
    let receipts = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
        const { queue, timeline } = createQueue({ FifoQueue: 'true' });
        const history = new FifoHistory(queue, timeline);
        for (const [index, each] of steps.entries()) {
          if (each.kind === 'send') queue.send({ body: `${index}`, groupId: each.group, deduplicationId: `${index}` });
          if (each.kind === 'wait') await timeline.advance(each.milliseconds);
          if (each.kind === 'receive') history.receive(each.max);
          if (each.kind === 'delete') history.delete(each.index);
        }
        queue.close();
        receipts += history.receipts;
        expect(history.overlaps).toEqual([]);
        for (const order of history.firstReceipts.values()) {
          expect(order).toEqual(order.toSorted((one, other) => one - other));
        }
      }),
      { numRuns: 60 },
    );
    expect(receipts).toBeGreaterThan(100);
  });
});

/** What a consumer of a FIFO queue holds, as the consumer sees it. */
class FifoHistory {
  receipts = 0;
  /** Groups that were given while a batch of theirs was in flight. */
  readonly overlaps: string[] = [];
  /** Per group, the bodies in the order of their first receipts. */
  readonly firstReceipts = new Map<string, number[]>();
  readonly #queue: Queue;
  readonly #timeline: VirtualTimeline;
  readonly #held = new Map<string, { readonly group: string; readonly untilMs: number }>();

  constructor(queue: Queue, timeline: VirtualTimeline) {
    this.#queue = queue;
    this.#timeline = timeline;
  }

  receive(max: number): void {
    const nowMs = this.#timeline.now();
    const inFlight = [...this.#held.values()].filter(({ untilMs }) => untilMs > nowMs);
    const busy = new Set(inFlight.map(({ group }) => group));
    for (const { groupId = '', body, receiptHandle, receiveCount } of this.#queue.receive(max)) {
      this.receipts += 1;
      if (busy.has(groupId)) this.overlaps.push(groupId);
      this.#held.set(receiptHandle, { group: groupId, untilMs: nowMs + 30_000 });
      if (receiveCount === 1) {
        this.firstReceipts.set(groupId, [...(this.firstReceipts.get(groupId) ?? []), Number(body)]);
      }
    }
  }

  /** Deletes one of the messages that are still in flight. */
  delete(index: number): void {
    const [handle, held] = [...this.#held][index] ?? [];
    if (handle === undefined || held === undefined || held.untilMs <= this.#timeline.now()) return;
    this.#queue.delete(handle);
    this.#held.delete(handle);
  }
}
