/** Pieces of an XML answer, as strings that are already escaped. */

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function escapeXml(raw: string): string {
  return raw.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

/** An element with text; nothing at all when there is no value. */
export function text(name: string, value: string | number | boolean | undefined): string {
  return value === undefined ? '' : `<${name}>${escapeXml(String(value))}</${name}>`;
}

export function element(name: string, ...children: readonly string[]): string {
  return `<${name}>${children.join('')}</${name}>`;
}

/** A list in EC2's form: one `<item>` an entry. */
export function itemSet<T>(name: string, entries: readonly T[], inner: (entry: T) => string): string {
  return element(name, ...entries.map((entry) => element('item', inner(entry))));
}
