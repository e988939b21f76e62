/** What the gate lets in and what it refuses, with real sockets; and its arithmetic. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readConnector } from '../../src/domain/connector.ts';
import { percentageLimit } from '../../src/domain/source-share.ts';
import { Client, freePort, until, World } from './harness.ts';

const TOO_MANY =
  '421 4.3.2 The maximum number of concurrent connections has exceeded a limit, closing transmission channel';
const NOT_AVAILABLE = '421 4.3.2 Service not available';

let world: World;
let port: number;
beforeEach(async () => {
  world = new World();
  port = await freePort();
});
afterEach(() => world.end());

const from = (localAddress: string) => ({ localAddress });
const greeted = (client: Client) => expect(client.lines[0]).toMatch(/^220/);

describe('limits', () => {
  test('per source: each address has its own count, and a closed connection makes room', async () => {
    world.define({ A: { Bindings: [`127.0.0.1:${port}`], MaxInboundConnectionPerSource: 2 } });
    await world.listen();
    const [first] = [await world.open(port, from('127.0.0.1')), await world.open(port, from('127.0.0.1'))];
    expect((await world.open(port, from('127.0.0.1'))).lines).toEqual([TOO_MANY]);
    greeted(await world.open(port, from('127.0.0.2')));
    expect(await first!.say('QUIT')).toBe('221 2.0.0 Bye');
    const [slot] = world.listener.connectors;
    await until(() => slot!.sources.get('127.0.0.1') === 1);
    greeted(await world.open(port, from('127.0.0.1')));
    expect(world.events.messages(1021)).toEqual([
      "Receive connector 'A' rejected an incoming connection from IP address '127.0.0.1'. The maximum number of connections per source ('2') for this connector has been reached by this source IP address.",
    ]);
    expect(world.events.of(1021)[0]!.data).toEqual({ connector: 'A', address: '127.0.0.1', limit: 2 });
  });

  test('per connector: event 1009 with the limit, other connectors untouched', async () => {
    const other = await freePort();
    world.define({
      A: { Bindings: [`127.0.0.1:${port}`], MaxInboundConnection: 3, MaxInboundConnectionPercentagePerSource: 100 },
      B: { Bindings: [`127.0.0.1:${other}`] },
    });
    await world.listen();
    for (const n of [1, 2, 3]) greeted(await world.open(port, from(`127.0.0.${n}`)));
    expect((await world.open(port, from('127.0.0.4'))).lines).toEqual([TOO_MANY]);
    expect(world.events.messages(1009)).toEqual([
      "Receive connector 'A' rejected an incoming connection. The maximum number of connections ('3') for this connector has been reached.",
    ]);
    greeted(await world.open(other));
  });

  test('percentage of the remaining connections: same reply, event of its own', async () => {
    const settings = { MaxInboundConnection: 100, MaxInboundConnectionPercentagePerSource: 5 };
    world.define({ A: { Bindings: [`127.0.0.1:${port}`], ...settings } });
    await world.listen();
    for (let n = 0; n < 5; n++) greeted(await world.open(port));
    expect((await world.open(port)).lines).toEqual([TOO_MANY]);
    expect(world.events.of(1021)).toEqual([]);
    expect(world.events.messages(17020)).toEqual([
      "Receive connector 'A' rejected an incoming connection from IP address '127.0.0.1'. The maximum percentage of remaining connections per source ('5', now 5 connections) for this connector has been reached by this source IP address.",
    ]);
    await world.applied(world.set('A', { MaxInboundConnectionPercentagePerSource: 6 }));
    greeted(await world.open(port));
    expect((await world.open(port)).lines).toEqual([TOO_MANY]);
  });

  test('connections a minute: each source has its own rate, of all connectors; what was refused takes nothing of it', async () => {
    const other = await freePort();
    world.define({
      A: { Bindings: [`127.0.0.1:${port}`], MaxInboundConnectionPerSource: 2 },
      B: { Bindings: [`127.0.0.1:${other}`] },
    });
    world.serve({ MaxConnectionRatePerMinute: 3 });
    await world.listen();
    greeted(await world.open(port));
    greeted(await world.open(port));
    for (let n = 0; n < 5; n++) expect((await world.open(port)).lines).toEqual([TOO_MANY]);
    greeted(await world.open(other));
    expect((await world.open(other)).lines).toEqual([NOT_AVAILABLE]);
    greeted(await world.open(other, from('127.0.0.2')));
    const b = world.listener.connectors.find((slot) => slot.now.Name === 'B')!;
    expect(b.open).toBe(2);
    expect(b.refusedBy.get('MaxConnectionRatePerMinute')!.count).toBe(1);
    expect(world.events.messages(17025)).toEqual([
      "Receive connector 'B' rejected an incoming connection from IP address '127.0.0.1'. The maximum number of connections a minute ('3', MaxConnectionRatePerMinute) has been reached by this source IP address.",
    ]);
    await world.applied(world.serve({ MaxConnectionRatePerMinute: 2147483647 }));
    for (let n = 0; n < 5; n++) greeted(await world.open(other));
  });

  test('connections a minute of one source to one connector: other connectors and sources have their own, a change acts at once', async () => {
    const other = await freePort();
    world.define({
      A: { Bindings: [`127.0.0.1:${port}`], MaxInboundConnectionRatePerSource: 2 },
      B: { Bindings: [`127.0.0.1:${other}`] },
    });
    await world.listen();
    for (let n = 0; n < 2; n++) expect(await (await world.open(port)).say('QUIT')).toBe('221 2.0.0 Bye');
    expect((await world.open(port)).lines).toEqual([NOT_AVAILABLE]);
    greeted(await world.open(other));
    greeted(await world.open(port, from('127.0.0.2')));
    const a = world.listener.connectors.find((slot) => slot.now.Name === 'A')!;
    expect([a.refusedBy.get('MaxInboundConnectionRatePerSource')!.count, a.refused.rate]).toEqual([1, 1]);
    expect([...world.listener.gate.refusals.of(a.refusedBy.get('MaxInboundConnectionRatePerSource')!)]).toMatchObject([
      { source: '127.0.0.1', minute: 1 },
    ]);
    expect(world.events.messages(17027)).toEqual([
      "Receive connector 'A' rejected an incoming connection from IP address '127.0.0.1'. The maximum number of connections a minute ('2', MaxInboundConnectionRatePerSource) has been reached by this source IP address.",
    ]);
    await world.applied(world.set('A', { MaxInboundConnectionRatePerSource: 3 }));
    greeted(await world.open(port)); // what was refused took nothing of it
    expect((await world.open(port)).lines).toEqual([NOT_AVAILABLE]);
    await world.applied(world.set('A', { MaxInboundConnectionRatePerSource: 'Unlimited' }));
    greeted(await world.open(port));
  });

  test('a source of the rate is what MaxInboundConnectionSourcePrefix says', async () => {
    world.define({
      A: {
        Bindings: [`127.0.0.1:${port}`],
        MaxInboundConnectionRatePerSource: 1,
        MaxInboundConnectionSourcePrefix: '24,64',
      },
    });
    await world.listen();
    greeted(await world.open(port, from('127.0.0.2')));
    expect((await world.open(port, from('127.0.0.3'))).lines).toEqual([NOT_AVAILABLE]);
    greeted(await world.open(port, from('127.0.1.3')));
  });

  test('a lowered limit closes nobody, but lets no more in', async () => {
    world.define({ A: { Bindings: [`127.0.0.1:${port}`] } });
    await world.listen();
    const open = [await world.open(port), await world.open(port), await world.open(port)];
    await world.applied(world.set('A', { MaxInboundConnectionPerSource: 1 }));
    expect((await world.open(port)).lines).toEqual([TOO_MANY]);
    for (const client of open) expect(await client.say('NOOP')).toBe('250 NOOP');
    await world.applied(world.set('A', { MaxInboundConnectionPerSource: 'Unlimited' }));
    for (let n = 0; n < 30; n++) greeted(await world.open(port));
  });

  test('no connector for the client: 421 and closed, counted, told with an id of its own', async () => {
    world.define({ A: { Bindings: [`127.0.0.1:${port}`], RemoteIPRanges: ['127.0.0.2'] } });
    await world.listen();
    const refused = await world.open(port, from('127.0.0.1'));
    await until(() => refused.closed);
    expect(refused.lines).toEqual([NOT_AVAILABLE]);
    expect(refused.error).toBe('');
    greeted(await world.open(port, from('127.0.0.2')));
    expect(world.events.messages(17021)).toEqual([
      `No receive connector on 127.0.0.1:${port} takes IP address '127.0.0.1'; the connection was closed.`,
    ]);
    expect(world.listener.gate.unmatched).toBe(1);
  });

  test('clients of nested ranges on one port reach their connectors', async () => {
    world.define({
      Everyone: { Bindings: [`0.0.0.0:${port}`] },
      Net: { Bindings: [`0.0.0.0:${port}`], RemoteIPRanges: ['127.0.1.0/24'] },
      One: { Bindings: [`0.0.0.0:${port}`], RemoteIPRanges: ['127.0.1.75'] },
      Local: { Bindings: [`127.0.0.9:${port}`] },
    });
    await world.listen();
    expect((await world.open(port, from('127.0.0.1'))).lines[0]).toBe('220 Everyone 127.0.0.1');
    expect((await world.open(port, from('127.0.1.1'))).lines[0]).toBe('220 Net 127.0.1.1');
    expect((await world.open(port, from('127.0.1.75'))).lines[0]).toBe('220 One 127.0.1.75');
    expect((await world.open(port, { host: '127.0.0.9', localAddress: '127.0.1.75' })).lines[0]).toBe(
      '220 Local 127.0.1.75',
    );
  });
});

describe('refusing', () => {
  beforeEach(async () => {
    world.define({ A: { Bindings: [`127.0.0.1:${port}`], MaxInboundConnectionPerSource: 1 } });
    await world.listen({ tallyMs: 1_000_000 });
    greeted(await world.open(port));
  });

  test('a client that talks first still reads why, without a reset', async () => {
    const eager = Client.to(port);
    world.clients.push(eager);
    for (let n = 0; n < 50; n++) eager.socket.write(`EHLO client${n}.contoso.com\r\n`);
    await until(() => eager.lines.length > 0);
    eager.socket.write('MAIL FROM:<a@contoso.com>\r\n'); // arrives after the FIN of the reply
    await until(() => eager.closed);
    expect(eager.lines).toEqual([TOO_MANY]);
    expect(eager.error).toBe('');
  });

  test('a client that never closes is closed after a moment', async () => {
    const stubborn = await world.open(port, { allowHalfOpen: true });
    expect(stubborn.lines).toEqual([TOO_MANY]);
    const { socket } = stubborn;
    const writing = setInterval(() => socket.write('x'), 20);
    await until(() => stubborn.closed || stubborn.error !== '');
    clearInterval(writing);
    expect(stubborn.error).toMatch(/^(EPIPE|ECONNRESET)$/);
  });

  test('a flood is one event at once and one sum, not a line each', async () => {
    for (let round = 0; round < 10; round++) {
      const clients = await Promise.all(Array.from({ length: 30 }, () => Client.open(port)));
      for (const client of clients) expect(client.lines).toEqual([TOO_MANY]);
    }
    expect(world.events.of(1021)).toHaveLength(1);
    await world.listener.stop(0);
    expect(world.events.of(1021)).toHaveLength(2);
    expect(world.events.of(1021)[1]!.data).toMatchObject({ address: '127.0.0.1', limit: 1, count: 299 });
    expect(world.events.messages(1021)[1]).toMatch(
      /reached by this source IP address\. \(299 more time\(s\) in \d+ s\)$/,
    );
  });
});

describe('the percentage', () => {
  const connector = (settings: object) => {
    const stored = {
      Name: 'A',
      Guid: '00000000-0000-4000-8000-000000000000',
      WhenCreated: '2025-01-01T00:00:00Z',
      WhenChanged: '2025-01-01T00:00:00Z',
      ...settings,
    };
    return readConnector(stored, { server: 'HOST', fqdn: 'host.contoso.com' }, (key, message) => {
      throw new Error(key + message);
    });
  };

  test.each([
    // most, %, connections of others → connections one source may have
    [5000, 2, 0, 100],
    [5000, 2, 1, 100],
    [5000, 2, 49, 100],
    [5000, 2, 50, 99],
    [5000, 2, 2500, 50],
    [5000, 2, 4999, 1],
    [5000, 2, 6000, 1],
    [100, 29, 0, 29],
    [10, 1, 0, 1],
    [5000, 100, 0, Number.POSITIVE_INFINITY],
    ['Unlimited', 2, 100, Number.POSITIVE_INFINITY],
  ])('of %s connections %i %% with %i taken by others is %d', (most, percentage, others, expected) => {
    const settings = { MaxInboundConnection: most, MaxInboundConnectionPercentagePerSource: percentage };
    expect(percentageLimit(connector(settings), others)).toBe(expected);
  });

  test('never keeps a source from the connections that its own would be a percentage of', () => {
    const c = connector({});
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(5000), (others, more) => {
        expect(percentageLimit(c, others)).toBeGreaterThanOrEqual(percentageLimit(c, others + more));
        expect(percentageLimit(c, others)).toBeGreaterThanOrEqual(1);
      }),
    );
  });
});
