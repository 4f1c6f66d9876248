import type { Told } from '../model/host.ts';
import { isPublishableName, normalName } from '../model/name.ts';
import { type AddressPolicy, toldIn } from './address.ts';

/** "You can specify up to 20 hostnames" (Dyn Remote Access API, Perform Update). */
const MAX_HOSTNAMES = 20;

export type UpdateQuery =
  /** Said once, whatever the number of names. */
  | { readonly kind: 'refused'; readonly code: 'notfqdn' | 'numhost' }
  | { readonly kind: 'told'; readonly hostnames: readonly string[]; readonly told: Told }
  | { readonly kind: 'offline'; readonly hostnames: readonly string[] }
  /** The address is none, or none that may be published: said of each name. */
  | { readonly kind: 'bad-address'; readonly hostnames: readonly string[] };

/**
 * `hostname`, `myip` and `offline` of a dyndns2 update; `system`, `wildcard`, `mx`, `backmx`, `url` and anything else are
 * accepted and mean nothing. Without `myip` the address is the caller's.
 */
export function updateQueryOf(
  parameters: ReadonlyMap<string, string>,
  sourceIp: string,
  policy: AddressPolicy,
): UpdateQuery {
  const hostnames = (parameters.get('hostname') ?? '').split(',').map((name) => normalName(name.trim()));
  if (hostnames.length > MAX_HOSTNAMES) return { kind: 'refused', code: 'numhost' };
  if (!hostnames.every(isFullName)) return { kind: 'refused', code: 'notfqdn' };
  if (parameters.get('offline')?.toUpperCase() === 'YES') return { kind: 'offline', hostnames };
  const told = toldIn(parameters.get('myip')?.trim() || sourceIp, policy);
  return told === undefined ? { kind: 'bad-address', hostnames } : { kind: 'told', hostnames, told };
}

function isFullName(name: string): boolean {
  return name.includes('.') && isPublishableName(name);
}
