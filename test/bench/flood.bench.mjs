// Refusing a flood: one address holds its limit of connections and tries 5,000 more, 50 at a time, while a second address asks
// for a greeting every 20 ms. Baseline: a server that does nothing but write the same 421 and close.
import { baseline, greeting, listener, ms, percentile } from './bench.mjs';

const TRIES = 5000;
const AT_ONCE = 50;
const REFUSAL =
  '421 4.3.2 The maximum number of concurrent connections has exceeded a limit, closing transmission channel';

async function flood(port) {
  let started = 0;
  let refused = 0;
  const waits = [];
  let over = false;
  const probe = (async () => {
    while (!over) {
      const { socket, took } = await greeting(port, '127.0.0.2');
      waits.push(took);
      socket.on('error', () => {}).end('QUIT\r\n');
      await new Promise((resolve) => setTimeout(resolve, 20));
      socket.destroy();
    }
  })();
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (started++ < TRIES) {
        const { socket, line } = await greeting(port, '127.0.0.1');
        if (line.startsWith('421')) refused++;
        socket.destroy();
      }
    }),
  );
  const seconds = (performance.now() - begun) / 1000;
  over = true;
  await probe;
  return { rate: TRIES / seconds, refused, p50: percentile(waits, 50), p99: percentile(waits, 99) };
}

const bare = await baseline(
  `require('net').createServer((s) => { s.on('error', () => {}); s.end('${REFUSAL}\\r\\n'); s.resume(); }).listen(Number(process.argv[1]), '127.0.0.1', 1024)`,
);
const ours = await listener(['--max-inbound-per-source', '20']);
const held = [];
while (held.length < 20) held.push((await greeting(ours.port, '127.0.0.1')).socket);
const rates = [];
for (let round = 0; round < 3; round++) rates.push([await flood(bare.port), await flood(ours.port)]);
rates.sort((a, b) => a[1].rate / a[0].rate - b[1].rate / b[0].rate);
const [base, figures] = rates[1];
console.log(
  `bare net server that only refuses  ${base.rate.toFixed(0)}/s, second source p50 ${ms(base.p50)} p99 ${ms(base.p99)}`,
);
console.log(
  `rc serve                           ${figures.rate.toFixed(0)}/s, second source p50 ${ms(figures.p50)} p99 ${ms(figures.p99)}, ${figures.refused} of ${TRIES} refused`,
);
console.log(
  `ratio                              ${(figures.rate / base.rate).toFixed(2)}x (both limited by the client in this process)`,
);
for (const socket of held) socket.destroy();
ours.child.kill('SIGKILL');
process.exit(0);
