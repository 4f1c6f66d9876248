import { describe, expect, it } from 'vitest';
import { type Bindings, referencesOf, resolveIntrinsics } from '../../local/runtime/intrinsics.ts';

const ATTRIBUTES: Readonly<Record<string, string>> = { 'Queue.Arn': 'arn:aws:sqs:us-east-1:123456789012:q' };

const bindings: Bindings = {
  ref: (name) => ({ Table: 'registry', 'AWS::Region': 'us-east-1', 'AWS::AccountId': '123456789012' })[name],
  attribute: (logicalId, name) => ATTRIBUTES[`${logicalId}.${name}`],
};

describe('intrinsic functions of a template', () => {
  it.each([
    ['Ref', { Ref: 'Table' }, 'registry'],
    ['Fn::GetAtt as a list', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:aws:sqs:us-east-1:123456789012:q'],
    ['Fn::GetAtt as a text', { 'Fn::GetAtt': 'Queue.Arn' }, 'arn:aws:sqs:us-east-1:123456789012:q'],
    ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'Table' }]] }, 'a-registry'],
    ['Fn::Select of Fn::Split', { 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
    [
      'Fn::Sub',
      { 'Fn::Sub': 'x-${AWS::AccountId}-${Queue.Arn}-${!kept}' },
      'x-123456789012-arn:aws:sqs:us-east-1:123456789012:q-${kept}',
    ],
    [
      'Fn::Sub with values of its own',
      { 'Fn::Sub': ['${a}/${Table}', { a: { Ref: 'AWS::Region' } }] },
      'us-east-1/registry',
    ],
    ['a nested value', { Key: [{ Ref: 'Table' }, 1, true] }, { Key: ['registry', 1, true] }],
    ['AWS::NoValue in an object', { Kept: 1, Gone: { Ref: 'AWS::NoValue' } }, { Kept: 1 }],
    ['AWS::NoValue in a list', [1, { Ref: 'AWS::NoValue' }], [1]],
  ])('resolves %s', (_what, given, expected) => {
    expect(resolveIntrinsics(given, bindings)).toEqual(expected);
  });

  it.each([
    [{ Ref: 'Nothing' }, 'the template refers to Nothing, which does not exist.'],
    [{ 'Fn::GetAtt': ['Queue', 'Colour'] }, 'the template asks for Queue.Colour, which does not exist.'],
    [{ 'Fn::ImportValue': 'x' }, 'the template uses Fn::ImportValue, which the local account does not carry out'],
    [{ 'Fn::Join': ['-'] }, 'Fn::Join in the template takes a list of two'],
  ])('refuses %j', (given, message) => {
    expect(() => resolveIntrinsics(given, bindings)).toThrow(message);
  });

  it('finds what a resource refers to, in every form', () => {
    const references = referencesOf({
      A: { Ref: 'One' },
      B: [{ 'Fn::GetAtt': ['Two', 'Arn'] }, { 'Fn::Sub': '${Three.Arn} ${!Not} ${own}' }],
      C: { 'Fn::Sub': ['${own} ${Four}', { own: { Ref: 'Five' } }] },
    });
    expect([...references].sort()).toEqual(['Five', 'Four', 'One', 'Three', 'Two', 'own']);
  });
});
