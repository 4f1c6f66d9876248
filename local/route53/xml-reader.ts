import { invalidInput } from './route53-error.ts';

/** One element of a request body. */
export class XmlElement {
  readonly name: string;
  readonly children: readonly XmlElement[];
  readonly content: string;

  constructor(name: string, children: readonly XmlElement[], content: string) {
    this.name = name;
    this.children = children;
    this.content = content;
  }

  child(name: string): XmlElement | undefined {
    return this.children.find((child) => child.name === name);
  }

  /** The children of the list element `name`. */
  list(name: string): readonly XmlElement[] {
    return this.child(name)?.children ?? [];
  }

  text(name: string): string | undefined {
    return this.child(name)?.content;
  }
}

interface Open {
  readonly name: string;
  readonly children: XmlElement[];
  content: string;
}

const TOKEN = /<\?[^>]*\?>|<\/([^\s>]+)\s*>|<([^\s/>]+)[^>]*?(\/)?>|([^<]+)/gy;

/** Elements and text: all that a request to Route 53 holds. Attributes (namespaces) are skipped. */
export function readXml(xml: string): XmlElement {
  const root: Open = { name: '', children: [], content: '' };
  const open: Open[] = [root];
  let position = 0;
  for (const match of xml.matchAll(TOKEN)) {
    position = match.index + match[0].length;
    const [, closed, opened, isEmpty, text] = match;
    if (text !== undefined) top(open).content += unescapeXml(text);
    if (opened !== undefined) open.push({ name: opened, children: [], content: '' });
    if (closed !== undefined || isEmpty !== undefined) close(open, closed);
  }
  const [body] = root.children;
  if (body === undefined || open.length !== 1 || position !== xml.length) throw malformed();
  return body;
}

function close(open: Open[], name: string | undefined): void {
  const { name: opened, children, content } = top(open);
  if (open.length === 1 || (name !== undefined && name !== opened)) throw malformed();
  open.pop();
  top(open).children.push(new XmlElement(opened, children, content));
}

function top(open: readonly Open[]): Open {
  const last = open.at(-1);
  if (last === undefined) throw malformed();
  return last;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return ENTITIES[name ?? ''] ?? whole;
  });
}

function malformed(): Error {
  return invalidInput('The request body is not well-formed XML.');
}
