/**
 * store.json as the listener reads it: again and again, most of it unchanged. The bytes are cut at the connectors; those
 * whose bytes are as before keep their parsed object, so in a store of 10,000 connectors a change of one costs one parse, and
 * an unchanged connector is the same object (the reconciler compares by identity). Text in another layout than rc writes is
 * read as a whole. What is read is checked like everywhere else; nothing half right gets through.
 */
import { setImmediate } from 'node:timers/promises';
import { type Connector, readConnector, type StoredConnector, type Violation } from '../../domain/connector.ts';
import { checkBetween, checkConnector } from '../../domain/rules.ts';
import { Servers } from '../../domain/servers.ts';
import { type StoreDocument, serversOf } from '../../store/document.ts';
import { violationsAround } from '../../store/draft.ts';
import { parseDocument } from '../../store/parse.ts';
import { StoreError } from '../../store/store-error.ts';
import { twice, validate } from '../../store/validate.ts';
import { show } from '../../text/printable.ts';
import type { LiveServer } from '../contracts/live-server.ts';
import { type Cut, cutAtConnectors, NotCut } from './incremental-parse.ts';

export interface LiveDocument {
  readonly document: StoreDocument;
  /** Those of this home's server, which are all that a listener runs. */
  readonly connectors: readonly Connector[];
  /** The same as they are stored. */
  readonly stored: readonly StoredConnector[];
}

/** What is not the connectors'. */
export function liveServer(document: StoreDocument): LiveServer {
  const { generation, server, acceptedDomains, users, transport } = document;
  return { generation, name: server.name, fqdn: server.fqdn, acceptedDomains, users, transport };
}

/** The last good document. */
interface Known {
  /** What its connectors were read by: the servers' names and FQDNs. */
  readonly siteKey: string;
  readonly servers: Servers;
  readonly cut: Cut | undefined;
  readonly stored: readonly StoredConnector[];
  readonly connectors: readonly Connector[];
}

/** Connectors parsed before the event loop gets a turn: a few milliseconds. */
const BATCH = 25;
/** Connectors from which on a step over all of them takes long enough to be noticed. */
const MANY = 1000;
/** Problems told at once. */
const MOST_TOLD = 20;

const NOTHING: Known = {
  siteKey: '',
  servers: new Servers({ server: '', fqdn: '' }),
  cut: undefined,
  stored: [],
  connectors: [],
};

export class DocumentReader {
  #known = NOTHING;
  /** Connectors of the last good document: names, bindings and ranges of these do not clash. */
  readonly #byGuid = new Map<string, Connector>();

  constructor(readonly path: string) {}

  /** @throws StoreError with the place and reason; `generation` is set on it when it could be read. */
  async read(bytes: Buffer): Promise<LiveDocument> {
    const cut = cutAtConnectors(bytes, this.path, this.#known.cut);
    if (cut) {
      try {
        return await this.#parse(bytes, cut.around, cut);
      } catch (error) {
        if (!(error instanceof NotCut)) throw error;
      }
    }
    const text = bytes.toString('utf8');
    const document = parseDocument(text, this.path);
    if (twice(text).length)
      throw Object.assign(invalid(document, bytes, this.path, []), { generation: document.generation });
    return this.#parse(bytes, document, undefined);
  }

  async #parse(bytes: Buffer, document: StoreDocument, cut: Cut | undefined): Promise<LiveDocument> {
    const servers = serversOf(document);
    const siteKey = JSON.stringify(servers.all);
    const known = this.#known;
    // Connectors of the same servers at the front and at the back that are the same bytes as before; the rest is looked at.
    const keep = cut && known.cut && siteKey === known.siteKey;
    const front = keep ? cut.sameBefore : 0;
    const back = keep ? cut.sameAfter : 0;
    const stored = cut ? await piecesOf(cut, front, back) : document.connectors;
    const old = { from: front, to: known.connectors.length - back };
    const violations: Violation[] = [];
    const middle = await this.#parseSome(stored, old, servers, front, violations);
    violations.push(...violationsAround(document));
    const around = (list: readonly Connector[]) => [
      ...known.connectors.slice(0, front),
      ...list,
      ...known.connectors.slice(known.connectors.length - back),
    ];
    const connectors = around(middle);
    // Sessions get their turn between the steps that grow with the number of connectors.
    if (connectors.length > MANY) await setImmediate();
    const gone = known.connectors.slice(old.from, old.to);
    if (!violations.length) violations.push(...this.#clashes(connectors, middle, gone));
    if (violations.length) {
      const whole = { ...document, connectors: cut ? cut.all() : document.connectors };
      throw Object.assign(invalid(whole, bytes, this.path, violations), { generation: document.generation });
    }

    for (const c of gone) this.#byGuid.delete(c.Guid);
    for (const c of middle) this.#byGuid.set(c.Guid, c);
    const allStored = [...known.stored.slice(0, front), ...stored, ...known.stored.slice(known.stored.length - back)];
    this.#known = { siteKey, servers, cut, stored: allStored, connectors };
    if (connectors.length > MANY) await setImmediate();
    return { document: { ...document, connectors: allStored }, ...ownOf(servers, connectors, allStored) };
  }

  /**
   * Parses connectors; those that only moved are found by their JSON among the known ones in `reusable`, as far as their own
   * server is as it was.
   */
  async #parseSome(
    all: readonly StoredConnector[],
    reusable: { readonly from: number; readonly to: number },
    servers: Servers,
    offset: number,
    violations: Violation[],
  ): Promise<Connector[]> {
    const known = this.#known;
    const byText = new Map<string, Connector>();
    const keyOf = (stored: StoredConnector, of: Servers) => {
      const { server, fqdn } = of.of(stored);
      return `${server} ${fqdn} ${JSON.stringify(stored)}`;
    };
    for (let i = reusable.from; i < reusable.to; i++) {
      if (i % 500 === 499) await setImmediate();
      byText.set(keyOf(known.stored[i]!, known.servers), known.connectors[i]!);
    }
    const connectors: Connector[] = [];
    let fresh = 0;
    for (const [index, stored] of all.entries()) {
      const same = byText.size ? byText.get(keyOf(stored, servers)) : undefined;
      if (!same && ++fresh % BATCH === 0) await setImmediate();
      connectors.push(same ?? keepLists(parseOne(stored, servers, offset + index, violations), this.#byGuid));
    }
    return connectors;
  }

  /** Problems between connectors, looked for only where a name, a binding, a range or a Guid is new. */
  #clashes(all: readonly Connector[], middle: readonly Connector[], gone: readonly Connector[]): Violation[] {
    const leaving = new Set(gone.map((c) => c.Guid));
    const guids = new Set<string>();
    const fresh: Connector[] = [];
    for (const c of middle) {
      const before = this.#byGuid.get(c.Guid);
      if (guids.has(c.Guid) || (before && !leaving.has(c.Guid))) return checkBetween(all); // a Guid twice
      guids.add(c.Guid);
      if (before !== c && !(before && sameInClashes(before, c))) fresh.push(c);
    }
    if (!fresh.length) return [];
    if (fresh.length > 20) return checkBetween(all);
    // Few are new: only those that share a name or meet on a binding can clash with them.
    const names = new Set(fresh.map((c) => c.Name.toLowerCase()));
    const concerned = (c: Connector) =>
      fresh.includes(c) || names.has(c.Name.toLowerCase()) || fresh.some((f) => meet(f, c));
    return checkBetween(all.filter(concerned));
  }
}

/** This home's among the connectors. */
function ownOf(
  servers: Servers,
  connectors: readonly Connector[],
  stored: readonly StoredConnector[],
): Pick<LiveDocument, 'connectors' | 'stored'> {
  if (!servers.others.length) return { connectors, stored };
  const own = stored.map((one) => servers.isOwn(one));
  return { connectors: connectors.filter((_, i) => own[i]), stored: stored.filter((_, i) => own[i]) };
}

async function piecesOf(cut: Cut, front: number, back: number): Promise<StoredConnector[]> {
  const pieces: StoredConnector[] = [];
  for (let i = front; i < cut.starts.length - back; i++) {
    if (pieces.length % 500 === 499) await setImmediate();
    pieces.push(cut.piece(i));
  }
  return pieces;
}

function parseOne(stored: StoredConnector, servers: Servers, index: number, violations: Violation[]): Connector {
  const at = (key: string) => `connectors[${index}] "${stored.Name}" ${key}`;
  let good = true;
  const problem = (key: string, message: string) => {
    good = false;
    violations.push({ path: at(key), message });
  };
  if (stored.Server !== undefined && !servers.has(String(stored.Server)))
    problem('Server', `${show(stored.Server)} is not among the servers of the store`);
  const connector = readConnector(stored, servers.of(stored), problem);
  if (good) for (const v of checkConnector(connector)) violations.push({ path: at(v.path), message: v.message });
  return connector;
}

/** Gives a changed connector the unchanged lists of the one before, so that whoever compares them sees it at once. */
function keepLists(connector: Connector, known: ReadonlyMap<string, Connector>): Connector {
  const before = known.get(connector.Guid);
  if (!before) return connector;
  const kept: { -readonly [K in 'Bindings' | 'RemoteIPRanges']?: Connector[K] } = connector;
  if (sameList(before.Bindings, connector.Bindings)) kept.Bindings = before.Bindings;
  if (sameList(before.RemoteIPRanges, connector.RemoteIPRanges)) kept.RemoteIPRanges = before.RemoteIPRanges;
  return connector;
}

function sameInClashes(a: Connector, b: Connector): boolean {
  return (
    a.Server === b.Server &&
    a.Name === b.Name &&
    sameList(a.Bindings, b.Bindings) &&
    sameList(a.RemoteIPRanges, b.RemoteIPRanges)
  );
}

/** Are these lists of bindings or ranges the same, element by element? */
export function sameList(a: readonly object[], b: readonly object[]): boolean {
  return a === b || (a.length === b.length && a.every((item, i) => String(item) === String(b[i])));
}

/** Do both listen, on one server, on one binding with ranges that have an address in common? */
function meet(a: Connector, b: Connector): boolean {
  return (
    a.Server === b.Server &&
    a.Bindings.some((x) => b.Bindings.some((y) => x.port === y.port && x.address === y.address)) &&
    a.RemoteIPRanges.some((x) => b.RemoteIPRanges.some((y) => x.overlaps(y)))
  );
}

/** What is wrong, as every command says it: with line and column. */
function invalid(document: StoreDocument, bytes: Buffer, path: string, violations: readonly Violation[]): StoreError {
  try {
    validate(document, bytes.toString('utf8'), path);
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
  const lines = violations.slice(0, MOST_TOLD).map((v) => `  ${v.path}: ${v.message}`);
  return new StoreError('invalid', `The store ${path} has settings that cannot be:\n${lines.join('\n')}`);
}
