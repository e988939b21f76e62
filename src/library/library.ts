/** `startListener`: the very listener of `rc serve`, in the process of a test or a program. */

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { TEST_CONNECTOR } from '../domain/test-connector.ts';
import { agreeWithFleet } from '../fleet/when-member.ts';
import { endsOf } from '../listener/follow/ends.ts';
import { Listener } from '../listener/listener.ts';
import { parts } from '../listener/main.ts';
import { AlreadyRunning, claimHome } from '../listener/service/single-instance.ts';
import { sessionParts } from '../listener/session-parts.ts';
import { Mailbox } from '../messages/mailbox.ts';
import type { Message } from '../messages/message-types.ts';
import { Draft } from '../store/draft.ts';
import { freePort } from '../store/free-port.ts';
import { type Home, homeAt } from '../store/home.ts';
import { Store } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import { bracketed } from '../text/bracketed.ts';
import { show } from '../text/printable.ts';
import { type Command, runCommands } from './commands.ts';
import type { ConnectorSettings } from './connector-settings.ts';
import { EventMemory } from './event-memory.ts';
import type * as library from './library-types.ts';
import { ListenerError } from './listener-error.ts';
import { filterOf } from './message-filter.ts';
import { checkedOptions } from './start-options.ts';

export { ListenerError } from './listener-error.ts';

/** What the commands that make a connector want said. */
const ALL_ADDRESSES = ['0.0.0.0-255.255.255.255', '::/0'];
/** Free ports that somebody else may take before we listen: tried again so often. */
const PORT_TRIES = 10;
/** Sessions may finish what they do for so long at `stop`, in milliseconds. */
const GRACE_MS = 500;
const LOOK_MS = 20;
/** Messages named when none of them fits. */
const MOST_TOLD = 10;

export const startListener: typeof library.startListener = async (given = {}) => {
  const options = checkedOptions(given);
  const folder = options.home ?? mkdtempSync(join(tmpdir(), 'rc-'));
  const remove = () => {
    if (options.home === undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    const running = await Running.start(homeAt(folder), options, remove);
    return running;
  } catch (error) {
    remove();
    if (error instanceof StoreError || error instanceof AlreadyRunning) throw new ListenerError(error.message);
    throw error;
  }
};

class Running implements library.RunningListener {
  readonly host: string;
  readonly home: string;
  readonly #home: Home;
  readonly #store: Store;
  readonly #events = new EventMemory();
  readonly #remove: () => void;
  readonly #mailbox: Mailbox;
  /** Names of the connectors asked for, the first first. */
  readonly #names: string[] = [];
  #listener!: Listener;
  #closeServices: () => Promise<void> = async () => {};
  #release = () => {};
  #stopped: Promise<void> | undefined;
  /** The store is not read any more after `stop`: reading makes one where there is none. */
  #portsAtStop: Readonly<Record<string, number>> | undefined;

  private constructor(home: Home, host: string, remove: () => void) {
    this.#home = home;
    this.home = home.folder;
    this.host = host;
    this.#store = new Store(home);
    this.#mailbox = new Mailbox(home.mail);
    agreeWithFleet(this.#store);
    this.#remove = remove;
  }

  static async start(home: Home, options: library.StartOptions, remove: () => void): Promise<Running> {
    const running = new Running(home, options.host ?? '127.0.0.1', remove);
    try {
      await running.#start(options);
      return running;
    } catch (error) {
      await running.#close();
      throw error;
    }
  }

  async #start(options: library.StartOptions): Promise<void> {
    const isNew = !statSync(this.#home.store, { throwIfNoEntry: false });
    this.#store.read(); // first use makes it
    this.#release = (await claimHome(this.#home)).release;
    const ours = await this.#prepare(options, isNew);
    const place = sessionParts({ home: this.#home }, parts, this.#events, () => this.#listener);
    const ends = endsOf(this.#store, () => this.#listener, this.#events);
    this.#closeServices = async () => {
      await ends.close();
      await place.close();
    };
    this.#listener = new Listener({ store: this.#home.store, events: this.#events, ...place.of });
    this.#listener.onState(() => ends.follow());
    await ends.start();
    await this.#listener.start();
    for (let tries = 0; tries < PORT_TRIES && this.#taken(ours).length; tries++) await this.#moveTo(this.#taken(ours));
    const [failed] = this.#listener.sockets.failed;
    if (failed) throw new ListenerError(`Cannot listen on ${failed.binding}: ${failed.advice}`);
  }

  /** The store as it is asked for. @returns connectors whose port we chose */
  async #prepare(options: library.StartOptions, isNew: boolean): Promise<Set<string>> {
    const { users = {}, acceptedDomains = [], transport, port = 0 } = options;
    const asked = options.connectors ?? (isNew ? { Default: {} } : {});
    const commands: Command[] = isNew ? [['Remove-ReceiveConnector', { Identity: '*', Confirm: false }]] : [];
    const chosen = new Set<string>();
    const there = new Set(isNew ? [] : new Draft(this.#store.read()).own.map(({ Name }) => Name.toLowerCase()));
    let first = true;
    for (const [Name, settings] of Object.entries(asked)) {
      this.#names.push(Name);
      if (there.has(Name.toLowerCase())) {
        commands.push(['Set-ReceiveConnector', { Identity: Name, ...settings }]);
        continue;
      }
      const Bindings = settings.Bindings ?? [await this.#binding(first ? port : 0)];
      if (settings.Bindings === undefined && !(first && port)) chosen.add(Name);
      if (settings.Bindings === undefined) first = false;
      commands.push([
        'New-ReceiveConnector',
        { Name, Bindings, RemoteIPRanges: ALL_ADDRESSES, ...TEST_CONNECTOR, ...settings },
      ]);
    }
    for (const domain of acceptedDomains) commands.push(['New-AcceptedDomain', { Name: domain, DomainName: domain }]);
    for (const [name, password] of Object.entries(users)) commands.push(['New-SmtpUser', { Name: name }, password]);
    if (transport) commands.push(['Set-TransportService', transport]);
    await runCommands(this.#store, commands);
    if (!this.#names.length) this.#names.push(...new Draft(this.#store.read()).own.map(({ Name }) => Name));
    return chosen;
  }

  async #binding(port: number): Promise<string> {
    const host = bracketed(this.host);
    return `${host}:${port || (await freePort(this.host))}`;
  }

  /** Connectors whose port, chosen by us, somebody else took before we listened. */
  #taken(chosen: ReadonlySet<string>): string[] {
    return this.#listener.sockets.failed
      .filter(({ code }) => code === 'EADDRINUSE')
      .flatMap(({ connectors }) => connectors)
      .filter((name) => chosen.has(name));
  }

  async #moveTo(names: readonly string[]): Promise<void> {
    for (const Identity of names)
      await this.#change(['Set-ReceiveConnector', { Identity, Bindings: [await this.#binding(0)] }]);
  }

  get ports(): Readonly<Record<string, number>> {
    if (this.#portsAtStop) return this.#portsAtStop;
    const { connectors } = this.#store.read();
    return Object.fromEntries(
      connectors.map((one) => [one.Name, Number(/\d+$/.exec(String((one.Bindings as string[])[0]))?.[0])]),
    );
  }

  get port(): number {
    return this.ports[this.#names[0] ?? ''] ?? 0;
  }

  get url(): string {
    return `smtp://${bracketed(this.host)}:${this.port}`;
  }

  async messages(filter?: Parameters<library.RunningListener['messages']>[0]): Promise<Message[]> {
    this.#running();
    const fits = filterOf(filter);
    return (await this.#all()).filter(fits);
  }

  async waitForMessage(
    filter?: Parameters<library.RunningListener['messages']>[0],
    timeout = 10_000,
  ): Promise<Message> {
    if (!(typeof timeout === 'number' && timeout >= 0))
      throw new ListenerError(`The timeout is ${show(timeout)}; allowed: milliseconds, such as 10000.`);
    const fits = filterOf(filter);
    const looked = new Set<string>();
    const there: string[] = [];
    for (const end = performance.now() + timeout; ; await delay(LOOK_MS)) {
      this.#running();
      for await (const message of this.#mailbox.fitting({}, looked)) {
        if (fits(message)) return message;
        there.push(`  "${message.subject}" to ${message.envelope.to.join(', ')}`);
        if (there.length > MOST_TOLD) there.shift();
      }
      if (performance.now() < end) continue;
      throw new ListenerError(
        `No message that fits came within ${timeout} ms. ${there.length ? `There are:\n${there.join('\n')}` : 'None came at all.'}`,
      );
    }
  }

  async #all(): Promise<Message[]> {
    const all: Message[] = [];
    for await (const message of this.#mailbox.fitting({})) all.push(message);
    return all;
  }

  set(name: string, settings: ConnectorSettings): Promise<void> {
    return this.#change(['Set-ReceiveConnector', { Identity: name, ...settings }]);
  }

  readonly faults: library.Faults = {
    set: (rules, name = '*') => this.#setFaults(name, { FaultRules: [rules].flat() }),
    add: (rules, name = '*') => this.#setFaults(name, { AddFaultRules: [rules].flat() }),
    clear: (name = '*') => this.#setFaults(name, { FaultRules: [] }),
    get: async (name = '*') => {
      this.#running();
      const found = await runCommands(this.#store, [['Get-ReceiveConnector', { Identity: name }]]);
      return Object.fromEntries(found.map(({ Name, FaultRules }) => [String(Name), FaultRules as readonly string[]]));
    },
  };

  #setFaults(Identity: string, rules: Readonly<Record<string, unknown>>): Promise<void> {
    return this.#change(['Set-ReceiveConnector', { Identity, ...rules }]);
  }

  setTransport(settings: Readonly<Record<string, library.SettingValue>>): Promise<void> {
    return this.#change(['Set-TransportService', settings]);
  }

  async get(name: string): Promise<Readonly<Record<string, unknown>>> {
    this.#running();
    const [found] = await runCommands(this.#store, [['Get-ReceiveConnector', { Identity: name }]]);
    if (!found) throw new ListenerError(`No connector is named ${name}.`);
    return found;
  }

  async #change(command: Command): Promise<void> {
    this.#running();
    await runCommands(this.#store, [command]);
    this.#listener.hint();
    await this.#listener.settled();
    const { problem } = this.#listener.state;
    if (problem) throw new ListenerError(problem);
  }

  events(...ids: number[]): library.LoggedEvent[] {
    return this.#events.since(ids);
  }

  async sessions(): Promise<library.OpenSession[]> {
    this.#running();
    return (await this.#listener.sessionInfos()).map(({ id, connector, source, helo, user, tls, state, messages }) => ({
      id,
      connector,
      source,
      helo,
      user,
      tls,
      state,
      messages,
    }));
  }

  async clear(): Promise<void> {
    this.#running();
    await this.#mailbox.clear({});
    this.#events.clear();
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  #end(): Promise<void> {
    try {
      this.#portsAtStop = this.ports;
    } catch {
      this.#portsAtStop = {}; // a store that cannot be read names no ports
    }
    return this.#close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #close(): Promise<void> {
    await this.#listener?.stop(GRACE_MS);
    await this.#closeServices();
    this.#release();
    this.#remove();
  }

  #running(): void {
    if (this.#stopped) throw new ListenerError('The listener was stopped; nothing can be asked of it any more.');
  }
}
