import { counterAt } from '../model/counter.ts';
import type { Fact } from '../model/fact.ts';
import { DNS_LABEL } from '../model/instance.ts';
import type { Host, Installation } from '../model/role.ts';
import { isToken, type TokenUse } from '../model/token.ts';
import { hostOf } from './hosts.ts';
import type { CorePorts } from './ports.ts';

/** Failed logins of one caller, right ones refused from then on; a client with a wrong token asks once in some minutes. */
const MAX_FAILED_LOGINS = 20;
const FAILED_LOGINS_WINDOW_MS = 600_000;
const USES_WINDOW_MS = 60_000;
/** Of one host, or of one reader. */
const MAX_UPDATES = 10;
const MAX_READS = 120;
/** Of all hosts, or of all readers, behind one address: sixty at the limit of their own. */
const MAX_UPDATES_FROM_ONE_NETWORK = 600;
const MAX_READS_FROM_ONE_NETWORK = 7_200;

const LIMITS = {
  update: { each: MAX_UPDATES, together: MAX_UPDATES_FROM_ONE_NETWORK },
  read: { each: MAX_READS, together: MAX_READS_FROM_ONE_NETWORK },
} as const;

export interface LoginAttempt {
  readonly name: string;
  readonly token: string;
  readonly use: TokenUse;
  /** Who calls, as limits count it. */
  readonly network: string;
}

export type Login =
  | { readonly kind: 'accepted'; readonly installation: Installation; readonly host?: Host; readonly fact?: Fact }
  | { readonly kind: 'refused' | 'too-many' | 'not-installed' };

/**
 * Whether a login counts, and how often. The answer to a wrong one is the same whether its name exists or not.
 *
 * @throws ServiceFailure where the registry cannot be read: then nobody is let in.
 */
export async function logIn(
  attempt: LoginAttempt,
  ports: Pick<CorePorts, 'registry' | 'clock' | 'log'>,
): Promise<Login> {
  const { registry, clock, log } = ports;
  const { name, use, network } = attempt;
  const nowMs = clock.now();
  const failures = counterAt(`failed-logins#${network}`, FAILED_LOGINS_WINDOW_MS, nowMs);
  const known = await registry.readAccess(DNS_LABEL.test(name) ? name : undefined, failures);
  if (known.counted >= MAX_FAILED_LOGINS) return { kind: 'too-many' };
  const { installation, fact, token } = known;
  const host = hostOf(installation, name);
  if (!isToken(attempt.token, token, use) || (use === 'update' && host === undefined)) {
    await registry.count(failures, MAX_FAILED_LOGINS);
    if (known.counted + 1 === MAX_FAILED_LOGINS) log.error('too many failed logins: refused for a while', { network });
    return { kind: 'refused' };
  }
  if (installation === undefined || installation.retired === true) return { kind: 'not-installed' };
  const { each, together } = LIMITS[use];
  const counts = await Promise.all([
    registry.count(counterAt(`${use}#${name}`, USES_WINDOW_MS, nowMs), each),
    registry.count(counterAt(`${use}-from#${network}`, USES_WINDOW_MS, nowMs), together),
  ]);
  if (counts.includes(false)) return { kind: 'too-many' };
  return {
    kind: 'accepted',
    installation,
    ...(host === undefined ? {} : { host }),
    ...(fact === undefined ? {} : { fact }),
  };
}
