/** What this listener tells other servers of its fleet, and does for them: the same that `rc` on this machine is told and may. */
import type { ConnectorStatus } from '../../control/listener-client.ts';
import { usageOf } from '../../control/source-usage.ts';
import { readTransport } from '../../domain/transport.ts';
import type { Answers } from '../../fleet/answering.ts';
import { eventFilter } from '../../records/event-filter.ts';
import { newestEvents } from '../../records/event-log.ts';
import { trackingFilter } from '../../records/tracking-filter.ts';
import { newestTracking } from '../../records/tracking-log-lines.ts';
import type { Home } from '../../store/home.ts';
import type { Listener } from '../listener.ts';
import type { Observer } from '../observe/snapshot.ts';
import { messagesToldBy } from './fleet-messages.ts';

/** More have no room in an answer. */
const MOST_EVENTS = 10_000;
const MOST_RECORDS = 10_000;
/** Sources of a connector in a look: top shows the one nearest to its limit. */
const MOST_SOURCES = 5;

export function fleetAnswers(listener: () => Listener, observer: () => Observer, home: Home): Answers {
  return {
    messages: messagesToldBy(home.mail),
    async sources() {
      await listener().sync();
      return observer().sources();
    },
    sessions: () => listener().sessionInfos(),
    async disconnect({ id, now }) {
      return [{ ended: await listener().disconnect(String(id), now === true) }];
    },
    async look() {
      await listener().sync();
      const { snapshot } = observer().look(0);
      const connectors = snapshot.status.connectors.map(
        (c): ConnectorStatus => ({ ...c, sources: c.sources.slice(0, MOST_SOURCES) }),
      );
      return [{ ...snapshot, status: { ...snapshot.status, connectors } }];
    },
    async usage() {
      await listener().sync();
      return usageOf(observer().status());
    },
    /** The newest first, so that what has no room is the oldest. */
    async events({ ids, levels, connectors, sources, since, until, newest }) {
      const matches = eventFilter({
        ids: list(ids).map(Number),
        levels: list(levels).map(String),
        connectors: list(connectors).map(String),
        sources: list(sources).map(String),
      });
      const most = Math.min(MOST_EVENTS, Number(newest) || MOST_EVENTS);
      const period = { ...dated('since', since), ...dated('until', until) };
      return (await newestEvents(home.events, most, { ...period, matches })).reverse();
    },
    /** The newest first. */
    async tracking({ sender, recipients, subject, event, source, messageId, internalId, start, end, newest }) {
      const matches = trackingFilter({
        sender: text(sender),
        recipients: list(recipients).map(String),
        subject: text(subject),
        event: text(event),
        source: text(source),
        messageId: text(messageId),
        internalId: typeof internalId === 'number' ? internalId : undefined,
      });
      const { MessageTrackingLogPath } = readTransport(listener().server.transport);
      const most = Math.min(MOST_RECORDS, Number(newest) || MOST_RECORDS);
      const period = { ...dated('start', start), ...dated('end', end) };
      const { records } = await newestTracking(MessageTrackingLogPath || home.tracking, most, period, matches);
      return records.reverse();
    },
  };
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, 1000) : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function dated<Name extends string>(name: Name, value: unknown): { [N in Name]?: Date } {
  const date = typeof value === 'string' ? new Date(value) : undefined;
  return date && !Number.isNaN(date.getTime()) ? ({ [name]: date } as { [N in Name]?: Date }) : {};
}
