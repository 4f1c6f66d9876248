import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPublishableName, normalName } from '../../lib/model/name.ts';

describe('a name in its normal form', () => {
  test.each([
    ['WWW.Example.COM.', 'www.example.com'],
    ['\\052.example.com.', '*.example.com'],
    ['a\\100b.example.com', 'a@b.example.com'],
    ['example.com', 'example.com'],
  ])('%s is %s', (name, normal) => {
    expect(normalName(name)).toBe(normal);
  });

  test('is that of itself', () => {
    let seen = 0;
    const label = fc.stringMatching(/^[A-Za-z0-9_-]{1,10}$/);
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 4 }), fc.boolean(), (labels, dotted) => {
        seen += 1;
        const once = normalName(`${labels.join('.')}${dotted ? '.' : ''}`);
        expect(normalName(once)).toBe(once);
        expect(once.endsWith('.')).toBe(false);
      }),
    );
    expect(seen).toBeGreaterThan(0);
  });
});

describe('a publishable name', () => {
  test.each(['example.com', 'a', '_http._tcp.example.com', '*.example.com', '0.example.com', `${'a'.repeat(63)}.com`])(
    'is %s',
    (name) => {
      expect(isPublishableName(name)).toBe(true);
    },
  );

  test.each([
    '',
    '.',
    'a..b',
    'a.',
    '-a.com',
    'a-.com',
    'a.*.com',
    '*a.com',
    'A.com',
    'a b.com',
    'a@b.com',
    '{role}.com',
    `${'a'.repeat(64)}.com`,
    'a.'.repeat(127),
  ])('is not %j', (name) => {
    expect(isPublishableName(name)).toBe(false);
  });

  test('has at most 253 characters', () => {
    const long = [...Array.from({ length: 3 }, () => 'a'.repeat(63)), 'a'.repeat(61)].join('.');
    expect(long).toHaveLength(253);
    expect(isPublishableName(long)).toBe(true);
    expect(isPublishableName(`b${long.slice(0, -2)}.aa`)).toBe(false);
  });
});
