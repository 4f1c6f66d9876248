import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { close, listen } from '../http-server.ts';
import { type UrlAnswer, urlAnswer, urlEvent, type UrlRequest } from './event.ts';

/** "6 MB (each for request and response, synchronous)" (AWS Lambda Developer Guide, "Lambda quotas"). */
const MAX_BODY_BYTES = 6 * 1024 * 1024;

export interface FunctionUrlServer {
  /** Ends in `/`. */
  readonly url: string;
  close(): Promise<void>;
}

export interface FunctionUrlOptions {
  /** The next free one is taken instead when it is in use; 0 means any. */
  readonly port: number;
  readonly newId: () => string;
  readonly now: () => number;
  readonly invoke: (event: unknown) => Promise<unknown>;
  readonly onFailure: (error: unknown) => void;
}

/** Serves a function over HTTP on loopback, buffered, as its Function URL does over HTTPS. */
export async function serveFunctionUrl(options: FunctionUrlOptions): Promise<FunctionUrlServer> {
  const server = createServer((request, response) => {
    answer(request, response, options).catch((error: unknown) => {
      // A caller that goes before it has said all is no failure of ours.
      if (request.complete) options.onFailure(error);
      response.destroy();
    });
  });
  const port = await listen(server, options.port);
  return { url: `http://127.0.0.1:${port}/`, close: () => close(server) };
}

async function answer(request: IncomingMessage, response: ServerResponse, options: FunctionUrlOptions): Promise<void> {
  const body = await bodyOf(request);
  const { status, headers, body: content } = body === undefined ? TOO_LARGE : await ask(request, body, options);
  const isBodiless = request.method === 'HEAD' || status === 304 || status === 204;
  response.writeHead(status, isBodiless ? headers : { ...headers, 'content-length': content.byteLength });
  response.end(isBodiless ? undefined : content);
}

const TOO_LARGE = plain(413, 'Request Entity Too Large');

async function ask(request: IncomingMessage, body: Buffer, options: FunctionUrlOptions): Promise<UrlAnswer> {
  const asked: UrlRequest = {
    method: request.method ?? 'GET',
    target: originForm(request.url ?? '/'),
    headers: headersOf(request),
    ...(body.byteLength === 0 ? {} : { body }),
    sourceIp: request.socket.remoteAddress ?? '',
    protocol: `HTTP/${request.httpVersion}`,
  };
  try {
    return urlAnswer(await options.invoke(urlEvent(asked, options.newId(), options.now())));
  } catch (error) {
    options.onFailure(error);
    return plain(502, 'Internal Server Error');
  }
}

/** "a server MUST accept the absolute-form in requests" (RFC 9112 §3.2.2). */
function originForm(target: string): string {
  const rest = /^https?:\/\/[^/?]*(.*)$/i.exec(target)?.[1];
  if (rest === undefined) return target;
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/**
 * "Duplicate headers are combined with commas" in payload format 2.0, which a Function URL follows ("AWS Lambda proxy
 * integrations for HTTP APIs", Amazon API Gateway Developer Guide).
 */
function headersOf({ headersDistinct }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headersDistinct).map(([name, values]) => [name, (values ?? []).join(',')] as const),
  );
}

/** Undefined when there is more than a function may be given. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Uint8Array>) {
    bytes += part.byteLength;
    if (bytes > MAX_BODY_BYTES) return undefined;
    chunks.push(part);
  }
  return Buffer.concat(chunks);
}

function plain(status: number, text: string): UrlAnswer {
  return { status, headers: { 'content-type': 'text/plain' }, body: Buffer.from(text) };
}
