import { isIPv4 } from 'node:net';
import { element, text } from '../ec2/xml.ts';
import { invalidInput, Route53Error } from './route53-error.ts';
import type { XmlElement } from './xml-reader.ts';

/** "Quotas" (Amazon Route 53 Developer Guide): health checks an account, unless AWS raises it. */
const MOST_CHECKS = 200;
const LONGEST_REFERENCE = 64;
const LONGEST_PATH = 255;
const TYPES: readonly string[] = ['HTTP', 'HTTPS', 'TCP'];

export interface HealthCheckConfig {
  readonly type: string;
  readonly address: string;
  readonly port: number;
  readonly path?: string;
}

export interface HealthCheck {
  readonly id: string;
  readonly callerReference: string;
  readonly config: HealthCheckConfig;
}

/** The health checks of one account. Nothing is asked: a check is healthy until `setHealthy` says otherwise. */
export class HealthChecks {
  /** How many the account may have. */
  most = MOST_CHECKS;
  readonly #checks = new Map<string, HealthCheck>();
  readonly #unhealthy = new Set<string>();
  /** A caller reference is not free again when its check is deleted. */
  readonly #references = new Map<string, string>();
  readonly #newId: () => string;

  constructor(newId: () => string) {
    this.#newId = newId;
  }

  /** The same reference and settings again answer the check that is there (CreateHealthCheck). */
  create(callerReference: string, config: HealthCheckConfig): HealthCheck {
    const known = this.#references.get(callerReference);
    const check = known === undefined ? undefined : this.#checks.get(known);
    if (check !== undefined && JSON.stringify(check.config) === JSON.stringify(config)) return check;
    if (known !== undefined) {
      throw new Route53Error(
        'HealthCheckAlreadyExists',
        `A health check with the caller reference ${callerReference} was created before.`,
        409,
      );
    }
    if (this.#checks.size >= this.most) {
      throw new Route53Error(
        'TooManyHealthChecks',
        `The account has ${this.most} health checks, and may have no more.`,
      );
    }
    const created = { id: this.#newId(), callerReference, config };
    this.#checks.set(created.id, created);
    this.#references.set(callerReference, created.id);
    return created;
  }

  get(id: string): HealthCheck {
    const check = this.#checks.get(id);
    if (check === undefined) throw noSuchHealthCheck(id);
    return check;
  }

  /** Route 53 deletes a check though record sets refer to it (DeleteHealthCheck). */
  delete(id: string): void {
    this.get(id);
    this.#checks.delete(id);
    this.#unhealthy.delete(id);
  }

  /** By id. */
  list(): readonly HealthCheck[] {
    return [...this.#checks.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
  }

  setHealthy(id: string, isHealthy: boolean): void {
    this.get(id);
    if (isHealthy) this.#unhealthy.delete(id);
    else this.#unhealthy.add(id);
  }

  isHealthy(id: string): boolean {
    return !this.#unhealthy.has(id);
  }
}

export function noSuchHealthCheck(id: string): Route53Error {
  return new Route53Error('NoSuchHealthCheck', `A health check with id '${id}' does not exist.`, 404);
}

/** Reads a CreateHealthCheckRequest for an endpoint by its IPv4 address. */
export function readHealthCheck(root: XmlElement): { readonly reference: string; readonly config: HealthCheckConfig } {
  const reference = root.text('CallerReference') ?? '';
  if (reference === '' || reference.length > LONGEST_REFERENCE) {
    throw invalidInput(`Invalid request: CallerReference has 1 to ${LONGEST_REFERENCE} characters.`);
  }
  const given = root.child('HealthCheckConfig');
  const type = given?.text('Type') ?? '';
  const address = given?.text('IPAddress') ?? '';
  const path = given?.text('ResourcePath');
  const port = Number(given?.text('Port') ?? (type === 'HTTP' ? 80 : type === 'HTTPS' ? 443 : Number.NaN));
  if (!TYPES.includes(type))
    throw invalidInput(`The local account has health checks of ${TYPES.join(', ')}, not ${type}.`);
  if (!isIPv4(address)) throw invalidInput(`Invalid request: '${address}' is no IPv4 address.`);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw invalidInput('Invalid request: Port is 1 to 65535.');
  if (path !== undefined && (type === 'TCP' || path.length > LONGEST_PATH)) {
    throw invalidInput(`Invalid request: ResourcePath has up to ${LONGEST_PATH} characters, and is none of TCP's.`);
  }
  return { reference, config: { type, address, port, ...(path === undefined ? {} : { path }) } };
}

export function healthCheckXml({ id, callerReference, config }: HealthCheck): string {
  return element(
    'HealthCheck',
    text('Id', id),
    text('CallerReference', callerReference),
    element(
      'HealthCheckConfig',
      text('IPAddress', config.address),
      text('Port', config.port),
      text('Type', config.type),
      text('ResourcePath', config.path),
      text('RequestInterval', 30),
      text('FailureThreshold', 3),
    ),
    text('HealthCheckVersion', 1),
  );
}
