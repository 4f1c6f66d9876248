import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recordSet, sameRecordSet, setIdentifierOf, setKey } from '../../lib/model/record-set.ts';

const plain = recordSet('web.example.com', 'A', 60, ['203.0.113.2', '203.0.113.1', '203.0.113.2']);
const weighted = (weight: number) =>
  recordSet('web.example.com', 'A', 60, ['203.0.113.1'], { kind: 'weighted', setIdentifier: 'i-1', weight });

describe('a record set', () => {
  test('has its values sorted and once each', () => {
    expect(plain).toEqual({
      name: 'web.example.com',
      type: 'A',
      ttlSeconds: 60,
      values: ['203.0.113.1', '203.0.113.2'],
      routing: { kind: 'simple' },
    });
  });

  test('is known by name, type and set identifier', () => {
    expect(setKey(plain)).toBe('web.example.com|A|');
    expect(setKey(weighted(1))).toBe('web.example.com|A|i-1');
    expect(setKey({ opaque: true, name: 'web.example.com', type: 'A', setIdentifier: 'x' })).toBe(
      'web.example.com|A|x',
    );
    expect(setIdentifierOf({ opaque: true, name: 'web.example.com', type: 'A' })).toBe('');
  });

  test('is the same as one with everything alike, and as no other', () => {
    expect(sameRecordSet(plain, recordSet('web.example.com', 'A', 60, ['203.0.113.1', '203.0.113.2']))).toBe(true);
    expect(sameRecordSet(plain, recordSet('web.example.com', 'A', 61, plain.values))).toBe(false);
    expect(sameRecordSet(plain, recordSet('web.example.com', 'AAAA', 60, plain.values))).toBe(false);
    expect(sameRecordSet(plain, recordSet('api.example.com', 'A', 60, plain.values))).toBe(false);
    expect(sameRecordSet(plain, recordSet('web.example.com', 'A', 60, ['203.0.113.1']))).toBe(false);
    expect(sameRecordSet(plain, recordSet('web.example.com', 'A', 60, ['203.0.113.1', '203.0.113.3']))).toBe(false);
  });

  test('differs by its routing', () => {
    expect(sameRecordSet(weighted(1), weighted(1))).toBe(true);
    expect(sameRecordSet(weighted(1), weighted(2))).toBe(false);
    const multivalue = recordSet('web.example.com', 'A', 60, ['203.0.113.1'], {
      kind: 'multivalue',
      setIdentifier: 'i-1',
    });
    expect(sameRecordSet(multivalue, weighted(1))).toBe(false);
  });

  test('is never the same as one that cannot be reproduced', () => {
    const opaque = { opaque: true as const, name: 'web.example.com', type: 'A' };
    expect(sameRecordSet(opaque, opaque)).toBe(false);
    expect(sameRecordSet(plain, opaque)).toBe(false);
  });

  test('is the same exactly when its JSON is', () => {
    const some = fc
      .record({
        name: fc.constantFrom('a.example.com', 'b.example.com'),
        ttlSeconds: fc.constantFrom(30, 60),
        values: fc.uniqueArray(fc.constantFrom('10.0.0.1', '10.0.0.2'), { minLength: 1 }),
        weight: fc.option(fc.constantFrom(1, 2)),
      })
      .map(({ name, ttlSeconds, values, weight }) =>
        weight === null
          ? recordSet(name, 'A', ttlSeconds, values)
          : recordSet(name, 'A', ttlSeconds, values, { kind: 'weighted', setIdentifier: 'i-1', weight }),
      );
    const outcomes = new Set<boolean>();
    fc.assert(
      fc.property(some, some, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other);
        outcomes.add(same);
        expect(sameRecordSet(one, other)).toBe(same);
      }),
      { numRuns: 1000 },
    );
    expect(outcomes).toEqual(new Set([true, false]));
  });
});
