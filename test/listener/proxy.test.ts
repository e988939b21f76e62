/** PROXY protocol v1 and v2: parsing as tables and properties, and trusted front ends on a running listener. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addressText } from '../../src/domain/address.ts';
import { parseProxyHeader } from '../../src/listener/admission/proxy.ts';
import { Client, freePort, until, World } from './harness.ts';

const SIGNATURE = '0d0a0d0a000d0a515549540a';
const v2 = (hex: string) => Buffer.from((SIGNATURE + hex).replaceAll(' ', ''), 'hex');
const four = v2('21 11 000c 0a010203 0a0000fe 3039 0019');

describe('version 1', () => {
  test.each([
    ['PROXY TCP4 10.1.2.3 10.0.0.1 12345 25\r\n', '10.1.2.3', 12345],
    ['PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n', '255.255.255.255', 65535],
    ['PROXY TCP6 2001:DB8::1 2001:db8::2 1 25\r\n', '2001:db8::1', 1],
    ['PROXY TCP6 ::ffff:10.1.2.3 ::1 1 25\r\n', '10.1.2.3', 1],
  ])('%j', (text, address, port) => {
    const bytes = Buffer.from(`${text}EHLO`);
    expect(parseProxyHeader(bytes)).toEqual({ kind: 'done', client: { address, port }, length: text.length });
    for (let cut = 0; cut < text.length; cut++)
      expect(parseProxyHeader(bytes.subarray(0, cut)), `cut at ${cut}`).toEqual({ kind: 'more' });
  });

  test.each(['PROXY UNKNOWN\r\n', 'PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n'])('%j', (text) => {
    expect(parseProxyHeader(Buffer.from(text))).toEqual({ kind: 'done', client: undefined, length: text.length });
  });

  test.each([
    ['EHLO client.contoso.com\r\n', 'no PROXY signature'],
    ['PROXYTCP4 10.1.2.3 10.0.0.1 1 2\r\n', 'no PROXY signature'],
    ['proxy TCP4 10.1.2.3 10.0.0.1 1 2\r\n', 'no PROXY signature'],
    ['PROXY TCP5 10.1.2.3 10.0.0.1 1 2\r\n', 'malformed line'],
    ['PROXY TCP4 10.1.2.3 10.0.0.1 1\r\n', 'malformed line'],
    ['PROXY TCP4 10.1.2.3 10.0.0.1 01 2\r\n', 'malformed line'],
    ['PROXY TCP4 10.1.2.3 10.0.0.1 1 2 \r\n', 'malformed line'],
    ['PROXY TCP4 10.1.2.3  10.0.0.1 1 2\r\n', 'malformed line'],
    ['PROXY TCP4 10.1.2.3 10.0.0.1 1 2\n\r\n', 'malformed line'],
    ['PROXY TCP4 10.1.2.300 10.0.0.1 1 2\r\n', 'address that is none of its family'],
    ['PROXY TCP4 2001:db8::1 10.0.0.1 1 2\r\n', 'address that is none of its family'],
    ['PROXY TCP6 10.1.2.3 10.0.0.1 1 2\r\n', 'address that is none of its family'],
    ['PROXY TCP4 10.1.2.3 10.0.0.1 65536 2\r\n', 'port out of range'],
    [`PROXY TCP4 ${'1'.repeat(200)}`, 'line too long'],
    [`PROXY UNKNOWN ${'1'.repeat(200)}\r\n`, 'line too long'],
  ])('%j: %s', (text, reason) => {
    expect(parseProxyHeader(Buffer.from(text))).toEqual({ kind: 'bad', reason });
  });
});

describe('version 2', () => {
  test.each([
    ['TCP over IPv4', four, '10.1.2.3', 12345],
    ['TCP over IPv4 with TLVs', v2('21 11 0013 0a010203 0a0000fe 3039 0019 04 0004 00000000'), '10.1.2.3', 12345],
    ['TCP over IPv6', v2(`21 21 0024 20010db8${'00'.repeat(11)}01 ${'00'.repeat(16)} 3039 0019`), '2001:db8::1', 12345],
    ['mapped IPv4', v2(`21 21 0024 ${'00'.repeat(10)}ffff0a010203 ${'00'.repeat(16)} 3039 0019`), '10.1.2.3', 12345],
  ])('%s', (_name, bytes, address, port) => {
    const client = { address, port };
    expect(parseProxyHeader(Buffer.concat([bytes, Buffer.from('EHLO')]))).toEqual({
      kind: 'done',
      client,
      length: bytes.length,
    });
    for (let cut = 0; cut < bytes.length; cut++)
      expect(parseProxyHeader(bytes.subarray(0, cut)), `cut at ${cut}`).toEqual({ kind: 'more' });
  });

  test.each([
    ['LOCAL', v2('20 00 0000')],
    ['LOCAL with addresses', v2('20 11 000c 0a010203 0a0000fe 3039 0019')],
    ['PROXY of an unspecified family', v2('21 00 0000')],
  ])('%s is the front end itself', (_name, bytes) => {
    expect(parseProxyHeader(bytes)).toEqual({ kind: 'done', client: undefined, length: bytes.length });
  });

  test.each([
    ['another signature', Buffer.from('\r\n\r\nEHLO'), 'no PROXY signature'],
    ['version 3', v2('31 11 000c'), 'version 3'],
    ['command 2', v2('22 11 000c'), 'command 2'],
    ['UDP', v2('21 12 000c 0a010203 0a0000fe 3039 0019'), 'not a TCP connection'],
    ['a Unix socket', v2(`21 31 00d8 ${'00'.repeat(216)}`), 'address family that is not IP'],
    ['addresses cut short', v2('21 11 0008 0a010203 0a0000fe'), 'addresses cut short'],
    ['a giant header', v2('21 11 ffff'), 'header of 65535 bytes'],
  ])('%s', (_name, bytes, reason) => {
    expect(parseProxyHeader(bytes)).toEqual({ kind: 'bad', reason });
  });
});

test('reads back every IPv4 client in both versions, and takes any bytes without failing', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 0xffffffffn }), fc.nat(65535), (value, port) => {
      const address = addressText(4, value);
      const one = parseProxyHeader(Buffer.from(`PROXY TCP4 ${address} 10.0.0.1 ${port} 25\r\n`));
      const hex = (n: number | bigint, digits: number) => n.toString(16).padStart(digits, '0');
      const two = parseProxyHeader(v2(`2111000c${hex(value, 8)}0a000001${hex(port, 4)}0019`));
      expect([one, two]).toMatchObject([{ client: { address, port } }, { client: { address, port } }]);
    }),
  );
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom('', 'PROXY TCP4 ', `hex${SIGNATURE}`),
      (bytes, head) => {
        const start = head.startsWith('hex') ? Buffer.from(head.slice(3), 'hex') : Buffer.from(head);
        const header = parseProxyHeader(Buffer.concat([start, bytes]));
        if (header.kind === 'done') expect(header.length).toBeLessThanOrEqual(start.length + bytes.length);
      },
    ),
    { numRuns: 2000 },
  );
});

describe('a trusted front end', () => {
  let world: World;
  let port: number;
  beforeEach(async () => {
    world = new World();
    port = await freePort();
    world.define({
      All: { Bindings: [`127.0.0.1:${port}`], MaxInboundConnectionPerSource: 2 },
      Net: { Bindings: [`127.0.0.1:${port}`], RemoteIPRanges: ['10.1.0.0/16'] },
    });
    const transaction = world.store.begin();
    transaction.change((draft) => {
      draft.document = { ...draft.document, transport: { ProxyProtocolTrustedSources: ['127.0.0.5', '127.0.1.0/24'] } };
    });
    transaction.commit({ user: 'test', command: 'test' });
    await world.listen({ proxyTimeoutMs: 150 });
  });
  afterEach(() => world.end());

  const proxied = async (header: string | Buffer, localAddress = '127.0.0.5') => {
    const client = Client.to(port, { localAddress });
    world.clients.push(client);
    client.socket.write(header);
    await until(() => client.lines.length > 0 || client.closed);
    return client;
  };

  test('the client it speaks for is selected and counted, and what follows the header is not lost', async () => {
    const first = await proxied('PROXY TCP4 10.1.2.3 10.0.0.1 4000 25\r\nNOOP\r\n');
    expect(first.lines[0]).toBe('220 Net 10.1.2.3');
    expect(await first.line(1)).toBe('250 NOOP');
    expect((await proxied(four, '127.0.1.9')).lines[0]).toBe('220 Net 10.1.2.3');
    expect(world.listener.connectors.find((s) => s.now.Name === 'Net')!.sources).toEqual(new Map([['10.1.2.3', 2]]));
    expect(world.listener.sessions[0]!.peer).toMatchObject({
      remoteAddress: '10.1.2.3',
      remotePort: 4000,
      localPort: port,
    });

    for (const n of [1, 2])
      expect((await proxied('PROXY TCP4 10.9.9.9 10.0.0.1 1 25\r\n')).lines[0], `${n}`).toBe('220 All 10.9.9.9');
    const third = await proxied('PROXY TCP4 10.9.9.9 10.0.0.1 1 25\r\n');
    expect(third.lines[0]).toMatch(/^421 4\.3\.2 The maximum number of concurrent/);
    expect(world.events.of(1021)[0]!.data).toMatchObject({ address: '10.9.9.9', connector: 'All' });
  });

  test('of IPv6 a /64 is one source, in the limit, the event, the sources and why; set live to addresses; link-local has no limit', async () => {
    const six = async (address: string) => (await proxied(`PROXY TCP6 ${address} 2001:db8::1 4000 25\r\n`)).lines[0];
    expect(await six('2001:db8:1:2::a')).toMatch(/^220 /);
    expect(await six('2001:db8:1:2:ffff::b')).toMatch(/^220 /);
    expect(await six('2001:db8:1:2::c')).toMatch(/^421 4\.3\.2 /);
    expect(await six('2001:db8:1:3::c')).toMatch(/^220 /);
    const slot = world.listener.connectors.find((s) => s.now.Name === 'All')!;
    expect([...slot.sources]).toEqual([
      ['2001:db8:1:2::/64', 2],
      ['2001:db8:1:3::/64', 1],
    ]);
    expect(world.events.of(1021)[0]!.data).toMatchObject({ address: '2001:db8:1:2::c' });
    const limit = slot.refusedBy.get('MaxInboundConnectionPerSource')!;
    expect([...world.listener.gate.refusals.of(limit)]).toMatchObject([{ source: '2001:db8:1:2::/64', minute: 1 }]);
    await world.applied(world.set('All', { MaxInboundConnectionSourcePrefix: '32,128' }));
    expect(await six('2001:db8:1:2::c')).toMatch(/^220 /);
    for (const n of [1, 2, 3]) expect(await six('fe80::1'), `link-local ${n}`).toMatch(/^220 /);
    await world.applied(world.set('All', { MaxInboundConnectionSourcePrefix: '24,64' }));
    for (const n of [1, 2])
      expect((await proxied(`PROXY TCP4 10.7.7.${n} 10.0.0.1 1 25\r\n`)).lines[0]).toMatch(/^220 /);
    expect((await proxied('PROXY TCP4 10.7.7.3 10.0.0.1 1 25\r\n')).lines[0]).toMatch(/^421 /);
    for (const client of world.clients) client.socket.destroy();
    await until(() => slot.open === 0 && slot.sources.size === 0);
  });

  test('in small pieces', async () => {
    const client = Client.to(port, { localAddress: '127.0.0.5', noDelay: true });
    world.clients.push(client);
    for (const byte of 'PROXY TCP4 10.1.2.3 10.0.0.1 4000 25\r\nNOOP\r\n') {
      client.socket.write(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await client.line(0)).toBe('220 Net 10.1.2.3');
    expect(await client.line(1)).toBe('250 NOOP');
  });

  test.each(['PROXY UNKNOWN\r\n', v2('20 00 0000')])('its own health check %j counts as itself', async (header) => {
    expect((await proxied(header)).lines[0]).toBe('220 All 127.0.0.5');
  });

  test.each([
    ['malformed', 'PROXY TCP4 nonsense\r\n', 'malformed line'],
    ['no header at all', 'EHLO front.contoso.com\r\n', 'no PROXY signature'],
    ['silence', '', 'no header within 0.15 s'],
  ])('%s: closed without a greeting, and told', async (_name, header, reason) => {
    const client = await proxied(header);
    await until(() => client.closed);
    expect(client.lines).toEqual([]);
    expect(world.events.messages(17022)).toEqual([
      `The front end '127.0.0.5' sent 127.0.0.1:${port} no valid PROXY header (${reason}); the connection was closed.`,
    ]);
    expect(world.listener.connectors.every((s) => s.open === 0)).toBe(true);
  });

  test('from anybody else the header is only bad SMTP', async () => {
    const client = await proxied('PROXY TCP4 10.1.2.3 10.0.0.1 4000 25\r\n', '127.0.0.6');
    expect(client.lines[0]).toBe('220 All 127.0.0.6');
    expect(await client.line(1)).toBe('250 PROXY TCP4 10.1.2.3 10.0.0.1 4000 25');
  });

  test('trust given and taken acts on the next connection', async () => {
    const transaction = world.store.begin();
    transaction.change((draft) => {
      draft.document = { ...draft.document, transport: {} };
    });
    await world.applied(transaction.commit({ user: 'test', command: 'test' }).generation);
    expect((await proxied('NOOP\r\n')).lines[0]).toBe('220 All 127.0.0.5');
  });
});
