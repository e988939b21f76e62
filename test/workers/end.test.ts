/** How a listener with workers ends: in order when it is told to, at once when it is killed, and never with a worker left. */
import { expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { isAlive, type Scene, scene } from './scene.ts';

const gone = (pids: readonly number[]) => until('the workers end', () => !pids.some(isAlive));

/** Its workers still have its stderr, so its end is its exit, not that of its streams. */
async function killed({ listener }: Scene): Promise<void> {
  listener.child.kill('SIGKILL');
  await until('its end', () => listener.child.signalCode !== null);
}

async function message(client: { say(text: string): Promise<string> }): Promise<void> {
  for (const line of ['EHLO a.contoso.com', 'MAIL FROM:<a@contoso.com>', 'RCPT TO:<postmaster>', 'DATA'])
    await client.say(line);
}

it.each(['SIGTERM', 'SIGINT'] as const)('%s to all processes: messages are finished, idle sessions get 421', (signal) =>
  scene({ detached: true }, async (s) => {
    const [one, two, idle] = [await s.open(), await s.open(), await s.open()];
    await message(one);
    await message(two);
    const pids = await s.pids();
    process.kill(-s.listener.child.pid!, signal); // as a terminal or systemd does: the whole process group
    await until('the idle session ends', () => idle.closed);
    expect(idle.lines.at(-1)).toBe('421 4.3.2 Service not available');
    for (const client of [one, two]) {
      const before = client.lines.length;
      await client.say('Subject: late\r\n\r\nbody\r\n.');
      await until('its end', () => client.closed);
      expect(client.lines.slice(before).map((line) => line.slice(0, 3))).toEqual(['250', '421']);
    }
    expect(await s.listener.ended).toBe(0);
    await gone(pids);
    expect(s.events().at(-1)).toMatchObject({ id: 17002, data: { cut: 0 } });
    expect(s.events().filter(({ id }) => id === 17070)).toEqual([]);
  }),
);

it('kill -9 of the listener: no worker is left, idle sessions get 421, a message under way its answer', () =>
  scene({}, async (s) => {
    const [busy, idle] = [await s.open(), await s.open()];
    await message(busy);
    const pids = await s.pids();
    await killed(s);
    await until('the idle session ends', () => idle.closed);
    expect(idle.lines.at(-1)).toBe('421 4.3.2 Service not available');
    expect(await busy.say('Subject: late\r\n\r\nbody\r\n.')).toMatch(/^250/);
    await gone(pids);
  }));

it('kill -9 of the listener: a client that never finishes its message keeps no worker', () =>
  scene({}, async (s) => {
    await message(await s.open());
    const pids = await s.pids();
    await killed(s);
    await until('the workers end', () => !pids.some(isAlive));
  }));

it('a message that does not end is cut after the grace', () =>
  scene({}, async (s) => {
    await message(await s.open());
    const pids = await s.pids();
    s.listener.child.kill('SIGTERM');
    await until('it stops', () => s.events().some(({ id }) => id === 17001));
    s.listener.child.kill('SIGTERM'); // the second one: at once
    expect(await s.listener.ended).toBe(0);
    await gone(pids);
    expect(s.events().at(-1)).toMatchObject({ id: 17002, data: { cut: 1 } });
  }));
