import { isRecord } from './json.ts';

/** What goes wrong with a call, and whether it still takes effect. */
export const FAULT_EFFECTS = [
  'throttle',
  'error-before',
  'error-after',
  'timeout-before',
  'timeout-after',
  'delay',
] as const;
export type FaultEffect = (typeof FAULT_EFFECTS)[number];

/** The call as a predicate sees it. */
export interface FaultyCall {
  readonly service: string;
  readonly operation: string;
  readonly parameters: unknown;
  readonly caller?: string;
}

/**
 * ```
 * effect          takes effect   answer
 * throttle        no             the service's own error for too many requests
 * error-before    no             `code`, or an internal error, with `status` (500)
 * error-after     yes            the same
 * timeout-before  no             none: the connection breaks after `milliseconds`
 * timeout-after   yes            none: the same
 * delay           yes            the right one, `milliseconds` late
 * ```
 */
export interface Fault {
  readonly service: string;
  /** Every operation of the service when left out. */
  readonly operation?: string;
  readonly effect: FaultEffect;
  readonly milliseconds?: number;
  readonly status?: number;
  readonly code?: string;
  /** How many calls it befalls; every one when left out. */
  readonly times?: number;
  /** Above 0, up to 1, the default. */
  readonly probability?: number;
  readonly when?: (call: FaultyCall) => boolean;
}

interface Standing {
  readonly fault: Fault;
  left: number;
}

/** The faults that are switched on; the first that fits a call befalls it, and is used up by one. */
export class Faults {
  readonly #random: () => number;
  #standing: Standing[] = [];

  /** `random` gives numbers from 0 up to, not including, 1. */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** Switches a fault on; the returned function switches it off. */
  add(fault: Fault): () => void {
    const standing: Standing = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
    this.#standing.push(standing);
    return () => {
      this.#standing = this.#standing.filter((each) => each !== standing);
    };
  }

  clear(): void {
    this.#standing = [];
  }

  get active(): readonly Fault[] {
    return this.#standing.map(({ fault }) => fault);
  }

  take(call: FaultyCall): Fault | undefined {
    const hit = this.#standing.find(({ fault }) => this.#befalls(fault, call));
    if (hit === undefined) return undefined;
    hit.left -= 1;
    if (hit.left <= 0) this.#standing = this.#standing.filter((each) => each !== hit);
    return hit.fault;
  }

  #befalls(fault: Fault, call: FaultyCall): boolean {
    if (fault.service !== call.service) return false;
    if (fault.operation !== undefined && fault.operation !== call.operation) return false;
    if (fault.when?.(call) === false) return false;
    return fault.probability === undefined || this.#random() < fault.probability;
  }
}

/** A call without an answer: over HTTP a broken connection, in one process an error that SDKs take for a time-out. */
export class NoAnswer extends Error {
  constructor(call: { readonly service: string; readonly operation: string }) {
    super(`The connection broke before ${call.service} answered ${call.operation}`);
    this.name = 'TimeoutError';
  }
}

/** Each service's own code and status for too many requests, from its API Reference's common errors. */
const THROTTLES: Readonly<Record<string, { readonly status: number; readonly code: string }>> = {
  autoscaling: { status: 400, code: 'Throttling' },
  dynamodb: { status: 400, code: 'ThrottlingException' },
  ec2: { status: 503, code: 'RequestLimitExceeded' },
  events: { status: 400, code: 'ThrottlingException' },
  monitoring: { status: 400, code: 'Throttling' },
  route53: { status: 400, code: 'Throttling' },
  sqs: { status: 403, code: 'RequestThrottled' },
  sts: { status: 400, code: 'Throttling' },
};

const INTERNAL_ERRORS: Readonly<Record<string, string>> = {
  dynamodb: 'InternalServerError',
  ec2: 'InternalError',
  events: 'InternalException',
};

/** The error that a fault answers with. */
export function failureOf(fault: Fault): { status: number; code: string; message: string } {
  if (fault.effect === 'throttle') {
    const { status, code } = THROTTLES[fault.service] ?? { status: 400, code: 'Throttling' };
    return { status: fault.status ?? status, code: fault.code ?? code, message: 'Rate exceeded' };
  }
  const code = fault.code ?? INTERNAL_ERRORS[fault.service] ?? 'InternalFailure';
  return { status: fault.status ?? 500, code, message: 'A fault that was switched on in the local account' };
}

/** Reads a fault from JSON; throws an Error that says what is wrong with it. */
export function parseFault(input: unknown): Fault {
  if (!isRecord(input)) throw new Error('A fault is an object with service and effect');
  const effect = FAULT_EFFECTS.find((each) => each === input['effect']);
  if (effect === undefined) {
    throw new Error(`effect is ${JSON.stringify(input['effect'])}; it is one of ${FAULT_EFFECTS.join(', ')}`);
  }
  const service = text(input, 'service');
  if (service === undefined) throw new Error(`service is missing; it is one of ${Object.keys(THROTTLES).join(', ')}`);
  if (THROTTLES[service] === undefined) {
    throw new Error(`service is "${service}"; it is one of ${Object.keys(THROTTLES).join(', ')}`);
  }
  const operation = text(input, 'operation');
  const code = text(input, 'code');
  const milliseconds = amount(input, 'milliseconds');
  const status = amount(input, 'status');
  const times = amount(input, 'times');
  const probability = amount(input, 'probability');
  return {
    service,
    effect,
    ...(operation === undefined ? {} : { operation }),
    ...(code === undefined ? {} : { code }),
    ...(milliseconds === undefined ? {} : { milliseconds }),
    ...(status === undefined ? {} : { status }),
    ...(times === undefined ? {} : { times }),
    ...(probability === undefined ? {} : { probability }),
  };
}

function text(input: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = input[name];
  if (value !== undefined && (typeof value !== 'string' || value === '')) {
    throw new Error(`${name} is ${JSON.stringify(value)}; it is a word`);
  }
  return value;
}

function amount(input: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const value = input[name];
  if (value !== undefined && (typeof value !== 'number' || !(value > 0))) {
    throw new Error(`${name} is ${JSON.stringify(value)}; it is a number above 0`);
  }
  return value;
}
