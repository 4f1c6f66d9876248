import type { Timeline } from '../timeline.ts';
import {
  functionErrorOf,
  type InvocationContext,
  type LambdaFunction,
  type LambdaHost,
  noSuchFunction,
  timedOut,
} from './lambda-host.ts';

export type Handler = (event: unknown, context: InvocationContext) => Promise<unknown>;

export interface InProcessHostOptions {
  readonly timeline: Timeline;
  readonly newId: () => string;
  /** The handler of a function, made once for each. */
  readonly handlerOf: (definition: LambdaFunction) => Handler;
}

/** Runs handlers in this process, on any timeline: for tests and simulations. */
export class InProcessHost implements LambdaHost {
  readonly #options: InProcessHostOptions;
  readonly #functions = new Map<string, { readonly definition: LambdaFunction; readonly handler: Handler }>();

  constructor(options: InProcessHostOptions) {
    this.#options = options;
  }

  create(definition: LambdaFunction): void {
    this.#functions.set(definition.name, { definition, handler: this.#options.handlerOf(definition) });
  }

  async remove(name: string): Promise<void> {
    this.#functions.delete(name);
  }

  async invoke(name: string, event: unknown): Promise<unknown> {
    const found = this.#functions.get(name);
    if (found === undefined) throw noSuchFunction(name);
    const { definition, handler } = found;
    const { timeline, newId } = this.#options;
    const deadlineMs = timeline.now() + definition.timeoutMs;
    const context: InvocationContext = {
      awsRequestId: newId(),
      functionName: definition.name,
      invokedFunctionArn: definition.arn,
      memoryLimitInMB: String(definition.memoryMegabytes),
      getRemainingTimeInMillis: () => Math.max(0, deadlineMs - timeline.now()),
    };
    return await new Promise((resolve, reject) => {
      const cancel = timeline.after(definition.timeoutMs, () => reject(timedOut(definition)));
      // A copy through JSON, as between processes: no handler shares an object with its caller.
      void Promise.resolve(JSON.parse(JSON.stringify(event)) as unknown)
        .then((copy) => handler(copy, context))
        .then(
          (result) => resolve(JSON.parse(JSON.stringify(result ?? null))),
          (error: unknown) => reject(functionErrorOf(error)),
        )
        .finally(cancel);
    });
  }

  async close(): Promise<void> {
    this.#functions.clear();
  }
}
