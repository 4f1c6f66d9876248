import type { NamePattern, Role } from '../model/role.ts';
import type { Configuration } from './configuration.ts';
import { placeholdersIn } from './name-pattern.ts';
import { pathText } from './problem.ts';
import { pathOfName, resolveRoles } from './resolve.ts';

const LONGEST_UNWARNED_TTL_SECONDS = 60;

/** What is allowed and may surprise: one sentence each, to be printed at synth. */
export function warningsOf(configuration: Configuration): string[] {
  return resolveRoles(configuration).flatMap((role) =>
    role.names.flatMap((name, index) =>
      [longAnswer(role, name), keptForEver(role, name)]
        .filter((text) => text !== undefined)
        .map((text) => `${pathText(pathOfName(role.role, index, configuration))} ${text}`),
    ),
  );
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
