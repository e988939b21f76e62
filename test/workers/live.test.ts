/** Live apply with workers: a change acts in sessions of all workers, and counts as applied when all act by it. */
import { expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { scene, served } from './scene.ts';

it('a change acts on the next command of sessions in both workers, as soon as --wait is over', () =>
  scene({}, async (s) => {
    const clients = await s.openInEach(8);
    for (const [enabled, reply] of [
      ['false', '250 OK'],
      ['true', '250 2.0.0 OK'],
      ['false', '250 OK'],
    ] as const) {
      const set = await s.rc('set', 'A', '--enhanced-status-codes-enabled', enabled, '--wait');
      expect(set).toMatchObject({ code: 0, stderr: '' });
      expect(await Promise.all(clients.map((client) => client.say('NOOP')))).toEqual(clients.map(() => reply));
    }
    const { generation } = await s.status();
    expect((await s.workers()).map((w) => w.generation)).toEqual([generation.applied, generation.applied]);
  }));

it('users, accepted domains and transport settings reach the workers too', () =>
  scene({}, async (s) => {
    const clients = await s.openInEach(6);
    const recipient = async () => {
      const answers: string[] = [];
      for (const client of clients) {
        await client.say('RSET');
        await client.say('HELO a.contoso.com');
        await client.say('MAIL FROM:<a@fabrikam.com>');
        answers.push((await client.say('RCPT TO:<b@contoso.com>')).slice(0, 3));
      }
      return new Set(answers);
    };
    expect(await recipient()).toEqual(new Set(['250'])); // without accepted domains every recipient is local
    expect((await s.rc('new-accepted-domain', 'fabrikam.com', '--domain-name', 'fabrikam.com', '--wait')).stderr).toBe(
      '',
    );
    expect(await recipient()).toEqual(new Set(['550']));
    expect((await s.rc('new-accepted-domain', 'contoso.com', '--domain-name', 'contoso.com', '--wait')).stderr).toBe(
      '',
    );
    expect(await recipient()).toEqual(new Set(['250']));
    expect((await s.rc('set-transport-service', '--delivery-method', 'Discard', '--wait')).stderr).toBe('');
    for (const client of clients) {
      await client.say('DATA');
      expect(await client.say('Subject: x\r\n\r\nbody\r\n.')).toMatch(/^250/);
    }
    await until('the tracking log has all of them', async () => {
      const { stdout } = await s.rc('get-message-tracking-log', '--event-id', 'DISCARD');
      return stdout.trim().split('\n').length === clients.length;
    });
  }));

it('--wait waits for a worker that does not answer, until it is killed', () =>
  scene({}, async (s) => {
    const [first] = await s.workers();
    process.kill(first!.pid!, 'SIGSTOP');
    const early = await s.rc('set', 'A', '--max-inbound-per-source', '5', '--wait=1');
    expect(early.stderr).toContain('has not applied');
    expect((await s.status()).generation.applied).toBe(1);
    await until('it is replaced', async () => (await s.status()).generation.applied === 2, {
      timeout: 40_000,
      every: 100,
    });
    expect(served(await s.openMany(9))).toHaveLength(5);
  }));

it('connectors that come, go and come back: their sessions are served, told and counted', () =>
  scene({ connectors: { A: {}, B: {} } }, async (s) => {
    const port = s.ports[1]!;
    const held = await Promise.all([0, 1, 2, 3].map(() => s.open('127.0.0.1', port)));
    expect((await s.rc('set', 'B', '--enabled=false', '--wait')).code).toBe(0);
    await until('the sessions end', () => held.every((client) => client.closed));
    for (const client of held) expect(client.lines.at(-1)).toBe('421 4.3.2 Service not available');
    expect((await s.rc('set', 'B', '--enabled=true', '--wait')).code).toBe(0);
    expect(served(await Promise.all([0, 1, 2, 3].map(() => s.open('127.0.0.1', port))))).toHaveLength(4);

    const busy = await s.open('127.0.0.1', port);
    for (const line of ['EHLO a.contoso.com', 'MAIL FROM:<a@contoso.com>', 'RCPT TO:<postmaster>', 'DATA'])
      await busy.say(line);
    expect((await s.rc('remove', 'B', '--confirm=false', '--wait')).code).toBe(0);
    await until('the idle ones end', async () => (await s.connector('B'))?.connections === 1);
    const before = busy.lines.length;
    await busy.say('Subject: late\r\n\r\nbody\r\n.');
    await until('its end', () => busy.closed);
    expect(busy.lines.slice(before).map((line) => line.slice(0, 3))).toEqual(['250', '421']);
    await until('it is gone', async () => (await s.connector('B')) === undefined);
    expect(await (await s.open()).say('NOOP')).toMatch(/^250/);
  }));

it('message rates hold for all workers together', () =>
  scene({ connectors: { A: { MessageRateLimit: 7, MessageRateSource: 'IPAddress' } } }, async (s) => {
    const clients = await s.openInEach(6);
    const answers = await Promise.all(
      clients.map(async (client) => {
        await client.say('HELO a.contoso.com');
        const replies: string[] = [];
        for (let i = 0; i < 4; i++) {
          replies.push((await client.say('MAIL FROM:<a@contoso.com>')).slice(0, 3));
          await client.say('RSET');
        }
        return replies;
      }),
    );
    expect(answers.flat().filter((reply) => reply === '250')).toHaveLength(7);
  }));
