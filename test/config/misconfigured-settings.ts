import { withRoles } from './configurations.ts';
import type { Misconfiguration } from './misconfigurations.ts';

const CHECK = { route53: { type: 'HTTP' } };

function withHosts(hosts: unknown, roles: unknown = { web: 'pub', cache: 'int' }) {
  return { ...withRoles(roles), endpoint: true, hosts };
}

/** Health, drains, hosts and reverse DNS, and what does not go with them. */
export const SETTINGS: readonly Misconfiguration[] = [
  {
    title: 'a TCP check without a port, by default',
    input: withRoles({}, { health: { route53: { type: 'TCP' } } }),
    problem: 'defaults.health.route53.port is required with TCP: a port from 1 to 65535',
  },
  {
    title: 'a TCP check of a path',
    input: withRoles({
      web: {
        names: [{ zone: 'pub', routing: 'multivalue' }],
        health: { route53: { type: 'TCP', port: 22, path: '/' } },
      },
    }),
    problem:
      'roles.web.health.route53.path is not possible with TCP, which asks for no path; use HTTP or HTTPS, or remove it',
  },
  {
    title: 'a check of private addresses',
    input: withRoles({ db: { names: [{ zone: 'int', routing: 'multivalue' }], health: CHECK } }),
    problem:
      'roles.db.health { route53 } needs a name with public addresses, which alone the checkers of Route 53 reach; add one, or give the role the health "status-checks", "none" or { alarms }',
  },
  {
    title: 'a check of no name at all',
    input: withRoles({ nat: { elasticIp: { pool: 'nat' }, health: CHECK } }),
    problem:
      'roles.nat.health { route53 } needs a name with public addresses, which alone the checkers of Route 53 reach; add one, or give the role the health "status-checks", "none" or { alarms }',
  },
  {
    title: 'a check of members in one set',
    input: withRoles({
      web: {
        names: [
          { zone: 'pub', routing: 'multivalue' },
          { zone: 'pub', name: 'all' },
        ],
        health: CHECK,
      },
    }),
    problem:
      'roles.web.health { route53 } is not possible for names[1], whose routing "simple" puts all members into one record set; use "multivalue" or { weighted } there, or give the role the health "status-checks", "none" or { alarms }',
  },
  {
    title: 'a check by default, in each role where it cannot be',
    input: withRoles(
      { web: { names: [{ zone: 'pub', routing: 'multivalue' }] }, api: 'pub', cache: 'int' },
      { health: CHECK },
    ),
    problem: [
      'roles.api.health { route53 } (from defaults) is not possible for names[0], whose routing "simple" puts all members into one record set; use "multivalue" or { weighted } there, or give the role the health "status-checks", "none" or { alarms }',
      'roles.cache.health { route53 } (from defaults) needs a name with public addresses, which alone the checkers of Route 53 reach; add one, or give the role the health "status-checks", "none" or { alarms }',
    ],
  },
  {
    title: 'a check by default with open roles, whose name is simple',
    input: { ...withRoles({}, { health: CHECK }), openRoles: 'pub' },
    problem:
      'openRoles { route53 } (from defaults) is not possible for the name of an open role, whose routing "simple" puts all members into one record set; use another default for health, and give it to the roles that can have it',
  },
  {
    title: 'a trigger of drains twice',
    input: withRoles({ web: { names: [{ zone: 'pub' }], drainOn: ['spot', 'tag', 'spot'] } }),
    problem: 'roles.web.drainOn[2] "spot" is listed twice; give each once',
  },
  {
    title: 'a host in an unknown role, with a suggestion',
    input: withHosts({ 'dc1-web': { roles: ['cache', 'wbe'] } }),
    problem: 'hosts.dc1-web.roles[1] "wbe" is no role of roles; did you mean "web"?',
  },
  {
    title: 'a host in an unknown role that resembles none',
    input: withHosts({ 'dc1-web': { roles: ['database'] } }),
    problem: 'hosts.dc1-web.roles[0] "database" is no role of roles; the roles are web, cache',
  },
  {
    title: 'a host where there are no roles',
    input: withHosts({ 'dc1-web': { roles: ['web'] } }, {}),
    problem: 'hosts.dc1-web.roles[0] "web" is no role of roles; there are none',
  },
  {
    title: 'a host in a role twice',
    input: withHosts({ 'dc1-web': { roles: ['web', 'web'] } }),
    problem: 'hosts.dc1-web.roles[1] "web" is listed twice; give each once',
  },
  {
    title: 'a host that could be an instance',
    input: withHosts({ 'i-0123': { roles: ['web'] } }),
    problem: 'hosts.i-0123 begins with "i-", as the ids of EC2 instances do; choose another id',
  },
  {
    title: 'a host with a name that the ledger uses itself',
    input: withHosts({ answer: { roles: ['web'] } }),
    problem: 'hosts.answer "answer" is a word that the registry uses itself; choose another id',
  },
  {
    title: 'a host whose own name belongs to another role',
    input: withHosts(
      { api: { roles: ['web'] } },
      { web: { names: [{ zone: 'pub', name: '{instanceId}' }] }, api: 'pub' },
    ),
    problem: 'hosts.api gives api.example.com in zone pub, as roles.api does; a name belongs to one role',
  },
  {
    title: 'an alias where the own name of a host is',
    input: withHosts(
      { www: { roles: ['web'] } },
      { web: { names: [{ zone: 'pub' }, { zone: 'pub', name: '{instanceId}' }], aliases: ['www.example.com'] } },
    ),
    problem:
      'roles.web.aliases[0] "www.example.com" is the name of hosts.www too, and an alias, a CNAME, stands alone; remove one of them',
  },
  {
    title: 'reverse DNS by a placeholder of members',
    input: withRoles({ mail: { elasticIp: { pool: 'mail', ptr: 'mx.{az}.example.com' } } }),
    problem:
      'roles.mail.elasticIp.ptr "mx.{az}.example.com" has the placeholder {az}; those of an address are {role}, {ordinal}',
  },
  {
    title: 'reverse DNS with a brace that is not closed',
    input: withRoles({ mail: { elasticIp: { pool: 'mail', ptr: 'mx{ordinal.example.com' } } }),
    problem:
      'roles.mail.elasticIp.ptr "mx{ordinal.example.com" has a brace without its partner; those of an address are {role}, {ordinal}',
  },
  {
    title: 'reverse DNS to a relative name',
    input: withRoles({ mail: { elasticIp: { pool: 'mail', ptr: 'mx{ordinal}' } } }),
    problem:
      'roles.mail.elasticIp.ptr must give a full name such as \'mx1.example.com\', and "mx{ordinal}" can give "mx9999"',
  },
  {
    title: 'reverse DNS to a wildcard',
    input: withRoles({ mail: { elasticIp: { pool: 'mail', ptr: '*.example.com' } } }),
    problem:
      'roles.mail.elasticIp.ptr must give a full name such as \'mx1.example.com\', and "*.example.com" can give "*.example.com"',
  },
  {
    title: 'an mx to a name that is a CNAME while it is empty',
    input: withRoles({
      mail: { names: [{ zone: 'pub' }], mx: { name: 'example.com' }, whenEmpty: { answer: 'sorry.example.org' } },
    }),
    problem:
      'roles.mail.mx needs a first name with addresses, and names[0] is a CNAME while it is empty; give whenEmpty an address as the answer',
  },
  {
    title: 'a weight by the tag of the role',
    input: withRoles({ web: { names: [{ zone: 'pub', routing: { weighted: { tag: 'rolecall:role' } } }] } }),
    problem:
      'roles.web.names[0].routing.weighted.tag "rolecall:role" has a meaning of its own and holds no weight; use \'rolecall:weight\', or another tag',
  },
  {
    title: 'strict names that no policy can hold',
    input: {
      ...withRoles(
        Object.fromEntries(Array.from({ length: 120 }, (_each, index) => [`service-${100 + index}`, 'pub'])),
      ),
      strictNames: true,
    },
    problem:
      'strictNames is not possible: the name patterns of this configuration have 3188 characters, and a policy has room for 3000; use fewer names, or placeholders that several of them share, or set it to false',
  },
];
