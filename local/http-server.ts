import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Account } from './account.ts';
import { NoAnswer } from './faults.ts';
import type { WireRequest, WireResponse } from './wire.ts';

const HOST = '127.0.0.1';
const PORTS_TO_TRY = 50;

export interface RouteRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** The parsed JSON; the text itself where it is none; undefined when there is no body. */
  readonly body: unknown;
}

/** What it gives is answered as JSON; what it throws as `{ "message": … }` with status 400. */
export type RouteHandler = (request: RouteRequest) => unknown;

export interface AccountServer {
  readonly port: number;
  readonly endpoint: string;
  /** Answers requests whose path begins with `/_rolecall/<name>`; the returned function ends it. */
  route(name: string, handler: RouteHandler): () => void;
  /** Breaks every connection that is left. */
  close(): Promise<void>;
}

/** Serves the account on loopback: at `port`, or the next free one after it; 0 means any. */
export async function startHttpServer(account: Account, port: number): Promise<AccountServer> {
  const routes = new Map<string, RouteHandler>();
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    void answer(account, routes, request, response);
  });
  const bound = await listen(server, port);
  const endpoint = `http://${HOST}:${bound}`;
  account.endpoint = endpoint;
  return {
    port: bound,
    endpoint,
    route: (name, handler) => {
      routes.set(name, handler);
      return () => routes.delete(name);
    },
    close: () => close(server),
  };
}

/** Listens on loopback at `port`, or the next free one after it; 0 means any. Gives the port. */
export async function listen(server: Server, port: number): Promise<number> {
  for (let tried = 0; ; tried += 1) {
    try {
      return await listenAt(server, port === 0 ? 0 : port + tried);
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (!isTaken || port === 0 || tried + 1 === PORTS_TO_TRY) throw error;
    }
  }
}

function listenAt(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.removeListener('error', reject);
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('The server listens on no port'));
      else resolve(address.port);
    });
  });
}

/** Breaks every connection that is left. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function answer(
  account: Account,
  routes: ReadonlyMap<string, RouteHandler>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  try {
    const request = await wireRequestOf(incoming);
    const [, prefix, name = ''] = request.path.split(/[/?]/);
    write(
      outgoing,
      prefix === '_rolecall' ? await answerRoute(routes.get(name), request) : await account.handle(request),
    );
  } catch (error) {
    if (error instanceof NoAnswer) incoming.socket.destroy();
    else write(outgoing, json(500, { __type: 'InternalFailure', message: messageOf(error) }));
  }
}

async function wireRequestOf(incoming: IncomingMessage): Promise<WireRequest> {
  incoming.setEncoding('utf8');
  let body = '';
  for await (const chunk of incoming) body += String(chunk);
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, [value].flat().join(', ')] as const);
  return {
    method: incoming.method ?? 'GET',
    path: incoming.url ?? '/',
    headers: Object.fromEntries(headers),
    body,
  };
}

async function answerRoute(handler: RouteHandler | undefined, request: WireRequest): Promise<WireResponse> {
  const { pathname, searchParams } = new URL(request.path, `http://${HOST}`);
  if (handler === undefined) return json(404, { message: `There is nothing at ${pathname}` });
  try {
    const body = parseBody(request.body);
    return json(200, await handler({ method: request.method, path: pathname, query: searchParams, body }));
  } catch (error) {
    return json(400, { message: messageOf(error) });
  }
}

function parseBody(body: string): unknown {
  if (body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function json(status: number, body: unknown): WireResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body ?? {}) };
}

function write(outgoing: ServerResponse, { status, headers, body }: WireResponse): void {
  outgoing.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  outgoing.end(body);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
