import { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { createWorkQueue } from '../../lib/aws/work-queue.ts';
import type { WakeUp } from '../../lib/reconcile/ports.ts';
import { type Answer, broken, clientSettings, json, jsonError, md5, played } from './played-wire.ts';

const SETTINGS = {
  workQueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/work.fifo',
  laterQueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/later',
};

function queueWith(...answers: Answer[]) {
  const { sent, requestHandler } = played(...answers);
  let ids = 0;
  const random = { id: () => `id-${++ids}` };
  const queue = createWorkQueue(new SQSClient(clientSettings(requestHandler)), SETTINGS, random);
  return { queue, bodies: () => sent.map(({ body }): unknown => JSON.parse(body)) };
}

function wake(group: string, attempt = 0): WakeUp {
  return { kind: 'wake', group, attempt };
}

/** What SQS says of each entry: `undefined` took it in. The ids are those that the queue above gives, two an entry. */
function batch(first: number, entries: readonly { body: string; failure?: { Code: string; SenderFault: boolean } }[]) {
  const id = (index: number) => `id-${first + 2 * index}`;
  return json(200, {
    Successful: entries.flatMap(({ body, failure }, index) =>
      failure === undefined ? [{ Id: id(index), MessageId: `m-${index}`, MD5OfMessageBody: md5(body) }] : [],
    ),
    Failed: entries.flatMap(({ failure }, index) =>
      failure === undefined ? [] : [{ Id: id(index), Message: 'said so', ...failure }],
    ),
  });
}

const A = '{"kind":"wake","group":"Z0AAA","attempt":0}';
const ADDRESSES = '{"kind":"wake","group":"addresses","attempt":2}';

describe('waking groups', () => {
  test('sends one message a group, each with a deduplication id of its own', async () => {
    const { queue, bodies } = queueWith(batch(1, [{ body: A }, { body: ADDRESSES }]));
    await queue.wake([wake('Z0AAA'), wake('addresses', 2)]);
    expect(bodies()).toEqual([
      {
        QueueUrl: SETTINGS.workQueueUrl,
        Entries: [
          { Id: 'id-1', MessageBody: A, MessageGroupId: 'Z0AAA', MessageDeduplicationId: 'id-2' },
          { Id: 'id-3', MessageBody: ADDRESSES, MessageGroupId: 'addresses', MessageDeduplicationId: 'id-4' },
        ],
      },
    ]);
  });

  test('sends a wake-up that was sent before under another deduplication id', async () => {
    const { queue, bodies } = queueWith(batch(1, [{ body: A }]), batch(3, [{ body: A }]));
    await queue.wake([wake('Z0AAA')]);
    await queue.wake([wake('Z0AAA')]);
    expect(bodies()).toMatchObject([
      { Entries: [{ MessageDeduplicationId: 'id-2' }] },
      { Entries: [{ MessageDeduplicationId: 'id-4' }] },
    ]);
  });

  test('sends the wake-up with the fewest attempts of several of a group', async () => {
    const { queue, bodies } = queueWith(batch(1, [{ body: A }]));
    await queue.wake([wake('Z0AAA', 4), wake('Z0AAA', 0), wake('Z0AAA', 2)]);
    expect(bodies()).toMatchObject([{ Entries: [{ MessageBody: A }] }]);
  });

  test('sends nothing when nothing is to be woken', async () => {
    const { queue, bodies } = queueWith();
    await queue.wake([]);
    expect(bodies()).toEqual([]);
  });

  test('sends at most ten in one call', async () => {
    const groups = Array.from({ length: 11 }, (_none, index) => `Z${index}`);
    const sent = groups.map((group) => ({ body: JSON.stringify(wake(group)) }));
    const { queue, bodies } = queueWith(batch(1, sent.slice(0, 10)), batch(21, sent.slice(10)));
    await queue.wake(groups.map((group) => wake(group)));
    expect(bodies()).toMatchObject([{ Entries: { length: 10 } }, { Entries: [{ MessageGroupId: 'Z10' }] }]);
  });

  test('sends again the entries alone that failed, under their ids', async () => {
    const failure = { Code: 'InternalError', SenderFault: false };
    const { queue, bodies } = queueWith(
      batch(1, [{ body: A }, { body: ADDRESSES, failure }]),
      batch(3, [{ body: ADDRESSES }]),
    );
    await queue.wake([wake('Z0AAA'), wake('addresses', 2)]);
    expect(bodies()[1]).toEqual({
      QueueUrl: SETTINGS.workQueueUrl,
      Entries: [{ Id: 'id-3', MessageBody: ADDRESSES, MessageGroupId: 'addresses', MessageDeduplicationId: 'id-4' }],
    });
  });

  test.each([
    ['RequestThrottled', true, 'throttled'],
    ['InternalError', false, 'unavailable'],
    ['SomethingNew', false, 'unavailable'],
    ['InvalidParameterValue', true, 'invalid'],
  ] as const)('throws when an entry fails twice with %s', async (Code, SenderFault, kind) => {
    const answer = batch(1, [{ body: A, failure: { Code, SenderFault } }]);
    const { queue, bodies } = queueWith(answer, answer);
    await expect(queue.wake([wake('Z0AAA')])).rejects.toMatchObject({
      name: 'ServiceFailure',
      kind,
      message: `SQS did not take the wake-up of Z0AAA: ${Code} said so`,
    });
    expect(bodies()).toHaveLength(2);
  });

  test('sends the other parts when one fails, and then throws', async () => {
    const groups = Array.from({ length: 11 }, (_none, index) => `Z${index}`);
    const last = batch(21, [{ body: JSON.stringify(wake('Z10')) }]);
    const { queue, bodies } = queueWith(jsonError(400, 'AccessDeniedException', 'no'), last);
    await expect(queue.wake(groups.map((group) => wake(group)))).rejects.toMatchObject({ kind: 'access-denied' });
    expect(bodies()).toMatchObject([{ Entries: { length: 10 } }, { Entries: [{ MessageGroupId: 'Z10' }] }]);
  });
});

describe('waking later', () => {
  const message = { kind: 'read-again', instanceIds: ['i-0b2'], attempt: 1 } as const;
  const body = '{"kind":"read-again","instanceIds":["i-0b2"],"attempt":1}';
  const taken = json(200, { MessageId: 'm-1', MD5OfMessageBody: md5(body) });

  test.each([
    [2, 2],
    [0.2, 1],
    [0, 0],
    [901, 900],
    [-1, 0],
  ])('asks for a delay of %d seconds as %d', async (asked, sent) => {
    const { queue, bodies } = queueWith(taken);
    await queue.later(message, asked);
    expect(bodies()).toEqual([{ QueueUrl: SETTINGS.laterQueueUrl, MessageBody: body, DelaySeconds: sent }]);
  });

  test.each([
    [jsonError(400, 'QueueDoesNotExist', 'no such queue'), 'not-found'],
    [jsonError(403, 'AccessDeniedException', 'no'), 'access-denied'],
    [jsonError(500, 'InternalFailure', 'later'), 'unavailable'],
    [broken('ETIMEDOUT'), 'unavailable'],
  ] as const)('throws a failure, case %#', async (answer, kind) => {
    const { queue } = queueWith(answer);
    await expect(queue.later(message, 1)).rejects.toMatchObject({ name: 'ServiceFailure', kind });
  });
});
