import type { Configuration } from './configuration.ts';
import { resolveRoles } from './resolve.ts';

const LONGEST_TTL_WITHOUT_WARNING_SECONDS = 60;

/** What is allowed and may surprise: one sentence each, to be printed at synth. */
export function warningsOf(configuration: Configuration): string[] {
  return resolveRoles(configuration).flatMap((role) =>
    role.names.flatMap((name, index) => {
      const strangerMayFollow = role.elasticIp === undefined && name.addresses.includes('public');
      if (!strangerMayFollow || name.ttlSeconds <= LONGEST_TTL_WITHOUT_WARNING_SECONDS) return [];
      return [
        `roles.${role.role}.names[${index}] has auto-assigned public addresses and a TTL of ${name.ttlSeconds} s: resolvers may send ` +
          'its clients to a freed address, which may be a stranger’s by then, for that long; use 60s or less, or an elasticIp.',
      ];
    }),
  );
}
