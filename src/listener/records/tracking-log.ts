/** Writes the message tracking log (fields and reading: src/records/tracking-log-lines.ts): one line as a message is accepted, one for what became of it. */
import { bytesOf, readTransport } from '../../domain/transport.ts';
import { csvLine, logTime } from '../../records/log-csv.ts';
import {
  type TRACKING_EVENTS,
  TRACKING_FIELDS,
  TRACKING_PREFIX,
  TRACKING_TYPE,
} from '../../records/tracking-log-lines.ts';
import type { Home } from '../../store/home.ts';
import type { Envelope } from '../contracts/delivery-api.ts';
import type { LiveServer } from '../contracts/live-server.ts';
import type { FailureEvents } from '../delivery/failure-events.ts';
import { type LogFiles, openHourlyLog } from './hourly-log.ts';
import type { LineLog, RotatingLog } from './rotating-log.ts';

interface TrackedMessage {
  readonly envelope: Envelope;
  readonly internalId: number;
  readonly messageId: string;
  readonly bytes: number;
  readonly subject: string;
}

interface TrackedEvent {
  readonly event: (typeof TRACKING_EVENTS)[number];
  /** SMTP, STOREDRIVER (into the Maildir) or AGENT, as Exchange names what acted. */
  readonly source: 'SMTP' | 'STOREDRIVER' | 'AGENT';
  readonly context?: string;
  /** Per recipient; empty when nothing is to say. */
  readonly recipientStatus?: readonly string[];
}

export interface TrackingLog {
  write(message: TrackedMessage, event: TrackedEvent): void;
  close(): Promise<void>;
}

interface TrackingLogOptions {
  readonly failures?: FailureEvents;
  readonly files?: LogFiles;
  readonly clock?: () => Date;
}

/** The log's files. */
export function openTrackingFile(home: Home, server: () => LiveServer, options: TrackingLogOptions = {}): RotatingLog {
  const clock = options.clock ?? (() => new Date());
  return openHourlyLog({
    ...options,
    clock,
    prefix: TRACKING_PREFIX,
    type: TRACKING_TYPE,
    fields: TRACKING_FIELDS,
    settings() {
      const t = readTransport(server().transport);
      return {
        folder: t.MessageTrackingLogPath || home.tracking,
        maxAge: t.MessageTrackingLogMaxAge.seconds * 1000,
        maxDirectorySize: bytesOf(t.MessageTrackingLogMaxDirectorySize),
        maxFileSize: t.MessageTrackingLogMaxFileSize.bytes,
      };
    },
    dropped: (lines) => `# ${lines} lines were dropped here\r\n`,
  });
}

/** A message tracking log whose lines go to `log`. */
export function trackingLogOn(
  log: LineLog,
  server: () => LiveServer,
  clock: () => Date = () => new Date(),
): TrackingLog {
  return {
    write(message, event) {
      const t = readTransport(server().transport);
      if (!t.MessageTrackingLogEnabled) return;
      const { envelope } = message;
      // ";" separates recipients in a field; inside an address or a status it would make two of one.
      const list = (items: readonly string[]) => items.map((item) => item.replaceAll(';', '\\u{3b}')).join(';');
      log.write(
        csvLine([
          logTime(clock()),
          envelope.peer.remoteAddress,
          envelope.helo,
          envelope.peer.localAddress,
          server().fqdn,
          event.context ?? '',
          envelope.connector.Identity,
          event.source,
          event.event,
          message.internalId,
          message.messageId,
          list(envelope.recipients.map((recipient) => recipient.address)),
          list(event.recipientStatus ?? []),
          message.bytes,
          envelope.recipients.length,
          t.MessageTrackingLogSubjectLoggingEnabled ? message.subject : '',
          envelope.mailFrom.address,
          envelope.mailFrom.address || '<>',
        ]),
      );
    },
    close: () => log.close(),
  };
}
