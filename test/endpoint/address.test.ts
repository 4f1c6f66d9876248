import { describe, expect, it } from 'vitest';
import { networkOf, toldIn } from '../../lib/endpoint/address.ts';

describe('the address that a host tells', () => {
  it.each([
    ['8.8.8.8', { ipv4: '8.8.8.8' }],
    ['2606:4700:0:0::1111', { ipv6: '2606:4700::1111' }],
    ['2606:4700::1111,8.8.8.8', { ipv4: '8.8.8.8', ipv6: '2606:4700::1111' }],
    [' 8.8.8.8 , 2606:4700::1111', { ipv4: '8.8.8.8', ipv6: '2606:4700::1111' }],
  ])('%j is taken', (written, told) => {
    expect(toldIn(written, 'public')).toEqual(told);
  });

  it.each([
    '192.0.2.1',
    '198.51.100.1',
    '203.0.113.1',
    '2001:db8::1',
    '3fff::1',
    '4000::1',
    '2002:808:808::1',
    '2001:0:1::1',
    '64:ff9b::808:808',
    '8.8.8.8,203.0.113.1',
  ])('%s is refused in AWS', (written) => {
    expect(toldIn(written, 'public')).toBeUndefined();
  });

  it.each(['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1'])(
    '%s, of documentation, is taken in the local account',
    (written) => {
      expect(toldIn(written, 'documentation')).toEqual(written.includes(':') ? { ipv6: written } : { ipv4: written });
    },
  );

  it.each(['10.0.0.1', 'fd00::1', '127.0.0.1'])('%s is refused there too', (written) => {
    expect(toldIn(written, 'documentation')).toBeUndefined();
  });
});

describe('the network of a caller', () => {
  it.each([
    ['198.51.100.7', '198.51.100.7'],
    ['2606:4700:1:2:3:4:5:6', '2606:4700:1:2::'],
    ['::ffff:198.51.100.7', '198.51.100.7'],
    ['', 'unknown'],
    ['no address', 'unknown'],
  ])('%j is counted as %s', (sourceIp, network) => {
    expect(networkOf(sourceIp)).toBe(network);
  });
});
