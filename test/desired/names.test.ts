import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePattern, renderName } from '../../lib/desired/names.ts';

const occupant = {
  role: 'web',
  instanceId: 'i-0a1',
  availabilityZone: 'eu-west-1a',
  region: 'eu-west-1',
  ordinal: 3,
};

describe('a name', () => {
  test.each([
    ['{role}', 'web.example.com'],
    ['@', 'example.com'],
    ['{role}-{ordinal}', 'web-3.example.com'],
    ['{role}.{az}', 'web.eu-west-1a.example.com'],
    ['{role}.{region}', 'web.eu-west-1.example.com'],
    ['{instanceId}', 'i-0a1.example.com'],
    ['*.{role}', '*.web.example.com'],
    ['WWW', 'www.example.com'],
    ['_x.{role}', '_x.web.example.com'],
  ])('renders %s as %s', (pattern, name) => {
    expect(renderName(compilePattern(pattern, 'example.com'), occupant)).toEqual({ kind: 'name', name });
  });

  test.each(['az', 'region', 'instanceId', 'ordinal'])('is withheld where there is no %s', (placeholder) => {
    expect(renderName(compilePattern(`x-{${placeholder}}`, 'example.com'), { role: 'web' })).toEqual({
      kind: 'withheld',
      reason: 'invalid-name',
      detail: `x-{${placeholder}}: there is no ${placeholder}`,
    });
  });

  test.each(['-{role}', 'a..b', 'a.*', '{unknown}', 'a b', 'x'.repeat(64)])(
    'is withheld where %s cannot be published',
    (pattern) => {
      expect(renderName(compilePattern(pattern, 'example.com'), occupant)).toMatchObject({
        kind: 'withheld',
        reason: 'invalid-name',
      });
    },
  );

  test('tells whether it differs between members, and between slots', () => {
    expect(compilePattern('{role}', 'example.com')).toMatchObject({ dependsOnMember: false, dependsOnOrdinal: false });
    expect(compilePattern('{role}.{az}', 'example.com')).toMatchObject({ dependsOnMember: true });
    expect(compilePattern('mx{ordinal}', 'example.com')).toMatchObject({
      dependsOnMember: false,
      dependsOnOrdinal: true,
    });
  });

  test('tells whether it is the role’s own, read alike by all its members', () => {
    const isRolesOwn = (pattern: string) => compilePattern(pattern, 'example.com').isRolesOwn;
    expect(['{role}', '@', 'www', 'a-{role}.b'].map(isRolesOwn)).toEqual([true, true, true, true]);
    expect(['{role}.{az}', '{region}', '{instanceId}', 'mx{ordinal}'].map(isRolesOwn)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  test('is in its zone whatever the pattern', () => {
    let rendered = 0;
    const word = fc.constantFrom('{role}', '{az}', '{instanceId}', '{ordinal}', '.', '-', 'a', '@', '*', '_');
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (words) => {
        const name = renderName(compilePattern(words.join(''), 'example.com'), occupant);
        if (name.kind !== 'name') return;
        rendered += 1;
        expect(name.name === 'example.com' || name.name.endsWith('.example.com')).toBe(true);
      }),
    );
    expect(rendered).toBeGreaterThan(0);
  });
});
