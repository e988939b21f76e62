// node --test over HTTP: the listener is a process, or a container, of which the test knows an address and a token. A client
// of Testcontainers asks in the same way; there the start is:
//   new GenericContainer('receive-connector').withExposedPorts(2525, 8026)
//     .withCopyContentToContainer([{ content: token, target: '/run/api.token', mode: 0o600 }])
//     .withCommand(['--api', '0.0.0.0:8026', '--api-token-file', '/run/api.token'])
//     .withWaitStrategy(Wait.forHttp('/healthz', 8026))
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import test from 'node:test';
import { createTransport } from 'nodemailer';

/** Starts one for this test. @returns its SMTP port, and what asks its API */
async function start(t) {
  const rc = spawn('rc', ['serve', '--temporary', '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => rc.kill());
  const [line] = await once(createInterface(rc.stdout), 'line');
  const { ports, api, apiTokenFile } = JSON.parse(line);
  const authorization = `Bearer ${(await readFile(apiTokenFile, 'utf8')).trim()}`;
  const ask = async (method, path, body) => {
    const headers = { authorization, 'content-type': 'application/json' };
    const response = await fetch(api + path, { method, headers, body: body && JSON.stringify(body) });
    const answer = response.status === 204 ? undefined : await response.json();
    assert.ok(response.ok, answer?.detail);
    return answer;
  };
  return { port: ports.Default, ask };
}

test('what is refused once is sent again', async (t) => {
  const { port, ask } = await start(t);
  const transport = createTransport({ host: '127.0.0.1', port });
  const mail = { from: 'sue@contoso.test', to: 'bob@contoso.test', subject: 'Invoice 1', text: 'Thank you.' };

  await ask('PUT', '/v1/faults', { rules: ['rcpt 451 4.7.1 "Greylisted" first 1'] });
  await assert.rejects(transport.sendMail(mail), /451 4\.7\.1 Greylisted/);
  await transport.sendMail(mail);
  assert.equal((await ask('GET', '/v1/messages/wait?to=bob&subject=Invoice*&timeout=10s')).text, 'Thank you.\n');

  await ask('PATCH', '/v1/connectors/Default', { MaxRecipientsPerMessage: 1 });
  const { rejected } = await transport.sendMail({ ...mail, to: ['one@d.test', 'two@d.test'] });
  assert.deepEqual(rejected, ['two@d.test']);
  assert.equal((await ask('DELETE', '/v1/messages')).removed, 2);
});
