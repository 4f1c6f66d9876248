import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { InProcessHost } from '../../local/runtime/in-process-host.ts';
import { type MessageSource, QueueMapping, type QueueMessage } from '../../local/runtime/queue-mapping.ts';
import { VirtualTimeline } from '../../local/timeline.ts';

/** A queue of messages that are all visible, until they are received. */
class Messages implements MessageSource {
  readonly arn = 'arn:aws:sqs:us-east-1:123456789012:q';
  readonly deleted: string[] = [];
  #visible: QueueMessage[] = [];
  #callback = (): void => {};

  put(...ids: string[]): void {
    this.#visible.push(
      ...ids.map((id) => ({
        messageId: id,
        receiptHandle: `handle-${id}`,
        body: `"${id}"`,
        md5OfBody: '',
        attributes: { ApproximateReceiveCount: '1' },
      })),
    );
    this.#callback();
  }
  receive(maxMessages: number): QueueMessage[] {
    return this.#visible.splice(0, maxMessages);
  }
  delete(receiptHandles: readonly string[]): void {
    this.deleted.push(...receiptHandles);
  }
  onVisible(callback: () => void): () => void {
    this.#callback = callback;
    return () => {
      this.#callback = () => {};
    };
  }
}

const EVENT = v.object({ Records: v.array(v.object({ messageId: v.string(), eventSourceARN: v.string() })) });

function mapped(
  handler: (records: v.InferOutput<typeof EVENT>['Records']) => Promise<unknown>,
  options: { readonly batchSize?: number; readonly maxConcurrency?: number; readonly reports?: boolean } = {},
) {
  const timeline = new VirtualTimeline(0);
  const source = new Messages();
  const failures: unknown[] = [];
  const host = new InProcessHost({
    timeline,
    newId: () => 'request',
    handlerOf: () => (event) => handler(v.parse(EVENT, event).Records),
  });
  host.create({
    name: 'f',
    arn: 'arn:f',
    folder: '',
    handler: '',
    timeoutMs: 9e9,
    memoryMegabytes: 1,
    environment: {},
  });
  const mapping = new QueueMapping({
    source,
    host,
    functionName: 'f',
    region: 'us-east-1',
    batchSize: options.batchSize ?? 10,
    maxConcurrency: options.maxConcurrency ?? 2,
    reportsBatchItemFailures: options.reports ?? true,
    onFailure: (_name, error) => failures.push(error),
  });
  return { timeline, source, mapping, failures };
}

describe('an event source mapping', () => {
  it('hands over what is visible at once, in batches, and deletes what succeeded', async () => {
    const batches: string[][] = [];
    const { timeline, source } = mapped(async (records) => batches.push(records.map((each) => each.messageId)), {
      batchSize: 2,
      reports: false,
    });
    source.put('a', 'b', 'c');
    await timeline.advance(0);
    expect(batches).toEqual([['a', 'b'], ['c']]);
    expect(source.deleted).toEqual(['handle-a', 'handle-b', 'handle-c']);
  });

  it('never runs more invocations at once than it may', async () => {
    let running = 0;
    let most = 0;
    const { timeline, source } = mapped(
      async () => {
        most = Math.max(most, (running += 1));
        await timeline.sleep(1_000);
        running -= 1;
      },
      { batchSize: 1, maxConcurrency: 2 },
    );
    source.put('a', 'b', 'c', 'd', 'e');
    await timeline.advance(10_000);
    expect(most).toBe(2);
    expect(source.deleted).toHaveLength(5);
  });

  it('leaves the messages that the function reports as failed', async () => {
    const { timeline, source } = mapped(async () => ({ batchItemFailures: [{ itemIdentifier: 'b' }] }));
    source.put('a', 'b', 'c');
    await timeline.advance(0);
    expect(source.deleted).toEqual(['handle-a', 'handle-c']);
  });

  it.each([
    ['names an unknown message', { batchItemFailures: [{ itemIdentifier: 'z' }] }],
    ['names none', { batchItemFailures: [{ itemIdentifier: '' }] }],
    ['is malformed', { batchItemFailures: 'b' }],
  ])('leaves the whole batch when a report %s', async (_what, report) => {
    const { timeline, source } = mapped(async () => report);
    source.put('a', 'b');
    await timeline.advance(0);
    expect(source.deleted).toEqual([]);
  });

  it.each([[null], [{}], [{ batchItemFailures: [] }], [{ batchItemFailures: null }]])(
    'takes the answer %j for success',
    async (report) => {
      const { timeline, source } = mapped(async () => report);
      source.put('a');
      await timeline.advance(0);
      expect(source.deleted).toEqual(['handle-a']);
    },
  );

  it('leaves the whole batch when the function fails, says so, and goes on', async () => {
    const { timeline, source, failures } = mapped(async (records) => {
      if (records[0]?.messageId === 'bad') throw new Error('broken');
    });
    source.put('bad');
    await timeline.advance(0);
    source.put('good');
    await timeline.advance(0);
    expect(source.deleted).toEqual(['handle-good']);
    expect(failures).toMatchObject([{ message: 'broken' }]);
  });

  it('takes nothing more once stopped, and waits for what is under way', async () => {
    const { timeline, source, mapping } = mapped(async () => timeline.sleep(1_000));
    source.put('a');
    let stopped = false;
    const markStopped = async (): Promise<void> => {
      await mapping.stop();
      stopped = true;
    };
    void markStopped();
    source.put('b');
    await timeline.advance(500);
    expect(stopped).toBe(false);
    await timeline.advance(500);
    expect(stopped).toBe(true);
    expect(source.deleted).toEqual(['handle-a']);
  });
});
