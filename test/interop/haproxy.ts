/** HAProxy in the foreground, on loopback with a folder of its own: one front end for each way of asking and handing on. */
import { existsSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';
import { onPath } from '../support/tools.ts';
import { folderFor, listening, run } from './programs.ts';

export const HAPROXY = onPath('haproxy');

export interface Backend {
  readonly name: string;
  /** Of the `server` line, such as `send-proxy`. */
  readonly server: string;
  /** Of the backend, such as `option smtpchk`. */
  readonly lines: readonly string[];
}

/** What HAProxy says of a server's health: `UP` or `DOWN`, the check's outcome (`L7OK`) and the reply it heard. */
export interface Health {
  readonly status: string;
  readonly check: string;
  readonly heard: string;
}

export interface Haproxy {
  /** Of the front end of this backend. */
  port(backend: string): number;
  health(backend: string): Promise<Health>;
}

/** All hand on to `rcPort`. */
export async function haproxy(rcPort: number, backends: readonly Backend[]): Promise<Haproxy> {
  const folder = folderFor('haproxy');
  const socket = join(folder, 'admin.sock');
  const ports = new Map<string, number>();
  for (const { name } of backends) ports.set(name, await freePort());
  const config = `global
  stats socket ${socket} mode 600 level operator
defaults
  mode tcp
  timeout connect 5s
  timeout client 1m
  timeout server 1m
  timeout check 10s
${backends
  .map(
    ({ name, server, lines }) => `listen ${name}
  bind 127.0.0.1:${ports.get(name)}
${lines.map((line) => `  ${line}\n`).join('')}  server rc 127.0.0.1:${rcPort} check inter 500 rise 2 fall 2 ${server}
`,
  )
  .join('')}`;
  const file = join(folder, 'haproxy.cfg');
  writeFileSync(file, config);
  const spawned = run(HAPROXY!, ['-db', '-f', file], (child) => child.kill('SIGTERM'));
  const log = () => spawned.output;
  // Without a word on success; its socket is renamed into place when it is open.
  await listening('HAProxy', spawned, log, () => existsSync(socket));
  return {
    port: (backend) => ports.get(backend)!,
    async health(backend) {
      const csv = await command(socket, 'show stat');
      const [head = '', ...rows] = csv.replace(/^# /, '').trim().split('\n');
      const names = head.split(',');
      const row = rows.map((line) => line.split(',')).find(([proxy, server]) => proxy === backend && server === 'rc');
      const value = (name: string) => row?.[names.indexOf(name)] ?? '';
      return { status: value('status'), check: value('check_status'), heard: value('last_chk') };
    },
  };
}

function command(path: string, words: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    createConnection(path)
      .setEncoding('utf8')
      .on('data', (text: string) => {
        answer += text;
      })
      .on('error', reject)
      .on('close', () => resolve(answer))
      .end(`${words}\n`);
  });
}
