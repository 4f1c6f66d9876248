import { jsonBodyOf } from './json.ts';
import type { WireRequest } from './wire.ts';

/**
 * What a request asks for, as far as it can be told without knowing the service: the object of a JSON protocol, the
 * form of a query protocol, and of REST the method, path and body.
 */
export function parametersOf(request: WireRequest): Readonly<Record<string, unknown>> {
  const { method, path, headers, body } = request;
  if (headers['x-amz-target'] !== undefined) return jsonBodyOf(request) ?? {};
  if (body.startsWith('Action=') || body.includes('&Action=')) return Object.fromEntries(new URLSearchParams(body));
  return { method, path, body };
}
