import { createHash } from 'node:crypto';

const HEX_DIGITS = 17;

/** An EC2 resource id: the prefix and 17 hexadecimal digits. */
export function resourceId(prefix: string, newId: () => string): string {
  return `${prefix}-${createHash('sha256').update(newId()).digest('hex').slice(0, HEX_DIGITS)}`;
}
