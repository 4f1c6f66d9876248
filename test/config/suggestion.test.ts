import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editDistance, suggestion } from '../../lib/config/suggestion.ts';

describe('editDistance', () => {
  test.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['names', 'names', 0],
    ['nmaes', 'names', 1],
    ['adress', 'address', 1],
    ['privat', 'private', 1],
    ['kitten', 'sitting', 3],
  ])('of %j and %j is %i', (one, other, distance) => {
    expect(editDistance(one, other)).toBe(distance);
  });

  test('is the same in both directions, and zero for equal words alone', () => {
    let different = 0;
    fc.assert(
      fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (one, other) => {
        different += one === other ? 0 : 1;
        expect(editDistance(one, other)).toBe(editDistance(other, one));
        expect(editDistance(one, other) === 0).toBe(one === other);
      }),
    );
    expect(different).toBeGreaterThan(0);
  });
});

describe('suggestion', () => {
  test('gives the nearest word', () => {
    expect(suggestion('nams', ['zone', 'name', 'names'])).toBe('; did you mean "name"?');
  });

  test('overlooks capitals', () => {
    expect(suggestion('elasticip', ['elasticIp'])).toBe('; did you mean "elasticIp"?');
  });

  test('gives nothing where no word is near', () => {
    expect(suggestion('colour', ['zone', 'name'])).toBe('');
    expect(suggestion('x', [])).toBe('');
  });
});
