import type { OwnedCheck } from '../model/health-check.ts';
import type { Knowledge } from './knowledge.ts';

/** "Amazon Route 53 pricing", health checks, a month: basic ones of endpoints within AWS, the first 50 of them free, and others. */
const FREE = 50;
const BASIC_USD = { aws: 0.5, other: 0.75 } as const;
/** HTTPS is one; we ask for no other. */
const OPTIONAL_FEATURE_USD = { aws: 1, other: 2 } as const;

export interface HealthCheckCost {
  readonly count: number;
  /** Where nothing else in the account uses the free ones. */
  readonly usdAMonth: number;
}

/** Of the checks that exist. */
export function healthCheckCost(
  checks: readonly { readonly type: OwnedCheck['endpoint']['type']; readonly isInAws: boolean }[],
): HealthCheckCost {
  let usdAMonth = 0;
  let free = FREE;
  for (const { type, isInAws } of checks) {
    const place = isInAws ? 'aws' : 'other';
    if (isInAws && free > 0) free -= 1;
    else usdAMonth += BASIC_USD[place];
    if (type === 'HTTPS') usdAMonth += OPTIONAL_FEATURE_USD[place];
  }
  return { count: checks.length, usdAMonth };
}

export function knownHealthChecks({ zones, roles }: Knowledge): HealthCheckCost {
  const outside = new Set(
    roles.flatMap(({ members }) =>
      members.flatMap(({ offCloud, publicIpv4 }) => (offCloud === undefined ? [] : (publicIpv4 ?? []))),
    ),
  );
  const made = zones.flatMap(({ checks }) => checks).filter(({ id }) => id !== undefined);
  return healthCheckCost(made.map(({ endpoint: { type, address } }) => ({ type, isInAws: !outside.has(address) })));
}
