/**
 * Every event of the listener: id, level, text. 1020 and 1021 stand in for Exchange's own warnings (source
 * MSExchangeTransport); ids from 17000 on are ours. docs/events.md shows the same table to administrators.
 */
import { shellWord } from '../../text/shell-word.ts';
import type { ListenerEvent } from '../contracts/event-log.ts';
import { error, information, warning } from './event-row.ts';
import { HTTP_EVENTS } from './http-events.ts';
import { PRESSURE_EVENTS } from './pressure-event-table.ts';
import { REFUSAL_EVENTS } from './refusal-event-table.ts';

/** Names and addresses are escaped by the event log, when the line is written. */
export const EVENTS = {
  started: (pid: number, version: string, home: string) =>
    information(17000, `Listener ${version} started, process ${pid}, home ${home}.`, { pid, version, home }),
  stopping: (signal: string, sessions: number) =>
    information(17001, `Listener stops (${signal}); ${sessions} session(s) may finish their message.`, {
      signal,
      sessions,
    }),
  stopped: (cut: number): ListenerEvent => ({
    id: 17002,
    level: cut ? 'Warning' : 'Information',
    message: cut ? `Listener stopped; ${cut} session(s) were cut off.` : 'Listener stopped.',
    data: { cut },
  }),
  applied: (generation: number, connectors: number, ms: number) =>
    information(17003, `Generation ${generation} of the store applied: ${connectors} connector(s), ${ms} ms.`, {
      generation,
      connectors,
      ms,
    }),
  refusedDocument: (reason: string) =>
    error(
      17004,
      `The store was changed to something that cannot be applied; the last good settings stay. ${reason.replaceAll(/\s*\n\s*/g, ' ')}`,
      { reason },
    ),
  documentMended: (generation: number) =>
    information(17005, `The store can be read again (generation ${generation}).`, { generation }),
  listening: (binding: string, connectors: string, handed?: string) =>
    information(
      17010,
      `Listening on ${binding} for ${connectors}${handed ? `, with the socket ${handed} of the service manager` : ''}.`,
      { binding, connectors, ...(handed ? { handed } : {}) },
    ),
  closed: (binding: string) => information(17011, `No longer listening on ${binding}.`, { binding }),
  bindFailed: (binding: string, connectors: string, code: string, advice: string) =>
    error(17012, `Cannot listen on ${binding} for ${connectors}: ${advice}`, { binding, connectors, code }),
  watchDegraded: (folder: string, reason: string) =>
    warning(
      17013,
      `Changes in ${folder} cannot be watched (${reason}); the store is looked at once a second instead.`,
      { folder, reason },
    ),
  retired: (connector: string, sessions: number, why: string) =>
    information(
      17014,
      `Receive connector '${connector}' was ${why}; its ${sessions} session(s) finish their message and are closed.`,
      { connector, sessions, why },
    ),
  sessionFailed: (connector: string, address: string, reason: string) =>
    error(17015, `A session of receive connector '${connector}' with '${address}' could not be started: ${reason}`, {
      connector,
      address,
      reason,
    }),
  acceptFailed: (binding: string, code: string) =>
    error(17018, `A connection to ${binding} could not be accepted (${code}).`, { binding, code }),
  /** Node does not tell of connections that it closes for this. */
  noFilesLeft: (code: string) =>
    error(
      17018,
      code === 'EMFILE'
        ? 'This process has as many files open as it may (EMFILE): new connections are closed and messages refused for now until some end. Raise the limit (ulimit -n, LimitNOFILE=).'
        : 'The system has as many files open as it may (ENFILE): new connections are closed and messages refused for now until some end. Raise the limit (fs.file-max).',
      { code },
    ),
  disconnected: (connector: string, session: string, address: string, now: boolean) =>
    information(
      17019,
      `Session ${session} of receive connector '${connector}' with '${address}' was ${now ? 'cut' : 'told to end'} by an administrator.`,
      { connector, session, address, now },
    ),
  metricsServed: (url: string, loopback: boolean): ListenerEvent => ({
    id: 17050,
    level: loopback ? 'Information' : 'Warning',
    message: loopback
      ? `Metrics are served at ${url}.`
      : `Metrics are served at ${url}: whoever reaches this address can read them. To keep them on this computer: --metrics 127.0.0.1:9464.`,
    data: { url, loopback },
  }),
  eventsLost: (count: number) =>
    warning(17016, `${count} event(s) were lost: the disk did not take them, or not as fast as they came.`, { count }),
  unexpected: (reason: string) =>
    error(17017, `Unexpected error, a defect of the listener; it goes on. ${reason}`, { reason }),

  sessionDefect: (connector: string, session: string, reason: string) =>
    error(
      17030,
      `Session ${session} of receive connector '${connector}' failed, a defect of the listener; it was closed with 451. ${reason}`,
      { connector, session, reason },
    ),
  /** @param until ISO 8601 @param end the same as it is told */
  temporaryBegan: (connector: string, setting: string, value: string, before: string, until: string, end: string) =>
    information(
      17031,
      `${setting} of receive connector '${connector}' is ${value} until ${end}, then ${before} again.`,
      { connector, setting, value, before, until },
    ),
  temporaryEnded: (connector: string, setting: string, value: string, before: string) =>
    information(17032, `${setting} of receive connector '${connector}' ended by itself: ${value} → ${before}.`, {
      connector,
      setting,
      value,
      before,
    }),
  temporaryOver: (connector: string, setting: string) =>
    information(
      17033,
      `${setting} of receive connector '${connector}' is temporary no more: it was set or kept by hand, and nothing is put back.`,
      { connector, setting },
    ),
  overrideSet: (connector: string, override: string) =>
    information(17035, `Receive connector '${connector}' has other limits for ${override}.`, { connector, override }),
  overrideGone: (connector: string, range: string, byItself: boolean) =>
    information(
      17036,
      `The limits of receive connector '${connector}' for ${range} ${byItself ? 'ended by themselves' : 'were taken away'}; those of the connector hold.`,
      { connector, range, byItself },
    ),
  temporaryStuck: (reason: string) =>
    error(
      17034,
      `What was temporary cannot be put back now, and stays as it is until it can: ${reason.replaceAll(/\s*\n\s*/g, ' ')}`,
      { reason },
    ),
  notifyFailed: (reason: string) =>
    warning(17060, `The service manager ($NOTIFY_SOCKET) could not be told: ${reason}.`, { reason }),
  watchdogWithheld: (reason: string) =>
    error(17061, `The watchdog is not pinged, so that the service manager starts the listener anew: ${reason}.`, {
      reason,
    }),
  handedIdle: (binding: string, name: string) =>
    warning(
      17062,
      `No enabled connector wants the socket ${binding} (${name}) that the service manager opened; who connects gets 421. Take it out of the socket unit, or: rc set NAME --add-bindings ${shellWord(binding)}`,
      { binding, name },
    ),
  handedUnusable: (fd: number, name: string, reason: string) =>
    warning(17063, `Descriptor ${fd} (${name}) of the service manager cannot be listened on: ${reason}.`, {
      fd,
      name,
      reason,
    }),
  handedUnusableMore: (count: number, of: number) =>
    warning(
      17063,
      `${count} more descriptor(s) of the service manager cannot be listened on, not told one by one; it says that it handed over ${of} (LISTEN_FDS).`,
      { count, of },
    ),
  selfSignedMade: (host: string, folder: string, where: string) =>
    warning(
      17040,
      `No certificate for ${host} was found in ${folder}. A self-signed one was made and is ${where}; clients that check certificates will not trust it. Put a certificate and its key there as ${host}.pem.`,
      { host },
    ),
  certificateUnusable: (file: string, reason: string) =>
    warning(17041, `The certificate file ${file} cannot be used: ${reason}.`, { file, reason }),
  /** @param why "is not in FOLDER", or "is in FILE, which cannot be used: REASON" */
  certificateMissing: (connector: string, name: string, why: string) =>
    warning(
      17042,
      `Receive connector '${connector}' names the certificate ${name}, which ${why}. STARTTLS is refused until it is there.`,
      { connector, name },
    ),
  /** @param limit "ran out on 2026-03-01", "is valid only from 2026-03-01 on" */
  certificateOutOfDate: (connector: string, file: string, limit: string) =>
    warning(
      17043,
      `Receive connector '${connector}' presents the certificate in ${file}, which ${limit}; clients that check certificates refuse it. Put a renewed one there.`,
      { connector, file },
    ),
  certificateNameless: (file: string) =>
    information(
      17044,
      `The certificate in ${file} has an empty subject: connectors find it by their Fqdn, and no TlsCertificateName names it.`,
      { file },
    ),

  workerEnded: (number: number, pid: number, how: string, sessions: number, waitMs: number) =>
    error(
      17070,
      `Worker ${number} (process ${pid}) ended unasked (${how}); ${sessions} session(s) were cut off and count no more. Another one starts ${waitMs ? `in ${waitMs / 1000} s` : 'now'}.`,
      { worker: number, pid, how, sessions, waitMs },
    ),
  workerStarted: (number: number, pid: number) =>
    information(17071, `Worker ${number} was started anew, process ${pid}.`, { worker: number, pid }),
  workerHung: (number: number, pid: number, seconds: number) =>
    error(17072, `Worker ${number} (process ${pid}) gave no sign of life for ${seconds} s and is killed.`, {
      worker: number,
      pid,
      seconds,
    }),

  /** @param setting EventWebhook, EventCommand, EventSyslog */
  announcementFailed: (setting: string, place: string, reason: string) =>
    warning(17080, `Events cannot be told to ${setting} ${place}: ${reason}. They are kept and tried again.`, {
      setting,
      place,
      reason,
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
  fleetConnected: (fleet: string, engine: string, nodes: number) =>
    information(17200, `In the fleet '${fleet}' at ${engine}; ${nodes} listener(s) run in it.`, {
      fleet,
      engine,
      nodes,
    }),
  fleetAway: (fleet: string, reason: string) =>
    warning(
      17201,
      `The fleet '${fleet}' cannot be asked: ${reason} Settings stay as they are, and cannot be changed meanwhile. It is tried again and again.`,
      { fleet, reason },
    ),
  fleetNotFollowed: (fleet: string, why: string) => {
    const reason = why.replaceAll(/\s*\n\s*/g, ' ');
    return error(17202, `The fleet '${fleet}' is not followed: ${reason}`, { fleet, reason });
  },
  fleetFollowed: (fleet: string, generation: number) =>
    information(17203, `The fleet '${fleet}' is followed again (generation ${generation}).`, { fleet, generation }),
  fleetEditSetAside: (path: string, reason: string) =>
    warning(
      17204,
      `An edit of store.json by hand could not become a change of the fleet (${reason}); it is kept as ${path}.`,
      { path, reason },
    ),
  fleetLeft: (fleet: string) =>
    information(17205, `No longer in the fleet '${fleet}'; all limits count on this server alone.`, { fleet }),
} as const;
