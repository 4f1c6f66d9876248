import { ServiceFailure, type ServiceFailureKind } from '../model/errors.ts';
import type {
  AssociateOutcome,
  CallOutcome,
  CheckOutcome,
  CheckRemoval,
  Compute,
  DnsOutcome,
  ReverseDnsOutcome,
} from '../reconcile/ports.ts';

type DisassociateOutcome = Awaited<ReturnType<Compute['disassociate']>>;

/**
 * What AWS calls things, and what we make of it. Sources: "Error codes for the Amazon EC2 API", "Common Errors" of the
 * Amazon Route 53, Amazon SQS and Amazon DynamoDB API References, "Throttling for Amazon Route 53 API requests".
 */
const CODES: Readonly<Record<ServiceFailureKind, readonly string[]>> = {
  throttled: [
    'BandwidthLimitExceeded',
    'EC2ThrottledException',
    'KmsThrottled',
    'LimitExceededException',
    'OverLimit',
    'PriorRequestNotComplete',
    'ProvisionedThroughputExceededException',
    'RequestLimitExceeded',
    'RequestThrottled',
    'RequestThrottledException',
    'SlowDown',
    'ThrottledException',
    'Throttling',
    'ThrottlingError',
    'ThrottlingException',
    'TooManyRequestsException',
    // Another transaction is at work on the same item: the same write may succeed in a moment.
    'TransactionConflictException',
    'TransactionInProgressException',
  ],
  unavailable: [
    'AbortError',
    'InternalError',
    'InternalFailure',
    'InternalServerError',
    'InternalServiceError',
    'RequestTimeout',
    'RequestTimeoutException',
    'ServiceUnavailable',
    'ServiceUnavailableException',
    'TimeoutError',
    'Unavailable',
  ],
  'access-denied': [
    'AccessDenied',
    'AccessDeniedException',
    'AuthFailure',
    'CredentialsProviderError',
    'ExpiredToken',
    'ExpiredTokenException',
    'IncompleteSignature',
    'InvalidClientTokenId',
    'InvalidSecurity',
    'InvalidSignatureException',
    'KmsAccessDenied',
    'MissingAuthenticationToken',
    'NotAuthorized',
    'OptInRequired',
    'RequestExpired',
    'SignatureDoesNotMatch',
    'UnauthorizedOperation',
    'UnrecognizedClientException',
  ],
  'not-found': ['AWS.SimpleQueueService.NonExistentQueue', 'QueueDoesNotExist', 'ResourceNotFoundException'],
  conflict: [
    'ConditionalCheckFailedException',
    'IncorrectInstanceState',
    'IncorrectState',
    'Resource.AlreadyAssociated',
    'TransactionCanceledException',
  ],
  invalid: [],
};

const KIND_OF_CODE: ReadonlyMap<string, ServiceFailureKind> = new Map(
  (['throttled', 'unavailable', 'access-denied', 'not-found', 'conflict', 'invalid'] as const).flatMap((kind) =>
    CODES[kind].map((code) => [code, kind] as const),
  ),
);

/** A connection that Node could not make or that broke: whether the request arrived is not known. */
const BROKEN_CONNECTION =
  /^(?:E(?:CONN|HOST|NET|PIPE|TIMEDOUT|AI_AGAIN|NOTFOUND)|UND_ERR|ERR_(?:SSL|TLS|SOCKET|STREAM)|CERT_)/;

/** What an error of an SDK client tells, whatever class it has. */
interface Told {
  /** The service's code, Node's where there was no answer, or ''. */
  readonly code: string;
  readonly message: string;
  readonly status: number | undefined;
  /** How often the client sent the request. */
  readonly attempts: number;
}

function propertyOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** Undefined for what is no failure of a service: a bug of ours must stay one. */
function toldBy(error: unknown): Told | undefined {
  if (!(error instanceof Error)) return undefined;
  const metadata = propertyOf(error, '$metadata');
  const nodeCode = propertyOf(error, 'code');
  const broken = typeof nodeCode === 'string' && BROKEN_CONNECTION.test(nodeCode);
  if (metadata === undefined && !broken && !KIND_OF_CODE.has(error.name)) return undefined;
  return {
    code: broken ? nodeCode : error.name,
    message: error.message,
    status: numberOf(propertyOf(metadata, 'httpStatusCode')),
    attempts: numberOf(propertyOf(metadata, 'attempts')) ?? 1,
  };
}

/** The kind of failure that a code stands for, by the code alone; undefined when it says nothing to us. */
export function kindOfCode(code: string): ServiceFailureKind | undefined {
  const known = KIND_OF_CODE.get(code);
  if (known !== undefined) return known;
  if (BROKEN_CONNECTION.test(code)) return 'unavailable';
  return /^NoSuch|\.NotFound$/.test(code) ? 'not-found' : undefined;
}

function kindOf({ code, status }: Told): ServiceFailureKind {
  const known = kindOfCode(code);
  if (known !== undefined) return known;
  if (status === 429) return 'throttled';
  // An answer that could not be read, or none: as with a 5xx, the effect is unknown.
  return status !== undefined && status >= 400 && status < 500 ? 'invalid' : 'unavailable';
}

function sentence({ code, message }: Told): string {
  return message === '' || message === code ? code : `${code}: ${message}`;
}

function told(error: unknown): Told {
  const found = toldBy(error);
  if (found === undefined) throw error;
  return found;
}

/** Any client's error as ours. What no service and no network said (a bug, say) is thrown on as it is. */
export function failureOf(error: unknown): ServiceFailure {
  if (error instanceof ServiceFailure) return error;
  const failure = told(error);
  return new ServiceFailure(kindOf(failure), sentence(failure), error);
}

/**
 * What became of a batch of changes. Where the client sent it more than once, only acceptance is certain: an earlier
 * attempt may have taken effect unseen, and a later one been rejected for that very reason.
 */
export function dnsOutcomeOf(error: unknown): Exclude<DnsOutcome, { kind: 'accepted' }> {
  const failure = told(error);
  const message = sentence(failure);
  if (failure.attempts > 1) return { kind: 'unknown', message };
  if (failure.code === 'PriorRequestNotComplete') return { kind: 'busy', message };
  if (failure.code === 'NoSuchHostedZone') return { kind: 'zone-gone', message };
  switch (kindOf(failure)) {
    case 'throttled':
      return { kind: 'throttled', message };
    case 'access-denied':
      return { kind: 'access-denied', message };
    case 'unavailable':
      return { kind: 'unknown', message };
    case 'not-found':
    case 'conflict':
    case 'invalid':
      return { kind: 'rejected', message };
  }
}

/** A pending instance answers `IncorrectInstanceState`, or `InvalidInstanceID` without a suffix. */
const NOT_READY = ['IncorrectInstanceState', 'IncorrectState', 'InvalidInstanceID'];

/** What became of AssociateAddress; after a repetition by the client, a refusal may be the echo of our own success. */
export function associateOutcomeOf(error: unknown): Exclude<AssociateOutcome, { kind: 'associated' }> {
  const failure = told(error);
  const message = sentence(failure);
  if (failure.code === 'Resource.AlreadyAssociated') {
    return { kind: failure.attempts > 1 ? 'unknown' : 'already-associated', message };
  }
  if (NOT_READY.includes(failure.code)) return { kind: 'not-ready', message };
  const kind = kindOf(failure);
  if (kind === 'not-found') return { kind: 'gone', message };
  return { kind: kind === 'throttled' || kind === 'access-denied' ? kind : 'unknown', message };
}

/** What became of a call that may be made again; `gone`: what it is about is not there any more. */
export function callOutcomeOf(error: unknown): CallOutcome {
  const { kind, message } = failureOf(error);
  if (kind === 'invalid' || kind === 'not-found') return { kind: 'gone', message };
  return { kind: kind === 'throttled' || kind === 'access-denied' ? kind : 'unknown', message };
}

/** What became of DisassociateAddress: an association that no longer exists is what was asked for. */
export function disassociateOutcomeOf(error: unknown): DisassociateOutcome {
  const failure = told(error);
  const message = sentence(failure);
  if (failure.code === 'InvalidAssociationID.NotFound') return { kind: 'done', message };
  const kind = kindOf(failure);
  return { kind: kind === 'throttled' || kind === 'access-denied' ? kind : 'unknown', message };
}

/** What became of ModifyAddressAttribute or ResetAddressAttribute. What EC2 says of a name that leads elsewhere is undocumented. */
export function reverseDnsOutcomeOf(error: unknown): ReverseDnsOutcome {
  const failure = told(error);
  return { kind: refusalKind(failure), message: sentence(failure) };
}

/** What became of CreateHealthCheck. Sent more than once it makes one check all the same: no answer is ambiguous. */
export function checkOutcomeOf(error: unknown): Exclude<CheckOutcome, { kind: 'created' }> {
  const failure = told(error);
  const message = sentence(failure);
  if (failure.code === 'HealthCheckAlreadyExists') return { kind: 'used-up', message };
  if (failure.code === 'TooManyHealthChecks') return { kind: 'full', message };
  return { kind: refusalKind(failure), message };
}

/** What became of DeleteHealthCheck. */
export function checkRemovalOf(error: unknown): CheckRemoval {
  const failure = told(error);
  const message = sentence(failure);
  if (failure.code === 'NoSuchHealthCheck') return { kind: 'done', message };
  return { kind: refusalKind(failure), message };
}

function refusalKind(failure: Told): 'throttled' | 'access-denied' | 'rejected' | 'unknown' {
  const kind = kindOf(failure);
  if (kind === 'throttled' || kind === 'access-denied') return kind;
  return kind === 'unavailable' ? 'unknown' : 'rejected';
}
