import type { Answer } from 'dns-packet';
import { labelsOf } from '../route53/domain-name.ts';

/** One value of a Route 53 record set as a DNS record; undefined for types that the local account does not serve. */
export function dnsRecord(type: string, owner: string, ttlSeconds: number, value: string): Answer | undefined {
  const common = { name: owner, ttl: ttlSeconds, class: 'IN' as const };
  switch (type) {
    case 'A':
    case 'AAAA':
      return { ...common, type, data: value };
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return { ...common, type, data: hostName(value) };
    case 'TXT':
      return { ...common, type, data: characterStrings(value) };
    case 'MX': {
      const [preference = '', exchange = ''] = value.trim().split(/\s+/);
      return { ...common, type, data: { preference: Number(preference), exchange: hostName(exchange) } };
    }
    case 'SRV': {
      const [priority, weight, port, target = ''] = value.trim().split(/\s+/);
      const data = { priority: Number(priority), weight: Number(weight), port: Number(port), target: hostName(target) };
      return { ...common, type, data };
    }
    case 'SOA':
      return { ...common, type, data: startOfAuthority(value) };
    case 'CAA': {
      const [, flags = '0', tag = '', text = ''] = /^(\d+) (\S+) "(.*)"$/s.exec(value) ?? [];
      if (tag !== 'issue' && tag !== 'issuewild' && tag !== 'iodef') return undefined;
      return { ...common, type, data: { flags: Number(flags), tag, value: text } };
    }
    default:
      return undefined;
  }
}

export interface StartOfAuthority {
  readonly mname: string;
  readonly rname: string;
  readonly serial: number;
  readonly refresh: number;
  readonly retry: number;
  readonly expire: number;
  readonly minimum: number;
}

export function startOfAuthority(value: string): StartOfAuthority {
  const [mname = '', rname = '', serial, refresh, retry, expire, minimum] = value.trim().split(/\s+/);
  return {
    mname: hostName(mname),
    rname: hostName(rname),
    serial: Number(serial),
    refresh: Number(refresh),
    retry: Number(retry),
    expire: Number(expire),
    minimum: Number(minimum),
  };
}

/** The name as DNS messages carry it: no escapes, no final dot. */
export function hostName(value: string): string {
  return (labelsOf(value) ?? []).join('.');
}

/** `"one" "two"` is one TXT record of two strings, with `\"`, `\\` and `\ooo` in them. */
function characterStrings(value: string): Buffer[] {
  return [...value.matchAll(/"((?:[^"\\]|\\[0-7]{3}|\\.)*)"/gs)].map(([, content = '']) =>
    Buffer.from(
      content.replace(/\\(?:([0-7]{3})|(.))/gs, (_whole, octal: string | undefined, character: string | undefined) =>
        octal === undefined ? (character ?? '') : String.fromCharCode(Number.parseInt(octal, 8)),
      ),
      'latin1',
    ),
  );
}
