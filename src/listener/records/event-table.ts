/**
 * Every event of the listener: id, level, text. 1020 and 1021 stand in for Exchange's own warnings (source
 * MSExchangeTransport); ids from 17000 on are ours. docs/events.md shows the same table to administrators.
 */
import { shellWord } from '../../text/shell-word.ts';
import type { ListenerEvent } from '../contracts/event-log.ts';
import { HTTP_EVENTS } from './http-events.ts';
import { PRESSURE_EVENTS } from './pressure-event-table.ts';
import { REFUSAL_EVENTS } from './refusal-event-table.ts';

/** Names and addresses are escaped by the event log, when the line is written. */
export const EVENTS = {
  started: (pid: number, version: string, home: string): ListenerEvent => ({
    id: 17000,
    level: 'Information',
    message: `Listener ${version} started, process ${pid}, home ${home}.`,
    data: { pid, version, home },
  }),
  stopping: (signal: string, sessions: number): ListenerEvent => ({
    id: 17001,
    level: 'Information',
    message: `Listener stops (${signal}); ${sessions} session(s) may finish their message.`,
    data: { signal, sessions },
  }),
  stopped: (cut: number): ListenerEvent => ({
    id: 17002,
    level: cut ? 'Warning' : 'Information',
    message: cut ? `Listener stopped; ${cut} session(s) were cut off.` : 'Listener stopped.',
    data: { cut },
  }),
  applied: (generation: number, connectors: number, ms: number): ListenerEvent => ({
    id: 17003,
    level: 'Information',
    message: `Generation ${generation} of the store applied: ${connectors} connector(s), ${ms} ms.`,
    data: { generation, connectors, ms },
  }),
  refusedDocument: (reason: string): ListenerEvent => ({
    id: 17004,
    level: 'Error',
    message: `The store was changed to something that cannot be applied; the last good settings stay. ${reason.replaceAll(/\s*\n\s*/g, ' ')}`,
    data: { reason },
  }),
  documentMended: (generation: number): ListenerEvent => ({
    id: 17005,
    level: 'Information',
    message: `The store can be read again (generation ${generation}).`,
    data: { generation },
  }),
  listening: (binding: string, connectors: string, handed?: string): ListenerEvent => ({
    id: 17010,
    level: 'Information',
    message: `Listening on ${binding} for ${connectors}${handed ? `, with the socket ${handed} of the service manager` : ''}.`,
    data: { binding, connectors, ...(handed ? { handed } : {}) },
  }),
  closed: (binding: string): ListenerEvent => ({
    id: 17011,
    level: 'Information',
    message: `No longer listening on ${binding}.`,
    data: { binding },
  }),
  bindFailed: (binding: string, connectors: string, code: string, advice: string): ListenerEvent => ({
    id: 17012,
    level: 'Error',
    message: `Cannot listen on ${binding} for ${connectors}: ${advice}`,
    data: { binding, connectors, code },
  }),
  watchDegraded: (folder: string, reason: string): ListenerEvent => ({
    id: 17013,
    level: 'Warning',
    message: `Changes in ${folder} cannot be watched (${reason}); the store is looked at once a second instead.`,
    data: { folder, reason },
  }),
  retired: (connector: string, sessions: number, why: string): ListenerEvent => ({
    id: 17014,
    level: 'Information',
    message: `Receive connector '${connector}' was ${why}; its ${sessions} session(s) finish their message and are closed.`,
    data: { connector, sessions, why },
  }),
  sessionFailed: (connector: string, address: string, reason: string): ListenerEvent => ({
    id: 17015,
    level: 'Error',
    message: `A session of receive connector '${connector}' with '${address}' could not be started: ${reason}`,
    data: { connector, address, reason },
  }),
  acceptFailed: (binding: string, code: string): ListenerEvent => ({
    id: 17018,
    level: 'Error',
    message: `A connection to ${binding} could not be accepted (${code}).`,
    data: { binding, code },
  }),
  /** Node does not tell of connections that it closes for this. */
  noFilesLeft: (code: string): ListenerEvent => ({
    id: 17018,
    level: 'Error',
    message:
      code === 'EMFILE'
        ? 'This process has as many files open as it may (EMFILE): new connections are closed and messages refused for now until some end. Raise the limit (ulimit -n, LimitNOFILE=).'
        : 'The system has as many files open as it may (ENFILE): new connections are closed and messages refused for now until some end. Raise the limit (fs.file-max).',
    data: { code },
  }),
  disconnected: (connector: string, session: string, address: string, now: boolean): ListenerEvent => ({
    id: 17019,
    level: 'Information',
    message: `Session ${session} of receive connector '${connector}' with '${address}' was ${now ? 'cut' : 'told to end'} by an administrator.`,
    data: { connector, session, address, now },
  }),
  metricsServed: (url: string, loopback: boolean): ListenerEvent => ({
    id: 17050,
    level: loopback ? 'Information' : 'Warning',
    message: loopback
      ? `Metrics are served at ${url}.`
      : `Metrics are served at ${url}: whoever reaches this address can read them. To keep them on this computer: --metrics 127.0.0.1:9464.`,
    data: { url, loopback },
  }),
  eventsLost: (count: number): ListenerEvent => ({
    id: 17016,
    level: 'Warning',
    message: `${count} event(s) were lost: the disk did not take them, or not as fast as they came.`,
    data: { count },
  }),
  unexpected: (reason: string): ListenerEvent => ({
    id: 17017,
    level: 'Error',
    message: `Unexpected error, a defect of the listener; it goes on. ${reason}`,
    data: { reason },
  }),

  sessionDefect: (connector: string, session: string, reason: string): ListenerEvent => ({
    id: 17030,
    level: 'Error',
    message: `Session ${session} of receive connector '${connector}' failed, a defect of the listener; it was closed with 451. ${reason}`,
    data: { connector, session, reason },
  }),
  /** @param until ISO 8601 @param end the same as it is told */
  temporaryBegan: (
    connector: string,
    setting: string,
    value: string,
    before: string,
    until: string,
    end: string,
  ): ListenerEvent => ({
    id: 17031,
    level: 'Information',
    message: `${setting} of receive connector '${connector}' is ${value} until ${end}, then ${before} again.`,
    data: { connector, setting, value, before, until },
  }),
  temporaryEnded: (connector: string, setting: string, value: string, before: string): ListenerEvent => ({
    id: 17032,
    level: 'Information',
    message: `${setting} of receive connector '${connector}' ended by itself: ${value} → ${before}.`,
    data: { connector, setting, value, before },
  }),
  temporaryOver: (connector: string, setting: string): ListenerEvent => ({
    id: 17033,
    level: 'Information',
    message: `${setting} of receive connector '${connector}' is temporary no more: it was set or kept by hand, and nothing is put back.`,
    data: { connector, setting },
  }),
  overrideSet: (connector: string, override: string): ListenerEvent => ({
    id: 17035,
    level: 'Information',
    message: `Receive connector '${connector}' has other limits for ${override}.`,
    data: { connector, override },
  }),
  overrideGone: (connector: string, range: string, byItself: boolean): ListenerEvent => ({
    id: 17036,
    level: 'Information',
    message: `The limits of receive connector '${connector}' for ${range} ${byItself ? 'ended by themselves' : 'were taken away'}; those of the connector hold.`,
    data: { connector, range, byItself },
  }),
  temporaryStuck: (reason: string): ListenerEvent => ({
    id: 17034,
    level: 'Error',
    message: `What was temporary cannot be put back now, and stays as it is until it can: ${reason.replaceAll(/\s*\n\s*/g, ' ')}`,
    data: { reason },
  }),
  notifyFailed: (reason: string): ListenerEvent => ({
    id: 17060,
    level: 'Warning',
    message: `The service manager ($NOTIFY_SOCKET) could not be told: ${reason}.`,
    data: { reason },
  }),
  watchdogWithheld: (reason: string): ListenerEvent => ({
    id: 17061,
    level: 'Error',
    message: `The watchdog is not pinged, so that the service manager starts the listener anew: ${reason}.`,
    data: { reason },
  }),
  handedIdle: (binding: string, name: string): ListenerEvent => ({
    id: 17062,
    level: 'Warning',
    message: `No enabled connector wants the socket ${binding} (${name}) that the service manager opened; who connects gets 421. Take it out of the socket unit, or: rc set NAME --add-bindings ${shellWord(binding)}`,
    data: { binding, name },
  }),
  handedUnusable: (fd: number, name: string, reason: string): ListenerEvent => ({
    id: 17063,
    level: 'Warning',
    message: `Descriptor ${fd} (${name}) of the service manager cannot be listened on: ${reason}.`,
    data: { fd, name, reason },
  }),
  handedUnusableMore: (count: number, of: number): ListenerEvent => ({
    id: 17063,
    level: 'Warning',
    message: `${count} more descriptor(s) of the service manager cannot be listened on, not told one by one; it says that it handed over ${of} (LISTEN_FDS).`,
    data: { count, of },
  }),
  selfSignedMade: (host: string, folder: string, where: string): ListenerEvent => ({
    id: 17040,
    level: 'Warning',
    message: `No certificate for ${host} was found in ${folder}. A self-signed one was made and is ${where}; clients that check certificates will not trust it. Put a certificate and its key there as ${host}.pem.`,
    data: { host },
  }),
  certificateUnusable: (file: string, reason: string): ListenerEvent => ({
    id: 17041,
    level: 'Warning',
    message: `The certificate file ${file} cannot be used: ${reason}.`,
    data: { file, reason },
  }),
  /** @param why "is not in FOLDER", or "is in FILE, which cannot be used: REASON" */
  certificateMissing: (connector: string, name: string, why: string): ListenerEvent => ({
    id: 17042,
    level: 'Warning',
    message: `Receive connector '${connector}' names the certificate ${name}, which ${why}. STARTTLS is refused until it is there.`,
    data: { connector, name },
  }),
  /** @param limit "ran out on 2026-03-01", "is valid only from 2026-03-01 on" */
  certificateOutOfDate: (connector: string, file: string, limit: string): ListenerEvent => ({
    id: 17043,
    level: 'Warning',
    message: `Receive connector '${connector}' presents the certificate in ${file}, which ${limit}; clients that check certificates refuse it. Put a renewed one there.`,
    data: { connector, file },
  }),
  certificateNameless: (file: string): ListenerEvent => ({
    id: 17044,
    level: 'Information',
    message: `The certificate in ${file} has an empty subject: connectors find it by their Fqdn, and no TlsCertificateName names it.`,
    data: { file },
  }),

  workerEnded: (number: number, pid: number, how: string, sessions: number, waitMs: number): ListenerEvent => ({
    id: 17070,
    level: 'Error',
    message: `Worker ${number} (process ${pid}) ended unasked (${how}); ${sessions} session(s) were cut off and count no more. Another one starts ${waitMs ? `in ${waitMs / 1000} s` : 'now'}.`,
    data: { worker: number, pid, how, sessions, waitMs },
  }),
  workerStarted: (number: number, pid: number): ListenerEvent => ({
    id: 17071,
    level: 'Information',
    message: `Worker ${number} was started anew, process ${pid}.`,
    data: { worker: number, pid },
  }),
  workerHung: (number: number, pid: number, seconds: number): ListenerEvent => ({
    id: 17072,
    level: 'Error',
    message: `Worker ${number} (process ${pid}) gave no sign of life for ${seconds} s and is killed.`,
    data: { worker: number, pid, seconds },
  }),

  /** @param setting EventWebhook, EventCommand, EventSyslog */
  announcementFailed: (setting: string, place: string, reason: string): ListenerEvent => ({
    id: 17080,
    level: 'Warning',
    message: `Events cannot be told to ${setting} ${place}: ${reason}. They are kept and tried again.`,
    data: { setting, place, reason },
  }),
  announcementsGoOn: (setting: string, place: string, lost: number): ListenerEvent => ({
    id: 17081,
    level: lost ? 'Warning' : 'Information',
    message: `${setting} ${place} takes events again${lost ? `; ${lost} were given up meanwhile` : ''}.`,
    data: { setting, place, lost },
  }),

  ...HTTP_EVENTS,

  ...PRESSURE_EVENTS,
  ...REFUSAL_EVENTS,
  fleetConnected: (fleet: string, engine: string, nodes: number): ListenerEvent => ({
    id: 17200,
    level: 'Information',
    message: `In the fleet '${fleet}' at ${engine}; ${nodes} listener(s) run in it.`,
    data: { fleet, engine, nodes },
  }),
  fleetAway: (fleet: string, reason: string): ListenerEvent => ({
    id: 17201,
    level: 'Warning',
    message: `The fleet '${fleet}' cannot be asked: ${reason} Settings stay as they are, and cannot be changed meanwhile. It is tried again and again.`,
    data: { fleet, reason },
  }),
  fleetNotFollowed: (fleet: string, why: string): ListenerEvent => {
    const reason = why.replaceAll(/\s*\n\s*/g, ' ');
    return {
      id: 17202,
      level: 'Error',
      message: `The fleet '${fleet}' is not followed: ${reason}`,
      data: { fleet, reason },
    };
  },
  fleetFollowed: (fleet: string, generation: number): ListenerEvent => ({
    id: 17203,
    level: 'Information',
    message: `The fleet '${fleet}' is followed again (generation ${generation}).`,
    data: { fleet, generation },
  }),
  fleetEditSetAside: (path: string, reason: string): ListenerEvent => ({
    id: 17204,
    level: 'Warning',
    message: `An edit of store.json by hand could not become a change of the fleet (${reason}); it is kept as ${path}.`,
    data: { path, reason },
  }),
  fleetLeft: (fleet: string): ListenerEvent => ({
    id: 17205,
    level: 'Information',
    message: `No longer in the fleet '${fleet}'; all limits count on this server alone.`,
    data: { fleet },
  }),
} as const;
