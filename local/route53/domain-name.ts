/**
 * Names as Route 53 keeps them: lower case, with the final dot, and every character but a–z, 0–9, `-` and `_` as `\ooo`
 * ("DNS domain name format").
 */

const LONGEST_LABEL = 63;
const LONGEST_NAME = 255;

/** The name in Route 53's form, or what is wrong with it in Route 53's words. */
export function storedName(given: string): { readonly name: string } | { readonly problem: string } {
  const labels = labelsOf(given);
  if (labels === undefined) return fatal('UnsupportedCharacter (Value contains unsupported characters)', given);
  if (labels.some((label) => label.length === 0)) return fatal('DomainLabelEmpty (Domain label is empty)', given);
  if (labels.some((label) => label.length > LONGEST_LABEL)) {
    return fatal('DomainLabelTooLong (Domain label is too long)', given);
  }
  const octets = labels.reduce((total, label) => total + label.length + 1, 1);
  if (octets > LONGEST_NAME) return fatal('DomainNameTooLong (Domain name is too long)', given);
  return { name: labels.map((label) => `${escaped(label)}.`).join('') };
}

/** A name in which each character stands for itself. */
const PLAIN = /^[a-z0-9_.-]*$/;

/** The labels of a stored name, its escapes undone. */
export function labelsOf(name: string): readonly string[] | undefined {
  if (PLAIN.test(name)) return name.replace(/\.$/, '').split('.');
  const labels = [''];
  for (const [token, octal] of name.replace(/\.$/, '').matchAll(/\\([0-7]{3})|[\s\S]/g)) {
    const code = octal === undefined ? token.charCodeAt(0) : Number.parseInt(octal, 8);
    if (octal === undefined && (code <= 0x20 || code >= 0x7f || token === '\\')) return undefined;
    if (code > 0xff) return undefined;
    if (token === '.') labels.push('');
    else labels.push((labels.pop() ?? '') + String.fromCharCode(code).toLowerCase());
  }
  return labels;
}

/** The order of ListResourceRecordSets: ASCII, by the labels reversed (`com.example.www.`). */
export function orderKey(name: string): string {
  return `${(labelsOf(name) ?? []).toReversed().join('.')}.`;
}

export function isInZone(name: string, zoneName: string): boolean {
  return name === zoneName || name.endsWith(`.${zoneName}`);
}

/** The names above this one, down to but without the zone's own. */
export function ancestorsOf(name: string, zoneName: string): readonly string[] {
  const ancestors: string[] = [];
  for (let rest = parentOf(name); rest !== undefined && isInZone(rest, zoneName) && rest !== zoneName; ) {
    ancestors.push(rest);
    rest = parentOf(rest);
  }
  return ancestors;
}

/** Stored names have dots between labels only: a dot within a label is `\056`. */
export function parentOf(name: string): string | undefined {
  const dot = name.indexOf('.');
  return dot < 0 || dot === name.length - 1 ? undefined : name.slice(dot + 1);
}

function escaped(label: string): string {
  return label.replace(/[^a-z0-9_-]/g, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

function fatal(problem: string, given: string): { readonly problem: string } {
  return { problem: `FATAL problem: ${problem} encountered with '${given}'` };
}
