/**
 * EventSyslog: each event as a line of syslog (RFC 5424) over UDP (RFC 5426) or TCP with octet counting (RFC 6587 section
 * 3.4.1). The message is text, or CEF (ArcSight Common Event Format, version 0) for systems that collect security events.
 */

import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import type { SyslogPlace } from '../../../domain/next-host.ts';
import type { EventLevel } from '../../contracts/event-log.ts';
import { SYSLOG_SEVERITY } from '../event-record.ts';
import type { Announcement } from './announcement.ts';

/** The mail system (RFC 5424 table 1). */
const FACILITY = 2;
/** Of CEF: 0 to 10. */
const CEF_SEVERITY: Readonly<Record<EventLevel, number>> = { Error: 8, Warning: 5, Information: 2 };
const TIMEOUT_MS = 10_000;
/** What every receiver of syslog over UDP should take (RFC 5426 section 3.2). */
const UDP_BYTES = 2048;

type SyslogForm = 'Text' | 'Cef';

export function syslogLine(event: Announcement, form: SyslogForm, pid = process.pid): string {
  const host = event.server.replace(/[^\x21-\x7e]/g, '').slice(0, 255) || '-';
  const head = `<${FACILITY * 8 + SYSLOG_SEVERITY[event.level]}>1 ${event.time} ${host} receive-connector ${pid} ${event.id}`;
  const text = form === 'Cef' ? cef(event) : event.message;
  return `${head} - \ufeff${text.replaceAll(/[\r\n]+/g, ' ')}`;
}

function cef({ id, level, message, data, version }: Announcement): string {
  const inHeader = (text: string) => text.replaceAll(/[\\|]/g, '\\$&').replaceAll(/[\r\n]+/g, ' ');
  const inValue = (text: string) => text.replaceAll(/[\\=]/g, '\\$&').replaceAll(/\r?\n/g, '\\n');
  const fields = Object.entries(data).map(([key, value]) => {
    const name = CEF_KEYS[key] ?? `rc${key[0]!.toUpperCase()}${key.slice(1)}`;
    return `${name}=${inValue(String(value))}`;
  });
  const header = [
    'CEF:0',
    'receive-connector',
    'receive-connector',
    version,
    String(id),
    message,
    String(CEF_SEVERITY[level]),
  ];
  return `${header.map(inHeader).join('|')}|${[`msg=${inValue(message)}`, ...fields].join(' ')}`;
}

/** Keys that CEF itself has for what an event holds. */
const CEF_KEYS: Readonly<Record<string, string>> = {
  address: 'src',
  user: 'suser',
  count: 'cnt',
  reason: 'reason',
  file: 'fname',
};

/** @throws Error that says why it could not be sent; over UDP nobody says whether it arrived */
export function sendSyslog(
  place: SyslogPlace,
  line: string,
  signal: AbortSignal,
  patienceMs = TIMEOUT_MS,
): Promise<void> {
  return place.protocol === 'udp' ? overUdp(place, line) : overTcp(place, line, signal, patienceMs);
}

function overUdp({ host, port }: SyslogPlace, line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    const end = (error?: NodeJS.ErrnoException | null) => {
      socket.close();
      if (error) reject(new Error(error.code ?? error.message));
      else resolve();
    };
    socket.on('error', end);
    socket.send(cut(Buffer.from(line), UDP_BYTES), port, host, end);
  });
}

/** At most so many bytes, and no half character at the end. */
function cut(bytes: Buffer, most: number): Buffer {
  if (bytes.length <= most) return bytes;
  let end = most;
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}

function overTcp({ host, port }: SyslogPlace, line: string, signal: AbortSignal, patienceMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const bytes = Buffer.from(line);
    const socket = connect({ host, port, signal });
    // Whatever it says meanwhile: a server that sends and never closes would hold up all that follows.
    const timer = setTimeout(() => socket.destroy(new Error(`no answer within ${patienceMs / 1000} s`)), patienceMs);
    socket.on('error', (error: NodeJS.ErrnoException) => reject(new Error(error.code ?? error.message)));
    socket.on('close', (failed) => {
      clearTimeout(timer);
      if (!failed) resolve();
    });
    socket.end(Buffer.concat([Buffer.from(`${bytes.length} `), bytes]));
    socket.resume();
  });
}
