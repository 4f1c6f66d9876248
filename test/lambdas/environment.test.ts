import { describe, expect, it } from 'vitest';
import { addressPolicyFrom, settingsFrom } from '../../lambdas/environment.ts';

const COMPLETE = {
  REGISTRY_TABLE: 'table',
  WORK_QUEUE_URL: 'https://sqs/work.fifo',
  LATER_QUEUE_URL: 'https://sqs/later',
};

describe('the settings of a Lambda', () => {
  it('are what its environment says', () => {
    expect(settingsFrom({ ...COMPLETE, OTHER: 'ignored' })).toEqual({
      table: 'table',
      workQueueUrl: 'https://sqs/work.fifo',
      laterQueueUrl: 'https://sqs/later',
    });
  });

  it('refuse an environment that lacks some, naming them and what to do', () => {
    expect(() => settingsFrom({ WORK_QUEUE_URL: '', REGISTRY_TABLE: 'table' })).toThrow(
      'missing environment: WORK_QUEUE_URL, LATER_QUEUE_URL. The stack sets these on every function; deploy it again.',
    );
  });
});

describe('the addresses that hosts may tell', () => {
  it('are public ones, unless the local account says otherwise', () => {
    expect(addressPolicyFrom({})).toBe('public');
    expect(addressPolicyFrom({ ROLECALL_ADDRESS_POLICY: 'anything' })).toBe('public');
    expect(addressPolicyFrom({ ROLECALL_ADDRESS_POLICY: 'documentation' })).toBe('documentation');
  });
});
