import { isIPv4 } from 'node:net';

/** Whether the names of a zone stand for addresses. */
export function isReverseZone(zoneName: string): boolean {
  return /(?:^|\.)(?:in-addr|ip6)\.arpa$/.test(zoneName);
}

/** Where the pointer of an address is: RFC 1035 §3.5, RFC 3596 §2.5. Absent for what is no address. */
export function reverseName(address: string): string | undefined {
  if (address.includes(':')) {
    const groups = ipv6Groups(address);
    if (groups === undefined) return undefined;
    const nibbles = groups.map((group) => group.toString(16).padStart(4, '0')).join('');
    return `${nibbles.split('').reverse().join('.')}.ip6.arpa`;
  }
  return isIPv4(address) ? reverseNameOfIpv4(address) : undefined;
}

/** Put together from its end: a list of the octets to turn round takes thrice as long. */
function reverseNameOfIpv4(address: string): string {
  let name = 'in-addr.arpa';
  let start = 0;
  for (let dot = address.indexOf('.'); dot >= 0; dot = address.indexOf('.', start)) {
    name = `${address.slice(start, dot)}.${name}`;
    start = dot + 1;
  }
  return `${address.slice(start)}.${name}`;
}

/** The IPv4 address whose pointer a name is. */
export function ipv4OfReverseName(name: string): string | undefined {
  const [, octets] = /^((?:\d{1,3}\.){4})in-addr\.arpa$/.exec(name) ?? [];
  return octets?.split('.').slice(0, 4).reverse().join('.');
}

function ipv4Octets(address: string): readonly number[] | undefined {
  return isIPv4(address) ? address.split('.').map(Number) : undefined;
}

/** The eight groups of 16 bits, `::` filled up, a dotted tail taken in (RFC 4291 §2.2). */
function ipv6Groups(address: string): readonly number[] | undefined {
  const halves = address.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map(groupsOf);
  if (head === undefined) return undefined;
  if (halves.length === 1) return head.length === 8 ? head : undefined;
  if (tail === undefined || head.length + tail.length > 7) return undefined;
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

function groupsOf(text: string): readonly number[] | undefined {
  if (text === '') return [];
  const groups = text.split(':').map((part): readonly number[] | undefined => {
    if (!part.includes('.')) return /^[0-9a-f]{1,4}$/i.test(part) ? [Number.parseInt(part, 16)] : undefined;
    const [first = 0, second = 0, third = 0, fourth = 0] = ipv4Octets(part) ?? [];
    return ipv4Octets(part) === undefined ? undefined : [first * 256 + second, third * 256 + fourth];
  });
  return groups.includes(undefined) ? undefined : groups.flatMap((group) => group ?? []);
}
