import { isRecord, type JsonObject } from '../json.ts';
import { invalidParameter, missingParameter, SqsError } from './error.ts';
import type { MessageAttribute, MessageAttributes, NewMessage } from './message.ts';

const MAX_ENTRIES = 10;
const MAX_ATTRIBUTES = 10;

/** What SQS would act on and we would only ignore is refused. */
export function assertParameters(request: JsonObject, operation: string, known: readonly string[]): void {
  const unknown = Object.keys(request).filter((name) => request[name] !== undefined && !known.includes(name));
  if (unknown.length > 0) {
    throw new SqsError(
      'UnsupportedOperation',
      `The local account's ${operation} has no parameter ${unknown.join(', ')}; it has ${known.join(', ')}`,
      'AWS.SimpleQueueService.UnsupportedOperation',
    );
  }
}

export function requiredText(request: JsonObject, name: string): string {
  const value = optionalText(request, name);
  if (value === undefined) throw missingParameter(name);
  return value;
}

export function optionalText(request: JsonObject, name: string): string | undefined {
  const value = request[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw invalidParameter(`${name} is no string`);
  return value;
}

export function optionalNumber(request: JsonObject, name: string): number | undefined {
  const value = request[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number') throw invalidParameter(`${name} is no number`);
  return value;
}

export function textList(request: JsonObject, name: string): readonly string[] {
  const value = request[name] ?? [];
  if (!Array.isArray(value)) throw invalidParameter(`${name} is no list`);
  return value.map((each) => String(each));
}

export function textMap(request: JsonObject, name: string): Readonly<Record<string, string>> {
  const value = request[name] ?? {};
  if (!isRecord(value)) throw invalidParameter(`${name} is no map`);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, String(each)]));
}

export const MESSAGE_PARAMETERS = [
  'MessageBody',
  'DelaySeconds',
  'MessageAttributes',
  'MessageGroupId',
  'MessageDeduplicationId',
];

/** The message that a SendMessage, or an entry of a SendMessageBatch, describes. */
export function parseMessage(request: JsonObject): NewMessage {
  const delaySeconds = optionalNumber(request, 'DelaySeconds');
  const groupId = optionalText(request, 'MessageGroupId');
  const deduplicationId = optionalText(request, 'MessageDeduplicationId');
  const attributes = parseAttributes(request['MessageAttributes']);
  return {
    body: requiredText(request, 'MessageBody'),
    attributes,
    ...(delaySeconds === undefined ? {} : { delaySeconds }),
    ...(groupId === undefined ? {} : { groupId }),
    ...(deduplicationId === undefined ? {} : { deduplicationId }),
  };
}

function parseAttributes(given: unknown): MessageAttributes {
  if (given === undefined || given === null) return {};
  if (!isRecord(given)) throw invalidParameter('MessageAttributes is no map');
  const entries = Object.entries(given);
  if (entries.length > MAX_ATTRIBUTES) {
    throw invalidParameter(
      `Number of message attributes [${entries.length}] exceeds the allowed maximum [${MAX_ATTRIBUTES}].`,
    );
  }
  return Object.fromEntries(entries.map(([name, value]) => [name, parseAttribute(name, value)]));
}

function parseAttribute(name: string, value: unknown): MessageAttribute {
  const attribute = isRecord(value) ? value : {};
  const dataType = optionalText(attribute, 'DataType') ?? '';
  if (!/^(String|Number|Binary)(\.|$)/.test(dataType)) {
    throw invalidParameter(
      `The message attribute '${name}' must have a type of String, Number or Binary, not '${dataType}'.`,
    );
  }
  const isBinary = dataType.startsWith('Binary');
  const content = optionalText(attribute, isBinary ? 'BinaryValue' : 'StringValue');
  if (content === undefined || content === '') {
    throw invalidParameter(
      `The message attribute '${name}' must contain a non-empty value for its type '${dataType}'.`,
    );
  }
  return isBinary ? { DataType: dataType, BinaryValue: content } : { DataType: dataType, StringValue: content };
}

export interface Entry {
  readonly id: string;
  readonly request: JsonObject;
}

/** The entries of a batch request: 1 to 10, each with an id of its own. */
export function parseEntries(request: JsonObject): Entry[] {
  const given = request['Entries'];
  const prefix = 'AWS.SimpleQueueService.';
  const refuse = (code: string, message: string) => new SqsError(code, message, prefix + code);
  if (!Array.isArray(given) || given.length === 0) {
    throw refuse('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (given.length > MAX_ENTRIES) {
    throw refuse(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MAX_ENTRIES}. You have sent ${given.length}.`,
    );
  }
  const entries = given.map((each: unknown) => {
    const entry = isRecord(each) ? each : {};
    return { id: requiredText(entry, 'Id'), request: entry };
  });
  const malformed = entries.find(({ id }) => !/^[A-Za-z0-9_-]{1,80}$/.test(id));
  if (malformed !== undefined) {
    throw refuse(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    );
  }
  if (new Set(entries.map(({ id }) => id)).size < entries.length) {
    throw refuse('BatchEntryIdsNotDistinct', 'Two or more batch entries have the same id.');
  }
  return entries;
}
