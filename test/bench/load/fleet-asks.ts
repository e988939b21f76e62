/** Counts asks of a fleet's engine: how long one takes, and how many a second, from so many nodes in this process. */
import { setTimeout as pause } from 'node:timers/promises';
import { Engine } from '../../../src/fleet/engine.ts';
import { parseEngineAddress } from '../../../src/fleet/engine-address.ts';
import { FleetCounts } from '../../../src/fleet/fleet-counts.ts';
import { keysOf } from '../../../src/fleet/keys.ts';

const LIMITS = { name: 'Relay', most: Number.POSITIVE_INFINITY, perSource: Number.POSITIVE_INFINITY, percentage: 100 };
const [, , url = '', nodes = '1', ms = '2000'] = process.argv;

const parts = await Promise.all(
  Array.from({ length: Number(nodes) }, async (_, i) => {
    const engine = await Engine.connect({ address: parseEngineAddress(url) });
    const counts = new FleetCounts(
      () => [],
      () => {},
    );
    await engine.command(['ZADD', keysOf('bench').alive, '9000000000000', `node${i}`]);
    counts.attach({ engine, fleet: 'bench', incarnation: `node${i}` });
    return { engine, counts };
  }),
);

/** @param width questions under way at a time, of each node @returns milliseconds of each */
async function measure(width: number): Promise<{ times: number[]; perSecond: number }> {
  const times: number[] = [];
  const begun = performance.now();
  const end = begun + Number(ms);
  const one = async ({ counts }: (typeof parts)[number], source: string) => {
    while (performance.now() < end) {
      const asked = performance.now();
      await counts.ask(LIMITS, { source, limited: true, hasRoom: true });
      times.push(performance.now() - asked);
      counts.leave(LIMITS.name, source);
    }
  };
  await Promise.all(parts.flatMap((part, n) => Array.from({ length: width }, (_, i) => one(part, `10.${n}.0.${i}`))));
  return {
    times: times.sort((a, b) => a - b),
    perSecond: Math.round((times.length / (performance.now() - begun)) * 1000),
  };
}

const at = (times: readonly number[], part: number) => times[Math.floor(times.length * part)]!.toFixed(2);
const alone = await measure(1);
await pause(100);
const many = await measure(64);
console.log(
  JSON.stringify({
    nodes: Number(nodes),
    oneAtATimeMs: { p50: at(alone.times, 0.5), p99: at(alone.times, 0.99) },
    asksPerSecond: many.perSecond,
    busyMs: { p50: at(many.times, 0.5), p99: at(many.times, 0.99) },
  }),
);
for (const { engine, counts } of parts) {
  counts.detach();
  engine.close();
}
