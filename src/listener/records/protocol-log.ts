/**
 * The receive protocol log: what client and server said, for connectors with ProtocolLoggingLevel Verbose. Fields, event
 * characters and file names as Exchange's (reference: "Protocol logging"). Credentials never reach it.
 */

import { bytesOf, readTransport } from '../../domain/transport.ts';
import { csvLine, logTime } from '../../records/log-csv.ts';
import type { Home } from '../../store/home.ts';
import { hostAndPort } from '../../text/bracketed.ts';
import type { EventLog } from '../contracts/event-log.ts';
import type { LiveServer } from '../contracts/live-server.ts';
import type { Peer } from '../contracts/peer.ts';
import type { ProtocolLog } from '../contracts/protocol-log-api.ts';
import { FailureEvents } from '../delivery/failure-events.ts';
import { type LogFiles, openHourlyLog } from './hourly-log.ts';
import type { LineLog, RotatingLog } from './rotating-log.ts';

const PROTOCOL_FIELDS = [
  'date-time',
  'connector-id',
  'session-id',
  'sequence-number',
  'local-endpoint',
  'remote-endpoint',
  'event',
  'data',
  'context',
] as const;

/** A command line is 512 octets, a long one 8,000 (RFC 5321 section 4.5.3.1.4; XLONGADDR); what is longer is an attack. */
const LONGEST_DATA = 8192;

interface ProtocolLogOptions {
  readonly files?: LogFiles;
  readonly clock?: () => Date;
}

export function openProtocolLog(
  home: Home,
  server: () => LiveServer,
  events?: EventLog,
  options: ProtocolLogOptions = {},
): ProtocolLog {
  const failures = events && new FailureEvents(events);
  const log = protocolLogOn(openProtocolFile(home, server, failures, options), options.clock);
  return {
    ...log,
    async close() {
      await log.close();
      failures?.close();
    },
  };
}

/** The log's files. */
export function openProtocolFile(
  home: Home,
  server: () => LiveServer,
  failures?: FailureEvents,
  options: ProtocolLogOptions = {},
): RotatingLog {
  const clock = options.clock ?? (() => new Date());
  return openHourlyLog({
    ...options,
    failures,
    clock,
    prefix: 'RECV',
    type: 'SMTP Receive Protocol Log',
    fields: PROTOCOL_FIELDS,
    settings() {
      const t = readTransport(server().transport);
      return {
        folder: t.ReceiveProtocolLogPath || home.protocol,
        maxAge: t.ReceiveProtocolLogMaxAge.seconds * 1000,
        maxDirectorySize: bytesOf(t.ReceiveProtocolLogMaxDirectorySize),
        maxFileSize: bytesOf(t.ReceiveProtocolLogMaxFileSize),
      };
    },
    dropped: (lines, now) =>
      csvLine([now.toISOString(), '', '', '', '', '', '*', '', `${lines} lines were dropped here`]),
  });
}

/** Logs of sessions whose lines go to `log`. */
export function protocolLogOn(log: LineLog, clock: () => Date = () => new Date()): ProtocolLog {
  return {
    session(id, connector, peer) {
      let sequence = 0;
      const mask = credentialMask();
      let ends: ReturnType<typeof endpoints> | undefined;
      return {
        write(event, data, context = '') {
          const shown = mask(event, data); // sees every line, so that it knows where it is when logging is turned on
          if (connector.now.ProtocolLoggingLevel !== 'Verbose') return;
          ends ??= endpoints(peer);
          log.write(
            csvLine([
              logTime(clock()),
              connector.now.Identity,
              id,
              sequence++,
              ...ends,
              event,
              bounded(event === '<' ? shown : oneLine(shown)),
              bounded(context),
            ]),
          );
        },
      };
    },
    close: () => log.close(),
  };
}

function endpoints(peer: Peer): [local: string, remote: string] {
  return [hostAndPort(peer.localAddress, peer.localPort), hostAndPort(peer.remoteAddress, peer.remotePort)];
}

/** A reply of several lines is one line of the log, as Exchange writes it. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+$/, '').replace(/\r?\n/g, ' ');
}

function bounded(text: string): string {
  return text.length > LONGEST_DATA ? `${text.slice(0, LONGEST_DATA - 1)}…` : text;
}

const SECRET = '<authentication data>';

/** Lines that are a command, and so no late answer to AUTH. */
const COMMAND = /^(?:HELO|EHLO|STARTTLS|MAIL|RCPT|DATA|BDAT|RSET|NOOP|VRFY|HELP|QUIT)(?:\s|$)/i;

/**
 * Hides what a client says to authenticate: the initial response of AUTH, and every answer to a 334 challenge (RFC 4954
 * section 4). After AUTH, lines are hidden until the reply that ends it, and what is no command until one comes: a client
 * that sends name and password without waiting does so too when AUTH was refused.
 */
export function credentialMask(): (event: string, data: string) => string {
  let authenticating = false;
  let afterAuth = false;
  return (event, data) => {
    if (event === '>') {
      if (authenticating && !/^334(?:[ -]|\s*$)/.test(data)) authenticating = false;
      return data;
    }
    if (event !== '<') return data;
    if (authenticating) return SECRET;
    if (!afterAuth && !/^\s*AUTH/i.test(data)) return data;
    if (COMMAND.test(data)) afterAuth = false;
    const auth = /^\s*(AUTH)(?:\s+(\S+)(\s.*)?)?\s*$/is.exec(data);
    if (!auth) return /^\s*AUTH/i.test(data) ? `AUTH ${SECRET}` : afterAuth ? SECRET : data;
    authenticating = true;
    afterAuth = true;
    const [, , mechanism = '', initial = ''] = auth;
    // Some clients forget the mechanism's name: what is no name may be a secret.
    const name = /^[A-Z0-9_-]{1,20}$/i.test(mechanism) ? mechanism : mechanism && SECRET;
    return ['AUTH', name, initial.trim() && SECRET].filter(Boolean).join(' ');
  };
}
