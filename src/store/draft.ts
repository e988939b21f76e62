/** A document being looked at or changed in memory: connectors parsed when asked for, replaced never mutated. */
import type { Report } from '../domain/catalogue.ts';
import {
  type BothForms,
  type Connector,
  checkRecord,
  type Edits,
  editConnector,
  type Own,
  orderKeys,
  readConnector,
  type StoredConnector,
  sameJson,
  type Violation,
} from '../domain/connector.ts';
import { connectorsMeant, type Meant } from '../domain/identity.ts';
import { isDomain } from '../domain/kind.ts';
import {
  DOMAIN_ALLOWED,
  domainLabelProblem,
  domainProblem,
  domainTypeProblem,
  serverNameProblem,
  userNameProblem,
} from '../domain/names.ts';
import { parsePasswordHash } from '../domain/password-hash.ts';
import { checkBetween, checkConnector } from '../domain/rules.ts';
import type { Servers } from '../domain/servers.ts';
import type { Site } from '../domain/setting.ts';
import { checkTransport, readTransport } from '../domain/transport.ts';
import { printable, show } from '../text/printable.ts';
import { didYouMean } from '../text/suggest.ts';
import { foldText, sameText } from '../text/wildcard.ts';
import { type StoreDocument, type StoredTransport, serversOf } from './document.ts';

export class Draft {
  readonly #parsed = new WeakMap<StoredConnector, Connector>();
  #servers:
    | {
        readonly server: StoreDocument['server'];
        readonly others: StoreDocument['servers'];
        readonly known: Servers;
      }
    | undefined;

  /** The generation that this change takes back, for the history. */
  undoes: number | undefined;
  /** The servers that this is limited to. */
  undoesOn: readonly string[] | undefined;
  /** What the history says in the place of a command: what ended by itself. */
  command: string | undefined;

  /** How far the clock that holds for this change is ahead of this machine's, in milliseconds: servers of a fleet go by its engine's. */
  aheadMs = 0;

  constructor(public document: StoreDocument) {}

  /** This home's server. */
  get site(): Site {
    return this.servers.own;
  }

  /** This home's server and the others. */
  get servers(): Servers {
    const { server, servers } = this.document;
    if (this.#servers?.server !== server || this.#servers.others !== servers)
      this.#servers = { server, others: servers, known: serversOf(this.document) };
    return this.#servers.known;
  }

  /** `SERVER\Name` of a connector, as people type it. */
  identity(stored: StoredConnector): string {
    return `${this.servers.of(stored).server}\\${stored.Name}`;
  }

  /** The connector as short as it can be said: by its name; another server's with its server. */
  label(stored: StoredConnector): string {
    return this.servers.isOwn(stored) ? stored.Name : this.identity(stored);
  }

  #labelOf(connector: Connector): string {
    return this.servers.isOwn(connector) ? connector.Name : connector.Identity;
  }

  /** The typed connector; problems of a hand-edited document go to `report`, or are passed over. */
  connector(stored: StoredConnector, report: Report = () => {}): Connector {
    let connector = this.#parsed.get(stored);
    if (!connector) {
      connector = readConnector(stored, this.servers.of(stored), report);
      this.#parsed.set(stored, connector);
    }
    return connector;
  }

  /** The connector with the edits made, put nowhere yet. What it means is known then without reading it again. */
  edited(stored: StoredConnector, edits: Edits, report: Report, own?: Own, until?: string): BothForms {
    const site = this.servers.of(stored);
    const made = editConnector({ stored, connector: this.connector(stored) }, edits, site, report, own, until);
    this.#parsed.set(made.stored, made.connector);
    return made;
  }

  /** The stored connectors an identity means, in document order. @param onServers only on these servers */
  find(identity: string, onServers?: readonly Site[]): Meant<StoredConnector> {
    const { servers } = this;
    return connectorsMeant(identity, this.connectorsOf(onServers), servers);
  }

  /** The stored connector with this Guid, as it is after the changes so far; `undefined` when it is gone. */
  byGuid(guid: string): StoredConnector | undefined {
    return this.document.connectors.find((c) => c.Guid === guid);
  }

  /** The stored connectors of these servers; of all when it is not said. */
  connectorsOf(onServers?: readonly Site[]): readonly StoredConnector[] {
    const { connectors } = this.document;
    if (!onServers) return connectors;
    const names = new Set(onServers.map(({ server }) => foldText(server)));
    return connectors.filter((c) => names.has(foldText(this.servers.of(c).server)));
  }

  /** Those of this home's server. */
  get own(): readonly StoredConnector[] {
    const { servers } = this;
    const { connectors } = this.document;
    return servers.others.length ? connectors.filter((c) => servers.isOwn(c)) : connectors;
  }

  /** Transport settings of a server, as stored. */
  transportOf({ server }: Site): StoredTransport {
    const { document } = this;
    if (sameText(server, document.server.name)) return document.transport;
    return document.servers?.find((one) => sameText(one.name, server))?.transport ?? {};
  }

  /** Puts a server's transport settings in place of those it has. */
  putTransport({ server }: Site, transport: StoredTransport): void {
    const { document } = this;
    if (sameText(server, document.server.name)) this.document = { ...document, transport };
    else {
      const bare = Object.keys(transport).length ? { transport } : {};
      const servers = document.servers?.map((one) =>
        sameText(one.name, server) ? { name: one.name, fqdn: one.fqdn, ...bare } : one,
      );
      this.document = { ...document, ...(servers ? { servers } : {}) };
    }
  }

  /** Puts `next` where the connector with its Guid stands, or at the end. */
  putConnector(next: StoredConnector): void {
    const { connectors } = this.document;
    const at = connectors.findIndex((c) => c.Guid === next.Guid);
    const { Server, ...rest } = next;
    // this home's own connectors do not say whose they are
    const ordered = orderKeys(this.servers.isOwn(next) ? rest : { ...rest, Server }) as StoredConnector;
    const known = this.#parsed.get(next);
    if (known) this.#parsed.set(ordered, known);
    this.document = {
      ...this.document,
      connectors: at < 0 ? [...connectors, ordered] : connectors.with(at, ordered),
    };
  }

  removeConnector(guid: string): void {
    this.document = { ...this.document, connectors: this.document.connectors.filter((c) => c.Guid !== guid) };
  }

  /** Everything wrong with the document's connectors, each alone and between them. */
  violations(): Violation[] {
    const violations: Violation[] = [];
    const connectors = this.document.connectors.map((stored, index) => {
      const at = (key: string) => `connectors[${index}] "${stored.Name}" ${key}`;
      const problems: Violation[] = [];
      const problem = (key: string, message: string) =>
        problems.push({ path: at(key), message, at: ['connectors', index, key] });
      if (stored.Server !== undefined && !this.servers.has(String(stored.Server)))
        problem('Server', `${show(stored.Server)} is not among the servers of the store`);
      const connector = readConnector(stored, this.servers.of(stored), problem);
      if (!problems.length) {
        this.#parsed.set(stored, connector);
        for (const v of checkConnector(connector)) problem(v.path, v.message);
      }
      violations.push(...problems);
      return connector;
    });
    if (!violations.length) violations.push(...checkBetween(connectors, (c) => this.#labelOf(c)));
    violations.push(...violationsAround(this.document));
    return violations;
  }

  /**
   * Names, bindings and ranges that cannot stand beside one another. `before`, a document without clashes, spares looking at
   * what has not changed since: only a connector that is new in name, binding or range can clash, with those that have its
   * name or share a binding with it.
   */
  clashes(before: StoreDocument): Violation[] {
    const { connectors } = this.document;
    const known = new Map(before.connectors.map((c) => [c.Guid, c]));
    const changed = new Set(connectors.filter((c) => known.get(c.Guid) !== c));
    const names = new Set([...changed].map((c) => c.Name.toLowerCase()));
    const guids = new Set([...changed].map((c) => c.Guid));
    const keysOf = (c: StoredConnector) => {
      const { server } = this.servers.of(c);
      const bindings = plainBindings(c) ?? this.connector(c).Bindings.map(String);
      return bindings.map((key) => `${server} ${key}`);
    };
    const keys = new Set([...changed].flatMap(keysOf));
    const concerned = connectors.filter(
      (c) =>
        changed.has(c) ||
        guids.has(c.Guid) ||
        names.has(c.Name.toLowerCase()) ||
        keysOf(c).some((key) => keys.has(key)),
    );
    return checkBetween(
      concerned.map((stored) => this.connector(stored)),
      (c) => this.#labelOf(c),
    );
  }

  /** Does the change from `before` concern names, bindings or ranges, the settings that connectors can clash in? */
  static mayClash(before: StoreDocument, after: StoreDocument): boolean {
    if (before.connectors === after.connectors) return false;
    const known = new Map(before.connectors.map((c) => [c.Guid, c]));
    return after.connectors.some((c) => {
      const old = known.get(c.Guid);
      if (old === c) return false;
      return (
        !old ||
        old.Server !== c.Server ||
        old.Name !== c.Name ||
        !sameJson(old.Bindings, c.Bindings) ||
        !sameJson(old.RemoteIPRanges, c.RemoteIPRanges)
      );
    });
  }
}

const PLAIN_BINDING = /^(?:(?:0|[1-9]\d*)\.){3}(?:0|[1-9]\d*):[1-9]\d*$/;

/** The bindings of a stored connector where each stands there in its one printed form, as most do. */
function plainBindings({ Bindings: given = [] }: StoredConnector): readonly string[] | undefined {
  return Array.isArray(given) && given.every((b) => typeof b === 'string' && PLAIN_BINDING.test(b)) ? given : undefined;
}

/** Everything wrong with a document beside its connectors: other servers, transport settings, accepted domains, users. */
export function violationsAround(document: StoreDocument): Violation[] {
  const violations: Violation[] = [];
  const { transport, acceptedDomains, users, servers = [] } = document;
  const checkSettings = (settings: StoredTransport, path: string, at: readonly (string | number)[]) => {
    if (!Object.keys(settings).length) return;
    const problems: Violation[] = [];
    const report = (key: string, message: string) =>
      problems.push({ path: `${path}.${key}`, message, at: [...at, key] });
    const read = readTransport(settings, report);
    if (!problems.length) for (const v of checkTransport(read)) report(v.path, v.message);
    violations.push(...problems);
  };
  checkSettings(transport, 'transport', ['transport']);
  const { name: own } = document.server;
  const ownProblem = own === '' ? undefined : serverNameProblem(own);
  if (ownProblem)
    violations.push({ path: 'server.name', message: `${show(own)} ${ownProblem}`, at: ['server', 'name'] });
  const taken = new Set([foldText(own)]);
  servers.forEach((one, i) => {
    const report = (key: 'name' | 'fqdn', problem: string | undefined) =>
      problem &&
      violations.push({
        path: `servers[${i}] ${show(one.name)} ${key}`,
        message: `${show(one[key])} ${problem}`,
        at: ['servers', i, key],
      });
    report('name', serverNameProblem(one.name) ?? (taken.has(foldText(one.name)) ? 'is taken already' : undefined));
    report('fqdn', one.fqdn === '' || isDomain(one.fqdn) ? undefined : 'is not a domain');
    taken.add(foldText(one.name));
    checkSettings(one.transport ?? {}, `servers[${i}] ${show(one.name)} transport`, ['servers', i, 'transport']);
  });
  const domains = eachOf(
    'acceptedDomains',
    acceptedDomains,
    'DomainName DomainType Default',
    ({ Name, DomainName, DomainType }) => [
      ['Name', Name, domainLabelProblem(Name)],
      [
        'DomainName',
        DomainName,
        typeof DomainName === 'string' && domainProblem(DomainName.toLowerCase()) === undefined
          ? undefined
          : `is not a domain; allowed: ${DOMAIN_ALLOWED}`,
      ],
      ['DomainType', DomainType, domainTypeProblem(DomainName, DomainType)],
    ],
  );
  const named = eachOf('users', users, 'PasswordHash Enabled', ({ Name, PasswordHash, Enabled }) => [
    ['Name', Name, userNameProblem(Name)],
    // of what stands there nothing is shown: it may be a password
    ['PasswordHash', '…', parsePasswordHash(PasswordHash) ? undefined : 'is not a hash that rc made'],
    ['Enabled', Enabled, typeof Enabled === 'boolean' ? undefined : 'is not true or false'],
  ]);
  return [...violations, ...domains, ...named];
}

type Found = readonly (readonly [key: string, value: unknown, problem: string | undefined])[];

/** What is wrong with the items of a section, and which of them are there twice. @param keys that they have besides what all have */
function eachOf<T extends { readonly Name: string; readonly Guid: string }>(
  section: string,
  items: readonly T[],
  keys: string,
  problems: (item: T) => Found,
): Violation[] {
  const known = new Set(['Name', 'Guid', 'WhenChanged', ...keys.split(' ')]);
  const violations: Violation[] = [];
  const taken = new Set<string>();
  items.forEach((item, i) => {
    const tell = (key: string, message: string) =>
      violations.push({
        path: `${section}[${i}] ${show(item.Name)} ${printable(key)}`,
        message,
        at: [section, i, key],
      });
    for (const [key, value, problem] of problems(item)) if (problem) tell(key, `${show(value)} ${problem}`);
    checkRecord(item, ['Guid', 'WhenChanged'], tell);
    for (const key of Object.keys(item))
      if (!known.has(key)) tell(key, `is nothing that is kept here${didYouMean(key, known)}`);
    for (const [key, value] of Object.entries({ Name: item.Name, Guid: item.Guid, ...twinKeys(item) })) {
      if (value === undefined) continue;
      const id = `${key} ${String(value).toLowerCase()}`;
      if (taken.has(id)) tell(key, `${show(value)} is taken already`);
      taken.add(id);
    }
  });
  return violations;
}

/** Besides its name, what only one of a kind may have. */
function twinKeys(item: object): Record<string, unknown> {
  return 'DomainName' in item ? { DomainName: item.DomainName } : {};
}
