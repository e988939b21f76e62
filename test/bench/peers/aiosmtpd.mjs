// aiosmtpd (Python), with a handler that throws messages away.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { end, start as startProcess } from '../processes.mjs';

const PYTHONS = ['python3', '/usr/bin/python3'];
const code = 'import sys, aiosmtpd; print(f"{aiosmtpd.__version__}, Python {sys.version.split()[0]}")';
let python;

export function find() {
  for (python of PYTHONS) {
    const asked = spawnSync(python, ['-c', code], { encoding: 'utf8' });
    if (asked.status === 0) return { version: asked.stdout.trim() };
  }
  return { missing: 'not installed (Debian package python3-aiosmtpd)' };
}

export async function start(port) {
  const child = startProcess(python, [path.join(import.meta.dirname, 'aiosmtpd_discard.py'), String(port)]);
  return { pid: child.pid, stop: () => end(child.pid) };
}
