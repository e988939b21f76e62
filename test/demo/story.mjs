// The story as a show: an application server holds 20 connections, the 21st is refused, the administrator raises the limit
// with one command, the next 80 are served without a restart, the 101st is refused. Real processes, real sockets.
// Exit code 0 when every step held.
import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const rc = path.resolve(import.meta.dirname, '../../bin/rc');
const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (sgr, text) => (colour ? `\u001b[${sgr}m${text}\u001b[0m` : text);
const say = (text) => console.log(text);
const step = (text) => say(`\n${paint('1;36', text)}`);
const REFUSAL =
  '421 4.3.2 The maximum number of concurrent connections has exceeded a limit, closing transmission channel';

let failures = 0;
function check(holds, text) {
  say(`${holds ? paint(32, '  ok  ') : paint('1;31', ' FAIL ')} ${text}`);
  if (!holds) failures++;
}

const home = fs.mkdtempSync(path.join(os.tmpdir(), 'rc-demo-'));
const env = { ...process.env, RC_HOME: home };
const shell = async (command) => {
  say(`${paint('1;33', '$')} ${command}`);
  const { stdout, stderr } = await promisify(execFile)('bash', ['-c', command], {
    env: { ...env, PATH: `${path.dirname(rc)}:${env.PATH}` },
  });
  const text = (stdout + stderr).trimEnd();
  if (text) say(text.replace(/^/gm, '    '));
  return text;
};

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Opens a connection as the application server does; settles with the first line it reads. */
function connect(port) {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: '127.0.0.1', port });
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      text += chunk;
      if (text.includes('\r\n')) resolve({ socket, line: text.split('\r\n')[0] });
    });
    socket.on('error', reject);
    socket.on('close', () => resolve({ socket, line: text.trim() || '(closed without a word)' }));
  });
}

async function until(what, probe, ms = 8000) {
  const end = Date.now() + ms;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${ms / 1000} s in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const held = [];
let listener;
try {
  const [port, clientPort] = [await freePort(), await freePort()];
  await promisify(execFile)(rc, ['set', 'Default *', '--bindings', `127.0.0.1:${port}`], { env });
  await promisify(execFile)(rc, ['set', 'Client *', '--bindings', `127.0.0.1:${clientPort}`], { env });

  step('The listener runs');
  say(`${paint('1;33', '$')} rc serve`);
  listener = spawn(rc, ['serve'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  listener.stderr.on('data', (chunk) => (log += chunk));
  listener.stdout.on('data', (chunk) => (log += chunk));
  const exited = new Promise((resolve) => listener.once('exit', resolve));
  const first = await until('the listener', () => connect(port).catch(() => undefined));
  check(first.line.startsWith('220 '), first.line);
  held.push(first.socket);

  step('An application server opens connections and keeps them');
  while (held.length < 20) held.push((await connect(port)).socket);
  check(held.length === 20, '20 connections are open, as many as MaxInboundConnectionPerSource allows');
  const refused = await connect(port);
  check(refused.line === REFUSAL, `the 21st: ${refused.line}`);
  const events = path.join(home, 'events.ndjson');
  const warning = await until(
    'event 1021',
    () =>
      fs.existsSync(events) &&
      fs
        .readFileSync(events, 'utf8')
        .split('\n')
        .find((line) => line.includes('1021')),
  );
  const event = JSON.parse(warning);
  check(
    event.id === 1021 || event.Id === 1021 || event.EventId === 1021,
    `event 1021 is logged: ${event.message ?? event.Message}`,
  );

  step('The administrator looks, and raises the limit');
  await shell('rc get default* --select Name,MaxInbound* --output table');
  await shell('rc get default* | rc set --max-inbound-per-source 100');

  step('The next connections are served: no restart, no dropped session');
  const next = await connect(port);
  check(next.line.startsWith('220 '), `the 21st now: ${next.line}`);
  held.push(next.socket);
  while (held.length < 100) {
    const { socket, line } = await connect(port);
    if (!line.startsWith('220 ')) {
      check(false, `connection ${held.length + 1}: ${line}`);
      break;
    }
    held.push(socket);
  }
  check(
    held.length === 100 && held.every((socket) => !socket.destroyed),
    `${held.length} connections are open, the first 20 among them`,
  );
  const last = await connect(port);
  check(last.line === REFUSAL, `the 101st: ${last.line}`);
  check(listener.exitCode === null, 'the listener is the same process as at the beginning');

  step('The listener stops when told');
  for (const socket of held) socket.destroy();
  listener.kill('SIGTERM');
  const code = await exited;
  check(code === 0, `exit code ${code}`);
  if (failures) say(log.replace(/^/gm, '    listener: '));
} catch (error) {
  check(false, error.message);
} finally {
  for (const socket of held) socket.destroy();
  if (listener && listener.exitCode === null) listener.kill('SIGKILL');
  fs.rmSync(home, { recursive: true, force: true });
}
say(failures ? `\n${paint('1;31', `${failures} steps did not hold.`)}` : `\n${paint('1;32', 'Every step held.')}`);
process.exit(failures ? 1 : 0);
