// Idle sessions: what each of 10,000 takes in memory, and whether they cost the listener anything while nothing happens.
import { greeting, listener, NO_LIMITS, residentKB, wait } from './bench.mjs';
import { startPeer } from './peers.mjs';
import { cpuSeconds } from './processes.mjs';
import { tellTable } from './results.mjs';

const SESSIONS = 10_000;

/** Opens sessions from many loopback addresses. @throws Error when one is not served */
export async function open(port, count) {
  const sockets = [];
  while (sockets.length < count) {
    const batch = Array.from({ length: Math.min(200, count - sockets.length) }, (_, i) => {
      const n = sockets.length + i;
      return greeting(port, `127.0.${1 + (n >> 8)}.${n & 255 || 1}`);
    });
    for (const { socket, line } of await Promise.all(batch)) {
      if (!line.startsWith('220')) throw new Error(`not served: ${line}`);
      sockets.push(socket.on('error', () => {}));
    }
  }
  return sockets;
}

async function measure(server) {
  const idle = async () => {
    const before = cpuSeconds(server.pid);
    await wait(3000);
    return ((cpuSeconds(server.pid) - before) / 3) * 1000;
  };
  await wait(300);
  const before = { kb: residentKB(server.pid), cpu: await idle() };
  const sockets = await open(server.port, SESSIONS);
  await wait(500);
  const kb = (residentKB(server.pid) - before.kb) / SESSIONS;
  const cpu = await idle();
  for (const socket of sockets) socket.destroy();
  return { kb, cpu, cpuBefore: before.cpu };
}

const found = [];
for (const begin of [() => listener(NO_LIMITS), () => startPeer('plain smtp-server'), () => startPeer('aiosmtpd')]) {
  const server = await begin();
  try {
    found.push({ name: server.name, ...(server.missing ? { missing: server.missing } : await measure(server)) });
  } catch (error) {
    found.push({ name: server.name, missing: error.message });
  }
  await server.stop?.();
}
const rows = (value, wanted, who = (name) => name) =>
  found.map(({ name, missing, ...figures }) =>
    missing
      ? { who: name, missing }
      : { who: who(name), values: [value(figures)], wanted: name === 'rc serve' ? wanted : undefined },
  );
tellTable({
  title: `Memory of an idle session, ${SESSIONS.toLocaleString('en-US')} of them`,
  text: 'Growth of the resident memory, divided by the sessions. One run: memory hardly varies.',
  unit: ' KB',
  better: 'less',
  rows: rows((v) => v.kb, { most: 12 }),
});
tellTable({
  title: `CPU while ${SESSIONS.toLocaleString('en-US')} sessions are idle`,
  text: `Milliseconds of CPU a second. Without sessions: ${found
    .filter((f) => !f.missing)
    .map((f) => `${f.name} ${f.cpuBefore.toFixed(0)} ms`)
    .join(', ')}.`,
  unit: ' ms/s',
  better: 'less',
  rows: rows((v) => Math.max(v.cpu, 0.01)).map((row) => ({ ...row, apart: true })),
});
process.exit(0);
