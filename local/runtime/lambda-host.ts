/** A function as the template describes it, everything resolved. */
export interface LambdaFunction {
  readonly name: string;
  readonly arn: string;
  /** The folder of its asset. */
  readonly folder: string;
  /** `<module>.<export>`, as in `index.handler`. */
  readonly handler: string;
  readonly timeoutMs: number;
  readonly memoryMegabytes: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** What a handler's context has of AWS Lambda's. */
export interface InvocationContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  getRemainingTimeInMillis(): number;
}

/** Where functions run. */
export interface LambdaHost {
  create(definition: LambdaFunction): void;
  remove(name: string): Promise<void>;
  /** Rejects with `FunctionError` when the handler throws, dies or does not end in time. */
  invoke(name: string, event: unknown): Promise<unknown>;
  close(): Promise<void>;
}

/** A function did not answer: as AWS Lambda says it in an error response. */
export class FunctionError extends Error {
  readonly errorType: string;

  constructor(errorType: string, message: string, trace?: string) {
    super(message);
    this.name = 'FunctionError';
    this.errorType = errorType;
    if (trace !== undefined) this.stack = trace;
  }
}

export function timedOut(definition: LambdaFunction): FunctionError {
  return new FunctionError(
    'Sandbox.Timedout',
    `Task timed out after ${(definition.timeoutMs / 1000).toFixed(2)} seconds`,
  );
}

export function noSuchFunction(name: string): FunctionError {
  return new FunctionError('ResourceNotFoundException', `Function not found: ${name}`);
}

/** What a handler threw. */
export function functionErrorOf(error: unknown): FunctionError {
  if (error instanceof Error) return new FunctionError(error.name, error.message, error.stack);
  return new FunctionError('Error', String(error));
}
