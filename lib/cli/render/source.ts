import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { roleView } from '../../desired/role-view.ts';
import { RolecallError } from '../../model/errors.ts';
import type { RoleView } from '../../model/role-view.ts';
import { roleOf } from '../../reconcile/groups.ts';
import type { Registry } from '../../reconcile/ports.ts';

/** Where the members of roles are read. A read that fails throws; it never gives an empty role instead. */
export interface RoleSource {
  readonly name: string;
  /** @throws RolecallError or a failure of the service that says why nothing could be read. */
  read(): Promise<readonly RoleView[]>;
}

/** The registry itself, with AWS credentials. */
export function registrySource(name: string, registry: Registry, roles: readonly string[]): RoleSource {
  return {
    name,
    read: async () => {
      const installation = await registry.readInstallation();
      if (installation === undefined || installation.retired === true)
        throw new RolecallError('not-found', `${name} holds no installation: deploy the stack first.`);
      return await Promise.all(
        roles.map(async (role) => {
          const definition = roleOf(installation, role);
          if (definition === undefined) {
            const known = installation.roles.map((each) => each.role).join(', ');
            throw new RolecallError('not-found', `${role} is no role of ${name}; its roles are ${known}.`);
          }
          const { members, slots } = await registry.readRole(role);
          return roleView(definition, members, slots);
        }),
      );
    },
  };
}

const NAMES = v.array(v.string());
const ROLE_VIEW = v.object({
  schemaVersion: v.literal(1),
  role: v.string(),
  members: v.array(
    v.object({
      id: v.string(),
      ordinal: v.exactOptional(v.number()),
      availabilityZone: v.exactOptional(v.string()),
      privateIpv4: v.exactOptional(v.pipe(v.string(), v.ipv4())),
      publicIpv4: v.exactOptional(v.pipe(v.string(), v.ipv4())),
      ipv6: v.array(v.pipe(v.string(), v.ipv6())),
      weight: v.number(),
      names: v.object({ private: NAMES, public: NAMES, ipv6: NAMES }),
    }),
  ),
});

const TIMEOUT_MS = 10_000;

/** The endpoint of an installation, with a token that may only read. What is unchanged is not sent again. */
export function endpointSource(url: string, tokenFile: string, roles: readonly string[]): RoleSource {
  const last = new Map<string, { readonly etag: string; readonly view: RoleView }>();
  const readOne = async (role: string, token: string): Promise<RoleView> => {
    const known = last.get(role);
    const response = await fetch(new URL(`/v1/roles/${encodeURIComponent(role)}`, url), {
      headers: {
        authorization: `Bearer ${token}`,
        ...(known === undefined ? {} : { 'if-none-match': known.etag }),
      },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.status === 304 && known !== undefined) return known.view;
    if (!response.ok)
      throw new RolecallError('unavailable', `${url} answered ${response.status} for the role ${role}.`);
    const read = v.safeParse(ROLE_VIEW, await response.json());
    if (!read.success || read.output.role !== role)
      throw new RolecallError('invalid', `${url} gave something else than the members of the role ${role}.`);
    const etag = response.headers.get('etag');
    if (etag !== null) last.set(role, { etag, view: read.output });
    return read.output;
  };
  return {
    name: url,
    read: async () => {
      const token = (await readFile(tokenFile, 'utf8')).trim();
      return await Promise.all(roles.map((role) => readOne(role, token)));
    },
  };
}
