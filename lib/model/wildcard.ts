/**
 * Whether a value fits a pattern in which `*` stands for any characters, none among them. Without a regular expression:
 * a pattern of many `*` must not take long on a value that nearly fits.
 */
export function fitsPattern(pattern: string, value: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  const tail = rest.pop();
  if (tail === undefined) return value === pattern;
  if (!value.startsWith(head)) return false;
  let position = head.length;
  for (const part of rest) {
    const found = value.indexOf(part, position);
    if (found < 0) return false;
    position = found + part.length;
  }
  return value.length - tail.length >= position && value.endsWith(tail);
}
