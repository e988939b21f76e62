/** Events told to others: what a web hook, a program and a syslog server get, and what happens when they do not take it. */
import { createHmac } from 'node:crypto';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { selectsEvent } from '../../src/domain/event-selector.ts';
import type { ListenerEvent } from '../../src/listener/contracts/event-log.ts';
import { EventAnnouncer } from '../../src/listener/records/announce/announcer.ts';
import { outbox } from '../../src/listener/records/announce/outbox.ts';
import { sendSyslog, syslogLine } from '../../src/listener/records/announce/syslog.ts';
import { Events } from '../listener/harness.ts';
import { tempFolder } from '../support/temp-home.ts';

const REFUSED: ListenerEvent = {
  id: 1021,
  level: 'Warning',
  message: "Receive connector 'A\u202e|=' rejected an incoming connection.",
  data: { connector: 'A\u202e|=', address: '10.1.2.3', limit: 20 },
};
const STARTED: ListenerEvent = { id: 17000, level: 'Information', message: 'Listener started.' };

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function announcerWith(transport: Record<string, unknown>) {
  const log = new Events();
  const live = { generation: 1, name: 'EX01', fqdn: '', acceptedDomains: [], users: [], transport };
  const announcer = new EventAnnouncer({
    log,
    server: () => live,
    version: '1.2.3',
    clock: () => new Date('2026-11-28T10:00:00.250Z'),
    pauseMs: 1,
  });
  closing.push(() => announcer.close());
  return {
    announcer,
    log,
    set: (next: Record<string, unknown>) => {
      live.transport = next;
    },
  };
}

interface Got {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

async function hook(answer: (n: number, response: ServerResponse) => void) {
  const got: Got[] = [];
  const server: Server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text) => {
      body += text;
    });
    request.on('end', () => {
      got.push({ headers: request.headers, body });
      answer(got.length, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/rc` };
}

const ok = (_n: number, response: ServerResponse) => response.end();

describe('a web hook', () => {
  test('gets what is a warning or an error, signed, with nothing hidden in it', async () => {
    const { got, url } = await hook(ok);
    const secret = join(tempFolder('announce'), 'secret');
    writeFileSync(secret, 'very secret\n', { mode: 0o600 });
    const { announcer } = announcerWith({ EventWebhook: url, EventWebhookSecretFile: secret });
    announcer.write(STARTED);
    announcer.write(REFUSED);
    await vi.waitFor(() => expect(got).toHaveLength(1));
    const [{ headers, body }] = got as [Got];
    expect(JSON.parse(body)).toEqual({
      delivery: headers['x-rc-delivery'],
      time: '2026-11-28T10:00:00.250Z',
      id: 1021,
      level: 'Warning',
      message: "Receive connector 'A\\u{202e}|=' rejected an incoming connection.",
      data: { connector: 'A\\u{202e}|=', address: '10.1.2.3', limit: 20 },
      server: 'EX01',
      version: '1.2.3',
    });
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-rc-event': '1021' });
    const signed = createHmac('sha256', 'very secret').update(`${headers['x-rc-timestamp']}.${body}`).digest('hex');
    expect(headers['x-rc-signature']).toBe(`sha256=${signed}`);
  });

  test('that fails is tried again with the same delivery, in order, and it is told once', async () => {
    const { got, url } = await hook((n, response) => {
      response.statusCode = n <= 2 ? 503 : 204;
      response.end();
    });
    const { announcer, log } = announcerWith({ EventWebhook: url, EventFilter: ['1021', '17000'] });
    announcer.write(REFUSED);
    announcer.write(STARTED);
    await vi.waitFor(() => expect(got).toHaveLength(4));
    expect(got.map(({ headers }) => headers['x-rc-event'])).toEqual(['1021', '1021', '1021', '17000']);
    expect(new Set(got.slice(0, 3).map(({ headers }) => headers['x-rc-delivery'])).size).toBe(1);
    await vi.waitFor(() => expect(log.of(17081)).toHaveLength(1));
    expect(log.of(17080).map(({ message }) => message)).toEqual([
      `Events cannot be told to EventWebhook ${url}: it answered 503. They are kept and tried again.`,
    ]);
    expect(got.some(({ headers }) => headers['x-rc-event'] === '17080')).toBe(false);
  });

  test('is never followed elsewhere', async () => {
    const other = await hook(ok);
    const { url } = await hook((_n, response) => response.writeHead(307, { location: other.url }).end());
    const { announcer, log } = announcerWith({ EventWebhook: url });
    announcer.write(REFUSED);
    await vi.waitFor(() => expect(log.of(17080)[0]?.message).toContain('it answered 307'));
    expect(other.got).toEqual([]);
  });

  test('with a secret that others can read gets nothing', async () => {
    const { got, url } = await hook(ok);
    const secret = join(tempFolder('announce'), 'secret');
    writeFileSync(secret, 'very secret\n');
    chmodSync(secret, 0o644);
    const { announcer, log } = announcerWith({ EventWebhook: url, EventWebhookSecretFile: secret });
    announcer.write(REFUSED);
    await vi.waitFor(() => expect(log.of(17080)[0]?.message).toContain('can be read by others'));
    expect(got).toEqual([]);
  });

  test('a change acts on the next event: elsewhere, and then nowhere', async () => {
    const [first, second] = [await hook(ok), await hook(ok)];
    const { announcer, set } = announcerWith({ EventWebhook: first.url });
    announcer.write(REFUSED);
    await vi.waitFor(() => expect(first.got).toHaveLength(1));
    set({ EventWebhook: second.url });
    announcer.write(REFUSED);
    await vi.waitFor(() => expect(second.got).toHaveLength(1));
    set({});
    announcer.write(REFUSED);
    await announcer.close();
    expect([first.got.length, second.got.length]).toEqual([1, 1]);
  });
});

test('a program gets the event on its input, with id and level in its environment', async () => {
  const folder = tempFolder('announce');
  const program = join(folder, 'told');
  writeFileSync(
    program,
    `#!/bin/sh\ncat > ${folder}/in\necho "$RC_EVENT_ID $RC_EVENT_LEVEL $# $SECRET" > ${folder}/env\n`,
  );
  chmodSync(program, 0o755);
  vi.stubEnv('SECRET', 'of the listener');
  const { announcer } = announcerWith({ EventCommand: program });
  announcer.write(REFUSED);
  await vi.waitFor(() =>
    expect(existsSync(join(folder, 'env')) && readFileSync(join(folder, 'env'), 'utf8')).toBe('1021 Warning 0 \n'),
  );
  vi.unstubAllEnvs();
  expect(JSON.parse(readFileSync(join(folder, 'in'), 'utf8'))).toMatchObject({ id: 1021, data: { limit: 20 } });
});

test.each([
  ['/nonexistent/program', /ENOENT/],
  ['/bin/false', /it ended with 1/],
])('a program that cannot do it: %s', async (program, why) => {
  const { announcer, log } = announcerWith({ EventCommand: program });
  announcer.write(REFUSED);
  await vi.waitFor(() => expect(log.of(17080)[0]?.message).toMatch(why));
});

describe('syslog', () => {
  test('over UDP, a line each', async () => {
    const got: string[] = [];
    const socket: UdpSocket = createSocket('udp4', (bytes) => got.push(bytes.toString()));
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    closing.push(() => socket.close());
    const { announcer } = announcerWith({ EventSyslog: `udp://127.0.0.1:${socket.address().port}` });
    announcer.write(REFUSED);
    await vi.waitFor(() => expect(got).toHaveLength(1));
    expect(got[0]).toBe(
      `<20>1 2026-11-28T10:00:00.250Z EX01 receive-connector ${process.pid} 1021 - \ufeffReceive connector 'A\\u{202e}|=' rejected an incoming connection.`,
    );
  });

  test('over TCP, each with its length, as CEF', async () => {
    let got = '';
    const server = createTcpServer((socket) =>
      socket.setEncoding('utf8').on('data', (text) => {
        got += text;
      }),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    const { announcer } = announcerWith({ EventSyslog: `tcp://127.0.0.1:${port}`, EventSyslogFormat: 'Cef' });
    announcer.write(REFUSED);
    announcer.write(REFUSED);
    await vi.waitFor(() => expect(got.match(/CEF:0/g)).toHaveLength(2));
    const [, length, rest] = /^(\d+) ([\s\S]*)$/.exec(got)!;
    const line = Buffer.from(rest!).subarray(0, Number(length)).toString();
    expect(line).toMatch(
      /CEF:0\|receive-connector\|receive-connector\|1\.2\.3\|1021\|Receive connector 'A\\\\u\{202e\}\\\|='/,
    );
    expect(line).toMatch(/\|5\|msg=.* rcConnector=A\\\\u\{202e\}\|\\= src=10\.1\.2\.3 rcLimit=20$/);
  });

  test('over TCP, a server that talks and never closes holds nobody up', async () => {
    const server = createTcpServer((socket) => {
      const timer = setInterval(() => socket.write('x'), 5);
      socket.on('error', () => {}).on('close', () => clearInterval(timer));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    const place = { protocol: 'tcp', host: '127.0.0.1', port: (server.address() as AddressInfo).port } as const;
    await expect(sendSyslog(place, 'a line', new AbortController().signal, 100)).rejects.toThrow(
      'no answer within 0.1 s',
    );
  });

  test('no event makes two lines of one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (message, value) => {
        const event = {
          delivery: 'x',
          time: '',
          id: 1,
          level: 'Error',
          message,
          data: { value },
          server: value,
          version: '1',
        } as const;
        for (const form of ['Text', 'Cef'] as const) expect(syslogLine(event, form)).not.toMatch(/[\r\n]/);
      }),
    );
  });
});

describe('which events', () => {
  test.each([
    [[], 1021, 'Warning', true],
    [[], 17000, 'Information', false],
    [['17000-17099'], 17099, 'Information', true],
    [['17000-17099'], 17100, 'Error', false],
    [['1021', 'Error'], 17100, 'Error', true],
    [['1021', 'Error'], 17020, 'Warning', false],
  ] as const)('%j: %i %s', (filter, id, level, told) => {
    expect(selectsEvent(filter, id, level)).toBe(told);
  });
});

describe('what waits', () => {
  test('is bounded: the oldest are given up, and counted when it goes on', async () => {
    let failing = true;
    const sent: number[] = [];
    const recovered: number[] = [];
    const box = outbox<number>({
      send: async (n) => {
        if (failing) throw new Error('away');
        sent.push(n);
      },
      failed: () => {},
      recovered: (n) => recovered.push(n),
      most: 3,
      pauseMs: 1,
      longestPauseMs: 1,
      tries: Number.POSITIVE_INFINITY,
    });
    for (let n = 1; n <= 5; n++) box.put(n);
    failing = false;
    await vi.waitFor(() => expect(sent).toEqual([3, 4, 5]));
    expect(recovered).toEqual([2]);
    await box.close(1000);
  });

  test('at the end each is tried once more and no longer', async () => {
    const tried: number[] = [];
    const box = outbox<number>({
      send: async (n) => {
        tried.push(n);
        throw new Error('away');
      },
      failed: () => {},
      recovered: () => {},
      pauseMs: 3_600_000,
      longestPauseMs: 3_600_000,
    });
    box.put(1);
    box.put(2);
    await vi.waitFor(() => expect(tried).toEqual([1]));
    await box.close(10_000);
    expect(tried).toEqual([1, 1, 2]);
  });
});
