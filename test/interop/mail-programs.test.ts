/**
 * Postfix, Exim and OpenSMTPD as clients of rc and as its next hosts: what they do at each reply, and after `rc set`.
 * docs/interoperability.md has it as a table.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { realHost, untrusted } from '../delivery/next-host.ts';
import { Client } from '../session/harness/client.ts';
import { listenerStage } from '../session/harness/listener-stage.ts';
import { tempFolder } from '../support/temp-home.ts';
import { until } from '../support/until.ts';
import { exim, type MailProgram, openSmtpd, postfix, type Running, UNKNOWN } from './programs.ts';

const PATIENCE = { timeout: 40_000 };
const isRoot = process.getuid?.() === 0;

/** On CI they must be there; elsewhere a missing one says so. */
function isThere({ name, binary }: MailProgram): boolean {
  if (process.env.CI) return true;
  if (!isRoot) console.warn(`${name}: not tried, because its tests need root`);
  else if (!binary) console.warn(`${name}: not tried, because it is not there (test/interop/install.sh)`);
  return isRoot && binary !== undefined;
}

async function rcWith(settings: Record<string, string[]>) {
  const stage = await listenerStage(new Map(Object.entries(settings)));
  onTestFinished(() => stage.close());
  return stage;
}

async function hello(port: number): Promise<Client> {
  const client = await Client.open(port);
  onTestFinished(() => client.end());
  await client.reply();
  await client.ask('EHLO client.contoso.com');
  return client;
}

/** Hands a message to somebody; the replies to RCPT and to the message. */
async function send(port: number, recipients: readonly string[], subject: string) {
  const client = await hello(port);
  await client.ask('MAIL FROM:<sue@contoso.com>');
  const rcpt: string[] = [];
  for (const recipient of recipients) rcpt.push(await client.ask(`RCPT TO:<${recipient}>`));
  expect(await client.ask('DATA')).toMatch(/^354/);
  const last = await client.ask(`From: sue@contoso.com\r\nSubject: ${subject}\r\n\r\ntext\r\n.`);
  return { rcpt, last };
}

for (const program of [postfix, exim, openSmtpd]) {
  describe.runIf(isThere(program))(`${program.name} as next host`, () => {
    test('mail goes on, its answer is ours; unknown recipients get theirs, the good ones their mail', async () => {
      const sink = await realHost();
      const running = await program.start(Number(sink.host.split(':')[1]));
      const stage = await rcWith({
        accepted: [`contoso.com, ${UNKNOWN}`],
        transport: ['DeliveryMethod=Relay', `SmartHost=127.0.0.1:${running.port}`],
        MaxProtocolErrors: ['Unlimited'],
        TarpitInterval: ['00:00:00'],
      });
      const wrong = Array.from({ length: 24 }, (_, i) => `u${i}@${UNKNOWN}`);
      const all = [...wrong.slice(0, 12), 'kim@contoso.com', ...wrong.slice(12), 'lee@contoso.com'];
      const { rcpt, last } = await send(stage.port, all, 'one');
      expect(last).toMatch(/^250 2\.\d\.\d /);
      const good = rcpt.filter((_, i) => all[i]!.endsWith('contoso.com'));
      expect(good).toEqual(Array(2).fill('250 2.1.5 Recipient OK'));
      for (const reply of rcpt.filter((_, i) => all[i]!.endsWith(UNKNOWN))) expect(reply).toMatch(/^55\d 5\./);
      await until('the message', () => sink.taken.length > 0, PATIENCE);
      expect(sink.taken.flatMap(({ to }) => to).sort()).toEqual(['kim@contoso.com', 'lee@contoso.com']);

      const many = Array.from({ length: 150 }, (_, i) => `user${i}@contoso.com`);
      const second = await send(stage.port, many, 'many');
      expect(new Set(second.rcpt)).toEqual(new Set(['250 2.1.5 Recipient OK']));
      expect(second.last).toMatch(/^250 /);
    }, 180_000);
  });

  describe.runIf(isThere(program))(`${program.name} as client`, () => {
    const arrived = async (stage: Awaited<ReturnType<typeof rcWith>>, subject: string) =>
      (await stage.messages()).filter(({ text }) => text.includes(`Subject: ${subject}\n`));
    /** Sends to rc through the program; what the program heard shows in its log. */
    const hears = (running: Running, reply: RegExp) =>
      until(`${reply}`, () => reply.test(running.log()), PATIENCE).catch((error) => {
        throw new Error(`${error.message}\n${running.log().slice(-3000)}`);
      });
    const comes = async (
      stage: Awaited<ReturnType<typeof rcWith>>,
      running: Running,
      subject: string,
      to: string[],
    ) => {
      await until(
        `"${subject}"`,
        async () => {
          running.flush();
          return new Set((await arrived(stage, subject)).flatMap((message) => message.to)).size === to.length;
        },
        { ...PATIENCE, every: 500 },
      ).catch((error) => {
        throw new Error(`${error.message}\n${error.cause ?? ''}\n${running.log().slice(-3000)}`);
      });
      expect((await arrived(stage, subject)).flatMap((message) => message.to).sort()).toEqual(to);
    };

    test('250, 421, 451, 452, 550, and what each becomes after a change', async () => {
      const stage = await rcWith({
        accepted: ['contoso.com'],
        MaxInboundConnectionPerSource: ['1'],
        TarpitInterval: ['00:00:00'],
      });
      const running = await program.start(stage.port);
      await send(running.port, ['kim@contoso.com'], 'plain');
      await comes(stage, running, 'plain', ['kim@contoso.com']);

      // 421: we hold the only connection there may be. It comes again, and is served when there may be more.
      // Some keep theirs for a while after a message.
      const holder = await until('a connection of our own', () => hello(stage.port), PATIENCE);
      await send(running.port, ['kim@contoso.com'], 'busy');
      await hears(running, /421/);
      expect(await arrived(stage, 'busy')).toEqual([]);
      await stage.set('MaxInboundConnectionPerSource', '20');
      await comes(stage, running, 'busy', ['kim@contoso.com']);
      holder.end();

      // 451 until TLS, which it does not speak: it waits, and one change lets it in.
      await stage.set('RequireTLS', 'true');
      await send(running.port, ['kim@contoso.com'], 'without TLS');
      await hears(running, /451/);
      await stage.set('RequireTLS', 'false');
      await comes(stage, running, 'without TLS', ['kim@contoso.com']);

      // 452 for the second recipient: it gets a message of its own.
      await stage.set('MaxRecipientsPerMessage', '1');
      await send(running.port, ['kim@contoso.com', 'lee@contoso.com'], 'two');
      await comes(stage, running, 'two', ['kim@contoso.com', 'lee@contoso.com']);

      // 550: the sender is told, by a message of the program's own with the null sender.
      await send(running.port, ['kim@fabrikam.com'], 'nobody here');
      await hears(running, /550/);
      await until(
        'the bounce',
        async () => (await stage.messages()).some(({ from, to }) => from === '' && to.includes('sue@contoso.com')),
        PATIENCE,
      );
    }, 300_000);
  });
}

describe.runIf(isThere(postfix))('Postfix with STARTTLS', () => {
  test('as client, where TLS is required', async () => {
    const stage = await rcWith({ accepted: ['contoso.com'], AuthMechanism: ['Tls'], RequireTLS: ['true'] });
    const running = await postfix.start(stage.port, ['smtp_tls_security_level = encrypt', 'smtp_tls_loglevel = 1']);
    await send(running.port, ['kim@contoso.com'], 'secret');
    await until('the message', async () => (await stage.messages()).length > 0, PATIENCE).catch((error) => {
      throw new Error(`${error.message}\n${running.log().slice(-3000)}`);
    });
    const [message] = await stage.messages();
    expect(message!.text).toMatch(/^Received: from postfix\.example\.com [\s\S]*?with [^;]*ESMTPS/m);
    expect(running.log()).toMatch(/TLS connection established to 127\.0\.0\.1\S*: TLSv1\.[23]/);
  });

  test('as next host, where TLS is required', async () => {
    const sink = await realHost();
    const { key, cert } = untrusted('postfix.example.com');
    const file = join(tempFolder('tls'), 'postfix.pem');
    writeFileSync(file, `${key}\n${cert}`, { mode: 0o600 });
    const running = await postfix.start(Number(sink.host.split(':')[1]), [
      'smtp_tls_security_level = none',
      'smtpd_tls_security_level = encrypt',
      'smtpd_tls_received_header = yes',
      `smtpd_tls_chain_files = ${file}`,
    ]);
    const stage = await rcWith({
      accepted: ['contoso.com'],
      transport: ['DeliveryMethod=Relay', `SmartHost=127.0.0.1:${running.port}`, 'SmartHostTls=Required'],
    });
    const { last } = await send(stage.port, ['kim@contoso.com'], 'secret');
    expect(last).toMatch(/^250 /);
    await until('the message', () => sink.taken.length > 0, PATIENCE);
    expect(sink.taken[0]!.text).toMatch(/\(using TLSv1\.[23] with cipher/);
  });
});
