import type { AddressPolicy } from '../lib/endpoint/address.ts';
import { networkOf } from '../lib/endpoint/address.ts';
import * as answers from '../lib/endpoint/answer.ts';
import { basicOf, readerCredentialsOf } from '../lib/endpoint/credentials.ts';
import { type EndpointRequest, requestOf } from '../lib/endpoint/request.ts';
import { type UpdateQuery, updateQueryOf } from '../lib/endpoint/update-query.ts';
import { type HostNews, namesOf, reportHost } from '../lib/reconcile/host-update.ts';
import { type Login, logIn } from '../lib/reconcile/login.ts';
import type { CorePorts } from '../lib/reconcile/ports.ts';
import { readServing } from '../lib/reconcile/read-serving.ts';
import type { Settings } from './environment.ts';
import { type CoreClients, corePorts } from './ports.ts';
import type { Runtime } from './runtime.ts';

type Accepted = Extract<Login, { kind: 'accepted' }>;

const UPDATE_PATHS: readonly string[] = ['/nic/update', '/v3/update'];
const ROLE_PATH = /^\/v1\/roles\/([^/]+)$/;

/** λ update, behind the Function URL: hosts tell their addresses, renderers read the members of a role. */
export function createHandler(
  settings: Settings,
  clients: CoreClients,
  runtime: Runtime,
  policy: AddressPolicy = 'public',
) {
  const ports = corePorts(settings, clients, runtime);
  return async (event: unknown): Promise<answers.EndpointAnswer> => {
    const request = requestOf(event);
    if (UPDATE_PATHS.includes(request.path)) {
      return await guarded(() => update(request, policy, ports), answers.UNAVAILABLE, runtime);
    }
    const role = ROLE_PATH.exec(request.path)?.[1];
    if (role === undefined) return answers.NOT_FOUND;
    return await guarded(() => read(request, role, ports), answers.READ_FAILED, runtime);
  };
}

/** Whatever goes wrong on our side is told as such, and never as the result of a request. */
async function guarded(
  work: () => Promise<answers.EndpointAnswer>,
  otherwise: answers.EndpointAnswer,
  { log }: Runtime,
): Promise<answers.EndpointAnswer> {
  try {
    return await work();
  } catch (error) {
    log.error('a request could not be answered', {
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
    return otherwise;
  }
}

async function update(
  request: EndpointRequest,
  policy: AddressPolicy,
  ports: CorePorts,
): Promise<answers.EndpointAnswer> {
  const { method, parameters, headers, sourceIp } = request;
  if (method !== 'GET' && method !== 'POST') return answers.BAD_METHOD;
  const credentials = basicOf(headers.get('authorization'));
  if (credentials === undefined) return answers.BAD_AUTH;
  if (parameters === undefined) return answers.BAD_AGENT;
  const login = await logIn({ ...credentials, use: 'update', network: networkOf(sourceIp) }, ports);
  switch (login.kind) {
    case 'refused':
      return answers.BAD_AUTH;
    case 'too-many':
      return answers.ABUSE;
    case 'not-installed':
      return answers.UNAVAILABLE;
    case 'accepted':
      return await carryOut(updateQueryOf(parameters, sourceIp, policy), login, ports);
  }
}

async function carryOut(query: UpdateQuery, login: Accepted, ports: CorePorts): Promise<answers.EndpointAnswer> {
  if (query.kind === 'refused') return answers.codes([query.code]);
  const { host, installation } = login;
  if (host === undefined) return answers.BAD_AUTH;
  const given = await namesOf(host, query.hostnames, installation, ports);
  const lines = (code: string) => answers.codes(query.hostnames.map((name) => (given.has(name) ? code : 'nohost')));
  if (given.size === 0 || query.kind === 'bad-address') return lines('dnserr');
  const news: HostNews = query.kind === 'told' ? { kind: 'told', told: query.told } : { kind: 'away', away: 'offline' };
  const outcome = await reportHost(host, news, login, ports);
  const code = outcome === 'changed' ? 'good' : 'nochg';
  const address = query.kind === 'told' ? [query.told.ipv4, query.told.ipv6].filter((each) => each !== undefined) : [];
  return lines([code, address.join(',')].filter((word) => word !== '').join(' '));
}

async function read(request: EndpointRequest, role: string, ports: CorePorts): Promise<answers.EndpointAnswer> {
  const { method, headers, sourceIp } = request;
  if (method !== 'GET' && method !== 'HEAD') return answers.READ_ONLY;
  const credentials = readerCredentialsOf(headers.get('authorization'));
  if (credentials === undefined) return answers.UNAUTHORIZED;
  const login = await logIn({ ...credentials, use: 'read', network: networkOf(sourceIp) }, ports);
  switch (login.kind) {
    case 'refused':
      return answers.UNAUTHORIZED;
    case 'too-many':
      return answers.TOO_MANY;
    case 'not-installed':
      return answers.READ_FAILED;
    case 'accepted': {
      const view = await readServing(role, login.installation, ports);
      if (view === undefined) return answers.problem(404, 'unknown-role', 'The configuration has no such role.');
      return answers.json(view, headers.get('if-none-match'));
    }
  }
}
