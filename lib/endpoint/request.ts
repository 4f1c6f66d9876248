/** One HTTP request, as far as the endpoint looks at it. */
export interface EndpointRequest {
  readonly method: string;
  readonly path: string;
  /** Undefined where the query or the form cannot be read. */
  readonly parameters: ReadonlyMap<string, string> | undefined;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** Who called, as AWS Lambda saw it: a header such as x-forwarded-for may say anything. */
  readonly sourceIp: string;
}

/** More than any client sends: twenty names of 253 characters, and the rest. */
const MAX_PARAMETER_CHARACTERS = 8_192;
/** What an update tells; other parameters mean nothing, however often they come. */
const TELLING: ReadonlySet<string> = new Set(['hostname', 'myip', 'offline']);
const FORM = 'application/x-www-form-urlencoded';

/**
 * Reads the event of a Function URL: "Request payload format" 2.0 (AWS Lambda Developer Guide, "Invoking Lambda function
 * URLs"). Whatever the event is, this throws nothing.
 *
 * ```
 * { "rawPath": "/nic/update", "rawQueryString": "hostname=a.example.com", "headers": { "authorization": "Basic …" },
 *   "requestContext": { "http": { "method": "GET", "sourceIp": "198.51.100.7" } }, "isBase64Encoded": false }
 * ```
 */
export function requestOf(event: unknown): EndpointRequest {
  const http = field(field(event, 'requestContext'), 'http');
  const headers = headersOf(field(event, 'headers'));
  const query = text(field(event, 'rawQueryString'));
  const form = headers.get('content-type')?.toLowerCase().startsWith(FORM) === true ? bodyOf(event) : '';
  const written = [query, form].filter((each) => each !== '').join('&');
  return {
    method: text(field(http, 'method')).toUpperCase(),
    path: text(field(event, 'rawPath')),
    parameters: parametersOf(written),
    headers,
    sourceIp: text(field(http, 'sourceIp')),
  };
}

/**
 * By name; undefined for bad percent-encoding, control characters, or more than is ever sent, and where one that tells
 * something comes with two values: which of them is meant nobody knows, and dyndns2 clients put lists between commas.
 */
export function parametersOf(written: string): ReadonlyMap<string, string> | undefined {
  if (written.length > MAX_PARAMETER_CHARACTERS) return undefined;
  const parameters = new Map<string, string>();
  for (const pair of written.split('&')) {
    const [name = '', ...rest] = pair.split('=');
    const decoded = [decode(name), decode(rest.join('='))];
    const [key, value] = decoded;
    if (key === undefined || value === undefined) return undefined;
    const before = parameters.get(key);
    if (before === undefined) parameters.set(key, value);
    else if (before !== value && TELLING.has(key)) return undefined;
  }
  return parameters;
}

function decode(written: string): string | undefined {
  try {
    const decoded = decodeURIComponent(written.replaceAll('+', ' '));
    // oxlint-disable-next-line no-control-regex -- none of them belongs into a name or an address
    return /[\u0000-\u001f\u007f]/.test(decoded) ? undefined : decoded;
  } catch {
    return undefined;
  }
}

function headersOf(written: unknown): ReadonlyMap<string, string> {
  if (typeof written !== 'object' || written === null) return new Map();
  return new Map(
    Object.entries(written).flatMap(([name, value]: [string, unknown]) =>
      typeof value === 'string' ? [[name.toLowerCase(), value]] : [],
    ),
  );
}

function bodyOf(event: unknown): string {
  const body = text(field(event, 'body'));
  return field(event, 'isBase64Encoded') === true ? Buffer.from(body, 'base64').toString('utf8') : body;
}

function field(from: unknown, name: string): unknown {
  if (typeof from !== 'object' || from === null) return undefined;
  return Object.entries(from).find(([key]) => key === name)?.[1];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
