import { normalName } from '../model/name.ts';
import type { NamePattern, Role } from '../model/role.ts';
import type { Configuration } from './configuration.ts';
import { secondsOf } from './duration.ts';
import { placeholdersIn, settledName } from './name-pattern.ts';
import { pathText } from './problem.ts';
import { pathOfName, resolveRoles } from './resolve.ts';
import { zoneOfName } from './zone-of-name.ts';

const LONGEST_UNWARNED_TTL_SECONDS = 60;

/** What is allowed and may surprise: one sentence each, to be printed at synth. */
export function warningsOf(configuration: Configuration): string[] {
  const roles = resolveRoles(configuration);
  return [
    ...roles.flatMap((role) => [
      ...role.names.flatMap((name, index) =>
        [longAnswer(role, name), keptForEver(role, name)]
          .filter((text) => text !== undefined)
          .map((text) => `${pathText(pathOfName(role.role, index, configuration))} ${text}`),
      ),
      ...strayReverseName(role, configuration),
    ]),
    ...hostWarnings(configuration, roles),
    ...looseStrictNames(configuration),
  ];
}

function longAnswer(role: Role, name: NamePattern): string | undefined {
  const strangerMayFollow =
    role.elasticIp === undefined && (name.addresses.includes('public') || name.addresses.includes('ec2-name'));
  if (!strangerMayFollow || name.ttlSeconds <= LONGEST_UNWARNED_TTL_SECONDS) return undefined;
  return (
    `has auto-assigned public addresses and a TTL of ${name.ttlSeconds} s: for that long, resolvers may send clients ` +
    'to an address that AWS has given to someone else; use 60s or less, or give the role an elasticIp.'
  );
}

function keptForEver(role: Role, name: NamePattern): string | undefined {
  if (role.whenEmpty !== 'keep' || !placeholdersIn(name.pattern).includes('instanceId')) return undefined;
  return 'has {instanceId} and whenEmpty "keep": the name of each instance stays when the instance is gone.';
}

/** EC2 sets reverse DNS only once the name resolves to the address, and in our own zones only we can see to that. */
function strayReverseName({ role, names, elasticIp }: Role, { zones }: Configuration): string[] {
  const ptr = elasticIp?.ptr?.replaceAll('{role}', role);
  if (ptr === undefined || zoneOfName(ptr, zones, undefined) === undefined) return [];
  const own = names.filter(({ addresses }) => addresses.includes('public'));
  if (own.some(({ pattern, zoneName }) => settledName(pattern, role, zoneName) === ptr)) return [];
  return [
    `roles.${role}.elasticIp.ptr gives ${ptr}, which is in one of the zones and no public name of the role: reverse DNS is ` +
      'set only once that name resolves to the address. Give the role that name, or see to its record yourself.',
  ];
}

/** The sweep that finds a silent host runs each minute. */
const SHORTEST_EXPIRY_SECONDS = 60;

function hostWarnings({ hosts = {}, endpoint = false }: Configuration, roles: readonly Role[]): string[] {
  const ids = Object.keys(hosts);
  const mute =
    ids.length > 0 && !endpoint
      ? ['hosts have no way to tell their addresses: there is no endpoint. Set endpoint: true to have one.']
      : [];
  return [
    ...mute,
    ...Object.entries(hosts).flatMap(([id, host]) => [
      ...host.roles.flatMap((claimed, index) => {
        const role = roles.find((each) => each.role === claimed);
        if (role === undefined || role.names.some((name) => canNameHost(role, name))) return [];
        const path = pathText(['hosts', id, 'roles', index]);
        return `${path} gives the host no name: no name of roles.${claimed} takes the public or IPv6 address of a host.`;
      }),
      ...(host.expireAfter !== undefined && (secondsOf(host.expireAfter) ?? 0) < SHORTEST_EXPIRY_SECONDS
        ? [
            `${pathText(['hosts', id, 'expireAfter'])} is ${host.expireAfter}, and silence is looked for once a minute: up to 60 s more pass.`,
          ]
        : []),
    ]),
  ];
}

/** A host has no availability zone, no private address that we know, and holds no Elastic IP. */
function canNameHost({ elasticIp }: Role, { addresses, pattern }: NamePattern): boolean {
  if (placeholdersIn(pattern).includes('az')) return false;
  return addresses.includes('ipv6') || (addresses.includes('public') && elasticIp === undefined);
}

function looseStrictNames({ strictNames = false, openRoles, zones }: Configuration): string[] {
  const zone = openRoles === undefined ? undefined : zones[openRoles];
  if (!strictNames || zone === undefined) return [];
  return [
    `strictNames limits nothing in ${normalName(zone.name)}: with openRoles any name there may be that of a role. Remove one of them.`,
  ];
}
