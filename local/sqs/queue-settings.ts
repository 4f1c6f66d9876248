import { isRecord, parseJsonObject } from '../json.ts';
import { invalidParameter, invalidValue, SqsError } from './error.ts';

export interface Redrive {
  readonly deadLetterQueueArn: string;
  readonly maxReceiveCount: number;
}

export interface QueueSettings {
  readonly fifo: boolean;
  readonly contentBasedDeduplication: boolean;
  readonly visibilityTimeoutSeconds: number;
  readonly delaySeconds: number;
  readonly retentionSeconds: number;
  readonly receiveWaitSeconds: number;
  readonly maximumMessageBytes: number;
  readonly redrive?: Redrive;
  /** Stored and shown, without an effect here: policy, encryption. */
  readonly inert: Readonly<Record<string, string>>;
}

export const MAX_VISIBILITY_SECONDS = 43_200;
export const MAX_DELAY_SECONDS = 900;
export const MAX_WAIT_SECONDS = 20;

interface NumericAttribute {
  readonly member:
    | 'visibilityTimeoutSeconds'
    | 'delaySeconds'
    | 'retentionSeconds'
    | 'receiveWaitSeconds'
    | 'maximumMessageBytes';
  readonly least: number;
  readonly most: number;
}

/** CreateQueue, Amazon SQS API Reference. */
const NUMERIC: Readonly<Record<string, NumericAttribute>> = {
  VisibilityTimeout: { member: 'visibilityTimeoutSeconds', least: 0, most: MAX_VISIBILITY_SECONDS },
  DelaySeconds: { member: 'delaySeconds', least: 0, most: MAX_DELAY_SECONDS },
  MessageRetentionPeriod: { member: 'retentionSeconds', least: 60, most: 1_209_600 },
  ReceiveMessageWaitTimeSeconds: { member: 'receiveWaitSeconds', least: 0, most: MAX_WAIT_SECONDS },
  MaximumMessageSize: { member: 'maximumMessageBytes', least: 1024, most: 1_048_576 },
};

const INERT: readonly string[] = [
  'Policy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
  'RedriveAllowPolicy',
];

export const DEFAULT_SETTINGS: QueueSettings = {
  fifo: false,
  contentBasedDeduplication: false,
  visibilityTimeoutSeconds: 30,
  delaySeconds: 0,
  retentionSeconds: 345_600,
  receiveWaitSeconds: 0,
  maximumMessageBytes: 1_048_576,
  inert: {},
};

const NAME = /^[A-Za-z0-9_-]{1,80}$/;

/** Throws for a name that SQS refuses; a FIFO queue's, and only its, ends in `.fifo`. */
export function assertQueueName(name: string, { fifo }: QueueSettings): void {
  const hasSuffix = name.endsWith('.fifo');
  if (name.length > 80 || !NAME.test(hasSuffix ? name.slice(0, -'.fifo'.length) : name)) {
    throw invalidParameter('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length');
  }
  if (fifo && !hasSuffix)
    throw invalidParameter(
      'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length',
    );
  if (!fifo && hasSuffix)
    throw invalidValue('QueueName', name, 'A name with the suffix .fifo needs the attribute FifoQueue true.');
}

/** The settings with these attributes (by SQS's names, values as strings) laid over them. */
export function withAttributes(settings: QueueSettings, attributes: Readonly<Record<string, string>>): QueueSettings {
  return Object.entries(attributes).reduce((result, [name, value]) => withAttribute(result, name, value), settings);
}

function withAttribute(settings: QueueSettings, name: string, value: string): QueueSettings {
  const numeric = NUMERIC[name];
  if (numeric !== undefined) return { ...settings, [numeric.member]: parseNumber(name, value, numeric) };
  if (INERT.includes(name)) return { ...settings, inert: { ...settings.inert, [name]: value } };
  switch (name) {
    case 'FifoQueue':
      return { ...settings, fifo: parseBoolean(name, value) };
    case 'ContentBasedDeduplication':
      return { ...settings, contentBasedDeduplication: parseBoolean(name, value) };
    case 'RedrivePolicy':
      return withRedrive(settings, value);
    default:
      throw new SqsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
  }
}

function parseNumber(name: string, value: string, { least, most }: NumericAttribute): number {
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= least && number <= most)) {
    throw new SqsError(
      'InvalidAttributeValue',
      `Invalid value for the parameter ${name}: ${value} is not in ${least} to ${most}.`,
    );
  }
  return number;
}

function parseBoolean(name: string, value: string): boolean {
  if (value === 'true' || value === 'false') return value === 'true';
  throw new SqsError(
    'InvalidAttributeValue',
    `Invalid value for the parameter ${name}: ${value} is neither true nor false.`,
  );
}

function withRedrive(settings: QueueSettings, value: string): QueueSettings {
  const { redrive: _replaced, ...others } = settings;
  if (value === '') return others;
  const policy = parseJsonObject(value);
  const deadLetterQueueArn = isRecord(policy) ? policy['deadLetterTargetArn'] : undefined;
  const maxReceiveCount = Number(isRecord(policy) ? policy['maxReceiveCount'] : Number.NaN);
  if (typeof deadLetterQueueArn !== 'string' || !(maxReceiveCount >= 1 && maxReceiveCount <= 1000)) {
    throw invalidValue('RedrivePolicy', value, 'It needs deadLetterTargetArn, and maxReceiveCount from 1 to 1000.');
  }
  return { ...others, redrive: { deadLetterQueueArn, maxReceiveCount } };
}

/** The settings by SQS's names, as GetQueueAttributes shows them. */
export function attributesOf(settings: QueueSettings): Record<string, string> {
  const { redrive } = settings;
  return {
    ...Object.fromEntries(Object.entries(NUMERIC).map(([name, { member }]) => [name, String(settings[member])])),
    ...(settings.fifo
      ? { FifoQueue: 'true', ContentBasedDeduplication: String(settings.contentBasedDeduplication) }
      : {}),
    ...(redrive === undefined
      ? {}
      : {
          RedrivePolicy: JSON.stringify({
            deadLetterTargetArn: redrive.deadLetterQueueArn,
            maxReceiveCount: redrive.maxReceiveCount,
          }),
        }),
    ...settings.inert,
  };
}
