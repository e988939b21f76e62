/** A document being looked at or changed in memory: connectors parsed when asked for, replaced never mutated. */
import {
  type Connector,
  orderKeys,
  readConnector,
  type StoredConnector,
  sameJson,
  type Violation,
} from '../domain/connector.ts';
import { identityMatcher } from '../domain/identity.ts';
import {
  DOMAIN_ALLOWED,
  domainLabelProblem,
  domainProblem,
  domainTypeProblem,
  userNameProblem,
} from '../domain/names.ts';
import { parsePasswordHash } from '../domain/password-hash.ts';
import { checkConnector, checkServer } from '../domain/rules.ts';
import { SETTINGS, type Site } from '../domain/settings.ts';
import { checkTransport, readTransport } from '../domain/transport.ts';
import type { Binding } from '../domain/value.ts';
import { show } from '../text/printable.ts';
import type { StoreDocument } from './document.ts';

export class Draft {
  readonly #parsed = new WeakMap<StoredConnector, Connector>();

  /** The generation that this change takes back, for the history. */
  undoes: number | undefined;

  constructor(public document: StoreDocument) {}

  get site(): Site {
    return { server: this.document.server.name, fqdn: this.document.server.fqdn };
  }

  /** The typed connector; problems of a hand-edited document go to `report`, or are passed over. */
  connector(stored: StoredConnector, report: (key: string, message: string) => void = () => {}): Connector {
    let connector = this.#parsed.get(stored);
    if (!connector) {
      connector = readConnector(stored, this.site, report);
      this.#parsed.set(stored, connector);
    }
    return connector;
  }

  /** The stored connectors an identity means, in document order. */
  find(identity: string): { isPattern: boolean; found: StoredConnector[] } {
    const matcher = identityMatcher(identity);
    const { name } = this.document.server;
    return { isPattern: matcher.isPattern, found: this.document.connectors.filter((c) => matcher.matches(c, name)) };
  }

  /** Puts `next` where the connector with its Guid stands, or at the end. */
  putConnector(next: StoredConnector): void {
    const { connectors } = this.document;
    const at = connectors.findIndex((c) => c.Guid === next.Guid);
    const ordered = orderKeys(next) as StoredConnector;
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
      const connector = readConnector(stored, this.site, problem);
      if (!problems.length) {
        this.#parsed.set(stored, connector);
        for (const v of checkConnector(connector)) problem(v.path, v.message);
      }
      violations.push(...problems);
      return connector;
    });
    if (!violations.length) violations.push(...checkServer(connectors));
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
    const keys = new Set([...changed].flatMap(bindingKeys));
    const concerned = connectors.filter(
      (c) =>
        changed.has(c) ||
        guids.has(c.Guid) ||
        names.has(c.Name.toLowerCase()) ||
        bindingKeys(c).some((key) => keys.has(key)),
    );
    return checkServer(concerned.map((stored) => this.connector(stored)));
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
        old.Name !== c.Name ||
        !sameJson(old.Bindings, c.Bindings) ||
        !sameJson(old.RemoteIPRanges, c.RemoteIPRanges)
      );
    });
  }
}

const PLAIN_BINDING = /^(?:(?:0|[1-9]\d*)\.){3}(?:0|[1-9]\d*):[1-9]\d*$/;

/** The bindings of a stored connector, each in its one printed form; most are stored in it. */
function bindingKeys(stored: StoredConnector): readonly string[] {
  const given = stored.Bindings;
  if (Array.isArray(given) && given.every((b) => typeof b === 'string' && PLAIN_BINDING.test(b))) return given;
  return given === undefined ? [] : (SETTINGS.Bindings.kind.parse(given) as readonly Binding[]).map(String);
}

/** Everything wrong with a document beside its connectors: transport settings, accepted domains, users. */
export function violationsAround(document: StoreDocument): Violation[] {
  const violations: Violation[] = [];
  const { transport, acceptedDomains, users } = document;
  if (Object.keys(transport).length) {
    const report = (key: string, message: string) =>
      violations.push({ path: `transport.${key}`, message, at: ['transport', key] });
    const read = readTransport(transport, report);
    if (!violations.length) for (const v of checkTransport(read)) report(v.path, v.message);
  }
  const each = <T extends { readonly Name: string }>(
    section: string,
    items: readonly T[],
    problems: (item: T) => Found,
  ) => {
    const taken = new Set<string>();
    items.forEach((item, i) => {
      const report = (key: string, value: unknown, problem: string | undefined) =>
        problem &&
        violations.push({
          path: `${section}[${i}] ${show(item.Name)} ${key}`,
          message: `${show(value)} ${problem}`,
          at: [section, i, key],
        });
      for (const [key, value, problem] of problems(item)) report(key, value, problem);
      for (const [key, value] of Object.entries({ Name: item.Name, ...twinKeys(item) })) {
        const id = `${key} ${String(value).toLowerCase()}`;
        if (taken.has(id)) report(key, value, 'is taken already');
        taken.add(id);
      }
    });
  };
  each('acceptedDomains', acceptedDomains, ({ Name, DomainName, DomainType }) => [
    ['Name', Name, domainLabelProblem(Name)],
    [
      'DomainName',
      DomainName,
      typeof DomainName === 'string' && domainProblem(DomainName.toLowerCase()) === undefined
        ? undefined
        : `is not a domain; allowed: ${DOMAIN_ALLOWED}`,
    ],
    ['DomainType', DomainType, domainTypeProblem(DomainName, DomainType)],
  ]);
  each('users', users, ({ Name, PasswordHash, Enabled }) => [
    ['Name', Name, userNameProblem(Name)],
    [
      'PasswordHash',
      typeof PasswordHash === 'string' ? PasswordHash.slice(0, 6) : PasswordHash,
      parsePasswordHash(PasswordHash) ? undefined : 'is not a hash that rc made',
    ],
    ['Enabled', Enabled, typeof Enabled === 'boolean' ? undefined : 'is not true or false'],
  ]);
  return violations;
}

type Found = readonly (readonly [key: string, value: unknown, problem: string | undefined])[];

/** Besides its name, what only one of a kind may have. */
function twinKeys(item: object): Record<string, unknown> {
  return 'DomainName' in item ? { DomainName: item.DomainName } : {};
}
