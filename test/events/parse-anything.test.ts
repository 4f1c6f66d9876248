import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Observation, parseEvent } from '../../lib/events/parse.ts';
import { InvalidInput } from '../../lib/model/errors.ts';
import { EXPECTED, fixture, isObject, type Json, type JsonObject, replaced } from './samples.ts';

describe('whatever arrives', () => {
  const names = Object.keys(EXPECTED);
  const mutant = fc
    .tuple(fc.constantFrom(...names), fc.nat(), fc.option(fc.jsonValue(), { nil: undefined }))
    .map(([name, place, value]) => {
      const body = fixture(name);
      const paths = pathsOf(body);
      return replaced(body, paths[place % paths.length] ?? ['kind'], value === undefined ? undefined : asJson(value));
    });

  test('throws nothing but InvalidInput, and tells no state that the event does not', () => {
    let parsed = 0;
    let refused = 0;
    fc.assert(
      fc.property(fc.oneof(mutant, fc.jsonValue().map(asJson)), (body) => {
        const observation = parsedOrRefused(body);
        if (observation === undefined) {
          refused += 1;
          return;
        }
        parsed += 1;
        if (observation.kind !== 'instance-state') return;
        expect(body).toMatchObject({
          'detail-type': 'EC2 Instance State-change Notification',
          source: 'aws.ec2',
          detail: { 'instance-id': observation.instanceId, state: observation.state },
        });
      }),
      { numRuns: 2_000 },
    );
    expect(parsed).toBeGreaterThan(100);
    expect(refused).toBeGreaterThan(100);
  });

  test('takes fields that it does not know as if they were not there', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.stringMatching(/^x-[a-z]{1,9}$/),
        fc.jsonValue(),
        (name, key, value) => {
          expect(parseEvent({ ...fixture(name), [key]: value })).toEqual(EXPECTED[name]);
        },
      ),
      { numRuns: 100 },
    );
    expect(names.length).toBeGreaterThan(20);
  });
});

function asJson(value: unknown): Json {
  const read: Json = JSON.parse(JSON.stringify(value));
  return read;
}

function pathsOf(body: JsonObject): string[][] {
  return Object.entries(body).flatMap(([key, value]) => [
    [key],
    ...(isObject(value) ? pathsOf(value).map((path) => [key, ...path]) : []),
  ]);
}

function parsedOrRefused(body: unknown): Observation | undefined {
  try {
    return parseEvent(body);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return undefined;
  }
}
