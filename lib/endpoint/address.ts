import ipaddr from 'ipaddr.js';
import type { Told } from '../model/host.ts';

/**
 * Which addresses are taken. `documentation` adds those of RFC 5737, RFC 3849 and RFC 9637, for the local account alone:
 * its instances have such addresses, and nobody can be reached there.
 */
export type AddressPolicy = 'public' | 'documentation';

const DOCUMENTATION = ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32', '3fff::/20'].map((range) =>
  ipaddr.parseCIDR(range),
);
/** "Global Unicast … 2000::/3": IANA's IPv6 Global Unicast Address Space. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');
/** Given back, and not to be routed: the 6bone (RFC 3701 §2). */
const SIXBONE = ipaddr.IPv6.parseCIDR('3ffe::/16');

/** One address of each family at most, in normal form; undefined where any of them may not be published. */
export function toldIn(written: string, policy: AddressPolicy): Told | undefined {
  const addresses = written.split(',').map((each) => publishable(each.trim(), policy));
  const ipv4: string[] = [];
  const ipv6: string[] = [];
  for (const address of addresses) {
    if (address === undefined) return undefined;
    (address.kind() === 'ipv4' ? ipv4 : ipv6).push(address.toString());
  }
  if (ipv4.length > 1 || ipv6.length > 1) return undefined;
  return {
    ...(ipv4[0] === undefined ? {} : { ipv4: ipv4[0] }),
    ...(ipv6[0] === undefined ? {} : { ipv6: ipv6[0] }),
  };
}

/**
 * What a limit of rate counts as one caller: an IPv4 address, however it is written, or the /64 that a caller has of
 * IPv6.
 */
export function networkOf(sourceIp: string): string {
  const written = parse(sourceIp);
  if (written === undefined) return 'unknown';
  const address = ipaddr.process(written.toString());
  if (address instanceof ipaddr.IPv6) {
    const [one = 0, two = 0, three = 0, four = 0] = address.parts;
    return new ipaddr.IPv6([one, two, three, four, 0, 0, 0, 0]).toString();
  }
  return address.toString();
}

function publishable(written: string, policy: AddressPolicy): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const address = parse(written);
  if (address === undefined) return undefined;
  const isDocumentation = DOCUMENTATION.some((range) => isWithin(address, range));
  if (isDocumentation) return policy === 'documentation' ? address : undefined;
  if (address.range() !== 'unicast') return undefined;
  if (address instanceof ipaddr.IPv4) return address;
  return address.match(GLOBAL_UNICAST) && !address.match(SIXBONE) ? address : undefined;
}

function isWithin(address: ipaddr.IPv4 | ipaddr.IPv6, [base, bits]: [ipaddr.IPv4 | ipaddr.IPv6, number]): boolean {
  return address.kind() === base.kind() && address.match(base, bits);
}

/** Four decimal parts, or IPv6 without a zone: the other forms that a parser may take are no address in a record. */
function parse(written: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(written)) return ipaddr.IPv4.parse(written);
  return !written.includes('%') && ipaddr.IPv6.isValid(written) ? ipaddr.IPv6.parse(written) : undefined;
}
