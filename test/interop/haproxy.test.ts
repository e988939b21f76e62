/** HAProxy in front of rc: its health checks pass, and with a PROXY header the client behind it is who is counted. */
import { readFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Client } from '../session/harness/client.ts';
import { listenerStage } from '../session/harness/listener-stage.ts';
import { has } from '../support/tools.ts';
import { until } from '../support/until.ts';
import { type Backend, HAPROXY, type Haproxy, haproxy } from './haproxy.ts';

const PATIENCE = { every: 100 };

async function rcWith(settings: Record<string, string[]>) {
  const stage = await listenerStage(new Map(Object.entries(settings)));
  onTestFinished(() => stage.close());
  return stage;
}

/** Servers count as up before their first check, so it is the check's own outcome that is waited for. */
const checked = (running: Haproxy, backend: string) =>
  until(
    `the check of ${backend}`,
    async () => {
      const health = await running.health(backend);
      return /^L7/.test(health.check) && health;
    },
    PATIENCE,
  );

async function greeted(port: number, from: string): Promise<{ client: Client; greeting: string }> {
  const client = await Client.open(port, from);
  onTestFinished(() => client.end());
  return { client, greeting: await client.reply() };
}

const CHECKS: readonly Backend[] = [
  { name: 'helo', server: '', lines: ['option smtpchk'] },
  { name: 'ehlo', server: '', lines: ['option smtpchk EHLO monitor.contoso.com'] },
  {
    // The whole talk in one packet, as soon as the connection is there: what a check written by hand does.
    name: 'eager',
    server: '',
    lines: [
      'option tcp-check',
      'tcp-check connect',
      'tcp-check send "EHLO monitor.contoso.com\\r\\nQUIT\\r\\n"',
      'tcp-check expect rstring ^220[^\\n]*\\n(250-[^\\n]*\\n)+250\\s',
    ],
  },
];

describe.runIf(has('haproxy') && HAPROXY)('HAProxy', () => {
  test.each(CHECKS)('health checks pass: $name', async (backend) => {
    const stage = await rcWith({ accepted: ['contoso.com'] });
    const running = await haproxy(stage.port, [backend]);
    const health = await checked(running, backend.name);
    expect(health).toMatchObject({ status: 'UP', check: 'L7OK' });
    expect((await greeted(running.port(backend.name), '127.0.0.2')).greeting).toMatch(/^220 mail\.contoso\.com /);
  });

  test.each(['send-proxy', 'send-proxy-v2'])(
    '%s from a trusted front end: the client behind it is counted',
    async (how) => {
      const stage = await rcWith({
        accepted: ['contoso.com'],
        transport: ['ProxyProtocolTrustedSources=127.0.0.1'],
        MaxInboundConnectionPerSource: ['1'],
      });
      const running = await haproxy(stage.port, [
        { name: 'rc', server: `${how} check-send-proxy`, lines: ['option smtpchk EHLO monitor.contoso.com'] },
      ]);
      expect(await checked(running, 'rc')).toMatchObject({ status: 'UP', check: 'L7OK' });

      const port = running.port('rc');
      const one = await greeted(port, '127.0.0.2');
      expect(one.greeting).toMatch(/^220 /);
      expect((await greeted(port, '127.0.0.2')).greeting).toMatch(/^421 4\.3\.2 /);
      const other = await greeted(port, '127.0.0.3');
      expect(other.greeting).toMatch(/^220 /);
      expect(await other.client.ask('EHLO client.contoso.com')).toContain('Hello [127.0.0.3]');

      await stage.set('MaxInboundConnectionPerSource', '2');
      expect((await greeted(port, '127.0.0.2')).greeting).toMatch(/^220 /);
    },
  );

  test.each(['send-proxy', 'send-proxy-v2'])(
    '%s from a front end that is not trusted: an event says what to type, and it helps',
    async (how) => {
      const stage = await rcWith({ accepted: ['contoso.com'] });
      const running = await haproxy(stage.port, [{ name: 'rc', server: how, lines: [] }]);
      const port = running.port('rc');
      const { client } = await greeted(port, '127.0.0.2');
      expect(await client.reply()).toMatch(/^500 5\.3\.3 /);
      const events = () => readFileSync(stage.home.events, 'utf8');
      const told = '--add-proxy-protocol-trusted-sources 127.0.0.1';
      await until('event 17024', () => events().includes('17024') && events().includes(told), PATIENCE);

      await stage.set('transport', 'ProxyProtocolTrustedSources=127.0.0.1');
      const again = await greeted(port, '127.0.0.2');
      expect(await again.client.ask('EHLO client.contoso.com')).toContain('Hello [127.0.0.2]');
    },
  );
});
