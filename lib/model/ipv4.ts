/**
 * Whether an address can only be inside a VPC: RFC 1918 §3, and the shared space of RFC 6598 §7. An address of a VPC
 * with a publicly routable range does not pass: it cannot be told from one that goes to a stranger.
 */
export function isPrivateIpv4(address: string): boolean {
  const octets = address.split('.').map(Number);
  const [first = -1, second = -1] = octets;
  if (octets.length !== 4) return false;
  return (
    first === 10 ||
    (first === 172 && second >= 16 && second <= 31) ||
    (first === 192 && second === 168) ||
    (first === 100 && second >= 64 && second <= 127)
  );
}
