import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { Route53Client } from '@aws-sdk/client-route-53';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Account } from './account.ts';
import { askDirectly, callDirectly, Remembered } from './direct-calls.ts';
import { parametersOf } from './request-parameters.ts';
import { type SdkRequest, type SdkResponse, sdkResponseOf, wireRequestOf } from './sdk-exchange.ts';
import type { WireRequest, WireResponse } from './wire.ts';

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
  return clientsOf({ account, caller, hooks: options.hooks ?? {} }, options.maxAttempts);
}

/**
 * Clients that are lent to one caller after another: to build a set of them takes longer than ten calls. A client holds
 * nothing of its calls, so a caller cannot tell who had it before.
 */
export class ClientPool {
  readonly #spare: Clients[] = [];
  readonly #speakers = new WeakMap<Clients, Speaker>();
  readonly #remembered = new WeakMap<Account, Remembered>();

  lend(account: Account, caller: string, hooks: CallHooks): Clients {
    const speaker: Speaker = { account, caller, hooks };
    const spare = this.#spare.pop();
    const known = spare === undefined ? undefined : this.#speakers.get(spare);
    if (spare !== undefined && known !== undefined) {
      Object.assign(known, speaker);
      return spare;
    }
    const clients = clientsOf(speaker);
    const { autoScaling, cloudwatch, dynamodb, ec2, route53, sqs } = clients;
    for (const { config } of [autoScaling, cloudwatch, dynamodb, ec2, route53, sqs]) keepQuick(config);
    const toAccount = (request: WireRequest) => send(speaker, request);
    callDirectly(dynamodb, 'dynamodb', toAccount);
    callDirectly(sqs, 'sqs', toAccount);
    for (const client of [ec2, route53]) askDirectly(client, toAccount, () => this.#rememberedOf(speaker.account));
    this.#speakers.set(clients, speaker);
    return clients;
  }

  /** For each account anew: what another seed has asked must not make a difference to this one. */
  #rememberedOf(account: Account): Remembered {
    const remembered = this.#remembered.get(account) ?? new Remembered();
    this.#remembered.set(account, remembered);
    return remembered;
  }

  /** Only when every call was answered: one that still waits would be answered in the next caller's name. */
  giveBack(clients: Clients): void {
    this.#spare.push(clients);
  }
}

type Client = Clients[keyof Clients];

/**
 * Each call copies its client's settings three times. V8 keeps an object of so many fields as a dictionary, which takes ten
 * times as long to copy, but not one that others inherit from and is read through them.
 */
function keepQuick(config: Client['config']): void {
  Object.defineProperty(config, 'credentials', {
    value: config.credentials,
    enumerable: true,
    configurable: true,
    writable: true,
  });
  const heir: { readonly region?: unknown } = {};
  Object.setPrototypeOf(heir, config);
  for (let reading = 0; reading < 4; reading += 1) void heir.region;
}

/** In whose name clients speak, and to which account. */
interface Speaker {
  account: Account;
  caller: string;
  hooks: CallHooks;
}

function clientsOf(speaker: Speaker, maxAttempts?: number): Clients {
  const settings = settingsOf(speaker, maxAttempts);
  const sentOnce = settingsOf(speaker, 1);
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
export function clientSettings(account: Account, caller: string, { hooks = {}, maxAttempts }: ClientOptions = {}) {
  return settingsOf({ account, caller, hooks }, maxAttempts);
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the SDK asks for each method before it calls it
const SILENT = {} as NonNullable<DynamoDBClientConfig['logger']>;

const KEYS = { accessKeyId: 'local', secretAccessKey: 'local' };
/** `memoized` says that there is nothing to remember: the client asks each time, and gets the same. */
const CREDENTIALS = Object.assign(async () => KEYS, { memoized: true });

function settingsOf(speaker: Speaker, maxAttempts = 4) {
  const { region, endpoint } = speaker.account;
  return {
    ...CONSTANT,
    region,
    endpointProvider: endpointAt(endpoint),
    maxAttempts,
    signer: unsigned(region),
    requestHandler: new InProcessHandler(speaker),
    retryStrategy: retriesOn(speaker, maxAttempts),
  };
}

const NONE: string[] = [];

/**
 * All that a client would otherwise look for in the environment and in files, at its first call: it would make that call
 * later than the calls of clients that have looked already, and so the order of calls hang on who called before.
 */
const CONSTANT = {
  credentials: CREDENTIALS,
  ignoreConfiguredEndpointUrls: true,
  useQueueUrlAsEndpoint: false,
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  accountIdEndpointMode: 'disabled',
  authSchemePreference: NONE,
  endpointDiscoveryEnabled: false,
  disableClockSkewCorrection: true,
  userAgentAppId: async () => undefined,
  defaultUserAgentProvider: async () => [],
  defaultsMode: 'legacy',
  retryMode: 'standard',
  // The stack of middleware is put together once for each kind of call, not for each call.
  cacheMiddleware: true,
  // The default logger says nothing, but is given each input and answer without what is secret in it.
  logger: SILENT,
} as const;

/** The rules by which a client finds an AWS endpoint have nothing to decide here. */
function endpointAt(address: string) {
  const url = new URL(address);
  return () => ({ url });
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

async function send({ account, caller, hooks }: Speaker, request: WireRequest): Promise<WireResponse> {
  const asked = account.identify(request);
  const call: ClientCall = {
    ...asked,
    caller,
    get parameters() {
      return parametersOf(request);
    },
  };
  await hooks.before?.(call);
  const answer = await account.handle(request, caller, asked);
  await hooks.after?.(call);
  return answer;
}

class InProcessHandler {
  readonly #speaker: Speaker;

  constructor(speaker: Speaker) {
    this.#speaker = speaker;
  }

  async handle(request: SdkRequest): Promise<{ response: SdkResponse }> {
    return { response: sdkResponseOf(await send(this.#speaker, wireRequestOf(request))) };
  }

  updateHttpClientConfig(): void {}

  httpHandlerConfigs(): Record<string, never> {
    return {};
  }

  destroy(): void {}
}

const FIRST_PAUSE_MS = 50;
const RETRYABLE: readonly string[] = ['THROTTLING', 'TRANSIENT', 'SERVER_ERROR'];

interface RetryToken {
  getRetryCount(): number;
  getRetryDelay(): number;
}

/** Retries as the SDK's standard mode does, but waits on the timeline: the SDK's own pauses would not end in virtual time. */
function retriesOn(speaker: Speaker, maxAttempts: number) {
  const token = (retries: number): RetryToken => ({ getRetryCount: () => retries, getRetryDelay: () => 0 });
  return {
    mode: 'standard',
    acquireInitialRetryToken: async () => token(0),
    refreshRetryTokenForRetry: async (last: RetryToken, error: { readonly errorType: string }): Promise<RetryToken> => {
      const retries = last.getRetryCount() + 1;
      if (retries >= maxAttempts || !RETRYABLE.includes(error.errorType)) throw new Error('No retries are left');
      await speaker.account.timeline.sleep(FIRST_PAUSE_MS * 2 ** (retries - 1));
      return token(retries);
    },
    recordSuccess: () => undefined,
  };
}
