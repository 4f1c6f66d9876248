import type { RoleView, RoleViewMember } from '../model/role-view.ts';

export const SIDES = ['private', 'public'] as const;
/** Which IPv4 address of a member is meant, and with it which names. */
export type Side = (typeof SIDES)[number];

export interface NginxOptions {
  readonly side: Side;
  readonly port: number;
  /** The name of the upstream. @default the role's */
  readonly upstream?: string;
}

/**
 * Lines for `/etc/hosts`, "hosts(5)": an address, then its names; a member without a name is left out, and so are
 * wildcards, which that file does not know.
 */
export function hostsLines(views: readonly RoleView[], side: Side): string[] {
  const namesByAddress = new Map<string, Set<string>>();
  const add = (address: string, names: readonly string[]) => {
    const hostNames = names.filter((name) => !name.startsWith('*'));
    if (hostNames.length === 0) return;
    namesByAddress.set(address, new Set([...(namesByAddress.get(address) ?? []), ...hostNames]));
  };
  for (const { members } of views) {
    for (const member of members) {
      const address = addressOf(member, side);
      if (address !== undefined) add(address, member.names[side]);
      for (const ipv6 of member.ipv6) add(ipv6, member.names.ipv6);
    }
  }
  return [...namesByAddress].map(([address, names]) => `${address}\t${[...names].sort().join(' ')}`).sort();
}

/**
 * An upstream, "Module ngx_http_upstream_module": a server for each member that has such an address.
 *
 * @returns Undefined where there is none: nginx takes no upstream without a server.
 */
export function nginxText({ role, members }: RoleView, options: NginxOptions): string | undefined {
  const reachable = members.flatMap((member) => {
    const address = addressOf(member, options.side);
    return address === undefined ? [] : [{ ...member, server: `${address}:${options.port}` }];
  });
  const isAllZero = reachable.every(({ weight }) => weight === 0);
  const servers = reachable.map(({ id, server, weight }) => serverLine(id, server, isAllZero ? 1 : weight));
  return servers.length === 0 ? undefined : upstreamText(options.upstream ?? role, servers);
}

/** An upstream that answers every request with 502: for a role that really is empty. */
export function emptyNginxText(role: string, upstream: string = role): string {
  return upstreamText(upstream, ['    server 127.0.0.1:9 down;']);
}

function upstreamText(upstream: string, servers: readonly string[]): string {
  return [`upstream ${upstream} {`, ...servers, '}', ''].join('\n');
}

/**
 * nginx knows no weight of 0: such a server is down. Where all have it they count alike, as in DNS: "If you set Weight to
 * 0 for all of the records in the group, traffic is routed to all resources with equal probability" (Amazon Route 53
 * Developer Guide, "Values specific for weighted records").
 */
function serverLine(id: string, server: string, weight: number): string {
  return `    server ${server}${weight === 0 ? ' down' : ` weight=${weight}`}; # ${id}`;
}

export function jsonText(views: readonly RoleView[]): string {
  return `${JSON.stringify({ schemaVersion: 1, roles: views.map(({ role, members }) => ({ role, members })) }, null, 2)}\n`;
}

function addressOf({ privateIpv4, publicIpv4 }: RoleViewMember, side: Side): string | undefined {
  return side === 'private' ? privateIpv4 : publicIpv4;
}
