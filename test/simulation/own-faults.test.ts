import { describe, expect, it } from 'vitest';
import { assert, ServiceFailure } from '../../lib/model/errors.ts';
import { isOwnFault } from './own-faults.ts';

/** As it is logged. */
function told(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return `a pass failed ${JSON.stringify({ group: 'Z1', error: error instanceof Error ? error.stack : '' })}`;
  }
  return '';
}

describe('what a Lambda says when it fails', () => {
  it('tells of a mistake in its code where an assertion does not hold', () => {
    expect(isOwnFault(told(() => assert(''.length > 0, 'nothing is something')))).toBe(true);
  });

  it('tells of a mistake in its code where the language has no answer', () => {
    expect(isOwnFault(told(() => Object.defineProperty(Object.freeze({}), 'x', { value: 1 })))).toBe(true);
    expect(isOwnFault(told(() => 'x'.repeat(-1)))).toBe(true);
  });

  it('does not where a service fails, a message is nonsense, or time runs out', () => {
    const failure = new ServiceFailure('unavailable', 'TimeoutError: The connection broke before dynamodb answered');
    expect(
      isOwnFault(
        told(() => {
          throw failure;
        }),
      ),
    ).toBe(false);
    expect(isOwnFault(told(() => JSON.parse('{"nonsense":')))).toBe(false);
    expect(isOwnFault('Sandbox.Timedout: Task timed out after 20.00 seconds')).toBe(false);
  });
});
