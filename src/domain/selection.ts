/**
 * Which connector takes a client: among the enabled connectors whose Bindings cover the local address and port, a specific
 * local address before 0.0.0.0 or [::], then the smallest remote range that holds the client (Exchange documentation,
 * "Receive connectors"). The ranges of one binding lie inside one another or apart (rules.ts sees to it), so they flatten
 * into disjoint segments in order, and choosing is one binary search.
 */
import { hostAndPort } from '../text/bracketed.ts';
import { type Endpoint, isLoopback, parseAddress } from './address.ts';
import { byLowThenWide } from './range.ts';
import type { Binding, IpRange } from './value.ts';

/** What selection reads of a connector. */
export interface Selectable {
  readonly Enabled: boolean;
  readonly Bindings: readonly Binding[];
  readonly RemoteIPRanges: readonly IpRange[];
}

/** One remote range of one owner (any key: a live connector). */
interface Span<N, T> {
  readonly low: N;
  readonly high: N;
  readonly owner: T;
}

/** Disjoint segments in order: segment i starts at `starts[i]` and belongs to `owners[i]`, or to nobody. */
interface Segments<N, T> {
  readonly starts: ArrayLike<N>;
  readonly owners: readonly (T | undefined)[];
}

/** The ranges of one binding, sorted by low, the wider first; and flattened. */
class BindingTable<T> {
  readonly four: Segments<number, T>;
  readonly six: Segments<bigint, T>;

  constructor(
    readonly spansFour: readonly Span<number, T>[],
    readonly spansSix: readonly Span<bigint, T>[],
  ) {
    const { starts, owners } = flatten(spansFour, (n) => n + 1);
    this.four = { starts: Float64Array.from(starts), owners };
    this.six = flatten(spansSix, (n) => n + 1n);
  }

  get isEmpty(): boolean {
    return this.spansFour.length === 0 && this.spansSix.length === 0;
  }
}

/** One owner's connector before and after; `undefined` where there is none. */
export interface SelectionChange<T> {
  readonly owner: T;
  readonly before: Selectable | undefined;
  readonly after: Selectable | undefined;
}

/** The owner of each client on each binding. Immutable; `change` makes the next one and keeps every table that is not concerned. */
export class Selection<T> {
  readonly #tables: ReadonlyMap<string, BindingTable<T>>;

  private constructor(tables: ReadonlyMap<string, BindingTable<T>>) {
    this.#tables = tables;
  }

  /** A selection over these connectors; disabled ones take no part. */
  static of<T>(entries: Iterable<readonly [owner: T, connector: Selectable]>): Selection<T> {
    return new Selection<T>(new Map()).change(
      [...entries].map(([owner, after]) => ({ owner, before: undefined, after })),
    );
  }

  /** The selection after the changes. Costs the ranges of the bindings concerned, once; n log n only of those that are new. */
  change(changes: readonly SelectionChange<T>[]): Selection<T> {
    const gone = new Map<string, Set<T>>();
    const come = new Map<string, { readonly owner: T; readonly ranges: readonly IpRange[] }[]>();
    for (const { owner, before, after } of changes) {
      for (const key of keysOf(before)) gone.set(key, (gone.get(key) ?? new Set()).add(owner));
      for (const key of keysOf(after)) {
        const list = come.get(key);
        const owned = { owner, ranges: after!.RemoteIPRanges };
        if (list) list.push(owned);
        else come.set(key, [owned]);
      }
    }
    const tables = new Map(this.#tables);
    for (const key of new Set([...gone.keys(), ...come.keys()])) {
      const table = tables.get(key);
      const without = gone.get(key);
      const stays = (span: { owner: T }) => !without?.has(span.owner);
      const fresh = (family: 4 | 6) =>
        (come.get(key) ?? []).flatMap(({ owner, ranges }) =>
          ranges.filter((range) => range.family === family).map((range) => ({ range, owner })),
        );
      const next = new BindingTable<T>(
        sorted(
          table?.spansFour.filter(stays) ?? [],
          fresh(4).map(({ range, owner }) => ({ low: Number(range.low), high: Number(range.high), owner })),
        ),
        sorted(
          table?.spansSix.filter(stays) ?? [],
          fresh(6).map(({ range, owner }) => ({ low: range.low, high: range.high, owner })),
        ),
      );
      if (next.isEmpty) tables.delete(key);
      else tables.set(key, next);
    }
    return new Selection(tables);
  }

  /**
   * Who takes this client. Addresses are text as sockets give them (canonical); IPv4-mapped IPv6 counts as IPv4.
   * `undefined` when no connector does, or an address is none.
   */
  choose(localAddress: string, localPort: number, remoteAddress: string): T | undefined {
    const remote = clientNumber(remoteAddress);
    if (remote === undefined) return undefined;
    const local = unmapped(localAddress);
    const specific = this.#tables.get(endpointKey(local, localPort));
    const taker = specific && ownerOf(specific, remote);
    if (taker !== undefined) return taker;
    const all = this.#tables.get(endpointKey(anyAddress(local), localPort));
    return all && ownerOf(all, remote);
  }
}

function keysOf(connector: Selectable | undefined): string[] {
  return connector?.Enabled ? connector.Bindings.map((b) => endpointKey(b.address, b.port)) : [];
}

function endpointKey(address: string, port: number): string {
  return `${address}|${port}`;
}

/** The address that means "all of this family". */
export function anyAddress(address: string): string {
  return address.includes(':') ? '::' : '0.0.0.0';
}

/**
 * An address as a socket gives it, which is canonical text already, in the form that everything else compares: IPv4-mapped
 * IPv6 (`::ffff:10.1.2.3`, RFC 4291 section 2.5.5.2) as IPv4, no zone.
 */
export function unmapped(address: string): string {
  if (address.startsWith('::ffff:') && address.includes('.')) return address.slice(7);
  return withoutZone(address);
}

/** A link-local client shows its zone (`fe80::1%eth0`, RFC 4007); ranges have none. */
function withoutZone(address: string): string {
  const zone = address.indexOf('%');
  return zone < 0 ? address : address.slice(0, zone);
}

/** IPv4 as a number, IPv6 as a bigint. Dotted text is read by hand: this runs for every connection of a flood. */
function clientNumber(address: string): number | bigint | undefined {
  const start = address.startsWith('::ffff:') && address.includes('.') ? 7 : 0;
  if (start === 0 && address.includes(':')) return sixNumber(withoutZone(address));
  let value = 0;
  let part = -1;
  let dots = 0;
  for (let i = start; i < address.length; i++) {
    const code = address.charCodeAt(i);
    if (code === 46) {
      if (part < 0 || ++dots > 3) return undefined;
      value = value * 256 + part;
      part = -1;
    } else if (code >= 48 && code <= 57) {
      if (part === 0) return undefined; // a leading zero, as in address.ts
      part = part < 0 ? code - 48 : part * 10 + code - 48;
      if (part > 255) return undefined;
    } else return undefined;
  }
  return dots === 3 && part >= 0 ? value * 256 + part : undefined;
}

/** IPv6 text as sockets give it. The rare ones with a dotted tail (`::10.1.2.3`) are left to the full parser. */
function sixNumber(address: string): number | bigint | undefined {
  if (address.includes('.')) {
    const parsed = parseAddress(address);
    return parsed?.family === 4 ? Number(parsed.value) : parsed?.value;
  }
  const groups: number[] = [];
  let gap = -1;
  let group = -1;
  let digits = 0;
  for (let i = 0; i < address.length; i++) {
    const code = address.charCodeAt(i) | 0x20;
    const digit = code >= 48 && code <= 57 ? code - 48 : code >= 97 && code <= 102 ? code - 87 : -1;
    if (digit >= 0) {
      group = group < 0 ? digit : group * 16 + digit;
      if (++digits > 4) return undefined;
    } else if (address.charCodeAt(i) === 58) {
      if (group >= 0) groups.push(group);
      else if (address.charCodeAt(i === 0 ? 1 : i - 1) !== 58) return undefined; // a colon of its own
      group = -1;
      digits = 0;
      if (address.charCodeAt(i + 1) === 58) {
        if (gap >= 0) return undefined;
        gap = groups.length;
      }
    } else return undefined;
  }
  if (group >= 0) groups.push(group);
  else if (address.charCodeAt(address.length - 2) !== 58) return undefined; // ends in one colon
  if (gap < 0 ? groups.length !== 8 : groups.length > 7) return undefined;
  const missing = 8 - groups.length;
  const at = (i: number) => (gap < 0 || i < gap ? groups[i]! : i < gap + missing ? 0 : groups[i - missing]!);
  const word = (i: number) => BigInt(at(i) * 0x10000 + at(i + 1));
  const value = (((word(0) << 32n) | word(2)) << 64n) | (word(4) << 32n) | word(6);
  return value >> 32n === 0xffffn ? Number(value & 0xffffffffn) : value;
}

function ownerOf<T>(table: BindingTable<T>, client: number | bigint): T | undefined {
  return typeof client === 'number' ? at(table.four, client) : at(table.six, client);
}

function at<N extends number | bigint, T>(segments: Segments<N, T>, value: N): T | undefined {
  const { starts, owners } = segments;
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (starts[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? undefined : owners[low - 1];
}

/** Merges new spans into those that are in order already. */
function sorted<N extends number | bigint, T>(old: readonly Span<N, T>[], fresh: Span<N, T>[]): Span<N, T>[] {
  fresh.sort(byLowThenWide);
  if (old.length === 0) return fresh;
  const merged: Span<N, T>[] = [];
  let at = 0;
  for (const span of fresh) {
    while (at < old.length && byLowThenWide(old[at]!, span) <= 0) merged.push(old[at++]!);
    merged.push(span);
  }
  while (at < old.length) merged.push(old[at++]!);
  return merged;
}

/** Sweeps spans sorted by low, wider first: the innermost open span owns the ground; behind its end the one around it does. */
function flatten<N extends number | bigint, T>(
  spans: readonly Span<N, T>[],
  next: (n: N) => N,
): { starts: N[]; owners: (T | undefined)[] } {
  const starts: N[] = [];
  const owners: (T | undefined)[] = [];
  const open: Span<N, T>[] = [];
  const begin = (start: N, owner: T | undefined) => {
    if (starts.length && starts.at(-1) === start) {
      owners[owners.length - 1] = owner;
    } else {
      starts.push(start);
      owners.push(owner);
    }
  };
  const closeBelow = (limit: N | undefined) => {
    while (open.length && (limit === undefined || open.at(-1)!.high < limit)) {
      const ended = open.pop()!;
      begin(next(ended.high), open.at(-1)?.owner);
    }
  };
  for (const span of spans) {
    closeBelow(span.low);
    begin(span.low, span.owner);
    open.push(span);
  }
  closeBelow(undefined);
  return { starts, owners };
}

/** Why a connector does not take a client, for people. */
interface Passed<C> {
  readonly connector: C;
  /** What stands against it: it is disabled, does not listen there, has no such range, or another is closer. */
  readonly reason: 'disabled' | 'binding' | 'range' | 'wider' | 'anywhere';
  readonly why: string;
  /** Its smallest range with the client in it. */
  readonly range?: IpRange;
}

/** The answer to "which connector would this client hit, and why". */
export interface Choice<C> {
  readonly connector?: C;
  /** The binding and the remote range that decided. */
  readonly binding?: Binding;
  readonly range?: IpRange;
  /** One sentence: who takes the client and why, or why nobody does. */
  readonly why: string;
  /** The other connectors on this port, each with what stood against it. */
  readonly passed: readonly Passed<C>[];
}

/**
 * Which connector a client at `remoteAddress` would hit on the local endpoint, and why: the rule of `Selection`, spelt out.
 * A scan, for commands; the gate uses `Selection`.
 */
export function explainSelection<C extends Selectable & { readonly Name: string }>(
  connectors: readonly C[],
  local: { readonly address: string; readonly port: number },
  remoteAddress: string,
): Choice<C> {
  const client = parseAddress(withoutZone(remoteAddress));
  const localText = parseAddress(withoutZone(local.address))?.text ?? local.address;
  const onPort = connectors.filter((c) => c.Bindings.some((b) => b.port === local.port));
  const passed: Passed<C>[] = [];
  if (!client) return { why: `"${remoteAddress}" is not an IP address.`, passed };
  const takers: { connector: C; binding: Binding; range: IpRange; specific: boolean }[] = [];
  for (const connector of onPort) {
    const binding = closestBinding(connector, localText, local.port);
    const range = smallestRange(connector, client.family, client.value);
    if (!connector.Enabled) passed.push({ connector, reason: 'disabled', why: 'is disabled', range });
    else if (!binding)
      passed.push({ connector, reason: 'binding', range, why: `does not listen on ${localText} port ${local.port}` });
    else if (!range)
      passed.push({ connector, reason: 'range', why: `has no remote IP range with ${client.text} in it` });
    else takers.push({ connector, binding, range, specific: binding.address === localText });
  }
  takers.sort((a, b) => Number(b.specific) - Number(a.specific) || compareSize(a.range, b.range));
  const [first, ...others] = takers;
  if (!first) {
    const end = hostAndPort(localText, local.port);
    const why = isListenedOn(local, connectors)
      ? `No enabled connector takes ${client.text} on ${end}; the client reads 421 4.3.2 Service not available.`
      : `No enabled connector listens on ${end}; the connection is refused.`;
    return { why, passed };
  }
  for (const other of others) {
    const { connector, range } = other;
    passed.push(
      other.specific === first.specific
        ? { connector, reason: 'wider', range, why: `its range ${range} is wider than ${first.range}` }
        : {
            connector,
            reason: 'anywhere',
            range,
            why: `its binding ${other.binding} is less specific than ${first.binding}`,
          },
    );
  }
  const { connector, binding, range } = first;
  const reason = others.length
    ? `its binding ${binding} and remote range ${range} are the most specific`
    : `its binding ${binding} and remote range ${range} hold the client`;
  return { connector, binding, range, why: `${connector.Name} takes ${client.text}: ${reason}.`, passed };
}

/** Does an enabled connector listen on this address and port? */
export function isListenedOn(end: Endpoint, connectors: readonly Selectable[]): boolean {
  return connectors.some((c) => c.Enabled && isBoundTo(end, c));
}

/** Would it listen there, were it enabled? */
export function isBoundTo({ address, port }: Endpoint, connector: Selectable): boolean {
  return closestBinding(connector, address, port) !== undefined;
}

/**
 * Where a client of this family could connect to: the bindings of its family. Where there is none, the same ports on an address of its
 * family, where nobody listens.
 */
export function localEnds(connectors: readonly Selectable[], family: 4 | 6): Endpoint[] {
  const bindings = connectors.flatMap((c) => c.Bindings);
  const own = bindings.filter((b) => b.family === family);
  const ends = own.length
    ? own
    : bindings.map(({ address, port }) => ({
        address: isLoopback(address) ? (family === 6 ? '::1' : '127.0.0.1') : family === 6 ? '::' : '0.0.0.0',
        port,
      }));
  return [...new Map(ends.map(({ address, port }) => [endpointKey(address, port), { address, port }])).values()];
}

/** Said where a client is asked about and there is nothing that it could meet. */
export function noConnectors(server: string): string {
  return `There is no receive connector on ${server}: every connection is refused. To make one: rc new`;
}

function closestBinding(connector: Selectable, address: string, port: number): Binding | undefined {
  const onPort = connector.Bindings.filter((b) => b.port === port);
  return onPort.find((b) => b.address === address) ?? onPort.find((b) => b.address === anyAddress(address));
}

function smallestRange(connector: Selectable, family: 4 | 6, address: bigint): IpRange | undefined {
  let found: IpRange | undefined;
  for (const range of connector.RemoteIPRanges) {
    if (range.contains(family, address) && (!found || range.size < found.size)) found = range;
  }
  return found;
}

function compareSize(a: IpRange, b: IpRange): number {
  return a.size === b.size ? 0 : a.size < b.size ? -1 : 1;
}
