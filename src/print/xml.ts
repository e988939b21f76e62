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

interface Open {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: XmlElement[];
  text: string;
}

/**
 * The root element, its children not in it but given one by one as they are read, so that a large file is never in
 * memory as a whole tree. @throws XmlError with the line
 */
export function* readXml(source: string): Generator<XmlElement, XmlElement> {
  let at = source.charCodeAt(0) === 0xfeff ? 1 : 0;
  const open: Open[] = [];
  let root: Open | undefined;
  const fail = (why: string): never => {
    throw new XmlError(`line ${source.slice(0, at).split('\n').length}: ${why}`);
  };
  while (at < source.length) {
    const next = source.indexOf('<', at);
    const end = next < 0 ? source.length : next;
    if (end > at) {
      const text = unescapeXml(source.slice(at, end));
      const inside = open.at(-1);
      if (inside) inside.text += text;
      else if (text.trim() !== '') fail('has text outside of its root element');
    }
    if (next < 0) break;
    at = next;
    if (source[at + 1] === '!' || source[at + 1] === '?') {
      const [from, to, isText] = source.startsWith('<!--', at)
        ? [4, '-->', false]
        : source.startsWith('<![CDATA[', at)
          ? [9, ']]>', true]
          : source[at + 1] === '?'
            ? [2, '?>', false]
            : fail('a document type is not taken');
      const close = source.indexOf(to, at + from);
      if (close < 0) return fail('has markup that does not end');
      if (isText && open.length) open.at(-1)!.text += source.slice(at + from, close);
      at = close + to.length;
      continue;
    }
    const close = source.indexOf('>', at);
    if (close < 0) return fail('has markup that does not end');
    if (source[at + 1] === '/') {
      const name = source.slice(at + 2, close).trimEnd();
      const done = open.pop();
      if (!done || done.name !== name) return fail(`</${name}> closes nothing`);
      if (open.length > 1) open.at(-1)!.children.push(done);
      else if (open.length === 1) yield done;
      at = close + 1;
      continue;
    }
    const empty = source[close - 1] === '/';
    const element = opened(source.slice(at + 1, empty ? close - 1 : close));
    if (!element) return fail(`<${source.slice(at + 1, at + 30)} is no element`);
    if (!open.length) {
      if (root) return fail('needs exactly one root element');
      root = element;
    }
    at = close + 1;
    if (!empty) {
      if (open.push(element) > DEEPEST) return fail('is nested too deeply');
    } else if (open.length > 1) open.at(-1)!.children.push(element);
    else if (open.length === 1) yield element;
  }
  if (open.length) return fail(`<${open.at(-1)!.name}> is not closed`);
  return root ?? fail('needs exactly one root element');
}

const NAME = /^[A-Za-z_][\w.:-]*$/;
const ATTRIBUTES = /^(?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*$/;

/** What stands between < and >. A `>` within an attribute's value is written `&gt;`, here and by PowerShell. */
function opened(tag: string): Open | undefined {
  const space = tag.search(/\s/);
  const name = space < 0 ? tag : tag.slice(0, space);
  const rest = space < 0 ? '' : tag.slice(space);
  if (!NAME.test(name) || !ATTRIBUTES.test(rest)) return undefined;
  const attributes: Record<string, string> = {};
  for (const match of rest.matchAll(/([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    if (match[1] !== '__proto__') attributes[match[1]!] = unescapeXml(match[2] ?? match[3] ?? '');
  }
  return { name, attributes, children: [], text: '' };
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
