/** Get-ReceiveConnectorEvent: what the listener told: refusals, bindings, stores it could not apply. */

import { span } from '../../domain/kind.ts';
import { parseRange } from '../../domain/range.ts';
import { type Call, defineCmdlet } from '../../pipeline/cmdlet.ts';
import { usage } from '../../pipeline/error.ts';
import type { Parameter } from '../../pipeline/parameter.ts';
import { PsObject, type Value } from '../../pipeline/value.ts';
import type { EventsWanted } from '../../records/event-filter.ts';
import type { LoggedEvent } from '../../records/event-log.ts';
import { show } from '../../text/printable.ts';
import { sameText } from '../../text/wildcard.ts';
import { momentGiven, refuseBackwards } from '../moment-parameter.ts';
import { parsedArgument } from '../parsed-argument.ts';
import { serversWanted } from './over-fleet.ts';

const LEVELS = ['Information', 'Warning', 'Error'];
/** What --follow shows before the first new event, as journalctl and tail do. */
const FOLLOW_SHOWS = 10;

const PARAMETERS = [
  {
    name: 'Id',
    type: 'strings',
    position: 0,
    rest: true,
    aliases: ['EventId', 'InstanceId'],
    placeholder: 'ID[,…]',
    help: 'Only these events: 1021 is the limit per source.',
  },
  {
    name: 'Level',
    type: 'strings',
    values: LEVELS,
    placeholder: 'LEVEL[,…]',
    help: `Only these levels: ${LEVELS.join(', ')}.`,
  },
  {
    name: 'Last',
    type: 'string',
    placeholder: 'SPAN',
    help: 'Only events of the last 30m, 1h, 2d, or 01:30:00 (hh:mm:ss, d.hh:mm:ss).',
  },
  {
    name: 'Since',
    type: 'string',
    aliases: ['Start', 'StartTime', 'After'],
    placeholder: 'TIME',
    help: 'Only events since then: an age (30m, 2h, 7d), today, yesterday, or a date (2026-05-31 14:00).',
  },
  {
    name: 'Until',
    type: 'string',
    aliases: ['End', 'EndTime', 'Before'],
    placeholder: 'TIME',
    help: 'Only events up to then.',
  },
  {
    name: 'Connector',
    type: 'strings',
    completes: 'connector',
    placeholder: 'NAME[,…]',
    help: 'Only events about these connectors; wildcards find several.',
  },
  {
    name: 'Source',
    type: 'strings',
    aliases: ['Address', 'RemoteAddress'],
    placeholder: 'ADDRESS[,…]',
    help: 'Only events about these clients: an address or a range (10.1.0.0/16).',
  },
  {
    name: 'Newest',
    type: 'int',
    aliases: ['MaxEvents', 'Tail'],
    help: 'Only the N newest that match; found from the end, at once in the largest log.',
  },
  { name: 'Follow', type: 'switch', help: 'Goes on with every new event, until Ctrl-C.' },
] as const satisfies readonly Parameter[];

type OwnCall = Call<(typeof PARAMETERS)[number]>;

export const getReceiveConnectorEvent = defineCmdlet({
  name: 'Get-ReceiveConnectorEvent',
  short: 'get-event',
  words: ['events'],
  aliases: ['Get-Event'],
  group: 'server',
  summary: 'Show the events of the listener, as they are logged or as they come',
  description:
    'Oldest first, from events.ndjson and the files put aside from it. The figures of an event are properties of their own: Connector, Address, Limit, Count. docs/events.md lists every id. With --follow it goes on until Ctrl-C (exit status 0), over restarts of the listener, and begins with the last ten events unless it is told otherwise. In a fleet it shows every server’s events, each with its Server; --server narrows it.',
  gives: 'ReceiveConnectorEvent',
  parameters: PARAMETERS,
  examples: [
    {
      command: 'rc get-event 1021 --last 1h',
      language: 'Get-ReceiveConnectorEvent 1021 -Last 1h',
      does: 'Shows which sources were refused for their number of connections in the last hour.',
    },
    {
      command: "rc get-event --level Warning,Error --connector 'Default*' --newest 20",
      language: "Get-ReceiveConnectorEvent -Level Warning,Error -Connector 'Default*' -Newest 20",
      does: 'Shows the last twenty things that went wrong on these connectors.',
    },
    {
      command: 'rc get-event 1021 --last 1d | rc group Address --no-element',
      language: 'Get-ReceiveConnectorEvent 1021 -Last 1d | Group-Object Address -NoElement',
      does: 'Counts the events of each source.',
    },
    { command: 'rc get-event --source 10.1.0.0/16 --since today', does: 'Shows what happened to these clients today.' },
    { command: 'rc get-event --level Error --follow', does: 'Shows errors as they happen.' },
  ],
  async *run(call) {
    const { arguments: args, context } = call;
    const { host, store } = context;
    store.expectHome();
    const wanted = wantedOf(call);
    const period = periodOf(call, host.clock());
    const newest = args.Newest;
    const servers = serversWanted(context, getReceiveConnectorEvent);
    const [{ eventFilter }, { followEvents, newestEvents, readEvents }] = await Promise.all([
      import('../../records/event-filter.ts'),
      import('../../records/event-log.ts'),
    ]);
    const question = { ...period, matches: eventFilter(wanted), warn: (what: string) => context.warn(what) };
    if (servers.others.length) {
      const { eventsOverFleet } = await import('./events-over-fleet.ts');
      const most = newest ?? (args.Follow && !period.since ? FOLLOW_SHOWS : undefined);
      const asked = { wanted, question, newest: most, follow: args.Follow };
      for await (const { event, server } of eventsOverFleet(context, servers, asked)) yield objectOf(event, server);
      return;
    }
    const path = store.home.events;
    if (args.Follow) {
      const first = newest ?? (period.since ? undefined : FOLLOW_SHOWS);
      const stop = host.interrupted?.() ?? new AbortController().signal;
      for await (const event of followEvents(path, question, first, stop)) yield objectOf(event, servers.own);
    } else if (newest !== undefined) {
      for (const event of await newestEvents(path, newest, question)) yield objectOf(event, servers.own);
    } else {
      for await (const event of readEvents(path, question)) yield objectOf(event, servers.own);
    }
  },
});

/** Properties in the order of Get-WinEvent's view, then the figures, then who tells. */
function objectOf({ time, id, level, message, data = {}, source = '' }: LoggedEvent, server: string): PsObject {
  const properties: Record<string, Value> = { Time: new Date(time), Id: id, Level: level, Message: message };
  for (const [name, value] of Object.entries(data)) {
    const titled = name.charAt(0).toUpperCase() + name.slice(1);
    const free = !Object.hasOwn(properties, titled) && titled !== 'ProviderName' && titled !== 'Server';
    properties[free ? titled : `Data${titled}`] = typeof value === 'object' ? JSON.stringify(value) : value;
  }
  properties.ProviderName = source;
  if (server) properties.Server = server;
  return new PsObject('ReceiveConnectorEvent', properties);
}

/** @throws CmdletError (usage) */
function wantedOf(call: OwnCall): EventsWanted {
  const { arguments: args } = call;
  // As arguments of their own they keep their commas: a connector's name may have one.
  const given = (args.Id ?? []).flatMap((text) => text.split(','));
  const ids = given.map((text) => {
    if (!/^\s*\d{1,9}\s*$/.test(text))
      throw usage(
        `${call.spell('Id')}: ${show(text)} is not the number of an event; allowed: a whole number, such as 1021 (docs/events.md lists them).`,
      );
    return Number(text);
  });
  const levels = (args.Level ?? []).map((text) => {
    const found = LEVELS.find((level) => sameText(level, text.trim()));
    if (!found) throw usage(`${call.spell('Level')}: ${show(text)} is not possible; allowed: ${LEVELS.join(', ')}`);
    return found;
  });
  const sources = args.Source ?? [];
  for (const text of sources) parsedArgument(call.spell('Source'), () => parseRange(text));
  return { ids, levels, connectors: args.Connector ?? [], sources };
}

function periodOf(call: OwnCall, now: Date): { since?: Date; until?: Date } {
  const { arguments: args } = call;
  if (args.Last !== undefined && args.Since !== undefined)
    throw usage(`${call.spell('Last')} and ${call.spell('Since')} both say when to begin; give one of them.`);
  const last = args.Last;
  const since =
    last === undefined ? momentGiven(call, 'Since', args.Since) : new Date(now.getTime() - lengthOf(call, last) * 1000);
  const until = momentGiven(call, 'Until', args.Until);
  refuseBackwards(call, [last === undefined ? 'Since' : 'Last', since], ['Until', until]);
  return { ...(since && { since }), ...(until && { until }) };
}

const MOST_SECONDS = 36_500 * 86_400;

/** Seconds of `90s`, `30m`, `1h`, `2d`, `1w`, `01:30:00`, `1.00:00:00`. */
function lengthOf(call: OwnCall, text: string): number {
  try {
    return span(1, MOST_SECONDS).parse(text).seconds;
  } catch {
    throw usage(
      `${call.spell('Last')}: ${show(text)} is not a time span; allowed: 90s, 30m, 1h, 2d, 1w, 01:30:00 (hh:mm:ss) or 1.00:00:00 (days first).`,
    );
  }
}
