/**
 * Tells the service manager what we are doing: a datagram of lines `NAME=value` to a Unix socket (sd_notify(3)). Node opens
 * no Unix datagram sockets. So either systemd hands over one that is connected (OpenFile=, systemd 253), and a write to it
 * is a datagram of our own; or systemd's own program systemd-notify sends it for us. docs/decisions/0060.
 */
import { spawn } from 'node:child_process';
import { write } from 'node:fs';
import type { Supervision } from './supervision.ts';

export interface Notifier {
  /** What carries the words. */
  readonly way: 'descriptor' | 'systemd-notify';
  /** Sends the assignments together. They arrive in the order of the calls. @throws Error when nobody took them */
  send(...assignments: string[]): Promise<void>;
}

/** Where systemd-notify may be when PATH is empty. */
const USUAL_PATH = '/usr/bin:/bin';
/** A service manager that takes no message for so long has other troubles. */
const PATIENCE_MS = 10_000;

/** `undefined` when nobody wants to be told. */
export function openNotifier(supervision: Supervision, env: NodeJS.ProcessEnv): Notifier | undefined {
  const { notifySocket, notifyFd } = supervision;
  if (notifySocket === undefined) return undefined;
  const program = (text: string[]) => bySystemdNotify(text, notifySocket, env);
  if (notifyFd === undefined) return inTurn('systemd-notify', program);
  let broken = false;
  return inTurn('descriptor', async (text) => {
    if (!broken) {
      try {
        return await byDescriptor(text, notifyFd);
      } catch {
        broken = true;
      }
    }
    return program(text);
  });
}

function inTurn(way: Notifier['way'], carry: (assignments: string[]) => Promise<void>): Notifier {
  let last: Promise<unknown> = Promise.resolve();
  return {
    way,
    send(...assignments) {
      // A line break would begin another assignment.
      const safe = assignments.map((text) => text.replaceAll(/[\0\r\n]/g, ' '));
      const sent = last.then(() => carry(safe));
      last = sent.catch(() => {});
      return sent;
    },
  };
}

function byDescriptor(assignments: string[], fd: number): Promise<void> {
  return new Promise((resolve, reject) => {
    // In the thread pool: the socket blocks when its reader is slow, and mail must not wait for that.
    write(fd, assignments.join('\n'), (error) => (error ? reject(error) : resolve()));
  });
}

function bySystemdNotify(assignments: string[], socket: string, env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('systemd-notify', assignments, {
      env: { PATH: env.PATH || USUAL_PATH, NOTIFY_SOCKET: socket },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS).unref();
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(0, 500);
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(error.code === 'ENOENT' ? new Error('the program systemd-notify is not installed') : error);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve();
      else reject(new Error(said.trim() || `systemd-notify ended with ${signal ?? code}`));
    });
  });
}
