import { withRoles, withZones } from './configurations.ts';
import { DURATION, type Misconfiguration } from './misconfigurations.ts';

export const SHAPES: readonly Misconfiguration[] = [
  {
    title: 'something that is no object',
    input: 5,
    problem:
      'must be the configuration: an object with the keys $schema, owner, zones, defaults, openRoles, roles, allowLargeChange, retainRecords, strictNames, allowTerminate, endpoint, hosts, not 5',
  },
  {
    title: 'a configuration without roles',
    input: { zones: { pub: { name: 'example.com' } } },
    problem: "roles is required: roles by name, such as { web: 'pub' }",
  },
  {
    title: 'a configuration without zones',
    input: { roles: {} },
    problem:
      "zones is required: at least one hosted zone by a key of your choice, such as { pub: { name: 'example.com' } }",
  },
  { title: 'no zone at all', input: withZones({}), problem: 'zones must have at least one zone' },
  {
    title: 'a list of roles',
    input: withRoles(['web']),
    problem: 'roles must be an object of roles by name, not a list',
  },
  {
    title: 'a misspelt key at the top, with a suggestion',
    input: { ...withRoles({}), retainRecord: true },
    problem: 'retainRecord is no key of the configuration; did you mean "retainRecords"?',
  },
  {
    title: 'an unknown key that resembles none, with those there are',
    input: withRoles({ web: { names: [{ zone: 'pub', colour: 'red' }] } }),
    problem: 'roles.web.names[0].colour is no key of a name; it has zone, name, address, routing, ttl, ptr',
  },
  {
    title: 'a misspelt key of a role',
    input: withRoles({ web: { names: [{ zone: 'pub' }], wehnEmpty: 'keep' } }),
    problem: 'roles.web.wehnEmpty is no key of a role; did you mean "whenEmpty"?',
  },
  {
    title: 'a misspelt key of a zone',
    input: withZones({ pub: { name: 'example.com', privat: true } }),
    problem: 'zones.pub.privat is no key of a zone; did you mean "private"?',
  },
  {
    title: 'an owner that is no DNS label',
    input: { ...withRoles({}), owner: 'Prod EU' },
    problem:
      'owner must be an owner: one DNS label of lower-case letters, digits and "-", 1 to 63 characters, not "Prod EU"',
  },
  {
    title: 'a role with a capital',
    input: withRoles({ Web: 'pub' }),
    problem:
      'roles.Web must be the name of a role: one DNS label of lower-case letters, digits and "-", 1 to 63 characters, not "Web"',
  },
  {
    title: 'a role of two labels',
    input: withRoles({ 'web.front': 'pub' }),
    problem:
      'roles["web.front"] must be the name of a role: one DNS label of lower-case letters, digits and "-", 1 to 63 characters, not "web.front"',
  },
  {
    title: 'a role that JavaScript would lose',
    input: withRoles({ constructor: 'pub' }),
    problem: 'roles must have no key __proto__, constructor, prototype: they are reserved; choose another name',
  },
  {
    title: 'a role that is a number',
    input: withRoles({ web: 80 }),
    problem:
      'roles.web must be the key of a zone, or an object with the keys names, aliases, srv, mx, holders, succession, elasticIp, allow, ttl, whenEmpty, drift, health, drainOn, not 80',
  },
  {
    title: 'an id with its path',
    input: withZones({ pub: { name: 'example.com', id: '/hostedzone/Z0BBB' } }),
    problem:
      'zones.pub.id must be the id of a hosted zone, 1 to 32 capitals and digits, without /hostedzone/, not "/hostedzone/Z0BBB"',
  },
  {
    title: 'an id that is undefined, as a variable that is not set gives it',
    input: withZones({ pub: { name: 'example.com', id: undefined } }),
    problem:
      'zones.pub.id must be the id of a hosted zone, 1 to 32 capitals and digits, without /hostedzone/, not undefined (leave the key out)',
  },
  {
    title: 'a zone without a name',
    input: withZones({ pub: { id: 'Z0BBB' } }),
    problem: "zones.pub.name is required: a domain name such as 'example.com'",
  },
  {
    title: 'a name without a zone',
    input: withRoles({ web: { names: [{ name: 'www' }] } }),
    problem: 'roles.web.names[0].zone is required: the key of a zone',
  },
  {
    title: 'a zone name that is none',
    input: withZones({ pub: { name: 'exa mple.com' } }),
    problem:
      'zones.pub.name must be a domain name such as \'example.com\' (with letters outside ASCII as xn--…), not "exa mple.com"',
  },
  {
    title: 'a zone name with a wildcard',
    input: withZones({ pub: { name: '*.example.com' } }),
    problem:
      'zones.pub.name must be a domain name such as \'example.com\' (with letters outside ASCII as xn--…), not "*.example.com"',
  },
  {
    title: 'a text for true',
    input: withZones({ pub: { name: 'example.com', private: 'yes' } }),
    problem: 'zones.pub.private must be true or false, not "yes"',
  },
  { title: 'a TTL of zero', input: withRoles({}, { ttl: '0s' }), problem: `defaults.ttl ${DURATION} "0s"` },
  { title: 'a TTL over a week', input: withRoles({}, { ttl: '8d' }), problem: `defaults.ttl ${DURATION} "8d"` },
  {
    title: 'a TTL over 31 bits',
    input: withRoles({}, { ttl: '2147483648s' }),
    problem: `defaults.ttl ${DURATION} "2147483648s"`,
  },
  { title: 'a TTL that is a number', input: withRoles({}, { ttl: 60 }), problem: `defaults.ttl ${DURATION} 60` },
  {
    title: 'a TTL in words',
    input: withRoles({}, { ttl: '5 minutes' }),
    problem: `defaults.ttl ${DURATION} "5 minutes"`,
  },
  {
    title: 'another whenEmpty',
    input: withRoles({}, { whenEmpty: 'delete' }),
    problem: 'defaults.whenEmpty must be "remove", "keep" or { answer: <address or name> }, not "delete"',
  },
  {
    title: 'a misspelt address in a list',
    input: withRoles({ web: { names: [{ zone: 'pub', address: ['public', 'ipv5'] }] } }),
    problem:
      'roles.web.names[0].address[1] must be "private" or "public" or "ipv6" or "ec2-name", not "ipv5"; did you mean "ipv6"?',
  },
  {
    title: 'no address at all',
    input: withRoles({ web: { names: [{ zone: 'pub', address: [] }] } }),
    problem: 'roles.web.names[0].address must be a list of addresses, at least one, not an empty list',
  },
  {
    title: 'an allocation id that is none',
    input: withRoles({ nat: { elasticIp: { allocationIds: ['203.0.113.1'] } } }),
    problem:
      'roles.nat.elasticIp.allocationIds[0] must be the allocation id of an Elastic IP, such as \'eipalloc-0123456789abcdef0\', not "203.0.113.1"',
  },
  {
    title: 'an empty pool',
    input: withRoles({ nat: { elasticIp: { pool: '' } } }),
    problem:
      'roles.nat.elasticIp.pool must be a value of the tag rolecall:pool: 1 to 256 characters without spaces at either end, not ""',
  },
  {
    title: 'an address that is none',
    input: withRoles({ web: { names: [{ zone: 'pub', address: 'elastic' }] } }),
    problem: 'roles.web.names[0].address must be "private" or "public" or "ipv6" or "ec2-name", not "elastic"',
  },
  {
    title: 'a routing that is none',
    input: withRoles({ web: { names: [{ zone: 'pub', routing: 'latency' }] } }),
    problem:
      'roles.web.names[0].routing must be "simple", "multivalue" or { weighted: { tag, default } }, not "latency"',
  },
  {
    title: 'a routing without its kind',
    input: withRoles({ web: { names: [{ zone: 'pub', routing: {} }] } }),
    problem:
      "roles.web.names[0].routing.weighted is required: an object, such as { tag: 'rolecall:weight', default: 10 }",
  },
  {
    title: 'a weight over a byte',
    input: withRoles({ web: { names: [{ zone: 'pub', routing: { weighted: { default: 256 } } }] } }),
    problem: 'roles.web.names[0].routing.weighted.default must be a weight from 0 to 255, not 256',
  },
  {
    title: 'a weight by a tag that is not read',
    input: withRoles({ web: { names: [{ zone: 'pub', routing: { weighted: { tag: 'weight' } } }] } }),
    problem:
      'roles.web.names[0].routing.weighted.tag must be a tag that begins with rolecall:, such as \'rolecall:weight\', not "weight"',
  },
  {
    title: 'an answer that is neither an address nor a name',
    input: withRoles({}, { whenEmpty: { answer: '192.0.2.256' } }),
    problem:
      "defaults.whenEmpty.answer must be an IPv4 address, an IPv6 address or a name, such as '192.0.2.10' or 'sorry.example.com', not \"192.0.2.256\"",
  },
  {
    title: 'an IPv6 answer with a scope',
    input: withRoles({}, { whenEmpty: { answer: 'fe80::1%eth0' } }),
    problem:
      "defaults.whenEmpty.answer must be an IPv4 address, an IPv6 address or a name, such as '192.0.2.10' or 'sorry.example.com', not \"fe80::1%eth0\"",
  },
  {
    title: 'a misspelt answer',
    input: withRoles({}, { whenEmpty: { anwser: '192.0.2.1', answer: '192.0.2.1' } }),
    problem: 'defaults.whenEmpty.anwser is no key of an answer; did you mean "answer"?',
  },
  {
    title: 'no holder',
    input: withRoles({ db: { names: [{ zone: 'int' }], holders: 0 } }),
    problem: 'roles.db.holders must be a whole number, 1 or more, not 0',
  },
  {
    title: 'half a holder',
    input: withRoles({ db: { names: [{ zone: 'int' }], holders: 1.5 } }),
    problem: 'roles.db.holders must be a whole number, 1 or more, not 1.5',
  },
  {
    title: 'a misspelt succession',
    input: withRoles({ db: { names: [{ zone: 'int' }], holders: 1, succession: 'eldest' } }),
    problem: 'roles.db.succession must be "oldest" or "newest" or "priority", not "eldest"; did you mean "oldest"?',
  },
  {
    title: 'a service without its underscores',
    input: withRoles({ web: { names: [{ zone: 'int', name: '{instanceId}' }], srv: { 'http.tcp': 80 } } }),
    problem:
      'roles.web.srv["http.tcp"] must be a service and its protocol in lower case, such as \'_http._tcp\', not "http.tcp"',
  },
  {
    title: 'a port of zero',
    input: withRoles({ web: { names: [{ zone: 'int', name: '{instanceId}' }], srv: { '_http._tcp': 0 } } }),
    problem: 'roles.web.srv["_http._tcp"] must be a port from 1 to 65535, not 0',
  },
  {
    title: 'no service',
    input: withRoles({ web: { names: [{ zone: 'int', name: '{instanceId}' }], srv: {} } }),
    problem: 'roles.web.srv must have at least one service',
  },
  {
    title: 'an mx without a name',
    input: withRoles({ mail: { names: [{ zone: 'int' }], mx: { preference: 20 } } }),
    problem: "roles.mail.mx.name is required: a domain name such as 'example.com'",
  },
  {
    title: 'a preference over 16 bits',
    input: withRoles({ mail: { names: [{ zone: 'int' }], mx: { name: 'example.com', preference: 65_536 } } }),
    problem: 'roles.mail.mx.preference must be a preference from 0 to 65535, not 65536',
  },
  {
    title: 'an alias with a wildcard inside',
    input: withRoles({ web: { names: [{ zone: 'pub' }], aliases: ['www.*.example.com'] } }),
    problem:
      "roles.web.aliases[0] must be a full name such as 'www.example.com', with '*' as its first label at most, not \"www.*.example.com\"",
  },
  {
    title: 'an instance profile by its ARN',
    input: withRoles({
      web: {
        names: [{ zone: 'pub' }],
        allow: { instanceProfiles: ['arn:aws:iam::123456789012:instance-profile/web'] },
      },
    }),
    problem:
      'roles.web.allow.instanceProfiles[0] must be the name of an instance profile, not its ARN, such as \'web-*\', not "arn:aws:iam::123456789012:instance-profile/web"',
  },
  {
    title: 'a VPC by its network',
    input: withRoles({ web: { names: [{ zone: 'pub' }], allow: { vpcs: ['10.0.0.0/8'] } } }),
    problem: 'roles.web.allow.vpcs[0] must be the id of a VPC, such as \'vpc-0123*\', not "10.0.0.0/8"',
  },
  {
    title: 'a misspelt condition of a claim',
    input: withRoles({ web: { names: [{ zone: 'pub' }], allow: { subnet: ['subnet-1'] } } }),
    problem: 'roles.web.allow.subnet is no key of an allow; did you mean "subnets"?',
  },
  {
    title: 'a health that is neither a word nor an object',
    input: withRoles({}, { health: true }),
    problem:
      'defaults.health must be "none", "status-checks", { alarms: <name or prefix*> } or { route53: { type, port, path } }, not true',
  },
  {
    title: 'a health of no kind',
    input: withRoles({}, { health: {} }),
    problem: 'defaults.health must have either alarms or route53',
  },
  {
    title: 'a health of both kinds',
    input: withRoles({}, { health: { alarms: 'web-*', route53: { type: 'HTTP' } } }),
    problem: 'defaults.health must have either alarms or route53, not both',
  },
  {
    title: 'a misspelt key of a health',
    input: withRoles({}, { health: { alarm: 'web-*' } }),
    problem: 'defaults.health.alarm is no key of a health; did you mean "alarms"?',
  },
  {
    title: 'a health check without its type',
    input: withRoles({}, { health: { route53: { port: 80 } } }),
    problem: 'defaults.health.route53.type is required: "HTTP", "HTTPS" or "TCP"',
  },
  {
    title: 'a health check of an unknown type',
    input: withRoles({}, { health: { route53: { type: 'http' } } }),
    problem: 'defaults.health.route53.type must be "HTTP" or "HTTPS" or "TCP", not "http"; did you mean "HTTP"?',
  },
  {
    title: 'a health check of a path that is not absolute',
    input: withRoles({}, { health: { route53: { type: 'HTTP', path: 'health' } } }),
    problem: 'defaults.health.route53.path must be a path such as \'/health\', not "health"',
  },
  {
    title: 'a drain by an unknown trigger',
    input: withRoles({}, { drainOn: ['spott'] }),
    problem:
      'defaults.drainOn[0] must be "hook" or "spot" or "tag" or "retirement" or "rebalance", not "spott"; did you mean "spot"?',
  },
  {
    title: 'a drain by something that is no list',
    input: withRoles({}, { drainOn: 'spot' }),
    problem: 'defaults.drainOn must be a list of hook, spot, tag, retirement, rebalance, not "spot"',
  },
  {
    title: 'a host without roles',
    input: { ...withRoles({ web: 'int' }), hosts: { 'dc1-web': { roles: [] } } },
    problem: 'hosts.dc1-web.roles must be a list of roles, at least one, not an empty list',
  },
  {
    title: 'a host that is no DNS label',
    input: { ...withRoles({ web: 'int' }), hosts: { 'dc1.web': { roles: ['web'] } } },
    problem:
      'hosts["dc1.web"] must be the id of a host: one DNS label of lower-case letters, digits and "-", 1 to 63 characters, not "dc1.web"',
  },
  {
    title: 'a host that expires after a number',
    input: { ...withRoles({ web: 'int' }), hosts: { 'dc1-web': { roles: ['web'], expireAfter: 1800 } } },
    problem: `hosts.dc1-web.expireAfter ${DURATION} 1800`,
  },
  {
    title: 'strict names by a word',
    input: { ...withRoles({}), strictNames: 'yes' },
    problem: 'strictNames must be true or false, not "yes"',
  },
];
