import { randomUUID } from 'node:crypto';
import type { ScalingGroups } from './autoscaling/groups.ts';
import type { AutoScalingModel } from './autoscaling/model.ts';
import { createAutoScaling } from './autoscaling/service.ts';
import type { CloudWatchModel } from './cloudwatch/model.ts';
import { createCloudWatch } from './cloudwatch/service.ts';
import { resolve } from './dns/resolve.ts';
import type { HostedZone } from './route53/hosted-zone.ts';
import { createDynamoDb } from './dynamodb/service.ts';
import type { Database } from './dynamodb/database.ts';
import type { Ec2Model } from './ec2/model.ts';
import { createEc2 } from './ec2/service.ts';
import type { Lifecycle } from './ec2/settings.ts';
import type { EventBus } from './eventbridge/event-bus.ts';
import { createEventBridge } from './eventbridge/service.ts';
import { type Fault, Faults, failureOf, NoAnswer } from './faults.ts';
import { parametersOf } from './request-parameters.ts';
import type { Route53Model, Route53Settings } from './route53/model.ts';
import { createRoute53 } from './route53/service.ts';
import type { Queues } from './sqs/queues.ts';
import { createSqs } from './sqs/service.ts';
import { createSts } from './sts/service.ts';
import { RealTimeline, type Timeline } from './timeline.ts';
import type { Service, WireRequest, WireResponse } from './wire.ts';

export interface AccountSettings {
  /** @default - real time */
  readonly timeline?: Timeline;
  /** A fresh identifier at each call, never the same twice. @default - UUIDs */
  readonly newId?: () => string;
  /** Numbers from 0 up to, not including, 1. @default - Math.random */
  readonly random?: () => number;
  /** @default '123456789012' */
  readonly accountId?: string;
  /** @default 'us-east-1' */
  readonly region?: string;
  /** How long things take in EC2. @default - quickly */
  readonly lifecycle?: Partial<Lifecycle>;
  /** How Route 53 takes its time, and whether it throttles. @default - quickly, and it does not */
  readonly route53?: Pick<Route53Settings, 'inSyncMs' | 'processingMs' | 'throttling'>;
  /** Has its hosted zones in common with this one, as two regions have: Route 53 is global. @default - zones of its own */
  readonly besides?: Account;
}

/** One call that reached the account. */
export interface Call {
  readonly service: string;
  /** `?` when it cannot be told. */
  readonly operation: string;
  readonly atMs: number;
  readonly caller?: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** The newest calls are kept; `callCount` counts them all. */
const MAX_CALLS = 20_000;
const DEFAULT_TIMEOUT_MS = 1000;

/** The embedded AWS account: every service, on one clock, behind one door. */
export class Account {
  readonly timeline: Timeline;
  readonly accountId: string;
  readonly region: string;
  readonly newId: () => string;
  readonly autoscaling: AutoScalingModel;
  readonly cloudwatch: CloudWatchModel;
  readonly scalingGroups: ScalingGroups;
  readonly dynamodb: Database;
  readonly ec2: Ec2Model;
  readonly route53: Route53Model;
  readonly sqs: Queues;
  readonly events: EventBus;
  readonly faults: Faults;
  /** Where the account is reached; the server that serves it sets it. */
  endpoint = 'http://127.0.0.1:4600';
  readonly #services = new Map<string, Service>();
  readonly #counts = new Map<string, number>();
  #calls: Call[] = [];

  constructor(settings: AccountSettings = {}) {
    this.timeline = settings.timeline ?? new RealTimeline();
    this.newId = settings.newId ?? randomUUID;
    this.accountId = settings.accountId ?? '123456789012';
    this.region = settings.region ?? 'us-east-1';
    this.faults = new Faults(settings.random ?? Math.random);
    const place = { timeline: this.timeline, newId: this.newId, account: this.accountId, region: this.region };
    this.dynamodb = this.#install(createDynamoDb(place));
    this.sqs = this.#install(createSqs({ ...place, endpoint: () => this.endpoint }));
    this.events = this.#install(createEventBridge(place));
    const { lifecycle = {} } = settings;
    const resolvesTo = (name: string, address: string) => isPublished(name, address, this.route53.zones());
    this.ec2 = this.#install(createEc2({ ...place, lifecycle, resolvesTo, emit: (event) => this.events.put(event) }));
    this.cloudwatch = this.#install(createCloudWatch({ ...place, emit: (event) => this.events.put(event) }));
    const scaling = createAutoScaling({
      ...place,
      emit: (event) => this.events.put(event),
      instances: {
        terminate: (instanceId) => void this.ec2.fleet.terminate([instanceId]),
        // Who was stopped or terminated while it waited is put into no warm pool.
        stop: (instanceId) => {
          if (this.ec2.fleet.find(instanceId)?.state === 'running') this.ec2.fleet.stop([instanceId]);
        },
      },
    });
    this.autoscaling = this.#install(scaling);
    this.scalingGroups = scaling.groups;
    this.route53 =
      this.#shareZones(settings.besides) ?? this.#install(createRoute53({ ...place, ...settings.route53 }));
    this.#services.set('sts', createSts(place).service);
  }

  #install<Model>({ service, model }: { readonly service: Service; readonly model: Model }): Model {
    this.#services.set(service.name, service);
    return model;
  }

  #shareZones(other: Account | undefined): Route53Model | undefined {
    const service = other === undefined ? undefined : other.#services.get('route53');
    if (service !== undefined) this.#services.set('route53', service);
    return other?.route53;
  }

  /** The calls so far, the newest last; of very many only the newest. */
  get calls(): readonly Call[] {
    return this.#calls;
  }

  /** How many calls there were to the operation, or to the whole service, since the account began or was last asked to forget. */
  callCount(service: string, operation?: string): number {
    if (operation !== undefined) return this.#counts.get(`${service}.${operation}`) ?? 0;
    return [...this.#counts]
      .filter(([key]) => key.startsWith(`${service}.`))
      .reduce((sum, [, count]) => sum + count, 0);
  }

  forgetCalls(): void {
    this.#calls = [];
    this.#counts.clear();
  }

  /** Which service and operation a request is for. */
  identify(request: WireRequest): { readonly service: string; readonly operation: string } {
    const service = serviceOf(request) ?? 'unknown';
    return { service, operation: this.#services.get(service)?.operationOf(request) ?? '?' };
  }

  /** Answers a request. Rejects with `NoAnswer` where a fault leaves the caller without one. */
  async handle(request: WireRequest, caller?: string, asked = this.identify(request)): Promise<WireResponse> {
    const { service: name, operation } = asked;
    const call = this.#record(name, operation, request, caller);
    const service = this.#services.get(name);
    if (service === undefined) return unknownService(name, [...this.#services.keys()]);
    const fault = this.faults.take(call);
    if (fault === undefined) return service.handle(operation, request);
    return this.#strike(fault, call, service, request);
  }

  async #strike(fault: Fault, call: Call, service: Service, request: WireRequest): Promise<WireResponse> {
    const carryOut = () => service.handle(call.operation, request);
    const failure = () => {
      const { status, code, message } = failureOf(fault);
      return service.failure(status, code, message);
    };
    const pause = () => this.timeline.sleep(fault.milliseconds ?? DEFAULT_TIMEOUT_MS);
    switch (fault.effect) {
      case 'throttle':
      case 'error-before':
        return failure();
      case 'error-after':
        await carryOut();
        return failure();
      case 'timeout-before':
        await pause();
        throw new NoAnswer(call);
      case 'timeout-after':
        await carryOut();
        await pause();
        throw new NoAnswer(call);
      case 'delay':
        await pause();
        return carryOut();
    }
  }

  #record(service: string, operation: string, request: WireRequest, caller: string | undefined): Call {
    const call: Call = {
      service,
      operation,
      atMs: this.timeline.now(),
      ...(caller === undefined ? {} : { caller }),
      // Read only when looked at: most calls never are.
      get parameters() {
        return parametersOf(request);
      },
    };
    this.#calls.push(call);
    if (this.#calls.length > 2 * MAX_CALLS) this.#calls = this.#calls.slice(-MAX_CALLS);
    const key = `${service}.${operation}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    return call;
  }

  /** Stops every timer. */
  close(): void {
    this.autoscaling.close();
    this.ec2.close();
    this.sqs.close();
  }
}

/** As resolvers outside see it: the public zones, once a change is INSYNC. */
function isPublished(name: string, address: string, zones: readonly HostedZone[]): boolean {
  const { answers } = resolve(
    { name, type: 'A' },
    zones.filter(({ vpc }) => vpc === undefined),
    () => 0.5,
  );
  return answers.some((answer) => answer.type === 'A' && answer.data === address);
}

/** `…/Credential=KEY/20260102/us-east-1/dynamodb/aws4_request, …` (Create a signed AWS API request, IAM User Guide). */
const CREDENTIAL_SCOPE = /Credential=[^,\s]+\/\d{8}\/[a-z0-9-]*\/([a-z0-9-]+)\/aws4_request/;

const TARGETS: Readonly<Record<string, string>> = {
  DynamoDB_20120810: 'dynamodb',
  AmazonSQS: 'sqs',
  AWSEvents: 'events',
  GraniteServiceVersion20100801: 'monitoring',
};

/** `Version` of a query protocol's form. */
const VERSIONS: Readonly<Record<string, string>> = {
  '2016-11-15': 'ec2',
  '2011-01-01': 'autoscaling',
  '2011-06-15': 'sts',
};

/** By the signature; unsigned requests by what the protocols show. */
function serviceOf({ headers, path, body }: WireRequest): string | undefined {
  const signed = CREDENTIAL_SCOPE.exec(headers['authorization'] ?? '')?.[1];
  if (signed !== undefined) return signed;
  const target = TARGETS[headers['x-amz-target']?.split('.')[0] ?? ''];
  if (target !== undefined) return target;
  if (path.startsWith('/2013-04-01/')) return 'route53';
  return VERSIONS[new URLSearchParams(body).get('Version') ?? ''];
}

function unknownService(service: string, known: readonly string[]): WireResponse {
  const message = `The local account has no service ${service}; it has ${known.join(', ')}`;
  return {
    status: 400,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'UnsupportedOperation' },
    body: JSON.stringify({ __type: 'UnsupportedOperation', code: 'UnsupportedOperation', message }),
  };
}
