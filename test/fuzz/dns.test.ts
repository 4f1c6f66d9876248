import { encode, RECURSION_DESIRED } from 'dns-packet';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerMessage } from '../../local/dns/message.ts';

const ANSWERING = { zones: () => [], random: () => 0.5 };
const HEADER_BYTES = 12;

/** A question as a resolver sends it, cut, doubled, or with a byte put in its place. */
const nearlyAQuestion = fc
  .record({
    labels: fc.array(fc.string({ unit: fc.constantFrom(...'aZ09-_*'.split('')), minLength: 1, maxLength: 20 }), {
      maxLength: 5,
    }),
    type: fc.constantFrom('A' as const, 'AAAA' as const, 'TXT' as const, 'AXFR' as const),
    keep: fc.nat(100),
    at: fc.nat(100),
    byte: fc.nat(255),
    isSpoiled: fc.boolean(),
  })
  .map(({ labels, type, keep, at, byte, isSpoiled }) => {
    const question = { type, name: labels.join('.') };
    const message = encode({ type: 'query', id: 7, flags: RECURSION_DESIRED, questions: [question] });
    if (!isSpoiled) return message;
    const cut = Buffer.from(message.subarray(0, Math.max(HEADER_BYTES, keep)));
    if (at < cut.length) cut[at] = byte;
    return cut;
  });

describe('whatever is sent to the DNS port', () => {
  it('is answered under its own id, or not at all', () => {
    const codes = new Map<number, number>();
    const bytes = fc.uint8Array({ maxLength: 600 }).map((given) => Buffer.from(given));
    fc.assert(
      fc.property(fc.oneof(bytes, nearlyAQuestion), fc.constantFrom('udp', 'tcp'), (query, transport) => {
        const answer = answerMessage(query, transport, ANSWERING);
        if (answer === undefined) return;
        const code = answer.readUInt16BE(2) & 0xf;
        codes.set(code, (codes.get(code) ?? 0) + 1);
        expect(answer.readUInt16BE(0)).toBe(query.readUInt16BE(0));
        expect(answer.readUInt16BE(2) & 0x8000).toBe(0x8000);
      }),
      { numRuns: 5_000, seed: 16 },
    );
    // FORMERR, and REFUSED: there is no zone.
    expect(codes.get(1) ?? 0).toBeGreaterThan(100);
    expect(codes.get(5) ?? 0).toBeGreaterThan(100);
  });
});
