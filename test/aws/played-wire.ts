import { createHash } from 'node:crypto';

/** What a client sent. */
export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Answer = { readonly status: number; readonly body: string; readonly type: string } | Error;

interface ClientRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Record<string, string>;
  readonly body?: string | Uint8Array;
}

/**
 * A request handler for a real SDK client: it keeps what was sent, and plays the answers in their order. A client that
 * asks for more than there is gets an error that no service ever gives.
 */
export function played(...answers: Answer[]) {
  const sent: Sent[] = [];
  const left = [...answers];
  const handle = async (request: ClientRequest) => {
    const body = typeof request.body === 'string' ? request.body : new TextDecoder().decode(request.body);
    sent.push({ method: request.method, path: request.path, query: { ...request.query }, body });
    const answer = left.shift() ?? new TypeError('nothing left to play');
    if (answer instanceof Error) throw answer;
    const headers = { 'content-type': answer.type };
    return { response: { statusCode: answer.status, headers, body: new TextEncoder().encode(answer.body) } };
  };
  return { sent, requestHandler: { handle } };
}

/** Settings of a client that speaks to such a handler. */
export function clientSettings(requestHandler: Record<string, unknown>, maxAttempts = 1) {
  return {
    requestHandler,
    maxAttempts,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
}

export function xml(status: number, body: string): Answer {
  return { status, body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`, type: 'text/xml' };
}

export function json(status: number, body: unknown): Answer {
  return { status, body: JSON.stringify(body), type: 'application/x-amz-json-1.0' };
}

/** An error as EC2 words it ("Error codes for the Amazon EC2 API"). */
export function ec2Error(status: number, code: string, message: string): Answer {
  return xml(
    status,
    `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>ea966190-f9aa-478e-9ede-example</RequestID></Response>`,
  );
}

/** An error as Route 53 words it. */
export function route53Error(status: number, code: string, message: string): Answer {
  return xml(
    status,
    `<ErrorResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>b25f48e8-84fd-11e6-80d9-574e0c4664cb</RequestId></ErrorResponse>`,
  );
}

/** An error of the JSON protocols. */
export function jsonError(status: number, code: string, message: string): Answer {
  return json(status, { __type: `com.amazonaws.example#${code}`, message });
}

export function broken(code: string): Error {
  return Object.assign(new Error(`connect ${code} 127.0.0.1:443`), { code });
}

export function md5(body: string): string {
  return createHash('md5').update(body).digest('hex');
}
