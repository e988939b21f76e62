/** The story: 20 connections of one source, the 21st refused, the limit raised live, 100 served, the 101st refused. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { freePort, World } from './harness.ts';

const TOO_MANY =
  '421 4.3.2 The maximum number of concurrent connections has exceeded a limit, closing transmission channel';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.end());

test('20 held, the 21st refused with event 1021, set to 100 live, 100 served, the 101st refused', async () => {
  const port = await freePort();
  world.define({ 'Default HOST': { Bindings: [`127.0.0.1:${port}`] } });
  await world.listen();
  for (let n = 1; n <= 20; n++) expect((await world.open(port)).lines[0]).toBe('220 Default HOST 127.0.0.1');

  const refused = await world.open(port);
  expect(refused.lines).toEqual([TOO_MANY]);
  expect(world.events.messages(1021)).toEqual([
    "Receive connector 'Default HOST' rejected an incoming connection from IP address '127.0.0.1'. The maximum number of connections per source ('20') for this connector has been reached by this source IP address.",
  ]);

  await world.applied(world.set('default*', { MaxInboundConnectionPerSource: 100 }));
  for (let n = 21; n <= 100; n++) expect((await world.open(port)).lines[0], `connection ${n}`).toMatch(/^220/);
  expect((await world.open(port)).lines).toEqual([TOO_MANY]);
  expect(world.listener.gate.selection.choose('127.0.0.1', port, '127.0.0.1')!.refused).toEqual({
    connector: 0,
    source: 2,
    percentage: 0,
    rate: 0,
  });
  await until('two closed', () => world.clients.filter((c) => c.closed).length === 2);
});
