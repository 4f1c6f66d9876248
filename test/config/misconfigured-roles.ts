import { withRoles } from './configurations.ts';
import type { Misconfiguration } from './misconfigurations.ts';

const OWN = [{ zone: 'int', name: '{role}-{ordinal}' }];

/** What a role says beyond its names, and what does not go with them. */
export const ROLES: readonly Misconfiguration[] = [
  {
    title: 'an EC2 name beside an address',
    input: withRoles({ web: { names: [{ zone: 'pub', name: '{instanceId}', address: ['public', 'ec2-name'] }] } }),
    problem:
      'roles.web.names[0].address "ec2-name" must stand alone: it gives a CNAME; give the other addresses another name',
  },
  {
    title: 'an EC2 name at the apex',
    input: withRoles({ web: { names: [{ zone: 'pub', name: '@', address: 'ec2-name' }], holders: 1 } }),
    problem:
      'roles.web.names[0].address "ec2-name" is not possible at the apex, where there can be no CNAME; choose another name',
  },
  {
    title: 'an EC2 name of several members',
    input: withRoles({ web: { names: [{ zone: 'pub', address: 'ec2-name' }], holders: 2 } }),
    problem:
      'roles.web.names[0].address "ec2-name" needs a name of one member, since it gives a CNAME; add {instanceId} or {ordinal} to the name, or set holders: 1',
  },
  {
    title: 'an EC2 name with a routing',
    input: withRoles({
      web: { names: [{ zone: 'pub', name: '{instanceId}', address: 'ec2-name', routing: 'multivalue' }] },
    }),
    problem:
      'roles.web.names[0].address "ec2-name" is not possible with multivalue routing; use "simple", or another address',
  },
  {
    title: 'keeping an EC2 name',
    input: withRoles({
      web: { names: [{ zone: 'pub', name: 'w{ordinal}', address: 'ec2-name' }], whenEmpty: 'keep' },
    }),
    problem:
      'roles.web.whenEmpty "keep" is not possible for names[0], which leads to the EC2 name of an instance, whose address AWS may give to others once freed; use "remove"',
  },
  {
    title: 'PTR records without a reverse zone',
    input: withRoles({ web: { names: [{ zone: 'int', address: ['private', 'ipv6'], ptr: true }] } }),
    problem: 'roles.web.names[0].ptr needs a reverse zone in zones, whose name ends in in-addr.arpa or ip6.arpa',
  },
  {
    title: 'PTR records in a reverse zone of the other family',
    input: {
      zones: {
        int: { name: 'corp.internal', private: true, id: 'Z0AAA' },
        rev: { name: '8.b.d.0.1.0.0.2.ip6.arpa', id: 'Z0CCC' },
      },
      roles: { web: { names: [{ zone: 'int', ptr: true }] } },
    },
    problem: 'roles.web.names[0].ptr needs a reverse zone in zones, whose name ends in in-addr.arpa',
  },
  {
    title: 'PTR records to an EC2 name',
    input: withRoles({ web: { names: [{ zone: 'pub', name: '{instanceId}', address: 'ec2-name', ptr: true }] } }),
    problem: 'roles.web.names[0].ptr is for names with addresses, and "ec2-name" gives none; remove it',
  },
  {
    title: 'PTR records to a wildcard',
    input: withRoles({ web: { names: [{ zone: 'pub', name: '*.apps', ptr: true }] } }),
    problem:
      'roles.web.names[0].ptr is not possible for a name with a wildcard, which no PTR record can name; remove it',
  },
  {
    title: 'an alias in none of the zones',
    input: withRoles({ web: { names: [{ zone: 'pub' }], aliases: ['www.example.org'] } }),
    problem: 'roles.web.aliases[0] "www.example.org" is in none of the zones; they are corp.internal, example.com',
  },
  {
    title: 'an alias at the apex',
    input: withRoles({ web: { names: [{ zone: 'pub' }], aliases: ['Example.com.'] } }),
    problem:
      'roles.web.aliases[0] is the apex of a zone, where there can be no CNAME; give the role the name "@" there',
  },
  {
    title: 'an alias where the serial is',
    input: withRoles({ web: { names: [{ zone: 'pub' }], aliases: ['rolecall._rolecall.example.com'] } }),
    problem: 'roles.web.aliases[0] must not be in _rolecall, where the zone keeps its serial; choose another name',
  },
  {
    title: 'an alias to a name of each member',
    input: withRoles({ web: { names: OWN, aliases: ['www.example.com'] } }),
    problem:
      'roles.web.aliases needs a first name without {az}, {instanceId}, {ordinal}, and names[0] is "{role}-{ordinal}"; give another name first',
  },
  {
    title: 'an alias to no name',
    input: withRoles({ web: { elasticIp: { pool: 'web' }, aliases: ['www.example.com'] } }),
    problem: 'roles.web.aliases needs a name of the role to lead to; give names',
  },
  {
    title: 'an alias at the name of a role',
    input: withRoles({ web: 'pub', api: { names: [{ zone: 'pub' }], aliases: ['web.example.com'] } }),
    problem:
      'roles.api.aliases[0] "web.example.com" is the name of roles.web too, and an alias, a CNAME, stands alone; remove one of them',
  },
  {
    title: 'an alias twice, however it is written',
    input: withRoles({ web: { names: [{ zone: 'pub' }], aliases: ['www.example.com', 'WWW.example.com.'] } }),
    problem:
      'roles.web.aliases[1] "WWW.example.com." is the name of roles.web.aliases[0] too, and an alias, a CNAME, stands alone; remove one of them',
  },
  {
    title: 'an alias where mail is',
    input: withRoles({
      web: { names: [{ zone: 'pub' }], aliases: ['post.example.com'] },
      mail: { names: [{ zone: 'pub' }], mx: { name: 'post.example.com' } },
    }),
    problem:
      'roles.web.aliases[0] "post.example.com" is the name of roles.mail.mx.name too, and an alias, a CNAME, stands alone; remove one of them',
  },
  {
    title: 'an mx in none of the zones',
    input: withRoles({ mail: { names: [{ zone: 'pub' }], mx: { name: 'example.org' } } }),
    problem: 'roles.mail.mx.name "example.org" is in none of the zones; they are corp.internal, example.com',
  },
  {
    title: 'an mx to a name of each instance',
    input: withRoles({ mail: { names: [{ zone: 'pub', name: '{instanceId}' }], mx: { name: 'example.com' } } }),
    problem:
      'roles.mail.mx needs a first name without {az}, {instanceId}, and names[0] is "{instanceId}"; give another name first',
  },
  {
    title: 'an mx to a CNAME',
    input: withRoles({
      mail: { names: [{ zone: 'pub', name: 'mx{ordinal}', address: 'ec2-name' }], mx: { name: 'example.com' } },
    }),
    problem:
      'roles.mail.mx needs a first name with addresses, and names[0] is an "ec2-name", a CNAME; give another name first',
  },
  {
    title: 'an mx where the name itself may answer by a CNAME',
    input: withRoles({
      mail: {
        names: [{ zone: 'pub' }],
        mx: { name: 'mail.example.com' },
        whenEmpty: { answer: 'sorry.example.org' },
      },
    }),
    problem: [
      'roles.mail.mx needs a first name with addresses, and names[0] is a CNAME while it is empty; give whenEmpty an address as the answer',
      'roles.mail.mx.name is the name of roles.mail.names[0] too, which can be a CNAME, and that stands alone; choose another',
    ],
  },
  {
    title: 'a service without a name of the member',
    input: withRoles({ web: { names: [{ zone: 'pub' }], srv: { '_http._tcp': 80 } } }),
    problem: "roles.web.srv needs a name with {ordinal} or {instanceId}: its target is the member's own name; add one",
  },
  {
    title: 'a service at an EC2 name',
    input: withRoles({
      web: { names: [{ zone: 'pub', name: '{instanceId}', address: 'ec2-name' }], srv: { '_http._tcp': 80 } },
    }),
    problem:
      'roles.web.srv cannot lead to the name "{instanceId}", which is an "ec2-name", a CNAME; give another name of the member before it',
  },
  {
    title: 'holders of Elastic IPs',
    input: withRoles({ nat: { elasticIp: { pool: 'nat' }, holders: 1 } }),
    problem:
      'roles.nat.holders is not possible with an elasticIp, which has a holder for each address; remove one of them',
  },
  {
    title: 'succession of nothing',
    input: withRoles({ db: { names: [{ zone: 'int' }], succession: 'newest' } }),
    problem: 'roles.db.succession is for a role with a limited number of holders; give holders, or remove it',
  },
  {
    title: 'an allow that says nothing',
    input: withRoles({ db: { names: [{ zone: 'int' }], allow: {} } }),
    problem: 'roles.db.allow must have at least one of instanceProfiles, vpcs, subnets; or remove it',
  },
  {
    title: 'an answer of another family',
    input: withRoles({ web: { names: [{ zone: 'int' }, { zone: 'pub' }], whenEmpty: { answer: '2001:db8::1' } } }),
    problem: [
      'roles.web.whenEmpty the answer "2001:db8::1" is not possible for names[0], which has no IPv6 addresses; give an answer that fits all names of the role',
      'roles.web.whenEmpty the answer "2001:db8::1" is not possible for names[1], which has no IPv6 addresses; give an answer that fits all names of the role',
    ],
  },
  {
    title: 'an answer of another family by default',
    input: withRoles({ web: { names: [{ zone: 'pub', address: 'ipv6' }] } }, { whenEmpty: { answer: '192.0.2.10' } }),
    problem:
      'roles.web.whenEmpty the answer "192.0.2.10" (from defaults) is not possible for names[0], which has no IPv4 addresses; give an answer that fits all names of the role',
  },
  {
    title: 'an address for an EC2 name',
    input: withRoles({
      web: { names: [{ zone: 'pub', address: 'ec2-name' }], holders: 1, whenEmpty: { answer: '192.0.2.10' } },
    }),
    problem:
      'roles.web.whenEmpty the answer "192.0.2.10" is not possible for names[0], which has no IPv4 addresses; give an answer that fits all names of the role',
  },
  {
    title: 'a name as the answer at the apex',
    input: withRoles({ web: { names: [{ zone: 'pub', name: '@' }], whenEmpty: { answer: 'sorry.example.org' } } }),
    problem:
      'roles.web.whenEmpty the answer "sorry.example.org" is not possible for names[0], the apex of its zone, where there can be no CNAME; give an address',
  },
  {
    title: 'a name as the answer of two families',
    input: withRoles({
      web: { names: [{ zone: 'pub', address: ['public', 'ipv6'] }], whenEmpty: { answer: 'sorry.example.org' } },
    }),
    problem:
      'roles.web.whenEmpty the answer "sorry.example.org" is not possible for names[0], which has A and AAAA records, and a CNAME stands alone; give an address',
  },
  {
    title: 'a name that answers with itself',
    input: withRoles({ web: { names: [{ zone: 'pub' }], whenEmpty: { answer: 'WEB.example.com.' } } }),
    problem:
      'roles.web.whenEmpty the answer "web.example.com" is not possible for names[0], which is that name itself; choose another',
  },
  {
    title: 'an answer for names of members only',
    input: withRoles({ web: { names: OWN, whenEmpty: { answer: '10.0.0.1' } } }),
    problem:
      'roles.web.whenEmpty the answer "10.0.0.1" would stand nowhere: no name of the role is without {ordinal}, {az} and {instanceId}; use "remove"',
  },
  {
    title: 'open roles in an unknown zone',
    input: { ...withRoles({}), openRoles: 'itn' },
    problem: 'openRoles "itn" is no key of zones; did you mean "int"?',
  },
  {
    title: 'open roles that keep public addresses',
    input: { ...withRoles({}, { whenEmpty: 'keep' }), openRoles: 'pub' },
    problem:
      'openRoles "keep" (from defaults) is not possible for its name, which has public addresses that AWS gives to others once freed; use "remove"',
  },
];
