import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { Route53Client } from '@aws-sdk/client-route-53';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Account } from './account.ts';
import { parametersOf } from './request-parameters.ts';
import type { Timeline } from './timeline.ts';
import type { WireRequest } from './wire.ts';

/** One call of a client that is about to reach the account, or just did. */
export interface ClientCall {
  readonly service: string;
  readonly operation: string;
  readonly caller: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A hook that never resolves kills the caller there; one that takes time delays it; one that rejects fails the call. */
export interface CallHooks {
  /** Before the call takes effect. */
  readonly before?: (call: ClientCall) => Promise<void> | void;
  /** After it took effect, before its answer is seen. */
  readonly after?: (call: ClientCall) => Promise<void> | void;
}

export interface ClientOptions {
  readonly hooks?: CallHooks;
  /** How often DynamoDB and SQS calls are tried, with the pauses between on the account's timeline. @default 4 */
  readonly maxAttempts?: number;
}

export interface Clients {
  readonly autoScaling: AutoScalingClient;
  readonly cloudwatch: CloudWatchClient;
  readonly dynamodb: DynamoDBClient;
  readonly ec2: EC2Client;
  readonly route53: Route53Client;
  readonly sqs: SQSClient;
}

/** The SDK's clients, speaking to the account without a socket; `caller` tells in the call log who called. */
export function clientsFor(account: Account, caller: string, options: ClientOptions = {}): Clients {
  const settings = clientSettings(account, caller, options);
  const sentOnce = clientSettings(account, caller, { ...options, maxAttempts: 1 });
  return {
    autoScaling: new AutoScalingClient(sentOnce),
    cloudwatch: new CloudWatchClient(sentOnce),
    dynamodb: new DynamoDBClient(settings),
    // Sent once, as the Lambdas send them: a repetition by the client would hide that the first try took effect.
    ec2: new EC2Client(sentOnce),
    route53: new Route53Client(sentOnce),
    sqs: new SQSClient(settings),
  };
}

/** What any client of SDK v3 is built with to speak to the account in this process. */
export function clientSettings(account: Account, caller: string, { hooks = {}, maxAttempts = 4 }: ClientOptions = {}) {
  return {
    region: account.region,
    endpoint: account.endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    signer: unsigned(account.region),
    requestHandler: new InProcessHandler(account, caller, hooks),
    retryStrategy: retriesOn(account.timeline, maxAttempts),
  };
}

interface Signable {
  readonly headers: Record<string, string>;
}

interface SigningOptions {
  readonly signingService?: string;
}

/** Nobody checks a signature here, and to make one is much of the work of a call: the scope alone tells the service. */
function unsigned(region: string) {
  return {
    sign: async <Request extends Signable>(request: Request, { signingService = '' }: SigningOptions = {}) => {
      const scope = `local/20260101/${region}/${signingService}/aws4_request`;
      request.headers['authorization'] = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=unsigned`;
      return request;
    },
  };
}

/** What the SDK gives its handler, as far as it matters here. */
interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

class InProcessHandler {
  readonly #account: Account;
  readonly #caller: string;
  readonly #hooks: CallHooks;

  constructor(account: Account, caller: string, hooks: CallHooks) {
    this.#account = account;
    this.#caller = caller;
    this.#hooks = hooks;
  }

  async handle(request: SdkRequest): Promise<{ response: SdkResponse }> {
    const wire = wireRequestOf(request);
    const call: ClientCall = {
      ...this.#account.identify(wire),
      caller: this.#caller,
      get parameters() {
        return parametersOf(wire);
      },
    };
    await this.#hooks.before?.(call);
    const { status, headers, body } = await this.#account.handle(wire, this.#caller);
    await this.#hooks.after?.(call);
    return { response: { statusCode: status, headers: { ...headers }, body: new TextEncoder().encode(body) } };
  }

  updateHttpClientConfig(): void {}

  httpHandlerConfigs(): Record<string, never> {
    return {};
  }

  destroy(): void {}
}

interface SdkResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

function wireRequestOf({ method, path, query = {}, headers, body }: SdkRequest): WireRequest {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const each of [value ?? ''].flat()) search.append(name, each);
  }
  return {
    method,
    path: search.size === 0 ? path : `${path}?${search.toString()}`,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: textOf(body),
  };
}

function textOf(body: unknown): string {
  if (body === undefined || body === null) return '';
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return new TextDecoder().decode(body);
  throw new Error('The local account reads bodies of text and bytes, not streams');
}

const FIRST_PAUSE_MS = 50;
const RETRYABLE: readonly string[] = ['THROTTLING', 'TRANSIENT', 'SERVER_ERROR'];

interface RetryToken {
  getRetryCount(): number;
  getRetryDelay(): number;
}

/** Retries as the SDK's standard mode does, but waits on the timeline: the SDK's own pauses would not end in virtual time. */
function retriesOn(timeline: Timeline, maxAttempts: number) {
  const token = (retries: number): RetryToken => ({ getRetryCount: () => retries, getRetryDelay: () => 0 });
  return {
    mode: 'standard',
    acquireInitialRetryToken: async () => token(0),
    refreshRetryTokenForRetry: async (last: RetryToken, error: { readonly errorType: string }): Promise<RetryToken> => {
      const retries = last.getRetryCount() + 1;
      if (retries >= maxAttempts || !RETRYABLE.includes(error.errorType)) throw new Error('No retries are left');
      await timeline.sleep(FIRST_PAUSE_MS * 2 ** (retries - 1));
      return token(retries);
    },
    recordSuccess: () => undefined,
  };
}
