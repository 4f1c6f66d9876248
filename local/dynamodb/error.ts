/** A refusal in DynamoDB's words; `extra` are further members of the answer (`Item`, `CancellationReasons`). */
export class DynamoDbError extends Error {
  readonly code: string;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, extra: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'DynamoDbError';
    this.code = code;
    this.extra = extra;
  }
}

export function invalid(message: string): DynamoDbError {
  return new DynamoDbError('ValidationException', message);
}

export function tableNotFound(detail?: string): DynamoDbError {
  const suffix = detail === undefined ? '' : `: ${detail}`;
  return new DynamoDbError('ResourceNotFoundException', `Requested resource not found${suffix}`);
}
