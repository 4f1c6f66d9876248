import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  type Message,
  PurgeQueueCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { conformanceClients, exceptFor, freshName } from './endpoint.ts';

const { sqs } = conformanceClients();

async function create(Attributes: Record<string, string> = {}, name = freshName('queue')): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }));
  if (QueueUrl === undefined) throw new Error('CreateQueue answered without a QueueUrl');
  return QueueUrl;
}

function createFifo(Attributes: Record<string, string> = {}): Promise<string> {
  return create({ FifoQueue: 'true', ...Attributes }, `${freshName('queue')}.fifo`);
}

async function arnOf(QueueUrl: string): Promise<string> {
  const names = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
  return (await sqs.send(names)).Attributes?.['QueueArn'] ?? '';
}

let deduplicationIds = 0;

async function send(QueueUrl: string, MessageBody: string, more: Partial<SendMessageCommandInput> = {}) {
  return sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));
}

function sendFifo(QueueUrl: string, MessageGroupId: string, MessageBody: string) {
  deduplicationIds += 1;
  return send(QueueUrl, MessageBody, { MessageGroupId, MessageDeduplicationId: `${deduplicationIds}` });
}

async function receive(QueueUrl: string, more: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> {
  const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...more });
  return (await sqs.send(command)).Messages ?? [];
}

async function bodies(
  QueueUrl: string,
  more: Partial<ReceiveMessageCommandInput> = {},
): Promise<(string | undefined)[]> {
  return (await receive(QueueUrl, more)).map(({ Body }) => Body);
}

async function remove(QueueUrl: string, { ReceiptHandle }: Message = {}): Promise<void> {
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
}

// "CreateQueue", "GetQueueUrl", "GetQueueAttributes", "SetQueueAttributes" (Amazon SQS API Reference)
describe('SQS queues', () => {
  it('finds a queue by its name and lists it by its prefix', async () => {
    const name = freshName('listed');
    const QueueUrl = await create({}, name);
    expect(new URL(QueueUrl).pathname).toBe(`/123456789012/${name}`);
    expect((await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl).toBe(QueueUrl);
    expect((await sqs.send(new ListQueuesCommand({ QueueNamePrefix: name }))).QueueUrls).toEqual([QueueUrl]);
  });

  it('gives the queue that is there, and refuses one with other attributes', async () => {
    const name = freshName('twice');
    const QueueUrl = await create({ VisibilityTimeout: '40' }, name);
    expect(await create({ VisibilityTimeout: '40' }, name)).toBe(QueueUrl);
    await expect(create({ VisibilityTimeout: '50' }, name)).rejects.toMatchObject({ name: 'QueueNameExists' });
  });

  it('shows and changes attributes', async () => {
    const QueueUrl = await create({ DelaySeconds: '5' });
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '45' } }));
    const all = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    expect(all.Attributes).toMatchObject({
      DelaySeconds: '5',
      VisibilityTimeout: '45',
      MessageRetentionPeriod: '345600',
      ReceiveMessageWaitTimeSeconds: '0',
      ApproximateNumberOfMessages: '0',
    });
  });

  it('knows a deleted queue no more', async () => {
    const QueueUrl = await create();
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    await expect(send(QueueUrl, 'a')).rejects.toBeInstanceOf(QueueDoesNotExist);
  });

  it('refuses a FIFO queue without the suffix .fifo', async () => {
    await expect(create({ FifoQueue: 'true' })).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it(
    'refuses a visibility timeout of more than 12 hours',
    exceptFor('moto', 'takes any visibility timeout', async () => {
      const long = create({ VisibilityTimeout: '43201' });
      await expect(long).rejects.toMatchObject({ name: expect.stringMatching(/^Invalid(Attribute|Parameter)Value$/) });
    }),
  );
});

// "SendMessage", "ReceiveMessage", "DeleteMessage" (Amazon SQS API Reference)
describe('SQS messages', () => {
  it('receives what was sent, with its attributes', async () => {
    const QueueUrl = await create();
    const sent = await send(QueueUrl, 'hello', {
      MessageAttributes: {
        colour: { DataType: 'String', StringValue: 'blue' },
        bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2]) },
      },
    });
    expect(sent.MD5OfMessageBody).toBe('5d41402abc4b2a76b9719d911017c592');
    const [message] = await receive(QueueUrl, { MessageSystemAttributeNames: ['All'], MessageAttributeNames: ['All'] });
    expect(message).toMatchObject({
      MessageId: sent.MessageId,
      Body: 'hello',
      MD5OfBody: '5d41402abc4b2a76b9719d911017c592',
      MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
      MessageAttributes: { colour: { DataType: 'String', StringValue: 'blue' } },
      Attributes: { ApproximateReceiveCount: '1', SentTimestamp: expect.stringMatching(/^\d{13}$/) },
    });
  });

  it('hides a message in flight until its visibility timeout is ended', async () => {
    const QueueUrl = await create();
    await send(QueueUrl, 'a');
    const [first] = await receive(QueueUrl);
    expect(await bodies(QueueUrl)).toEqual([]);
    await sqs.send(
      new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle, VisibilityTimeout: 0 }),
    );
    const [second] = await receive(QueueUrl, { MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
    expect(second?.Attributes).toEqual({ ApproximateReceiveCount: '2' });
    await remove(QueueUrl, second);
    expect(await bodies(QueueUrl, { VisibilityTimeout: 0 })).toEqual([]);
  });

  it('holds a delayed message back', async () => {
    const QueueUrl = await create();
    await send(QueueUrl, 'late', { DelaySeconds: 900 });
    await send(QueueUrl, 'now');
    expect(await bodies(QueueUrl)).toEqual(['now']);
  });

  it('refuses a delay of more than 900 seconds', async () => {
    const delayed = send(await create(), 'a', { DelaySeconds: 901 });
    await expect(delayed).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it(
    'refuses an empty body',
    exceptFor('moto', 'answers an empty body with InvalidParameterValue', async () => {
      await expect(send(await create(), '')).rejects.toMatchObject({ name: 'MissingParameter' });
    }),
  );

  it('takes a body of 1 MiB, and refuses a longer one', async () => {
    const QueueUrl = await create();
    await send(QueueUrl, 'x'.repeat(1_048_576));
    await expect(send(QueueUrl, 'x'.repeat(1_048_577))).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it(
    'refuses characters that no XML can hold',
    exceptFor('moto', 'takes characters that no XML can hold', async () => {
      const QueueUrl = await create();
      await expect(send(QueueUrl, 'a\u0000b')).rejects.toMatchObject({ name: 'InvalidMessageContents' });
    }),
  );

  it('refuses a handle that is none, and a queue that is none', async () => {
    const QueueUrl = await create();
    const remains = remove(QueueUrl, { ReceiptHandle: 'nonsense' });
    await expect(remains).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' });
    const missing = send(QueueUrl.replace(/[^/]+$/, 'no-such-queue'), 'a');
    await expect(missing).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  });

  it('refuses to receive more than ten', async () => {
    const QueueUrl = await create();
    const many = receive(QueueUrl, { MaxNumberOfMessages: 11 });
    await expect(many).rejects.toMatchObject({ name: expect.stringMatching(/InvalidParameterValue/) });
  });

  it('forgets everything when purged', async () => {
    const QueueUrl = await create();
    await send(QueueUrl, 'a');
    await sqs.send(new PurgeQueueCommand({ QueueUrl }));
    expect(await bodies(QueueUrl)).toEqual([]);
  });
});

// "SendMessageBatch", "DeleteMessageBatch" (Amazon SQS API Reference)
describe('SQS batches', () => {
  it('sends and deletes each entry for itself', async () => {
    const QueueUrl = await create();
    const sent = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'one', MessageBody: 'a' },
          { Id: 'two', MessageBody: 'b' },
        ],
      }),
    );
    expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['one', 'two']);
    expect(sent.Failed ?? []).toEqual([]);
    const [first] = await receive(QueueUrl);
    const removed = await sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'good', ReceiptHandle: first?.ReceiptHandle },
          { Id: 'bad', ReceiptHandle: 'nonsense' },
        ],
      }),
    );
    expect(removed.Successful).toEqual([{ Id: 'good' }]);
    expect(removed.Failed).toMatchObject([{ Id: 'bad', Code: 'ReceiptHandleIsInvalid', SenderFault: true }]);
  });

  const refused: [string, string, string[]][] = [
    ['an empty batch', 'EmptyBatchRequest', []],
    ['eleven entries', 'TooManyEntriesInBatchRequest', 'a b c d e f g h i j k'.split(' ')],
    ['one id twice', 'BatchEntryIdsNotDistinct', ['a', 'a']],
    ['an id with a space', 'InvalidBatchEntryId', ['a b']],
  ];
  it.each(refused)('refuses %s', async (_title, name, ids) => {
    const Entries = ids.map((Id) => ({ Id, MessageBody: 'a' }));
    const batch = sqs.send(new SendMessageBatchCommand({ QueueUrl: await create(), Entries }));
    await expect(batch).rejects.toMatchObject({ name });
  });
});

// "FIFO delivery logic in Amazon SQS", "Using the message deduplication ID in Amazon SQS"
describe('SQS FIFO queues', () => {
  it('gives a group in order, and nothing more of it while a message of it is in flight', async () => {
    const QueueUrl = await createFifo();
    for (const body of ['a1', 'a2', 'a3']) await sendFifo(QueueUrl, 'a', body);
    await sendFifo(QueueUrl, 'b', 'b1');
    const [a1] = await receive(QueueUrl, { MaxNumberOfMessages: 1 });
    expect(a1?.Body).toBe('a1');
    const [b1, ...others] = await receive(QueueUrl);
    expect([b1?.Body, ...others]).toEqual(['b1']);
    await remove(QueueUrl, a1);
    expect(await bodies(QueueUrl)).toEqual(['a2', 'a3']);
  });

  it(
    'drops what comes again under one deduplication id, for five minutes',
    exceptFor('moto', 'gives a repeated message an id of its own', async () => {
      const QueueUrl = await createFifo();
      const again = { MessageGroupId: 'a', MessageDeduplicationId: 'same' };
      const first = await send(QueueUrl, 'first', again);
      const second = await send(QueueUrl, 'second', again);
      expect(second.MessageId).toBe(first.MessageId);
      const [received] = await receive(QueueUrl);
      expect(received?.Body).toBe('first');
      await remove(QueueUrl, received);
      await send(QueueUrl, 'third', again);
      expect(await bodies(QueueUrl)).toEqual([]);
    }),
  );

  it('tells duplicates by their body where that is switched on', async () => {
    const QueueUrl = await createFifo({ ContentBasedDeduplication: 'true' });
    for (const body of ['a', 'a', 'b']) await send(QueueUrl, body, { MessageGroupId: 'a' });
    expect(await bodies(QueueUrl)).toEqual(['a', 'b']);
  });

  it('refuses a message without a group, without a deduplication id, or with a delay of its own', async () => {
    const QueueUrl = await createFifo();
    await expect(send(QueueUrl, 'a', { MessageDeduplicationId: '1' })).rejects.toMatchObject({
      name: 'MissingParameter',
    });
    await expect(send(QueueUrl, 'a', { MessageGroupId: 'a' })).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    const delayed = send(QueueUrl, 'a', { MessageGroupId: 'a', MessageDeduplicationId: '2', DelaySeconds: 5 });
    await expect(delayed).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it(
    'numbers the messages upwards',
    exceptFor('moto', 'numbers FIFO messages at random', async () => {
      const QueueUrl = await createFifo();
      const numbers: bigint[] = [];
      for (const group of 'abcdefghijkl') {
        const { SequenceNumber = '0' } = await sendFifo(QueueUrl, group, 'body');
        numbers.push(BigInt(SequenceNumber));
      }
      expect(numbers).toHaveLength(12);
      expect(numbers.every((each, index) => index === 0 || each > (numbers[index - 1] ?? each))).toBe(true);
    }),
  );
});

// "Using dead-letter queues in Amazon SQS"
describe('SQS redrive', () => {
  it('moves a message that was received too often', async () => {
    const dead = await create();
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: await arnOf(dead), maxReceiveCount: 2 });
    const QueueUrl = await create({ RedrivePolicy });
    await send(QueueUrl, 'poison');
    expect(await bodies(QueueUrl, { VisibilityTimeout: 0 })).toEqual(['poison']);
    expect(await bodies(QueueUrl, { VisibilityTimeout: 0 })).toEqual(['poison']);
    expect(await bodies(dead)).toEqual([]);
    expect(await bodies(QueueUrl)).toEqual([]);
    expect(await bodies(dead)).toEqual(['poison']);
  });

  it('lets a FIFO group go on behind the message that it moved', async () => {
    const dead = await createFifo();
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: await arnOf(dead), maxReceiveCount: 1 });
    const QueueUrl = await createFifo({ RedrivePolicy });
    await sendFifo(QueueUrl, 'a', 'poison');
    await sendFifo(QueueUrl, 'a', 'good');
    expect(await bodies(QueueUrl, { VisibilityTimeout: 0, MaxNumberOfMessages: 1 })).toEqual(['poison']);
    expect(await bodies(QueueUrl)).toEqual(['good']);
    expect(await bodies(dead)).toEqual(['poison']);
  });
});
