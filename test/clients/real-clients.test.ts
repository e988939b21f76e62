/** Real SMTP clients against the built listener: swaks, Python's smtplib, curl, openssl s_client, nodemailer, smtp-source. */
import { execFile, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Stage } from '../session/harness/dialogue.ts';
import { listenerStage } from '../session/harness/listener-stage.ts';
import { tempFolder } from '../support/temp-home.ts';
import { has } from '../support/tools.ts';

let stage: Stage;
let folder: string;

beforeAll(async () => {
  folder = tempFolder('clients');
  stage = await listenerStage(
    new Map([
      ['AuthMechanism', ['Tls, BasicAuth']],
      ['PermissionGroups', ['AnonymousUsers, ExchangeUsers']],
      ['user', ['alice Secret.123']],
      ['MaxMessageSize', ['1MB']],
      ['MaxInboundConnectionPerSource', ['100']],
    ]),
  );
});
afterAll(() => stage.close());

function run(program: string, args: readonly string[], input = ''): Promise<{ code: number; text: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
    const child = execFile(program, args, { env, timeout: 30_000 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, text: stdout + stderr }),
    );
    child.stdin?.end(input);
  });
}

type Mail = Awaited<ReturnType<Stage['messages']>>[number];
const last = async () => (await stage.messages()).at(-1)!;

describe.runIf(has('swaks'))('swaks', () => {
  const swaks = (...args: string[]) =>
    run('swaks', [
      '--server',
      '127.0.0.1',
      '--port',
      String(stage.port),
      '--from',
      'sue@fabrikam.com',
      '--to',
      'kim@contoso.com',
      ...args,
    ]);

  test('plain', async () => {
    const { code, text } = await swaks('--header', 'Subject: from swaks');
    expect(text).toContain('Queued mail for delivery');
    expect(code).toBe(0);
    expect((await last()).text).toContain('Subject: from swaks\n');
  });

  const logon = [
    '--auth',
    'LOGIN',
    '--auth-user',
    'alice',
    '--auth-password',
    'Secret.123',
    '--from',
    'alice@contoso.com',
  ];

  test('AUTH LOGIN', async () => {
    const { code, text } = await swaks(...logon);
    expect(text).toContain('235 2.7.0 Authentication successful');
    expect(code).toBe(0);
    expect((await last()).text).toMatch(/with ESMTPA\n/);
  });

  // swaks speaks TLS through a Perl module that Debian only recommends with it.
  test.runIf(spawnSync('perl', ['-MNet::SSLeay', '-e', '1']).status === 0)('TLS and AUTH LOGIN', async () => {
    const { code, text } = await swaks('-tls', ...logon);
    expect(text).toContain('235 2.7.0 Authentication successful');
    expect(code).toBe(0);
    expect((await last()).text).toMatch(/with ESMTPSA \(version=TLSv1\.[23]/);
  });

  test('AUTH PLAIN with a wrong password', async () => {
    const { code, text } = await swaks('--auth', 'PLAIN', '--auth-user', 'alice', '--auth-password', 'wrong');
    expect(text).toContain('535 5.7.3 Authentication unsuccessful');
    expect(code).toBe(28);
  });

  test('a message that is too large is refused when it says so', async () => {
    const file = join(folder, 'large.txt');
    writeFileSync(file, 'x'.repeat(76).concat('\n').repeat(20_000));
    const { code, text } = await swaks('--suppress-data', '--body', `@${file}`);
    expect(text).toContain('552 5.3.4 Message size exceeds fixed maximum message size');
    expect(code).not.toBe(0);
  });

  test('pipelined', async () => {
    const { code, text } = await swaks('--pipeline', '--to', 'a@contoso.com,b@contoso.com');
    expect(text).toContain('Queued mail for delivery');
    expect(code).toBe(0);
    expect((await last()).to).toEqual(['a@contoso.com', 'b@contoso.com']);
  });
});

describe.runIf(has('python3'))('Python', () => {
  test('smtplib: UTF-8 addresses, dots, AUTH, several messages', async () => {
    const script = `
import smtplib, ssl, sys
from email.message import EmailMessage
with smtplib.SMTP('127.0.0.1', int(sys.argv[1])) as s:
    s.ehlo('client.fabrikam.com')
    assert s.has_extn('smtputf8') and s.has_extn('size') and s.has_extn('dsn'), s.esmtp_features
    s.starttls(context=ssl._create_unverified_context())
    s.login('alice', 'Secret.123')
    m = EmailMessage()
    m['From'] = 'alice@contoso.com'
    m['To'] = 'j\\u00f6rg@contoso.com'
    m['Subject'] = 'Gr\\u00fc\\u00dfe'
    m.set_content('.\\n..\\n.dot\\nend\\n')
    print(s.send_message(m))
    print(s.sendmail('alice@contoso.com', ['kim@contoso.com', 'not an address'], b'Subject: 2\\r\\n\\r\\n.x\\r\\n', rcpt_options=['NOTIFY=NEVER']))
    print(s.verify('kim')[0], s.noop()[0], s.rset()[0])
`;
    const { code, text } = await run('python3', ['-c', script, String(stage.port)]);
    expect(text).toContain("{'not an address': (501, b'5.1.3 Invalid address')}");
    expect(text).toContain('252 250 250');
    expect(code).toBe(0);
    const [first, second] = (await stage.messages()).slice(-2) as unknown as [Mail, Mail];
    expect(first.to).toEqual(['jörg@contoso.com']);
    expect(first.text).toContain('\n\n.\n..\n.dot\nend\n');
    expect(second.text).toContain('Subject: 2\n\n.x\n');
  });
});

describe.runIf(has('curl'))('curl', () => {
  test('smtp:// with STARTTLS and PLAIN', async () => {
    const mail = 'From: alice@contoso.com\r\nSubject: from curl\r\n\r\nhello\r\n';
    const args = ['-sS', '--insecure', '--ssl-reqd', '--user', 'alice:Secret.123', '--login-options', 'AUTH=PLAIN'];
    const { code, text } = await run(
      'curl',
      [
        ...args,
        '--mail-from',
        'alice@contoso.com',
        '--mail-rcpt',
        'kim@contoso.com',
        '-T',
        '-',
        `smtp://127.0.0.1:${stage.port}/client.fabrikam.com`,
      ],
      mail,
    );
    expect(text).toBe('');
    expect(code).toBe(0);
    expect((await last()).text).toContain('Subject: from curl\n\nhello\n');
  });

  test('an HTTP request is sent away', async () => {
    const { code } = await run('curl', ['-sS', '--http0.9', `http://127.0.0.1:${stage.port}/`]);
    expect(code).not.toBe(28); // not a time-out
  });
});

describe.runIf(has('openssl'))('openssl s_client', () => {
  test('the handshake, and the certificate it shows', async () => {
    const { text } = await run(
      'openssl',
      ['s_client', '-starttls', 'smtp', '-crlf', '-connect', `127.0.0.1:${stage.port}`],
      'QUIT\n',
    );
    expect(text).toMatch(/subject=CN ?= ?mail\.contoso\.com/);
    expect(text).toMatch(/TLSv1\.3/);
  });

  test('TLS 1.1 is refused', async () => {
    const { code } = await run(
      'openssl',
      ['s_client', '-starttls', 'smtp', '-tls1_1', '-connect', `127.0.0.1:${stage.port}`],
      'QUIT\n',
    );
    expect(code).not.toBe(0);
  });
});

describe('nodemailer', () => {
  test('pooled, attachments, STARTTLS, AUTH', async () => {
    const transport = createTransport({
      host: '127.0.0.1',
      port: stage.port,
      pool: true,
      maxConnections: 2,
      auth: { user: 'alice', pass: 'Secret.123' },
      tls: { rejectUnauthorized: false },
    });
    const attachment = Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 251));
    const sent = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        transport.sendMail({
          from: 'alice@contoso.com',
          to: `kim${i}@contoso.com`,
          subject: `message ${i}`,
          text: '.\n..\n',
          attachments: [{ filename: 'bytes.bin', content: attachment }],
        }),
      ),
    );
    transport.close();
    for (const { response, messageId } of sent) {
      expect(response).toMatch(
        /^250 2\.6\.0 <.*> \[InternalId=\d+, Hostname=mail\.contoso\.com\] Queued mail for delivery$/,
      );
      expect(response).toContain(messageId);
    }
    const to = (await stage.messages()).slice(-10).flatMap((message) => message.to);
    expect(to.toSorted()).toEqual(Array.from({ length: 10 }, (_, i) => `kim${i}@contoso.com`));
  });
});

describe.runIf(has('smtp-source'))('smtp-source', () => {
  test('200 messages in 10 sessions at once', async () => {
    const before = (await stage.messages()).length;
    const args = [
      '-s',
      '10',
      '-m',
      '200',
      '-l',
      '5000',
      '-f',
      'sue@fabrikam.com',
      '-t',
      'kim@contoso.com',
      `127.0.0.1:${stage.port}`,
    ];
    const { code, text } = await run('smtp-source', args);
    expect(text).toBe('');
    expect(code).toBe(0);
    expect((await stage.messages()).length - before).toBe(200);
  });
});
