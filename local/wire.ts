/** One HTTP exchange of an AWS wire protocol, independent of sockets. Header names are lower case. */
export interface WireRequest {
  readonly method: string;
  /** With the query string. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One emulated AWS service. */
export interface Service {
  /** As in a signature's credential scope: `ec2`, `route53`, `dynamodb`, `sqs`, `events`, `autoscaling`, `sts`. */
  readonly name: string;
  /** The name of the operation that the request asks for; undefined when it cannot be told. */
  operationOf(request: WireRequest): string | undefined;
  /** Carries the operation out; an operation that is not there answers `UnsupportedOperation` in the service's own form. */
  handle(operation: string, request: WireRequest): Promise<WireResponse>;
  /** An error in the service's own wire form, for faults that are switched on. */
  failure(status: number, code: string, message: string): WireResponse;
}
