/** The library as a test of somebody else's uses it: a listener of its own, settings that act at once, messages as they came. */
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ListenerError, startListener } from '../../src/library/library.ts';
import type { RunningListener, StartOptions } from '../../src/library/library-types.ts';
import { freePort } from '../support/free-port.ts';
import { ROOT, run } from '../support/rc.ts';
import { tempFolder } from '../support/temp-home.ts';

const running: RunningListener[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(running.splice(0).map((one) => one.stop()));
});

async function start(options?: StartOptions): Promise<RunningListener> {
  const listener = await startListener(options);
  running.push(listener);
  return listener;
}

/** Says each line when the one before it is answered; the replies, one a line. */
function talk(port: number, lines: readonly string[]): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    const replies: string[] = [];
    let buffered = '';
    let next = 0;
    socket.on('data', (text) => {
      buffered += text;
      for (let end = buffered.indexOf('\r\n'); end >= 0; end = buffered.indexOf('\r\n')) {
        const line = buffered.slice(0, end);
        buffered = buffered.slice(end + 2);
        replies.push(line);
        if (line[3] !== '-' && next < lines.length) socket.write(`${lines[next++]}\r\n`);
      }
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(replies));
  });
}

const mail = (subject: string, to = 'bob@contoso.test') => [
  'EHLO client.test',
  'MAIL FROM:<alice@fabrikam.test>',
  `RCPT TO:<${to}>`,
  'DATA',
  `From: Alice <alice@fabrikam.test>\r\nTo: ${to}\r\nSubject: ${subject}\r\n\r\nHello\r\n.`,
  'QUIT',
];

/** A connection that is greeted and stays open until the listener ends. */
function held(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    connect(port, '127.0.0.1')
      .once('data', () => resolve())
      .on('error', reject);
  });
}

describe('the story', () => {
  test('a limit is met, raised, and the next connection is served', async () => {
    const listener = await start();
    await listener.set('*', { MaxInboundConnectionPerSource: 2 });
    await Promise.all([held(listener.port), held(listener.port)]);
    expect(await talk(listener.port, [])).toEqual([
      '421 4.3.2 The maximum number of concurrent connections has exceeded a limit, closing transmission channel',
    ]);
    expect(listener.events(1021)).toMatchObject([{ level: 'Warning', data: { address: '127.0.0.1', limit: 2 } }]);
    expect(await listener.sessions()).toHaveLength(2);
    await listener.set('def*', { MaxInboundConnectionPerSource: 3 });
    expect((await talk(listener.port, ['QUIT']))[0]).toMatch(/^220 /);
    expect(await listener.get('Default')).toMatchObject({ MaxInboundConnectionPerSource: 3 });
  });

  test('mail comes as it was sent, is found, and is cleared', async () => {
    const listener = await start();
    const waiting = listener.waitForMessage({ subject: /^second/, to: 'CAROL@' });
    await talk(listener.port, mail('first'));
    await talk(listener.port, mail('second', 'carol@contoso.test'));
    expect(await waiting).toMatchObject({
      subject: 'second',
      text: 'Hello\n',
      from: { name: 'Alice', address: 'alice@fabrikam.test' },
      envelope: { from: 'alice@fabrikam.test', to: ['carol@contoso.test'] },
    });
    expect((await listener.messages()).map(({ subject }) => subject)).toEqual(['first', 'second']);
    expect(await listener.messages((message) => message.size === 0)).toEqual([]);
    await listener.clear();
    expect([await listener.messages(), listener.events()]).toEqual([[], []]);
    await talk(listener.port, mail('third'));
    expect(await listener.messages({ text: 'hello' })).toHaveLength(1);
  });

  test('a wrong logon is told at once: a test waits for no tarpit', async () => {
    const listener = await start({
      users: { scanner: 'secret' },
      connectors: { Client: { AuthMechanism: 'Tls, BasicAuth', PermissionGroups: 'ExchangeUsers' } },
    });
    const plain = (password: string) => `AUTH PLAIN ${Buffer.from(`\0scanner\0${password}`).toString('base64')}`;
    const replies = await talk(listener.port, ['EHLO x', plain('wrong'), plain('secret'), 'QUIT']);
    expect(replies.slice(-3)).toEqual([
      '535 5.7.3 Authentication unsuccessful',
      '235 2.7.0 Authentication successful',
      '221 2.0.0 Service closing transmission channel',
    ]);
  });

  test('domains and delivery as they are asked for', async () => {
    const listener = await start({ acceptedDomains: ['contoso.test'], transport: { DeliveryMethod: 'Discard' } });
    const [, , refused] = (await talk(listener.port, mail('x', 'x@elsewhere.test')))
      .filter((line) => /^[25]\d\d /.test(line))
      .slice(1);
    expect(refused).toBe('550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain');
    await talk(listener.port, mail('gone'));
    expect(await listener.messages()).toEqual([]);
    await listener.setTransport({ DeliveryMethod: 'Maildir' });
    await talk(listener.port, mail('kept'));
    expect((await listener.waitForMessage()).subject).toBe('kept');
  });
});

describe('several', () => {
  test('at once, each with ports, messages and settings of its own', async () => {
    const all = await Promise.all([start(), start({ connectors: { A: {}, B: {} } }), start()]);
    expect(new Set(all.flatMap((one) => Object.values(one.ports))).size).toBe(4);
    expect(Object.keys(all[1]!.ports)).toEqual(['A', 'B']);
    await talk(all[0]!.port, mail('for the first'));
    expect((await all[0]!.messages()).length).toBe(1);
    expect((await all[2]!.messages()).length).toBe(0);
  });

  test('not on one home', async () => {
    const home = tempFolder();
    await start({ home });
    await expect(startListener({ home })).rejects.toThrow(/A listener already runs for/);
  });
});

describe('what is left behind', () => {
  test('of a folder of its own: nothing; of one that was given: all, and it goes on from it', async () => {
    const own = tempFolder('tmp'); // others' tests make folders in the machine's
    vi.stubEnv('TMPDIR', own);
    const listener = await startListener();
    await talk(listener.port, mail('x'));
    await listener.stop();
    await listener.stop();
    expect(existsSync(listener.home)).toBe(false);
    expect(readdirSync(own)).toEqual([]);

    const home = tempFolder();
    const first = await startListener({ home, connectors: { Mine: { MaxHopCount: 7 } } });
    await talk(first.port, mail('kept'));
    const { port } = first;
    await first.stop();
    const second = await start({ home });
    expect(second.port).toBe(port);
    expect(await second.get('Mine')).toMatchObject({ MaxHopCount: 7 });
    expect((await second.messages()).map(({ subject }) => subject)).toEqual(['kept']);
  });

  test('the port is free again, and clients that are still there are let go', async () => {
    const listener = await startListener();
    const { port } = listener;
    const gone = new Promise((resolve) => connect(port, '127.0.0.1').on('close', resolve).resume());
    await held(port);
    await listener.stop();
    await gone;
    const server = createServer();
    await new Promise<void>((resolve, reject) => server.listen(port, '127.0.0.1', resolve).on('error', reject));
    server.close();
  });

  test('after stop it says so', async () => {
    const listener = await startListener();
    await listener.stop();
    for (const ask of [
      () => listener.messages(),
      () => listener.set('*', {}),
      () => listener.waitForMessage(),
      () => listener.sessions(),
    ])
      await expect(ask()).rejects.toThrow('The listener was stopped');
  });

  test('after stop it knows its ports, and asking makes nothing anew', async () => {
    const listener = await startListener();
    const { port, ports, url } = listener;
    await listener.stop();
    expect([listener.port, listener.ports, listener.url]).toEqual([port, ports, url]);
    expect(existsSync(listener.home)).toBe(false);
  });
});

describe('what cannot be', () => {
  test.each([
    [
      { connectors: { A: { MaxHopCount: 0 } } },
      /MaxHopCount: "?0"? is out of range; allowed: a whole number from 1 to 500/,
    ],
    [{ connectors: { A: { MaxHopcont: 5 } as never } }, /no parameter --MaxHopcont. Did you mean --max-hop-count\?/],
    [{ connectors: { A: { Bindings: '127.0.0.1:99999' } } }, /Bindings: .*allowed/],
    [{ users: { '': 'x' } }, /Name: "" is empty/],
    [{ transport: { DeliveryMethod: 'Relay' } }, /Relay needs the next host/],
    [{ acceptedDomains: ['a b'] }, /domain/],
    [{ acceptedDomains: 'contoso.test' as never }, /acceptedDomains is "contoso.test"; allowed: a list/],
    [{ conectors: {} } as never, /no option "conectors"; did you mean connectors\? It has connectors, port/],
    [{ nope: 1 } as never, /no option "nope"; it has/],
    [null as never, /is given has to be an object, not/],
    [5 as never, /is given has to be an object, not/],
    [{ connectors: {} }, /has no connector; leave it out/],
    [{ connectors: { A: null as never } }, /connector "A" has to be an object, not null/],
    [{ connectors: ['A'] as never }, /connectors has to be an object/],
    [{ port: 70_000 }, /port is "?70000"?; allowed: 1 to 65535/],
    [{ port: 'x' as never }, /port is "x"; allowed/],
    [{ host: '999.1.1.1' }, /host is "999.1.1.1"; allowed: an address/],
    [{ host: 'localhost' }, /host is "localhost"; allowed: an address/],
    [{ home: '' }, /home is ""; allowed: the path/],
  ])('%j is refused, and nothing is left', async (options, why) => {
    const own = tempFolder('tmp'); // others' tests make folders in the machine's
    vi.stubEnv('TMPDIR', own);
    await expect(startListener(options)).rejects.toThrow(why);
    await expect(startListener(options)).rejects.toBeInstanceOf(ListenerError);
    expect(readdirSync(own)).toEqual([]);
  });

  test('a port that is taken', async () => {
    const port = await freePort();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    await expect(startListener({ port })).rejects.toThrow(`port ${port} is in use`);
    server.close();
  });

  test('a wrong change changes nothing', async () => {
    const listener = await start();
    await expect(listener.set('*', { MaxInboundConnectionPerSource: 0 })).rejects.toThrow(/out of range/);
    await expect(listener.set('Nobody', { MaxHopCount: 5 })).rejects.toThrow(/'Nobody' couldn't be found/);
    await expect(listener.set('[', { MaxHopCount: 5 })).rejects.toBeInstanceOf(ListenerError);
    await expect(listener.messages({ sbject: 'x' } as never)).rejects.toThrow('A filter has no "sbject"');
    expect(await listener.get('Default')).toMatchObject({ MaxInboundConnectionPerSource: 20 });
  });

  test.each([-1, Number.NaN, '10s' as never, null as never])('a timeout that is none: %j', async (timeout) => {
    const listener = await start();
    await expect(listener.waitForMessage({}, timeout)).rejects.toThrow(/timeout is .*; allowed: milliseconds/);
  });

  test('a message that does not come: it says which did', async () => {
    const listener = await start();
    await talk(listener.port, mail('another'));
    await expect(listener.waitForMessage({ subject: 'mine' }, 1)).rejects.toThrow(
      /There are:\n {2}"another" to bob@contoso.test/,
    );
  });
});

describe('as a package', () => {
  const folder = () => {
    const at = tempFolder('consumer');
    mkdirSync(join(at, 'node_modules'));
    symlinkSync(ROOT, join(at, 'node_modules/receive-connector'));
    return at;
  };

  test.each([
    ['import', 'mjs', "import { startListener } from 'receive-connector'; const l = await startListener();"],
    ['require', 'cjs', "const { startListener } = require('receive-connector'); startListener().then(async (l) => {"],
  ])('by %s, and the process ends by itself', async (how, suffix, head) => {
    const at = folder();
    const tail = how === 'require' ? ' });' : '';
    writeFileSync(join(at, `a.${suffix}`), `${head} console.log(l.url); await l.stop();${tail}`);
    const ran = await run(process.execPath, [`a.${suffix}`], { cwd: at });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(ran.stdout).toMatch(/^smtp:\/\/127\.0\.0\.1:\d+\n$/);
  });

  test('with types: settings are known by name, a mistake does not compile', async () => {
    const at = folder();
    writeFileSync(
      join(at, 'a.mts'),
      `import { type Message, startListener } from 'receive-connector';
       await using listener = await startListener({ connectors: { A: { MaxHopCount: 5, RequireTLS: true } } });
       const message: Message = await listener.waitForMessage({ to: /x/ }, 10);
       await listener.set('A', { MaxInboundConnectionPerSource: 'Unlimited' });
       // @ts-expect-error
       await listener.set('A', { MaxHopcount: 5 });
       console.log(message.subject.length);`,
    );
    const options = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2022',
      '--lib',
      'es2023,esnext.disposable',
    ];
    const types = ['--typeRoots', join(ROOT, 'node_modules/@types'), '--types', 'node'];
    const ran = await run(
      process.execPath,
      [join(ROOT, 'node_modules/typescript/bin/tsc'), ...options, ...types, 'a.mts'],
      { cwd: at },
    );
    expect(ran.stdout).toBe('');
  });
});

describe('faults on purpose', () => {
  const lines = ['EHLO test', 'MAIL FROM:<a@contoso.com>', 'QUIT'];
  const mail = async (port: number) => (await talk(port, lines)).at(-2);

  test('set, added, read and cleared; each acts when it has settled', async () => {
    const listener = await start({ connectors: { First: {}, Second: {} } });
    await listener.faults.set('mail 451 4.3.0 "Not now"');
    expect(await mail(listener.port)).toBe('451 4.3.0 Not now');
    expect(await mail(listener.ports.Second!)).toBe('451 4.3.0 Not now');
    await listener.faults.clear('First');
    expect(await mail(listener.port)).toMatch(/^250 /);
    await listener.faults.add(['rcpt drop first 1', 'data delay 1s'], 'Second');
    expect(await listener.faults.get()).toEqual({
      First: [],
      Second: ['mail 451 4.3.0 "Not now"', 'rcpt drop first 1', 'data delay 1s'],
    });
  });

  test('a rule that cannot be is told with what is allowed, and changes nothing', async () => {
    const listener = await start();
    await listener.faults.set('mail 451 4.3.0');
    await expect(listener.faults.set('mail sometimes')).rejects.toThrow(/"sometimes".*allowed: STAGE WHAT/s);
    await expect(listener.faults.set([], 'Nobody')).rejects.toThrow(ListenerError);
    expect(await listener.faults.get()).toEqual({ Default: ['mail 451 4.3.0'] });
    await listener.stop();
    await expect(listener.faults.get()).rejects.toThrow(/was stopped/);
  });
});
