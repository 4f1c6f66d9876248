import { describe, expect, it } from 'vitest';
import { hashOf, isToken, readerOf, type StoredToken, tokenText } from '../../lib/model/token.ts';

const SECRET = new Uint8Array(32).fill(7);
const TEXT = 'BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc';

function stored(use: StoredToken['use'], token: string): StoredToken {
  return { name: 'dc1-web', use, hash: hashOf(token), createdAtMs: 0 };
}

describe('a token', () => {
  it('is 43 characters of base64url, which a reader’s name goes before', () => {
    expect(tokenText('dc1-web', 'update', SECRET)).toBe(TEXT);
    expect(tokenText('nginx', 'read', SECRET)).toBe(`nginx.${TEXT}`);
    expect(readerOf(`nginx.${TEXT}`)).toBe('nginx');
    expect(readerOf(TEXT)).toBeUndefined();
  });

  it('is kept as its SHA-256', () => {
    expect(hashOf('abc')).toBe('ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0');
  });

  it('counts for what it was made for alone', () => {
    expect(isToken(TEXT, stored('update', TEXT), 'update')).toBe(true);
    expect(isToken(TEXT, stored('update', TEXT), 'read')).toBe(false);
    expect(isToken(TEXT, stored('read', TEXT), 'update')).toBe(false);
  });

  it.each(['', 'x', `${TEXT} `, TEXT.slice(1)])('is not %j', (given) => {
    expect(isToken(given, stored('update', TEXT), 'update')).toBe(false);
  });

  it('is none where none is stored, not even an empty one', () => {
    expect(isToken('', undefined, 'update')).toBe(false);
  });
});
