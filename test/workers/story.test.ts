/** The story with two workers: a source at its limit, one command, and it is served; across both workers. */
import { expect, it } from 'vitest';
import { rc } from '../support/rc.ts';
import { tempFolder } from '../support/temp-home.ts';
import { until } from '../support/until.ts';
import { REFUSED, refused, scene, served } from './scene.ts';

it('20 held over two workers, the 21st refused, set to 100, 100 served, the 101st refused', () =>
  scene({ connectors: { 'Default EX': { MaxInboundConnectionPerSource: 20 } } }, async (s) => {
    const held = await s.openMany(20);
    expect(served(held)).toHaveLength(20);
    const [one, two] = (await s.workers()).map(({ sessions }) => sessions) as [number, number];
    expect(one + two).toBe(20);
    expect((await s.open()).lines).toEqual([REFUSED]);
    await until('event 1021', () => s.events().filter(({ id }) => id === 1021).length === 1);

    const set = await s.rc('set', 'default*', '--max-inbound-per-source', '100', '--wait');
    expect(set).toMatchObject({ code: 0, stderr: '' });
    const more = await s.openMany(81);
    expect([served(more).length, refused(more).length]).toEqual([80, 1]);
    expect(await s.connector('Default EX')).toMatchObject({ connections: 100, accepted: 100, refused: { source: 2 } });
    for (const client of held) expect(await client.say('NOOP')).toMatch(/^250/);

    const shown = JSON.parse((await s.rc('get-listener')).stdout);
    const workers = await s.workers();
    expect(workers.reduce((sum, { sessions }) => sum + sessions, 0)).toBe(100);
    expect(shown.Workers).toEqual(
      workers.map((w, i) => `${i + 1}: process ${w.pid}, ${w.sessions} session(s), generation 2`),
    );
  }));

it('sessions are listed from both workers, and ended by their id', () =>
  scene({}, async (s) => {
    const clients = await s.openMany(4);
    for (const [i, client] of clients.entries()) await client.say(`EHLO c${i}.contoso.com`);
    const listed = (await s.rc('get-session')).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(listed.map(({ Helo }) => Helo).sort()).toEqual([0, 1, 2, 3].map((i) => `c${i}.contoso.com`));
    const port = (clients[2]!.socket.address() as { port: number }).port;
    const third = listed.find((session) => session.Port === port);
    const ended = await s.rc('disconnect-session', third.Id, '--confirm=false');
    expect(ended.code).toBe(0);
    const said = clients[2]!.lines;
    await expect.poll(() => said.at(-1)).toBe('421 4.3.2 Service not available');
    await s.counting(3);
    expect(await clients[0]!.say('NOOP')).toMatch(/^250/);
  }));

it('--workers takes 0 to 64, or auto', async () => {
  for (const wrong of ['65', '-1', 'many', '1.5', '']) {
    const { code, stderr } = await rc(['serve', `--workers=${wrong}`], { home: tempFolder() });
    expect([wrong, code]).toEqual([wrong, 2]);
    expect(stderr).toContain('number from 0 to 64, or auto');
  }
});
