/**
 * Where a message goes, chosen as it begins: the connector's DeliveryMethod, else the transport service's. Counts, and
 * writes the message tracking log.
 */
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fault } from '../../domain/cause.ts';
import type { Connector } from '../../domain/connector.ts';
import { readTransport } from '../../domain/transport.ts';
import type { Home } from '../../store/home.ts';
import type { Delivery, DeliveryResult, Envelope, Message } from '../contracts/delivery-api.ts';
import type { EventLog } from '../contracts/event-log.ts';
import type { LiveServer } from '../contracts/live-server.ts';
import type { RelayPlaces } from '../contracts/relay-places.ts';
import { MemoryBudget } from '../memory-budget.ts';
import type { LineLog } from '../records/rotating-log.ts';
import { openTrackingFile, type TrackingLog, trackingLogOn } from '../records/tracking-log.ts';
import { discard } from './discard.ts';
import { FailureEvents } from './failure-events.ts';
import { disk, type MailFiles } from './files.ts';
import { Maildir } from './maildir.ts';
import { type NameMaker, nameMaker } from './maildir-name.ts';
import { Relay } from './relay.ts';
import { type Method, NO_RESOURCES, type Outcome, type Route } from './route.ts';
import { SubjectFinder } from './subject.ts';

interface DeliveryOptions {
  readonly files?: MailFiles;
  readonly clock?: () => Date;
  readonly names?: NameMaker;
  /** Takes the lines of the message tracking log; its files when left out. */
  readonly trackingLines?: LineLog;
  /** Numbers messages: each greater than the one before, none twice on this server. */
  readonly internalIds?: () => number;
  /** Counts connections to next hosts (MaxRelayConnections), with those of other processes. */
  readonly relays?: RelayPlaces;
  /** What messages may hold in memory, together with all else that counts there. */
  readonly memory?: MemoryBudget;
}

type DeliveryCounts = Readonly<Record<Method, { accepted: number; refused: number; bytes: number }>>;

interface CountingDelivery extends Delivery {
  /** Since the listener started. */
  readonly counts: DeliveryCounts;
}

/** Opens all routes; none touches disk or network before a message needs it, but leftovers in the Maildir are removed now. */
export function openDelivery(
  home: Home,
  events: EventLog,
  server: () => LiveServer,
  options: DeliveryOptions = {},
): CountingDelivery {
  const { files = disk, clock = () => new Date(), memory = new MemoryBudget() } = options;
  const failures = new FailureEvents(events);
  const names = options.names ?? nameMaker(hostname(), process.pid, () => clock().getTime());
  const maildir = new Maildir({ folder: home.mail, files, names, failures, events, memory });
  const { relays } = options;
  const relay = new Relay({ folder: join(home.folder, 'spool'), files, server, failures, relays, memory });
  const routes: Readonly<Record<Method, Route>> = { Maildir: maildir, Relay: relay, Discard: discard };
  const trackingLines = options.trackingLines ?? openTrackingFile(home, server, { failures, clock });
  const tracking = trackingLogOn(trackingLines, server, clock);
  const counts: DeliveryCounts = { Maildir: none(), Relay: none(), Discard: none() };
  // Microseconds since 1970: grows over restarts without being stored, and stays exact in a double until the year 2255.
  let internalId = clock().getTime() * 1000;
  const nextId = options.internalIds ?? (() => ++internalId);
  maildir.open().catch(() => {}); // told when a message needs it

  const methodOf = ({ DeliveryMethod: own }: Connector): Method =>
    own === 'Default' ? readTransport(server().transport).DeliveryMethod : own;

  return {
    counts,
    begin(envelope) {
      const method = methodOf(envelope.connector);
      return new RoutedMessage(envelope, method, routes[method], nextId(), counts, tracking, memory);
    },
    checkRecipients: (about) => routes[methodOf(about.connector)].checkRecipients?.(about),
    async close() {
      await Promise.all(Object.values(routes).map((route) => route.close()));
      await tracking.close();
      failures.close();
    },
  };
}

function none() {
  return { accepted: 0, refused: 0, bytes: 0 };
}

/** A message on its route, counted and tracked. */
class RoutedMessage implements Message {
  readonly #envelope: Envelope;
  readonly #method: Method;
  readonly #message: ReturnType<Route['begin']>;
  readonly #counts: DeliveryCounts;
  readonly #tracking: TrackingLog;
  readonly #subject: SubjectFinder;
  #bytes = 0;
  #ended = false;

  constructor(
    envelope: Envelope,
    method: Method,
    route: Route,
    readonly internalId: number,
    counts: DeliveryCounts,
    tracking: TrackingLog,
    memory: MemoryBudget,
  ) {
    this.#envelope = envelope;
    this.#method = method;
    this.#message = route.begin(envelope);
    this.#counts = counts;
    this.#tracking = tracking;
    this.#subject = new SubjectFinder(memory);
  }

  prepend(header: string): void {
    this.#message.prepend(header);
  }

  write(chunk: Buffer): Promise<void> | undefined {
    if (this.#ended) return undefined;
    this.#bytes += chunk.length;
    this.#subject.see(chunk);
    return this.#message.write(chunk);
  }

  async commit(messageId: string): Promise<DeliveryResult> {
    if (this.#ended) return { ok: false, refusal: { reply: NO_RESOURCES, because: fault('Disk') } };
    this.#ended = true;
    const outcome = await this.#message.commit();
    const counts = this.#counts[this.#method];
    if (outcome.ok) {
      counts.accepted++;
      counts.bytes += this.#bytes;
    } else counts.refused++;
    this.#track(messageId, outcome);
    if (outcome.ok) return outcome.reply === undefined ? { ok: true } : { ok: true, reply: outcome.reply };
    return { ok: false, refusal: outcome.refusal };
  }

  #track(messageId: string, outcome: Outcome): void {
    const message = {
      envelope: this.#envelope,
      internalId: this.internalId,
      messageId,
      bytes: this.#bytes,
      subject: this.#subject.found(),
    };
    const { where: context = '', recipientStatus = [] } = outcome;
    if (!outcome.ok) {
      const { reply } = outcome.refusal;
      const event = reply.permanent ? 'FAIL' : 'DEFER';
      const status = recipientStatus.length ? recipientStatus : [reply.line];
      this.#tracking.write(message, { event, source: 'SMTP', context, recipientStatus: status });
      return;
    }
    this.#tracking.write(message, { event: 'RECEIVE', source: 'SMTP' });
    if (this.#method === 'Maildir') this.#tracking.write(message, { event: 'DELIVER', source: 'STOREDRIVER', context });
    else if (this.#method === 'Discard') this.#tracking.write(message, { event: 'DISCARD', source: 'AGENT' });
    else this.#tracking.write(message, { event: 'SEND', source: 'SMTP', context, recipientStatus });
  }

  abort(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#subject.found(); // lets go of what it saw
    this.#message.abort();
  }
}
