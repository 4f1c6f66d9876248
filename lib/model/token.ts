import { createHash, timingSafeEqual } from 'node:crypto';

/** `update`: of a host, tells its own addresses; `read`: reads the members of roles, and nothing else. */
export type TokenUse = 'update' | 'read';

/** What is kept of a token. */
export interface StoredToken {
  /** The login: a host's id, or the name of a reader. */
  readonly name: string;
  readonly use: TokenUse;
  /** SHA-256, base64url. */
  readonly hash: string;
  readonly createdAtMs: number;
}

/** As many as SHA-256 gives out: 256 random bits cannot be guessed, so a slow hash would protect nothing more. */
export const SECRET_BYTES = 32;

/** The token as it is shown once. A reader's carries its name, for it is sent without a login ("Bearer", RFC 6750). */
export function tokenText(name: string, use: TokenUse, secret: Uint8Array): string {
  const text = Buffer.from(secret).toString('base64url');
  return use === 'read' ? `${name}.${text}` : text;
}

/** The name in a reader's token; undefined where there is none. */
export function readerOf(token: string): string | undefined {
  const end = token.indexOf('.');
  return end > 0 ? token.slice(0, end) : undefined;
}

export function hashOf(token: string): string {
  return digest(token).toString('base64url');
}

/** Takes as long for a wrong token as for the right one, and as long where there is none. */
export function isToken(given: string, stored: StoredToken | undefined, use: TokenUse): boolean {
  const wanted = Buffer.from(stored?.hash ?? hashOf(''), 'base64url');
  const found = digest(given);
  const isSame = wanted.length === found.length && timingSafeEqual(wanted, found);
  return isSame && stored !== undefined && stored.use === use;
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}
