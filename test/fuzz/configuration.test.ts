import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveConfiguration } from '../../lib/config/resolve.ts';
import { ConfigurationError, parseConfiguration } from '../../lib/config/schema.ts';
import { InvalidInput } from '../../lib/model/errors.ts';
import { anySetting, ZONES } from '../simulation/setting.ts';
import { Chance } from '../simulation/chance.ts';

const ZONE_IDS = Object.fromEntries(Object.entries(ZONES).map(([key, { id }]) => [key, id]));

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
}

function replaced(value: unknown, [first, ...rest]: Path, by: unknown): unknown {
  if (first === undefined) return by;
  if (Array.isArray(value))
    return value.map((each: unknown, index) => (index === Number(first) ? replaced(each, rest, by) : each));
  if (typeof value !== 'object' || value === null) return by;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, key === first ? replaced(inner, rest, by) : inner]),
  );
}

const LIKELY = [
  '60s',
  'int',
  'pub',
  'keep',
  'private',
  'simple',
  'oldest',
  'example.com',
  '{role}-{ordinal}',
  true,
  1,
  2,
];
const anyValue = fc.oneof(fc.jsonValue(), fc.constantFrom<unknown>(...LIKELY));

/** A configuration that is right, with one place of it made into anything. */
const mutant = fc.tuple(fc.nat(), fc.nat(), anyValue).map(([seed, place, value]) => {
  const setting: unknown = JSON.parse(JSON.stringify(anySetting(new Chance(seed, 'fuzz'))));
  const paths = pathsOf(setting);
  return replaced(setting, paths[place % paths.length] ?? [], value);
});

describe('whatever is written as a configuration', () => {
  it('is taken, or refused with a reason for each thing that is wrong, and nothing else happens', () => {
    let taken = 0;
    let refused = 0;
    fc.assert(
      fc.property(fc.oneof({ weight: 4, arbitrary: mutant }, { weight: 1, arbitrary: fc.jsonValue() }), (input) => {
        try {
          resolveConfiguration(parseConfiguration(input), ZONE_IDS);
          taken += 1;
        } catch (error) {
          refused += 1;
          const isSaid = error instanceof ConfigurationError && error.message.length > 20;
          if (!isSaid && !(error instanceof InvalidInput)) throw error;
        }
      }),
      { numRuns: 1_500, seed: 20260105 },
    );
    expect(taken).toBeGreaterThan(20);
    expect(refused).toBeGreaterThan(200);
  });

  it('means the same when it is written in another order', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const setting = anySetting(new Chance(seed, 'order'));
        const turned = {
          ...Object.fromEntries(Object.entries(setting).reverse()),
          roles: Object.fromEntries(Object.entries(setting.roles).reverse()),
        };
        expect(resolveConfiguration(parseConfiguration(turned), ZONE_IDS)).toEqual(
          resolveConfiguration(parseConfiguration(setting), ZONE_IDS),
        );
      }),
      { numRuns: 200, seed: 7 },
    );
  });
});
