/** What the listener does: its state, sessions, refusals, events. */
import { placesOf } from '../../control/ready-line.ts';
import { newestEvents } from '../../records/event-log.ts';
import { show } from '../../text/printable.ts';
import { Problem } from './problem.ts';
import { aNumber, oneOf } from './query.ts';
import { type Route, route } from './route.ts';
import { list, ref } from './schemas.ts';

const YES_NO = oneOf('true', 'false');

export const ACTIVITY_ROUTES: readonly Route[] = [
  route({
    method: 'GET',
    path: '/v1/status',
    id: 'getStatus',
    topic: 'Listener',
    summary: 'The listener: where it listens, and by which settings.',
    answer: { status: 200, means: 'Its state now.', schema: ref('Status') },
    async answerTo({ listener }) {
      await listener.sync();
      const { pid, version, home, startedAt, bound, generation, lastError: problem, sessions } = listener.status();
      const state = { generation: generation.applied, problem, sessions };
      return { json: { pid, version, home, startedAt, ...placesOf(bound), ...state } };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/sessions',
    id: 'listSessions',
    topic: 'Listener',
    summary: 'Sessions that are open now.',
    answer: { status: 200, means: 'All of them.', schema: list(ref('Session')) },
    async answerTo({ listener }) {
      const told = (await listener.sessionInfos()).map(
        ({ id, connector, source, port, helo, user, tls, state, since, messages, bytes, bytesSent }) => ({
          ...{ id, connector, source, port, helo, user, tls, state, since, messages, bytes, bytesSent },
        }),
      );
      return { json: told };
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/sessions/{id}',
    id: 'endSession',
    topic: 'Listener',
    summary: 'Ends a session: it finishes its message and gets 421, or is cut at once.',
    parts: { id: 'Of the session.' },
    query: { now: { kind: YES_NO, usual: 'false' as const, help: 'true cuts it at once.' } },
    answer: { status: 204, means: 'It ends.' },
    problems: { 404: 'There is no such session.' },
    async answerTo({ listener }, { part, query }) {
      const id = part('id');
      if (await listener.disconnect(id, query.now === 'true')) return {};
      throw new Problem(404, `No session has the id ${show(id)}. Those that are open: GET /v1/sessions`, {
        code: 'SessionNotFound',
        value: id.slice(0, 200),
      });
    },
  }),
  route({
    method: 'GET',
    path: '/v1/refusals',
    id: 'listRefusals',
    topic: 'Listener',
    summary:
      'Sources that were refused within the hour, or failed to log on, and for which settings; most refused first.',
    query: { limit: { kind: aNumber(1, 1000), usual: 100, help: 'Most sources.' } },
    answer: { status: 200, means: 'A source and connector each.', schema: list(ref('RefusedSource')) },
    async answerTo({ listener }, { query }) {
      await listener.sync();
      const told = listener
        .sources()
        .filter(({ refused, failedLogons }) => refused.hour + failedLogons.hour > 0)
        .sort((a, b) => b.refused.hour + b.failedLogons.hour - a.refused.hour - a.failedLogons.hour)
        .slice(0, query.limit)
        .map(({ address, connector, connections, limit, refused, failedLogons, because, lastRefused }) => ({
          ...{ address, connector, connections, limit, refused, failedLogons, because, lastRefused },
        }));
      return { json: told };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/events',
    id: 'listEvents',
    topic: 'Events',
    summary: 'The newest events of the log (docs/events.md), oldest first.',
    query: {
      newest: { kind: aNumber(1, 1000), usual: 100, help: 'How many.' },
      id: { kind: aNumber(1, 65_535), help: 'Only of this id: 1021 is a refused connection.' },
      level: { kind: oneOf('Information', 'Warning', 'Error'), help: 'Only of this level.' },
    },
    answer: { status: 200, means: 'Events.', schema: list(ref('Event')) },
    async answerTo({ eventLog }, { query: { newest, id, level } }) {
      const found = await newestEvents(eventLog, newest, {
        matches: (event) => (id === undefined || event.id === id) && (level === undefined || event.level === level),
      });
      return { json: found.map(({ time, id, level, message, data = {} }) => ({ time, id, level, message, data })) };
    },
  }),
];
