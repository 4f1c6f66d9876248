import { createHash } from 'node:crypto';
import type { Timeline } from '../timeline.ts';
import { invalidParameter, invalidValue, missingParameter, SqsError } from './error.ts';
import { assertBody, type MessageAttributes, md5, type NewMessage, type ReceivedMessage, sizeOf } from './message.ts';
import { MAX_DELAY_SECONDS, MAX_VISIBILITY_SECONDS, type QueueSettings } from './queue-settings.ts';

/** "Amazon SQS … deduplication interval: 5 minutes" (Using the message deduplication ID in Amazon SQS). */
const DEDUPLICATION_MS = 5 * 60_000;
const PURGE_INTERVAL_MS = 60_000;

export interface QueueContext {
  readonly timeline: Timeline;
  readonly newId: () => string;
  readonly findByArn: (arn: string) => Queue | undefined;
}

export interface Sent {
  readonly messageId: string;
  readonly sequenceNumber?: string;
}

interface Message {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
  readonly sequenceNumber: string | undefined;
  readonly sentAtMs: number;
  visibleAtMs: number;
  receiveCount: number;
  firstReceivedAtMs: number | undefined;
  /** Of the last receipt; undefined before the first. */
  receipt: string | undefined;
}

/** One queue, standard or FIFO. Messages leave it by `delete`, by redrive, or when their retention ends. */
export class Queue {
  readonly name: string;
  readonly arn: string;
  readonly createdAtMs: number;
  settings: QueueSettings;
  readonly #context: QueueContext;
  readonly #messages = new Map<string, Message>();
  readonly #deduplication = new Map<string, Sent & { readonly atMs: number }>();
  readonly #listeners = new Set<() => void>();
  #sequence = 0n;
  #isNotifying = false;
  #alarm: { readonly atMs: number; readonly cancel: () => void } | undefined;
  #purgedAtMs = Number.NEGATIVE_INFINITY;

  constructor(name: string, arn: string, settings: QueueSettings, context: QueueContext) {
    this.name = name;
    this.arn = arn;
    this.settings = settings;
    this.#context = context;
    this.createdAtMs = context.timeline.now();
  }

  send(message: NewMessage): Sent {
    this.#assertSendable(message);
    const duplicate = this.#duplicateOf(message);
    if (duplicate !== undefined) return duplicate;
    const nowMs = this.#context.timeline.now();
    const delaySeconds = message.delaySeconds ?? this.settings.delaySeconds;
    const sequenceNumber = this.settings.fifo ? this.#nextSequence() : undefined;
    const messageId = this.#context.newId();
    this.#add({
      messageId,
      body: message.body,
      attributes: message.attributes ?? {},
      groupId: message.groupId,
      deduplicationId: this.#deduplicationIdOf(message),
      sequenceNumber,
      sentAtMs: nowMs,
      visibleAtMs: nowMs + delaySeconds * 1000,
      receiveCount: 0,
      firstReceivedAtMs: undefined,
      receipt: undefined,
    });
    const sent = { messageId, ...(sequenceNumber === undefined ? {} : { sequenceNumber }) };
    this.#rememberDuplicate(message, sent, nowMs);
    return sent;
  }

  #add(message: Message): void {
    this.#messages.set(message.messageId, message);
    if (message.visibleAtMs > this.#context.timeline.now()) this.#lookAgainAt(message.visibleAtMs);
    else this.#notify();
  }

  #assertSendable(message: NewMessage): void {
    const { body, delaySeconds, groupId } = message;
    if (body === '') throw missingParameter('MessageBody');
    assertBody(body);
    if (sizeOf(message) > this.settings.maximumMessageBytes) {
      throw invalidParameter(
        `One or more parameters are invalid. Reason: Message must be shorter than ${this.settings.maximumMessageBytes} bytes.`,
      );
    }
    if (delaySeconds !== undefined && !(delaySeconds >= 0 && delaySeconds <= MAX_DELAY_SECONDS)) {
      throw invalidValue('DelaySeconds', delaySeconds, 'DelaySeconds must be >= 0 and <= 900.');
    }
    const otherKind = 'The request include parameter that is not valid for this queue type';
    if (!this.settings.fifo) {
      if (message.deduplicationId !== undefined) {
        throw invalidValue('MessageDeduplicationId', message.deduplicationId, `${otherKind}.`);
      }
      return;
    }
    if (delaySeconds !== undefined && delaySeconds !== 0) {
      throw invalidValue('DelaySeconds', delaySeconds, `${otherKind}.`);
    }
    if (groupId === undefined) throw missingParameter('MessageGroupId');
    assertIdentifier('MessageGroupId', groupId);
    if (message.deduplicationId !== undefined) assertIdentifier('MessageDeduplicationId', message.deduplicationId);
    else if (!this.settings.contentBasedDeduplication) {
      throw invalidParameter(
        'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
      );
    }
  }

  #deduplicationIdOf({ body, deduplicationId }: NewMessage): string | undefined {
    if (!this.settings.fifo) return undefined;
    return deduplicationId ?? createHash('sha256').update(body).digest('hex');
  }

  #duplicateOf(message: NewMessage): Sent | undefined {
    const id = this.#deduplicationIdOf(message);
    if (id === undefined) return undefined;
    for (const [each, { atMs }] of this.#deduplication) {
      if (this.#context.timeline.now() - atMs < DEDUPLICATION_MS) break;
      this.#deduplication.delete(each);
    }
    return this.#deduplication.get(id);
  }

  #rememberDuplicate(message: NewMessage, sent: Sent, atMs: number): void {
    const id = this.#deduplicationIdOf(message);
    if (id !== undefined) this.#deduplication.set(id, { ...sent, atMs });
  }

  #nextSequence(): string {
    this.#sequence += 1n;
    return String(18_800_000_000_000_000_000n + this.#sequence);
  }

  /** At most `max` (1 to 10) messages, now, hidden from others for the time given, or the queue's. */
  receive(max: number, visibilityTimeoutSeconds = this.settings.visibilityTimeoutSeconds): ReceivedMessage[] {
    if (!Number.isInteger(max) || max < 1) {
      throw invalidValue('MaxNumberOfMessages', max, 'Must be between 1 and 10, if provided.');
    }
    assertVisibility(visibilityTimeoutSeconds);
    this.#expire();
    const received: ReceivedMessage[] = [];
    for (const message of this.#receivable()) {
      if (received.length === max) break;
      if (!this.#redrive(message)) received.push(this.#hand(message, visibilityTimeoutSeconds));
    }
    return received;
  }

  /** In order. Of a FIFO queue: none of a group that has a message in flight. */
  *#receivable(): Generator<Message> {
    const nowMs = this.#context.timeline.now();
    const blocked = this.settings.fifo ? this.#groupsInFlight(nowMs) : new Set<string>();
    for (const message of this.#messages.values()) {
      if (message.visibleAtMs > nowMs) {
        if (this.settings.fifo && message.groupId !== undefined) blocked.add(message.groupId);
      } else if (message.groupId === undefined || !blocked.has(message.groupId)) yield message;
    }
  }

  #groupsInFlight(nowMs: number): Set<string> {
    const groups = new Set<string>();
    for (const message of this.#messages.values()) {
      if (message.groupId !== undefined && isInFlight(message, nowMs)) groups.add(message.groupId);
    }
    return groups;
  }

  #hand(message: Message, visibilityTimeoutSeconds: number): ReceivedMessage {
    const nowMs = this.#context.timeline.now();
    message.receiveCount += 1;
    message.firstReceivedAtMs ??= nowMs;
    message.visibleAtMs = nowMs + visibilityTimeoutSeconds * 1000;
    message.receipt = this.#context.newId();
    this.#lookAgainAt(message.visibleAtMs);
    const { messageId, body, attributes, groupId, deduplicationId, sequenceNumber, sentAtMs, receiveCount } = message;
    return {
      messageId,
      receiptHandle: Buffer.from(`${messageId} ${message.receipt}`).toString('base64'),
      body,
      bodyMd5: md5(body),
      attributes,
      ...(groupId === undefined ? {} : { groupId }),
      ...(deduplicationId === undefined ? {} : { deduplicationId }),
      ...(sequenceNumber === undefined ? {} : { sequenceNumber }),
      sentAtMs,
      firstReceivedAtMs: message.firstReceivedAtMs,
      receiveCount,
    };
  }

  /** Moves a message that was received too often to the dead-letter queue; says whether it did. */
  #redrive(message: Message): boolean {
    const { redrive } = this.settings;
    if (redrive === undefined || message.receiveCount < redrive.maxReceiveCount) return false;
    const target = this.#context.findByArn(redrive.deadLetterQueueArn);
    if (target === undefined) return false;
    this.#messages.delete(message.messageId);
    target.#takeOver(message);
    return true;
  }

  #takeOver(message: Message): void {
    const sequenceNumber = this.settings.fifo ? this.#nextSequence() : undefined;
    const visibleAtMs = this.#context.timeline.now();
    this.#add({
      ...message,
      sequenceNumber,
      visibleAtMs,
      receiveCount: 0,
      firstReceivedAtMs: undefined,
      receipt: undefined,
    });
  }

  #expire(): void {
    const oldestMs = this.#context.timeline.now() - this.settings.retentionSeconds * 1000;
    for (const message of this.#messages.values()) {
      if (message.sentAtMs > oldestMs) return;
      this.#messages.delete(message.messageId);
    }
  }

  /** Deletes by the handle of the last receipt. An older handle deletes nothing; of a FIFO queue it is refused. */
  delete(receiptHandle: string): void {
    const message = this.#byHandle(receiptHandle);
    if (message === undefined) return;
    this.#messages.delete(message.messageId);
    if (this.settings.fifo) this.#notify();
  }

  changeVisibility(receiptHandle: string, visibilityTimeoutSeconds: number): void {
    assertVisibility(visibilityTimeoutSeconds);
    const message = this.#byHandle(receiptHandle);
    const nowMs = this.#context.timeline.now();
    if (message === undefined || !isInFlight(message, nowMs)) {
      throw new SqsError(
        'MessageNotInflight',
        'The message referred to is not in flight.',
        'AWS.SimpleQueueService.MessageNotInflight',
      );
    }
    message.visibleAtMs = nowMs + visibilityTimeoutSeconds * 1000;
    if (visibilityTimeoutSeconds === 0) this.#notify();
    else this.#lookAgainAt(message.visibleAtMs);
  }

  #byHandle(receiptHandle: string): Message | undefined {
    const [messageId = '', receipt, ...others] = Buffer.from(receiptHandle, 'base64').toString().split(' ');
    if (receipt === undefined || others.length > 0) {
      throw new SqsError(
        'ReceiptHandleIsInvalid',
        `The input receipt handle "${receiptHandle}" is not a valid receipt handle.`,
      );
    }
    const message = this.#messages.get(messageId);
    if (message === undefined) return undefined;
    const isLast = message.receipt === receipt;
    if (this.settings.fifo && (!isLast || !isInFlight(message, this.#context.timeline.now()))) {
      throw invalidValue('ReceiptHandle', receiptHandle, 'The receipt handle has expired.');
    }
    return isLast ? message : undefined;
  }

  purge(): void {
    const nowMs = this.#context.timeline.now();
    if (nowMs - this.#purgedAtMs < PURGE_INTERVAL_MS) {
      throw new SqsError(
        'PurgeQueueInProgress',
        `Only one PurgeQueue operation on ${this.name} is allowed every 60 seconds.`,
        'AWS.SimpleQueueService.PurgeQueueInProgress',
      );
    }
    this.#purgedAtMs = nowMs;
    this.#messages.clear();
  }

  counts(): { readonly visible: number; readonly inFlight: number; readonly delayed: number } {
    const nowMs = this.#context.timeline.now();
    const all = [...this.#messages.values()];
    const hidden = all.filter(({ visibleAtMs }) => visibleAtMs > nowMs);
    const inFlight = hidden.filter(({ receipt }) => receipt !== undefined).length;
    return { visible: all.length - hidden.length, inFlight, delayed: hidden.length - inFlight };
  }

  /** Calls back, soon, whenever there may be something to receive; the returned function ends it. */
  onVisible(callback: () => void): () => void {
    this.#listeners.add(callback);
    if (!this.#receivable().next().done) this.#notify();
    return () => this.#listeners.delete(callback);
  }

  /** Stops every timer; for a queue that is deleted. */
  close(): void {
    this.#alarm?.cancel();
    this.#messages.clear();
    this.#listeners.clear();
  }

  #notify(): void {
    if (this.#isNotifying) return;
    this.#isNotifying = true;
    queueMicrotask(() => {
      this.#isNotifying = false;
      for (const listener of this.#listeners) listener();
    });
  }

  /** One timer a queue, for the earliest time at which a hidden message comes into sight. */
  #lookAgainAt(atMs: number): void {
    if (this.#alarm !== undefined && this.#alarm.atMs <= atMs) return;
    this.#alarm?.cancel();
    const cancel = this.#context.timeline.after(atMs - this.#context.timeline.now(), () => {
      this.#alarm = undefined;
      const nowMs = this.#context.timeline.now();
      const hidden = [...this.#messages.values()].map(({ visibleAtMs }) => visibleAtMs).filter((each) => each > nowMs);
      if (hidden.length < this.#messages.size) this.#notify();
      if (hidden.length > 0) this.#lookAgainAt(hidden.reduce((least, each) => Math.min(least, each)));
    });
    this.#alarm = { atMs, cancel };
  }
}

function isInFlight({ visibleAtMs, receipt }: Message, nowMs: number): boolean {
  return receipt !== undefined && visibleAtMs > nowMs;
}

function assertVisibility(seconds: number): void {
  if (!(Number.isInteger(seconds) && seconds >= 0 && seconds <= MAX_VISIBILITY_SECONDS)) {
    throw invalidValue(
      'VisibilityTimeout',
      seconds,
      `VisibilityTimeout must be an integer between 0 and ${MAX_VISIBILITY_SECONDS}.`,
    );
  }
}

function assertIdentifier(parameter: string, value: string): void {
  if (!/^[A-Za-z0-9!-/:-@[-`{-~]{1,128}$/.test(value)) {
    throw invalidValue(
      parameter,
      value,
      `${parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
    );
  }
}
