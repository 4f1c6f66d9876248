import { describe, expect, it } from 'vitest';
import { givesName } from '../../lib/desired/host-names.ts';
import { resolveConfiguration } from '../../lib/config/resolve.ts';
import { parseConfiguration } from '../../lib/config/schema.ts';

const HOST = { id: 'dc1', roles: ['web'] };

function gives(
  name: string,
  pattern: string,
  given: { readonly holder?: string; readonly address?: 'private' | 'public' | 'ipv6'; readonly pool?: boolean } = {},
): boolean {
  const { holder, address = 'public', pool = false } = given;
  const configuration = parseConfiguration({
    zones: { pub: { name: 'example.com', id: 'Z0AAA' } },
    roles: {
      web: { names: [{ zone: 'pub', name: pattern, address }], ...(pool ? { elasticIp: { pool: 'web' } } : {}) },
    },
  });
  const { roles } = resolveConfiguration(configuration, {});
  const [role] = roles;
  if (role === undefined) throw new Error('no role');
  const slots =
    holder === undefined ? [] : [{ role: 'web', ordinal: 3, allocationId: '', publicIpv4: '', holder, version: 1 }];
  return givesName({ role, slots }, HOST, 'us-east-1', name);
}

describe('a role gives a host', () => {
  it('its fixed name, and names by its id and region', () => {
    expect(gives('web.example.com', '{role}')).toBe(true);
    expect(gives('dc1.web.example.com', '{instanceId}.{role}')).toBe(true);
    expect(gives('web.us-east-1.example.com', '{role}.{region}')).toBe(true);
  });

  it('no name of another role, host or zone', () => {
    expect(gives('api.example.com', '{role}')).toBe(false);
    expect(gives('dc2.web.example.com', '{instanceId}.{role}')).toBe(false);
    expect(gives('web.example.org', '{role}')).toBe(false);
  });

  it('no name with an availability zone', () => {
    expect(gives('web.us-east-1a.example.com', '{role}.{az}')).toBe(false);
  });

  it('the name with its ordinal alone, once it has one', () => {
    expect(gives('web-3.example.com', '{role}-{ordinal}', { holder: 'dc1' })).toBe(true);
    expect(gives('web-4.example.com', '{role}-{ordinal}', { holder: 'dc1' })).toBe(false);
  });

  it('a name with any ordinal as long as it has none, for its first update', () => {
    expect(gives('web-4.example.com', '{role}-{ordinal}', { holder: 'i-1' })).toBe(true);
    expect(gives('web-04.example.com', '{role}-{ordinal}')).toBe(false);
    expect(gives('web-x.example.com', '{role}-{ordinal}')).toBe(false);
  });

  it('a name for its IPv6 address, and none for the private address that it does not have', () => {
    expect(gives('web.example.com', '{role}', { address: 'ipv6' })).toBe(true);
    expect(gives('web.example.com', '{role}', { address: 'private' })).toBe(false);
  });

  it('no name that shows the addresses of a pool', () => {
    expect(gives('web.example.com', '{role}', { pool: true })).toBe(false);
  });
});
