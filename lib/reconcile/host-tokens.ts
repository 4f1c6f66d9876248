import { RolecallError } from '../model/errors.ts';
import type { Fact } from '../model/fact.ts';
import { lastToldMs } from '../model/host.ts';
import { DNS_LABEL } from '../model/instance.ts';
import type { Installation } from '../model/role.ts';
import { hashOf, type StoredToken, tokenText, type TokenUse } from '../model/token.ts';
import { reportHost } from './host-update.ts';
import { hostOf } from './hosts.ts';
import type { CorePorts } from './ports.ts';

export interface MadeToken {
  readonly name: string;
  readonly use: TokenUse;
  /** Shown now and never again. */
  readonly token: string;
  readonly endpointUrl?: string;
}

/** A host or a reader, with or without a token. */
export interface TokenHolder {
  readonly name: string;
  readonly use: TokenUse;
  readonly roles: readonly string[];
  /** Absent: it has no token. */
  readonly createdAtMs?: number;
  readonly lastToldAtMs?: number;
  readonly addresses: readonly string[];
  /** `silent`: a host that told nothing yet; `reads`: of a reader. */
  readonly state: 'serving' | 'silent' | 'expired' | 'offline' | 'removed' | 'reads';
  /** When a serving host is withdrawn unless it tells again. */
  readonly expiresAtMs?: number;
}

/** @throws RolecallError where the name is no host of the configuration, is one and must not be, or has a token. */
export async function addToken(
  name: string,
  use: TokenUse,
  secret: Uint8Array,
  ports: Pick<CorePorts, 'registry' | 'clock'>,
): Promise<MadeToken> {
  const installation = await installed(ports);
  const host = hostOf(installation, name);
  if (use === 'update' && host === undefined) throw unknownHost(name, installation);
  if (use === 'read' && (host !== undefined || !DNS_LABEL.test(name))) {
    const why = host === undefined ? 'must be one DNS label, lower case' : 'is a host of the configuration';
    throw new RolecallError('invalid-input', `The name of a reader, "${name}", ${why}; choose another name.`);
  }
  const made = await store(name, use, secret, true, installation, ports);
  if (made !== undefined) return made;
  throw new RolecallError(
    'conflict',
    `${name} has a token already. Another in its place: rolecall host rotate ${name}; the old one then no longer works.`,
  );
}

/** The token before no longer works from then on. @throws RolecallError where there is none. */
export async function rotateToken(
  name: string,
  secret: Uint8Array,
  ports: Pick<CorePorts, 'registry' | 'clock'>,
): Promise<MadeToken> {
  const installation = await installed(ports);
  const before = (await ports.registry.readTokens()).find((token) => token.name === name);
  const made = before === undefined ? undefined : await store(name, before.use, secret, false, installation, ports);
  if (made === undefined) throw noToken(name);
  return made;
}

/** The token dies, and a host is no member any more. @throws RolecallError where there is no token. */
export async function removeTokenOf(name: string, ports: CorePorts): Promise<{ readonly name: string }> {
  const installation = await installed(ports);
  if (!(await ports.registry.removeToken(name))) throw noToken(name);
  const host = hostOf(installation, name);
  const [fact] = (await ports.registry.readFacts([name])).facts;
  if (host !== undefined && fact !== undefined)
    await reportHost(host, { kind: 'away', away: 'removed' }, { installation, fact }, ports);
  return { name };
}

/** Every host of the configuration and every reader, by name. */
export async function tokenHolders(
  ports: Pick<CorePorts, 'registry'>,
): Promise<{ readonly endpointUrl?: string; readonly holders: readonly TokenHolder[] }> {
  const [installation, tokens] = await Promise.all([installed(ports), ports.registry.readTokens()]);
  const ids = installation.hosts.map(({ id }) => id);
  const facts = ids.length === 0 ? [] : (await ports.registry.readFacts(ids)).facts;
  const readers = tokens.filter(({ use }) => use === 'read').map(readerOf);
  const hosts = ids.map((id) =>
    hostHolder(
      id,
      installation,
      tokens.find(({ name }) => name === id),
      facts.find(({ instanceId }) => instanceId === id),
    ),
  );
  const holders = [...hosts, ...readers].sort((one, other) => (one.name < other.name ? -1 : 1));
  const { endpointUrl } = installation;
  return { ...(endpointUrl === undefined ? {} : { endpointUrl }), holders };
}

function readerOf({ name, use, createdAtMs }: StoredToken): TokenHolder {
  return { name, use, roles: [], createdAtMs, addresses: [], state: 'reads' };
}

function hostHolder(
  id: string,
  installation: Installation,
  token: StoredToken | undefined,
  fact: Fact | undefined,
): TokenHolder {
  const { roles = [], expireAfterSeconds } = hostOf(installation, id) ?? {};
  const report = fact?.host;
  const told = report === undefined ? [] : [report.ipv4, report.ipv6].flatMap((each) => each ?? []);
  const lastMs = report === undefined ? 0 : lastToldMs(report);
  const state = report === undefined ? 'silent' : (report.away ?? 'serving');
  const isExpiring = state === 'serving' && expireAfterSeconds !== undefined;
  return {
    name: id,
    use: 'update',
    roles,
    ...(token === undefined ? {} : { createdAtMs: token.createdAtMs }),
    ...(lastMs === 0 ? {} : { lastToldAtMs: lastMs }),
    addresses: told.map(({ address }) => address),
    state,
    ...(isExpiring ? { expiresAtMs: lastMs + expireAfterSeconds * 1000 } : {}),
  };
}

async function store(
  name: string,
  use: TokenUse,
  secret: Uint8Array,
  isNew: boolean,
  { endpointUrl }: Installation,
  { registry, clock }: Pick<CorePorts, 'registry' | 'clock'>,
): Promise<MadeToken | undefined> {
  const token = tokenText(name, use, secret);
  const isStored = await registry.putToken({ name, use, hash: hashOf(token), createdAtMs: clock.now() }, isNew);
  if (!isStored) return undefined;
  return { name, use, token, ...(endpointUrl === undefined ? {} : { endpointUrl }) };
}

async function installed({ registry }: Pick<CorePorts, 'registry'>): Promise<Installation> {
  const installation = await registry.readInstallation();
  if (installation === undefined || installation.retired === true)
    throw new RolecallError('not-installed', 'Nothing is installed here. Deploy the stack first.');
  return installation;
}

function unknownHost(name: string, { hosts }: Installation): RolecallError {
  const known = hosts.length === 0 ? 'it has none' : `its hosts are ${hosts.map(({ id }) => id).join(', ')}`;
  return new RolecallError(
    'not-found',
    `${name} is no host of the configuration: ${known}. Add it to hosts and deploy, or use --read for a token that only reads.`,
  );
}

function noToken(name: string): RolecallError {
  return new RolecallError('not-found', `${name} has no token. rolecall host list shows who has one.`);
}
