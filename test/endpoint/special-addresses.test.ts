import { describe, expect, it } from 'vitest';
import { toldIn } from '../../lib/endpoint/address.ts';

/**
 * The first and the last address of each entry that is not globally reachable, or serves an anycast service of others:
 * "IANA IPv4 Special-Purpose Address Registry", "IANA IPv6 Special-Purpose Address Registry", and multicast.
 */
const SPECIAL: readonly (readonly [string, string, string])[] = [
  ['"This network" (RFC 791)', '0.0.0.0', '0.255.255.255'],
  ['private use (RFC 1918)', '10.0.0.0', '10.255.255.255'],
  ['shared address space (RFC 6598)', '100.64.0.0', '100.127.255.255'],
  ['loopback (RFC 1122)', '127.0.0.0', '127.255.255.255'],
  ['link-local (RFC 3927)', '169.254.0.0', '169.254.255.255'],
  ['private use (RFC 1918)', '172.16.0.0', '172.31.255.255'],
  ['IETF protocol assignments (RFC 6890)', '192.0.0.0', '192.0.0.255'],
  ['TEST-NET-1 (RFC 5737)', '192.0.2.0', '192.0.2.255'],
  ['AS112 (RFC 7535)', '192.31.196.0', '192.31.196.255'],
  ['AMT (RFC 7450)', '192.52.193.0', '192.52.193.255'],
  ['6to4 relays, deprecated (RFC 7526)', '192.88.99.0', '192.88.99.255'],
  ['private use (RFC 1918)', '192.168.0.0', '192.168.255.255'],
  ['AS112 (RFC 7534)', '192.175.48.0', '192.175.48.255'],
  ['benchmarking (RFC 2544)', '198.18.0.0', '198.19.255.255'],
  ['TEST-NET-2 (RFC 5737)', '198.51.100.0', '198.51.100.255'],
  ['TEST-NET-3 (RFC 5737)', '203.0.113.0', '203.0.113.255'],
  ['multicast (RFC 5771)', '224.0.0.0', '239.255.255.255'],
  ['reserved (RFC 1112), and limited broadcast (RFC 919)', '240.0.0.0', '255.255.255.255'],
  ['unspecified (RFC 4291)', '::', '::'],
  ['loopback (RFC 4291)', '::1', '::1'],
  ['IPv4-compatible, deprecated (RFC 4291)', '::0.0.0.2', '::8.8.8.8'],
  ['IPv4-mapped (RFC 4291)', '::ffff:0:0', '::ffff:ffff:ffff'],
  ['IPv4/IPv6 translation (RFC 6052)', '64:ff9b::', '64:ff9b::ffff:ffff'],
  ['IPv4/IPv6 translation (RFC 8215)', '64:ff9b:1::', '64:ff9b:1:ffff:ffff:ffff:ffff:ffff'],
  ['discard-only (RFC 6666)', '100::', '100::ffff:ffff:ffff:ffff'],
  ['dummy prefix (RFC 9780)', '100:0:0:1::', '100:0:0:1:ffff:ffff:ffff:ffff'],
  ['IETF protocol assignments (RFC 2928)', '2001::', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['Teredo (RFC 4380)', '2001:0:ffff:ffff:ffff:ffff:ffff:ffff', '2001:0:4136:e378::'],
  ['documentation (RFC 3849)', '2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['6to4 (RFC 3056)', '2002::', '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['AS112 (RFC 7534)', '2620:4f:8000::', '2620:4f:8000:ffff:ffff:ffff:ffff:ffff'],
  ['6bone (RFC 3701)', '3ffe::', '3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['documentation (RFC 9637)', '3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['unassigned', '4000::', '5eff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['segment routing (RFC 9602)', '5f00::', '5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['unassigned', '6000::', 'fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['unique-local (RFC 4193)', 'fc00::', 'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['link-local (RFC 4291)', 'fe80::', 'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['site-local, deprecated (RFC 3879)', 'fec0::', 'feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['multicast (RFC 4291)', 'ff00::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
];

describe('an address that nobody else could reach', () => {
  it.each(SPECIAL)('is refused: %s, %s to %s', (_what, first, last) => {
    expect([toldIn(first, 'public'), toldIn(last, 'public')]).toEqual([undefined, undefined]);
  });
});

/** Right before and right behind those. */
const ORDINARY = [
  ...['1.0.0.0', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.0'],
  ...['169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0', '191.255.255.255', '192.0.1.0', '192.0.3.0'],
  ...['192.31.195.255', '192.31.197.0', '192.52.192.255', '192.52.194.0', '192.88.98.255', '192.88.100.0'],
  ...['192.167.255.255', '192.169.0.0', '192.175.47.255', '192.175.49.0', '198.17.255.255', '198.20.0.0'],
  ...['198.51.99.255', '198.51.101.0', '203.0.112.255', '203.0.114.0', '223.255.255.255'],
  ...['2000::1', '2001:200::1', '2001:db7:ffff::1', '2001:db9::1', '2003::1', '2620:4f:7fff::1', '2620:4f:8001::1'],
  ...['2a00:1450:4001::1', '3ffd::1', '3fff:1000::1'],
];

describe('an address beside them', () => {
  it.each(ORDINARY)('%s is taken', (address) => {
    expect(toldIn(address, 'public')).toEqual(address.includes(':') ? { ipv6: address } : { ipv4: address });
  });
});

describe('what is no address', () => {
  it.each([
    ...[
      '8.8.8',
      '8.8.8.8.8',
      '8.8.8.256',
      '08.8.8.8',
      '8.8.8.8/32',
      '8.8.8.8:53',
      '134744072',
      '0x08080808',
      '٨.8.8.8',
    ],
    ...['2606:4700::1111%eth0', '[2606:4700::1111]', '2606:4700::1111/128', '2606:4700:::1', '::ffff:0808:0808'],
    ...[
      'auto',
      '',
      ',',
      '8.8.8.8,',
      ',8.8.8.8',
      '8.8.8.8,,2606:4700::1',
      '8.8.8.8 2606:4700::1',
      '8.8.8.8;2606:4700::1',
    ],
  ])('%j is refused', (written) => {
    expect(toldIn(written, 'public')).toBeUndefined();
  });
});
