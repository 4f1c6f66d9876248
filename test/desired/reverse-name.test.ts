import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ipv4OfReverseName, isReverseZone, reverseName } from '../../lib/desired/reverse-name.ts';

describe('the reverse name', () => {
  test.each([
    ['10.2.0.52', '52.0.2.10.in-addr.arpa'],
    ['0.0.0.255', '255.0.0.0.in-addr.arpa'],
    ['4321:0:1:2:3:4:567:89ab', 'b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa'],
    ['2001:DB8::1', '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa'],
    ['::', '0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa'],
    ['2001:db8::', '0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa'],
    ['::ffff:192.0.2.1', '1.0.2.0.0.0.0.c.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa'],
  ])('of %s is %s', (address, name) => {
    expect(reverseName(address)).toBe(name);
  });

  test.each([
    '',
    '10.0.0',
    '10.0.0.256',
    '10.0.0.010',
    '10.0.0.x',
    '10.0.0.0.1',
    '1:2:3',
    '1::2::3',
    '1:2:3:4:5:6:7:8::',
    'g::',
    ':',
  ])('of "%s" does not exist', (address) => {
    expect(reverseName(address)).toBeUndefined();
  });

  test('of every IPv4 address leads back to it', () => {
    let seen = 0;
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        seen += 1;
        expect(ipv4OfReverseName(reverseName(address) ?? '')).toBe(address);
      }),
    );
    expect(seen).toBeGreaterThan(0);
  });

  test('of every IPv6 address has 32 nibbles', () => {
    let seen = 0;
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        seen += 1;
        expect(reverseName(address)).toMatch(/^(?:[0-9a-f]\.){32}ip6\.arpa$/);
      }),
    );
    expect(seen).toBeGreaterThan(0);
  });

  test('of an IPv6 address is of no IPv4 address', () => {
    expect(ipv4OfReverseName('8.b.d.0.1.0.0.2.ip6.arpa')).toBeUndefined();
  });
});

describe('a reverse zone', () => {
  test.each(['10.in-addr.arpa', '2.0.192.in-addr.arpa', '8.b.d.0.1.0.0.2.ip6.arpa', 'in-addr.arpa'])(
    '%s is one',
    (name) => {
      expect(isReverseZone(name)).toBe(true);
    },
  );

  test.each(['example.com', 'arpa', 'xin-addr.arpa', 'in-addr.arpa.example.com'])('%s is none', (name) => {
    expect(isReverseZone(name)).toBe(false);
  });
});
