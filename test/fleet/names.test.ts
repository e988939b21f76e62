/** `SERVER\Name` over a real fleet: what is typed on one server acts on the connectors of others. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/until.ts';
import { fleetOf, hasEngine, type Member, TestEngine } from './scene.ts';

/** Does anybody greet there? */
function isListening(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.on('data', () => socket.end('QUIT\r\n'));
    socket.once('data', () => resolve(true));
    socket.on('error', () => resolve(false));
  });
}

describe.skipIf(!hasEngine)('names over a fleet', () => {
  let engine: TestEngine;
  let one: Member;
  let two: Member;

  beforeAll(async () => {
    engine = await TestEngine.start();
    [one, two] = (await fleetOf(2, engine)) as [Member, Member];
  }, 120_000);

  afterAll(async () => {
    for (const member of [one, two]) await member?.stop();
    await engine?.stop();
  });

  const limits = async (member: Member) =>
    (await member.rc('get', '*\\Relay', '--output', 'ndjson', '--select', 'Identity,MaxHopCount')).stdout
      .trim()
      .split('\n')
      .sort();

  test('a wildcard changes all servers’ connectors, a plain name this one’s, and undo takes one server’s part back', async () => {
    await one.rc('set', 'rel*', '--max-hop-count', '31', '--wait=20');
    await two.rc('set', 'Relay', '--max-hop-count', '32', '--wait=20');
    expect(await limits(one)).toEqual([
      '{"Identity":"EX01\\\\Relay","MaxHopCount":31}',
      '{"Identity":"EX02\\\\Relay","MaxHopCount":32}',
    ]);
    await two.rc('undo', '--server', 'EX02', '--wait=20');
    await one.rc('undo', '--server', 'EX02', '--wait=20');
    expect(await limits(two)).toEqual([
      '{"Identity":"EX01\\\\Relay","MaxHopCount":31}',
      '{"Identity":"EX02\\\\Relay","MaxHopCount":60}',
    ]);
    // the rest of that change, also from the other server
    await two.rc('undo', '--wait=20');
    expect((await limits(one))[0]).toContain('60');
  }, 120_000);

  test('a connector made for another server opens there, and nowhere else', async () => {
    const port = await freePort(two.address);
    const args = ['--bindings', `${two.address}:${port}`, '--remote-ip-ranges', '127.0.0.0/8', '--wait=20'];
    await one.rc('new', 'Scanners', '--server', 'EX02', ...args);
    expect((await two.listener!.status())!.connectors.map(({ name }) => name)).toContain('Scanners');
    expect((await one.listener!.status())!.connectors.map(({ name }) => name)).toEqual(['Relay']);
    await until('it greets', () => isListening(two.address, port));
    await one.rc('remove', 'Scanners', '--confirm=false', '--wait=20');
    expect(await isListening(two.address, port)).toBe(false);
  }, 120_000);
});
