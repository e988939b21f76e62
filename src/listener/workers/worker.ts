/** A worker's life: it does what the listener's process says and tells it what happens, and ends when told to, or when that process is gone. */
import type { Socket } from 'node:net';
import type { Certificates } from '../contracts/certificates-api.ts';
import type { EventLog } from '../contracts/event-log.ts';
import type { StartSession } from '../contracts/session-api.ts';
import { openDelivery } from '../delivery/delivery.ts';
import { MemoryBudget } from '../memory-budget.ts';
import { events as told } from '../records/event-table.ts';
import { protocolLogOn } from '../records/protocol-log.ts';
import { Logons } from '../session/logon.ts';
import { Channel } from './channel.ts';
import { internalIds } from './internal-ids.ts';
import type { FromWorker, Hello, ToWorker } from './messages.ts';
import { RemoteRates } from './remote-rates.ts';
import { Staff } from './staff.ts';

interface WorkerParts {
  readonly startSession: StartSession;
  openCertificates(home: Hello['home'], events: EventLog): Certificates;
}

/** How long sessions may finish their message when the listener's process was killed. */
const ORPHAN_GRACE_MS = 5000;

/** A commit settles within a minute; nothing is waited for longer than that. */
const LAST_MS = 70_000;

/** The part of MaxRelayConnections of the worker at `place`: together they have all of it, each at least one. */
export function relayShare(place: number, of: number): (connections: number) => number {
  return (connections) =>
    Number.isFinite(connections)
      ? Math.max(1, Math.floor(connections / of) + (place < connections % of ? 1 : 0))
      : connections;
}

/** Runs until told to end. To be called at once when the process starts, before a message can come. */
export function runWorker(parts: WorkerParts): void {
  // A terminal sends Ctrl-C, and systemd SIGTERM, to all processes; sessions are ended in order by the listener's process.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  const channel = new Channel((message, done) => post(message, done));
  const events: EventLog = { write: (event) => channel.event(event), close: async () => {} };
  const onDefect = (error: unknown) =>
    events.write(told.unexpected(error instanceof Error ? `${error.stack}` : String(error)));
  process.on('uncaughtException', onDefect);
  process.on('unhandledRejection', onDefect);

  let work: ReturnType<typeof open> | undefined;
  let isEnding = false;
  process.on('message', (message: ToWorker, socket: unknown) => {
    if (message.kind === 'hello') work = open(message, parts, channel, events);
    else if (message.kind === 'document') work?.staff.follow(message).catch((error: Error) => giveUp(error));
    else if (message.kind === 'start') {
      channel.taken(message.id);
      work?.staff.start(message, socket as Socket | undefined);
    } else {
      if (message.rates) work?.rates.answered(message.rates);
      work?.staff.obey(message);
      if (message.infos !== undefined)
        channel.tell({ infos: { question: message.infos, sessions: work?.staff.infos() ?? [] } });
      if (message.ping) channel.tell({ alive: true });
      if (message.end && !isEnding) void end();
    }
  });
  process.on('disconnect', () => {
    if (!isEnding) void end(ORPHAN_GRACE_MS);
  });

  async function end(graceMs = 0): Promise<void> {
    isEnding = true;
    await work?.staff.leave(graceMs);
    await work?.close();
    await channel.flushed();
    process.removeAllListeners('disconnect');
    if (process.connected) process.disconnect();
    process.exitCode = 0; // a commit that runs keeps the process until it is done
    setTimeout(() => process.exit(), LAST_MS).unref();
  }

  /** It cannot act by the document: another worker, or a restart, is better than one that acts by an old one. */
  async function giveUp(error: Error): Promise<void> {
    events.write(told.unexpected(`A worker cannot read the store that the listener could: ${error.message}`));
    await channel.flushed();
    process.exit(1);
  }
}

function open(hello: Hello, parts: WorkerParts, channel: Channel, events: EventLog) {
  const { home, place, of } = hello;
  const server = () => staff.server;
  const rates = new RemoteRates(channel);
  const certificates = parts.openCertificates(home, events);
  const memory = new MemoryBudget();
  const logons = new Logons();
  const delivery = openDelivery(home, events, server, {
    trackingLines: channel.log('tracking'),
    internalIds: internalIds(place, of),
    relayShare: relayShare(place, of),
    memory,
  });
  const protocolLog = protocolLogOn(channel.log('protocol'));
  const staff: Staff = new Staff({
    startSession: parts.startSession,
    services: { delivery, protocolLog, certificates, rates, events, memory, logons },
    counts: channel,
    onApplied: (edition, generation) => channel.tell({ applied: { edition, generation } }),
    onEnded: (id) => channel.ended(id),
  });
  const close = async () => {
    staff.close();
    logons.close();
    await delivery.close();
    await protocolLog.close();
    certificates.close();
  };
  return { staff, rates, close };
}

function post(message: FromWorker, done: () => void): void {
  if (process.send && process.connected) process.send(message, undefined, undefined, done);
  else done(); // nobody is there any more
}
