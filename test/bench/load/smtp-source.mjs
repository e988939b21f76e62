// Load of messages: smtp-source, Postfix's test client in C, with 20 sessions at once.
import { spawnSync } from 'node:child_process';
import { start } from '../processes.mjs';

const PATH = `${process.env.PATH}:/usr/sbin:/usr/libexec/postfix`;
const SESSIONS = 20;
/** A server that does not answer ends the benchmark, not the day. */
const LIMIT_MS = 20_000;

/** @throws Error when it is not installed: without a load there is nothing to measure */
export function needSmtpSource() {
  if (!spawnSync('smtp-source', ['-?'], { env: { PATH } }).error) return;
  console.log('needs smtp-source (Debian package postfix)');
  process.exit(1);
}

/**
 * Sends messages. @param load `count`; `many` a session instead of one; `bytes` of body, or `file` with the whole message
 * (lines without CR; dots are stuffed) @returns messages a second
 */
export async function send(port, { count, many = false, sessions = SESSIONS, bytes = 1000, file }) {
  const content = file ? ['-F', file] : ['-l', String(bytes)];
  const addresses = ['-f', 'a@contoso.com', '-t', 'b@contoso.com'];
  const args = [...(many ? ['-d'] : []), '-s', String(sessions), '-m', String(count), ...content, ...addresses];
  const begun = performance.now();
  const child = start('smtp-source', [...args, `127.0.0.1:${port}`], {
    env: { PATH },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  const code = await new Promise((resolve) => child.once('close', (status, signal) => resolve(status ?? signal)));
  clearTimeout(limit);
  if (code !== 0) throw new Error(`smtp-source ended with ${code}: ${said.slice(0, 300)}`);
  return count / ((performance.now() - begun) / 1000);
}

/** Lets a server get going: a second of messages. Programs that compile themselves as they run are slow before that. */
export async function warmUp(port, load = {}) {
  const until = performance.now() + 1000;
  for (let count = 100; performance.now() < until; count = Math.min(2000, count * 2))
    await send(port, { ...load, count });
}

/** How many messages take about so many seconds: found by a short run, which warms the server up as well. */
export async function countFor(port, seconds, load, least = 40) {
  const rate = await send(port, { ...load, count: least });
  const better = await send(port, { ...load, count: Math.max(least, Math.round(rate * seconds * 0.3)) });
  return Math.max(least, Math.round(better * seconds));
}
