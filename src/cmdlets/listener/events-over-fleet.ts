/** Events of several servers of a fleet in one stream, by time: this machine's from its log, the others' through the engine. */
import { setTimeout as pause } from 'node:timers/promises';
import { ServersAsked } from '../../fleet/ask-servers.ts';
import { readMembership } from '../../fleet/membership.ts';
import type { Context } from '../../pipeline/context.ts';
import type { EventsWanted } from '../../records/event-filter.ts';
import {
  type EventQuestion,
  followEvents,
  type LoggedEvent,
  newestEvents,
  readEvents,
} from '../../records/event-log.ts';
import { StoreError } from '../../store/store-error.ts';
import { inOrder } from './in-order.ts';
import { KnownEvents } from './known-events.ts';
import { isEventRecord } from './other-listeners.ts';
import { ofOthers, type serversWanted } from './over-fleet.ts';

interface Asked {
  readonly wanted: EventsWanted;
  /** The same, with the period, for this machine's log. */
  readonly question: EventQuestion;
  /** So many of all, the newest; `undefined` for all. */
  readonly newest: number | undefined;
  readonly follow: boolean;
}

interface OfServer {
  readonly event: LoggedEvent;
  readonly server: string;
}

const POLL_MS = 1000;
/** Events that come while the first are shown. */
const CATCH_UP = 1000;

/** Oldest first; with `follow` on and on until Ctrl-C. */
export async function* eventsOverFleet(
  context: Context,
  servers: ReturnType<typeof serversWanted>,
  asked: Asked,
): AsyncGenerator<OfServer> {
  const { events: path } = context.store.home;
  const { question, newest } = asked;
  const began = new Date().toISOString();
  const about = aboutOf(asked.wanted, question, newest);
  const others = await ofOthers(context, servers, 'events', isEventRecord, about);
  const theirs = others.flatMap(({ server, rows }) => rows.map((event) => ({ event, server }))).sort(byTime);
  const own = (event: LoggedEvent) => ({ event, server: servers.own });
  let ours: OfServer[] = [];
  if (newest !== undefined) {
    if (servers.here) ours = (await newestEvents(path, newest, question)).map(own);
    yield* [...ours, ...theirs].sort(byTime).slice(-newest);
  } else {
    const logged = async function* () {
      for await (const event of readEvents(path, question)) {
        if (asked.follow && event.time >= began) ours.push(own(event));
        yield own(event);
      }
    };
    yield* inOrder(servers.here ? logged() : [], theirs, byTime);
  }
  if (asked.follow) yield* followed(context, servers, asked, [...ours, ...theirs].sort(byTime), began);
}

async function* followed(
  context: Context,
  { here, own, others }: ReturnType<typeof serversWanted>,
  { wanted, question }: Asked,
  shown: readonly OfServer[],
  began: string,
): AsyncGenerator<OfServer> {
  const known = new KnownEvents();
  for (const { server, event } of shown) known.isNew(server, event);
  const stop = context.host.interrupted?.() ?? new AbortController().signal;
  const come: OfServer[] = [];
  let wake = () => {};
  const push = (...events: OfServer[]) => {
    come.push(...events);
    wake();
  };
  // What came since the command began may be shown already.
  const hearOwn = (event: LoggedEvent) => {
    if (event.time >= began && !known.has(own, event)) push({ event, server: own });
  };
  const about = aboutOf(wanted, question, undefined);
  const tasks = [
    followOthers(context, others, { ...about, since: began }, known, push, stop),
    ...(here ? [followOwn(context.store.home.events, question, hearOwn, stop)] : []),
  ];
  let failure: { readonly error: unknown } | undefined;
  for (const task of tasks)
    task.catch((error) => {
      failure = { error };
      wake();
    });
  stop.addEventListener('abort', () => wake(), { once: true });
  while (!stop.aborted) {
    if (failure) throw failure.error;
    yield* come.splice(0).sort(byTime);
    if (!come.length && !stop.aborted)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  }
}

async function followOwn(path: string, question: EventQuestion, hear: (event: LoggedEvent) => void, stop: AbortSignal) {
  for await (const event of followEvents(path, question, CATCH_UP, stop)) hear(event);
}

/** Looks once a second; an engine that is away is told once, and tried again. */
async function followOthers(
  context: Context,
  servers: readonly string[],
  about: Readonly<Record<string, unknown>>,
  known: KnownEvents,
  hear: (...events: OfServer[]) => void,
  stop: AbortSignal,
): Promise<void> {
  let { since } = about;
  let asked: ServersAsked | undefined;
  let isAway = false;
  while (!stop.aborted) {
    try {
      const member = readMembership(context.store.home);
      if (!member) return;
      asked ??= await ServersAsked.connect(member);
      const said = await asked.ask('events', { ...about, since }, servers);
      const all = said.flatMap(({ server, rows }) => rows.filter(isEventRecord).map((event) => ({ event, server })));
      // Clocks of machines differ, and what is asked for again is known: a minute is looked back.
      const fresh = all.filter(({ server, event }) => known.isNew(server, event)).sort(byTime);
      since = new Date(Date.now() - 60_000).toISOString();
      isAway = false;
      if (fresh.length) hear(...fresh);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      asked?.close();
      asked = undefined;
      if (!isAway) context.warn(`${error.message} Their events are shown again when it is back.`);
      isAway = true;
    }
    await pause(POLL_MS, undefined, { signal: stop }).catch(() => {});
  }
  asked?.close();
}

function aboutOf(wanted: EventsWanted, { since, until }: EventQuestion, newest: number | undefined) {
  return {
    ...wanted,
    ...(since ? { since: since.toISOString() } : {}),
    ...(until ? { until: until.toISOString() } : {}),
    ...(newest === undefined ? {} : { newest }),
  };
}

function byTime(a: OfServer, b: OfServer): number {
  return a.event.time < b.event.time ? -1 : a.event.time > b.event.time ? 1 : 0;
}
