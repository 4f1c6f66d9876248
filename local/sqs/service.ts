import { jsonBodyOf } from '../json.ts';
import type { Service, WireResponse } from '../wire.ts';
import { SqsError } from './error.ts';
import { OPERATIONS } from './operations.ts';
import { Queues, type QueuesSettings } from './queues.ts';

const TARGET = /^AmazonSQS\.(\w+)$/;

/** SQS over its JSON 1.0 protocol. The model's queues may be sent to and received from without the wire. */
export function createSqs(settings: QueuesSettings): { service: Service; model: Queues } {
  const model = new Queues(settings);
  const service: Service = {
    name: 'sqs',
    operationOf: ({ headers }) => TARGET.exec(headers['x-amz-target'] ?? '')?.[1],
    handle: async (operation, request) => {
      try {
        const carryOut = OPERATIONS.get(operation);
        if (carryOut === undefined) throw unsupported(operation);
        const body = jsonBodyOf(request);
        if (body === undefined)
          throw new SqsError('SerializationException', 'The body of the request is no JSON object');
        return answer(200, await carryOut(model, body, settings.timeline), settings.newId());
      } catch (error) {
        if (!(error instanceof SqsError)) throw error;
        return refusal(400, error, settings.newId());
      }
    },
    failure: (status, code, message) => refusal(status, new SqsError(code, message), settings.newId()),
  };
  return { service, model };
}

function unsupported(operation: string): SqsError {
  return new SqsError(
    'UnsupportedOperation',
    `The local account has no SQS operation ${operation}; it has ${[...OPERATIONS.keys()].join(', ')}`,
    'AWS.SimpleQueueService.UnsupportedOperation',
  );
}

function refusal(status: number, error: SqsError, requestId: string): WireResponse {
  const body = { __type: `com.amazonaws.sqs#${error.code}`, message: error.message };
  const { headers, ...response } = answer(status, body, requestId);
  const fault = status < 500 ? 'Sender' : 'Receiver';
  return { ...response, headers: { ...headers, 'x-amzn-query-error': `${error.queryCode};${fault}` } };
}

function answer(status: number, body: Readonly<Record<string, unknown>>, requestId: string): WireResponse {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': requestId },
    body: JSON.stringify(body),
  };
}
