/** Who may ask the API: the token, other sites, other names, and what is too much. */
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { logged } from '../support/events.ts';
import { freePort } from '../support/free-port.ts';
import { rc } from '../support/rc.ts';
import { tempFolder } from '../support/temp-home.ts';
import { until } from '../support/until.ts';
import { ApiScene } from './scene.ts';

let scene: ApiScene;
beforeAll(async () => {
  scene = await ApiScene.start();
});
afterAll(() => scene?.stop());

/** With headers that fetch does not let one set. */
function raw(path: string, headers: Record<string, string>, method = 'GET'): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const request = http.request(scene.url + path, { method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode!, text }));
    });
    request.on('error', reject);
    request.end();
  });
}

const bearer = () => ({ authorization: `Bearer ${scene.token}` });

describe('the token', () => {
  test('is 256 bits in a file of ours alone, and said nowhere', async () => {
    expect(scene.token).toMatch(/^[\w-]{43}$/);
    expect(statSync(scene.tokenFile).mode & 0o777).toBe(0o600);
    await logged(scene.listener.home, 17093);
    const events = readFileSync(join(scene.listener.home, 'events.ndjson'), 'utf8');
    const all = [scene.listener.stderr, events, JSON.stringify(await scene.listener.status())];
    for (const text of all) expect(text).not.toContain(scene.token);
  });

  test.each([
    ['none', {}, 'TokenMissing'],
    ['an empty one', { authorization: 'Bearer ' }, 'TokenWrong'],
    ['a wrong one', { authorization: `Bearer ${'x'.repeat(43)}` }, 'TokenWrong'],
    ['of another scheme', { authorization: `Basic ${Buffer.from('a:b').toString('base64')}` }, 'TokenWrong'],
  ])('%s: 401, and nothing is told', async (_, headers, code) => {
    for (const path of ['/v1/status', '/v1/messages', '/nowhere']) {
      const { status, text } = await raw(path, headers as Record<string, string>);
      expect([status, JSON.parse(text).code]).toEqual([401, code]);
      expect(text).toContain('Authorization: Bearer TOKEN');
      expect(text, 'no folder of this machine is told to whoever has no token').not.toContain(scene.listener.home);
    }
  });

  test('in the query it is none', async () => {
    expect((await raw(`/v1/status?access_token=${scene.token}`, {})).status).toBe(401);
  });

  test('many wrong ones wait; the right one never does', async () => {
    const wrong = { authorization: 'Bearer wrong' };
    let status = 0;
    for (let tries = 0; tries < 20 && status !== 429; tries++) ({ status } = await raw('/v1/status', wrong));
    expect(status).toBe(429);
    expect((await scene.ask('GET', '/v1/status')).status).toBe(200);
    await logged(scene.listener.home, 17095);
  });

  test('only the document and the health are for everybody', async () => {
    expect((await raw('/openapi.json', {})).status).toBe(200);
    expect(await raw('/healthz', {})).toEqual({ status: 200, text: 'ok\n' });
  });
});

describe('other sites in a browser', () => {
  test.each([
    ['of another origin', { origin: 'http://evil.example' }],
    ['of no origin to name', { origin: 'null' }],
    ['cross-site by the browser’s own word', { 'sec-fetch-site': 'cross-site' }],
    ['of another port of this machine', { 'sec-fetch-site': 'same-site' }],
  ])('%s: 403, token or not', async (_, headers) => {
    for (const path of ['/v1/status', '/openapi.json'])
      expect((await raw(path, { ...bearer(), ...(headers as Record<string, string>) })).status).toBe(403);
  });

  test('a name that leads here is answered to who has the token, and to nobody else', async () => {
    const host = { host: 'mail.evil.example' };
    for (const path of ['/v1/status', '/openapi.json', '/healthz']) expect((await raw(path, host)).status).toBe(421);
    expect((await raw('/v1/status', { ...host, ...bearer() })).status).toBe(200); // a service of a compose file
  });

  test('a preflight lets nobody in', async () => {
    const { status } = await raw('/v1/status', { origin: 'http://evil.example' }, 'OPTIONS');
    expect(status).toBe(403);
  });
});

describe('what is too much', () => {
  test.each([
    ['a body of another type', 415, 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['no JSON', 400, '{', {}],
    ['no object', 400, '[1]', {}],
    ['null', 400, 'null', {}],
    ['an object as value', 400, { Banner: { a: 1 } }, {}],
    ['a list of lists', 400, { Bindings: [['127.0.0.1:25']] }, {}],
    ['a body without end', 413, { Comment: 'x'.repeat(300_000) }, {}],
    ['a setting there is not', 400, { Bannner: 'x' }, {}],
    ['a parameter that is no setting', 400, { Confirm: false }, {}],
    ['whom the path names already', 400, { Identity: '*' }, {}],
    ['the prototype', 400, '{"__proto__": {"Banner": "220 x"}}', {}],
  ])('%s', async (_, status, body, headers) => {
    const answer = await scene.ask('PATCH', '/v1/connectors/Default%20EX', body, headers as Record<string, string>);
    expect([answer.status, answer.type, answer.json.status]).toEqual([status, 'application/problem+json', status]);
    expect(answer.json.detail).not.toBe('');
  });

  test.each([
    ['/v1/messages?limit=0', 'limit'],
    ['/v1/messages?limit=1e2', 'limit'],
    ['/v1/messages?limit=5&limit=6', 'limit'],
    ['/v1/messages?to=', 'to'],
    [`/v1/messages?to=${'x'.repeat(1001)}`, 'to'],
    ['/v1/messages?to=%5Ba*', 'to'],
    ['/v1/messages?form=sue', 'form'],
    ['/v1/messages/wait?timeout=10', 'timeout'],
    ['/v1/messages/wait?timeout=1h', 'timeout'],
    ['/v1/messages/wait?timeout=-1s', 'timeout'],
    ['/v1/events?level=Fatal', 'level'],
    ['/v1/connectors/Default*', 'name'],
  ])('%s is told with what is allowed', async (path, parameter) => {
    const { status, json } = await scene.ask('GET', path);
    expect([status, json.parameter]).toEqual([400, parameter]);
    expect(json.detail).toMatch(/allowed|names one connector/i);
    expect(json.allowed).not.toBe('');
  });

  test('a filter that is misspelt removes nothing', async () => {
    await scene.send('Kept');
    expect((await scene.ask('DELETE', '/v1/messages?subjet=x')).status).toBe(400);
    expect((await scene.ask('GET', '/v1/messages')).json.total).toBeGreaterThan(0);
  });

  test.each(['/v1/messages/%2e%2e%2fstore.json', '/v1/messages/..%2F..%2Fetc%2Fpasswd/raw', '/v1/messages/%00'])(
    '%s is no message',
    async (path) => expect((await scene.ask('GET', path)).status).toBe(404),
  );

  test.each([
    ['PUT', '/v1/status', 405, 'GET, HEAD'],
    ['OPTIONS', '/v1/status', 405, 'GET, HEAD'],
    ['POST', '/v1/messages', 405, 'GET, HEAD, DELETE'],
    ['POST', '/openapi.json', 405, 'GET, HEAD'],
    ['DELETE', '/v1/messages/wait', 405, 'GET'],
    ['GET', '/v2/messages', 404, undefined],
    ['GET', '/v1/messages/', 404, undefined],
    ['GET', '/v1/messages/%zz', 404, undefined],
  ])('%s %s is %i', async (method, path, status, allow) => {
    const answer = await scene.ask(method, path);
    expect([answer.status, answer.headers.get('allow') ?? undefined]).toEqual([status, allow]);
  });

  test.each(['/v1/messages', '/v1/connectors/Default', '/openapi.json', '/healthz'])(
    'HEAD %s is GET without its body',
    async (path) => {
      const [head, get] = await Promise.all([raw(path, bearer(), 'HEAD'), raw(path, bearer())]);
      expect([head.status, head.text]).toEqual([get.status, '']);
      expect(get.text).not.toBe('');
    },
  );

  test.each(['/v1/messages/wait', '/v1/stream'])('HEAD %s would go on and on', async (path) =>
    expect((await raw(path, bearer(), 'HEAD')).status).toBe(405),
  );

  test('a body that says something twice is refused, and nothing is changed', async () => {
    const path = `${scene.url}/v1/connectors/Default`;
    const headers = { ...bearer(), 'content-type': 'application/json' };
    const before = (await scene.ask('GET', '/v1/connectors/Default')).json.MaxHopCount;
    for (const body of [
      '{"MaxHopCount":30,"MaxHopCount":31}',
      `{"Comment":${'['.repeat(900)}${']'.repeat(900)},"Comment":""}`,
    ]) {
      const answer = await fetch(path, { method: 'PATCH', headers, body });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ code: 'InvalidBody' });
    }
    expect((await scene.ask('GET', '/v1/connectors/Default')).json.MaxHopCount).toBe(before);
  });

  test('of more who wait than 64 one is told to come later, and those who leave make room', async () => {
    const waiting = new AbortController();
    const { signal } = waiting;
    const wait = async () =>
      (await fetch(`${scene.url}/v1/messages/wait?subject=never&timeout=5m`, { headers: bearer(), signal })).status;
    // One whose place the question below has at that moment comes again.
    const all = Array.from({ length: 64 }, () => until('it waits', async () => (await wait()) !== 503).catch(() => {}));
    const more = () => scene.ask('GET', '/v1/messages/wait?subject=never&timeout=1ms');
    await until('there are 64', async () => (await more()).status === 503);
    expect((await more()).headers.get('retry-after')).toBe('1');
    expect((await scene.ask('GET', '/v1/status')).status).toBe(200); // what does not wait goes on
    waiting.abort();
    await Promise.all(all);
    await until('there is room', async () => (await more()).status === 404);
  });

  test('connections that ask nothing give way to who has the token', async () => {
    const { port } = new URL(scene.url);
    const { connect } = await import('node:net');
    const idle = Array.from({ length: 200 }, () => connect(Number(port), '127.0.0.1').on('error', () => {}));
    await until('some were let go', () => idle.some((socket) => socket.readableEnded || socket.destroyed));
    expect((await scene.ask('GET', '/v1/status')).status).toBe(200);
    for (const socket of idle) socket.destroy();
  });
});

describe('a token of the user’s own', () => {
  const started = async (text: string, mode = 0o600) => {
    const home = tempFolder('api');
    const file = join(home, 'given');
    writeFileSync(file, text);
    chmodSync(file, mode);
    return rc(['serve', '--check', '--api', String(await freePort()), '--api-token-file', file], { home });
  };

  test('lets one in', async () => {
    const file = join(tempFolder('api'), 'given');
    writeFileSync(file, `${'A1-._~+/'.repeat(4)}==\n`, { mode: 0o600 });
    const own = await ApiScene.start(['--api-token-file', file]);
    expect(own.tokenFile).toBe(file);
    expect((await own.ask('GET', '/v1/status')).status).toBe(200);
    await own.stop();
  });

  test.each([
    ['others may read it', `${'x'.repeat(30)}\n`, 0o644, /chmod 600/],
    ['it is short', 'secret\n', 0o600, /20 to 512/],
    ['it has two lines', `${'x'.repeat(30)}\ny\n`, 0o600, /one line/],
  ])('%s: it does not start', async (_, text, mode, why) => {
    const home = tempFolder('api');
    const file = join(home, 'given');
    writeFileSync(file, text);
    chmodSync(file, mode);
    const { code, stderr } = await rc(['serve', '--temporary', '--api', '0', '--api-token-file', file]);
    expect(stderr).toMatch(why);
    expect(code).toBe(1);
  });

  test('without --api it is a mistake; --check does not need it', async () => {
    const { code, stderr } = await rc(['serve', '--api-token-file', 'x'], { home: tempFolder('api') });
    expect([code, stderr]).toEqual([2, expect.stringContaining('--api-token-file is for --api')]);
    expect((await started('x'.repeat(30))).stdout).toContain('--api');
  });
});

test('a port that is taken: it does not start, and says what to do', async () => {
  const { port } = new URL(scene.url);
  const { code, stderr } = await rc(['serve', '--temporary', '--api', port]);
  expect(stderr).toContain(`The API cannot be on 127.0.0.1:${port}: something else listens there already. Give --api`);
  expect(code).toBe(1);
});
