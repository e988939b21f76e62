/** The page as `rc serve` opens it: the address it was told, the listener it shows, the words of the greeting. */
import { statSync } from 'node:fs';
import type { Binding } from '../../domain/value.ts';
import type { Home } from '../../store/home.ts';
import { webAddress } from '../http/address.ts';
import type { Listener } from '../listener.ts';
import { healthOf } from '../observe/health.ts';
import type { Observer } from '../observe/snapshot.ts';
import { PageServer } from './page-server.ts';
import type { EventLog, RunCommand, WatchedListener } from './surroundings.ts';

/** A page, closed until it is opened. */
export interface Page {
  open(): Promise<void>;
  close(): Promise<void>;
  /** Where it is, once it is open: `http://127.0.0.1:8025/`. */
  readonly url: string;
  /** What lets a browser in. */
  readonly token: string;
  /** What the greeting says of it. `toTerminal`: only then the way in stands in it. */
  greeting(toTerminal: boolean): string;
}

export interface PageWanted {
  /** `--web` */
  readonly address: Binding;
  readonly home: Home;
  readonly events: EventLog;
  readonly listener: Listener;
  readonly observer: Observer;
  /** Runs `rc` for the page's changes. */
  readonly runCommand: RunCommand;
}

/** @throws ValueError, TokenError */
export function openPage({ address, home, events, listener, observer, runCommand }: PageWanted): Page {
  const changed = new WrittenAt(home.store);
  const watched: WatchedListener = {
    look: (known) => observer.look(known),
    get connectors() {
      return listener.connectors;
    },
    get live() {
      return listener.live;
    },
    get state() {
      return listener.state;
    },
    get server() {
      return listener.server;
    },
    get changedAt() {
      return changed.of(listener.state.applied);
    },
    hint: () => listener.hint(),
    health: () => healthOf(listener),
    settled: () => listener.settled(),
  };
  const page = new PageServer({
    address: webAddress(address),
    token: home.webToken,
    sessions: home.webSessions,
    events,
    watched,
    run: runCommand,
  });
  return {
    open: () => page.open(),
    close: () => page.close(),
    get url() {
      return page.url;
    },
    get token() {
      return page.token;
    },
    greeting: (toTerminal) =>
      // Journals and log files keep what they are given, so the token goes to a person's terminal only.
      toTerminal
        ? `The page is on ${page.url}#token=${page.token}`
        : `The page is on ${page.url}; its token is in ${home.webToken}.`,
  };
}

/** When a generation was written, by the time of the store's file; looked up once a generation. */
class WrittenAt {
  #generation = -1;
  #at = '';

  constructor(readonly path: string) {}

  of(generation: number): string {
    if (generation !== this.#generation) {
      this.#generation = generation;
      const at = statSync(this.path, { throwIfNoEntry: false })?.mtime;
      this.#at = at ? at.toISOString() : '';
    }
    return this.#at;
  }
}
