/** Lower case, no final dot, `\052` read as `*`: the form in which every name lives inside Rolecall. */
export function normalName(name: string): string {
  const unescaped = name.replace(/\\([0-7]{3})/g, (_whole, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return unescaped.toLowerCase().replace(/\.$/, '');
}

/** Of labels of 1 to 63 letters, digits, `-` and `_`; `*` alone may be the first. */
const NAME = /^(?:\*|[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

/** Whether every label is 1 to 63 letters, digits, `-` and `_` (`*` alone may be the first), 253 characters in all. */
export function isPublishableName(name: string): boolean {
  return name.length <= 253 && NAME.test(name);
}
