// Memory of an idle session: 10,000 of them on the listener, against the same on a bare smtp-server.
import { baseline, greeting, listener, residentKB } from './bench.mjs';

const SESSIONS = 10_000;

async function perSession(port, pid) {
  const before = residentKB(pid);
  const open = [];
  while (open.length < SESSIONS) {
    const batch = Array.from({ length: 200 }, (_, i) => {
      const n = open.length + i;
      return greeting(port, `127.0.${1 + (n >> 8)}.${n & 255 || 1}`);
    });
    for (const { socket, line } of await Promise.all(batch)) {
      if (!line.startsWith('220')) throw new Error(`not served: ${line}`);
      open.push(socket);
    }
  }
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const kb = (residentKB(pid) - before) / SESSIONS;
  for (const socket of open) socket.destroy();
  return kb;
}

const bare = await baseline(
  "const { SMTPServer } = require('smtp-server'); new SMTPServer({ disableReverseLookup: true, authOptional: true, socketTimeout: 600000 }).listen(Number(process.argv[1]), '127.0.0.1')",
);
const base = await perSession(bare.port, bare.child.pid);
bare.child.kill('SIGKILL');
const ours = await listener([
  '--max-inbound-connection',
  '20000',
  '--max-inbound-percentage',
  '100',
  '--max-inbound-per-source',
  'Unlimited',
]);
const kb = await perSession(ours.port, ours.child.pid);
console.log(
  `bare smtp-server ${base.toFixed(1)} KB a session; rc serve ${kb.toFixed(1)} KB; ${(kb - base).toFixed(1)} KB more (target: at most 10 KB more), over ${SESSIONS} sessions`,
);
ours.child.kill('SIGKILL');
process.exit(0);
