import * as fc from 'fast-check';
import { isIPv4, isIPv6 } from 'node:net';
import { describe, expect, it } from 'vitest';
import { networkOf, toldIn } from '../../lib/endpoint/address.ts';
import { basicOf, readerCredentialsOf } from '../../lib/endpoint/credentials.ts';
import { parametersOf } from '../../lib/endpoint/request.ts';
import { updateQueryOf } from '../../lib/endpoint/update-query.ts';
import { isPublishableName } from '../../lib/model/name.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef.:,%/[] '.split('')), maxLength: 45 }),
);
const address = fc.oneof(anyText, fc.ipV4(), fc.ipV6(), fc.ipV4Extended());
const addresses = fc.array(address, { minLength: 1, maxLength: 3 }).map((several) => several.join(','));
const label = fc.string({ unit: fc.constantFrom(...'abz09-_*'.split('')), minLength: 1, maxLength: 12 });
const hostname = fc.oneof(
  fc.domain(),
  anyText,
  fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.')),
);

describe('whatever a client calls an address', () => {
  it('is told as one of each family at most, in a form that a record takes, or not at all', () => {
    let told = 0;
    fc.assert(
      fc.property(addresses, (written) => {
        const found = toldIn(written, 'public');
        if (found === undefined) return;
        told += 1;
        expect(found.ipv4 === undefined || isIPv4(found.ipv4)).toBe(true);
        expect(found.ipv6 === undefined || isIPv6(found.ipv6)).toBe(true);
        expect(found.ipv4 ?? '').not.toMatch(/^(0|10|127|169\.254|192\.168|22[4-9]|23\d|24\d|25\d)\./);
        expect(found.ipv6 ?? '2').toMatch(/^[23]/);
      }),
      { numRuns: 4_000, seed: 11 },
    );
    expect(told).toBeGreaterThan(300);
  });

  it('is counted as one caller, whatever it is', () => {
    const networks = new Set<string>();
    fc.assert(
      fc.property(address, (sourceIp) => {
        const network = networkOf(sourceIp);
        networks.add(network);
        expect(network === 'unknown' || isIPv4(network) || isIPv6(network)).toBe(true);
      }),
      { numRuns: 2_000, seed: 12 },
    );
    expect(networks.size).toBeGreaterThan(100);
  });
});

describe('whatever an update asks for', () => {
  it('names at most twenty names, each one that can be published', () => {
    const kinds = new Map<string, number>();
    const query = fc.record({
      hostname: fc.oneof(
        hostname,
        fc.array(hostname, { maxLength: 24 }).map((several) => several.join(',')),
      ),
      myip: fc.oneof(fc.constantFrom('9.9.9.9', '2600::1', '9.9.9.9,2600::1'), addresses),
    });
    fc.assert(
      fc.property(query, (asked) => {
        const found = updateQueryOf(new Map(Object.entries(asked)), '9.9.9.9', 'public');
        kinds.set(found.kind, (kinds.get(found.kind) ?? 0) + 1);
        const hostnames = found.kind === 'refused' ? [] : found.hostnames;
        expect(hostnames.length).toBeLessThanOrEqual(20);
        expect(hostnames.filter((name) => !isPublishableName(name) || !name.includes('.'))).toEqual([]);
      }),
      { numRuns: 4_000, seed: 13 },
    );
    expect(kinds.get('told') ?? 0).toBeGreaterThan(100);
    expect(kinds.get('refused') ?? 0).toBeGreaterThan(100);
  });

  it('is read as parameters without control characters, or not at all', () => {
    let read = 0;
    fc.assert(
      fc.property(
        fc.oneof(anyText, fc.webQueryParameters(), fc.string({ unit: fc.constantFrom(...'a=&%20+'.split('')) })),
        (text) => {
          const parameters = parametersOf(text);
          if (parameters === undefined) return;
          read += 1;
          // oxlint-disable-next-line no-control-regex -- what must not be there
          expect([...parameters].flat().filter((each) => /[\u0000-\u001f\u007f]/.test(each))).toEqual([]);
        },
      ),
      { numRuns: 3_000, seed: 14 },
    );
    expect(read).toBeGreaterThan(500);
  });
});

describe('whatever is sent as a login', () => {
  it('is a name and a token, as they were encoded, or nothing', () => {
    let logins = 0;
    const text = fc.string({ unit: 'grapheme', maxLength: 20 });
    const login = fc.oneof(
      text,
      fc.tuple(text, text).map((pair) => pair.join(':')),
    );
    fc.assert(
      fc.property(login, anyText, (pair, other) => {
        const found = basicOf(`Basic ${Buffer.from(pair).toString('base64')}`);
        if (found !== undefined) logins += 1;
        const isLogin = pair.indexOf(':') > 0;
        expect(found === undefined ? undefined : `${found.name}:${found.token}`).toBe(isLogin ? pair : undefined);
        expect(basicOf(other)).toBeUndefined();
        expect(readerCredentialsOf(other)).toBeUndefined();
      }),
      { numRuns: 4_000, seed: 15 },
    );
    expect(logins).toBeGreaterThan(20);
  });
});
