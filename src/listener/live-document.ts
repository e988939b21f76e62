/**
 * store.json as the listener reads it: again and again, most of it unchanged. The text is cut at its connectors; those whose
 * text is as before keep their parsed object, so a store of 10,000 connectors in which one changed costs one parse, and an
 * unchanged connector is the same object (the reconciler compares by identity). Text in another layout than rc writes is
 * read as a whole. What is read is checked like everywhere else; nothing half right gets through.
 */
import { setImmediate } from 'node:timers/promises';
import { type Connector, readConnector, type StoredConnector, type Violation } from '../connector/connector.ts';
import { checkConnector, checkServer } from '../connector/rules.ts';
import type { Site } from '../connector/settings.ts';
import { printable } from '../connector/value-error.ts';
import type { StoreDocument } from '../store/document.ts';
import { parseDocument } from '../store/parse.ts';
import { StoreError } from '../store/store-error.ts';

export interface LiveDocument {
  readonly document: StoreDocument;
  readonly connectors: readonly Connector[];
}

interface Parsed {
  readonly stored: StoredConnector;
  readonly connector: Connector;
  readonly problems: readonly Violation[];
}

/** Connectors parsed before the event loop gets a turn: about 2 ms. */
const BATCH = 100;
/** Problems told at once. */
const MOST_TOLD = 20;

export class DocumentReader {
  #known = new Map<string, Parsed>();
  #site = '';
  /** Of the last good document: what connectors can clash in was checked on these objects. */
  #clashFree = new Map<string, Connector>();

  constructor(readonly path: string) {}

  /** @throws StoreError with the place and reason; `generation` is set on it when it could be read. */
  async read(text: string): Promise<LiveDocument> {
    const cut = cutAtConnectors(text, this.path);
    if (cut) {
      try {
        return await this.#checked(cut.around, cut.pieces);
      } catch (error) {
        // A piece that is not one object: the text is laid out otherwise after all, or broken; the whole says where.
        if (!(error instanceof SyntaxError)) throw error;
      }
    }
    return this.#checked(parseDocument(text, this.path));
  }

  async #checked(document: StoreDocument, pieces?: readonly string[]): Promise<LiveDocument> {
    try {
      return await this.#parse(document, pieces);
    } catch (error) {
      if (error instanceof StoreError) Object.assign(error, { generation: document.generation });
      throw error;
    }
  }

  async #parse(document: StoreDocument, pieces: readonly string[] | undefined): Promise<LiveDocument> {
    const site: Site = { server: document.server.name, fqdn: document.server.fqdn };
    const siteKey = JSON.stringify(site);
    const known = siteKey === this.#site ? this.#known : new Map<string, Parsed>();
    const next = new Map<string, Parsed>();
    const all: Parsed[] = [];
    const texts = pieces ?? document.connectors.map((stored) => JSON.stringify(stored));
    let fresh = 0;
    for (const [index, text] of texts.entries()) {
      let parsed = known.get(text);
      if (!parsed) {
        if (fresh++ % BATCH === BATCH - 1) await setImmediate();
        parsed = this.#parseOne(text, site, index);
      }
      next.set(text, parsed);
      all.push(parsed);
    }
    const violations = all.flatMap((parsed) => parsed.problems);
    const connectors = all.map((parsed) => parsed.connector);
    if (!violations.length && this.#mayClash(connectors)) violations.push(...checkServer(connectors));
    if (violations.length) throw invalid(this.path, violations);
    this.#known = next;
    this.#site = siteKey;
    this.#clashFree = new Map(connectors.map((c) => [c.Guid, c]));
    return { document: pieces ? { ...document, connectors: all.map((p) => p.stored) } : document, connectors };
  }

  #parseOne(text: string, site: Site, index: number): Parsed {
    const stored = JSON.parse(text) as StoredConnector; // @throws SyntaxError
    const at = (key: string) => `connectors[${index}] "${stored.Name}" ${key}`;
    const problems: Violation[] = [];
    const connector = readConnector(stored, site, (key, message) => problems.push({ path: at(key), message }));
    if (!problems.length)
      for (const v of checkConnector(connector)) problems.push({ path: at(v.path), message: v.message });
    return { stored, connector, problems };
  }

  /** Is there a connector whose name, bindings or ranges were not among those already checked against one another? */
  #mayClash(connectors: readonly Connector[]): boolean {
    const guids = new Set<string>();
    let news = false;
    for (const c of connectors) {
      guids.add(c.Guid);
      const before = this.#clashFree.get(c.Guid);
      if (before === c || news) continue;
      news =
        !before ||
        before.Name !== c.Name ||
        !same(before.Bindings, c.Bindings) ||
        !same(before.RemoteIPRanges, c.RemoteIPRanges);
    }
    return news || guids.size !== connectors.length;
  }
}

function same(a: readonly object[], b: readonly object[]): boolean {
  return a === b || (a.length === b.length && a.every((item, i) => String(item) === String(b[i])));
}

function invalid(path: string, violations: readonly Violation[]): StoreError {
  const lines = violations.slice(0, MOST_TOLD).map((v) => `  ${printable(v.path)}: ${v.message}`);
  if (violations.length > MOST_TOLD) lines.push(`  and ${violations.length - MOST_TOLD} more`);
  return new StoreError('invalid', `The store ${path} has settings that cannot be:\n${lines.join('\n')}`);
}

/** Stands in for the connectors while the rest of the document is read. */
const PLACE = '{"Name":"\\u0000connectors"}';
const OPEN = '\n  "connectors": [\n    {\n';
const BETWEEN = '\n    },\n    {\n';
const CLOSE = '\n    }\n  ]';

/**
 * The document around its connectors, and each connector's text; `undefined` when the text is not laid out as rc writes it.
 * Safe for any text: JSON strings cannot hold a newline, so a cut is between tokens; the rest with one stand-in must parse to
 * exactly that stand-in at `connectors`, and every piece must parse as an object by itself.
 */
function cutAtConnectors(text: string, path: string): { around: StoreDocument; pieces: string[] } | undefined {
  const open = text.indexOf(OPEN);
  if (open < 0) return undefined;
  const start = open + OPEN.length;
  const end = text.indexOf(CLOSE, start - 1);
  if (end < 0) return undefined;
  const head = text.slice(0, open + '\n  "connectors": ['.length);
  const tail = text.slice(end + CLOSE.length - 1);
  let around: StoreDocument;
  try {
    around = parseDocument(head + PLACE + tail, path);
  } catch {
    return undefined;
  }
  if (around.connectors.length !== 1 || around.connectors[0]!.Name !== '\0connectors') return undefined;
  const pieces = text.slice(start, end).split(BETWEEN);
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i]!;
    if (!/^ {6}"Name": "/.test(piece)) return undefined;
    pieces[i] = `{${piece}}`;
  }
  return { around: { ...around, connectors: [] }, pieces };
}
