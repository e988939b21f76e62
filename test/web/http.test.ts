/** Who gets what from the page's server: the way in, other sites, bad requests, and nothing without a session. */
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openToken } from '../../src/listener/http/token.ts';
import { ASSETS } from '../../src/listener/web/assets.ts';
import { WebSessions } from '../../src/listener/web/sessions.ts';
import { tempFolder } from '../support/temp-home.ts';
import { until } from '../support/until.ts';
import { PageStage } from './page-stage.ts';

let stage: PageStage;
beforeAll(async () => {
  stage = await PageStage.open();
});
afterAll(() => stage.close());

const PRIVATE = ['/live', '/connector?guid=x', '/history', '/temporary', '/users', '/domains', '/findings', '/choices'];

describe('files', () => {
  test('anybody gets them, each with the headers that keep other sites out', async () => {
    for (const [path, { type }] of ASSETS) {
      const { status, headers, text } = await stage.ask(path);
      expect([path, status, headers['content-type']]).toEqual([path, 200, type]);
      expect(text.length).toBeGreaterThan(20);
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'cross-origin-resource-policy': 'same-origin',
      });
      const policy = String(headers['content-security-policy']).split('; ');
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy.join()).not.toContain('unsafe');
    }
  });

  test('none asks for anything from elsewhere, and the page has nothing inline', () => {
    for (const [path, { text }] of ASSETS) {
      const addresses = [...text.matchAll(/\b(?:https?:)?\/\/[a-z][\w.-]+/g)].map(([found]) => found);
      expect(addresses.filter((found) => found !== 'http://www.w3.org').map((found) => `${path} ${found}`)).toEqual([]);
    }
    const html = ASSETS.get('/')!.text;
    expect(html).not.toMatch(/<script>|<style| on\w+=| style=/);
    for (const [, file] of html.matchAll(/(?:src|href)="([^"]+)"/g)) expect(ASSETS.has(file!)).toBe(true);
  });

  test('every script comes with all it imports', () => {
    const scripts = [...ASSETS.values()].filter(({ type }) => type.startsWith('text/javascript'));
    expect(scripts).toHaveLength(2);
    for (const { text } of scripts) expect(text).not.toMatch(/(?:^|[;\n}])import\b|\bfrom\s*["']\.\//);
  });

  test('HEAD says what GET would', async () => {
    const { status, headers, text } = await stage.ask('/', { method: 'HEAD' });
    expect([status, text]).toEqual([200, '']);
    expect(Number(headers['content-length'])).toBeGreaterThan(500);
  });
});

describe('the way in', () => {
  test('without a session everything about the listener is closed', async () => {
    for (const path of PRIVATE) expect((await stage.ask(path)).status).toBe(401);
    for (const path of ['/change', '/undo', '/do', '/why'])
      expect((await stage.ask(path, { body: {} })).status).toBe(401);
    expect((await stage.ask('/session', { method: 'DELETE' })).status).toBe(401);
    expect(stage.ran).toEqual([]);
  });

  test('the token gives a cookie that scripts and other sites do not get, and a key', async () => {
    const { status, headers, text } = await stage.ask('/session', { body: { token: ` ${stage.page.token}\n` } });
    expect(status).toBe(200);
    expect(String(headers['set-cookie'])).toMatch(
      /^rc-\d+=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/,
    );
    expect(JSON.parse(text).key).toMatch(/^[\w-]{43}$/);
  });

  test('the cookie opens nothing without its own key, nor the key without the cookie', async () => {
    const [one, other] = [await stage.signIn(), await stage.signIn()];
    const asking = async (headers: Record<string, string>) => (await stage.ask('/history', { headers })).status;
    expect(await asking(one)).toBe(200);
    expect(await asking({ cookie: one.cookie })).toBe(401);
    expect(await asking({ 'x-rc-key': one['x-rc-key'] })).toBe(401);
    expect(await asking({ ...one, 'x-rc-key': other['x-rc-key'] })).toBe(401);
    expect(await asking({ ...one, cookie: `x=1; ${one.cookie}; y=2` })).toBe(200);
    expect(await asking({ ...one, cookie: `${one.cookie}x` })).toBe(401);
  });

  test('signing out ends the session and what it watches', async () => {
    const me = await stage.signIn();
    const watcher = stage.watch(me);
    await until('a first look', () => watcher.looks.length);
    expect((await stage.ask('/session', { method: 'DELETE', headers: me })).status).toBe(204);
    await until('the end of the stream', () => watcher.ended);
    expect((await stage.ask('/history', { headers: me })).status).toBe(401);
  });

  test('ten wrong tokens, and further wrong ones must wait; the right one never, and sessions that are there go on', async () => {
    const own = await PageStage.open();
    try {
      const me = await own.signIn();
      for (let i = 0; i < 10; i++) {
        const { status, text } = await own.ask('/session', { body: { token: 'x'.repeat(43) } });
        expect(status).toBe(403);
        expect(text).toContain('web.token');
        expect(text).not.toContain(own.home); // who has no token is not told where things are
      }
      const refused = await own.ask('/session', { body: { token: 'y'.repeat(43) } });
      expect(refused.status).toBe(429);
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(50);
      expect(own.events.of(17092)).toHaveLength(10);
      expect(JSON.stringify(own.events.all)).not.toContain(own.page.token);
      expect((await own.ask('/history', { headers: me })).status).toBe(200);
      expect((await own.ask('/history', { headers: await own.signIn() })).status).toBe(200);
      expect((await own.ask('/session', { body: { token: 'x'.repeat(43) } })).status).toBe(429);
    } finally {
      await own.close();
    }
  });

  test('sessions and the token outlive a restart; the disk has no secret of a session', async () => {
    const first = await PageStage.open();
    const me = await first.signIn();
    const { token } = first.page;
    await first.close();
    const kept = readFileSync(join(first.home, 'web.sessions'), 'utf8');
    expect(kept).not.toContain(me['x-rc-key']);
    expect(kept).not.toContain(me.cookie.slice(me.cookie.indexOf('=') + 1));
    for (const name of ['web.token', 'web.sessions']) expect(statSync(join(first.home, name)).mode & 0o777).toBe(0o600);

    const second = await PageStage.open({ home: first.home });
    expect(second.page.token).toBe(token);
    // Cookies carry the port in their name, and this page is on another one.
    const again = { ...me, cookie: me.cookie.replace(/^[^=]+/, `rc-${new URL(second.page.url).port}`) };
    expect((await second.ask('/history', { headers: again })).status).toBe(200);
    await second.close();

    rmSync(join(first.home, 'web.token'));
    const third = await PageStage.open({ home: first.home });
    expect(third.page.token).not.toBe(token);
    expect((await third.ask('/history', { headers: me })).status).toBe(401);
    await third.close();
  });

  test('a token file that cannot be one is refused, one that others may read is closed', () => {
    const folder = tempFolder('token');
    const path = join(folder, 'web.token');
    writeFileSync(path, 'short\n');
    expect(() => openToken(path, 'The token of the page')).toThrow(/does not hold a token/);
    writeFileSync(path, `${'a'.repeat(43)}\n`, { mode: 0o644 });
    expect(openToken(path, 'The token of the page')).toBe('a'.repeat(43));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    rmSync(path);
    symlinkSync('/etc/hostname', path);
    expect(() => openToken(path, 'The token of the page')).toThrow(/cannot be kept/);
  });
});

describe('a session is over', () => {
  const HOUR = 3_600_000;
  test.each([
    ['twelve hours after its last use', [11, 11, 12.1], [true, true, false]],
    ['a week after it began, used or not', Array(16).fill(11), [...Array(15).fill(true), false]],
  ])('%s', (_, pauses, found) => {
    let now = 0;
    const path = join(tempFolder('sessions'), 'web.sessions');
    const sessions = new WebSessions(path, 'token', () => now);
    const { cookie, key, session } = sessions.begin();
    const seen = pauses.map((hours) => {
      now += hours * HOUR;
      return sessions.find(cookie, key) !== undefined;
    });
    expect(seen).toEqual(found);
    expect([sessions.use(session.id), sessions.size, existsSync(path)]).toEqual([false, 0, false]);
  });

  test('when there are too many, the oldest goes', () => {
    const sessions = new WebSessions(join(tempFolder('sessions'), 'web.sessions'), 'token');
    const first = sessions.begin();
    const others = Array.from({ length: 64 }, () => sessions.begin());
    expect(sessions.size).toBe(64);
    expect(sessions.find(first.cookie, first.key)).toBeUndefined();
    expect(sessions.find(others[0]!.cookie, others[0]!.key)).toBeDefined();
  });

  test.each(['', '{', 'null', '{"token":1}', '{"token":"x","sessions":{}}', '{"token":"x","sessions":[null]}'])(
    'a file that says %s signs everybody out, and nothing breaks',
    (text) => {
      const path = join(tempFolder('sessions'), 'web.sessions');
      writeFileSync(path, text);
      expect(new WebSessions(path, 'token').size).toBe(0);
    },
  );
});

describe('other sites in the same browser', () => {
  test('a name that somebody points at us is none of ours', async () => {
    const hosts = ['evil.fabrikam.com', `evil.fabrikam.com:${stage.port}`, '127.0.0.1.fabrikam.com', 'a b', '[x]:1'];
    for (const host of hosts) {
      const { status } = await stage.ask('/', { headers: { host } });
      expect([host, status === 421 || status === 400]).toEqual([host, true]);
    }
    expect(await stage.raw('GET / HTTP/1.1\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 400/);
    expect(await stage.raw('GET / HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 421/);
    for (const host of [`127.0.0.1:${stage.port}`, 'localhost', 'LOCALHOST:9000', '[::1]:8025', '192.0.2.7:1'])
      expect([host, (await stage.ask('/', { headers: { host } })).status]).toEqual([host, 200]);
    expect((await stage.ask('/', { headers: { host: 'ex.contoso.com:8025' } })).status).toBe(200);
    stage.server = { ...stage.server, fqdn: 'mail.contoso.com' };
    const statuses = ['mail.contoso.com', 'ex.contoso.com'].map(
      async (host) => (await stage.ask('/', { headers: { host } })).status,
    );
    expect(await Promise.all(statuses)).toEqual([200, 421]);
    stage.server = { ...stage.server, fqdn: 'ex.contoso.com' };
  });

  test('their pages can ask nothing, with or without the cookie', async () => {
    const me = await stage.signIn();
    const host = `127.0.0.1:${stage.port}`;
    const theirs: Record<string, string>[] = [
      { origin: 'http://fabrikam.com' },
      { origin: 'null' },
      { origin: `https://${host}` },
      { origin: 'http://127.0.0.1:1' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ];
    for (const headers of theirs) {
      for (const path of PRIVATE)
        expect([headers, path, (await stage.ask(path, { headers: { ...me, ...headers } })).status]).toEqual([
          headers,
          path,
          403,
        ]);
      const { status } = await stage.ask('/session', { headers, body: { token: stage.page.token } });
      expect([headers, status]).toEqual([headers, 403]);
    }
    const ours = { ...me, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
    expect((await stage.ask('/history', { headers: ours })).status).toBe(200);
  });

  test('a form cannot post: only JSON is read', async () => {
    const me = await stage.signIn();
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])
      expect((await stage.ask('/change', { headers: { ...me, 'content-type': type }, body: '{}' })).status).toBe(415);
  });
});

describe('bad requests', () => {
  test('methods and addresses that are not there', async () => {
    const me = await stage.signIn();
    for (const [path, method, allow] of [
      ['/', 'POST', 'GET, HEAD'],
      ['/live', 'POST', 'GET'],
      ['/history', 'DELETE', 'GET'],
      ['/change', 'GET', 'POST'],
      ['/session', 'GET', 'POST, DELETE'],
      ['/session', 'PUT', 'POST, DELETE'],
    ] as const) {
      const { status, headers } = await stage.ask(path, { method, headers: me });
      expect([path, method, status, headers.allow]).toEqual([path, method, 405, allow]);
    }
    for (const path of ['/x', '/app.js/', '/../etc/passwd', '/%2e%2e/x', '/constructor', '/__proto__'])
      expect([path, (await stage.ask(path, { headers: me })).status]).toEqual([path, 404]);
    expect((await stage.ask('//fabrikam.com/x', { headers: me })).status).toBe(400);
  });

  test('bodies that are none', async () => {
    const me = await stage.signIn();
    const guid = stage.connectors[0]!.guid;
    const bodies: unknown[] = [
      '',
      '{',
      'null',
      '[]',
      '"x"',
      { guid: 'x', edits: {} },
      { guid, edits: {}, seen: {} },
      { guid, edits: [], seen: {} },
      { guid, edits: { NoSetting: '1' }, seen: {} },
      { guid, edits: { constructor: '1' }, seen: {} },
      { guid, edits: { MaxHopCount: 1 }, seen: {} },
      { guid, edits: { MaxHopCount: 'x'.repeat(20_001) }, seen: {} },
      { guid, edits: { Comment: 'a\0b' }, seen: {} },
      { guid, edits: { MaxHopCount: '1' } },
      `{"guid":"${guid}","edits":{"__proto__":"1"},"seen":{}}`,
    ];
    const before = stage.ran.length;
    for (const body of bodies)
      expect([body, (await stage.ask('/change', { headers: me, body })).status]).toEqual([body, 400]);
    for (const generation of [0, -1, 1.5, '1', null, 1e300, '; rm'])
      expect([generation, (await stage.ask('/undo', { headers: me, body: { generation } })).status]).toEqual([
        generation,
        400,
      ]);
    expect((await stage.ask('/change', { headers: me, body: 'x'.repeat(300_000) })).status).toBe(413);
    expect((await stage.ask('/session', { body: { token: 'x'.repeat(5000) } })).status).toBe(413);
    const gone = { guid: '99999999-0000-4000-8000-000000000000', edits: { MaxHopCount: '1' }, seen: {} };
    expect((await stage.ask('/change', { headers: me, body: gone })).status).toBe(404);
    expect((await stage.ask(`/connector?guid=${gone.guid}`, { headers: me })).status).toBe(404);
    expect(stage.ran.length).toBe(before);
  });

  test('a body that is cut off is no defect', async () => {
    const { hostname, port } = new URL(stage.page.url);
    const sent = connect(Number(port), hostname);
    sent.end(
      'POST /session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"',
    );
    sent.resume();
    await once(sent, 'close'); // it was answered, or hung up on
    expect((await stage.ask('/')).status).toBe(200);
    expect(stage.events.of(17017)).toEqual([]);
  });

  test('anything at all as a body is answered, and nothing breaks', async () => {
    const me = await stage.signIn();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('/change', '/undo', '/do', '/why', '/session'),
        fc.json(),
        async (path, body) => {
          const { status } = await stage.ask(path, { headers: me, body });
          expect([400, 403, 404, 429]).toContain(status);
        },
      ),
      { numRuns: 100 },
    );
    expect(stage.events.of(17017)).toEqual([]);
  });

  test('anything at all as a request is answered or hung up on, and nothing breaks', async () => {
    const line = fc.string({ maxLength: 200, unit: 'binary' });
    const request = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      line.map((text) => `${text}\r\n\r\n`),
      fc
        .tuple(
          fc.constantFrom('GET', 'POST', 'DELETE', 'TRACE', 'X'),
          fc.webPath(),
          fc.array(fc.tuple(line, line), { maxLength: 4 }),
        )
        .map(([method, path, headers]) =>
          [
            `${method} ${path || '/'} HTTP/1.1`,
            'Host: localhost',
            'Connection: close',
            ...headers.map(([n, v]) => `${n}: ${v}`),
            '',
            '',
          ].join('\r\n'),
        ),
    );
    await fc.assert(
      fc.asyncProperty(request, async (bytes) => {
        const answer = await stage.raw(bytes);
        expect(answer === '' || /^HTTP\/1\.1 [245]\d\d /.test(answer)).toBe(true);
        expect(answer).not.toContain(stage.page.token);
      }),
      { numRuns: 150 },
    );
    expect((await stage.ask('/')).status).toBe(200);
    expect(stage.events.of(17017)).toEqual([]);
  });

  test('of more than fifty strange connections the oldest give way; who is signed in stays, and the page answers', async () => {
    const watcher = stage.watch(await stage.signIn());
    await until('a first look', () => watcher.looks.length);
    const closed: number[] = [];
    const idle = [];
    for (let i = 0; i < 60; i++) {
      // All of 127.0.0.0/8 is this machine: another of its addresses is no other share.
      const socket = connect({ port: stage.port, host: '127.0.0.1', localAddress: `127.0.0.${1 + (i % 5)}` });
      idle.push(socket.on('error', () => {}).on('close', () => closed.push(i)));
      await once(socket, 'connect');
    }
    await until('ten are closed', () => closed.length >= 10);
    expect(closed.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect((await stage.ask('/history', { headers: await stage.signIn() })).status).toBe(200);
    expect(watcher.ended).toBe(false);
    for (const socket of idle) socket.destroy();
    watcher.close();
  });

  test('headers without an end are cut off', async () => {
    const answer = await stage.raw(`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d/);
  });
});
