// How cost grows: sessions a second against sessions that are open and idle, choosing a connector against ranges, applying a
// change against connectors.
import { greeting, listener, median, NO_LIMITS, wait } from './bench.mjs';
import { countFor, needSmtpSource, send, warmUp } from './load/smtp-source.mjs';
import { manyConnectors } from './many-connectors.mjs';
import { cpuSeconds } from './processes.mjs';
import { tellPlot, tellTable } from './results.mjs';
import { selectionModule } from './selection-module.mjs';

needSmtpSource();
const points = (found) => found.map(([x, values]) => [x, median(values), Math.min(...values), Math.max(...values)]);

// Sessions a second against open ones.
{
  const serving = await listener(NO_LIMITS, { transport: ['--delivery-method', 'Discard'] });
  await warmUp(serving.port);
  const count = await countFor(serving.port, 0.6, {});
  const sockets = [];
  const found = [];
  for (const open of [0, 1000, 2500, 5000]) {
    while (sockets.length < open) {
      const batch = Array.from({ length: 100 }, (_, i) => sockets.length + i).map((n) =>
        greeting(serving.port, `127.0.${1 + (n >> 8)}.${n & 255 || 1}`),
      );
      for (const { socket } of await Promise.all(batch)) sockets.push(socket.on('error', () => {}));
    }
    await wait(200);
    const rounds = [];
    for (let round = 0; round < 5; round++) {
      const before = cpuSeconds(serving.pid);
      const rate = await send(serving.port, { count });
      rounds.push({ rate, cpu: ((cpuSeconds(serving.pid) - before) / count) * 1e6 });
    }
    found.push([open, rounds]);
  }
  for (const socket of sockets) socket.destroy();
  await serving.stop();
  const pick = (key) => found.map(([open, rounds]) => [open, rounds.map((r) => r[key])]);
  tellPlot({
    file: 'sessions-against-open',
    title: 'Sessions a second against open sessions',
    x: 'open, idle sessions',
    y: 'sessions a second',
    series: [{ name: 'one message of 1 KB each, 20 at once', points: points(pick('rate')) }],
  });
  const [none, , , most] = pick('cpu');
  tellTable({
    title: 'CPU of a session with one message, with and without 5,000 idle ones',
    text: 'Delivery discard; the five rounds of the plot.',
    unit: ' µs',
    better: 'less',
    rows: [
      { who: 'none open', values: none[1] },
      { who: '5,000 open', values: most[1] },
    ],
  });
}

// Choosing a connector against ranges.
{
  const { Selection, parseRange, Binding } = await selectionModule();
  const addresses = Array.from({ length: 10_000 }, (_, i) => `10.${(i * 7) % 250}.${(i * 13) % 256}.${i % 256}`);
  const found = [];
  for (const ranges of [1, 10, 100, 1000, 10_000, 50_000]) {
    const list = Array.from({ length: ranges }, (_, n) => parseRange(`10.${(n >> 8) % 250}.${n & 255}.${n >> 16}/28`));
    const connector = { Enabled: true, Bindings: [new Binding('0.0.0.0', 25)], RemoteIPRanges: list };
    const rest = { ...connector, RemoteIPRanges: [parseRange('0.0.0.0/0')] };
    const selection = Selection.of([
      [1, connector],
      [2, rest],
    ]);
    const rounds = [];
    for (let round = -1; round < 7; round++) {
      const begun = performance.now();
      for (const address of addresses) selection.choose('192.0.2.1', 25, address);
      if (round >= 0) rounds.push(((performance.now() - begun) * 1000) / addresses.length);
    }
    found.push([ranges, rounds]);
  }
  tellPlot({
    file: 'selection-against-ranges',
    title: 'Choosing a connector against remote ranges',
    x: 'remote ranges on one port',
    y: 'µs a choice',
    logX: true,
    series: [{ name: '10,000 clients', points: points(found) }],
  });
}

// Applying a change against connectors.
{
  const found = [];
  for (const connectors of [1, 10, 100, 1000, 10_000]) {
    const serving = await listener();
    const { document, put, applied } = await manyConnectors(serving, connectors);
    put();
    await applied();
    const rounds = [];
    for (let i = -3; i < 15; i++) {
      const at = Math.floor(connectors / 2);
      document.connectors[at] = { ...document.connectors[at], MaxInboundConnectionPerSource: 1000 + i };
      const begun = put();
      await applied();
      if (i >= 0) rounds.push(performance.now() - begun);
      await wait(5);
    }
    await serving.stop();
    found.push([connectors, rounds]);
  }
  tellPlot({
    file: 'apply-against-connectors',
    title: 'Applying a change of one limit against connectors',
    x: 'connectors',
    y: 'ms from rename to applied',
    logX: true,
    series: [{ name: 'one limit of one connector', points: points(found) }],
  });
}
process.exit(0);
