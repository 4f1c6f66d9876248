import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matches } from '../../local/eventbridge/pattern.ts';

const EVENT = {
  source: 'aws.ec2',
  'detail-type': 'EC2 Instance State-change Notification',
  account: '123456789012',
  resources: ['arn:aws:ec2:us-east-1:123456789012:instance/i-0a1', 'arn:aws:ec2:us-east-1:123456789012:vpc/vpc-1'],
  detail: {
    state: 'shutting-down',
    count: 5,
    flag: false,
    nothing: null,
    'changed-tag-keys': ['rolecall:role', 'Name'],
    tags: { 'rolecall:role': 'web' },
    entities: [{ id: 'i-0a1' }, { id: 'i-0b2' }],
  },
};

// "Comparison operators for use in event patterns in Amazon EventBridge"
describe('an event pattern', () => {
  const fits: [string, unknown][] = [
    ['an exact value', { source: ['aws.ec2'] }],
    ['one of several values', { detail: { state: ['stopped', 'shutting-down'] } }],
    ['every field', { source: ['aws.ec2'], detail: { state: ['shutting-down'], count: [5] } }],
    ['a number', { detail: { count: [5] } }],
    ['a truth value', { detail: { flag: [false] } }],
    ['null', { detail: { nothing: [null] } }],
    ['one element of a list', { detail: { 'changed-tag-keys': ['rolecall:role'] } }],
    ['an object inside a list', { detail: { entities: { id: ['i-0b2'] } } }],
    ['a prefix', { resources: [{ prefix: 'arn:aws:ec2:us-east-1:123456789012:instance/' }] }],
    ['a suffix', { source: [{ suffix: '.ec2' }] }],
    ['a prefix in any case', { source: [{ prefix: { 'equals-ignore-case': 'AWS.' } }] }],
    ['a value in any case', { source: [{ 'equals-ignore-case': 'AWS.EC2' }] }],
    ['a wildcard', { resources: [{ wildcard: 'arn:*:instance/*' }] }],
    ['anything but a value', { source: [{ 'anything-but': 'aws.health' }] }],
    ['anything but some values', { detail: { count: [{ 'anything-but': [1, 2] }] } }],
    ['anything but a prefix', { source: [{ 'anything-but': { prefix: 'com.' } }] }],
    ['anything but a list of wildcards', { source: [{ 'anything-but': { wildcard: ['*.s3', '*.sqs'] } }] }],
    ['a number equal', { detail: { count: [{ numeric: ['=', 5] }] } }],
    ['a number in a range', { detail: { count: [{ numeric: ['>', 0, '<=', 5] }] } }],
    ['what exists', { detail: { state: [{ exists: true }] } }],
    ['what does not exist', { detail: { absent: [{ exists: false }], nowhere: { inside: [{ exists: false }] } } }],
    ['one of two patterns', { $or: [{ source: ['aws.s3'] }, { detail: { state: ['shutting-down'] } }] }],
    ['a nested key with a colon', { detail: { tags: { 'rolecall:role': [{ exists: true }] } } }],
  ];
  it.each(fits)('fits %s', (_title, pattern) => {
    expect(matches(pattern, EVENT)).toBe(true);
  });

  const misses: [string, unknown][] = [
    ['another value', { source: ['aws.s3'] }],
    ['a part of a value', { source: ['aws'] }],
    ['a value in another case', { source: ['AWS.EC2'] }],
    ['a number given as text', { detail: { count: ['5'] } }],
    ['a field that is missing', { detail: { absent: ['a'] } }],
    ['one of two fields', { source: ['aws.ec2'], detail: { state: ['running'] } }],
    ['a wildcard of another form', { resources: [{ wildcard: 'arn:*:volume/*' }] }],
    ['a star that is escaped', { source: [{ wildcard: 'aws\\*ec2' }] }],
    ['anything but the value', { detail: { state: [{ 'anything-but': ['shutting-down'] }] } }],
    ['anything but, of a field that is missing', { detail: { absent: [{ 'anything-but': 'a' }] } }],
    ['a number out of range', { detail: { count: [{ numeric: ['>', 5] }] } }],
    ['a range, of text', { detail: { state: [{ numeric: ['>', 0] }] } }],
    ['exists, of an object: only leaves exist', { detail: { tags: [{ exists: true }] } }],
    ['what must not exist', { detail: { state: [{ exists: false }] } }],
    ['none of two patterns', { $or: [{ source: ['aws.s3'] }, { source: ['aws.sqs'] }] }],
  ];
  it.each(misses)('does not fit %s', (_title, pattern) => {
    expect(matches(pattern, EVENT)).toBe(false);
  });

  const refused: [string, unknown, string][] = [
    ['an empty pattern', {}, 'it is no object, or an empty one'],
    ['an empty list', { source: [] }, 'source is an empty list'],
    ['a bare value', { source: 'aws.ec2' }, 'source is neither an object nor a list'],
    [
      'two operators in one rule',
      { source: [{ prefix: 'a', suffix: 'b' }] },
      'source has a rule that is not exactly one operator',
    ],
    ['two stars in a row', { source: [{ wildcard: 'a**' }] }, 'the wildcard a** has two stars in a row'],
    ['an unknown operator', { source: [{ regex: '.*' }] }, 'source has the operator regex; there are prefix, suffix, '],
    ['half a comparison', { a: [{ numeric: ['>'] }] }, 'numeric of a is not comparisons with numbers'],
  ];
  it.each(refused)('refuses %s', (_title, pattern, reason) => {
    expect(() => matches(pattern, EVENT)).toThrow(`Event pattern is not valid. Reason: ${reason}`);
  });

  it('made of the values of an event fits that event', () => {
    let tried = 0;
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), leaf, { minKeys: 1 }), (event) => {
        const entries = Object.entries(event).filter(([name]) => name !== '$or');
        fc.pre(entries.length > 0);
        tried += 1;
        expect(matches(Object.fromEntries(entries.map(([name, value]) => [name, [value]])), event)).toBe(true);
      }),
    );
    expect(tried).toBeGreaterThan(50);
  });

  it('with a wildcard fits what a plain reading of its stars fits', () => {
    let fitted = 0;
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '.', '+'), maxLength: 6 });
    fc.assert(
      fc.property(letters, letters, letters, (before, between, after) => {
        const pattern = { field: [{ wildcard: `${before}*${after}` }] };
        expect(matches(pattern, { field: before + between + after })).toBe(true);
        expect(matches(pattern, { field: `x${before}${between}${after}` })).toBe(before === '');
        fitted += 1;
      }),
    );
    expect(fitted).toBeGreaterThan(50);
  });
});
