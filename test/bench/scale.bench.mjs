// Large configurations: choosing a connector among 10,000 ranges of 1,000 connectors on one port, and a store of 10,000
// connectors followed by a running listener: how long a change takes to apply, and how long it holds up a session meanwhile.
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { freePort, listener, median, ms, percentile, rc, run } from './bench.mjs';
import { selectionModule } from './selection-module.mjs';

const { Selection, parseRange, Binding } = await selectionModule();

const many = Array.from({ length: 1000 }, (_, n) => ({
  Enabled: true,
  Bindings: [new Binding('0.0.0.0', 25), new Binding('::', 25)],
  RemoteIPRanges: Array.from({ length: 10 }, (_, i) =>
    parseRange(i < 5 ? `10.${n >> 2}.${(n & 3) * 64 + i}.0/25` : `2001:db8:${n.toString(16)}:${i}::/64`),
  ),
}));
const selection = Selection.of(many.map((connector, n) => [n, connector]));
const few = Selection.of([[0, { ...many[0], RemoteIPRanges: [parseRange('0.0.0.0/0'), parseRange('::/0')] }]]);
const clients = {
  IPv4: Array.from({ length: 10000 }, (_, i) => `10.${(i * 7) % 250}.${(i * 13) % 256}.9`),
  IPv6: Array.from({ length: 10000 }, (_, i) => `2001:db8:${((i * 7) % 1000).toString(16)}:${5 + (i % 5)}::9`),
};
for (const [family, addresses] of Object.entries(clients)) {
  const local = family === 'IPv4' ? '192.0.2.1' : '2001:db8::1';
  const each = (chosen) => {
    const begun = performance.now();
    for (let round = 0; round < 10; round++) for (const address of addresses) chosen.choose(local, 25, address);
    return ((performance.now() - begun) * 1000) / (10 * addresses.length);
  };
  each(selection);
  const [among, alone] = [each(selection), each(few)];
  console.log(
    `choose ${family}        ${among.toFixed(2)} µs among 10,000 ranges of 1,000 connectors, ${alone.toFixed(2)} µs with one connector: ${(among / alone).toFixed(2)}x (target under 5 µs)`,
  );
}

const ours = await listener();
const store = path.join(ours.home, 'store.json');
const first = JSON.parse(fs.readFileSync(store, 'utf8'));
const [base] = first.connectors;
const otherPort = await freePort();
const document = {
  ...first,
  generation: first.generation + 1,
  connectors: [
    base,
    ...Array.from({ length: 9999 }, (_, n) => ({
      ...base,
      Name: `Connector ${n}`,
      Guid: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
      Bindings: [`127.0.0.1:${otherPort}`],
      RemoteIPRanges: [`10.${n >> 8}.${n & 255}.0/25`, `2001:db8:${n.toString(16)}::/48`],
    })),
  ],
};
const ask = (query) =>
  new Promise((resolve, reject) => {
    const socket = net.connect(path.join(ours.home, 'control.sock'));
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', reject).on('close', () => resolve(JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4))));
    socket.write(`GET ${query} HTTP/1.1\r\nHost: control\r\nConnection: close\r\n\r\n`);
  });
const put = () => {
  document.generation++;
  fs.writeFileSync(`${store}.new`, `${JSON.stringify(document, null, 2)}\n`);
  fs.renameSync(`${store}.new`, store);
};
put();
for (let applied = 0; applied < document.generation; )
  ({ generation: applied } = await ask(`/wait?generation=${document.generation}&timeout=60000`));

// A session that says NOOP all the time feels every block of the listener's event loop.
const session = net.connect(ours.port, '127.0.0.1');
const noops = [];
let sent = 0;
session.setNoDelay().on('data', () => {
  if (sent) noops.push(performance.now() - sent);
  setTimeout(() => {
    sent = performance.now();
    session.write('NOOP\r\n');
  }, 1);
});
const changes = {
  'one limit of one connector': (i) => {
    document.connectors[5000] = { ...document.connectors[5000], MaxInboundConnectionPerSource: 30 + i };
  },
  'the ranges of one connector': (i) => {
    document.connectors[5000] = { ...document.connectors[5000], RemoteIPRanges: [`172.16.${i}.0/24`] };
  },
  'a new connector': (i) => {
    document.connectors.push({
      ...document.connectors[1],
      Name: `New ${i}`,
      Guid: `00000000-0000-4000-8001-${String(i).padStart(12, '0')}`,
      RemoteIPRanges: [`172.17.${i}.0/24`],
    });
  },
};
for (const [name, change] of Object.entries(changes)) {
  const took = [];
  noops.length = 0;
  for (let i = 0; i < 15; i++) {
    change(i);
    put();
    const begun = performance.now();
    const { result } = await ask(`/wait?generation=${document.generation}&timeout=60000`);
    took.push(performance.now() - begun);
    if (result !== 'applied') throw new Error(`not applied: ${result}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  console.log(
    `${name.padEnd(28)} of 10,000: applied p50 ${ms(median(took))} max ${ms(Math.max(...took))} (target 100 ms), a NOOP meanwhile p50 ${ms(median(noops))} p99 ${ms(percentile(noops, 99))} max ${ms(Math.max(...noops))}`,
  );
}
session.destroy();
const env = { ...process.env, RC_HOME: ours.home };
const begun = performance.now();
await run(rc, ['set', 'Connector 77', '--max-inbound-per-source', '31'], { env });
console.log(
  `rc set after an edit by hand  ${ms(performance.now() - begun)}, whole process: all 10,000 are checked and the edit goes into the history`,
);
await ours.stop();
process.exit(0);
