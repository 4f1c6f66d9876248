import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern, renderName } from '../../lib/desired/names.ts';
import { claimedRoles, ROLE_TAG } from '../../lib/model/instance.ts';
import { isPublishableName, normalName } from '../../lib/model/name.ts';
import { storedName } from '../../local/route53/domain-name.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: fc.constantFrom(...'abzAZ09-_.*\\ \t\n,;/{}'.split('')), maxLength: 300 }),
);

describe('whatever a tag claims', () => {
  it('is read as DNS labels in order, none twice, and nothing else', () => {
    let claims = 0;
    fc.assert(
      fc.property(anyText, (text) => {
        const { roles, invalid } = claimedRoles({ [ROLE_TAG]: text });
        claims += roles.length;
        expect(roles).toEqual([...new Set(roles)].sort());
        for (const role of roles) {
          expect(role).toMatch(/^[a-z0-9-]{1,63}$/);
          expect(text.toLowerCase()).toContain(role);
        }
        for (const word of invalid) expect(roles).not.toContain(word);
      }),
      { numRuns: 3_000, seed: 1 },
    );
    expect(claims).toBeGreaterThan(300);
  });
});

describe('whatever is asked for as a name', () => {
  it('is published only where Route 53 would store it as it is', () => {
    let published = 0;
    fc.assert(
      fc.property(anyText, (text) => {
        const name = normalName(text);
        if (!isPublishableName(name)) return;
        published += 1;
        const stored = storedName(name);
        expect('name' in stored && normalName(stored.name)).toBe(name);
      }),
      { numRuns: 5_000, seed: 2 },
    );
    expect(published).toBeGreaterThan(50);
  });

  it('renders to a name of its zone, or to none', () => {
    let rendered = 0;
    fc.assert(
      fc.property(anyText, anyText, anyText, (pattern, role, availabilityZone) => {
        const outcome = renderName(compilePattern(pattern, 'example.com'), { role, availabilityZone, ordinal: 1 });
        if (outcome.kind === 'withheld') return;
        rendered += 1;
        expect(outcome.name === 'example.com' || outcome.name.endsWith('.example.com')).toBe(true);
        expect(isPublishableName(outcome.name)).toBe(true);
      }),
      { numRuns: 3_000, seed: 3 },
    );
    expect(rendered).toBeGreaterThan(50);
  });
});
