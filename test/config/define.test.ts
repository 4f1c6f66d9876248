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
      defaults: {
        ttl: '60s',
        whenEmpty: 'remove',
        drift: 'repair',
        health: 'status-checks',
        drainOn: ['hook', 'spot'],
      },
      openRoles: 'int',
      allowLargeChange: true,
      retainRecords: false,
      strictNames: false,
      allowTerminate: true,
      endpoint: true,
      hosts: { 'dc1-web': { roles: ['web', 'api'], expireAfter: '30m' } },
      roles: {
        cache: 'int',
        web: {
          names: [
            { zone: 'pub', ttl: '30s' },
            { zone: 'int', address: ['private', 'ipv6'], routing: { weighted: { tag: 'rolecall:share', default: 5 } } },
            { zone: 'int', name: '{role}-{ordinal}', routing: 'simple', ptr: false },
          ],
          ttl: '5m',
          aliases: ['www.example.com', '*.apps.example.com'],
          srv: { '_http._tcp': 80 },
          whenEmpty: { answer: '192.0.2.10' },
          allow: { instanceProfiles: ['web-*'], vpcs: ['vpc-1'], subnets: ['subnet-1'] },
        },
        api: {
          names: [
            { zone: 'pub', routing: 'multivalue' },
            { zone: 'pub', name: '{instanceId}', address: 'ec2-name' },
          ],
          health: { route53: { type: 'HTTPS', port: 8443, path: '/health' } },
          drainOn: [],
          drift: 'report',
        },
        'master-db': { names: [{ zone: 'int' }], holders: 1, succession: 'newest' },
        mail: {
          names: [{ zone: 'pub', name: 'mx{ordinal}' }],
          mx: { name: 'example.com', preference: 5 },
          elasticIp: { pool: 'mail', succession: 'priority', preferZone: true, ptr: 'mx{ordinal}.example.com' },
          health: { alarms: 'mail-*' },
          whenEmpty: 'keep',
        },
      },
    });
    expect(parseConfiguration(configuration)).toEqual(configuration);
  });

  test('refuses an unknown zone in the editor and at synth', () => {
    // @ts-expect-error pubb is no key of zones
    const short = defineRoles({ zones, roles: { web: 'pubb' } });
    // @ts-expect-error pubb is no key of zones
    const long = defineRoles({ zones, roles: { web: { names: [{ zone: 'pubb' }] } } });
    // @ts-expect-error pubb is no key of zones
    const open = defineRoles({ zones, roles: {}, openRoles: 'pubb' });
    expect(() => parseConfiguration(open)).toThrow(ConfigurationError);
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
    const ofAllow = defineRoles({
      zones,
      // @ts-expect-error vpcs, not vpc
      roles: { web: { names: [{ zone: 'pub' }], allow: { vpc: ['vpc-1'] } } },
    });
    for (const configuration of [ofRole, ofName, ofAll, ofAllow]) {
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

  test('refuses a routing, a weight tag, a service and a succession that are none in the editor and at synth', () => {
    const byRouting = defineRoles({
      zones,
      // @ts-expect-error latency is no routing
      roles: { web: { names: [{ zone: 'pub', routing: 'latency' }] } },
    });
    const byTag = defineRoles({
      zones,
      // @ts-expect-error only tags that begin with rolecall: are read
      roles: { web: { names: [{ zone: 'pub', routing: { weighted: { tag: 'weight' } } }] } },
    });
    const byService = defineRoles({
      zones,
      // @ts-expect-error a service has underscores
      roles: { web: { names: [{ zone: 'pub', name: '{instanceId}' }], srv: { http: 80 } } },
    });
    const bySuccession = defineRoles({
      zones,
      // @ts-expect-error eldest is no succession
      roles: { web: { names: [{ zone: 'pub' }], holders: 1, succession: 'eldest' } },
    });
    for (const configuration of [byRouting, byTag, byService, bySuccession]) {
      expect(() => parseConfiguration(configuration)).toThrow(ConfigurationError);
    }
  });

  test('refuses a health, a trigger of drains and a reverse name that are none in the editor and at synth', () => {
    // @ts-expect-error status-check is no health
    const byWord = defineRoles({ zones, roles: {}, defaults: { health: 'status-check' } });
    // @ts-expect-error alarms, not alarm
    const byAlarm = defineRoles({ zones, roles: {}, defaults: { health: { alarm: 'web-*' } } });
    const byCheck = defineRoles({
      zones,
      // @ts-expect-error a check has a type
      roles: { web: { names: [{ zone: 'pub', routing: 'multivalue' }], health: { route53: { port: 80 } } } },
    });
    // @ts-expect-error spott is no trigger
    const byTrigger = defineRoles({ zones, roles: {}, defaults: { drainOn: ['spott'] } });
    const byReverse = defineRoles({
      zones,
      // @ts-expect-error one name, not a list
      roles: { mail: { elasticIp: { pool: 'mail', ptr: ['mx.example.com'] } } },
    });
    for (const configuration of [byWord, byAlarm, byCheck, byTrigger, byReverse]) {
      expect(() => parseConfiguration(configuration)).toThrow(ConfigurationError);
    }
  });

  test('refuses a host of an unknown role, or with a bad duration, in the editor and at synth', () => {
    const byRole = defineRoles({
      zones,
      roles: { web: 'pub', api: 'pub' },
      // @ts-expect-error wbe is no role
      hosts: { 'dc1-web': { roles: ['web', 'wbe'] } },
    });
    const byDuration = defineRoles({
      zones,
      roles: { web: 'pub' },
      // @ts-expect-error a duration has a unit
      hosts: { 'dc1-web': { roles: ['web'], expireAfter: '30' } },
    });
    const byKey = defineRoles({
      zones,
      roles: { web: 'pub' },
      // @ts-expect-error roles, not role
      hosts: { 'dc1-web': { role: 'web' } },
    });
    for (const configuration of [byRole, byDuration, byKey]) {
      expect(() => parseConfiguration(configuration)).toThrow(ConfigurationError);
    }
  });

  test('takes any role of a host where roles are open', () => {
    const configuration = defineRoles({
      zones,
      openRoles: 'pub',
      roles: { web: 'pub' },
      hosts: { 'dc1-web': { roles: ['web', 'anything'] } },
    });
    expect(parseConfiguration(configuration)).toEqual(configuration);
  });

  test('refuses a bad mx, answer or number of holders in the editor and at synth', () => {
    const byMail = defineRoles({
      zones,
      // @ts-expect-error an mx has a name
      roles: { mail: { names: [{ zone: 'pub' }], mx: { preference: 5 } } },
    });
    // @ts-expect-error an answer is one text
    const byAnswer = defineRoles({ zones, roles: {}, defaults: { whenEmpty: { answer: ['192.0.2.10'] } } });
    const byHolders = defineRoles({
      zones,
      // @ts-expect-error a number, not a text
      roles: { db: { names: [{ zone: 'int' }], holders: '1' } },
    });
    for (const configuration of [byMail, byAnswer, byHolders]) {
      expect(() => parseConfiguration(configuration)).toThrow(ConfigurationError);
    }
  });
});
