/** The page as `rc serve` opens it: the address it was told, the listener it shows, the words of the greeting. */
import type { Page, PageWanted } from '../serve-options.ts';
import { webAddress } from './address.ts';
import type { Applied } from './answers.ts';
import { PageServer } from './page-server.ts';
import type { Watched } from './view.ts';

/** @throws ValueError, TokenError */
export function openPage({ address, home, events, listener, observer, runCommand }: PageWanted): Page {
  const watched: Watched & Applied = {
    look: (known) => observer.look(known),
    get slots() {
      return listener.slots;
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
    hint: () => listener.hint(),
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
    greeting: (toTerminal) =>
      // Journals and log files keep what they are given, so the token goes to a person's terminal only.
      toTerminal
        ? `The page is on ${page.url}#token=${page.token}`
        : `The page is on ${page.url}; its token is in ${home.webToken}.`,
  };
}
