/** Just enough XML for CLIXML: elements, attributes, text, the five entities and numbers; no DTD, so nothing expands. */

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

export class XmlError extends Error {}

/** Deeper documents than this are none of ours. */
const DEEPEST = 200;

/** @throws XmlError with the line */
export function parseXml(source: string): XmlElement {
  const text = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source;
  const token =
    /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([A-Za-z_][\w.:-]*)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
  interface Open {
    readonly name: string;
    readonly attributes: Record<string, string>;
    readonly children: XmlElement[];
    text: string;
  }
  const open: Open[] = [{ name: '', attributes: {}, children: [], text: '' }];
  let at = 0;
  const fail = (why: string): never => {
    throw new XmlError(`line ${text.slice(0, at).split('\n').length}: ${why}`);
  };
  while (at < text.length) {
    const next = text.indexOf('<', at);
    const end = next < 0 ? text.length : next;
    open.at(-1)!.text += unescapeXml(text.slice(at, end));
    at = end;
    if (next < 0) break;
    token.lastIndex = at;
    const match = token.exec(text);
    if (!match) return fail(`"${text.slice(at, at + 20)}" is no markup that is taken here`);
    at = token.lastIndex;
    const [, cdata, closing, name, attributes, empty] = match;
    if (cdata !== undefined) open.at(-1)!.text += cdata;
    if (name === undefined) continue;
    if (closing) {
      const done = open.pop()!;
      if (done.name !== name || !open.length) return fail(`</${name}> closes nothing`);
      open.at(-1)!.children.push(done);
    } else {
      const element: Open = { name, attributes: attributesOf(attributes ?? ''), children: [], text: '' };
      if (empty) open.at(-1)!.children.push(element);
      else if (open.push(element) > DEEPEST) return fail('is nested too deeply');
    }
  }
  const root = open[0]!.children[0];
  if (open.length > 1) return fail(`<${open.at(-1)!.name}> is not closed`);
  if (!root || open[0]!.children.length > 1) return fail('needs exactly one root element');
  return root;
}

function attributesOf(text: string): Record<string, string> {
  const attributes: Record<string, string> = Object.create(null);
  for (const [, name, double, single] of text.matchAll(/([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g))
    attributes[name!] = unescapeXml(double ?? single ?? '');
  return attributes;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    const point = hex ? Number.parseInt(hex, 16) : Number(decimal);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char]!);
}
