import { isIPv4, isIPv6 } from 'node:net';
import { storedName } from './domain-name.ts';

/** What one value of a type has to look like ("Supported DNS record types"); the answer is what is wrong with it. */
type ValueRule = (value: string) => string | undefined;

const LONGEST_VALUE = 4_000;
const LONGEST_STRING = 255;

export const VALUE_RULES: Readonly<Record<string, ValueRule>> = {
  A: (value) => (isIPv4(value) ? undefined : notAnAddress(value, 'ARRDATAIllegalIPv4Address', 'IPv4')),
  AAAA: (value) => (isIPv6(value) ? undefined : notAnAddress(value, 'AAAARRDATAIllegalIPv6Address', 'IPv6')),
  CNAME: hostRule('CNAMERRDATA'),
  PTR: hostRule('PTRRRDATA'),
  NS: hostRule('NSRRDATA'),
  MX: fieldsRule('MXRRDATA', [uint16, host]),
  SRV: fieldsRule('SRVRRDATA', [uint16, uint16, uint16, host]),
  TXT: quotedStrings,
  SPF: quotedStrings,
  CAA: (value) =>
    /^\d{1,3} [a-z0-9]+ "(?:[^"\\]|\\.)*"$/i.test(value) ? undefined : illegal('CAARRDATAIllegalFormat', value),
  SOA: fieldsRule('SOARRDATA', [host, host, uint32, uint32, uint32, uint32, uint32]),
  NAPTR: anyValue,
  DS: anyValue,
  TLSA: anyValue,
  SSHFP: anyValue,
  SVCB: anyValue,
  HTTPS: anyValue,
};

/** What is wrong with the value, in Route 53's words. */
export function problemOfValue(type: string, value: string): string | undefined {
  if (value.length > LONGEST_VALUE) return illegal('RRDATATooLong', `${value.slice(0, 64)}…`);
  return VALUE_RULES[type]?.(value);
}

function notAnAddress(value: string, code: string, family: string): string {
  if (/\s/.test(value)) return illegal('ARRDATANotSingleField (Value contains spaces)', value);
  return illegal(`${code} (Value is not a valid ${family} address)`, value);
}

function illegal(problem: string, value: string): string {
  return `Invalid Resource Record: 'FATAL problem: ${problem} encountered with '${value}''`;
}

function hostRule(prefix: string): ValueRule {
  return (value) => (host(value) ? undefined : illegal(`${prefix}IllegalDomainName`, value));
}

function fieldsRule(prefix: string, fields: readonly ((field: string) => boolean)[]): ValueRule {
  return (value) => {
    const given = value.trim().split(/\s+/);
    if (given.length !== fields.length) {
      return illegal(
        `${prefix}NotCorrectNumberOfFields (Value has ${given.length} fields, not ${fields.length})`,
        value,
      );
    }
    return fields.every((isLegal, index) => isLegal(given[index] ?? ''))
      ? undefined
      : illegal(`${prefix}Illegal`, value);
  };
}

/** TXT: quoted strings of at most 255 characters, separated by spaces. */
function quotedStrings(value: string): string | undefined {
  const string = /"((?:[^"\\]|\\[0-7]{3}|\\.)*)"/gs;
  if (value.replace(string, '').trim() !== '' || !value.includes('"')) {
    return illegal('InvalidCharacterString (Value should be enclosed in quotation marks)', value);
  }
  const lengths = [...value.matchAll(string)].map(
    ([, content]) => (content ?? '').replace(/\\[0-7]{3}|\\./gs, '_').length,
  );
  return lengths.some((length) => length > LONGEST_STRING)
    ? illegal('CharacterStringTooLong (Value is too long)', value)
    : undefined;
}

function anyValue(value: string): string | undefined {
  return value.trim() === '' ? illegal('RRDATAEmpty (Value is empty)', value) : undefined;
}

function host(field: string): boolean {
  return field === '.' || 'name' in storedName(field);
}

function uint16(field: string): boolean {
  return /^\d{1,5}$/.test(field) && Number(field) <= 0xffff;
}

function uint32(field: string): boolean {
  return /^\d{1,10}$/.test(field) && Number(field) <= 0xffff_ffff;
}
