import type { WireRequest, WireResponse } from './wire.ts';

/** What the SDK gives its request handler, as far as it matters here. */
export interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What the SDK reads an answer from. */
export interface SdkResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

export function wireRequestOf({ method, path, query = {}, headers, body }: SdkRequest): WireRequest {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const each of [value ?? ''].flat()) search.append(name, each);
  }
  return {
    method,
    path: search.size === 0 ? path : `${path}?${search.toString()}`,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: textOf(body),
  };
}

function textOf(body: unknown): string {
  if (body === undefined || body === null) return '';
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return new TextDecoder().decode(body);
  throw new Error('The local account reads bodies of text and bytes, not streams');
}

export function sdkResponseOf({ status, headers, body }: WireResponse): SdkResponse {
  return { statusCode: status, headers: { ...headers }, body: new TextEncoder().encode(body) };
}
