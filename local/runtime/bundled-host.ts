import { devNull } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import {
  FunctionError,
  functionErrorOf,
  type InvocationContext,
  type LambdaFunction,
  type LambdaHost,
  noSuchFunction,
  timedOut,
} from './lambda-host.ts';

export interface BundledHostOptions {
  /** Where every function finds AWS. */
  readonly endpoint: string;
  readonly region: string;
  readonly newId: () => string;
  /** Each line that a function writes to stdout or stderr. */
  readonly onLine: (functionName: string, line: string) => void;
}

interface Reply {
  readonly result?: string;
  readonly error?: { readonly type: string; readonly message: string; readonly trace?: string };
}

/** Runs the bundles that would be deployed, each sandbox a worker thread with an environment of its own. */
export class BundledHost implements LambdaHost {
  readonly #options: BundledHostOptions;
  readonly #functions = new Map<string, LambdaFunction>();
  readonly #idle = new Map<string, Sandbox[]>();
  readonly #all = new Map<Sandbox, string>();

  constructor(options: BundledHostOptions) {
    this.#options = options;
  }

  create(definition: LambdaFunction): void {
    this.#functions.set(definition.name, definition);
    this.#idle.set(definition.name, []);
  }

  async remove(name: string): Promise<void> {
    this.#functions.delete(name);
    this.#idle.delete(name);
    await this.#stop((functionName) => functionName === name);
  }

  async invoke(name: string, event: unknown): Promise<unknown> {
    const definition = this.#functions.get(name);
    if (definition === undefined) throw noSuchFunction(name);
    const sandbox = this.#idle.get(name)?.pop() ?? this.#start(definition);
    try {
      const result = await sandbox.invoke(event, this.#options.newId());
      if (sandbox.alive) this.#idle.get(name)?.push(sandbox);
      return result;
    } catch (error) {
      // What a handler throws leaves its sandbox usable; a time-out or an exit does not.
      if (sandbox.alive) this.#idle.get(name)?.push(sandbox);
      else this.#all.delete(sandbox);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#functions.clear();
    this.#idle.clear();
    await this.#stop(() => true);
  }

  #start(definition: LambdaFunction): Sandbox {
    const sandbox = new Sandbox(definition, this.#environmentOf(definition), (line) =>
      this.#options.onLine(definition.name, line),
    );
    this.#all.set(sandbox, definition.name);
    return sandbox;
  }

  /** Nothing of the environment that the account was started in reaches a function, nor do files of the user's. */
  #environmentOf(definition: LambdaFunction): Record<string, string> {
    const { endpoint, region } = this.#options;
    return {
      TZ: ':UTC',
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_SESSION_TOKEN: 'local',
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      AWS_LAMBDA_FUNCTION_NAME: definition.name,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMegabytes),
      // Never set by a template: the instances of this account have the addresses of documentation.
      ROLECALL_ADDRESS_POLICY: 'documentation',
      ...definition.environment,
    };
  }

  async #stop(which: (functionName: string) => boolean): Promise<void> {
    const stopping = [...this.#all].filter(([, functionName]) => which(functionName)).map(([sandbox]) => sandbox);
    for (const sandbox of stopping) this.#all.delete(sandbox);
    await Promise.all(stopping.map((sandbox) => sandbox.stop()));
  }
}

/** One worker thread; one invocation at a time. */
class Sandbox {
  alive = true;
  readonly #definition: LambdaFunction;
  readonly #worker: Worker;
  #settle: ((reply: Reply | FunctionError) => void) | undefined;

  constructor(definition: LambdaFunction, environment: Record<string, string>, onLine: (line: string) => void) {
    const [module = '', exportName = ''] = definition.handler.split('.');
    this.#definition = definition;
    this.#worker = new Worker(new URL('./sandbox.js', import.meta.url), {
      workerData: { modulePath: join(definition.folder, `${module}.mjs`), exportName },
      env: environment,
      // Not those of this process: a TypeScript loader would be started in every sandbox.
      execArgv: (environment['NODE_OPTIONS'] ?? '').split(' ').filter((option) => option !== ''),
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: definition.memoryMegabytes },
    });
    for (const stream of [this.#worker.stdout, this.#worker.stderr]) {
      createInterface({ input: stream }).on('line', onLine);
    }
    this.#worker.on('message', (reply: Reply) => this.#settle?.(reply));
    this.#worker.on('error', (error: unknown) => this.#die(functionErrorOf(error)));
    this.#worker.on('exit', () => this.#die(new FunctionError('Runtime.ExitError', 'The function exited')));
  }

  async invoke(event: unknown, requestId: string): Promise<unknown> {
    const { timeoutMs, name, arn, memoryMegabytes } = this.#definition;
    const context: Omit<InvocationContext, 'getRemainingTimeInMillis'> = {
      awsRequestId: requestId,
      functionName: name,
      invokedFunctionArn: arn,
      memoryLimitInMB: String(memoryMegabytes),
    };
    const reply = await new Promise<Reply | FunctionError>((resolve) => {
      const timer = setTimeout(() => {
        this.#die(timedOut(this.#definition));
        void this.stop();
      }, timeoutMs);
      this.#settle = (outcome) => {
        clearTimeout(timer);
        this.#settle = undefined;
        resolve(outcome);
      };
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, no window
      this.#worker.postMessage({ event: JSON.stringify(event), context, deadlineMs: Date.now() + timeoutMs });
    });
    if (reply instanceof FunctionError) throw reply;
    if (reply.error !== undefined) throw new FunctionError(reply.error.type, reply.error.message, reply.error.trace);
    return JSON.parse(reply.result ?? 'null');
  }

  async stop(): Promise<void> {
    this.alive = false;
    await this.#worker.terminate();
  }

  #die(reason: FunctionError): void {
    this.alive = false;
    this.#settle?.(reason);
  }
}
