import type { WireRequest } from './wire.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object that a body holds, an empty body standing for an empty one; undefined when it is no JSON object. */
export function parseJsonObject(body: string): JsonObject | undefined {
  if (body === '') return {};
  try {
    const parsed: unknown = JSON.parse(body);
    return isRecord(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

const READ = new WeakMap<WireRequest, { readonly body: JsonObject | undefined }>();

/** The object that a request's body holds; read once, however many ask for it. */
export function jsonBodyOf(request: WireRequest): JsonObject | undefined {
  const read = READ.get(request) ?? { body: parseJsonObject(request.body) };
  READ.set(request, read);
  return read.body;
}
