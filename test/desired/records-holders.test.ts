import { describe, expect, test } from 'vitest';
import { desired, lines } from './desired.ts';
import { member, pattern, role, slot } from './examples.ts';

const held = (ordinal: number, holder?: string) =>
  slot(ordinal, { allocationId: '', publicIpv4: '', ...(holder === undefined ? {} : { holder }) });

describe('an exclusive role', () => {
  const exclusive = role([pattern(), pattern({ pattern: '{instanceId}' })], { holders: 1 });

  test('has the holder in every name, and no standby in any', () => {
    const members = [member(1), member(2)];
    expect(lines(desired({ role: exclusive, slots: [held(1, 'i-2')], members }))).toEqual([
      'i-2.example.com A 203.0.113.2',
      'web.example.com A 203.0.113.2',
    ]);
  });

  test('has nobody while its slot is vacant, or its holder does not serve', () => {
    const members = [member(1), member(2, { phase: 'pending' })];
    expect(lines(desired({ role: exclusive, slots: [held(1)], members }))).toEqual([]);
    expect(lines(desired({ role: exclusive, slots: [held(1, 'i-2')], members }))).toEqual([]);
    expect(lines(desired({ role: exclusive, members }))).toEqual([]);
  });

  test('has as many as it may have holders', () => {
    const two = role([pattern()], { holders: 2 });
    const members = [member(1), member(2), member(3)];
    expect(lines(desired({ role: two, slots: [held(2, 'i-1'), held(1, 'i-3')], members }))).toEqual([
      'web.example.com A 203.0.113.1, 203.0.113.3',
    ]);
  });

  test('answers in place of a standby', () => {
    const answering = role([pattern()], { holders: 1, whenEmpty: { answer: '192.0.2.10' } });
    expect(lines(desired({ role: answering, slots: [held(1)], members: [member(1)] }))).toEqual([
      'web.example.com A 192.0.2.10',
    ]);
  });
});

describe('an ordinal name without a pool', () => {
  const numbered = role([pattern({ pattern: '{role}-{ordinal}', addresses: ['private', 'public'] }), pattern()]);

  test('is that of the holder of the slot, with the addresses of the holder', () => {
    const slots = [held(1, 'i-2'), held(2), held(3, 'i-1')];
    expect(lines(desired({ role: numbered, slots, members: [member(1), member(2)] }))).toEqual([
      'web-1.example.com A 10.0.0.2, 203.0.113.2',
      'web-3.example.com A 10.0.0.1, 203.0.113.1',
      'web.example.com A 203.0.113.1, 203.0.113.2',
    ]);
  });

  test('leaves a member without a slot in the other names', () => {
    expect(lines(desired({ role: numbered, slots: [held(1, 'i-1')], members: [member(1), member(2)] }))).toEqual([
      'web-1.example.com A 10.0.0.1, 203.0.113.1',
      'web.example.com A 203.0.113.1, 203.0.113.2',
    ]);
  });
});
