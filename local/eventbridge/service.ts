import { isRecord, type JsonObject, parseJsonObject } from '../json.ts';
import type { Timeline } from '../timeline.ts';
import type { Service, WireResponse } from '../wire.ts';
import { EventBus } from './event-bus.ts';

const TARGET = /^AWSEvents\.(\w+)$/;
const MAX_ENTRIES = 10;

export interface EventBridgeSettings {
  readonly timeline: Timeline;
  readonly newId: () => string;
  readonly account: string;
  readonly region: string;
}

/** EventBridge's default bus; over the wire, PutEvents in the JSON 1.1 protocol. */
export function createEventBridge(settings: EventBridgeSettings): { service: Service; model: EventBus } {
  const model = new EventBus();
  const service: Service = {
    name: 'events',
    operationOf: ({ headers }) => TARGET.exec(headers['x-amz-target'] ?? '')?.[1],
    handle: async (operation, request) => {
      if (operation !== 'PutEvents') {
        return refusal(
          400,
          'UnsupportedOperation',
          `The local account has no EventBridge operation ${operation}; it has PutEvents`,
          settings,
        );
      }
      const entries = parseJsonObject(request.body)?.['Entries'];
      if (!Array.isArray(entries) || entries.length < 1 || entries.length > MAX_ENTRIES) {
        return refusal(400, 'ValidationException', `Entries must have 1 to ${MAX_ENTRIES} members`, settings);
      }
      const results = entries.map((entry: unknown) => putEntry(model, entry, settings));
      const FailedEntryCount = results.filter((result) => 'ErrorCode' in result).length;
      return answer(200, { FailedEntryCount, Entries: results }, settings);
    },
    failure: (status, code, message) => refusal(status, code, message, settings),
  };
  return { service, model };
}

/** PutEvents, Amazon EventBridge API Reference: what is wrong with one entry leaves the others alone. */
function putEntry(bus: EventBus, entry: unknown, settings: EventBridgeSettings): Record<string, string> {
  const given = isRecord(entry) ? entry : {};
  const missing = ['Source', 'DetailType', 'Detail'].find((name) => typeof given[name] !== 'string');
  if (missing !== undefined) {
    return {
      ErrorCode: 'InvalidArgument',
      ErrorMessage: `Parameter ${missing} is not valid. Reason: ${missing} is a required argument.`,
    };
  }
  if (String(given['Source']).startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  }
  const detail = parseJsonObject(String(given['Detail']));
  if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  const id = settings.newId();
  bus.put(eventOf(given, detail, id, settings));
  return { EventId: id };
}

function eventOf(entry: JsonObject, detail: JsonObject, id: string, settings: EventBridgeSettings): JsonObject {
  const time = entry['Time'];
  const atMs = typeof time === 'number' ? time * 1000 : settings.timeline.now();
  return {
    version: '0',
    id,
    'detail-type': entry['DetailType'],
    source: entry['Source'],
    account: settings.account,
    time: new Date(atMs).toISOString().replace(/\.\d+Z$/, 'Z'),
    region: settings.region,
    resources: Array.isArray(entry['Resources']) ? entry['Resources'] : [],
    detail,
  };
}

function refusal(status: number, code: string, message: string, settings: EventBridgeSettings): WireResponse {
  return answer(status, { __type: code, message }, settings);
}

function answer(status: number, body: JsonObject, settings: EventBridgeSettings): WireResponse {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': settings.newId() },
    body: JSON.stringify(body),
  };
}
