// From a change to its effect: from typing `rc set` to the limit acting on the next connection, beside Postfix's `postconf -e`
// and `postfix reload`; and the listener's part of it, from the rename of store.json to the change applied, with few and many
// connectors.
import { spawnSync } from 'node:child_process';
import { greeting, inTurn, listener, quit, rc, run, wait } from './bench.mjs';
import { manyConnectors } from './many-connectors.mjs';
import { startPeer } from './peers.mjs';
import { tellTable } from './results.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const HELD = 20;
/** Postfix's programs wait for a main.cf that was changed within the last second, in case it is being written. */
const REST_MS = 2100;
const ours = await listener(['--max-inbound-per-source', String(HELD)]);
const postfix = await startPeer('Postfix', { perSource: HELD });
const held = [];
while (held.length < HELD) held.push((await greeting(ours.port)).socket.on('error', () => {}));

/** Milliseconds from the start of the command to the first connection that meets the new limit. */
async function typed(limit) {
  const begun = performance.now();
  await run(rc, ['set', 'Default*', '--max-inbound-per-source', String(limit)], { env: ours.env });
  for (;;) {
    const asked = performance.now();
    const { socket, line } = await greeting(ours.port);
    await quit(socket);
    if (line.startsWith('220') === limit > HELD) return asked - begun;
    if (asked - begun > 10_000) throw new Error(`a limit of ${limit} did not act: ${line}`);
  }
}

/** Milliseconds that Postfix's commands take; that the limit acts then is taken as given. `rest` is a wait between them. */
async function reloaded(limit, rest = 0) {
  const begun = performance.now();
  let rested = 0;
  for (const [file, ...args] of postfix.commands(limit)) {
    // No pipes: `postfix reload` leaves a process behind that would hold them open, and is done before that one is.
    const { status } = spawnSync(file, args, { env: postfix.env, stdio: 'ignore' });
    if (status !== 0) throw new Error(`${file} ended with ${status}`);
    const done = performance.now();
    if (file === 'postconf') await wait(rest);
    rested += performance.now() - done;
  }
  return performance.now() - begun - rested;
}

const found = { ours: [], postfix: [], reload: [], node: [] };
for (let round = -1; round < ROUNDS; round++) {
  const limit = HELD + (round & 1);
  const walls = [await typed(limit)];
  if (!postfix.missing) walls.push(await reloaded(limit), await reloaded(limit + 2, REST_MS));
  const [[bare]] = inTurn([[process.execPath, '-e', '0']], 1);
  if (round < 0) continue;
  found.ours.push(walls[0]);
  found.postfix.push(walls[1]);
  found.reload.push(walls[2]);
  found.node.push(bare);
}
for (const socket of held) socket.destroy();
await ours.stop();
await postfix.stop?.();
tellTable({
  title: 'From typing a limit to its effect',
  text: 'rc serve: from the start of the process `rc set` to the first connection that meets the new limit. Postfix: `postconf -e` and `postfix reload`, until the second returns; without its wait: two seconds after the first, which are not counted (its programs wait while main.cf is a second old or less). Most of `rc set` is the start of Node itself.',
  unit: ' ms',
  better: 'less',
  rows: [
    { who: 'rc set', values: found.ours },
    ...(postfix.missing
      ? [{ who: 'Postfix', missing: postfix.missing }]
      : [
          { who: 'Postfix, one after the other', values: found.postfix, wanted: { ratio: 1 } },
          { who: 'Postfix, without its wait', values: found.reload },
        ]),
    { who: 'node -e 0', values: found.node },
  ],
});

/** Milliseconds from the rename of the store to the change applied, as the control socket says it. */
async function applies(connectors, changes) {
  const serving = await listener();
  const { document, put, applied } = await manyConnectors(serving, connectors);
  put();
  await applied();
  const took = [];
  for (let i = -5; i < changes; i++) {
    const at = Math.floor(connectors / 2);
    document.connectors[at] = { ...document.connectors[at], MaxInboundConnectionPerSource: 1000 + i };
    const begun = put();
    await applied();
    if (i >= 0) took.push(performance.now() - begun);
    await wait(5);
  }
  await serving.stop();
  return took;
}
const few = await applies(1, 200);
const many = await applies(10_000, 120);
for (const [name, p, wanted] of [
  ['99th percentile', 99, { most: 20 }],
  ['median', 50],
]) {
  tellTable({
    title: `Watch and apply alone, ${name}`,
    text: 'From the rename of store.json to the answer of the control socket that the change of one limit is applied.',
    unit: ' ms',
    better: 'less',
    rows: [
      { who: '1 connector, 200 changes', values: few, percentile: p, wanted, apart: true },
      { who: '10,000 connectors, 120 changes', values: many, percentile: p, wanted, apart: true },
    ],
  });
}
process.exit(0);
