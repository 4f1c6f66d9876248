import { describe, expect, test } from 'vitest';
import { defineRoles } from '../../lib/config/define.ts';
import { ConfigurationError, parseConfiguration } from '../../lib/config/schema.ts';

const zones = { int: { name: 'corp.internal', private: true, id: 'Z0AAA' }, pub: { name: 'example.com', id: 'Z0BBB' } };

// Each `@ts-expect-error` is a test of its own: the type check fails where the editor would show no error.
describe('defineRoles', () => {
  test('returns what it was given, for every form that is allowed', () => {
    const configuration = defineRoles({
      owner: 'prod-eu',
      zones: { int: { name: 'corp.internal', private: true, id: 'Z0AAA' }, pub: { name: 'example.com', id: 'Z0BBB' } },
      defaults: { ttl: '60s', whenEmpty: 'remove', drift: 'repair' },
      roles: {
        cache: 'int',
        web: {
          names: [
            { zone: 'pub', ttl: '30s' },
            { zone: 'int', address: ['private', 'ipv6'] },
          ],
          ttl: '5m',
        },
        mail: { names: [{ zone: 'pub', name: 'mx{ordinal}' }], elasticIp: { pool: 'mail' }, whenEmpty: 'keep' },
      },
    });
    expect(parseConfiguration(configuration)).toEqual(configuration);
  });

  test('refuses an unknown zone in the editor and at synth', () => {
    // @ts-expect-error pubb is no key of zones
    const short = defineRoles({ zones, roles: { web: 'pubb' } });
    // @ts-expect-error pubb is no key of zones
    const long = defineRoles({ zones, roles: { web: { names: [{ zone: 'pubb' }] } } });
    expect(() => parseConfiguration(short)).toThrow(ConfigurationError);
    expect(() => parseConfiguration(long)).toThrow(ConfigurationError);
  });

  test('refuses a misspelt key in the editor and at synth', () => {
    const ofRole = defineRoles({
      zones,
      // @ts-expect-error names, not nmaes
      roles: { web: { nmaes: [{ zone: 'pub' }] } },
    });
    const ofName = defineRoles({
      zones,
      // @ts-expect-error address, not adress
      roles: { web: { names: [{ zone: 'pub', adress: 'public' }] } },
    });
    // @ts-expect-error owner, not owenr
    const ofAll = defineRoles({ zones, roles: {}, owenr: 'prod' });
    for (const configuration of [ofRole, ofName, ofAll]) {
      expect(() => parseConfiguration(configuration)).toThrow(ConfigurationError);
    }
  });

  test('refuses a bad duration in the editor and at synth', () => {
    // @ts-expect-error a duration has no spaces
    const inWords = defineRoles({ zones, roles: {}, defaults: { ttl: '5 minutes' } });
    // @ts-expect-error a duration has a unit
    const unitless = defineRoles({ zones, roles: {}, defaults: { ttl: 60 } });
    for (const configuration of [inWords, unitless]) {
      expect(() => parseConfiguration(configuration)).toThrow(ConfigurationError);
    }
  });

  test('refuses a value that is not allowed in the editor and at synth', () => {
    const configuration = defineRoles({
      zones,
      roles: {
        // @ts-expect-error ipv5 is no address
        web: { names: [{ zone: 'pub', address: 'ipv5' }], whenEmpty: 'remove' },
      },
    });
    expect(() => parseConfiguration(configuration)).toThrow(ConfigurationError);
  });
});
