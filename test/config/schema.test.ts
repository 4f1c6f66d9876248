import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolveConfiguration } from '../../lib/config/resolve.ts';
import { ConfigurationError, parseConfiguration } from '../../lib/config/schema.ts';
import { fullConfiguration, withRoles, withZones } from './configurations.ts';
import { DURATION } from './misconfigurations.ts';
import { NAMES } from './misconfigured-names.ts';
import { ROLES } from './misconfigured-roles.ts';
import { SETTINGS } from './misconfigured-settings.ts';
import { SHAPES } from './misconfigured-shapes.ts';

/** The problems of an input, as `path message`. */
function problemsOf(input: unknown): string[] {
  try {
    parseConfiguration(input);
  } catch (error) {
    if (error instanceof ConfigurationError)
      return error.problems.map(({ path, message }) => `${path} ${message}`.trim());
    throw error;
  }
  return [];
}

describe('a configuration', () => {
  test('that uses everything is returned as it was written', () => {
    expect(parseConfiguration(fullConfiguration())).toEqual(fullConfiguration());
  });

  test('parses again to the same after a trip through JSON', () => {
    const once = parseConfiguration(fullConfiguration());
    expect(parseConfiguration(JSON.parse(JSON.stringify(once)))).toEqual(once);
  });

  test('may have no roles', () => {
    expect(problemsOf(withRoles({}))).toEqual([]);
  });

  test('may name the JSON Schema for the editor', () => {
    expect(problemsOf({ $schema: './roles.schema.json', ...withRoles({}) })).toEqual([]);
  });

  test('may give a zone of one name privately and publicly', () => {
    const zones = { a: { name: 'example.com', id: 'Z0A' }, b: { name: 'example.com', private: true, id: 'Z0B' } };
    expect(problemsOf(withZones(zones))).toEqual([]);
  });

  test('may name instances alike in several roles, since each has its own id', () => {
    const names = [{ zone: 'int', name: '{instanceId}' }];
    expect(problemsOf(withRoles({ web: { names }, cache: { names } }))).toEqual([]);
  });

  test('may have the mail of a domain in one role and its addresses in another, whichever comes first', () => {
    const site = { names: [{ zone: 'pub', name: '@' }] };
    const post = { names: [{ zone: 'pub', name: 'mx{ordinal}' }], mx: { name: 'example.com' }, holders: 2 };
    expect(problemsOf(withRoles({ site, post }))).toEqual([]);
    expect(problemsOf(withRoles({ post, site }))).toEqual([]);
  });

  test('may number members without Elastic IPs', () => {
    expect(problemsOf(withRoles({ web: { names: [{ zone: 'int', name: '{role}-{ordinal}' }] } }))).toEqual([]);
  });

  test('may have an alias to a name with the region, which is the same for all', () => {
    const names = [{ zone: 'pub', name: '{role}.{region}' }];
    expect(problemsOf(withRoles({ web: { names, aliases: ['www.example.com'] } }))).toEqual([]);
  });

  test('may give the EC2 name to each instance, each ordinal, or the one holder', () => {
    const address = 'ec2-name';
    const roles = {
      a: { names: [{ zone: 'pub', name: '{instanceId}', address }] },
      b: { names: [{ zone: 'pub', name: 'b{ordinal}', address: ['ec2-name'] }] },
      c: { names: [{ zone: 'pub', address }], holders: 1, whenEmpty: { answer: 'sorry.example.org' } },
    };
    expect(problemsOf(withRoles(roles))).toEqual([]);
  });

  test('may answer with an address at the apex and at names of both families, and by default for names of members', () => {
    const roles = {
      home: { names: [{ zone: 'pub', name: '@' }] },
      web: { names: [{ zone: 'pub', address: ['public', 'ipv6'] }] },
      cache: { names: [{ zone: 'int', name: '{instanceId}' }] },
    };
    expect(problemsOf(withRoles(roles, { whenEmpty: { answer: '192.0.2.10' } }))).toEqual([]);
  });

  test('may have mail at the apex that is also a name of the role', () => {
    const names = [
      { zone: 'pub', name: 'mx{ordinal}' },
      { zone: 'pub', name: '@' },
    ];
    expect(problemsOf(withRoles({ mail: { names, mx: { name: 'example.com' } } }))).toEqual([]);
  });

  test('may have an alias of one name publicly and privately', () => {
    const zones = { a: { name: 'example.com', id: 'Z0A' }, b: { name: 'example.com', private: true, id: 'Z0B' } };
    const roles = {
      in: { names: [{ zone: 'b' }], aliases: ['www.example.com'] },
      out: { names: [{ zone: 'a' }], aliases: ['www.example.com'] },
    };
    expect(problemsOf({ zones, roles })).toEqual([]);
  });

  test.each([
    [['private'], '10.in-addr.arpa'],
    [['private', 'ipv6'], '8.b.d.0.1.0.0.2.ip6.arpa.'],
    ['public', '113.0.203.IN-ADDR.ARPA'],
  ])('may have PTR records of %s in the zone %s', (address, name) => {
    const zones = { pub: { name: 'example.com', id: 'Z0A' }, rev: { name, id: 'Z0B' } };
    expect(problemsOf({ zones, roles: { web: { names: [{ zone: 'pub', address, ptr: true }] } } })).toEqual([]);
  });

  test.each(['1s', '45s', '5m', '1h', '7d', '168h', '604800s'])('accepts the duration %s', (ttl) => {
    expect(problemsOf(withRoles({ web: { names: [{ zone: 'pub' }], ttl } }))).toEqual([]);
  });

  test.each(['@', '{role}', '*.apps', 'mx.{region}', 'WEB', '_tls', 'a'.repeat(63), '{role}-{instanceId}.{az}'])(
    'accepts the name %s',
    (name) => {
      expect(problemsOf(withRoles({ web: { names: [{ zone: 'pub', name }] } }))).toEqual([]);
    },
  );

  test('may have a check by Route 53 of public sets, beside names that are private', () => {
    const roles = {
      web: { names: [{ zone: 'pub', routing: 'multivalue' }, { zone: 'int' }], health: { route53: { type: 'HTTP' } } },
      ssh: { names: [{ zone: 'pub', routing: { weighted: {} } }], health: { route53: { type: 'TCP', port: 22 } } },
    };
    expect(problemsOf(withRoles(roles))).toEqual([]);
  });

  test('may have one reverse name for all addresses of a pool, in any domain', () => {
    const elasticIp = { pool: 'mail', ptr: 'mail.example.org.' };
    expect(problemsOf(withRoles({ mail: { elasticIp } }))).toEqual([]);
  });

  test('may have hosts of roles that are open', () => {
    const hosts = { 'dc1-web': { roles: ['anything'] } };
    expect(problemsOf({ ...withRoles({}), openRoles: 'pub', endpoint: true, hosts })).toEqual([]);
  });

  test('may send mail to names of slots, which never answer by a CNAME, beside a name that does', () => {
    const names = [
      { zone: 'pub', name: 'mx{ordinal}' },
      { zone: 'pub', name: 'all' },
    ];
    const mail = { names, mx: { name: 'example.com' }, whenEmpty: { answer: 'sorry.example.org' } };
    expect(problemsOf(withRoles({ mail }))).toEqual([]);
  });

  test('keeps private addresses and Elastic IPs at an empty name', () => {
    const roles = {
      db: { names: [{ zone: 'int' }, { zone: 'pub', address: 'ipv6' }], whenEmpty: 'keep' },
      mail: { names: [{ zone: 'pub' }], elasticIp: { pool: 'mail' }, whenEmpty: 'keep' },
    };
    expect(problemsOf(withRoles(roles))).toEqual([]);
  });
});

describe('parseConfiguration', () => {
  test.each([...SHAPES, ...NAMES, ...ROLES, ...SETTINGS])('refuses $title', ({ input, problem }) => {
    expect(problemsOf(input)).toEqual([problem].flat());
  });

  test('says everything that is wrong at once, of shape and of combination', () => {
    const input = {
      zones: { pub: { name: 'example.com', private: 'no' }, int: { name: 'corp.internal', private: true } },
      roles: { web: { names: [{ zone: 'pub', adress: 'public' }], health: 'status-check' }, cache: 'pubb', db: 'int' },
    };
    expect(problemsOf(input)).toEqual([
      'zones.pub.private must be true or false, not "no"',
      'roles.web.names[0].adress is no key of a name; did you mean "address"?',
      'roles.web.health must be "none", "status-checks", { alarms: <name or prefix*> } or { route53: { type, port, path } }, not "status-check"',
      'zones.int.vpcId is required for a private zone that the stack creates; give it, or the id of a zone that exists',
      'roles.cache "pubb" is no key of zones; did you mean "pub"?',
    ]);
  });

  test('does not call a zone unknown that has another problem', () => {
    const input = {
      zones: { int: { name: 'corp.internal', id: 'x' }, pub: { name: 'example.com' } },
      roles: { db: 'int' },
    };
    expect(problemsOf(input)).toEqual([
      'zones.int.id must be the id of a hosted zone, 1 to 32 capitals and digits, without /hostedzone/, not "x"',
    ]);
  });

  test('does not call an alias, an mx or a PTR record misplaced while a zone has another problem', () => {
    const names = [{ zone: 'pub', ptr: true }];
    const roles = { web: { names, aliases: ['www.example.org'], mx: { name: 'example.org' } } };
    const zones = { pub: { name: 'example.com' }, org: { name: 'example.org', id: 'x' } };
    expect(problemsOf({ zones, roles })).toEqual([
      'zones.org.id must be the id of a hosted zone, 1 to 32 capitals and digits, without /hostedzone/, not "x"',
    ]);
  });

  test('gives the path, the value and a text with a line for each problem', () => {
    const error = thrownBy(() =>
      parseConfiguration(withRoles({ web: { names: [{ zone: 'pub', ttl: '1x' }] }, db: 'inn' })),
    );
    expect(error.problems).toEqual([
      { path: 'roles.web.names[0].ttl', value: '1x', message: `${DURATION} "1x"` },
      { path: 'roles.db', value: 'inn', message: '"inn" is no key of zones; did you mean "int"?' },
    ]);
    expect(error.message).toBe(
      `The configuration has 2 problems:\n  roles.web.names[0].ttl ${DURATION} "1x"\n  roles.db "inn" is no key of zones; did you mean "int"?`,
    );
  });

  test('throws nothing but a ConfigurationError, whatever it is given', () => {
    const zoneOrRole = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('int', 'pub'),
      fc.record({ name: fc.string(), names: fc.jsonValue() }),
    );
    const input = fc.oneof(
      fc.anything({ withBigInt: true, withSparseArray: true, withNullPrototype: true }),
      fc.record({
        zones: fc.dictionary(fc.constantFrom('int', 'pub', 'toString'), zoneOrRole),
        roles: fc.dictionary(fc.string(), zoneOrRole),
      }),
    );
    let refused = 0;
    fc.assert(
      fc.property(input, (value) => {
        refused += problemsOf(value).length > 0 ? 1 : 0;
      }),
      { numRuns: 500 },
    );
    expect(refused).toBeGreaterThan(0);
  });

  test('refuses or resolves what a role may say, whatever the names and numbers in it', () => {
    const likely = [
      'www.example.com',
      'a.corp.internal',
      '*.example.com',
      'web.example.com',
      '_rolecall.corp.internal',
    ];
    const text = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...likely) },
      fc.oneof(fc.string(), fc.domain(), fc.ipV4(), fc.ipV6()),
    );
    const pattern = fc.constantFrom('@', '{role}', '{role}-x', '{ordinal}', '{role}.{az}', '*.{role}', '{instanceId}');
    const address = fc.constantFrom('public', 'private', 'ipv6', 'ec2-name', ['private', 'ipv6']);
    const name = fc.record({ zone: fc.constantFrom('int', 'pub'), name: pattern, address });
    const names = fc.array(name, { minLength: 1, maxLength: 2 });
    const role = fc.oneof(
      fc.record({ names, aliases: fc.array(text, { minLength: 1, maxLength: 2 }) }),
      fc.record({ names, mx: fc.record({ name: text }) }),
      fc.record({ names, srv: fc.constant({ '_http._tcp': 80 }) }),
      fc.record({ names, holders: fc.integer({ min: 0, max: 3 }) }),
      fc.record({ names, whenEmpty: fc.record({ answer: fc.oneof(text, fc.ipV4()) }) }),
    );
    let [refused, resolved] = [0, 0];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('web', 'api'), role, { noNullPrototype: true }), (roles) => {
        const input = withRoles(roles);
        if (problemsOf(input).length > 0) {
          refused += 1;
          return;
        }
        const installation = resolveConfiguration(parseConfiguration(input), {});
        expect(installation.roles).toHaveLength(Object.keys(roles).length);
        resolved += Object.keys(roles).length;
      }),
      { numRuns: 500 },
    );
    expect(refused).toBeGreaterThan(0);
    expect(resolved).toBeGreaterThan(0);
  });

  test('leaves what it was given as it was', () => {
    const input = fullConfiguration();
    parseConfiguration(input);
    expect(input).toEqual(fullConfiguration());
    const wrong = { ...withRoles({ web: 'nowhere' }), colour: 'red' };
    expect(problemsOf(wrong)).toHaveLength(2);
    expect(wrong).toEqual({ ...withRoles({ web: 'nowhere' }), colour: 'red' });
  });
});

function thrownBy(action: () => unknown): ConfigurationError {
  try {
    action();
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
  }
  throw new Error('no ConfigurationError was thrown');
}
