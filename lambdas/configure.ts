import type { Route53Client } from '@aws-sdk/client-route-53';
import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { createDns } from '../lib/aws/route53.ts';
import { placedIn, resolveConfiguration } from '../lib/config/resolve.ts';
import { RECORD_NAMES_SEPARATOR } from '../lib/config/record-names.ts';
import { parseConfiguration } from '../lib/config/schema.ts';
import { InvalidInput } from '../lib/model/errors.ts';
import type { Installation } from '../lib/model/role.ts';
import { install } from '../lib/reconcile/configure.ts';
import type { ZonePorts } from '../lib/reconcile/ports.ts';
import { retire } from '../lib/reconcile/retire.ts';
import { answer } from './custom-resource.ts';
import type { Settings } from './environment.ts';
import { type CoreClients, corePorts } from './ports.ts';
import type { Runtime } from './runtime.ts';

type Clients = CoreClients & { readonly route53: Route53Client };

const TIMEOUT_MS = 300_000;
const RESERVE_MS = 15_000;

/** λ configure, the stack's custom resource: stores the configuration, or at deletion removes what we published. */
export function createHandler(settings: Settings, clients: Clients, runtime: Runtime, respond = answer) {
  const ports: ZonePorts = { ...corePorts(settings, clients, runtime), dns: createDns(clients.route53) };
  return async (event: CloudFormationCustomResourceEvent, context?: Partial<Context>): Promise<void> => {
    const remainingMs = context?.getRemainingTimeInMillis?.() ?? TIMEOUT_MS;
    const deadlineMs = runtime.clock.now() + Math.max(0, remainingMs - RESERVE_MS);
    let attributes: Readonly<Record<string, string>>;
    try {
      attributes = await carryOut(event, ports, deadlineMs);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      runtime.log.error('the configuration was not carried out', { request: event.RequestType, message });
      return await respond(event, { status: 'FAILED', reason: message });
    }
    await respond(event, { status: 'SUCCESS', attributes });
  };
}

/** @returns the attributes of the custom resource. */
async function carryOut(
  event: CloudFormationCustomResourceEvent,
  ports: ZonePorts,
  deadlineMs: number,
): Promise<Readonly<Record<string, string>>> {
  if (event.RequestType !== 'Delete') {
    const { recordNames } = await install(installationOf(event), ports);
    return recordNames === undefined ? {} : { RecordNames: recordNames.join(RECORD_NAMES_SEPARATOR) };
  }
  const installed = await ports.registry.readInstallation();
  // A deployment that failed before anything was stored has nothing to remove.
  if (installed !== undefined) await retire(installed, ports, deadlineMs);
  return {};
}

function installationOf(event: CloudFormationCustomResourceEvent): Installation {
  const properties: Readonly<Record<string, unknown>> = event.ResourceProperties;
  const { Configuration: written, ZoneIds: zoneIds, EndpointUrl: endpointUrl } = properties;
  if (typeof written !== 'string')
    throw new InvalidInput('The property Configuration is missing: it is the configuration as JSON.');
  const installation = resolveConfiguration(parseConfiguration(JSON.parse(written)), idsOf(zoneIds));
  const [, , , region, account] = event.StackId.split(':');
  const placed = region && account ? placedIn(installation, account, region) : installation;
  return typeof endpointUrl === 'string' ? { ...placed, endpointUrl } : placed;
}

function idsOf(zoneIds: unknown): Record<string, string> {
  const entries = Object.entries(typeof zoneIds === 'object' && zoneIds !== null ? zoneIds : {});
  return Object.fromEntries(entries.map(([key, id]) => [key, String(id)]));
}
