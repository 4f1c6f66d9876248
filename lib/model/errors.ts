/** An error with a stable code, and whether the same call may succeed later. */
export class RolecallError extends Error {
  readonly code: string;
  readonly retryable: boolean;

  constructor(code: string, message: string, options: { retryable?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'RolecallError';
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}

export type ServiceFailureKind = 'throttled' | 'unavailable' | 'access-denied' | 'not-found' | 'conflict' | 'invalid';

/** An AWS call that did not do what was asked. `unavailable` includes time-outs: the effect is unknown. */
export class ServiceFailure extends RolecallError {
  readonly kind: ServiceFailureKind;

  constructor(kind: ServiceFailureKind, message: string, cause?: unknown) {
    super(kind, message, { retryable: kind === 'throttled' || kind === 'unavailable', cause });
    this.name = 'ServiceFailure';
    this.kind = kind;
  }
}

/** A message or a setting that cannot be understood; never worth a retry. */
export class InvalidInput extends RolecallError {
  constructor(message: string, cause?: unknown) {
    super('invalid-input', message, { cause });
    this.name = 'InvalidInput';
  }
}

/** For our own bugs: stays on in production. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new RolecallError('bug', `This is a bug in Rolecall: ${message}`);
}
