import { createHash } from 'node:crypto';
import { SqsError } from './error.ts';

export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  /** In base64. */
  readonly BinaryValue?: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** What a sender gives. */
export interface NewMessage {
  readonly body: string;
  readonly attributes?: MessageAttributes;
  readonly delaySeconds?: number;
  readonly groupId?: string;
  readonly deduplicationId?: string;
}

/** What a receiver gets. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly bodyMd5: string;
  readonly attributes: MessageAttributes;
  readonly groupId?: string;
  readonly deduplicationId?: string;
  readonly sequenceNumber?: string;
  readonly sentAtMs: number;
  readonly firstReceivedAtMs: number;
  /** 1 at the first receipt. */
  readonly receiveCount: number;
}

/** "A message can include only XML, JSON, and unformatted text" of these characters (SendMessage, SQS API Reference). */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

export function assertBody(body: string): void {
  if (FORBIDDEN.test(body)) {
    throw new SqsError(
      'InvalidMessageContents',
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    );
  }
}

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/** The digest that clients check ("Calculating the MD5 message digest for message attributes", SQS Developer Guide). */
export function md5OfAttributes(attributes: MessageAttributes): string {
  const digest = createHash('md5');
  for (const name of Object.keys(attributes).sort()) {
    const { DataType, StringValue, BinaryValue } = attributes[name] ?? { DataType: '' };
    const isBinary = BinaryValue !== undefined;
    digest.update(lengthAndBytes(Buffer.from(name)));
    digest.update(lengthAndBytes(Buffer.from(DataType)));
    digest.update(Buffer.from([isBinary ? 2 : 1]));
    digest.update(lengthAndBytes(isBinary ? Buffer.from(BinaryValue, 'base64') : Buffer.from(StringValue ?? '')));
  }
  return digest.digest('hex');
}

function lengthAndBytes(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** The bytes that count towards a queue's limit: body and attributes. */
export function sizeOf({ body, attributes = {} }: NewMessage): number {
  return Object.entries(attributes).reduce(
    (bytes, [name, { DataType, StringValue = '', BinaryValue = '' }]) =>
      bytes +
      Buffer.byteLength(name) +
      Buffer.byteLength(DataType) +
      Buffer.byteLength(StringValue) +
      Buffer.byteLength(BinaryValue, 'base64'),
    Buffer.byteLength(body),
  );
}
