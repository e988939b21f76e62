// smtp-sink, Postfix's test server in C: says yes to everything and keeps nothing. As fast as a server can be.
import { spawnSync } from 'node:child_process';
import { end, start as startProcess } from '../processes.mjs';

const PATH = `${process.env.PATH}:/usr/sbin:/usr/libexec/postfix`;

export function find() {
  if (spawnSync('smtp-sink', ['-?'], { env: { PATH } }).error) {
    return { missing: 'not installed (Debian package postfix)' };
  }
  const asked = spawnSync('postconf', ['-h', 'mail_version'], { env: { PATH }, encoding: 'utf8' });
  return { version: asked.stdout?.trim() ?? '' };
}

export async function start(port) {
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const child = startProcess('smtp-sink', [...user, `127.0.0.1:${port}`, '1024'], { env: { PATH } });
  return { pid: child.pid, stop: () => end(child.pid) };
}
