import { element, text } from '../ec2/xml.ts';
import type { Service, WireRequest, WireResponse } from '../wire.ts';
import type { Route53Settings } from './model.ts';
import { Route53Model } from './model.ts';
import { OPERATIONS } from './operations.ts';
import { Route53Error } from './route53-error.ts';

const NAMESPACE = 'https://route53.amazonaws.com/doc/2013-04-01/';

interface Route {
  readonly method: string;
  /** Its group, where it has one, is the identifier. */
  readonly path: RegExp;
  readonly operation: string;
}

const ROUTES: readonly Route[] = [
  { method: 'POST', path: /^\/2013-04-01\/hostedzone\/?$/, operation: 'CreateHostedZone' },
  { method: 'GET', path: /^\/2013-04-01\/hostedzone\/?$/, operation: 'ListHostedZones' },
  { method: 'GET', path: /^\/2013-04-01\/hostedzonesbyname\/?$/, operation: 'ListHostedZonesByName' },
  { method: 'GET', path: /^\/2013-04-01\/hostedzone\/([^/]+)\/?$/, operation: 'GetHostedZone' },
  { method: 'DELETE', path: /^\/2013-04-01\/hostedzone\/([^/]+)\/?$/, operation: 'DeleteHostedZone' },
  { method: 'POST', path: /^\/2013-04-01\/hostedzone\/([^/]+)\/rrset\/?$/, operation: 'ChangeResourceRecordSets' },
  { method: 'GET', path: /^\/2013-04-01\/hostedzone\/([^/]+)\/rrset\/?$/, operation: 'ListResourceRecordSets' },
  { method: 'GET', path: /^\/2013-04-01\/change\/([^/]+)\/?$/, operation: 'GetChange' },
  { method: 'GET', path: /^\/2013-04-01\/accountlimit\/([^/]+)\/?$/, operation: 'GetAccountLimit' },
  { method: 'POST', path: /^\/2013-04-01\/healthcheck\/?$/, operation: 'CreateHealthCheck' },
  { method: 'GET', path: /^\/2013-04-01\/healthcheck\/?$/, operation: 'ListHealthChecks' },
  { method: 'GET', path: /^\/2013-04-01\/healthcheck\/([^/]+)\/?$/, operation: 'GetHealthCheck' },
  { method: 'DELETE', path: /^\/2013-04-01\/healthcheck\/([^/]+)\/?$/, operation: 'DeleteHealthCheck' },
  { method: 'GET', path: /^\/2013-04-01\/hostedzonelimit\/([^/]+)\/[^/]+\/?$/, operation: 'GetHostedZoneLimit' },
  { method: 'GET', path: /^\/2013-04-01\/tags\/hostedzone\/([^/]+)\/?$/, operation: 'ListTagsForResource' },
];

/** Route 53 over its REST-XML protocol, and its state. */
export function createRoute53(settings: Route53Settings): { readonly service: Service; readonly model: Route53Model } {
  const model = new Route53Model(settings);
  return { service: new Route53Service(model, settings.newId), model };
}

class Route53Service implements Service {
  readonly name = 'route53';
  readonly #model: Route53Model;
  readonly #newId: () => string;

  constructor(model: Route53Model, newId: () => string) {
    this.#model = model;
    this.#newId = newId;
  }

  operationOf(request: WireRequest): string {
    return routeOf(request)?.route.operation ?? `${request.method} ${pathOf(request)}`;
  }

  async handle(operation: string, request: WireRequest): Promise<WireResponse> {
    const carryOut = OPERATIONS[operation];
    if (carryOut === undefined) {
      return this.failure(400, 'UnsupportedOperation', `The local account does not have Route 53's ${operation}.`);
    }
    try {
      this.#model.admit(operation);
      const query = new URLSearchParams(request.path.split('?')[1] ?? '');
      const call = { id: routeOf(request)?.id ?? '', path: pathOf(request), query, body: request.body };
      const { status = 200, headers = {}, inner } = await carryOut(call, this.#model);
      return this.#respond(status, `${operation}Response`, inner, headers);
    } catch (error) {
      if (error instanceof Route53Error) return this.failure(error.status, error.code, error.message);
      throw error;
    }
  }

  failure(status: number, code: string, message: string): WireResponse {
    const error = element(
      'Error',
      text('Type', status < 500 ? 'Sender' : 'Receiver'),
      text('Code', code),
      text('Message', message),
    );
    return this.#respond(status, 'ErrorResponse', error + text('RequestId', this.#newId()), {});
  }

  #respond(status: number, name: string, inner: string, headers: Readonly<Record<string, string>>): WireResponse {
    return {
      status,
      headers: { 'content-type': 'text/xml', 'x-amzn-requestid': this.#newId(), ...headers },
      body: `<?xml version="1.0"?>\n<${name} xmlns="${NAMESPACE}">${inner}</${name}>`,
    };
  }
}

function routeOf(request: WireRequest): { readonly route: Route; readonly id: string } | undefined {
  for (const route of ROUTES) {
    const match = route.method === request.method ? route.path.exec(pathOf(request)) : null;
    if (match !== null) return { route, id: decodeURIComponent(match[1] ?? '') };
  }
  return undefined;
}

function pathOf(request: WireRequest): string {
  return request.path.split('?')[0] ?? '';
}
