/** The API as `rc serve --api` opens it: its address, its token, the listener behind it. */
import type { Binding } from '../../domain/value.ts';
import { Mailbox } from '../../messages/mailbox.ts';
import type { Home } from '../../store/home.ts';
import { readSecretFile, SecretFileError } from '../../store/secret-file.ts';
import { hostAndPort } from '../../text/bracketed.ts';
import { urlOf, webAddress } from '../http/address.ts';
import { adviceFor } from '../http/bounded-server.ts';
import { ownNames } from '../http/guard.ts';
import { openToken } from '../http/token.ts';
import type { Listener } from '../listener.ts';
import { healthOf } from '../observe/health.ts';
import type { Observer } from '../observe/snapshot.ts';
import { EVENTS } from '../records/event-table.ts';
import type { RecentEvents } from '../records/recent-events.ts';
import { ApiServer } from './api-server.ts';
import { Feed } from './feed.ts';
import type { RunCmdlets } from './surroundings.ts';

export interface ApiWanted {
  /** `--api`; port 0: any that is free. */
  readonly address: Binding;
  /** `--api-token-file`; left out: api.token of the home, made at first use. */
  readonly tokenFile?: string | undefined;
  readonly home: Home;
  readonly events: RecentEvents;
  readonly listener: Listener;
  readonly observer: Observer;
  readonly runCmdlets: RunCmdlets;
}

export interface RunningApi {
  /** `http://127.0.0.1:8026` */
  readonly url: string;
  readonly tokenFile: string;
  close(): Promise<void>;
}

/** @throws Error that says why there cannot be one */
export async function openApiServer(wanted: ApiWanted): Promise<RunningApi> {
  const { home, events, listener, observer, runCmdlets } = wanted;
  const { host, port, loopback } = webAddress(wanted.address);
  const tokenFile = wanted.tokenFile ?? home.apiToken;
  const token = wanted.tokenFile === undefined ? openToken(tokenFile, 'The token of the API') : givenToken(tokenFile);
  const api = {
    listener: {
      status: () => observer.status(),
      sources: () => observer.sources(),
      sync: () => listener.sync(),
      sessionInfos: () => listener.sessionInfos(),
      disconnect: (id: string, now: boolean) => listener.disconnect(id, now),
      hint: () => listener.hint(),
      settled: () => listener.settled(),
      get problem() {
        return listener.state.problem;
      },
      get names() {
        return ownNames(listener.server);
      },
    },
    mailbox: new Mailbox(home.mail),
    feed: new Feed(home.mail, (tell) => events.onEvent(tell), `${process.pid}.${Date.now().toString(36)}`),
    run: runCmdlets,
    eventLog: home.events,
    health: () => healthOf(listener),
  };
  const server = new ApiServer({ api, token, events, version: observer.about.version });
  try {
    await server.open(host, port);
  } catch (error) {
    const why = adviceFor(error as NodeJS.ErrnoException, '--api');
    throw new Error(`The API cannot be on ${hostAndPort(host, port)}: ${why}`);
  }
  const url = urlOf(host, server.port).replace(/\/$/, '');
  events.write(EVENTS.apiOpen(url));
  if (!loopback) events.write(EVENTS.apiPlain(url));
  return { url, tokenFile, close: () => server.close() };
}

/** Characters of a bearer token: RFC 6750 section 2.1. */
const TOKEN = /^[\w.~+/-]{20,512}={0,2}$/;

function givenToken(path: string): string {
  let token: string;
  try {
    token = readSecretFile(path);
  } catch (error) {
    if (!(error instanceof SecretFileError)) throw error;
    throw new Error(`--api-token-file ${path} ${error.message}.`);
  }
  if (TOKEN.test(token)) return token;
  throw new Error(
    `--api-token-file ${path} holds no token: 20 to 512 letters, digits and -._~+/ are allowed. One is made by: openssl rand -hex 32`,
  );
}
