import { randomUUID } from 'node:crypto';
import { parseJsonObject } from './json.ts';
import { type SdkRequest, type SdkResponse, sdkResponseOf, wireRequestOf } from './sdk-exchange.ts';
import type { WireRequest, WireResponse } from './wire.ts';

/** Sends a request to the account; rejects where there is no answer. */
export type Send = (request: WireRequest) => Promise<WireResponse>;

/** How JSON services are asked, and the operations whose bodies are the inputs and outputs of the SDK as they are. */
const DIALECTS = {
  dynamodb: {
    target: 'DynamoDB_20120810',
    operations: ['BatchGetItem', 'GetItem', 'PutItem', 'Query', 'TransactWriteItems', 'UpdateItem'],
  },
  sqs: { target: 'AmazonSQS', operations: ['SendMessage', 'SendMessageBatch'] },
} as const;
export type JsonService = keyof typeof DIALECTS;

type Input = Readonly<Record<string, unknown>>;

interface Args {
  readonly input: Input;
  readonly request?: SdkRequest;
  /** What came of the call already. */
  readonly outcome?: Outcome;
  /** Told what the SDK asks for. */
  readonly onWritten?: (request: WireRequest) => void;
}

interface Result {
  readonly response: unknown;
  readonly output?: object;
}

type Next = (args: Args) => Promise<Result>;
type Middleware = (next: Next, context: { readonly commandName?: string }) => Next;

/** What the SDK is to be told once: as what came of its first attempt. */
class Outcome {
  readonly answer: WireResponse | undefined;
  readonly #error: unknown;
  isTold = false;

  private constructor(answer: WireResponse | undefined, error: unknown) {
    this.answer = answer;
    this.#error = error;
  }

  static async of(sent: Promise<WireResponse>): Promise<Outcome> {
    try {
      return new Outcome(await sent, undefined);
    } catch (error) {
      return new Outcome(undefined, error);
    }
  }

  /** Of an answer that is no refusal. */
  get goodBody(): string | undefined {
    return this.answer !== undefined && this.answer.status < 300 ? this.answer.body : undefined;
  }

  /** @throws what the call was rejected with. */
  tell(): SdkResponse {
    this.isTold = true;
    if (this.answer === undefined) throw this.#error;
    return sdkResponseOf(this.answer);
  }
}

/** The stacks of the clients differ by their commands only. */
interface MiddlewareStack {
  add(middleware: never, place: never): void;
}

interface AnyStack {
  add(middleware: Middleware, place: { readonly name: string; readonly step: string; readonly priority: string }): void;
}

interface AnyClient {
  readonly middlewareStack: MiddlewareStack;
}

/**
 * Lets a client of a JSON service call the account without most of the SDK's middleware, which does nothing here and is more
 * than half of the work of a call: the input is the body as it is, and the answer the output. That is so only of calls that go
 * well. One that fails goes through the whole stack, which reads the failure as that of its own first attempt, and may try
 * again.
 */
export function callDirectly(client: AnyClient, service: JsonService, send: Send): void {
  const { target, operations } = DIALECTS[service];
  install(client, (next, { commandName = '' }) => {
    const operation = commandName.replace(/Command$/, '');
    if (!operations.some((each) => each === operation)) return next;
    const isTransaction = operation === 'TransactWriteItems';
    const headers = { 'x-amz-target': `${target}.${operation}`, 'content-type': 'application/x-amz-json-1.0' };
    return async (args) => {
      // The SDK makes up a token where the caller has none, one for all attempts.
      const input = isTransaction ? { ClientRequestToken: randomUUID(), ...args.input } : args.input;
      const outcome = await Outcome.of(send({ method: 'POST', path: '/', headers, body: JSON.stringify(input) }));
      if (outcome.goodBody === undefined) return next({ ...args, input, outcome });
      return { response: undefined, output: { ...parseJsonObject(outcome.goodBody), $metadata: {} } };
    };
  });
}

/** What the SDK has written and read for one account: by operation and input, and by operation and answer. */
export class Remembered {
  readonly requests = new Map<string, WireRequest>();
  readonly outputs = new Map<string, object>();
}

const READS = /^(Describe|List|Get)/;
/** EC2 gives each answer an id of its own, of which the SDK's output has nothing. */
const REQUEST_ID = /<requestId>[^<]*/;

/**
 * Lets a client of another service ask the account directly what it has asked before, and get the same output for the same
 * answer: XML takes the SDK longer than all the rest of a call. Whatever is new goes through the whole stack.
 */
export function askDirectly(client: AnyClient, send: Send, remembered: () => Remembered): void {
  install(client, (next, { commandName = '' }) => {
    const operation = commandName.replace(/Command$/, '');
    if (!READS.test(operation)) return next;
    return async (args) => {
      const { requests, outputs } = remembered();
      const question = `${operation} ${JSON.stringify(args.input)}`;
      const request = requests.get(question);
      if (request === undefined) return next({ ...args, onWritten: (written) => requests.set(question, written) });
      const outcome = await Outcome.of(send(request));
      if (outcome.goodBody === undefined) return next({ ...args, outcome });
      const answer = `${operation} ${outcome.goodBody.replace(REQUEST_ID, '')}`;
      const known = outputs.get(answer);
      if (known !== undefined) return { response: undefined, output: { ...known, $metadata: {} } };
      const result = await next({ ...args, outcome });
      outputs.set(answer, frozen({ ...result.output }));
      return result;
    };
  });
}

function install(client: AnyClient, direct: Middleware): void {
  // What is added works for the commands of any client.
  const stack: AnyStack = client.middlewareStack;
  stack.add(direct, { name: 'direct', step: 'serialize', priority: 'high' });
  stack.add(atTheEnd, { name: 'atTheEnd', step: 'deserialize', priority: 'low' });
}

const atTheEnd: Middleware = (next) => async (args) => {
  const { outcome, request, onWritten } = args;
  if (outcome !== undefined && !outcome.isTold) return { response: outcome.tell() };
  if (request !== undefined) onWritten?.(wireRequestOf(request));
  return next(args);
};

/** Nobody may change what others will get. */
function frozen<Value extends object>(value: Value): Value {
  for (const each of Object.values(value)) if (typeof each === 'object' && each !== null) frozen(each);
  return Object.freeze(value);
}
