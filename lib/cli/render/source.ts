import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { roleView } from '../../desired/role-view.ts';
import { RolecallError } from '../../model/errors.ts';
import { DNS_LABEL } from '../../model/instance.ts';
import { isPublishableName } from '../../model/name.ts';
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

/** What is written into files is held to its form: an answer must not be able to write a line of its own. */
const NAMES = v.array(v.pipe(v.string(), v.check(isPublishableName)));
const LABEL = v.pipe(v.string(), v.regex(DNS_LABEL));
const ROLE_VIEW = v.object({
  schemaVersion: v.literal(1),
  role: LABEL,
  members: v.array(
    v.object({
      id: LABEL,
      ordinal: v.exactOptional(v.pipe(v.number(), v.integer())),
      availabilityZone: v.exactOptional(LABEL),
      privateIpv4: v.exactOptional(v.pipe(v.string(), v.ipv4())),
      publicIpv4: v.exactOptional(v.pipe(v.string(), v.ipv4())),
      ipv6: v.array(v.pipe(v.string(), v.ipv6())),
      weight: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255)),
      names: v.object({ private: NAMES, public: NAMES, ipv6: NAMES }),
    }),
  ),
});

const TIMEOUT_MS = 10_000;
/** What a header may carry (RFC 6750 §2.1); anything else would be told in an error, token and all. */
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;

/** The endpoint of an installation, with a token that may only read. What is unchanged is not sent again. */
export function endpointSource(
  url: string,
  tokenFile: string,
  roles: readonly string[],
  timeoutMs: number = TIMEOUT_MS,
): RoleSource {
  const last = new Map<string, { readonly etag: string; readonly view: RoleView }>();
  const readOne = async (role: string, token: string): Promise<RoleView> => {
    const known = last.get(role);
    const headers = {
      authorization: `Bearer ${token}`,
      ...(known === undefined ? {} : { 'if-none-match': known.etag }),
    };
    const response = await asked(url, role, headers, timeoutMs);
    if (response.status === 304 && known !== undefined) return known.view;
    if (response.status !== 200)
      throw new RolecallError('unavailable', `${url} answered ${response.status} for the role ${role}.`);
    const read = v.safeParse(ROLE_VIEW, response.body);
    if (!read.success || read.output.role !== role)
      throw new RolecallError('invalid', `${url} gave something else than the members of the role ${role}.`);
    if (response.etag !== null) last.set(role, { etag: response.etag, view: read.output });
    return read.output;
  };
  return {
    name: url,
    read: async () => {
      const token = (await readFile(tokenFile, 'utf8')).trim();
      if (!TOKEN.test(token))
        throw new RolecallError(
          'invalid',
          `${tokenFile} holds no token: it is one word, as "rolecall host add" gave it.`,
        );
      return await Promise.all(roles.map((role) => readOne(role, token)));
    },
  };
}

interface Asked {
  readonly status: number;
  readonly etag: string | null;
  /** Undefined where it is no JSON. */
  readonly body: unknown;
}

/** @throws RolecallError where there is no whole answer in time. */
async function asked(url: string, role: string, headers: Record<string, string>, timeoutMs: number): Promise<Asked> {
  try {
    const response = await fetch(new URL(`/v1/roles/${encodeURIComponent(role)}`, url), {
      headers,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    return { status: response.status, etag: response.headers.get('etag'), body: parsed(text) };
  } catch (error) {
    throw new RolecallError('unavailable', `${url} gave no answer for the role ${role}: ${reasonOf(error)}.`, {
      cause: error,
    });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** "fetch failed" alone says nothing: the cause below it does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message;
}
