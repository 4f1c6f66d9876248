import { createHash } from 'node:crypto';

/** What a Function URL sends on as it is: "Response payload format" (AWS Lambda Developer Guide, "Invoking Lambda function URLs"). */
export interface EndpointAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const SCHEMA_VERSION = 1;
const REALM = 'realm="rolecall", charset="UTF-8"';

/**
 * Codes of dyndns2, a line each and nothing else: inadyn looks for words such as "ok" anywhere in an answer. The length
 * is told, because ddclient 3.10 speaks HTTP/1.1 and reads no chunks.
 */
export function codes(
  lines: readonly string[],
  statusCode = 200,
  headers: Record<string, string> = {},
): EndpointAnswer {
  return answer(statusCode, 'text/plain; charset=utf-8', `${lines.join('\n')}\n`, headers);
}

export const BAD_AUTH = codes(['badauth'], 401, { 'www-authenticate': `Basic ${REALM}` });
export const ABUSE = codes(['abuse']);
/** With a status that says the same: inadyn tries again after 5xx, and ends at any other code that it does not know. */
export const UNAVAILABLE = codes(['911'], 503, { 'retry-after': '60' });
export const BAD_AGENT = codes(['badagent'], 400);
export const BAD_METHOD = codes(['badagent'], 405, { allow: 'GET, POST' });
export const NOT_FOUND = codes(['notfound'], 404);

/** JSON with a tag of its content; nothing but the tag where the caller has that already (RFC 9110 §13.1.2). */
export function json(data: object, ifNoneMatch: string | undefined): EndpointAnswer {
  const body = `${JSON.stringify(data)}\n`;
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  const headers = { etag, 'cache-control': 'private, no-cache' };
  if (!hasTag(ifNoneMatch, etag)) return answer(200, 'application/json', body, headers);
  return { statusCode: 304, headers, body: '' };
}

export function problem(
  statusCode: 401 | 404 | 405 | 429 | 503,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): EndpointAnswer {
  const body = `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, error: { code, message } })}\n`;
  return answer(statusCode, 'application/json', body, { 'cache-control': 'no-store', ...headers });
}

function hasTag(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes('*') || tags.includes(etag);
}

function answer(
  statusCode: number,
  contentType: string,
  body: string,
  headers: Record<string, string>,
): EndpointAnswer {
  const length = String(Buffer.byteLength(body));
  return { statusCode, headers: { 'content-type': contentType, 'content-length': length, ...headers }, body };
}

export const UNAUTHORIZED = problem(401, 'unauthorized', 'A token made by "rolecall host add NAME --read" is needed.', {
  'www-authenticate': `Bearer ${REALM.split(',')[0]}`,
});
export const TOO_MANY = problem(429, 'too-many-requests', 'Too many requests; try again in a minute.', {
  'retry-after': '60',
});
export const READ_FAILED = problem(503, 'unavailable', 'The members could not be read; keep what you have.', {
  'retry-after': '5',
});
export const READ_ONLY = problem(405, 'method-not-allowed', 'Members are read with GET.', { allow: 'GET, HEAD' });
