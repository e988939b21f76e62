/** `rc top` in a fleet: this machine's listener over its socket, the others' through the fleet's engine, as one. */
import { setTimeout as pause } from 'node:timers/promises';
import { askOthers } from '../cmdlets/listener/ask-others.ts';
import { KnownEvents } from '../cmdlets/listener/known-events.ts';
import { isSession } from '../cmdlets/listener/listener-objects.ts';
import { isLook } from '../cmdlets/listener/other-listeners.ts';
import type { EventRecord, SessionStatus, Snapshot } from '../control/listener-client.ts';
import { ServersAsked } from '../fleet/ask-servers.ts';
import { readMembership } from '../fleet/membership.ts';
import type { Home } from '../store/home.ts';
import { StoreError } from '../store/store-error.ts';
import { follow, type News } from '../top/follow.ts';
import { type LookAt, lookAtAll } from '../top/several.ts';

interface Servers {
  /** This server's name; `undefined`: it is not looked at. */
  readonly own: string | undefined;
  readonly others: readonly string[];
}

/** Ends only when `signal` says so. */
export async function* followServers(
  home: Home,
  { own, others }: Servers,
  everyMs: number,
  signal: AbortSignal,
): AsyncGenerator<News> {
  const asking = new Asking(home, others);
  let mine: Snapshot | undefined;
  let why = '';
  const enough = new AbortController();
  const watch = async () => {
    for await (const news of follow(home, everyMs, AbortSignal.any([signal, enough.signal]))) {
      mine = news.kind === 'look' ? news.snapshot : undefined;
      if (news.kind === 'look') asking.heard(own!, news.snapshot.events);
      else why = news.why || `no listener runs on ${home.folder}`;
    }
  };
  const watching = own === undefined ? undefined : watch().catch(() => {});
  try {
    for (let first = true; !signal.aborted; ) {
      const began = performance.now();
      const { looks, silent } = await asking.look();
      if (signal.aborted) return;
      if (own !== undefined && mine) looks.unshift({ server: own, snapshot: mine });
      else if (own !== undefined && why) silent.unshift(`${own}: ${why}`);
      if (looks.length) {
        yield { kind: 'look', snapshot: lookAtAll(looks, asking.news(), silent), first };
        first = false;
      } else if (silent.length) {
        yield { kind: 'gone', why: silent.join('; ') };
        first = true;
      }
      const left = Math.max(50, everyMs - (performance.now() - began));
      await pause(left, undefined, { signal }).catch(() => {});
    }
  } finally {
    enough.abort();
    asking.close();
    await watching;
  }
}

/** Sessions of all servers that answer, each connector as SERVER\NAME. */
export async function sessionsOfServers(
  home: Home,
  { own, others }: Servers,
  ownSessions: () => Promise<readonly SessionStatus[] | undefined>,
): Promise<SessionStatus[]> {
  const called = (server: string, rows: readonly SessionStatus[]) =>
    rows.map((row) => ({ ...row, connector: `${server}\\${row.connector}` }));
  const ours = own === undefined ? [] : called(own, (await ownSessions().catch(() => undefined)) ?? []);
  const said = others.length ? await askOthers(home, 'sessions', {}, others) : [];
  return [...ours, ...said.flatMap(({ server, rows }) => called(server, rows.filter(isSession)))];
}

/** The other servers, as they answer from look to look. */
class Asking {
  readonly #home: Home;
  readonly #servers: readonly string[];
  readonly #known = new KnownEvents();
  #news: EventRecord[] = [];
  #asked: ServersAsked | undefined;

  constructor(home: Home, servers: readonly string[]) {
    this.#home = home;
    this.#servers = servers;
  }

  async look(): Promise<{ looks: LookAt[]; silent: string[] }> {
    const [looks, silent]: [LookAt[], string[]] = [[], []];
    if (!this.#servers.length) return { looks, silent };
    try {
      const member = readMembership(this.#home);
      if (!member) return { looks, silent: ['This server is in no fleet any more.'] };
      this.#asked ??= await ServersAsked.connect(member);
      for (const { server, rows, problem } of await this.#asked.ask('look', {}, this.#servers)) {
        const [snapshot] = rows;
        if (snapshot && isLook(snapshot)) {
          looks.push({ server, snapshot });
          this.heard(server, snapshot.events);
        } else silent.push(`${server}: ${problem || 'its answer is not that of a listener'}`);
      }
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.close();
      silent.push(`The other servers are not seen: ${error.message}`);
    }
    return { looks, silent };
  }

  /** A look tells the last events again and again. */
  heard(server: string, events: readonly EventRecord[]): void {
    for (const event of events)
      if (this.#known.isNew(server, event)) this.#news.push({ ...event, message: `${server}: ${event.message}` });
  }

  /** Events since this was asked last. */
  news(): EventRecord[] {
    return this.#news.splice(0).sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  }

  close(): void {
    this.#asked?.close();
    this.#asked = undefined;
  }
}
