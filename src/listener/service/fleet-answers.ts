/** What this listener tells other servers of its fleet, and does for them: the same that `rc` on this machine is told and may. */
import type { ConnectorStatus } from '../../control/listener-client.ts';
import type { Answers } from '../../fleet/answering.ts';
import { eventFilter } from '../../records/event-filter.ts';
import { newestEvents } from '../../records/event-log.ts';
import type { Listener } from '../listener.ts';
import type { Observer } from '../observe/snapshot.ts';

/** More have no room in an answer. */
const MOST_EVENTS = 10_000;
/** Sources of a connector in a look: top shows the one nearest to its limit. */
const MOST_SOURCES = 5;

export function fleetAnswers(listener: () => Listener, observer: () => Observer, eventsPath: string): Answers {
  return {
    async sources() {
      await listener().sync();
      return observer().sources();
    },
    sessions: () => listener().sessionInfos(),
    async disconnect({ id, now }) {
      return [{ ended: await listener().disconnect(String(id), now === true) }];
    },
    async look({ known }) {
      await listener().sync();
      const { snapshot, written } = observer().look(Number(known) || 0);
      const connectors = snapshot.status.connectors.map(
        (c): ConnectorStatus => ({ ...c, sources: c.sources.slice(0, MOST_SOURCES) }),
      );
      return [{ ...snapshot, status: { ...snapshot.status, connectors }, written }];
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
      return (await newestEvents(eventsPath, most, { ...period, matches })).reverse();
    },
  };
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, 1000) : [];
}

function dated(name: 'since' | 'until', value: unknown): { since?: Date; until?: Date } {
  const date = typeof value === 'string' ? new Date(value) : undefined;
  return date && !Number.isNaN(date.getTime()) ? { [name]: date } : {};
}
