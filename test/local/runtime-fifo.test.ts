import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { InProcessHost } from '../../local/runtime/in-process-host.ts';
import { QueueMapping } from '../../local/runtime/queue-mapping.ts';
import { queueSource } from '../../local/runtime/queue-source.ts';
import type { Queue } from '../../local/sqs/queue.ts';
import { Queues } from '../../local/sqs/queues.ts';
import { VirtualTimeline } from '../../local/timeline.ts';

const EVENT = v.object({
  Records: v.array(
    v.object({ messageId: v.string(), body: v.string(), attributes: v.object({ MessageGroupId: v.string() }) }),
  ),
});

let timeline: VirtualTimeline;
let queues: Queues;
let queue: Queue;
let mapping: QueueMapping;
/** Every delivery: when, and what. */
let deliveries: string[] = [];
let failing: string[] = [];
let lastsMs = 0;

beforeEach(() => {
  timeline = new VirtualTimeline(0);
  deliveries = [];
  failing = [];
  lastsMs = 0;
  let ids = 0;
  const newId = () => `id-${(ids += 1)}`;
  queues = new Queues({
    timeline,
    newId,
    account: '123456789012',
    region: 'us-east-1',
    endpoint: () => 'http://local',
  });
  const dead = queues.create('dead.fifo', { FifoQueue: 'true' });
  queue = queues.create('work.fifo', {
    FifoQueue: 'true',
    VisibilityTimeout: '30',
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 3 }),
  });
  const host = new InProcessHost({
    timeline,
    newId,
    handlerOf: () => async (event) => {
      const { Records } = v.parse(EVENT, event);
      deliveries.push(`${timeline.now() / 1000}: ${Records.map(({ body }) => body).join(' ')}`);
      await timeline.sleep(lastsMs);
      const failed = Records.filter(({ body }) => failing.includes(body));
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    },
  });
  host.create({
    name: 'f',
    arn: 'arn:f',
    folder: '',
    handler: '',
    timeoutMs: 20_000,
    memoryMegabytes: 1,
    environment: {},
  });
  mapping = new QueueMapping({
    source: queueSource(queue),
    host,
    functionName: 'f',
    region: 'us-east-1',
    batchSize: 1,
    maxConcurrency: 5,
    reportsBatchItemFailures: true,
    onFailure: () => {},
  });
});

afterEach(() => {
  mapping.halt();
  queues.close();
});

function send(...bodies: string[]): void {
  for (const body of bodies) {
    queue.send({ body, groupId: body.slice(0, 1), deduplicationId: `${body}-${timeline.now()}` });
  }
}

describe('a mapping from a FIFO queue', () => {
  it('delivers a group one batch after the other, and groups beside each other', async () => {
    lastsMs = 2_000;
    send('a1', 'a2', 'b1');
    await timeline.advance(10_000);
    expect(deliveries).toEqual(['0: a1', '0: b1', '2: a2']);
    expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it('holds a group up behind its failure until the visibility timeout, and no other group', async () => {
    failing = ['a1'];
    send('a1', 'a2', 'b1');
    await timeline.advance(29_000);
    expect(deliveries).toEqual(['0: a1', '0: b1']);
    failing = [];
    await timeline.advance(10_000);
    expect(deliveries.slice(2)).toEqual(['30: a1', '30: a2']);
  });

  it('lets a group go on when its poison message is in the dead-letter queue', async () => {
    failing = ['a1'];
    send('a1', 'a2');
    await timeline.advance(200_000);
    expect(deliveries).toEqual(['0: a1', '30: a1', '60: a1', '90: a2']);
    expect(queues.find('dead.fifo')?.counts().visible).toBe(1);
  });
});
