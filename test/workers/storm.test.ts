/** Limits stay exact when many connections come at the same moment and go to several workers. */
import { expect, it } from 'vitest';
import { Client } from '../listener/harness.ts';
import { refused, scene, served } from './scene.ts';

const SOURCES = Array.from({ length: 8 }, (_, i) => `127.0.0.${10 + i}`);

it('a connector serves exactly its limit, whatever comes at once', () =>
  scene({ workers: 3, connectors: { A: { MaxInboundConnection: 40 } } }, async (s) => {
    for (let round = 1; round <= 3; round++) {
      const clients = (await Promise.all(SOURCES.map((source) => s.openMany(25, source)))).flat();
      expect([round, served(clients).length, refused(clients).length]).toEqual([round, 40, 160]);
      expect(await s.connector()).toMatchObject({ connections: 40, accepted: 40 * round });
      for (const client of clients) client.socket.destroy();
      await s.counting(0);
    }
    expect((await s.workers()).map(({ sessions }) => sessions)).toEqual([0, 0, 0]);
  }));

it('each source has exactly its limit, and exactly the places that became free are given again', () =>
  scene({ connectors: { A: { MaxInboundConnectionPerSource: 10 } } }, async (s) => {
    const groups = await Promise.all(SOURCES.map((source) => s.openMany(25, source)));
    expect(groups.map((clients) => served(clients).length)).toEqual(SOURCES.map(() => 10));
    for (const clients of groups) for (const client of served(clients).slice(0, 4)) client.socket.destroy();
    await s.counting(SOURCES.length * 6);
    const again = await Promise.all(SOURCES.map((source) => s.openMany(9, source)));
    expect(again.map((clients) => served(clients).length)).toEqual(SOURCES.map(() => 4));
    const { sources } = await s.connector();
    expect(sources.map(({ connections }) => connections)).toEqual(SOURCES.map(() => 10));
  }));

it('the share of the remaining connections is as exact', () =>
  scene(
    { connectors: { A: { MaxInboundConnection: 100, MaxInboundConnectionPercentagePerSource: 10 } } },
    async (s) => {
      expect(served(await s.openMany(30, SOURCES[0]))).toHaveLength(10);
      expect(served(await s.openMany(30, SOURCES[1]))).toHaveLength(9); // 10 % of the 90 that others have left
    },
  ));

it('clients that come and go never hold more than the limit, and none is left counted', () =>
  scene({ connectors: { A: { MaxInboundConnection: 15 } } }, async (s) => {
    let open = 0;
    let most = 0;
    let servedInAll = 0;
    const comeAndGo = async (source: string) => {
      for (let i = 0; i < 25; i++) {
        const client = await Client.open(s.port, { localAddress: source });
        if (client.lines[0]?.startsWith('220')) {
          servedInAll++;
          most = Math.max(most, ++open);
          await client.say('NOOP');
          open--;
        }
        client.socket.destroy();
      }
    };
    await Promise.all(SOURCES.flatMap((source) => [source, source, source, source]).map(comeAndGo));
    expect(most).toBeLessThanOrEqual(15);
    expect(servedInAll).toBeGreaterThan(15);
    await s.counting(0);
    expect(await s.connector()).toMatchObject({ accepted: servedInAll, sourceCount: 0 });
  }));
