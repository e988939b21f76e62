/** What the listener's scenarios share: a home of their own, free ports, a small SMTP client, and a stand-in session. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net, { type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replaced } from '../../src/domain/catalogue.ts';
import type { StoredConnector } from '../../src/domain/connector.ts';
import { SETTINGS, type SettingName } from '../../src/domain/settings.ts';
import type { TransportSettingName } from '../../src/domain/transport-settings.ts';
import type { EventLog, ListenerEvent } from '../../src/listener/contracts/event-log.ts';
import { Listener } from '../../src/listener/listener.ts';
import type { ListenerOptions } from '../../src/listener/listener-options.ts';
import { RecentEvents } from '../../src/listener/records/recent-events.ts';
import type { Draft } from '../../src/store/draft.ts';
import { firstDocument } from '../../src/store/first-use.ts';
import { type Home, homeAt } from '../../src/store/home.ts';
import { Store } from '../../src/store/store.ts';
import { standInSession } from './stand-in.ts';

export { freePort } from '../support/free-port.ts';

/** Waits for a condition; the test's own time limit ends it when it never comes. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 2));
}

export class Events implements EventLog {
  readonly all: ListenerEvent[] = [];
  write(event: ListenerEvent): void {
    this.all.push(event);
  }
  async close(): Promise<void> {}
  of(id: number): ListenerEvent[] {
    return this.all.filter((event) => event.id === id);
  }
  messages(id: number): string[] {
    return this.of(id).map((event) => event.message);
  }
}

/** A client that reads line by line. */
export class Client {
  readonly lines: string[] = [];
  closed = false;
  error = '';
  #text = '';

  private constructor(readonly socket: Socket) {
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => {
      this.#text += chunk;
      const parts = this.#text.split('\r\n');
      this.#text = parts.pop()!;
      this.lines.push(...parts);
    });
    socket.on('error', (error) => {
      this.error = (error as NodeJS.ErrnoException).code ?? error.message;
    });
    socket.on('close', () => {
      this.closed = true;
    });
  }

  /** Connects without waiting for anything. */
  static to(port: number, options: Partial<net.TcpNetConnectOpts> = {}): Client {
    return new Client(net.connect({ host: '127.0.0.1', port, ...options }));
  }

  /** Connects and waits for the first line, or for the end. */
  static async open(port: number, options: Partial<net.TcpNetConnectOpts> = {}): Promise<Client> {
    const client = Client.to(port, options);
    await until(() => client.lines.length > 0 || client.closed);
    return client;
  }

  async line(n: number): Promise<string> {
    await until(() => this.lines.length > n || this.closed);
    return this.lines[n] ?? `closed ${this.error}`;
  }

  /** Sends a line and gives the next line that comes. */
  async say(text: string): Promise<string> {
    const n = this.lines.length;
    this.socket.write(`${text}\r\n`);
    return this.line(n);
  }

  async end(): Promise<void> {
    this.socket.destroy();
    await until(() => this.closed);
  }
}

export const ME = { user: 'test', command: 'test' };

/** A home with a store of the given connectors (Name → settings), and listeners on it. */
export class World {
  readonly home: Home;
  readonly store: Store;
  readonly events = new Events();
  readonly recent = new RecentEvents(this.events);
  listener!: Listener;
  readonly clients: Client[] = [];
  #cleanups: (() => Promise<unknown> | unknown)[] = [];

  constructor(home?: Home) {
    this.home = home ?? homeAt(mkdtempSync(join(tmpdir(), 'rc-test-')));
    this.store = new Store(this.home);
    if (!home) this.#cleanups.push(() => rmSync(this.home.folder, { recursive: true, force: true }));
  }

  onEnd(cleanup: () => Promise<unknown> | unknown): void {
    this.#cleanups.push(cleanup);
  }

  /** Replaces all connectors. */
  define(connectors: Record<string, Partial<Record<SettingName, unknown>>>): number {
    const transaction = this.store.begin();
    transaction.change((draft) => {
      const made = new Date().toISOString();
      draft.document = { ...draft.document, connectors: [] };
      for (const [Name, settings] of Object.entries(connectors)) {
        const bare = {
          Name,
          Guid: firstDocument(new Date()).connectors[0]!.Guid,
          WhenCreated: made,
          WhenChanged: made,
        };
        draft.putConnector(edited(draft, bare, settings));
      }
    });
    return transaction.commit(ME).generation;
  }

  /** What `rc set-transport-service` does. */
  serve(settings: Partial<Record<TransportSettingName, unknown>>): number {
    const transaction = this.store.begin();
    transaction.change((draft) => {
      draft.document = { ...draft.document, transport: { ...draft.document.transport, ...settings } };
    });
    return transaction.commit(ME).generation;
  }

  /** What `rc set` does. */
  set(name: string, settings: Partial<Record<SettingName, unknown>>): number {
    const transaction = this.store.begin();
    transaction.change((draft) => {
      for (const stored of draft.find(name).found) draft.putConnector(edited(draft, stored, settings));
    });
    return transaction.commit(ME).generation;
  }

  remove(name: string): number {
    const transaction = this.store.begin();
    transaction.change((draft) => {
      for (const stored of draft.find(name).found) draft.removeConnector(stored.Guid);
    });
    return transaction.commit(ME).generation;
  }

  async listen(options: Partial<ListenerOptions> = {}): Promise<Listener> {
    this.listener = new Listener({
      store: this.home.store,
      events: this.recent,
      startSession: standInSession,
      services: {} as ListenerOptions['services'],
      ...options,
    });
    await this.listener.start();
    const { listener } = this;
    this.onEnd(() => listener.stop(0));
    return listener;
  }

  async applied(generation: number): Promise<void> {
    await until(() => this.listener.state.applied >= generation);
  }

  async open(port: number, options: Partial<net.TcpNetConnectOpts> = {}): Promise<Client> {
    const client = await Client.open(port, options);
    this.clients.push(client);
    return client;
  }

  text(path: string): string {
    return readFileSync(path, 'utf8');
  }

  async end(): Promise<void> {
    for (const client of this.clients) client.socket.destroy();
    for (const cleanup of this.#cleanups.reverse()) await cleanup();
  }
}

function edited(
  draft: Draft,
  stored: StoredConnector,
  settings: Partial<Record<SettingName, unknown>>,
): StoredConnector {
  const names = Object.keys(settings) as SettingName[];
  const edits = new Map(names.map((name) => [name, replaced(SETTINGS[name], settings[name])]));
  const refuse = (key: string, message: string) => {
    throw new Error(`${key}: ${message}`);
  };
  return draft.edited(stored, edits, refuse).stored;
}
