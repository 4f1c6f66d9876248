import type { Socket as UdpSocket } from 'node:dgram';
import { createSocket } from 'node:dgram';
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { Answering } from './message.ts';
import { answerMessage } from './message.ts';
import type { ServedZone } from './resolve.ts';

export interface DnsServerOptions {
  /** What to answer from, asked at each query. */
  readonly zones: () => readonly ServedZone[];
  /** The next free one is taken when it is in use; 0 takes any. */
  readonly port: number;
  /** Numbers from 0 up to, not including, 1. @default - Math.random */
  readonly random?: () => number;
  /** By the id of a Route 53 health check. @default - every one is */
  readonly isHealthy?: (healthCheckId: string) => boolean;
}

export interface DnsServer {
  readonly address: string;
  readonly port: number;
  /** Leaves no socket. */
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
const PORTS_TRIED = 50;
/** RFC 7766, 6.2.3: an idle connection is closed after some seconds. */
const IDLE_MS = 10_000;
const LENGTH_BYTES = 2;

/** An authoritative DNS server on loopback, UDP and TCP on one port. */
export async function startDnsServer(options: DnsServerOptions): Promise<DnsServer> {
  const answering: Answering = {
    zones: options.zones,
    random: options.random ?? Math.random,
    ...(options.isHealthy === undefined ? {} : { isHealthy: options.isHealthy }),
  };
  for (let attempt = 0; attempt < PORTS_TRIED; attempt += 1) {
    const server = await listenOn(options.port === 0 ? 0 : options.port + attempt, answering);
    if (server !== undefined) return server;
  }
  throw new Error(`No port from ${options.port} to ${options.port + PORTS_TRIED - 1} is free for DNS on ${LOOPBACK}.`);
}

/** Undefined when UDP or TCP has the port in use. */
async function listenOn(port: number, answering: Answering): Promise<DnsServer | undefined> {
  const udp = createSocket('udp4');
  const bound = await listening(udp, () => udp.bind(port, LOOPBACK));
  if (!bound) {
    udp.close();
    return undefined;
  }
  const taken = udp.address().port;
  const connections = new Set<Socket>();
  const tcp = createServer((connection) => serveConnection(connection, connections, answering));
  if (!(await listening(tcp, () => tcp.listen(taken, LOOPBACK)))) {
    await closed(udp);
    return undefined;
  }
  serveDatagrams(udp, answering);
  return {
    address: LOOPBACK,
    port: taken,
    close: async () => {
      for (const connection of connections) connection.destroy();
      await Promise.all([closed(udp), closed(tcp)]);
    },
  };
}

function serveDatagrams(udp: UdpSocket, answering: Answering): void {
  udp.on('message', (query, from) => {
    const answer = answerMessage(query, 'udp', answering);
    // A client that has gone does not concern the others.
    if (answer !== undefined) udp.send(answer, from.port, from.address, () => undefined);
  });
}

/** Each message follows its length in two bytes (RFC 1035, 4.2.2). */
function serveConnection(connection: Socket, connections: Set<Socket>, answering: Answering): void {
  connections.add(connection);
  let received = Buffer.alloc(0);
  connection.setTimeout(IDLE_MS, () => connection.destroy());
  connection.on('error', () => connection.destroy());
  connection.on('close', () => connections.delete(connection));
  connection.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= LENGTH_BYTES) {
      const end = LENGTH_BYTES + received.readUInt16BE(0);
      if (received.length < end) return;
      const answer = answerMessage(received.subarray(LENGTH_BYTES, end), 'tcp', answering);
      received = received.subarray(end);
      if (answer !== undefined) connection.write(framed(answer));
    }
  });
}

function framed(answer: Buffer): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt16BE(answer.length);
  return Buffer.concat([length, answer]);
}

/** False when the address is in use. */
function listening(server: UdpSocket | Server, listen: () => void): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    };
    server.once('error', onError);
    server.once('listening', () => {
      server.off('error', onError);
      resolve(true);
    });
    listen();
  });
}

function closed(server: UdpSocket | Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
