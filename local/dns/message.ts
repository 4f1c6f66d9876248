import type { DecodedPacket, OptAnswer, Packet } from 'dns-packet';
import { AUTHORITATIVE_ANSWER, decode, encode, RECURSION_DESIRED, TRUNCATED_RESPONSE } from 'dns-packet';
import type { Reply, ServedZone } from './resolve.ts';
import { resolve } from './resolve.ts';

/** RFC 1035, 4.2.1: what a UDP message may hold when the client does not say more (RFC 6891). */
const PLAIN_UDP_BYTES = 512;
const MOST_UDP_BYTES = 4_096;
const HEADER_BYTES = 12;
const RESPONSE_BIT = 0x8000;
const OPCODE_BITS = 0x7800;

const CODES = { NOERROR: 0, FORMERR: 1, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;
type Code = keyof typeof CODES;

export interface Answering {
  readonly zones: () => readonly ServedZone[];
  readonly random: () => number;
  /** @default - every one is */
  readonly isHealthy?: (healthCheckId: string) => boolean;
}

/** The answer to one message, or undefined where there is nothing to answer. */
export function answerMessage(query: Buffer, transport: 'udp' | 'tcp', answering: Answering): Buffer | undefined {
  if (query.length < HEADER_BYTES) return undefined;
  const flags = query.readUInt16BE(2);
  if ((flags & RESPONSE_BIT) !== 0) return undefined;
  if ((flags & OPCODE_BITS) !== 0) return bare(query, 'NOTIMP');
  const decoded = decodeOrNothing(query);
  const [question, second] = decoded?.questions ?? [];
  if (decoded === undefined || question === undefined || second !== undefined) return bare(query, 'FORMERR');
  if (question.class !== 'IN' && question.class !== 'ANY') return bare(query, 'REFUSED');
  if (question.type === 'AXFR' || question.type === 'IXFR') return bare(query, 'REFUSED');
  const reply = resolve(question, answering.zones(), answering.random, answering.isHealthy);
  return withinLimit(decoded, reply, transport);
}

function decodeOrNothing(query: Buffer): DecodedPacket | undefined {
  try {
    return decode(query);
  } catch {
    return undefined;
  }
}

/** An answer that does not fit is sent empty, marked as truncated: the client asks again over TCP. */
function withinLimit(query: DecodedPacket, reply: Reply, transport: 'udp' | 'tcp'): Buffer {
  const whole = packet(query, reply, 0);
  if (transport === 'tcp') return encode(whole);
  const bytes = encode(whole);
  const limit = Math.min(MOST_UDP_BYTES, Math.max(PLAIN_UDP_BYTES, optOf(query)?.udpPayloadSize ?? 0));
  if (bytes.length <= limit) return bytes;
  return encode(packet(query, { ...reply, answers: [], authorities: [] }, TRUNCATED_RESPONSE));
}

function packet(query: DecodedPacket, reply: Reply, extraFlags: number): Packet {
  const authority = reply.code === 'REFUSED' ? 0 : AUTHORITATIVE_ANSWER;
  const recursionDesired = query.flag_rd ? RECURSION_DESIRED : 0;
  return {
    type: 'response',
    id: query.id,
    flags: authority | recursionDesired | extraFlags | CODES[reply.code],
    questions: query.questions,
    answers: [...reply.answers],
    authorities: [...reply.authorities],
    additionals: optOf(query) === undefined ? [] : [OWN_OPT],
  };
}

/** RFC 6891: an answer has an OPT record if, and only if, the query has one. */
const OWN_OPT: OptAnswer = {
  type: 'OPT',
  name: '.',
  udpPayloadSize: MOST_UDP_BYTES,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
};

function optOf(query: DecodedPacket): OptAnswer | undefined {
  return query.additionals?.find((additional) => additional.type === 'OPT');
}

/** An answer of which only the header is sure to be understood. */
function bare(query: Buffer, code: Code): Buffer {
  const flags = query.readUInt16BE(2);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(query.readUInt16BE(0), 0);
  header.writeUInt16BE(RESPONSE_BIT | (flags & OPCODE_BITS) | (flags & RECURSION_DESIRED) | CODES[code], 2);
  return header;
}
