/** The page as `rc serve` opens it: the address it was told, the listener it shows, the words of the greeting. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Binding } from '../../domain/value.ts';
import { MessageReading } from '../../messages/reading.ts';
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
  /** Path of dist/messages.cjs; without it the page shows no messages. */
  readonly readingScript?: string;
}

/** @throws ValueError, TokenError */
export function openPage(wanted: PageWanted): Page {
  const { address, home, events, listener, observer, runCommand, readingScript } = wanted;
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
    get mailChanged() {
      return mailChanged(home.mail);
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
    mail: readingScript === undefined ? undefined : new MessageReading(readingScript, home.mail),
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

/** Another text when messages have come or gone: the times of the Maildir's two folders. */
function mailChanged(mail: string): string {
  return ['new', 'cur']
    .map((folder) => {
      try {
        return statSync(join(mail, folder), { throwIfNoEntry: false })?.mtimeMs ?? 0;
      } catch {
        return 0; // not ours to read: asking for the list says why
      }
    })
    .join(' ');
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
