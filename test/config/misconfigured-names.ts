import { withRoles, withZones } from './configurations.ts';
import type { Misconfiguration } from './misconfigurations.ts';

const label63 = 'a'.repeat(63);

/** Zones, names and pools that do not go together. */
export const NAMES: readonly Misconfiguration[] = [
  {
    title: 'an unknown zone in short form, with a suggestion',
    input: withRoles({ web: 'pubb' }),
    problem: 'roles.web "pubb" is no key of zones; did you mean "pub"?',
  },
  {
    title: 'an unknown zone that resembles none',
    input: withRoles({ web: { names: [{ zone: 'reverse' }] } }),
    problem: 'roles.web.names[0].zone "reverse" is no key of zones; the zones are int, pub',
  },
  {
    title: 'a private zone to be created without a VPC',
    input: withZones({ int: { name: 'corp.internal', private: true } }),
    problem:
      'zones.int.vpcId is required for a private zone that the stack creates; give it, or the id of a zone that exists',
  },
  {
    title: 'a VPC of a public zone',
    input: withZones({ pub: { name: 'example.com', vpcId: 'vpc-1' } }),
    problem: 'zones.pub.vpcId is for private zones only; set private: true, or remove it',
  },
  {
    title: 'a VPC of a zone that exists',
    input: withZones({ int: { name: 'corp.internal', private: true, id: 'Z0A', vpcId: 'vpc-1' } }),
    problem: 'zones.int.vpcId is for a zone that the stack creates, and this one has an id; remove one of them',
  },
  {
    title: 'one zone name twice, however it is written',
    input: withZones({ a: { name: 'example.com', id: 'Z0A' }, b: { name: 'Example.COM.', id: 'Z0B' } }),
    problem: 'zones.b.name is the name of zone a too, and both are public; give it once',
  },
  {
    title: 'one zone id twice',
    input: withZones({ a: { name: 'example.com', id: 'Z0A' }, b: { name: 'example.org', id: 'Z0A' } }),
    problem: 'zones.b.id is the id of zone a too; each zone is given once',
  },
  {
    title: 'a zone name that leaves no room for the serial',
    input: withZones({ a: { name: `${label63}.${label63}.${label63}.${'a'.repeat(60)}` } }),
    problem: `zones.a.name is too long: the serial of the zone would be at rolecall._rolecall.${label63}.${label63}.${label63}.${'a'.repeat(60)}, and a name has 253 characters at most`,
  },
  {
    title: 'a role with neither names nor addresses',
    input: withRoles({ web: { ttl: '5m' } }),
    problem: 'roles.web.names is required: at least one name, unless the role has an elasticIp',
  },
  {
    title: 'an unknown placeholder, with a suggestion',
    input: withRoles({ web: { names: [{ zone: 'pub', name: '{instanceid}' }] } }),
    problem: 'roles.web.names[0].name has the unknown placeholder {instanceid}; did you mean "instanceId"?',
  },
  {
    title: 'an unknown placeholder that resembles none',
    input: withRoles({ web: { names: [{ zone: 'pub', name: '{hostname}' }] } }),
    problem:
      'roles.web.names[0].name has the unknown placeholder {hostname}; placeholders are {role}, {az}, {region}, {instanceId}, {ordinal}',
  },
  {
    title: 'a brace that is not closed',
    input: withRoles({ web: { names: [{ zone: 'pub', name: '{role' }] } }),
    problem:
      'roles.web.names[0].name "{role" has a brace without its partner; placeholders are {role}, {az}, {region}, {instanceId}, {ordinal}',
  },
  {
    title: 'a name that ends in its zone',
    input: withRoles({ web: { names: [{ zone: 'pub', name: 'www.example.com' }] } }),
    problem: 'roles.web.names[0].name must be relative to the zone example.com: write "www", not "www.example.com"',
  },
  {
    title: 'the zone as a name',
    input: withRoles({ web: { names: [{ zone: 'pub', name: 'example.com.' }] } }),
    problem: 'roles.web.names[0].name must be relative to the zone example.com: write "@", not "example.com."',
  },
  {
    title: 'a name with a final dot',
    input: withRoles({ web: { names: [{ zone: 'pub', name: 'www.' }] } }),
    problem: 'roles.web.names[0].name must be relative to the zone example.com: write "www", not "www."',
  },
  {
    title: 'a name where the serial is',
    input: withRoles({ web: { names: [{ zone: 'pub', name: 'prod._rolecall' }] } }),
    problem: 'roles.web.names[0].name must not end in _rolecall, where the zone keeps its serial; choose another name',
  },
  {
    title: 'a label that begins with a hyphen',
    input: withRoles({ web: { names: [{ zone: 'pub', name: '-a' }] } }),
    problem:
      'roles.web.names[0].name must give labels of 1 to 63 letters, digits, "-" and "_", neither first nor last a "-", and 253 characters in all; "-a" can give "-a.example.com"',
  },
  {
    title: 'the apex as one label of several',
    input: withRoles({ web: { names: [{ zone: 'pub', name: 'a.@' }] } }),
    problem:
      'roles.web.names[0].name must give labels of 1 to 63 letters, digits, "-" and "_", neither first nor last a "-", and 253 characters in all; "a.@" can give "a.@.example.com"',
  },
  {
    title: 'a label that a long placeholder makes too long',
    input: withRoles({ web: { names: [{ zone: 'pub', name: `${'a'.repeat(45)}{instanceId}` }] } }),
    problem: `roles.web.names[0].name must give labels of 1 to 63 letters, digits, "-" and "_", neither first nor last a "-", and 253 characters in all; "${'a'.repeat(45)}{instanceId}" can give "${'a'.repeat(45)}i-0123456789abcdef0.example.com"`,
  },
  {
    title: 'keeping public addresses that AWS gives to others',
    input: withRoles({ web: { names: [{ zone: 'int' }, { zone: 'pub' }], whenEmpty: 'keep' } }),
    problem:
      'roles.web.whenEmpty "keep" is not possible for names[1], which has public addresses that AWS gives to others once freed; use "remove", or give the role an elasticIp',
  },
  {
    title: 'keeping them by default',
    input: withRoles({ web: 'pub' }, { whenEmpty: 'keep' }),
    problem:
      'roles.web.whenEmpty "keep" (from defaults) is not possible for names[0], which has public addresses that AWS gives to others once freed; use "remove", or give the role an elasticIp',
  },
  {
    title: 'an elasticIp of no kind',
    input: withRoles({ nat: { elasticIp: {} } }),
    problem: 'roles.nat.elasticIp must have either pool or allocationIds',
  },
  {
    title: 'an elasticIp of both kinds',
    input: withRoles({ nat: { elasticIp: { pool: 'nat', allocationIds: ['eipalloc-1'] } } }),
    problem: 'roles.nat.elasticIp must have either pool or allocationIds',
  },
  {
    title: 'an allocation id twice in one role',
    input: withRoles({ nat: { elasticIp: { allocationIds: ['eipalloc-1', 'eipalloc-1'] } } }),
    problem: 'roles.nat.elasticIp.allocationIds[1] "eipalloc-1" is listed twice; give each once',
  },
  {
    title: 'an allocation id in two roles',
    input: withRoles({
      mail: { elasticIp: { allocationIds: ['eipalloc-1'] } },
      nat: { elasticIp: { allocationIds: ['eipalloc-1'] } },
    }),
    problem:
      'roles.nat.elasticIp.allocationIds[0] "eipalloc-1" is used by roles.mail too; an address belongs to one role',
  },
  {
    title: 'a pool in two roles',
    input: withRoles({ nat: { elasticIp: { pool: 'p' } }, mail: { elasticIp: { pool: 'p' } } }),
    problem: 'roles.nat.elasticIp.pool "p" is used by roles.mail too; an address belongs to one role',
  },
  {
    title: 'an address kind twice',
    input: withRoles({ web: { names: [{ zone: 'pub', address: ['public', 'public'] }] } }),
    problem: 'roles.web.names[0].address lists an address twice; give each once',
  },
  {
    title: 'one name twice in a role',
    input: withRoles({ web: { names: [{ zone: 'pub' }, { zone: 'pub', name: 'WEB', address: 'ipv6' }] } }),
    problem: 'roles.web.names[1] is the same name as names[0]; give it once, with a list of addresses',
  },
  {
    title: 'one fixed name in two roles',
    input: withRoles({ web: 'pub', api: { names: [{ zone: 'int' }, { zone: 'pub', name: 'Web' }] } }),
    problem: 'roles.web gives web.example.com in zone pub, as roles.api.names[1] does; a name belongs to one role',
  },
  {
    title: 'the mail of one domain in two roles',
    input: withRoles({
      a: { names: [{ zone: 'pub', name: 'a{ordinal}' }], holders: 1, mx: { name: 'example.com' } },
      site: { names: [{ zone: 'pub', name: '@' }] },
      b: { names: [{ zone: 'pub', name: 'b{ordinal}' }], holders: 1, mx: { name: 'Example.com' } },
    }),
    problem: 'roles.b.mx.name gives example.com in zone pub, as roles.a.mx.name does; a name belongs to one role',
  },
  {
    title: 'addresses in two roles where a third has the mail',
    input: withRoles({
      post: { names: [{ zone: 'pub', name: 'mx{ordinal}' }], holders: 1, mx: { name: 'example.com' } },
      site: { names: [{ zone: 'pub', name: '@' }] },
      www: { names: [{ zone: 'pub', name: '@', address: 'ipv6' }] },
    }),
    problem:
      'roles.www.names[0] gives example.com in zone pub, as roles.site.names[0] does; a name belongs to one role',
  },
  {
    title: 'mail where another role can have a CNAME',
    input: withRoles({
      box: { names: [{ zone: 'pub', name: 'post', address: 'ec2-name' }], holders: 1 },
      post: { names: [{ zone: 'pub', name: 'mx{ordinal}' }], holders: 1, mx: { name: 'post.example.com' } },
    }),
    problem:
      'roles.post.mx.name gives post.example.com in zone pub, as roles.box.names[0] does; one of them can be a CNAME, and that stands alone',
  },
  {
    title: 'one name for each slot in two roles',
    input: withRoles({
      a: { names: [{ zone: 'pub', name: 'mx{ordinal}' }], elasticIp: { pool: 'a' } },
      b: { names: [{ zone: 'pub', name: 'mx{ordinal}' }], elasticIp: { pool: 'b' } },
    }),
    problem:
      'roles.b.names[0] gives mx{ordinal}.example.com in zone pub, as roles.a.names[0] does; a name belongs to one role',
  },
];
