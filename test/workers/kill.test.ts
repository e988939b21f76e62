/** Workers that are killed, or hang: their counts come back, others are not touched, and another one takes the place. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { listenerMetrics } from '../../src/control/listener-client.ts';
import { MailSender } from '../faults/mail-sender.ts';
import { messagesIn } from '../faults/maildir-count.ts';
import type { Client } from '../listener/harness.ts';
import { logged } from '../support/events.ts';
import { until } from '../support/until.ts';
import { isAlive, type Scene, scene, served } from './scene.ts';

/** Clients whose session the worker with this number does not hold any more: all are closed, the others still answer. */
async function closedAndOpen(clients: readonly Client[]): Promise<[closed: number, answering: number]> {
  const answers = await Promise.all(clients.map((client) => (client.closed ? '' : client.say('NOOP'))));
  return [clients.filter((client) => client.closed).length, answers.filter((line) => line.startsWith('250')).length];
}

const replaced = (s: Scene, dead: number) =>
  until('another worker', async () => {
    const workers = await s.workers();
    return workers.every(({ pid, generation }) => pid !== null && pid !== dead && generation > 0) && workers;
  });

it('kill -9: counts are given back, the other worker goes on, a new one serves', () =>
  scene({ connectors: { A: { MaxInboundConnection: 20 } } }, async (s) => {
    const clients = await s.openMany(20);
    const [first, second] = await s.workers();
    process.kill(first!.pid!, 'SIGKILL');
    await s.counting(second!.sessions);
    await until('the clients notice', () => clients.filter((c) => c.closed).length === first!.sessions);
    expect(await closedAndOpen(clients)).toEqual([first!.sessions, second!.sessions]);

    const [anew] = await replaced(s, first!.pid!);
    expect(anew).toMatchObject({ number: 1, replaced: 1, generation: 1 });
    expect(served(await s.openMany(30))).toHaveLength(first!.sessions);
    await s.counting(20);
    expect(await closedAndOpen(clients)).toEqual([first!.sessions, second!.sessions]);

    const told = await until('both events', () => s.events().some(({ id }) => id === 17071) && s.events());
    expect(told.find(({ id }) => id === 17070)!.data).toMatchObject({
      worker: 1,
      pid: first!.pid,
      how: 'SIGKILL',
      sessions: first!.sessions,
    });
    expect(told.find(({ id }) => id === 17071)!.data).toMatchObject({ worker: 1, pid: anew!.pid });
  }));

it('kill -9: the sessions it had are told as lost, and every session that ended under one reason', () =>
  scene({}, async (s) => {
    const clients = await s.openInEach(6);
    const left = clients.length - 1;
    await clients[0]!.say('QUIT');
    await s.counting(left);
    const [first] = (await s.workers()).toSorted((a, b) => b.sessions - a.sessions);
    process.kill(first!.pid!, 'SIGKILL');
    await s.counting(left - first!.sessions);
    const metrics = (await listenerMetrics(s.home))!;
    const ended = [...metrics.matchAll(/^smtp_receive_disconnections_total\{.*reason="(\w+)"\} (\d+)$/gm)];
    expect(Object.fromEntries(ended.map(([, reason, n]) => [reason, Number(n)]))).toEqual({
      client: 1,
      timeout: 0,
      errors: 0,
      policy: 0,
      listener: 0,
      lost: first!.sessions,
    });
    expect(first!.sessions).toBeGreaterThan(0);
  }));

it('both killed at once: whoever comes meanwhile waits and is served by the new ones', () =>
  scene({}, async (s) => {
    const before = await s.openMany(6);
    for (const pid of await s.pids()) process.kill(pid, 'SIGKILL');
    await until('the clients notice', () => before.every((client) => client.closed));
    expect(served(await s.openMany(10))).toHaveLength(10);
    await s.counting(10);
  }));

it('one that is killed again and again is started later and later', () =>
  scene({}, async (s) => {
    const waits: number[] = [];
    for (let i = 0; i < 4; i++) {
      const pid = await until('a worker', async () => (await s.workers())[0]!.pid);
      process.kill(pid, 'SIGKILL');
      await until('its end to be told', () => s.events().filter(({ id }) => id === 17070).length > i);
      waits.push(Number(s.events().filter(({ id }) => id === 17070)[i]!.data.waitMs));
    }
    expect(waits).toEqual([0, 100, 200, 400]);
  }));

it('one that hangs is killed and replaced; its sessions count no more', () =>
  scene({}, async (s) => {
    const clients = await s.openMany(6);
    const [first, second] = await s.workers();
    process.kill(first!.pid!, 'SIGSTOP');
    // The other one serves meanwhile.
    expect(served(await s.openMany(4)).length).toBeGreaterThanOrEqual(3);
    await until('it is killed', () => !isAlive(first!.pid!), { timeout: 40_000, every: 100 });
    await replaced(s, first!.pid!);
    expect((await logged(s.folder, 17072))[0]!.data).toMatchObject({ worker: 1, pid: first!.pid });
    expect(await closedAndOpen(clients)).toEqual([first!.sessions, second!.sessions]);
    await s.counting(second!.sessions + 4);
  }));

it('kill -9 in the middle of deliveries: no message with its 250 is lost, none is doubled', { timeout: 120_000 }, () =>
  scene({}, async (s) => {
    const acknowledged: string[] = [];
    const sent = new Set<string>();
    for (let round = 0; round < 5; round++) {
      const senders = Array.from({ length: 10 }, (_, i) => new MailSender(s.port, `r${round}s${i}`));
      await until('messages flow', () => senders.every((one) => one.acknowledged.length > 2));
      const pids = await s.pids();
      await pause(Math.random() * 50); // the moment of the kill is the input here, nothing is waited for
      process.kill(pids[round % 2]!, 'SIGKILL');
      await replaced(s, pids[round % 2]!);
      const counts = senders.map((one) => one.acknowledged.length);
      // Which worker a connection comes to is the kernel's affair: it may have been all of them that died.
      const goesOn = () => senders.some((one, i) => one.acknowledged.length > counts[i]! + 2);
      await until('the other worker goes on', () => goesOn() || senders.every((one) => one.isClosed));
      for (const one of senders) one.stop();
      await Promise.all(senders.map((one) => one.ended));
      for (const one of senders) {
        acknowledged.push(...one.acknowledged);
        for (const id of one.sent) sent.add(id);
      }
    }
    const found = messagesIn(join(s.folder, 'mail'));
    expect(acknowledged.length).toBeGreaterThan(5 * 10 * 2);
    expect(acknowledged.filter((id) => found.get(id) !== 1)).toEqual([]);
    expect([...found].filter(([id, count]) => count !== 1 || !sent.has(id))).toEqual([]);
    await s.counting(0);
  }),
);
