/** A refusal in Route 53's words. */
export class Route53Error extends Error {
  readonly status: number;
  readonly code: string;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = 'Route53Error';
    this.code = code;
    this.status = status;
  }
}

/** The messages stand in brackets, several separated by commas. */
export function invalidChangeBatch(messages: readonly string[]): Route53Error {
  return new Route53Error('InvalidChangeBatch', `[${messages.join(', ')}]`);
}

export function invalidInput(message: string): Route53Error {
  return new Route53Error('InvalidInput', message);
}

export function noSuchHostedZone(id: string): Route53Error {
  return new Route53Error('NoSuchHostedZone', `No hosted zone found with ID: ${id}`, 404);
}
