// What looking on costs the listener while 1,000 connections a second are refused: its CPU time with nobody looking, and with one
// /live stream (a look a second), a scrape of /metrics each 5 seconds, get-session and get-source each 5 seconds. Afterwards: is
// what they tell right? Once the flood comes from one address, once from 5,000. Target: at most 5 % of a core more.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { greeting, listener, median } from './bench.mjs';

const RATE = 1000;
const SECONDS = 8;
const ROUNDS = 3;
const HELD = 20;

/** User and system time of a process in seconds (proc(5), /proc/PID/stat, 100 ticks a second). */
function cpuSeconds(pid) {
  const fields = fs
    .readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Answers of the control socket; a stream's are given line by line to `onLine`. */
function ask(home, url, onLine) {
  return new Promise((resolve, reject) => {
    const request = http.get({ socketPath: path.join(home, 'control.sock'), path: url, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
        if (!onLine) return;
        const lines = text.split('\n');
        text = lines.pop();
        for (const line of lines) onLine(JSON.parse(line));
      });
      response.on('end', () => resolve(text));
      response.on('error', () => resolve(''));
      if (onLine) resolve(() => request.destroy());
    });
    request.on('error', (error) => (onLine ? undefined : reject(error)));
  });
}

/** Keeps the rate until it is told to stop; says how many were refused. */
function flood(port, sources) {
  let refused = 0;
  let going = true;
  const begun = performance.now();
  const open = new Set();
  const done = (async () => {
    for (let started = 0; going; ) {
      const due = ((performance.now() - begun) / 1000) * RATE;
      for (; started < due; started++) {
        const attempt = greeting(port, sources[started % sources.length]).then(({ socket, line }) => {
          if (line.startsWith('421')) refused++;
          socket.destroy();
          open.delete(attempt);
        });
        open.add(attempt);
      }
      await pause(5);
    }
    await Promise.all(open);
  })();
  return {
    get refused() {
      return refused;
    },
    stop: () => {
      going = false;
      return done;
    },
  };
}

async function measured(pid, seconds) {
  const cpu = cpuSeconds(pid);
  const begun = performance.now();
  await pause(seconds * 1000);
  return (100 * (cpuSeconds(pid) - cpu)) / ((performance.now() - begun) / 1000);
}

async function look(home, seen) {
  const stop = await ask(home, '/live?every=1000', (snapshot) => {
    seen.looks++;
    seen.bytes = JSON.stringify(snapshot).length;
  });
  const each = async () => {
    for (const url of ['/metrics', '/sessions', '/sources']) await ask(home, url);
  };
  await each();
  const timer = setInterval(each, 5000);
  return () => {
    clearInterval(timer);
    stop();
  };
}

async function scene(name, sources) {
  const limits = ['--max-inbound-connection', String(HELD), '--max-inbound-percentage', '100'];
  const { home, port, child } = await listener(limits);
  const held = [];
  while (held.length < HELD) held.push((await greeting(port, '127.0.0.3')).socket);
  const attack = flood(port, sources);
  await pause(2000);
  const [without, watched, seen] = [[], [], { looks: 0, bytes: 0 }];
  for (let round = 0; round < ROUNDS; round++) {
    without.push(await measured(child.pid, SECONDS));
    const stop = await look(home, seen);
    watched.push(await measured(child.pid, SECONDS));
    stop();
  }
  await attack.stop();
  const [status, sessions, all, metrics] = await Promise.all(
    ['/status', '/sessions', '/sources', '/metrics'].map((url) => ask(home, url)),
  );
  const right = {
    'status ': JSON.parse(status).connectors.reduce((sum, c) => sum + c.refused.connector, 0) === attack.refused,
    'metrics ': Number(/limit="connector"\} (\d+)/.exec(metrics)[1]) === attack.refused,
    'get-source ': JSON.parse(all).reduce((sum, s) => sum + s.refused.hour, 0) === attack.refused,
    'get-session ': JSON.parse(sessions).length === HELD,
  };
  const wrong = Object.keys(right).filter((what) => !right[what]);
  const more = median(watched.map((percent, round) => percent - without[round]));
  console.log(
    `${name.padEnd(14)} ${attack.refused} refused; listener ${median(without).toFixed(1)} % of a core alone, ${median(watched).toFixed(1)} % looked at: ${more.toFixed(1)} % more (target: at most 5 %); ${seen.looks} looks, the last ${(seen.bytes / 1024).toFixed(0)} KB; ${wrong.length ? `WRONG: ${wrong}` : 'all figures right'}`,
  );
  for (const socket of held) socket.destroy();
  child.kill('SIGKILL');
  return wrong.length === 0;
}

const many = Array.from({ length: 5000 }, (_, n) => `127.1.${1 + (n >> 8)}.${n & 255 || 1}`);
const right = [await scene('one source', ['127.0.0.1']), await scene('5,000 sources', many)];
process.exit(right.every(Boolean) ? 0 : 1);
