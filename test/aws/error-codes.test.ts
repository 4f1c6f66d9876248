import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { dnsOutcomeOf, failureOf, kindOfCode } from '../../lib/aws/error-codes.ts';
import { ServiceFailure } from '../../lib/model/errors.ts';
import { type Answer, broken, clientSettings, jsonError, played } from './played-wire.ts';

/** The error that a real client throws when DynamoDB, or the network, answers this. */
async function thrownAt(answer: Answer): Promise<unknown> {
  const client = new DynamoDBClient(clientSettings(played(answer).requestHandler));
  return await thrownBy(client);
}

async function thrownBy(client: DynamoDBClient): Promise<unknown> {
  try {
    await client.send(new GetItemCommand({ TableName: 'registry', Key: { pk: { S: 'a' }, sk: { S: 'b' } } }));
  } catch (error) {
    return error;
  }
  throw new Error('the client threw nothing');
}

describe('the failure of a call', () => {
  test.each([
    ['ProvisionedThroughputExceededException', 400, 'throttled', true],
    ['ThrottlingException', 400, 'throttled', true],
    ['RequestLimitExceeded', 400, 'throttled', true],
    ['TransactionConflictException', 400, 'throttled', true],
    ['SomethingNew', 429, 'throttled', true],
    ['InternalServerError', 500, 'unavailable', true],
    ['SomethingNew', 503, 'unavailable', true],
    ['AccessDeniedException', 400, 'access-denied', false],
    ['UnrecognizedClientException', 400, 'access-denied', false],
    ['ExpiredTokenException', 400, 'access-denied', false],
    ['ResourceNotFoundException', 400, 'not-found', false],
    ['ConditionalCheckFailedException', 400, 'conflict', false],
    ['ValidationException', 400, 'invalid', false],
    ['SomethingNew', 400, 'invalid', false],
  ] as const)('is, for %s with status %d, %s', async (code, status, kind, retryable) => {
    const error = await thrownAt(jsonError(status, code, 'said so'));
    const failure = failureOf(error);
    expect(failure).toMatchObject({ name: 'ServiceFailure', kind, code: kind, retryable, message: `${code}: said so` });
    expect(failure.cause).toBe(error);
  });

  test.each(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'])(
    'is unavailable when the connection ends with %s',
    async (code) => {
      expect(failureOf(await thrownAt(broken(code)))).toMatchObject({ kind: 'unavailable', retryable: true });
    },
  );

  test('is unavailable when the answer cannot be read', async () => {
    const error = await thrownAt({ status: 200, body: '<html>', type: 'text/html' });
    expect(failureOf(error)).toMatchObject({ kind: 'unavailable' });
  });

  test('is unavailable when no answer comes in time', async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const settings = clientSettings({ requestTimeout: 20, throwOnRequestTimeout: true });
    const error = await thrownBy(new DynamoDBClient({ ...settings, endpoint: `http://127.0.0.1:${port}` }));
    server.closeAllConnections();
    server.close();
    expect(failureOf(error)).toMatchObject({ kind: 'unavailable', retryable: true });
    expect(dnsOutcomeOf(error)).toMatchObject({ kind: 'unknown' });
  });

  test('is access denied when there are no credentials to sign with', async () => {
    const refused = Object.assign(new Error('Could not load credentials from any providers'), {
      name: 'CredentialsProviderError',
    });
    const client = new DynamoDBClient({
      region: 'us-east-1',
      maxAttempts: 1,
      credentials: () => Promise.reject(refused),
    });
    expect(failureOf(await thrownBy(client))).toMatchObject({ kind: 'access-denied' });
  });

  test('stays the failure that it was', () => {
    const failure = new ServiceFailure('throttled', 'Throttling: Rate exceeded');
    expect(failureOf(failure)).toBe(failure);
  });

  test.each([[new TypeError('undefined is not a function')], [new RangeError('too deep')], ['a text'], [undefined]])(
    'is no failure of a service: %s, which is thrown on',
    (bug) => {
      const passedOn = (make: (error: unknown) => unknown): unknown => {
        try {
          return make(bug);
        } catch (error) {
          return { thrown: error };
        }
      };
      expect(passedOn(failureOf)).toEqual({ thrown: bug });
      expect(passedOn(dnsOutcomeOf)).toEqual({ thrown: bug });
    },
  );
});

describe('the kind of a code', () => {
  test.each([
    ['Throttling', 'throttled'],
    ['PriorRequestNotComplete', 'throttled'],
    ['TooManyRequestsException', 'throttled'],
    ['RequestThrottled', 'throttled'],
    ['AWS.SimpleQueueService.NonExistentQueue', 'not-found'],
    ['NoSuchHostedZone', 'not-found'],
    ['NoSuchHealthCheck', 'not-found'],
    ['InvalidInstanceID.NotFound', 'not-found'],
    ['InvalidInstanceID.Malformed', undefined],
    ['NotFoundation', undefined],
    ['', undefined],
  ] as const)('of %s is %s', (code, kind) => {
    expect(kindOfCode(code)).toBe(kind);
  });
});
