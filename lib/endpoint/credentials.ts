import { readerOf } from '../model/token.ts';

/** Who says to call, and the token that is to prove it. */
export interface Credentials {
  readonly name: string;
  readonly token: string;
}

const MAX_CHARACTERS = 1_024;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** `Basic base64(login:token)` (RFC 7617); undefined where it is anything else. */
export function basicOf(authorization: string | undefined): Credentials | undefined {
  const written = parameterOf(authorization, 'basic');
  if (written === undefined || !BASE64.test(written)) return undefined;
  const decoded = Buffer.from(written, 'base64').toString('utf8');
  const end = decoded.indexOf(':');
  return end < 1 ? undefined : { name: decoded.slice(0, end), token: decoded.slice(end + 1) };
}

/** `Bearer <name>.<secret>` (RFC 6750), or the same token as the password of its name. */
export function readerCredentialsOf(authorization: string | undefined): Credentials | undefined {
  const token = parameterOf(authorization, 'bearer');
  if (token === undefined) return basicOf(authorization);
  const name = readerOf(token);
  return name === undefined ? undefined : { name, token };
}

function parameterOf(authorization: string | undefined, scheme: string): string | undefined {
  if (authorization === undefined || authorization.length > MAX_CHARACTERS) return undefined;
  const [found = '', parameter = '', ...more] = authorization.trim().split(/ +/);
  return found.toLowerCase() === scheme && parameter !== '' && more.length === 0 ? parameter : undefined;
}
