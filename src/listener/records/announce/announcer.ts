/**
 * Tells events to others as they are written: a web hook, a program, a syslog server, each by a setting of the transport
 * service that is read at every event, so that a change acts on the next one. What cannot be told is an event of its own,
 * and no such event is told to anybody: it would come round again.
 */

import { randomUUID } from 'node:crypto';
import { selectsEvent } from '../../../domain/event-selector.ts';
import { readTransport, type Transport } from '../../../domain/transport.ts';
import type { EventLog, ListenerEvent } from '../../contracts/event-log.ts';
import type { LiveServer } from '../../contracts/live-server.ts';
import { recordOf } from '../event-record.ts';
import { EVENTS } from '../event-table.ts';
import type { Announcement } from './announcement.ts';
import { type Outbox, type OutboxOptions, outbox } from './outbox.ts';
import { runProgram } from './program.ts';
import { sendSyslog, syslogLine } from './syslog.ts';
import { postEvent } from './webhook.ts';

interface AnnouncerOptions {
  readonly log: EventLog;
  readonly server: () => LiveServer | undefined;
  readonly version: string;
  readonly clock?: () => Date;
  /** Milliseconds before a failed try is made again. */
  readonly pauseMs?: number;
}

/** Milliseconds that events which wait may take to go out when the listener ends. */
const CLOSE_MS = 2000;

type Send = OutboxOptions<Announcement>['send'];

export class EventAnnouncer implements EventLog {
  readonly #options: AnnouncerOptions;
  readonly #outboxes = new Map<string, { readonly of: string; readonly box: Outbox<Announcement> }>();

  #transport: Transport | undefined;
  #places: ReadonlyMap<string, Place> = new Map();

  constructor(options: AnnouncerOptions) {
    this.#options = options;
  }

  write(event: ListenerEvent): void {
    const { log, server, version, clock = () => new Date() } = this.#options;
    log.write(event);
    const live = server();
    if (!live) return; // before the first document: nobody is named yet
    const transport = readTransport(live.transport);
    this.#follow(transport);
    if (!this.#places.size || isOurOwn(event) || !selectsEvent(transport.EventFilter, event.id, event.level)) return;
    const notice = { delivery: randomUUID(), ...recordOf(event, clock()), server: live.name, version };
    for (const [name, place] of this.#places) this.#outboxOf(name, place).put(notice);
  }

  #follow(transport: Transport): void {
    if (transport === this.#transport) return;
    this.#transport = transport;
    this.#places = placesOf(transport);
    for (const [name, { of, box }] of this.#outboxes) {
      if (this.#places.get(name)?.of === of) continue;
      void box.close(0);
      this.#outboxes.delete(name);
    }
  }

  #outboxOf(name: string, { of, send }: Place): Outbox<Announcement> {
    const known = this.#outboxes.get(name);
    if (known) return known.box;
    const { log, pauseMs } = this.#options;
    const box = outbox<Announcement>({
      send,
      failed: (reason) => log.write(EVENTS.announcementFailed(name, of, reason)),
      recovered: (givenUp) => log.write(EVENTS.announcementsGoOn(name, of, givenUp)),
      ...(pauseMs === undefined ? {} : { pauseMs }),
    });
    this.#outboxes.set(name, { of, box });
    return box;
  }

  async close(): Promise<void> {
    const boxes = [...this.#outboxes.values()];
    await Promise.all(boxes.map(({ box }) => box.close(CLOSE_MS)));
    await this.#options.log.close();
  }
}

const OWN = new Set([EVENTS.announcementFailed('', '', '').id, EVENTS.announcementsGoOn('', '', 0).id]);

function isOurOwn({ id }: ListenerEvent): boolean {
  return OWN.has(id);
}

interface Place {
  /** The address, program or server, as set. */
  readonly of: string;
  readonly send: Send;
}

/** Who is to be told, by the name of the setting. */
function placesOf(transport: Transport): Map<string, Place> {
  const places = new Map<string, Place>();
  const {
    EventWebhook: url,
    EventWebhookSecretFile: secretFile,
    EventCommand: program,
    EventSyslog: address,
    syslog,
  } = transport;
  if (url)
    places.set('EventWebhook', { of: url, send: (event, signal) => postEvent({ url, secretFile }, event, signal) });
  if (program) places.set('EventCommand', { of: program, send: (event, signal) => runProgram(program, event, signal) });
  if (syslog) {
    const form = transport.EventSyslogFormat;
    const send: Send = (event, signal) => sendSyslog(syslog, syslogLine(event, form), signal);
    places.set('EventSyslog', { of: `${address} (${form})`, send });
  }
  return places;
}
