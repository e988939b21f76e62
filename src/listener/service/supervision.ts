/**
 * What a service manager left in the environment: where it wants to be told (sd_notify(3)), how often it wants to hear that
 * we live (sd_watchdog_enabled(3)), which sockets it opened for us (sd_listen_fds(3)), and whether stderr is the journal.
 * Taken once; children must not take it for theirs.
 */
import { fstatSync } from 'node:fs';

/** The first descriptor that is handed over: SD_LISTEN_FDS_START. */
const FIRST_FD = 3;
/** More than anybody hands over; a number from a broken environment must not make us look at millions. */
const MOST_FDS = 1024;
/** The name under which OpenFile= hands over the socket to be told through (docs/service.md). */
const NOTIFY_NAME = 'notify';

export interface HandedFd {
  readonly fd: number;
  /** FileDescriptorName= of the socket unit; `unknown` when it has none. */
  readonly name: string;
}

export interface Supervision {
  /** A path, or `@` and an abstract name. */
  readonly notifySocket: string | undefined;
  /** A socket that is connected to it already. */
  readonly notifyFd: number | undefined;
  /** Longest silence before we are taken for dead, in milliseconds; 0 when nobody watches. */
  readonly watchdogMs: number;
  readonly sockets: readonly HandedFd[];
}

/** Reads it and takes it out of `env`. @param pid ours: what is meant for another process is left alone */
export function takeSupervision(env: NodeJS.ProcessEnv, pid = process.pid): Supervision {
  const take = (name: string): string | undefined => {
    const value = env[name];
    delete env[name];
    return value || undefined;
  };
  const notifySocket = take('NOTIFY_SOCKET');
  const watchdogPid = take('WATCHDOG_PID');
  const watchdog = Number(take('WATCHDOG_USEC') ?? 0);
  const listenPid = take('LISTEN_PID');
  const count = Number(take('LISTEN_FDS') ?? 0);
  const names = take('LISTEN_FDNAMES')?.split(':') ?? [];
  const watched = watchdog > 0 && (watchdogPid === undefined || Number(watchdogPid) === pid);
  const handed: HandedFd[] = [];
  if (Number(listenPid) === pid && Number.isInteger(count)) {
    for (let n = 0; n < Math.min(count, MOST_FDS); n++) handed.push({ fd: FIRST_FD + n, name: names[n] || 'unknown' });
  }
  const notify = handed.find(({ fd, name }) => name === NOTIFY_NAME && isSocket(fd));
  return {
    notifySocket,
    notifyFd: notifySocket === undefined ? undefined : notify?.fd,
    watchdogMs: watched ? watchdog / 1000 : 0,
    sockets: handed.filter((each) => each.name !== NOTIFY_NAME),
  };
}

/** Of a number too many in the environment the descriptor is one of Node's own, and listening would spoil it (its signals end). */
export function isSocket(fd: number): boolean {
  try {
    return fstatSync(fd).isSocket();
  } catch {
    return false;
  }
}

/** Is this descriptor the journal's own stream (systemd.exec(5), $JOURNAL_STREAM)? */
export function isJournal(env: NodeJS.ProcessEnv, fd = 2): boolean {
  const stream = /^(\d+):(\d+)$/.exec(env.JOURNAL_STREAM ?? '');
  if (!stream) return false;
  try {
    const { dev, ino } = fstatSync(fd, { bigint: true });
    return dev === BigInt(stream[1]!) && ino === BigInt(stream[2]!);
  } catch {
    return false;
  }
}
