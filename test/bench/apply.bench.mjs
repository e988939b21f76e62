// Live apply: from `rc set` returning to the new limit acting on the next connection, over 200 changes; and the greeting.
import { greeting, listener, median, ms, percentile, rc, run } from './bench.mjs';

const CHANGES = 200;
const HELD = 20;
const { env, port, stop } = await listener(['--max-inbound-per-source', String(HELD)]);
const held = [];
while (held.length < HELD) held.push((await greeting(port)).socket);

const lags = [];
for (let i = 0; i < CHANGES; i++) {
  const open = i % 2 === 0;
  await run(rc, ['set', 'Default*', '--max-inbound-per-source', String(open ? HELD + 1 : HELD)], { env });
  const returned = performance.now();
  for (;;) {
    const asked = performance.now();
    const { socket, line } = await greeting(port);
    if (line.startsWith('220') === open) {
      lags.push(asked - returned);
      await new Promise((resolve) => socket.once('close', resolve).end('QUIT\r\n').resume());
      break;
    }
    await new Promise((resolve) => socket.once('close', resolve).end('QUIT\r\n').resume());
    if (asked - returned > 5000) throw new Error(`change ${i} did not act within 5 s: ${line}`);
  }
}
console.log(
  `rc set to effect   p50 ${ms(median(lags))}   p99 ${ms(percentile(lags, 99))}   max ${ms(Math.max(...lags))}   over ${CHANGES} changes (target p99 50 ms)`,
);

const greetings = [];
for (let i = 0; i < 300; i++) {
  const { socket, took } = await greeting(port, '127.0.0.2');
  greetings.push(took);
  await new Promise((resolve) => socket.once('close', resolve).end('QUIT\r\n').resume());
}
console.log(
  `greeting           p50 ${ms(median(greetings))}   p99 ${ms(percentile(greetings, 99))}   (target p50 5 ms)`,
);
for (const socket of held) socket.destroy();
await stop();
process.exit(0);
