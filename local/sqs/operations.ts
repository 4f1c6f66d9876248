import type { JsonObject } from '../json.ts';
import type { Timeline } from '../timeline.ts';
import { invalidValue, queueDoesNotExist, SqsError } from './error.ts';
import { md5, md5OfAttributes, type NewMessage, type ReceivedMessage, sizeOf } from './message.ts';
import type { Queue, Sent } from './queue.ts';
import { attributesOf, MAX_WAIT_SECONDS, withAttributes } from './queue-settings.ts';
import type { Queues } from './queues.ts';
import {
  assertParameters,
  MESSAGE_PARAMETERS,
  optionalNumber,
  optionalText,
  parseEntries,
  parseMessage,
  requiredText,
  textList,
  textMap,
} from './request.ts';

type Answer = Readonly<Record<string, unknown>>;
export type Operation = (queues: Queues, request: JsonObject, timeline: Timeline) => Answer | Promise<Answer>;

const MAX_BATCH_BYTES = 1_048_576;
const MAX_LISTED = 1000;

/** What the local SQS can do, by the names of the Amazon SQS API Reference. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  Object.entries({
    ChangeMessageVisibility: changeMessageVisibility,
    CreateQueue: createQueue,
    DeleteMessage: deleteMessage,
    DeleteMessageBatch: deleteMessageBatch,
    DeleteQueue: deleteQueue,
    GetQueueAttributes: getQueueAttributes,
    GetQueueUrl: getQueueUrl,
    ListQueues: listQueues,
    PurgeQueue: purgeQueue,
    ReceiveMessage: receiveMessage,
    SendMessage: sendMessage,
    SendMessageBatch: sendMessageBatch,
    SetQueueAttributes: setQueueAttributes,
  }),
);

function queueOf(queues: Queues, request: JsonObject): Queue {
  return queues.byUrl(requiredText(request, 'QueueUrl'));
}

function createQueue(queues: Queues, request: JsonObject): Answer {
  assertParameters(request, 'CreateQueue', ['QueueName', 'Attributes']);
  const queue = queues.create(requiredText(request, 'QueueName'), textMap(request, 'Attributes'));
  return { QueueUrl: queues.urlOf(queue) };
}

function deleteQueue(queues: Queues, request: JsonObject): Answer {
  assertParameters(request, 'DeleteQueue', ['QueueUrl']);
  queues.delete(queueOf(queues, request));
  return {};
}

function purgeQueue(queues: Queues, request: JsonObject): Answer {
  assertParameters(request, 'PurgeQueue', ['QueueUrl']);
  queueOf(queues, request).purge();
  return {};
}

function getQueueUrl(queues: Queues, request: JsonObject): Answer {
  assertParameters(request, 'GetQueueUrl', ['QueueName']);
  const queue = queues.find(requiredText(request, 'QueueName'));
  if (queue === undefined) throw queueDoesNotExist();
  return { QueueUrl: queues.urlOf(queue) };
}

function listQueues(queues: Queues, request: JsonObject): Answer {
  assertParameters(request, 'ListQueues', ['QueueNamePrefix', 'MaxResults']);
  const prefix = optionalText(request, 'QueueNamePrefix') ?? '';
  const found = queues.all.filter(({ name }) => name.startsWith(prefix)).slice(0, MAX_LISTED);
  return found.length === 0 ? {} : { QueueUrls: found.map((queue) => queues.urlOf(queue)) };
}

function getQueueAttributes(queues: Queues, request: JsonObject): Answer {
  assertParameters(request, 'GetQueueAttributes', ['QueueUrl', 'AttributeNames']);
  const queue = queueOf(queues, request);
  const { visible, inFlight, delayed } = queue.counts();
  const all: Readonly<Record<string, string>> = {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: String(Math.floor(queue.createdAtMs / 1000)),
    ...attributesOf(queue.settings),
  };
  const wanted = textList(request, 'AttributeNames');
  const chosen = Object.entries(all).filter(([name]) => wanted.includes('All') || wanted.includes(name));
  return chosen.length === 0 ? {} : { Attributes: Object.fromEntries(chosen) };
}

function setQueueAttributes(queues: Queues, request: JsonObject): Answer {
  assertParameters(request, 'SetQueueAttributes', ['QueueUrl', 'Attributes']);
  const queue = queueOf(queues, request);
  const attributes = textMap(request, 'Attributes');
  if (attributes['FifoQueue'] !== undefined) {
    throw new SqsError('InvalidAttributeName', 'Unknown Attribute FifoQueue: it is fixed when a queue is created.');
  }
  queue.settings = withAttributes(queue.settings, attributes);
  return {};
}

function sendMessage(queues: Queues, request: JsonObject): Answer {
  assertParameters(request, 'SendMessage', ['QueueUrl', ...MESSAGE_PARAMETERS]);
  const message = parseMessage(request);
  return sentAnswer(message, queueOf(queues, request).send(message));
}

function sentAnswer(message: NewMessage, sent: Sent): Answer {
  const attributes = message.attributes ?? {};
  return {
    MessageId: sent.messageId,
    MD5OfMessageBody: md5(message.body),
    ...(Object.keys(attributes).length === 0 ? {} : { MD5OfMessageAttributes: md5OfAttributes(attributes) }),
    ...(sent.sequenceNumber === undefined ? {} : { SequenceNumber: sent.sequenceNumber }),
  };
}

function sendMessageBatch(queues: Queues, request: JsonObject): Answer {
  assertParameters(request, 'SendMessageBatch', ['QueueUrl', 'Entries']);
  const queue = queueOf(queues, request);
  const entries = parseEntries(request);
  const bytes = entries.reduce((sum, entry) => sum + sizeOf(parseMessage(entry.request)), 0);
  if (bytes > MAX_BATCH_BYTES) {
    throw new SqsError(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${MAX_BATCH_BYTES} bytes. You have sent ${bytes} bytes.`,
      'AWS.SimpleQueueService.BatchRequestTooLong',
    );
  }
  return eachEntry(entries, (entry) => {
    assertParameters(entry, 'SendMessageBatch', ['Id', ...MESSAGE_PARAMETERS]);
    const message = parseMessage(entry);
    return sentAnswer(message, queue.send(message));
  });
}

function deleteMessage(queues: Queues, request: JsonObject): Answer {
  assertParameters(request, 'DeleteMessage', ['QueueUrl', 'ReceiptHandle']);
  queueOf(queues, request).delete(requiredText(request, 'ReceiptHandle'));
  return {};
}

function deleteMessageBatch(queues: Queues, request: JsonObject): Answer {
  assertParameters(request, 'DeleteMessageBatch', ['QueueUrl', 'Entries']);
  const queue = queueOf(queues, request);
  return eachEntry(parseEntries(request), (entry) => {
    assertParameters(entry, 'DeleteMessageBatch', ['Id', 'ReceiptHandle']);
    queue.delete(requiredText(entry, 'ReceiptHandle'));
    return {};
  });
}

/** Each entry succeeds or fails for itself. */
function eachEntry(entries: ReturnType<typeof parseEntries>, carryOut: (request: JsonObject) => Answer): Answer {
  const Successful: Answer[] = [];
  const Failed: Answer[] = [];
  for (const { id, request } of entries) {
    try {
      Successful.push({ Id: id, ...carryOut(request) });
    } catch (error) {
      if (!(error instanceof SqsError)) throw error;
      Failed.push({ Id: id, SenderFault: true, Code: error.queryCode, Message: error.message });
    }
  }
  return { Successful, ...(Failed.length === 0 ? {} : { Failed }) };
}

function changeMessageVisibility(queues: Queues, request: JsonObject): Answer {
  assertParameters(request, 'ChangeMessageVisibility', ['QueueUrl', 'ReceiptHandle', 'VisibilityTimeout']);
  const seconds = optionalNumber(request, 'VisibilityTimeout');
  const receiptHandle = requiredText(request, 'ReceiptHandle');
  queueOf(queues, request).changeVisibility(receiptHandle, seconds ?? Number.NaN);
  return {};
}

async function receiveMessage(queues: Queues, request: JsonObject, timeline: Timeline): Promise<Answer> {
  assertParameters(request, 'ReceiveMessage', [
    'QueueUrl',
    'MaxNumberOfMessages',
    'VisibilityTimeout',
    'WaitTimeSeconds',
    'AttributeNames',
    'MessageSystemAttributeNames',
    'MessageAttributeNames',
  ]);
  const queue = queueOf(queues, request);
  const max = optionalNumber(request, 'MaxNumberOfMessages') ?? 1;
  if (max > 10) throw invalidValue('MaxNumberOfMessages', max, 'Must be between 1 and 10, if provided.');
  const waitSeconds = optionalNumber(request, 'WaitTimeSeconds') ?? queue.settings.receiveWaitSeconds;
  if (!(waitSeconds >= 0 && waitSeconds <= MAX_WAIT_SECONDS)) {
    throw invalidValue('WaitTimeSeconds', waitSeconds, `Must be >= 0 and <= ${MAX_WAIT_SECONDS}, if provided.`);
  }
  const receive = () => queue.receive(max, optionalNumber(request, 'VisibilityTimeout'));
  const received = await receiveWithin(queue, receive, waitSeconds * 1000, timeline);
  return received.length === 0 ? {} : { Messages: received.map((each) => messageAnswer(each, request)) };
}

/** Waits for something to receive, as long polling does, up to the time given. */
async function receiveWithin(
  queue: Queue,
  receive: () => ReceivedMessage[],
  waitMs: number,
  timeline: Timeline,
): Promise<ReceivedMessage[]> {
  const deadlineMs = timeline.now() + waitMs;
  for (;;) {
    const received = receive();
    if (received.length > 0 || timeline.now() >= deadlineMs) return received;
    await new Promise<void>((resolve) => {
      const wake = () => {
        stopListening();
        cancel();
        resolve();
      };
      const stopListening = queue.onVisible(wake);
      const cancel = timeline.after(deadlineMs - timeline.now(), wake);
    });
  }
}

function messageAnswer(message: ReceivedMessage, request: JsonObject): Answer {
  const system = systemAttributes(message);
  const wantedSystem = [...textList(request, 'AttributeNames'), ...textList(request, 'MessageSystemAttributeNames')];
  const shown = Object.entries(system).filter(([name]) => wantedSystem.includes('All') || wantedSystem.includes(name));
  const wanted = textList(request, 'MessageAttributeNames');
  const attributes = Object.fromEntries(
    Object.entries(message.attributes).filter(([name]) => wanted.some((pattern) => names(pattern, name))),
  );
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: message.bodyMd5,
    Body: message.body,
    ...(shown.length === 0 ? {} : { Attributes: Object.fromEntries(shown) }),
    ...(Object.keys(attributes).length === 0
      ? {}
      : { MessageAttributes: attributes, MD5OfMessageAttributes: md5OfAttributes(attributes) }),
  };
}

/** `All`, `.*`, a name, or `prefix.*`. */
function names(pattern: string, name: string): boolean {
  if (pattern === 'All' || pattern === '.*') return true;
  return pattern.endsWith('.*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}

/** The attributes that SQS itself gives a message. */
function systemAttributes(message: ReceivedMessage): Record<string, string> {
  return {
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAtMs),
    SentTimestamp: String(message.sentAtMs),
    SenderId: 'local',
    ...(message.groupId === undefined ? {} : { MessageGroupId: message.groupId }),
    ...(message.deduplicationId === undefined ? {} : { MessageDeduplicationId: message.deduplicationId }),
    ...(message.sequenceNumber === undefined ? {} : { SequenceNumber: message.sequenceNumber }),
  };
}
