import { describe, expect, it } from 'vitest';
import { producerOf } from '../../lib/desired/produced.ts';
import { type RecordType, recordSet } from '../../lib/model/record-set.ts';
import { pattern, PUBLIC_ZONE, role } from './examples.ts';

function produced(text: string, name: string, type: RecordType = 'A'): boolean {
  const zone = { zone: PUBLIC_ZONE.key, zoneName: PUBLIC_ZONE.name };
  const roles = [role([pattern({ ...zone, pattern: text })])];
  return producerOf(roles, PUBLIC_ZONE, recordSet(name, type, 60, ['192.0.2.1'])) === 'web';
}

describe('a name that a pattern can produce', () => {
  it.each([
    ['{role}', 'web.example.com'],
    ['@', 'example.com'],
    ['{role}{ordinal}', 'web12.example.com'],
    ['{instanceId}', 'i-0123456789abcdef0.example.com'],
    ['{role}.{az}', 'web.eu-west-1a.example.com'],
    ['x.{region}', 'x.ap-southeast-2.example.com'],
  ])('of %s is %s', (text, name) => {
    expect(produced(text, name)).toBe(true);
  });
});

describe('a name that a pattern cannot produce', () => {
  it.each([
    ['{role}', 'api.example.com'],
    ['{role}', 'web.sub.example.com'],
    ['{role}', 'webxexample.com'],
    ['{instanceId}', 'www.example.com'],
    ['{role}{ordinal}', 'web0.example.com'],
    ['{az}', 'eu-west-1.example.com'],
    ['x.y', 'xay.example.com'],
  ])('of %s is %s', (text, name) => {
    expect(produced(text, name)).toBe(false);
  });

  it('is one of another type', () => {
    expect(produced('{role}', 'web.example.com', 'MX')).toBe(false);
    expect(produced('{role}', 'web.example.com', 'TXT')).toBe(false);
  });
});
