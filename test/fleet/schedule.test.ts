/**
 * A fleet through a random schedule: connections come and go, settings change, for good and for a while, listeners, their workers and the
 * engine are killed and hang. After each step: one generation on all, no change lost, what is temporary ends once (temporary-replay.ts), the
 * engine counts what is open, and exactly the limit is reached. Short here;
 * `npm run soak -- fleet [seconds] [seed]` goes on for longer.
 */
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Random } from '../fuzz/random.ts';
import { until } from '../support/until.ts';
import { fleetOf, hasEngine, type Member, TestEngine } from './scene.ts';
import { TemporaryReplay } from './temporary-replay.ts';

const LIMIT = 6;
const SECONDS = Number(process.env.FLEET_SECONDS ?? 30);
const SEED = Number(process.env.FLEET_SEED ?? 1);

test.skipIf(!hasEngine)(
  `a random schedule of ${SECONDS} s, seed ${SEED}`,
  async () => {
    const numbers = new Random(SEED);
    const random = (below: number) => numbers.below(below);
    const engine = await TestEngine.start(['--appendonly', 'yes', '--appendfsync', 'always', '--save', '']);
    const settings = { ...TemporaryReplay.settings, LimitScope: 'Fleet', MaxInboundConnectionPerSource: LIMIT };
    const members = await fleetOf(3, engine, { ...settings, MaxInboundConnectionPercentagePerSource: 100 });
    await members[0]!.stop();
    await members[0]!.serve('--workers', '2');
    await until('all have what all brought', () => new Set(members.map(({ store }) => store.generation)).size === 1);
    const temporary = new TemporaryReplay(members, random);
    const open = new Set<Socket>();
    let hops = 30;

    const dial = (member: Member) =>
      new Promise<boolean>((resolve) => {
        const socket = connect({ host: member.address, port: member.port, localAddress: '127.0.0.1' });
        socket.setEncoding('latin1').once('data', (text: string) => {
          const isServed = text.startsWith('220');
          if (isServed) open.add(socket);
          resolve(isServed);
        });
        socket.on('error', () => {});
        socket.on('close', () => {
          open.delete(socket);
          resolve(false);
        });
      });
    /** What the engine counts: of nodes that live. What a dead one left stands there until somebody asks, and counts no more. */
    const counted = async () => {
      const words = (said: string) => said.split('\r\n').filter((line) => line !== '' && !/^[*$]/.test(line));
      const living = new Set(words(await engine.say('HKEYS', 'rc:{default}:nodes')));
      const fields = words(await engine.say('HGETALL', 'rc:{default}:source:127.0.0.1 relay'));
      return fields.reduce((sum, word, i) => (i % 2 && living.has(fields[i - 1]!) ? sum + Number(word) : sum), 0);
    };
    const steps: Record<string, () => Promise<void>> = {
      async come() {
        for (let i = 0; i < 4; i++) await dial(members[random(3)]!);
      },
      async go() {
        for (const socket of [...open].slice(0, 1 + random(3))) socket.destroy();
      },
      async set() {
        const ran = await members[random(3)]!.tried('set', '*\\Relay', '--max-hop-count', String(hops + 1));
        if (ran.code === 0) hops++;
      },
      async killListener() {
        const member = members[random(3)]!;
        await member.stop('SIGKILL');
        await member.serve(...member.flags);
      },
      async killWorker() {
        const { workers = [] } = (await members[0]!.listener!.status())!;
        const pid = workers[random(workers.length)]?.pid;
        if (pid) process.kill(pid, 'SIGKILL');
      },
      async killEngine() {
        await engine.stop();
        await dial(members[random(3)]!);
        await engine.start();
      },
      async hangEngine() {
        engine.signal('SIGSTOP');
        await dial(members[random(3)]!);
        engine.signal('SIGCONT');
      },
      async cutOff() {
        const { child } = members[random(3)]!.listener!;
        child.kill('SIGSTOP');
        await pause(500 + random(1500));
        child.kill('SIGCONT');
      },
    };
    try {
      const all = Object.entries({ ...steps, ...temporary.steps });
      const end = performance.now() + SECONDS * 1000;
      for (let n = 1; performance.now() < end; n++) {
        const [name, step] = all[random(all.length)]!;
        const what = `step ${n} of seed ${SEED}, ${name}:`;
        await step();
        await until(
          `${what} one generation, all connected`,
          async () => {
            const fleet = await members[0]!.fleet();
            const lines = fleet.Servers as string[];
            return (
              fleet.State === 'Connected' && lines.every((line) => line.includes(`generation ${fleet.Generation},`))
            );
          },
          { every: 100 },
        );
        await temporary.check(what);
        for (const { store } of members)
          for (const c of store.connectors) expect((c as { MaxHopCount?: number }).MaxHopCount ?? 30, what).toBe(hops);
        await until(`${what} the engine counts what is open`, async () => (await counted()) === open.size, {
          timeout: 30_000,
          every: 50,
        });
        await until(
          `${what} the limit is reached`,
          async () => {
            if (open.size >= LIMIT) return true;
            await dial(members[random(3)]!);
            return open.size >= LIMIT;
          },
          { every: 50 },
        );
        if (name !== 'killEngine' && name !== 'hangEngine') expect(open.size, what).toBe(LIMIT);
        if (open.size > LIMIT) for (const socket of [...open].slice(LIMIT)) socket.destroy(); // of the fallback
      }
    } finally {
      engine.signal('SIGCONT');
      for (const socket of open) socket.destroy();
      for (const member of members) await member.stop('SIGKILL');
      await engine.stop();
    }
  },
  SECONDS * 1000 + 180_000,
);
