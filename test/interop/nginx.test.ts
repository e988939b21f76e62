/** nginx's mail proxy before rc: with XCLIENT it is told what to do instead, with a PROXY header it works; and promtool has nothing to say of the metrics. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listenerMetrics } from '../../src/control/listener-client.ts';
import { Client } from '../session/harness/client.ts';
import { listenerStage } from '../session/harness/listener-stage.ts';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/until.ts';
import { folderFor, listening, run, unpacked } from './programs.ts';

const NGINX = unpacked('usr/sbin/nginx');
const PROMTOOL = unpacked('usr/bin/promtool');
/** As root CI unpacks them (install.sh), so there a missing one is a failure. */
const required = Boolean(process.env.CI) && process.getuid?.() === 0;

async function rcStage() {
  const stage = await listenerStage(new Map([['accepted', ['contoso.com']]]));
  onTestFinished(() => stage.close());
  return stage;
}

/** It asks over HTTP where mail goes; whom it proxies it does not authenticate. @returns a port for each way of telling who the client is */
async function nginx(rcPort: number): Promise<{ xclient: number; proxy: number }> {
  const where = createServer((_, response) => {
    response.writeHead(200, { 'Auth-Status': 'OK', 'Auth-Server': '127.0.0.1', 'Auth-Port': rcPort }).end();
  });
  await new Promise<void>((ready) => where.listen(0, '127.0.0.1', ready));
  onTestFinished(() => void where.close());
  const { port } = where.address() as AddressInfo;
  const [xclient, proxy] = [await freePort(), await freePort()];
  const folder = folderFor('nginx');
  const server = (listen: number, lines: string) =>
    `server { listen 127.0.0.1:${listen}; protocol smtp; smtp_auth none; ${lines} }`;
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; pid ${folder}/pid; error_log stderr info; load_module ${join(NGINX!, '../../lib/nginx/modules/ngx_mail_module.so')};
events {}
mail { server_name mx.contoso.com; auth_http 127.0.0.1:${port}/; proxy_pass_error_message on;
${server(xclient, 'xclient on;')}
${server(proxy, 'xclient off; proxy_protocol on;')} }
`,
  );
  const spawned = run(NGINX!, ['-p', folder, '-c', join(folder, 'nginx.conf')], (child) => child.kill('SIGTERM'));
  await listening(
    'nginx',
    spawned,
    () => spawned.output,
    () => spawned.output.includes('start worker process'),
  );
  return { xclient, proxy };
}

/** nginx answers until RCPT itself; then the session begins here. */
async function recipient(port: number): Promise<string> {
  const client = await Client.open(port, '127.0.0.2');
  onTestFinished(() => client.end());
  await client.reply();
  for (const line of ['EHLO client.contoso.com', 'MAIL FROM:<a@fabrikam.com>']) await client.ask(line);
  return client.ask('RCPT TO:<b@contoso.com>');
}

describe.runIf(required || NGINX)('nginx’s mail proxy', () => {
  test('XCLIENT is not taken, and an event says what to set; a PROXY header from a trusted one is', {
    timeout: 60_000,
  }, async () => {
    const stage = await rcStage();
    const ports = await nginx(stage.port);
    expect(await recipient(ports.xclient)).toMatch(/^500 5\.3\.3 /);
    const events = () => readFileSync(stage.home.events, 'utf8');
    await until('event 17024', () => events().includes('17024') && events().includes('proxy_protocol on; xclient off'));
    // The 500 to the header is nginx's answer, unless it reads it together with the greeting: then it does not look at it.
    expect(await recipient(ports.proxy)).toMatch(/^(?:500 5\.3\.3|250 2\.1\.5) /);
    await stage.set('transport', 'ProxyProtocolTrustedSources=127.0.0.1');
    expect(await recipient(ports.proxy)).toMatch(/^250 2\.1\.5 /);
  });
});

test.runIf(required || PROMTOOL)('promtool has nothing to say of the metrics', async () => {
  const stage = await rcStage();
  const client = await Client.open(stage.port);
  onTestFinished(() => client.end());
  await client.reply();
  const metrics = (await listenerMetrics(stage.home))!;
  expect(metrics).toContain('smtp_receive_connections');
  const { status, stderr, stdout } = spawnSync(PROMTOOL!, ['check', 'metrics'], { input: metrics, encoding: 'utf8' });
  expect({ status, said: stderr + stdout }).toEqual({ status: 0, said: '' });
});
