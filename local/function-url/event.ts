/** A request as it reaches a Function URL; header names in lower case. */
export interface UrlRequest {
  readonly method: string;
  /** With its query, as it was sent. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly sourceIp: string;
  readonly protocol?: string;
}

/** What a handler answers: the status, headers and body that the caller gets. */
export interface UrlAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const BINARY = /^(?!text\/|application\/(?:json|xml|javascript|x-www-form-urlencoded))/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "Request payload format" 2.0 (AWS Lambda Developer Guide, "Invoking Lambda function URLs"), for an URL without IAM. */
export function urlEvent(request: UrlRequest, requestId: string, nowMs: number): Record<string, unknown> {
  const { method, target, headers, body, sourceIp, protocol = 'HTTP/1.1' } = request;
  const [rawPath = '/', ...query] = target.split('?');
  const host = headers['host'] ?? '';
  const isBase64Encoded = body !== undefined && BINARY.test(headers['content-type'] ?? '');
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString: query.join('?'),
    headers: { ...headers, 'x-forwarded-for': sourceIp },
    requestContext: {
      accountId: 'anonymous',
      apiId: host.split('.')[0] ?? '',
      domainName: host,
      domainPrefix: host.split('.')[0] ?? '',
      http: { method, path: rawPath, protocol, sourceIp, userAgent: headers['user-agent'] ?? '' },
      requestId,
      routeKey: '$default',
      stage: '$default',
      time: clfTime(nowMs),
      timeEpoch: nowMs,
    },
    ...(body === undefined ? {} : { body: body.toString(isBase64Encoded ? 'base64' : 'utf8') }),
    isBase64Encoded,
  };
}

/** `12/Mar/2020:19:03:58 +0000` */
function clfTime(nowMs: number): string {
  const [date = '', time = ''] = new Date(nowMs).toISOString().slice(0, 19).split('T');
  const [year, month, day] = date.split('-');
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time} +0000`;
}

/**
 * "Response payload format" (same page): an object with a `statusCode` is the response, anything else is its JSON body.
 */
export function urlAnswer(result: unknown): UrlAnswer {
  if (!hasStatus(result)) {
    return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(result)) };
  }
  const { statusCode, headers = {}, body = '', isBase64Encoded = false } = result;
  return {
    status: statusCode,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)])),
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
}

interface Response {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

function hasStatus(result: unknown): result is Response {
  return (
    typeof result === 'object' && result !== null && 'statusCode' in result && typeof result.statusCode === 'number'
  );
}
